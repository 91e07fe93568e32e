"""``minplan layers``: the library of constraint layers of a workspace."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minplan.cli.output import Exit, Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.layers import LayerLibrary, StoredLayer

_DATE = click.DateTime(["%Y-%m-%d"])


@click.group(
    "layers",
    help="管控图层库：入库、列表、查看、核验、删除。",
    epilog="""\b
示例
  minplan layers add 红线.zip --name ecological-red-line --act "批准文号" --effective 2022-09-01
  minplan layers show ecological-red-line
  minplan layers tiles permanent-basic-farmland --matrix w
  minplan layers verify
""",
)
def command() -> None:
    """Constraint layers of the workspace."""


@command.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="图层名，如 ecological-red-line。")
@click.option("--act", required=True, help="批准文件的名称或文号。")
@click.option("--effective", "effective_from", type=_DATE, help="生效日期，如 2023-04-01。")
@click.option("--until", "effective_to", type=_DATE, help="失效日期。")
@click.option("--source", default="", help="数据来源。")
@click.option("--owner", default="", help="提供单位。")
@click.option("--layer", help="文件内的图层名（多个图层时必填）。")
@click.option("--crs", help="没有坐标系定义时声明，如 38、EPSG:4526。")
@click.option("--encoding", help="Shapefile 属性的编码，如 GBK。")
@click.option("--schematic", is_flag=True, help="图形为示意，不是实测。")
@click.option("--coverage", help="完整覆盖的范围：西,南,东,北（度）。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def add(session: Session, /, *, file: Path, as_json: bool, **said: Any) -> None:
    """将一个图层文件（SHP、GDB、GPKG、GeoJSON、FlatGeobuf、Parquet）入库，修复并报告。"""
    said["coverage"] = _bounds(said["coverage"])
    for key in ("effective_from", "effective_to"):
        said[key] = said[key].date() if said[key] else None
    with session.progress(Text("入库", "adding")) as advance:
        report = _library(session).add(file, progress=advance, **said)
    if as_json:
        print_json({**_record(report.stored), "already_present": report.already_present})
        return
    if report.already_present:
        session.say(Text("该版本已在库中，未重复入库。", "This version was there already."))
    _print_layer(session, report.stored)


@command.command("tiles")
@click.argument("ref", metavar="图层[@版本]")
@click.option(
    "--matrix", type=click.Choice(["c", "w"]), default="c", show_default=True,
    help="c 为经纬度（EPSG:4490），w 为 Web 墨卡托。",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def tiles(session: Session, ref: str, matrix: str, as_json: bool) -> None:
    """为已入库的图层做矢量瓦片，一张图显示大图层用。"""
    from minplan.layers.file import LayerFile
    from minplan.layers.tiles import make_tiles

    stored = _library(session).show(ref)
    with session.progress(Text("切瓦片", "cutting tiles")) as advance:
        made = make_tiles(LayerFile(stored.path), matrix, advance)
    if as_json:
        print_json({"file": str(made.path), "tiles": made.tiles, "bytes": made.size})
        return
    size = made.size / 1e6
    session.say(Text(f"{made.tiles:,} 片，{size:.1f} MB", f"{made.tiles:,} tiles, {size:.1f} MB"))


@command.command("list")
@click.option("--date", type=_DATE, help="只列该日有效的版本。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def list_layers(session: Session, date: dt.datetime | None, as_json: bool) -> None:
    """列出图层的各个版本。"""
    stored = [
        item
        for item in _library(session).list()
        if date is None or item.version.in_force(date.date())
    ]
    if as_json:
        print_json([_record(item) for item in stored])
        return
    session.table(
        Text(f"图层版本 {len(stored)} 个", f"{len(stored)} layer versions"),
        (
            Text("图层", "layer"),
            Text("名称", "title"),
            Text("版本", "version"),
            Text("有效期", "in force"),
            Text("要素数", "features"),
            Text("批准文件", "act"),
        ),
        [
            (
                item.version.name,
                session.get(_title(item.version.name)),
                item.version.sha256[:12] + (" 示意" if item.version.schematic else ""),
                f"{item.version.effective_from or ''}…{item.version.effective_to or ''}",
                f"{item.version.feature_count:,}",
                item.version.act,
            )
            for item in stored
        ],
    )


@command.command("show")
@click.argument("ref", metavar="图层[@版本]")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def show(session: Session, ref: str, as_json: bool) -> None:
    """一个图层版本的来源、范围和修复情况。"""
    stored = _library(session).show(ref)
    if as_json:
        print_json(_record(stored))
    else:
        _print_layer(session, stored)


@command.command("verify")
@click.argument("name", required=False, metavar="[图层]")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
@click.pass_context
def verify(ctx: click.Context, session: Session, name: str | None, as_json: bool) -> None:
    """核对图层文件与入库时是否一字节不差。"""
    results = _library(session).verify(name)
    if as_json:
        print_json([{"name": item.name, "sha256": item.sha256, "ok": item.ok} for item in results])
    else:
        words = {True: Text("一致", "unchanged"), False: Text("已改变", "changed")}
        session.table(
            Text(f"核验 {len(results)} 个文件", f"{len(results)} files"),
            (Text("图层", "layer"), Text("版本", "version"), Text("结果", "result")),
            [(item.name, item.sha256[:12], session.get(words[item.ok])) for item in results],
        )
    ctx.exit(Exit.DONE if all(item.ok for item in results) else Exit.STORE)


@command.command("remove")
@click.argument("ref", metavar="图层@版本")
@pass_session
def remove(session: Session, ref: str) -> None:
    """删除没有审查引用的版本。"""
    sha256 = _library(session).remove(ref)
    session.say(Text(f"已删除 {ref}（{sha256[:12]}）", f"removed {ref} ({sha256[:12]})"))


def _library(session: Session) -> LayerLibrary:
    from minplan.layers import LayerLibrary

    return LayerLibrary(session.workspace / "layers")


def _bounds(text: str | None) -> tuple[float, ...] | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise click.BadParameter("应为 西,南,东,北 四个数", param_hint="--coverage") from error
    return west, south, east, north


def _title(name: str) -> Text:
    from minplan.core.review.missing import layer_names

    return layer_names().get(name, Text("", ""))


def _print_layer(session: Session, stored: StoredLayer) -> None:
    version, origin = stored.version, stored.origin
    repairs = "，".join(f"{kind} {count}" for kind, count in origin.repair_counts.items())
    rows = [
        (Text("图层", "layer"), f"{version.name} {session.get(_title(version.name))}"),
        (Text("版本", "version"), version.sha256),
        (Text("批准文件", "act"), version.act),
        (
            Text("有效期", "in force"),
            f"{version.effective_from or ''}…{version.effective_to or ''}",
        ),
        (Text("来源", "source"), " · ".join(filter(None, (version.source, version.owner)))),
        (Text("文件", "file"), " · ".join(filter(None, (origin.file, origin.file_layer)))),
        (Text("坐标系", "coordinate system"), origin.crs),
        (Text("要素", "features"), f"{origin.features:,}（{origin.kind}）"),
        (Text("面积", "area"), f"{origin.area_m2 / 1e6:,.4f} km²"),
        (Text("范围", "extent"), ", ".join(f"{value:.5f}" for value in origin.extent)),
        (Text("修复", "repairs"), repairs or session.get(Text("无", "none"))),
        (Text("未入库要素", "skipped"), str(origin.skipped)),
        (Text("示意", "schematic"), session.get(Text("是", "yes")) if version.schematic else ""),
        *((Text("说明", "remark"), session.get(remark)) for remark in origin.remarks),
    ]
    session.table(
        Text("图层版本", "Layer version"),
        (Text("项目", "item"), Text("内容", "value")),
        [(session.get(name), value) for name, value in rows if value],
    )


def _record(stored: StoredLayer) -> dict[str, Any]:
    version, origin = stored.version, stored.origin
    return {
        "name": version.name,
        "sha256": version.sha256,
        "act": version.act,
        "effective_from": version.effective_from.isoformat() if version.effective_from else None,
        "effective_to": version.effective_to.isoformat() if version.effective_to else None,
        "source": version.source,
        "owner": version.owner,
        "schematic": version.schematic,
        "file": origin.file,
        "file_layer": origin.file_layer,
        "crs": origin.crs,
        "geometry": origin.kind,
        "features": origin.features,
        "parts": origin.parts,
        "area_m2": origin.area_m2,
        "extent": list(origin.extent),
        "skipped": origin.skipped,
        "repairs": {str(kind): count for kind, count in origin.repair_counts.items()},
        "remarks": [remark.to_dict() for remark in origin.remarks],
    }
