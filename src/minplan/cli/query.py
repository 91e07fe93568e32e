"""``minplan query``: ask layers and registers, show the rows or write them to a file."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.query.model import Query
    from minplan.inquiry import Inquiry, Prepared

_COLUMNS = 8
_SUFFIXES = {
    ".xlsx": "xlsx", ".csv": "csv", ".zip": "shp", ".shp": "shp", ".gpkg": "gpkg",
    ".geojson": "geojson", ".json": "geojson", ".kml": "kml",
}  # fmt: skip


@click.command(
    "query",
    epilog="""\b
示例
  minplan query                               可查询的图层
  minplan query 黎城 开采规划区块 未投放      用一句话查
  minplan query 采矿权 煤炭 -o 采矿权.xlsx    写到文件
  minplan query '{"source": "layer/mining-right", "ground": {"layer": "XZQ", "key": "140426"}}'
  minplan query 开采规划区块 -o 区块.shp.zip --crs zone --encoding GBK
""",
)
@click.argument("words", nargs=-1, metavar="[文字或查询]")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="有效日期，默认今天。")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="行数。")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="写到文件，按后缀定格式。"
)
@click.option("--crs", default="lonlat", show_default=True, help="lonlat、zone、zones、38 等。")
@click.option("--encoding", type=click.Choice(["UTF-8", "GBK"]), default="UTF-8", help="SHP 编码。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def command(
    session: Session,
    /,
    *,
    words: tuple[str, ...],
    as_of: dt.datetime | None,
    limit: int,
    out: Path | None,
    crs: str,
    encoding: str,
    as_json: bool,
) -> None:
    """查询图层和登记表；不写条件时列出可查询的图层。"""
    from minplan.database import use
    from minplan.inquiry import Inquiry
    from minplan.inquiry.told import page_to_dict, totals_to_dict

    workspace = session.open_workspace()
    with use(workspace.database):
        asked = Inquiry(workspace, as_of.date() if as_of else dt.date.today())
        if not words:
            _list(session, asked)
            return
        ready = asked.prepare(_query(session, asked, " ".join(words)))
        session.say(ready.words)
        if out is not None:
            _write(session, ready, out, crs, encoding)
            return
        page, totals = ready.page(limit), ready.totals()
        if as_json:
            print_json({**page_to_dict(ready, page), "totals": totals_to_dict(totals)})
            return
        _show(session, ready, page)
        _say_totals(session, ready, totals)


def _query(session: Session, asked: Inquiry, text: str) -> Query:
    from minplan.core.query.serial import query_from_json

    if text.lstrip().startswith("{"):
        return query_from_json(text)
    found = asked.understand(text)
    for word in found.unknown:
        session.say(
            Text(f"“{word}”按名称查找", f"“{word}” is looked for in names"),
        )
    return found.query


def _list(session: Session, asked: Inquiry) -> None:
    rows = [
        [item.id, session.get(item.name), session.get(item.group), str(item.count or 0)]
        for item in asked.sources
        if item.count != 0
    ]
    heads = [Text("代码", "id"), Text("名称", "name"), Text("分组", "group"), Text("条数", "rows")]
    session.table(Text("可查询的图层和登记表", "what can be asked"), heads, rows)


def _show(session: Session, ready: Prepared, page: Any) -> None:
    columns = {item.code: page.rows.column(item.code) for item in ready.source.shown(ready.query)}
    filled = [
        item
        for item in ready.source.shown(ready.query)
        if any(value not in (None, "") for value in columns[item.code])
    ][:_COLUMNS]
    rows = [
        [_cell(session, item, columns[item.code][n]) for item in filled]
        for n in range(len(page.rows))
    ]
    heads = [Text(f"{i.name.zh} {i.unit}".strip(), f"{i.name.en} {i.unit}".strip()) for i in filled]
    session.table(ready.source.name, heads, rows)


def _cell(session: Session, item: Any, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.{item.decimals or 4}f}"
    return session.get(item.word(value))


def _say_totals(session: Session, ready: Prepared, totals: Any) -> None:
    sums = [
        Text(f"{i.field.name.zh} {i.sum:g} {i.unit}", f"{i.field.name.en} {i.sum:g} {i.unit}")
        for i in totals.sums
    ]
    session.say(
        Text(
            "；".join([f"共 {totals.count} 条", *(item.zh.strip() for item in sums)]),
            "; ".join([f"{totals.count} rows", *(item.en.strip() for item in sums)]),
        )
    )
    if totals.count:
        return
    for reason in ready.reasons():
        session.say(
            Text(
                f"  {reason.words.zh}：单独满足 {reason.alone} 条，去掉后 {reason.without} 条",
                f"  {reason.words.en}: {reason.alone} hold it, {reason.without} without it",
            )
        )


def _write(session: Session, ready: Prepared, out: Path, crs: str, encoding: str) -> None:
    from minplan.inquiry import ExportOptions, export

    key = _SUFFIXES.get(out.suffix.lower(), out.suffix.lower().lstrip("."))
    options = ExportOptions(key, crs, encoding, session.language)
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".minplan-", dir=out.parent) as folder,
        session.progress(Text("写出", "writing")) as advance,
    ):
        made = export(ready, Path(folder), options, advance=advance)
        shutil.move(made.path, out)
    for remark in made.remarks:
        session.say(remark.message)
    session.say(Text(f"已写出 {made.rows} 条", f"{made.rows} rows written"))
    click.echo(out)
