"""From plan elements to tables of files and back, by the fields of the standard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import FieldSpec, FieldType, LayerSpec, Spec
from minplan.formats.features import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    ObjectArray,
    object_array,
)

_TYPES: Final = {
    FieldType.CHAR: ColumnType.TEXT,
    FieldType.TEXT: ColumnType.TEXT,
    FieldType.INT: ColumnType.INTEGER,
    FieldType.FLOAT: ColumnType.REAL,
    FieldType.DATE: ColumnType.DATE,
    FieldType.BOOL: ColumnType.BOOLEAN,
}


def column_of(field: FieldSpec) -> Column:
    """The column of a file that holds a field."""
    return Column(
        name=field.code,
        type=_TYPES[field.type],
        length=field.length or None,
        decimals=field.decimals if field.type is FieldType.FLOAT else None,
        alias=field.name.zh,
    )


def table_of(
    spec: Spec, features: Sequence[FeatureValue], *, name: str | None = None, first_row: int = 1
) -> FeatureTable:
    """Elements of one layer or table as a table of a file, in EPSG:4490."""
    values = {
        field.code: object_array(
            [_told(field, feature.attributes.get(field.code)) for feature in features]
        )
        for field in spec.fields
    }
    columns = tuple(column_of(field) for field in spec.fields)
    if not isinstance(spec, LayerSpec):
        return FeatureTable(name or spec.code, columns, values, first_row=first_row)
    return FeatureTable(
        name or spec.code,
        columns,
        values,
        geometry=object_array([feature.geometry for feature in features]),
        geometry_type=GeometryType(spec.geometry.value),
        system=CoordinateSystem(),
        first_row=first_row,
    )


def _told(field: FieldSpec, value: Any) -> Any:
    if field.type is FieldType.DATE and isinstance(value, str):
        return dt.date.fromisoformat(value)
    return value


def rows_of(
    table: FeatureTable, fields: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, Any], BaseGeometry | None]]:
    """Row number, attributes by field code, and geometry of a table in EPSG:4490.

    ``fields`` maps columns of the file to fields of the standard; other columns are left out.
    Geometries of one part are single, without Z and M; empty ones are None.
    """
    held = {code: column for column, code in fields.items() if column in table.values}
    columns = [_plain_column(table.values[column]) for column in held.values()]
    codes = [*held]
    shapes = repeat(None) if table.geometry is None else _plane(table.geometry)
    rows = zip(*columns, strict=True) if columns else repeat(())
    numbers = range(table.first_row, table.first_row + len(table))
    for number, values, shape in zip(numbers, rows, shapes, strict=False):
        row = {code: value for code, value in zip(codes, values, strict=True) if value is not None}
        yield number, row, shape


def _plain_column(column: ObjectArray) -> list[Any]:
    """The values of a column, None for what says nothing; its sorts of values are looked at first.

    Nearly all columns hold text or whole figures and are taken over as they are.
    """
    values: list[Any] = column.tolist()
    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return [value or None for value in values] if "" in values else values
    return values if kinds <= {int, type(None)} else [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value != value:  # noqa: PLR0124  NaN says nothing
        return None
    return value


def _plane(geometry: ObjectArray) -> ObjectArray:
    shapes = np.array(geometry, dtype=object)
    high = shapely.has_z(shapes) | shapely.has_m(shapes)
    shapes[high] = shapely.force_2d(shapes[high])
    several = shapely.get_type_id(shapes) >= _MULTI
    alone = several & (shapely.get_num_geometries(shapes) == 1)
    shapes[alone] = shapely.get_geometry(shapes[alone], 0)
    shapes[shapely.is_empty(shapes)] = None
    return shapes


#: Type id of MultiPoint; MultiLineString, MultiPolygon and collections follow.
_MULTI: Final = 4
