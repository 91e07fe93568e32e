"""``minplan replay``: run a stored review again from its references."""

from __future__ import annotations

import click

from minplan.cli.output import Exit, Session, pass_session, print_json
from minplan.core.text import Text


@click.command(
    "replay",
    epilog="""\b
示例
  minplan replay 2025-0001
  minplan replay workspace/reviews/2025-0001/review.json
退出码
  0 结果一致  1 结果不同  5 当时的规划或图层已不在
""",
)
@click.argument("record", metavar="编号或文件")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写 JSON。")
@pass_session
def command(session: Session, record: str, as_json: bool) -> None:
    """按记录的规划、图层、规则和日期重新审查，说明结果是否一致。"""

    replay = session.open_workspace().replay(record)
    if as_json:
        remarks = [item.to_dict() for item in replay.remarks]
        print_json({"number": replay.number, "identical": replay.identical, "remarks": remarks})
    else:
        word = Text("一致", "identical") if replay.identical else Text("不一致", "different")
        click.echo(f"{replay.number}  {session.get(word)}")
        for remark in replay.remarks:
            click.echo(f"  {session.get(remark)}")
    raise SystemExit(Exit.DONE if replay.identical else Exit.FINDINGS)
