"""``minplan read``: how coordinates are understood, their corners, areas and remarks."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.geometry.corners import CornersRefused, Remark
    from minplan.core.geometry.crs import CoordinateSystem, FloatArray
    from minplan.core.geometry.datum import DatumShift
    from minplan.core.geometry.polygonal import Polygonal
    from minplan.formats.reading import InputBlock, InputOptions, InputReading

_ORDERS = ("north-east", "east-north", "lon-lat", "lat-lon")
_NOTATIONS = ("metres", "kilometres", "decimal", "dms", "packed")


@click.command(
    "read",
    epilog="""\b
示例
  minplan read 拐点.txt --stated-area 0.3223
  minplan read 范围.zip --region 长治市 --json
  minplan read 旧坐标.xlsx --crs xian80-37 --shift -12.3,4.5,6.7
  minplan read - < 拐点.txt

\b
退出码
  0 读出 · 2 用法不对 · 3 读不出，或有几种读法需要指定
""",
)
@click.argument("source", metavar="INPUT")
@click.option("--stated-area", metavar="平方千米", help="申报面积，照原样填写，如 0.3223。")
@click.option("--region", help="所在地区：140400、长治市、西,南,东,北（度）或边界文件。")
@click.option("--crs", help="坐标系：38、6-19、xian80-37、EPSG:4526、lonlat。")
@click.option(
    "--shift",
    help="转到2000坐标系的参数：dX,dY,dZ[,rX,rY,rZ,m] 或平面 dN,dE[,角秒,ppm]；"
    "可写 beijing54: 等前缀。",
)
@click.option("--keep-datum", is_flag=True, help="保留1980西安、1954北京坐标系，只算面积。")
@click.option("--order", type=click.Choice(_ORDERS), help="坐标顺序。")
@click.option("--notation", type=click.Choice(_NOTATIONS), help="数值的写法。")
@click.option("--layer", help="只读一个图层、工作表或压缩包内的一个文件。")
@click.option("--encoding", help="Shapefile 属性的编码，如 GBK。")
@click.option("--reference", help="已知范围的文件：与它比较，辨别火星坐标（GCJ-02）。")
@click.option("--accept", multiple=True, metavar="E104", help="采用某条提示的改法，可重复。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def command(session: Session, /, *, source: str, as_json: bool, **said: Any) -> None:
    """读坐标：怎样读懂的、拐点表、三种算法的面积、要核对之处。

    INPUT 为文件（文本、Excel、CSV、Word、Shapefile、GDB、GeoPackage、GeoJSON、KML、DXF、VCT、
    MapGIS、ZIP）、直接写出的坐标，或 -（标准输入）。全国适用，不需要规划。
    """
    from minplan.core.errors import MinplanError
    from minplan.core.geometry.corners import CornersRefused
    from minplan.formats.read import read_bytes, read_input

    try:
        options = _options(**said)
        if source == "-":
            reading = read_bytes(sys.stdin.buffer.read(), "", options)
        else:
            reading = read_input(source, options)
    except MinplanError as error:
        if as_json:
            print_json({"error": error.to_dict()})
        if isinstance(error, CornersRefused):
            _print_alternatives(session, error)
        raise
    if as_json:
        print_json(reading_record(reading))
        return
    for remark in reading.remarks:
        _print_remark(session, remark)
    for block in reading.blocks:
        _print_block(session, block)


def _options(
    *,
    stated_area: str | None,
    region: str | None,
    crs: str | None,
    shift: str | None,
    keep_datum: bool,
    order: str | None,
    notation: str | None,
    layer: str | None,
    encoding: str | None,
    reference: str | None,
    accept: tuple[str, ...],
) -> InputOptions:
    from minplan.core.geometry.corners import Notation, Order, ReadOptions
    from minplan.formats.coordinate_system import parse_system
    from minplan.formats.reading import InputOptions
    from minplan.formats.region import read_outline, read_region

    system = parse_system(crs) if crs else None
    corners = ReadOptions(
        datum=system.datum if system else None,
        system=system,
        order=Order(order) if order else None,
        notation=Notation(notation) if notation else None,
        region=read_region(region) if region else None,
        stated_area_km2=stated_area,
        shift=_shift(shift, system) if shift else None,
        keep_datum=keep_datum,
        reference=read_outline(Path(reference)) if reference else None,
        accepted=frozenset(accept),
    )
    return InputOptions(corners=corners, layer=layer, encoding=encoding)


def _shift(text: str, system: CoordinateSystem | None) -> DatumShift:
    """Parameters of a datum shift; their number tells their kind."""
    from minplan.core.geometry.datum import PlaneShift, SevenParameters
    from minplan.formats.coordinate_system import parse_system

    name, colon, numbers = text.rpartition(":")
    source = parse_system(name) if colon else system
    if source is None or source.datum.is_current:
        raise click.BadParameter(
            "请说明参数由哪个坐标系转换，如 xian80:dX,dY,dZ", param_hint="--shift"
        )
    try:
        values = [float(part) for part in numbers.split(",")]
    except ValueError as error:
        raise click.BadParameter("参数应为用逗号隔开的数", param_hint="--shift") from error
    if len(values) in (3, 7):
        names = ("dx", "dy", "dz", "rx", "ry", "rz", "scale")
        return SevenParameters(source.datum, **_named(names, values))
    if len(values) in (2, 4):
        return PlaneShift(source.datum, **_named(("dn", "de", "rotation", "scale"), values))
    raise click.BadParameter("参数应为 2、3、4 或 7 个数", param_hint="--shift")


def _named(names: tuple[str, ...], values: list[float]) -> dict[str, Any]:
    return dict(zip(names, values, strict=False))


# -- on the terminal ------------------------------------------------------------------------------


def _print_block(session: Session, block: InputBlock) -> None:
    click.echo(f"\n{block.name or '—'}")
    click.echo(session.get(block.understanding))
    for remark in block.remarks:
        _print_remark(session, remark)
    _print_corners(session, block)
    _print_areas(session, block)


def _print_remark(session: Session, remark: Remark) -> None:
    from minplan.core.geometry.corners import Level

    words = {
        Level.BLOCKING: Text("阻断", "blocking"),
        Level.CONFIRM: Text("请确认", "confirm"),
        Level.DONE: Text("已处理", "done"),
        Level.INFO: Text("提示", "note"),
    }
    click.echo(f"  {remark.code} {session.get(words[remark.level])}  {session.get(remark.message)}")
    if remark.fix is not None:
        click.echo(f"       → {session.get(remark.fix)}")


def _print_corners(session: Session, block: InputBlock) -> None:
    from minplan.core.geometry.crs import degrees_minutes_seconds

    system = display_system(block.polygonal)
    several = len({(corner.part, corner.ring) for corner in block.corners}) > 1
    rows = []
    for corner, (east, north) in zip(block.corners, _plane(block, system), strict=True):
        ring = f"{corner.part}-{corner.ring}" if several else ""
        degrees = [degrees_minutes_seconds(value) for value in (corner.lon, corner.lat)]
        rows.append((ring, corner.number, f"{north:.2f}", f"{east:.2f}", *degrees))
    columns = (
        Text("部分-圈", "part-ring"),
        Text("点号", "corner"),
        Text("X（北）", "X (north)"),
        Text("Y（东）", "Y (east)"),
        Text("经度", "longitude"),
        Text("纬度", "latitude"),
    )
    first = 0 if several else 1
    session.table(system.name, columns[first:], [row[first:] for row in rows])


def _print_areas(session: Session, block: InputBlock) -> None:
    from minplan.core.geometry.area import AreaMethod, areas_by_method

    match = block.area_match
    fitting = match.methods if match else ()
    rows = []
    for method, area in areas_by_method(block.polygonal).items():
        note = Text("与申报一致", "equals the stated area") if method in fitting else Text("", "")
        if method is AreaMethod.ELLIPSOID and not note.zh:
            note = Text("法定算法", "statutory")
        rows.append(
            (session.get(method.label), f"{area / 1e6:.4f}", f"{area:.2f}", session.get(note))
        )
    columns = (Text("算法", "method"), Text("km²", "km²"), Text("m²", "m²"), Text("", ""))
    session.table(Text("面积", "Area"), columns, rows)
    if match is not None:
        click.echo(session.get(match.message))


def _print_alternatives(session: Session, error: CornersRefused) -> None:
    for number, item in enumerate(error.alternatives, 1):
        session.say(
            Text(
                f"读法 {number}：{item.label.zh}，面积 {item.area_km2:.4f} km²",
                f"reading {number}: {item.label.en}, {item.area_km2:.4f} km²",
            )
        )


def display_system(polygonal: Polygonal) -> CoordinateSystem:
    """The zone in which corners are shown: that of the edges, else the local 3° zone."""
    from dataclasses import replace

    from minplan.core.geometry.area import planar_system

    edges = polygonal.edge_system
    return replace(edges, prefixed=True) if edges.is_projected else planar_system(polygonal)


def _plane(block: InputBlock, system: CoordinateSystem) -> FloatArray:
    import numpy as np

    from minplan.core.geometry.crs import from_lonlat

    lonlat = np.array([(corner.lon, corner.lat) for corner in block.corners], dtype=np.float64)
    return from_lonlat(system, lonlat)


# -- for programs ---------------------------------------------------------------------------------


def reading_record(reading: InputReading) -> dict[str, Any]:
    """A reading as JSON values."""
    return {
        "source": reading.source,
        "kind": reading.kind.value,
        "blocks": [_block_record(block) for block in reading.blocks],
        "remarks": [remark.to_dict() for remark in reading.remarks],
    }


def _block_record(block: InputBlock) -> dict[str, Any]:
    from minplan.core.geometry.area import areas_by_method
    from minplan.formats.proposal_json import polygonal_to_dict

    system = display_system(block.polygonal)
    return {
        "name": block.name,
        "understanding": block.understanding.to_dict(),
        "systems": [{"epsg": item.epsg, "name": item.name.to_dict()} for item in block.systems],
        "areas_m2": {key.value: area for key, area in areas_by_method(block.polygonal).items()},
        "stated_area": _stated_record(block),
        "corner_system": {"epsg": system.epsg, "name": system.name.to_dict()},
        "corners": [
            {
                "number": corner.number,
                "part": corner.part,
                "ring": corner.ring,
                "printed": list(corner.printed),
                "lon": corner.lon,
                "lat": corner.lat,
                "east": float(east),
                "north": float(north),
            }
            for corner, (east, north) in zip(block.corners, _plane(block, system), strict=True)
        ],
        "geometry": polygonal_to_dict(block.polygonal),
        "attributes": _plain(block.attributes),
        "remarks": [remark.to_dict() for remark in block.remarks],
    }


def _stated_record(block: InputBlock) -> dict[str, Any] | None:
    if block.stated_area is None:
        return None
    match = block.area_match
    return {
        "figure": block.stated_area[0],
        "unit": block.stated_area[1],
        "methods": [method.value for method in match.methods] if match else [],
        "message": match.message.to_dict() if match else None,
    }


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    plain = (str, int, float, bool)
    return {
        key: value if isinstance(value, plain) else str(value) for key, value in attributes.items()
    }
