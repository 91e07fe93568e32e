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
_ACCOUNTS: Final = "demo-accounts.txt"
#: Account, post, roles, counties: one for every role, two counties that must not see each other.
DEMO_ACCOUNTS: Final = (
    ("guihua", "规划科", ("planning",), ()),
    ("kuangquan", "矿业权科", ("rights",), ()),
    ("kuangquan2", "矿业权科（复核）", ("rights",), ()),
    ("chuliang", "储量统计科", ("reserves",), ()),
    ("xiufu", "生态修复科", ("restoration",), ()),
    ("licheng", "黎城县局", ("county",), ("黎城县",)),
    ("qinyuan", "沁源县局", ("county",), ("沁源县",)),
    ("lingdao", "局领导", ("leader",), ()),
    ("admin", "系统管理员", ("administrator",), ()),
)
OFFICE: Final = "长治市规划和自然资源局（示例）"


@click.command(
    "demo",
    epilog="""\b
示例
  minplan demo                                     示例工作区、审查样例、账号
  minplan demo --hand-in 成果/                     示例规划的完整汇交成果，可用 minplan check 检查
  minplan demo --hand-in 成果/ --plant Q-VA-01     埋设一个“必填项未填”
  minplan demo --list                              可埋设缺陷的检查项
""",
)
@click.option("--accounts", "only_accounts", is_flag=True, help="只列出示例账号和密码。")
@click.option(
    "--hand-in", "hand_in", type=click.Path(path_type=Path, file_okay=False), metavar="文件夹",
    help="在此文件夹生成示例规划的完整汇交成果（示意）。",
)  # fmt: skip
@click.option("--plant", "planted", metavar="检查项", help="成果中埋设一个该检查项的缺陷。")
@click.option("--list", "listed", is_flag=True, help="列出可埋设缺陷的检查项。")
@pass_session
def command(
    session: Session,
    *,
    only_accounts: bool,
    hand_in: Path | None,
    planted: str | None,
    listed: bool,
) -> None:
    """建立长治示例工作区，读真实公告的拐点，审查三个样例，建立示例账号。"""

    if planted is not None and hand_in is None:
        raise click.UsageError("--plant 要与 --hand-in 一起用")
    workspace = session.open_workspace()
    if listed or hand_in is not None:
        from minplan.cli._demo_hand_in import list_plants, write

        if listed:
            list_plants(session, workspace)
        else:
            assert hand_in is not None
            write(session, workspace, hand_in, planted)
        return
    if only_accounts:
        _show_accounts(session, workspace)
        return
    _build(session, workspace)
    _make_accounts(workspace)
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


def _make_accounts(workspace: Workspace) -> None:
    """An account for every role, with generated passwords kept beside the demo."""
    from minplan.database import use

    file = workspace.folder / _ACCOUNTS
    with use(workspace.database):
        from minplan.database import accounts

        held = {row.username for row in accounts.listed()}
        made = []
        for username, name, roles, areas in DEMO_ACCOUNTS:
            if username in held:
                continue
            password = accounts.generated_password()
            accounts.register(
                username,
                password,
                name=name,
                roles=roles,
                areas=areas,
                actor=workspace.actor,
                recorded=dt.datetime.now(dt.UTC),
            )
            made.append(f"{username}\t{password}")
    if made:
        file.touch(mode=0o600)
        with file.open("a", encoding="utf-8") as lines:
            lines.write("\n".join(made) + "\n")


def _show_accounts(session: Session, workspace: Workspace) -> None:
    file = workspace.folder / _ACCOUNTS
    text = file.read_text("utf-8") if file.is_file() else ""
    passwords = dict(line.split("\t") for line in text.splitlines())
    columns = [Text("账号", "account"), Text("密码", "password"), Text("岗位", "role")]
    rows = [
        [username, passwords[username], f"{name}{f'（{areas[0]}）' if areas else ''}"]
        for username, name, _, areas in DEMO_ACCOUNTS
        if username in passwords
    ]
    session.table(Text("示例账号（密码已随机生成）", "Demo accounts"), columns, rows)
