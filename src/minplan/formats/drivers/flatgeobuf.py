"""FlatGeobuf: one layer, in the order of its features (no spatial index is written)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyogrio

from minplan.core.text import Text
from minplan.formats.drivers.model import (
    Driver,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
)
from minplan.formats.drivers.ogr import OgrSource, Traits, members_of
from minplan.formats.drivers.ogr_write import write_layer
from minplan.formats.drivers.several import one_layer

_UTF8: Final = Text("格式规定为 UTF-8", "prescribed by the format: UTF-8")

# GDAL's own Arrow stream of this format gives broken values for features without geometry.
pyogrio.set_gdal_config_options({"OGR_FLATGEOBUF_STREAM_BASE_IMPL": True})


def _detect(path: Path, head: bytes) -> bool:
    return head.startswith(b"fgb\x03fgb")


def _open(path: Path, options: OpenOptions) -> OgrSource:
    return OgrSource(options, members_of(path, options.name), Traits("UTF-8", _UTF8))


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    for stream in one_layer(layers, path):
        write_layer(path, stream, report, driver="FlatGeobuf", options={"SPATIAL_INDEX": "NO"})
    return report


DRIVER: Final = Driver("fgb", Text("FlatGeobuf", "FlatGeobuf"), (".fgb",), _detect, _open, _write)
