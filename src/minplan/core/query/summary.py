"""Totals, groups and the reason why nothing was found."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from minplan.core.query.model import AREA, Match, Pivot, Query, QueryField, Source
from minplan.core.query.rows import Reader, condition_mask, ground_mask, matching, numbers, texts
from minplan.core.query.words import condition_words, ground_words
from minplan.core.text import Text

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a field over the rows that have it, by unit where rows differ in theirs."""

    field: QueryField
    unit: str
    sum: float
    count: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Number of rows, of rows with geometry, and the sums of additive fields."""

    count: int
    drawn: int
    sums: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a pivot: number of rows and the sum of the chosen field."""

    count: int
    sum: float | None


@dataclass(frozen=True, slots=True)
class PivotTable:
    """Groups by value; None stands for empty. ``cells`` maps (row, column) to the cell.

    Rows and columns are ordered by their number of rows, the greatest first. Without a second
    field ``columns`` is empty and cells stand under (row, None).
    """

    pivot: Pivot
    rows: tuple[Any, ...]
    columns: tuple[Any, ...]
    cells: dict[tuple[Any, Any], Cell]
    by_row: dict[Any, Cell] = field(default_factory=dict)
    by_column: dict[Any, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """What a condition does to a result.

    ``alone`` counts the rows that hold it by itself, ``without`` those the query would find were
    it dropped. ``position`` is that of the condition, -1 for the ground.
    """

    position: int
    words: Text
    alone: int
    without: int


def totals_of(
    query: Query, reader: Reader, ground: BaseGeometry | None, advance: Advance | None = None
) -> Totals:
    """Count and sum everything a query finds."""
    source = reader.source
    wanted = [item for item in source.fields if item.additive]
    sums: dict[tuple[str, str], list[float]] = {}
    count = drawn = 0
    for rows in reader.batches(bounds=ground.bounds if ground is not None else None):
        found = np.flatnonzero(matching(query, source, rows, ground))
        count += len(found)
        if len(found):
            chosen = rows.take(found)
            drawn += int(np.count_nonzero(~np.isnan(chosen.areas()))) if source.geometry else 0
            for item in wanted:
                _add_sums(sums, item, chosen)
        if advance is not None:
            advance(len(rows))
    return Totals(count, drawn, _totals(sums, wanted))


def _add_sums(sums: dict[tuple[str, str], list[float]], item: QueryField, rows: Any) -> None:
    figures = numbers(rows.column(item.code))
    known = ~np.isnan(figures)
    units = texts(rows.column(item.unit_field)) if item.unit_field else None
    for unit in sorted(set(units[known].tolist())) if units is not None else [item.unit]:
        own = known if units is None else known & (units == unit)
        if own.any():
            sums.setdefault((item.code, unit), []).extend(figures[own].tolist())


def _totals(
    sums: dict[tuple[str, str], list[float]], wanted: list[QueryField]
) -> tuple[Total, ...]:
    by_code = {item.code: item for item in wanted}
    order = {item.code: number for number, item in enumerate(wanted)}
    found = []
    for (code, unit), figures in sorted(sums.items(), key=lambda x: (order[x[0][0]], x[0][1])):
        item = by_code[code]
        total = round(math.fsum(figures), max(item.decimals, 4))
        found.append(Total(item, unit, total, len(figures)))
    return tuple(found)


def pivot_of(query: Query, reader: Reader, ground: BaseGeometry | None) -> PivotTable:
    """Group what a query finds by the fields of its pivot."""
    assert query.pivot is not None
    pivot, source = query.pivot, reader.source
    counts: dict[tuple[Any, Any], int] = {}
    figures: dict[tuple[Any, Any], list[float]] = {}
    for rows in reader.batches(bounds=ground.bounds if ground is not None else None):
        found = np.flatnonzero(matching(query, source, rows, ground))
        if not len(found):
            continue
        chosen = rows.take(found)
        across = chosen.column(pivot.columns) if pivot.columns else [None] * len(chosen)
        values = numbers(chosen.column(pivot.sum)) if pivot.sum else None
        for index, pair in enumerate(zip(chosen.column(pivot.rows), across, strict=True)):
            key = (_group(pair[0]), _group(pair[1]))
            counts[key] = counts.get(key, 0) + 1
            if values is not None and not np.isnan(values[index]):
                figures.setdefault(key, []).append(float(values[index]))
    return _pivot_table(pivot, source, counts, figures)


def _group(value: Any) -> Any:
    return None if value in (None, "") else value


def _pivot_table(
    pivot: Pivot,
    source: Source,
    counts: dict[tuple[Any, Any], int],
    figures: dict[tuple[Any, Any], list[float]],
) -> PivotTable:
    decimals = max(4, source.field(pivot.sum).decimals) if pivot.sum else 4

    def cell(keys: list[tuple[Any, Any]]) -> Cell:
        total = [value for key in keys for value in figures.get(key, ())]
        return Cell(
            sum(counts[key] for key in keys),
            round(math.fsum(total), decimals) if pivot.sum else None,
        )

    down = _by_group(counts, 0)
    across = _by_group(counts, 1)
    by_row = {value: cell(keys) for value, keys in down.items()}
    by_column = {value: cell(keys) for value, keys in across.items()}
    return PivotTable(
        pivot,
        _ordered(by_row),
        _ordered(by_column) if pivot.columns else (),
        {key: cell([key]) for key in counts},
        by_row,
        by_column,
    )


def _by_group(counts: dict[tuple[Any, Any], int], part: int) -> dict[Any, list[tuple[Any, Any]]]:
    found: dict[Any, list[tuple[Any, Any]]] = {}
    for key in counts:
        found.setdefault(key[part], []).append(key)
    return found


def _ordered(cells: dict[Any, Cell]) -> tuple[Any, ...]:
    return tuple(sorted(cells, key=lambda value: (value is None, -cells[value].count, str(value))))


def reasons_of(query: Query, reader: Reader, ground: BaseGeometry | None) -> tuple[Reason, ...]:
    """Condition by condition: how many rows hold it, and how many there were without it."""
    source = reader.source
    words = [condition_words(item, source) for item in query.conditions]
    spatial = query.ground is not None and ground is not None
    if query.ground is not None and spatial:
        words.append(ground_words(query.ground))
    alone, without = np.zeros(len(words), dtype=int), np.zeros(len(words), dtype=int)
    for rows in reader.batches():
        masks = [condition_mask(item, source, rows) for item in query.conditions]
        if query.ground is not None and ground is not None:
            masks.append(ground_mask(query.ground, ground, rows, np.arange(len(rows))))
        for number, mask in enumerate(masks):
            alone[number] += np.count_nonzero(mask)
            without[number] += np.count_nonzero(_others(query, masks, number, len(rows), spatial))
    positions = [*range(len(query.conditions)), *([-1] if spatial else [])]
    found = zip(positions, words, alone.tolist(), without.tolist(), strict=True)
    return tuple(Reason(*item) for item in found)


def _others(query: Query, masks: list[Any], number: int, size: int, spatial: bool) -> Any:
    """Rows that hold the query without one of its parts."""
    last = len(masks) - 1 if spatial else len(masks)
    attributes = [mask for n, mask in enumerate(masks[:last]) if n != number]
    found = np.ones(size, dtype=bool)
    if attributes:
        reduce = np.logical_or if query.match is Match.ANY else np.logical_and
        found = reduce.reduce(attributes)
    return found & masks[-1] if spatial and number != last else found


def area_of(totals: Totals) -> Total | None:
    """The sum of computed areas."""
    return next((item for item in totals.sums if item.field.code == AREA), None)
