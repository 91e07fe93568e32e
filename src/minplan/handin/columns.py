"""From plan elements to tables of files and back, by the fields of the standard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.standard.feature import FeatureValue, rounded
from minplan.core.standard.model import FieldSpec, FieldType, LayerSpec, Spec
from minplan.formats.features import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
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
    Geometries of one part are single, on the grid of stored coordinates, without Z and M.
    """
    pairs = [
        (code, table.values[column]) for column, code in fields.items() if column in table.values
    ]
    shapes = _plane(table.geometry)
    for index in range(len(table)):
        row = {
            code: value for code, column in pairs if (value := _plain(column[index])) is not None
        }
        yield table.first_row + index, row, None if shapes is None else shapes[index]


def _plain(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value != value:  # noqa: PLR0124  NaN says nothing
        return None
    return value


def _plane(geometry: Any) -> Any:
    if geometry is None:
        return None
    shapes = np.asarray(rounded(shapely.force_2d(geometry)), dtype=object)
    alone = (shapely.get_num_geometries(shapes) == 1) & (shapely.get_type_id(shapes) >= _MULTI)
    shapes[alone] = shapely.get_geometry(shapes[alone], 0)
    shapes[shapely.is_empty(shapes)] = None
    return shapes


#: Type id of MultiPoint; MultiLineString, MultiPolygon and collections follow.
_MULTI: Final = 4
