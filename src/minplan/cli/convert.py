"""``minplan convert``: layers of one format written in another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minplan.cli.output import Advance, Session, pass_session
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.geometry.corners import Remark
    from minplan.formats.features import FeatureSource, FeatureTable, GeometryType

_FORMATS: Final = (
    "shp",
    "gdb",
    "gpkg",
    "geojson",
    "kml",
    "dxf",
    "csv",
    "xlsx",
    "fgb",
    "guotu",
    "baopan",
    "registry",
    "vct",
)
#: Formats whose layers hold one kind of geometry each.
_ONE_KIND: Final = ("shp", "gdb", "vct")
_SUFFIXES: Final = {"guotu": ".txt", "baopan": ".txt", "registry": ".txt", "shp": ".zip"}


@click.command(
    "convert",
    epilog="""\b
示例
  minplan convert 规划.gdb -t gpkg
  minplan convert 区块.shp -t guotu --crs 38 -o 区块.txt
  minplan convert 范围.gpkg -t shp --encoding GBK -o 范围.zip

\b
退出码
  0 写出 · 2 用法不对 · 3 读不出，或目标格式放不下
""",
)
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path))
@click.option("-t", "--to", "key", type=click.Choice(_FORMATS), required=True, help="目标格式。")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="输出文件或文件夹。")
@click.option("--crs", help="写出的坐标系：38、6-19、xian80-37、EPSG:4526、lonlat。")
@click.option("--from-crs", help="输入的坐标系，文件没有写明时用。")
@click.option("--encoding", default="UTF-8", show_default=True, help="写出文字的编码，如 GBK。")
@click.option("--from-encoding", help="输入文字的编码，如 GBK。")
@click.option("--layer", help="只转换一个图层。")
@click.option("--corners", is_flag=True, help="CSV、Excel 逐点写出，不用 WKT。")
@click.option("--exploration", is_flag=True, help="登记坐标串按探矿权写出。")
@click.option("--overwrite", is_flag=True, help="覆盖已有的输出。")
@pass_session
def command(session: Session, /, *, source: Path, key: str, **said: Any) -> None:
    """转换格式：读任何支持的格式，写成 -t 指定的格式。

    INPUT 为文件、文件夹或 ZIP。写不下的内容逐条说明，不会悄悄截断。
    """
    from minplan.formats.coordinate_system import parse_system
    from minplan.formats.features import open_features, write_features

    output = said["output"] or _default_output(source, key)
    more: dict[str, Any] = {}
    if said["corners"]:
        more["geometry"] = "corners"
    if said["exploration"]:
        more["right"] = "exploration"
    given = parse_system(said["from_crs"]) if said["from_crs"] else None
    with (
        open_features(
            source, encoding=said["from_encoding"], system=given, layer=said["layer"]
        ) as opened,
        session.progress(Text("转换", "converting")) as advance,
    ):
        report = write_features(
            output,
            _tables(opened, advance, split=key in _ONE_KIND),
            driver=key,
            encoding=said["encoding"],
            system=parse_system(said["crs"]) if said["crs"] else None,
            overwrite=said["overwrite"],
            **more,
        )
        remarks = [*opened.remarks, *report.remarks]
    for remark in dict.fromkeys(map(_sentence(session), remarks)):
        click.echo(remark, err=True)
    for name, count in report.counts.items():
        click.echo(session.get(Text(f"{name}：{count} 个要素", f"{name}: {count} features")))
    for path in [output] if output in report.paths else report.paths:
        click.echo(str(path))


def _default_output(source: Path, key: str) -> Path:
    output = source.with_name(source.stem + _SUFFIXES.get(key, f".{key}"))
    if output == source:
        output = source.with_name(f"{source.stem}-{key}{output.suffix}")
    return output


def _tables(source: FeatureSource, advance: Advance, *, split: bool) -> Iterator[FeatureTable]:
    """All layers; mixed ones by kind where the target holds one kind a layer."""
    from minplan.formats.features import GeometryType

    total = sum(source.describe(layer).count or 0 for layer in source.layers)
    done = 0
    for layer in source.layers:
        mixed = source.describe(layer).geometry_type is GeometryType.MIXED
        kinds = (GeometryType.POLYGON, GeometryType.LINE, GeometryType.POINT)
        for kind in kinds if mixed and split else (None,):
            for table in source.batches(layer):
                done += len(table)
                advance(min(done, total), total)
                chosen = table if kind is None else _of_kind(table, kind)
                if kind is None or len(chosen):
                    yield chosen


def _of_kind(table: FeatureTable, kind: GeometryType) -> FeatureTable:
    from dataclasses import replace

    import numpy as np
    import shapely

    from minplan.formats.drivers.arrow import TYPE_IDS
    from minplan.formats.features import GeometryType

    assert table.geometry is not None
    # features without geometry go with the areas
    ids = (*TYPE_IDS[kind], *((-1,) if kind is GeometryType.POLYGON else ()))
    chosen = np.isin(shapely.get_type_id(table.geometry), ids)
    return replace(
        table,
        name=f"{table.name}_{kind.value}",
        values={name: values[chosen] for name, values in table.values.items()},
        geometry=table.geometry[chosen],
        geometry_type=kind,
    )


def _sentence(session: Session) -> Any:
    def told(remark: Remark) -> str:
        where = remark.place.describe(session.language)
        return f"  {remark.code}  {session.get(remark.message)}" + (f"（{where}）" if where else "")

    return told
