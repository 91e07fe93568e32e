"""Sources and results of queries as plain JSON, the same for pages, REST and the command line."""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
import shapely

from minplan.core.query.model import OPERATORS, Operator, QueryField, Source
from minplan.core.query.paging import Page
from minplan.core.query.serial import query_to_dict
from minplan.core.query.summary import PivotTable, Reason, Totals
from minplan.inquiry.desk import Prepared

#: Coordinates shown on a map are rounded to this (degrees): a decimetre.
_SHOWN_DEGREES: Final = 1e-6
#: A shape of more corners is drawn with fewer.
_SHOWN_CORNERS: Final = 2_000


def source_card(source: Source) -> dict[str, Any]:
    """A source without its fields, for lists."""
    return {
        "id": source.id,
        "name": source.name.to_dict(),
        "group": source.group.to_dict(),
        "geometry": source.geometry,
        "count": source.count,
        "schematic": source.schematic,
    }


def source_to_dict(source: Source) -> dict[str, Any]:
    """A source with everything a form needs."""
    return {
        **source_card(source),
        "county": source.county,
        "title": source.title,
        "fields": [field_to_dict(item) for item in source.fields],
    }


def field_to_dict(item: QueryField) -> dict[str, Any]:
    """A field with its operators and code list."""
    return {
        "code": item.code,
        "name": item.name.to_dict(),
        "kind": item.kind.value,
        "unit": item.unit,
        "decimals": item.decimals,
        "usual": item.usual,
        "additive": item.additive,
        "codes": [{"value": value, "name": name.to_dict()} for value, name in item.codes],
        "operators": [operator.value for operator in OPERATORS[item.kind]],
    }


def operator_words() -> dict[str, dict[str, str]]:
    """How operators are called."""
    return {item.value: item.word.to_dict() for item in Operator}


def page_to_dict(prepared: Prepared, page: Page, geometry: str = "") -> dict[str, Any]:
    """A page of a result.

    ``geometry`` is empty (none), ``exact``, or ``shown`` for shapes coarse enough for a map.
    """
    shown = prepared.source.shown(prepared.query)
    columns = {item.code: page.rows.column(item.code) for item in shown}
    shapes = _shapes(page, geometry) if geometry else [None] * len(page.rows)
    rows = [
        {
            "key": key,
            "values": {code: plain(column[index]) for code, column in columns.items()},
            **({"geometry": shapes[index]} if geometry else {}),
        }
        for index, key in enumerate(page.rows.keys.tolist())
    ]
    return {
        "query": query_to_dict(prepared.query),
        "words": prepared.words.to_dict(),
        "columns": [field_to_dict(item) for item in shown],
        "rows": rows,
        "next": page.cursor,
    }


def totals_to_dict(totals: Totals) -> dict[str, Any]:
    """Counts and sums."""
    return {
        "count": totals.count,
        "drawn": totals.drawn,
        "sums": [
            {
                "field": item.field.code,
                "name": item.field.name.to_dict(),
                "unit": item.unit,
                "sum": item.sum,
                "count": item.count,
                "decimals": item.field.decimals,
            }
            for item in totals.sums
        ],
    }


def pivot_to_dict(prepared: Prepared, table: PivotTable) -> dict[str, Any]:
    """A pivot: groups with their words, cells as [count, sum] by row and column."""
    source, pivot = prepared.source, table.pivot
    down = source.field(pivot.rows)
    across = source.field(pivot.columns) if pivot.columns else None
    summed = source.field(pivot.sum) if pivot.sum else None
    columns = table.columns if across else (None,)
    return {
        "rows": [_group(down, value) for value in table.rows],
        "columns": [_group(across, value) for value in table.columns] if across else [],
        "cells": [
            [_cell(table.cells.get((row, column))) for column in columns] for row in table.rows
        ],
        "by_row": [_cell(table.by_row[value]) for value in table.rows],
        "by_column": [_cell(table.by_column[value]) for value in table.columns],
        "row_field": field_to_dict(down) | {"codes": []},
        "column_field": field_to_dict(across) | {"codes": []} if across else None,
        "sum_field": field_to_dict(summed) if summed else None,
    }


def reasons_to_list(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """What each condition does to a result."""
    return [
        {
            "condition": item.position,
            "words": item.words.to_dict(),
            "alone": item.alone,
            "without": item.without,
        }
        for item in reasons
    ]


def plain(value: Any) -> Any:
    """A value of a column as JSON holds it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _group(item: QueryField | None, value: Any) -> dict[str, Any]:
    if value is None or item is None:
        return {"value": None, "name": {"zh": "未填", "en": "empty"}}
    return {"value": plain(value), "name": item.word(value).to_dict()}


def _cell(cell: Any) -> list[float | None] | None:
    return None if cell is None else [cell.count, cell.sum]


def _shapes(page: Page, geometry: str) -> list[Any]:
    shapes = page.rows.shapes(np.arange(len(page.rows)))
    if geometry == "shown":
        shapes = np.array([_coarse(item) for item in shapes], dtype=object)
    return [None if item is None else json.loads(shapely.to_geojson(item)) for item in shapes]


def _coarse(shape: Any) -> Any:
    if shape is None:
        return None
    if shapely.get_num_coordinates(shape) > _SHOWN_CORNERS:
        west, south, east, north = shape.bounds
        shape = shapely.simplify(shape, max(east - west, north - south) / _SHOWN_CORNERS)
    return shapely.set_precision(shape, _SHOWN_DEGREES, mode="pointwise")
