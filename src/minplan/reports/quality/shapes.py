"""Places of faults as a GeoPackage for a GIS: one layer each of points, lines and polygons."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.quality.fault import Fault
from minplan.core.text import Language, Text
from minplan.formats.features import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    object_array,
    write_features,
)
from minplan.reports.quality.told import COLUMNS, Told, cells

_KINDS: Final = {
    GeometryType.POINT: ("Point", "MultiPoint"),
    GeometryType.LINE: ("LineString", "MultiLineString", "LinearRing"),
    GeometryType.POLYGON: ("Polygon", "MultiPolygon"),
}
_NAMES: Final = {
    GeometryType.POINT: Text("缺陷点", "fault_points"),
    GeometryType.LINE: Text("缺陷线", "fault_lines"),
    GeometryType.POLYGON: Text("缺陷面", "fault_polygons"),
}
_WITHOUT_PLACE: Final = Text("无位置缺陷", "faults_without_place")
#: Columns of the list that the geometry says, or that hold figures.
_LEFT_OUT: Final = (12, 13)
_WHOLE: Final = 5


def write_shapes(told: Told, target: Path, language: Language) -> int:
    """Write the faults with a place into the GeoPackage ``target``; return how many there are.

    Faults without a place follow in a table, so that the file holds all that were kept.
    """
    rows = [(fault, cells(told, fault)) for result, _ in told.found() for fault in result.faults]
    tables = []
    drawn = 0
    for kind, types in _KINDS.items():
        held = [item for item in rows if _kind(item[0].geometry, types)]
        drawn += len(held)
        if held:
            name = _NAMES[kind].get(language)
            tables.append(_table(name, held, language, kind))
    others = [item for item in rows if not any(_kind(item[0].geometry, t) for t in _KINDS.values())]
    if others or not tables:
        tables.append(
            _table(Text("无位置缺陷", "faults_without_place").get(language), others, language)
        )
    write_features(target, tables, driver="gpkg", overwrite=True)
    return drawn


def _kind(geometry: BaseGeometry | None, types: tuple[str, ...]) -> bool:
    return geometry is not None and not geometry.is_empty and geometry.geom_type in types


def _table(
    name: str,
    rows: list[tuple[Fault, tuple[Text | str | float | int, ...]]],
    language: Language,
    kind: GeometryType | None = None,
) -> FeatureTable:
    columns, values = [], {}
    for number, head in enumerate(COLUMNS):
        if number in _LEFT_OUT:
            continue
        title = head.get(language).replace(" ", "_")
        whole = number == _WHOLE
        columns.append(Column(title, ColumnType.INTEGER if whole else ColumnType.TEXT))
        values[title] = object_array([_plain(told[number], language, whole) for _, told in rows])
    geometry = object_array([fault.geometry for fault, _ in rows]) if kind else None
    system = CoordinateSystem() if kind else None
    return FeatureTable(name, tuple(columns), values, geometry, kind, system)


def _plain(value: Text | str | float | int, language: Language, whole: bool) -> str | int | None:
    if isinstance(value, Text):
        return value.get(language) or None
    if whole:
        return value if isinstance(value, int) else None
    return str(value) if value != "" else None
