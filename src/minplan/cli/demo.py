"""``minplan demo``: the Changzhi workspace, real corner lists, three reviews and their reports."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from minplan.cli.output import Session, pass_session
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.workspace import Workspace

#: The demo is judged as of this day: after the farmland rule changed, so both readings show.
REVIEW_DATE: Final = dt.date(2025, 11, 3)
OFFICE: Final = "长治市规划和自然资源局（示例）"


@click.command("demo")
@pass_session
def command(session: Session) -> None:
    """建立长治示例工作区，读真实公告的拐点，审查三个样例。"""

    workspace = session.open_workspace()
    _build(session, workspace)
    _read_notices(session)
    _review_samples(session, workspace)


def _build(session: Session, workspace: Workspace) -> None:
    from minplan.demo.build import build

    session.say(Text("一、建立示例工作区", "1. Building the demo workspace"))
    title = Text("      规划与图层", "      plan and layers")
    with session.progress(title) as advance:
        plan = build(workspace, lambda _, done, total: advance(done, total))
    layers = len(workspace.library.list())
    session.say(
        Text(
            f"      {plan.plan.name.zh}：{len(plan.zones)} 个分区与区块，{layers} 个图层（示意）",
            f"      {plan.plan.name.en}: {len(plan.zones)} zones, {layers} layers (schematic)",
        )
    )


def _read_notices(session: Session) -> None:
    from minplan.core.geometry.corners import ReadOptions
    from minplan.demo.schematic.ground import facts
    from minplan.formats.read import read_input
    from minplan.formats.reading import InputOptions

    session.say(Text("二、读真实公告的拐点坐标", "2. Reading corner lists of real notices"))
    notices = tomllib.loads((facts() / "notices.toml").read_text("utf-8"))["notice"]
    for notice in notices:
        options = ReadOptions(stated_area_km2=notice["stated_area_km2"], source=notice["source"])
        block = read_input(notice["text"], InputOptions(corners=options)).block
        click.echo(f"{notice['name']}  （{notice['source']}）")
        click.echo(f"  {session.get(block.understanding)}")
        if block.area_match is not None:
            stated = notice["stated_area_km2"]
            click.echo(f"  申报 {stated} km²：{session.get(block.area_match.message)}")
        for remark in block.remarks:
            click.echo(f"  · {session.get(remark.message)}")


def _review_samples(session: Session, workspace: Workspace) -> None:
    from minplan.cli.review import Desk, judge, proposals
    from minplan.cli.verdict import print_review
    from minplan.demo.samples import sample_files

    session.say(Text("三、审查三个样例", "3. Reviewing three samples"))
    desk = Desk.open(session, workspace, REVIEW_DATE, office=OFFICE)
    folders: list[Path] = []
    for file in sample_files():
        for proposal, block in proposals(desk, str(workspace.folder / "proposals" / file.name)):
            result, number, files = judge(desk, proposal, block)
            print_review(session, result, block, number, files)
            folders.append(workspace.reviews_folder / number)
    session.say(Text("报告在：", "Reports are in:"))
    for folder in folders:
        click.echo(str(folder.resolve()))
