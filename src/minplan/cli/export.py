"""``minplan export``: the hand-in folder of a plan as of a date."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.handin.export import Exported

_DATE = click.DateTime(["%Y-%m-%d"])
_TIME = click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"])


@click.command(
    "export",
    help="导出汇交成果文件夹：空间数据、表格、附表、元数据、文档、目录与校验。",
    epilog="""\b
示例
  minplan export --format gdb -o 汇交/
  minplan export --format gpkg --as-of 2025-06-01 -o 汇交/    某日有效的内容
  minplan export --format vct --recorded 2025-03-01 -o 汇交/  当时库中所记的内容
""",
)
@click.option("--edition", default="2021-2025", show_default=True, help="数据标准版本。")
@click.option(
    "--format",
    "format_key",
    type=click.Choice(["gdb", "shp", "gpkg", "vct"]),
    required=True,
    help="空间数据格式。",
)
@click.option("--as-of", type=_DATE, help="有效日期，默认今天。")
@click.option("--recorded", type=_TIME, help="库中所记的时间，默认此刻；没有时区按本机时区。")
@click.option("--plan", help="规划编号，库中只有一个时可省。")
@click.option(
    "-o",
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="放汇交成果文件夹的地方。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def command(
    session: Session,
    /,
    *,
    edition: str,
    format_key: str,
    as_of: dt.datetime | None,
    recorded: dt.datetime | None,
    plan: str | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Write the folder, whole or not at all."""
    from minplan.database import use

    with use(session.open_workspace().database):
        from minplan.database import plans
        from minplan.handin.export import export
        from minplan.handin.identity import known_plan

        with session.progress(Text("写出", "writing")) as advance:
            made = export(
                plans.get(known_plan(plan)),
                folder,
                edition=edition,
                format_key=format_key,
                effective=as_of.date() if as_of else dt.date.today(),
                recorded=recorded.astimezone() if recorded else None,
                progress=advance,
            )
    if as_json:
        print_json(_told(made))
    else:
        _say(session, made)


def _say(session: Session, made: Exported) -> None:
    total = sum(made.counts.values())
    session.say(
        Text(
            f"已写出 {len(made.counts)} 个图层和表，{total} 条：",
            f"{len(made.counts)} layers and tables, {total} rows:",
        )
    )
    click.echo(made.folder)
    for remark in made.remarks:
        session.say(remark.message)
    for text in made.missing:
        session.say(text)


def _told(made: Exported) -> dict[str, object]:
    return {
        "folder": str(made.folder),
        "features_digest": made.digest,
        "snapshot_sha256": made.snapshot_sha256,
        "counts": dict(made.counts),
        "missing": [text.to_dict() for text in made.missing],
        "remarks": [remark.message.to_dict() for remark in made.remarks],
    }
