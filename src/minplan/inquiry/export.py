"""Results of queries as files: XLSX, CSV, Shapefile, GeoPackage, GeoJSON, KML.

Files for people (XLSX, CSV) have the names of fields as headings and words for codes; files for
GIS keep codes, so that they can be read back as they were.
"""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Remark
from minplan.core.geometry.crs import CoordinateSystem, Datum, from_lonlat, zone_of
from minplan.core.query.model import AREA, Kind, QueryField
from minplan.core.query.rows import Rows, matching
from minplan.core.query.sources import STATE
from minplan.core.text import Language, Text
from minplan.formats.coordinate_system import parse_system
from minplan.formats.drivers.several import safe
from minplan.formats.features import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    object_array,
    write_features,
)
from minplan.inquiry.desk import Prepared

#: Formats by key, with the suffix of the file.
FORMATS: Final[Mapping[str, tuple[Text, str]]] = {
    "xlsx": (Text("Excel 表格", "Excel workbook"), ".xlsx"),
    "csv": (Text("CSV 表格", "CSV table"), ".csv"),
    "shp": (Text("Shapefile（压缩包）", "shapefile (zip)"), ".shp.zip"),
    "gpkg": (Text("GeoPackage", "GeoPackage"), ".gpkg"),
    "geojson": (Text("GeoJSON", "GeoJSON"), ".geojson"),
    "kml": (Text("KML", "KML"), ".kml"),
}
_PEOPLE: Final = ("xlsx", "csv")
_DRAWN_ONLY: Final = ("shp", "geojson", "kml")
_LONLAT_ONLY: Final = ("geojson", "kml")
#: Names of derived columns in files.
_NAMES: Final = {AREA: "area_km2", STATE: "state"}
_TYPES: Final = {
    Kind.TEXT: ColumnType.TEXT,
    Kind.CODE: ColumnType.TEXT,
    Kind.NUMBER: ColumnType.REAL,
    Kind.DATE: ColumnType.DATE,
    Kind.FLAG: ColumnType.BOOLEAN,
}
#: What a cell must not begin with, lest a spreadsheet takes it for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
#: Bytes of a file name that every file system and archive takes.
_NAME_BYTES: Final = 90

Advance = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a result is written.

    ``format`` is a key of :data:`FORMATS`. ``system`` is ``lonlat`` (EPSG:4490), ``zone`` (the
    3-degree zone the result lies in), ``zones`` (a layer for each zone), or anything that names a
    system (``38``, ``EPSG:4526``). ``encoding`` is that of a Shapefile. ``shapes`` adds geometry to
    tables for people, as WKT.
    """

    format: str = "xlsx"
    system: str = "lonlat"
    encoding: str = "UTF-8"
    language: Language = "zh"
    shapes: bool = False

    @property
    def for_people(self) -> bool:
        """Whether headings and values are words."""
        return self.format in _PEOPLE


@dataclass(frozen=True, slots=True)
class Exported:
    """The file that was written, its number of rows, and what the format remarked."""

    path: Path
    rows: int
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer to be written: its name, its system, and the zones its rows lie in (empty: all).

    Rows without geometry are in zone 0.
    """

    name: str
    system: CoordinateSystem
    zones: tuple[int, ...] = ()


@dataclass(slots=True)
class _Work:
    prepared: Prepared
    options: ExportOptions
    fields: tuple[QueryField, ...]
    advance: Advance
    done: int = field(default=0)


