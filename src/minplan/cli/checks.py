"""``minplan checks``: the quality checks, their bases and examples, and their pages."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.quality.check import Check


@click.group(
    "checks",
    help="质量检查项：列表、依据、示例。",
    epilog="""\b
示例
  minplan checks list --family topology
  minplan checks show Q-GE-05
""",
)
def command() -> None:
    """Checks of deliverables."""


@command.command("list", help="列出检查项，级别、权重按工作区 quality.toml。")
@click.option("--family", help="只列一类，例如 topology 或 拓扑。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def list_checks(session: Session, family: str | None, as_json: bool) -> None:
    """Print one row per check."""
    from minplan.checking.settings import settings_of

    checks = settings_of(session.open_workspace().standard_folder).applied(_checks())
    if family is not None:
        checks = tuple(i for i in checks if family in (i.family.value, i.family.word.zh))
    if as_json:
        print_json(
            [
                {
                    "id": item.id,
                    "title": item.title.to_dict(),
                    "family": item.family.value,
                    "scope": item.scope.value,
                    "level": item.level.value,
                    "weight": item.weight,
                    "parameters": dict(item.parameters),
                    "basis": [str(basis) for basis in item.basis],
                    "certain": item.certain,
                }
                for item in checks
            ]
        )
        return
    session.table(
        Text(f"检查项 {len(checks)} 个", f"{len(checks)} checks"),
        (
            Text("编号", "id"),
            Text("名称", "title"),
            Text("类别", "family"),
            Text("级别", "level"),
            Text("权重", "weight"),
            Text("依据", "basis"),
        ),
        [
            (
                item.id,
                session.get(item.title),
                session.get(item.family.word),
                session.get(item.level.word),
                f"{item.weight:g}",
                str(item.basis[0]) + ("" if item.certain else " *"),
            )
            for item in checks
        ],
    )
    if any(not item.certain for item in checks):
        session.say(Text("* 依据未核对原文", "* not verified against the original"))


@command.command("show", help="一个检查项的全部内容：依据、参数、示例。")
@click.argument("check_id")
@pass_session
def show(session: Session, check_id: str) -> None:
    """Print a check as its page in the documentation."""
    from rich.markdown import Markdown

    from minplan.cli._check_pages import page

    known = {item.id: item for item in _checks()}
    found = known.get(check_id.upper())
    if found is None:
        near = difflib.get_close_matches(check_id.upper(), known, n=3)
        offer = f"，是否为 {'、'.join(near)}" if near else ""
        raise click.BadParameter(f"没有检查项 {check_id}{offer}", param_hint="CHECK_ID")
    session.out.print(Markdown(page(found, session.language)))


@command.command("docs", help="把每个检查项写成一页文档（docs/reference/checks）。")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@pass_session
def docs(session: Session, folder: Path) -> None:
    """Write the pages and the index; pages of checks that are gone are removed."""
    from minplan.cli._check_pages import pages

    folder.mkdir(parents=True, exist_ok=True)
    written = pages(_checks())
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    for old in folder.glob("*.md"):
        if old.name not in written:
            old.unlink()
    session.say(Text(f"写出 {len(written)} 页", f"{len(written)} pages written"))


def _checks() -> tuple[Check, ...]:
    from minplan.core.quality import checks as _  # noqa: F401  (registers the checks)
    from minplan.core.quality.check import registered

    return registered()
