"""``minplan reviews``: list and show the reviews of the planning database."""

from __future__ import annotations

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text


@click.group(
    "reviews",
    help="审查记录：列表、查看。",
    epilog="""\b
示例
  minplan reviews list --year 2025
  minplan reviews show 2025-0001
""",
)
def command() -> None:
    """Reviews of the planning database."""


@command.command("list")
@click.option("--year", type=int, help="年份。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写 JSON。")
@pass_session
def list_(session: Session, year: int | None, as_json: bool) -> None:
    """列出审查记录，最早的在前。"""
    from minplan.core.review.finding import Verdict
    from minplan.database import use

    with use(session.open_workspace().database):
        from minplan.database import reviews

        rows = [
            {
                "number": row.number,
                "date": row.date.isoformat(),
                "verdict": row.verdict,
                "plan_sha256": row.plan_sha256,
                "rule_edition": row.rule_edition,
                "recorded": row.recorded.isoformat(),
            }
            for row in reviews.listed(year)
        ]
    if as_json:
        print_json(rows)
        return
    session.table(
        Text(f"审查记录 {len(rows)} 件", f"{len(rows)} reviews"),
        (
            Text("编号", "number"),
            Text("审查日期", "review date"),
            Text("结论", "verdict"),
            Text("规划", "plan"),
            Text("规则集", "rules"),
            Text("记录时间", "recorded"),
        ),
        [
            (
                row["number"],
                row["date"],
                session.get(Verdict(row["verdict"]).word),
                row["plan_sha256"][:12],
                row["rule_edition"][:12],
                row["recorded"][:19],
            )
            for row in rows
        ],
    )


@command.command("show")
@click.argument("number", metavar="编号")
@pass_session
def show(session: Session, number: str) -> None:
    """以 JSON 输出一件审查记录。"""
    print_json(session.open_workspace().record(number))
