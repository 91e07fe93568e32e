"""GeoPackage: every layer, its columns and coordinate systems as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minplan.core.text import Text
from minplan.formats.drivers.model import (
    Driver,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
)
from minplan.formats.drivers.ogr import OgrSource, Traits, members_of, with_suffix
from minplan.formats.drivers.ogr_write import unused, write_layer

_UTF8: Final = Text("格式规定为 UTF-8", "prescribed by the format: UTF-8")


def _detect(path: Path, head: bytes) -> bool:
    return head.startswith(b"SQLite format 3\0")


def _open(path: Path, options: OpenOptions) -> OgrSource:
    copy, folder = with_suffix(path, ".gpkg")
    traits = Traits("UTF-8", _UTF8)
    return OgrSource(options, members_of(copy, options.name), traits, folder)


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    for stream in layers:
        columns = stream.head.columns
        names = {"FID": unused(columns, "fid"), "GEOMETRY_NAME": unused(columns, "geom")}
        if stream.head.geometry_type is None:
            del names["GEOMETRY_NAME"]
        write_layer(path, stream, report, driver="GPKG", options=names)
    return report


DRIVER: Final = Driver("gpkg", Text("GeoPackage", "GeoPackage"), (".gpkg",), _detect, _open, _write)
