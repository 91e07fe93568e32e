"""``minplan cases``: list, show and take steps with review cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.workspace import Workspace


@click.group(
    "cases",
    epilog="""\b
示例
  minplan cases list --state submitted
  minplan cases show K2026-0001
  minplan cases take K2026-0001 first-check --as kuangquan --decision conforms
""",
)
def command() -> None:
    """审查案卷：列表、查看、办理。"""


@command.command("list")
@click.option("--state", "states", multiple=True, help="状态，如 submitted，可重复。")
@click.option("--county", "counties", multiple=True, help="县（区），可重复。")
@click.option("--verdict", "verdicts", multiple=True, help="系统核查结果，可重复。")
@click.option("--text", default="", help="编号、名称、矿种等中的文字。")
@click.option("--as", "account", help="以某账号的权限和范围。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写 JSON。")
@pass_session
def listing(session: Session, /, *, account: str | None, as_json: bool, **given: Any) -> None:
    """列出案卷，最近办理的在前。"""
    with _acting(session, account):
        from minplan.core.cases.workflow import State
        from minplan.core.review.finding import Verdict
        from minplan.database import cases

        rows, after = [], ""
        while True:
            page = cases.listed(cases.Filter(**given), after=after, limit=500)
            rows += [_plain(case) for case in page.rows]
            after = page.following
            if not after:
                break
    if as_json:
        print_json(rows)
        return
    verdicts = {item.value: session.get(item.word) for item in Verdict}
    session.table(
        Text(f"案卷 {len(rows)} 件", f"{len(rows)} cases"),
        (
            Text("编号", "number"),
            Text("名称", "title"),
            Text("县（区）", "county"),
            Text("状态", "state"),
            Text("系统核查", "machine"),
            Text("审查结论", "conclusion"),
            Text("时限", "due"),
        ),
        [
            (
                row["number"],
                row["title"],
                row["county"],
                session.get(State(row["state"]).word),
                verdicts.get(row["verdict"], ""),
                verdicts.get(row["decision"], ""),
                row["due"] or "",
            )
            for row in rows
        ],
    )


@command.command("show")
@click.argument("number", metavar="编号")
@click.option("--as", "account", help="以某账号的权限和范围。")
@pass_session
def show(session: Session, number: str, account: str | None) -> None:
    """以 JSON 输出一件案卷：内容、办理记录、可办的环节。"""
    with _acting(session, account) as workspace:
        from minplan import casework
        from minplan.database import cases

        case = cases.get(number)
        stale = casework.stale(workspace, case, _now().astimezone(cases.BUREAU).date())
        print_json(
            {
                **_plain(case),
                "content": case.content,
                "proposal": case.proposal,
                "stale": [item.to_dict() for item in stale],
                "next": [item.key for item in cases.next_steps(case)],
                "steps": [
                    {
                        "number": step.number,
                        "action": step.action,
                        "to": step.to_state,
                        "actor": step.actor,
                        "reason": step.reason,
                        "content": step.content,
                        "recorded": step.recorded.isoformat(),
                    }
                    for step in cases.steps(case)
                ],
                "files": [
                    {"name": item.name, "kind": item.kind, "sha256": item.original_id}
                    for item in cases.files(case)
                ],
            }
        )


@command.command("take")
@click.argument("number", metavar="编号")
@click.argument("action", metavar="环节")
@click.option("--as", "account", required=True, help="办理的账号。")
@click.option("--decision", default="", help="审查结论，如 conforms、not-conforming。")
@click.option("--reason", default="", help="意见、理由。")
@pass_session
def take(
    session: Session, /, *, number: str, action: str, account: str, decision: str, reason: str
) -> None:
    """办理一个环节：submit、first-check、second-check、sign、archive、return、step-back、withdraw。

    办理人记为 --as 的账号，按其权限、范围和“四眼”规则检查。
    """
    with _acting(session, account) as workspace:
        from minplan import casework
        from minplan.core.cases.workflow import State
        from minplan.database import cases

        now = _now()
        moved = casework.take(
            workspace,
            cases.get(number),
            action,
            recorded=now,
            today=now.astimezone(cases.BUREAU).date(),
            decision=decision,
            reason=reason,
        )
    word = State(moved.state).word
    session.say(Text(f"案卷 {number} {word.zh}", f"case {number}: {word.en}"))


@contextmanager
def _acting(session: Session, account: str | None) -> Iterator[Workspace]:
    """The workspace, acting as an account where one is named."""
    from minplan.database import use

    workspace = session.open_workspace()
    with use(workspace.database):
        from minplan.database import accounts
        from minplan.database.acting import act_as, acting

        with act_as(accounts.get(account).access if account else acting()):
            yield workspace


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _plain(case: Any) -> dict[str, Any]:
    names = ("number", "title", "right", "action", "county", "mineral", "state", "author")
    return {
        **{name: getattr(case, name) for name in names},
        "verdict": case.verdict,
        "decision": case.decision,
        "review": case.review.number if case.review else None,
        "due": case.due.isoformat() if case.due else None,
        "changed": case.changed.isoformat(),
    }