def export(
    prepared: Prepared,
    folder: Path,
    options: ExportOptions,
    *,
    advance: Advance = lambda done, total: None,
    name: str = "",
) -> Exported:
    """Write everything a query finds into one file of ``folder``.

    Raises InputError E876 for a format that is not written or does not suit the result, E214 for
    an unknown system, and what the writers raise (E22x) for values a format cannot hold.
    """
    _check(prepared, options)
    source = prepared.source
    drawn = bool(source.geometry) and (not options.for_people or options.shapes)
    work = _Work(prepared, options, _fields(prepared, options), advance)
    title = _title(name or source.name.get(options.language), prepared.query.date)
    layers = _layers(prepared, options, title) if drawn else (_Layer(title, CoordinateSystem()),)
    path = folder / f"{title}{FORMATS[options.format][1]}"
    target = path.with_suffix("") if len(layers) > 1 and options.format == "csv" else path
    encoding = options.encoding if options.format == "shp" else "UTF-8"
    try:
        report = _write(work, target, layers, drawn, encoding)
    except InputError as error:
        if error.code != "E228" or encoding.upper() != "GBK":
            raise
        work.done = 0
        report = _write(work, target, layers, drawn, "GB18030")
    if target.is_dir():
        path = _zipped(target)
    for companion in (path.with_suffix(".csvt"), path.with_suffix(".prj")):
        companion.unlink(missing_ok=True)
    return Exported(path, work.done, tuple(report.remarks))


def _write(
    work: _Work, target: Path, layers: tuple[_Layer, ...], drawn: bool, encoding: str
) -> Any:
    tables = (table for layer in layers for table in _tables(work, layer, drawn))
    return write_features(
        target, tables, driver=work.options.format, encoding=encoding, overwrite=True
    )


def _check(prepared: Prepared, options: ExportOptions) -> None:
    if options.format not in FORMATS:
        listed = "、".join(FORMATS)
        raise _unfit(
            Text(f"不能导出“{options.format}”", f"there is no export to {options.format!r}"),
            Text(f"可用：{listed}", f"use one of: {', '.join(FORMATS)}"),
        )
    word = FORMATS[options.format][0]
    if options.format in _DRAWN_ONLY and not prepared.source.geometry:
        raise _unfit(
            Text(f"这张表没有图形，不能导出为 {word.zh}", f"a table cannot be a {word.en}"),
            Text("请导出 Excel、CSV 或 GeoPackage", "export Excel, CSV or GeoPackage"),
        )
    if options.format in _LONLAT_ONLY and options.system != "lonlat":
        raise _unfit(
            Text(f"{word.zh} 规定为经纬度", f"{word.en} holds lon/lat only"),
            Text(
                "坐标系选 EPSG:4490，或导出 Shapefile、GeoPackage",
                "choose EPSG:4490, or export a shapefile or GeoPackage",
            ),
        )


def _unfit(message: Text, hint: Text) -> InputError:
    return InputError("E876", message, place=Place(field="format"), hint=hint)


def _fields(prepared: Prepared, options: ExportOptions) -> tuple[QueryField, ...]:
    if prepared.query.columns or options.for_people:
        return prepared.source.shown(prepared.query)
    return prepared.source.fields


def _layers(prepared: Prepared, options: ExportOptions, title: str) -> tuple[_Layer, ...]:
    if options.system not in ("zone", "zones"):
        return (_Layer(title, parse_system(options.system)),)
    found: dict[int, int] = {}
    for rows in _chosen(prepared):
        for zone, count in zip(*np.unique(_zones(rows), return_counts=True), strict=True):
            found[int(zone)] = found.get(int(zone), 0) + int(count)
    undrawn = found.pop(0, 0)
    if not found:
        return (_Layer(title, CoordinateSystem()),)
    if options.system == "zone" or len(found) == 1:
        return (_Layer(title, _system(max(found, key=lambda zone: found[zone]))),)
    zones = sorted(found)
    rest = (0,) if undrawn else ()
    own = [(zone, *rest) if zone == zones[0] else (zone,) for zone in zones]
    return tuple(_Layer(f"{title}_{item[0]}", _system(item[0]), item) for item in own)


def _system(zone: int) -> CoordinateSystem:
    return CoordinateSystem(Datum.CGCS2000, 3, zone)


