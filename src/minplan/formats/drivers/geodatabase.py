"""File geodatabases (GDB): a folder, or a ZIP of it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minplan.core.errors import Place
from minplan.core.geometry.corners import Remark
from minplan.core.text import Text
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.arrow import fits_32_bits, wrong_type
from minplan.formats.drivers.model import (
    ColumnType,
    Driver,
    GeometryType,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
)
from minplan.formats.drivers.ogr import OgrSource, Traits, members_of, with_gdb_suffix
from minplan.formats.drivers.ogr_write import is_degrees, say_types, unused, write_layer

_UTF8: Final = Text("格式规定为 UTF-16", "prescribed by the format: UTF-16")
#: Grid of stored coordinates: 1e-11 degrees or 0.01 mm, far below what is measured.
_DEGREES: Final = {"XORIGIN": "-400", "YORIGIN": "-400", "XYSCALE": "1e11", "XYTOLERANCE": "1e-9"}
_METRES: Final = {
    "XORIGIN": "-100000000",
    "YORIGIN": "-100000000",
    "XYSCALE": "100000",
    "XYTOLERANCE": "0.0001",
}


def _detect(path: Path, head: bytes) -> bool:
    return path.is_dir() and any(item.suffix == ".gdbtable" for item in path.iterdir())


def _open(path: Path, options: OpenOptions) -> OgrSource:
    found, folder = with_gdb_suffix(path)
    return OgrSource(options, members_of(found, options.name), Traits("UTF-16", _UTF8), folder)


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    zipped = path.suffix.lower() == ".zip"
    stem = path.name.removesuffix(".zip").removesuffix(".gdb")
    folder = path.with_name(f"{stem}.gdb")
    for stream in layers:
        _write_layer(folder, stream, report)
    if zipped:
        _zip(folder, path)
    return report


def _write_layer(folder: Path, stream: LayerStream, report: WriteReport) -> None:
    head = stream.head
    if head.geometry_type is GeometryType.MIXED:
        raise wrong_type("Geometry", Place(file=folder.name, layer=head.name))
    chosen = {"FID": unused(head.columns, "OBJECTID")}
    if head.geometry_type is not None:
        chosen |= _DEGREES if is_degrees(head) else _METRES
        chosen["GEOMETRY_NAME"] = unused(head.columns, "SHAPE")
    wide = [
        column.name
        for column in head.columns
        if column.type is ColumnType.INTEGER and not fits_32_bits(column)
    ]
    if wide:
        chosen["TARGET_ARCGIS_VERSION"] = "ARCGIS_PRO_3_2_OR_LATER"
        report.remarks.append(_big_integers(wide, head.name))
    say_types(stream, report, {ColumnType.BOOLEAN: _AS_SHORT})
    write_layer(folder, stream, report, driver="OpenFileGDB", options=chosen, small=True)


_AS_SHORT: Final = Text("写为短整型 0/1", "written as 0 and 1")


def _big_integers(columns: list[str], layer: str) -> Remark:
    listed = "、".join(columns)
    return say.lost(
        Text(
            f"字段 {listed} 写为 64 位整型，需要 ArcGIS Pro 3.2 以上；长度不超过 9 位时写为长整型",
            f"{listed}: written as 64-bit integers, which need ArcGIS Pro 3.2; declare at most "
            "9 digits for 32-bit ones",
        ),
        Place(layer=layer),
    )


def _zip(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in sorted(folder.iterdir()):
            archive.write(item, f"{folder.name}/{item.name}")
            item.unlink()
    folder.rmdir()


DRIVER: Final = Driver(
    "gdb",
    Text("文件地理数据库（GDB）", "file geodatabase (GDB)"),
    (".gdb", ".gdb.zip"),
    _detect,
    _open,
    _write,
)
