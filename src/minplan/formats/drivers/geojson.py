"""GeoJSON: one layer; WGS84 by RFC 7946 unless its ``crs`` member names another system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minplan.core.errors import Place
from minplan.core.geometry.corners import Remark
from minplan.core.geometry.crs import Datum
from minplan.core.text import Text
from minplan.formats.detect import is_geojson
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.model import (
    Driver,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
)
from minplan.formats.drivers.ogr import OgrSource, Traits, members_of
from minplan.formats.drivers.ogr_write import is_degrees, write_layer
from minplan.formats.drivers.several import files

_UTF8: Final = Text("格式规定为 UTF-8", "prescribed by the format: UTF-8")
_CRS: Final = re.compile(rb'"crs"\s*:\s*\{')
_CHUNK: Final = 1 << 20


def _detect(path: Path, head: bytes) -> bool:
    return is_geojson(head, path.suffix.lower())


def _open(path: Path, options: OpenOptions) -> OgrSource:
    found = members_of(path, options.name)
    title = Path(options.name).stem
    members = {title if len(found) == 1 else name: item for name, item in found.items()}
    traits = Traits("UTF-8", _UTF8, datum=Datum.WGS84, declares=_names_system(path))
    return OgrSource(options, members, traits)


def _names_system(path: Path) -> bool:
    """Whether the file has a ``crs`` member: writers put it before or after the features."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if _CRS.search(file.read(_CHUNK)):
            return True
        file.seek(max(0, size - _CHUNK))
        return _CRS.search(file.read()) is not None


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    for file, stream in files(layers, path, ".geojson"):
        more = {"COORDINATE_PRECISION": "15", "SIGNIFICANT_FIGURES": "17"}
        if not is_degrees(stream.head) and stream.head.geometry_type is not None:
            report.remarks.append(_not_by_norm(stream.name, path.name))
        write_layer(file, stream, report, driver="GeoJSON", options=more)
    return report


def _not_by_norm(layer: str, file: str) -> Remark:
    return say.lost(
        Text(
            "GeoJSON 标准（RFC 7946）只用经纬度；坐标系写在 crs 成员里，部分软件不认",
            "RFC 7946 knows lon/lat only; the system is in the crs member, which some ignore",
        ),
        Place(file=file, layer=layer),
    )


DRIVER: Final = Driver(
    "geojson", Text("GeoJSON", "GeoJSON"), (".geojson", ".json"), _detect, _open, _write
)