def _zones(rows: Rows) -> Any:
    """The 3-degree zone of each row, 0 without geometry."""
    shapes = rows.shapes(np.arange(len(rows)))
    middle = shapely.get_x(shapely.centroid(shapes))
    return np.array([0 if np.isnan(lon) else zone_of(lon) for lon in middle], dtype=int)


def _chosen(prepared: Prepared) -> Iterator[Rows]:
    bounds = prepared.ground.bounds if prepared.ground is not None else None
    for rows in prepared.reader.batches(bounds=bounds):
        found = np.flatnonzero(matching(prepared.query, prepared.source, rows, prepared.ground))
        if len(found):
            yield rows.take(found)


def _tables(work: _Work, layer: _Layer, drawn: bool) -> Iterator[FeatureTable]:
    empty = True
    for rows in _chosen(work.prepared):
        own = rows
        if layer.zones:
            own = rows.take(np.flatnonzero(np.isin(_zones(rows), layer.zones)))
        if len(own):
            empty = False
            yield _table(work, layer, own, drawn)
            work.done += len(own)
            work.advance(work.done, 0)
    if empty:
        yield _table(work, layer, Rows(np.zeros(0, dtype=object), {}), drawn)


def _table(work: _Work, layer: _Layer, rows: Rows, drawn: bool) -> FeatureTable:
    columns = _columns(work)
    values = {
        column.name: object_array([_told(work, item, value) for value in rows.column(item.code)])
        for column, item in zip(columns, work.fields, strict=True)
    }
    if not drawn:
        return FeatureTable(layer.name, columns, values, first_row=work.done + 1)
    shapes = rows.shapes(np.arange(len(rows)))
    if layer.system.is_projected:
        shapes = shapely.transform(shapes, lambda points: from_lonlat(layer.system, points))
    return FeatureTable(
        layer.name,
        columns,
        values,
        geometry=shapes,
        geometry_type=GeometryType(work.prepared.source.geometry),
        system=layer.system,
        first_row=work.done + 1,
    )


def _columns(work: _Work) -> tuple[Column, ...]:
    people, language = work.options.for_people, work.options.language
    found: list[Column] = []
    for item in work.fields:
        name = item.name.get(language)
        unit = f"（{item.unit}）" if language == "zh" else f" ({item.unit})"
        heading = f"{name}{unit}" if item.unit else name
        taken = {column.name for column in found}
        shown = heading if heading not in taken else f"{heading} {item.code}"
        typed = ColumnType.TEXT if people and item.kind is Kind.FLAG else _TYPES[item.kind]
        found.append(
            Column(
                shown if people else _NAMES.get(item.code, item.code),
                typed,
                decimals=item.decimals if typed is ColumnType.REAL and not people else None,
                alias=heading,
            )
        )
    return tuple(found)


def _told(work: _Work, item: QueryField, value: Any) -> Any:
    if value is None or value == "":
        return None
    match item.kind:
        case Kind.NUMBER:
            return _figure(item, value)
        case Kind.DATE:
            return _day(value)
        case Kind.FLAG:
            return item.word(bool(value)).get(work.options.language) if _people(work) else value
    text = item.word(value).get(work.options.language) if _people(work) else str(value)
    return f"'{text}" if work.options.format == "csv" and text.startswith(_FORMULA) else text


def _people(work: _Work) -> bool:
    return work.options.for_people


def _figure(item: QueryField, value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return round(found, item.decimals) if item.code == AREA else found


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value)[:10].replace("/", "-"))
    except ValueError:
        return None


def _title(name: str, date: dt.date | None) -> str:
    title = safe(f"{name}_{date}" if date else name)
    return title.encode()[:_NAME_BYTES].decode("utf-8", "ignore")


def _zipped(folder: Path) -> Path:
    """The files of a folder as one archive beside it; the folder goes."""
    path = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in sorted(folder.iterdir()):
            archive.write(item, item.name)
    shutil.rmtree(folder)
    return path
