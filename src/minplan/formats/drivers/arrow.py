"""Columns and values between Arrow and feature tables."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import shapely

from minplan.core.errors import InputError, Place
from minplan.core.geometry.layer import GeometryArray
from minplan.core.text import Text
from minplan.formats.drivers.model import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    ObjectArray,
    object_array,
)

#: Name of the geometry in streams that are written; no format hands it on.
GEOMETRY: Final = "__geometry__"

_GEOMETRY_WORDS: Final = (
    ("Polygon", GeometryType.POLYGON),
    ("Surface", GeometryType.POLYGON),
    ("Line", GeometryType.LINE),
    ("Curve", GeometryType.LINE),
    ("Point", GeometryType.POINT),
)
#: Type ids of shapely that belong to a geometry type.
TYPE_IDS: Final = {
    GeometryType.POINT: (0, 4),
    GeometryType.LINE: (1, 2, 5),
    GeometryType.POLYGON: (3, 6),
}


# -- reading --------------------------------------------------------------------------------------


def single(shapes: GeometryArray) -> GeometryArray:
    """Plane geometries where those of one part are single, and empty ones None."""
    shapes = np.asarray(shapes, dtype=object)
    shapes = shapes.copy()
    shapes[shapely.is_empty(shapes)] = None
    kinds = shapely.get_type_id(shapes)
    multi = (kinds >= 4) & (kinds <= 6) & (shapely.get_num_geometries(shapes) == 1)
    if multi.any():
        shapes[multi] = shapely.get_geometry(shapes[multi], 0)
    return shapes


def geometry_type_of(word: str | None) -> GeometryType | None:
    """The geometry type of what GDAL calls it; None for a table without geometry."""
    if word is None:
        return None
    return next((kind for part, kind in _GEOMETRY_WORDS if part in word), GeometryType.MIXED)


def geometry_index(schema: pa.Schema) -> int | None:
    """Position of the geometry in a stream of GDAL."""
    for index, item in enumerate(schema):
        if (item.metadata or {}).get(b"ARROW:extension:name") in (b"geoarrow.wkb", b"ogc.wkb"):
            return index
    return None


def column_of(name: str, item: pa.Field) -> Column:
    """The column that a field of a stream of GDAL stands for."""
    meta = item.metadata or {}
    width = int(meta.get(b"GDAL:OGR:width", b"0")) or None
    alias = meta.get(b"GDAL:OGR:alternative_name", b"").decode()
    kind = item.type
    if pa.types.is_boolean(kind):
        return Column(name, ColumnType.BOOLEAN, alias=alias)
    if pa.types.is_integer(kind):
        return Column(name, ColumnType.INTEGER, alias=alias)
    if pa.types.is_floating(kind):
        return Column(name, ColumnType.REAL, alias=alias)
    if pa.types.is_date(kind):
        return Column(name, ColumnType.DATE, 10, alias=alias)
    if pa.types.is_timestamp(kind):
        return Column(name, ColumnType.DATE, 19, alias=alias)
    return Column(name, ColumnType.TEXT, width, alias=alias)


def unique_name(name: str, taken: Sequence[str]) -> str:
    """``name``, numbered where it is taken."""
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name}_{number}"
    return unique


def values_of(
    array: pa.Array, kind: ColumnType, decode: Callable[[str], str] | None = None
) -> ObjectArray:
    """The values of a column; ``decode`` turns the text of the stream into the right one."""
    plain = _plain_values(array, kind) if decode is None else None
    if plain is not None:
        return plain
    items = array.to_pylist()
    if kind is ColumnType.TEXT:
        return object_array(_text(value, decode) for value in items)
    if kind is ColumnType.DATE:
        return object_array(map(_date, items))
    if kind is ColumnType.REAL:
        return object_array(map(_real, items))
    return object_array(items)


def _plain_values(array: pa.Array, kind: ColumnType) -> ObjectArray | None:
    """The same for columns of the usual sorts, all values at once; None for others."""
    if kind is ColumnType.TEXT and pa.types.is_string(array.type):
        texts = np.array(array.to_numpy(zero_copy_only=False), dtype=object)
        texts[texts == ""] = None
        return texts
    if kind is ColumnType.REAL and pa.types.is_floating(array.type):
        figures = array.to_numpy(zero_copy_only=False)
        values: ObjectArray = figures.astype(object)
        values[np.isnan(figures)] = None
        return values
    if kind is ColumnType.INTEGER and pa.types.is_integer(array.type) and not array.null_count:
        return np.asarray(array.to_numpy(zero_copy_only=False).astype(object), dtype=object)
    return None


def _text(value: Any, decode: Callable[[str], str] | None) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, default=str)
    return decode(value) if decode else value


def _real(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _date(value: dt.date | None) -> dt.date | None:
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None)
        return value.date() if value.time() == dt.time() else value
    return value


# -- writing --------------------------------------------------------------------------------------


def schema_of(table: FeatureTable, names: Mapping[str, str], *, small: bool = False) -> pa.Schema:
    """The Arrow schema of a table whose columns are called ``names``.

    ``small`` asks for 32-bit integers where the declared length allows them.
    """
    fields = [_field(column, names[column.name], small=small) for column in table.columns]
    if table.geometry_type is not None:
        fields.append(pa.field(GEOMETRY, pa.binary()))
    return pa.schema(fields)


def _field(column: Column, name: str, *, small: bool) -> pa.Field:
    meta = {}
    if column.alias and column.alias != name:
        meta["GDAL:OGR:alternative_name"] = column.alias
    if column.type is ColumnType.TEXT and column.length:
        meta["GDAL:OGR:width"] = str(column.length)
    kinds = {
        ColumnType.TEXT: pa.string(),
        ColumnType.INTEGER: pa.int32() if small and fits_32_bits(column) else pa.int64(),
        ColumnType.REAL: pa.float64(),
        ColumnType.DATE: pa.timestamp("ms") if column.length == 19 else pa.date32(),
        ColumnType.BOOLEAN: pa.bool_(),
    }
    return pa.field(name, kinds[column.type], metadata=meta)


def fits_32_bits(column: Column) -> bool:
    """Whether the declared length of an integer column keeps it within 32 bits."""
    return column.length is not None and column.length <= 9


def record_batch(table: FeatureTable, schema: pa.Schema, file: str) -> pa.RecordBatch:
    """A batch of a table; InputError E228 names the first value that does not fit its column."""
    arrays = [
        _array(table, column, schema.field(index).type, file)
        for index, column in enumerate(table.columns)
    ]
    if table.geometry_type is not None:
        arrays.append(pa.array(promoted_wkb(table, file), type=pa.binary()))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(table: FeatureTable, column: Column, kind: pa.DataType, file: str) -> pa.Array:
    values = [told(value, column) for value in table.values[column.name]]
    if column.type is ColumnType.TEXT and column.length:
        for row, value in enumerate(values, table.first_row):
            if isinstance(value, str) and len(value) > column.length:
                raise too_long(value, Place(file, table.name, row, column.name), column.length)
    try:
        return pa.array(values, type=kind)
    except (pa.ArrowException, OverflowError, ValueError, TypeError):
        for row, value in enumerate(values, table.first_row):
            try:
                pa.array([value], type=kind)
            except (pa.ArrowException, OverflowError, ValueError, TypeError) as error:
                place = Place(file, table.name, row, column.name)
                raise unfitting(value, column, place) from error
        raise


def told(value: Any, column: Column) -> Any:
    """A value as it is written: nothing for empty text, a date for a date with midnight."""
    if value is None or value == "":
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if column.type is ColumnType.REAL and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if column.type is ColumnType.DATE:
        if (
            column.length == 19
            and isinstance(value, dt.date)
            and not isinstance(value, dt.datetime)
        ):
            return dt.datetime(value.year, value.month, value.day)
        if column.length != 19 and isinstance(value, dt.datetime) and value.time() == dt.time():
            return value.date()
    return value


def too_long(value: str, place: Place, limit: int) -> InputError:
    """The error for text that does not fit: never cut."""
    return InputError(
        "E229",
        Text(
            f"文字超过字段长度 {limit}：{value[:20]}…",
            f"text exceeds length {limit}: {value[:20]}…",
        ),
        place=place,
        hint=Text("请缩短文字、加长字段或改用 GeoPackage", "shorten it, or write a GeoPackage"),
    )


def unfitting(value: Any, column: Column, place: Place) -> InputError:
    """The error for a value that is not of the type of its column."""
    return InputError(
        "E228",
        Text(
            f"值“{str(value)[:30]}”不符合字段类型 {column.type.value}",
            f"{str(value)[:30]!r} is no value of type {column.type.value}",
        ),
        place=place,
        hint=Text("请改正该值或字段类型", "correct the value or the type of the column"),
    )


def promoted_wkb(table: FeatureTable, file: str) -> ObjectArray:
    """The geometries of a table as WKB; see :func:`promoted`."""
    assert table.geometry is not None
    return np.asarray(shapely.to_wkb(promoted(table, file)), dtype=object)


def promoted(table: FeatureTable, file: str) -> GeometryArray:
    """The geometries of a table, all of several parts where the type is lines or polygons.

    Raises InputError E220 for a geometry that is not of the table's type.
    """
    assert table.geometry is not None
    assert table.geometry_type is not None
    shapes = np.asarray(table.geometry, dtype=object).copy()
    if table.geometry_type is GeometryType.MIXED:
        return shapes
    ids = shapely.get_type_id(shapes)
    wrong = ~np.isin(ids, (*TYPE_IDS[table.geometry_type], -1))
    if table.geometry_type is GeometryType.POINT:
        wrong |= ids == 4
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise wrong_type(str(shapes[row].geom_type), Place(file, table.name, table.first_row + row))
    for index in np.flatnonzero(np.isin(ids, (1, 2))):
        shapes[index] = shapely.multilinestrings([shapes[index]])
    for index in np.flatnonzero(ids == 3):
        shapes[index] = shapely.multipolygons([shapes[index]])
    return shapes


def wrong_type(word: str, place: Place) -> InputError:
    """The error for a geometry that its layer, or the format, cannot hold."""
    return InputError(
        "E220",
        Text(f"图层或格式不能存放 {word}", f"the layer or format cannot hold a {word}"),
        place=place,
        hint=Text("请按点、线、面分图层，或改用 GeoPackage", "split it by type, or use GeoPackage"),
    )
