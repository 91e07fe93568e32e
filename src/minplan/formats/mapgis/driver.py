"""The driver of MapGIS 6.x files, which are read only."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from minplan.core.text import Text
from minplan.formats.detect import is_mapgis
from minplan.formats.drivers.model import Driver, FeatureSource, OpenOptions
from minplan.formats.mapgis.source import MapgisSource


def _detect(path: Path, head: bytes) -> bool:
    return is_mapgis(head)


def _open(path: Path, options: OpenOptions) -> FeatureSource:
    return MapgisSource(path, options)


DRIVER: Final = Driver(
    "mapgis",
    Text("MapGIS 6.x 点、线、区文件", "MapGIS 6.x points, lines and areas"),
    (".wt", ".wl", ".wp"),
    _detect,
    _open,
)
