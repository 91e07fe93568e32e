"""Rows of a source in batches, and the conditions of a query over whole columns at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import cut_area, ellipsoidal_area
from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import Bounds, GeometryArray, IdArray
from minplan.core.query.model import (
    AREA,
    Condition,
    Ground,
    Kind,
    Match,
    Operator,
    Query,
    QueryField,
    Relation,
    Source,
)
from minplan.core.tolerances import NOISE_AREA_M2

BoolArray = NDArray[np.bool_]
ObjectArray = NDArray[np.object_]
_POLYGON: Final = (3, 6)


@dataclass(slots=True, eq=False)
class Rows:
    """A batch of rows in the order of their keys.

    ``keys`` (n,) are unique in the source; ``values`` hold an object array (n,) per field; a field
    that is missing is empty in every row. ``load`` gives geometry for positions in the batch, so
    that it is read for rows that need it only. ``area_m2`` (n,) where it is known beforehand.
    """

    keys: ObjectArray
    values: Mapping[str, ObjectArray]
    load: Callable[[IdArray], GeometryArray] | None = None
    area_m2: FloatArray | None = None
    _areas: FloatArray | None = field(default=None, init=False)
    _shapes: GeometryArray | None = field(default=None, init=False)

    def __len__(self) -> int:
        return len(self.keys)

    def column(self, code: str) -> ObjectArray:
        """The values of a field."""
        if code == AREA:
            found: ObjectArray = np.asarray(np.round(self.areas() / 1e6, 10), dtype=object)
            found[np.isnan(self.areas())] = None
            return found
        if code in self.values:
            return self.values[code]
        return np.full(len(self), None, dtype=object)

    def areas(self) -> FloatArray:
        """The ellipsoidal area of each row in m²; NaN without geometry."""
        if self.area_m2 is not None:
            return self.area_m2
        if self._areas is None:
            shapes = self.shapes(np.arange(len(self)))
            known = np.array([item is not None for item in shapes], dtype=bool)
            self._areas = np.full(len(self), np.nan)
            if known.any():
                self._areas[known] = ellipsoidal_area(shapes[known])
        return self._areas

    def shapes(self, positions: IdArray) -> GeometryArray:
        """Geometry (or None) of the rows at these positions."""
        if self.load is None:
            return np.full(len(positions), None, dtype=object)
        return self.load(positions)

    def take(self, positions: IdArray) -> Rows:
        """The rows at these positions, in this order."""
        load = self.load
        return Rows(
            self.keys[positions],
            {code: column[positions] for code, column in self.values.items()},
            None if load is None else (lambda inner: load(positions[inner])),
            None if self.area_m2 is None else self.area_m2[positions],
        )


class Reader(Protocol):
    """A source that can be read: batches in the order of keys."""

    @property
    def source(self) -> Source:
        """What it is."""
        ...

    def batches(self, *, after: Any = None, bounds: Bounds | None = None) -> Iterator[Rows]:
        """Rows behind the key ``after``; with ``bounds`` only those that may lie there."""
        ...


def matching(query: Query, source: Source, rows: Rows, ground: BaseGeometry | None) -> BoolArray:
    """Which rows a query finds (n,); ``ground`` is the shape its spatial condition stands for."""
    found = np.ones(len(rows), dtype=bool)
    if query.conditions:
        masks = [condition_mask(item, source, rows) for item in query.conditions]
        found = np.logical_and.reduce(masks)
        if query.match is Match.ANY:
            found = np.logical_or.reduce(masks)
    if query.ground is not None and ground is not None and found.any():
        near = np.flatnonzero(found)
        found[near] = ground_mask(query.ground, ground, rows, near)
    return found


def condition_mask(condition: Condition, source: Source, rows: Rows) -> BoolArray:
    """Which rows hold a condition (n,); empty values hold none but ``EMPTY`` and negations."""
    item = source.field(condition.field)
    column = rows.column(item.code)
    empty = _empty(column)
    match condition.operator:
        case Operator.EMPTY:
            return empty
        case Operator.FILLED:
            return ~empty
        case Operator.NOT_EQUAL:
            return np.asarray(~_positive(item, Operator.EQUAL, condition, column, empty))
        case Operator.NONE_OF:
            return np.asarray(~_positive(item, Operator.ONE_OF, condition, column, empty))
    return _positive(item, condition.operator, condition, column, empty)


def ground_mask(ground: Ground, shape: BaseGeometry, rows: Rows, positions: IdArray) -> BoolArray:
    """Which of the rows at ``positions`` lie to a shape (EPSG:4490) as the condition asks.

    Polygons overlap when they share ground; such as meet along a line touch.
    """
    shapes = rows.shapes(positions)
    found = np.zeros(len(positions), dtype=bool)
    shapely.prepare(shape)
    met = np.flatnonzero(shapely.intersects(shapes, shape))
    if not len(met):
        return found
    hit = shapes[met]
    inside = shapely.covered_by(hit, shape)
    polygon = np.isin(shapely.get_type_id(hit), _POLYGON)
    shared, own = np.zeros(len(met)), ellipsoidal_area(hit)
    shared[inside] = own[inside]
    cut = np.flatnonzero(polygon & ~inside)
    if len(cut):
        shared[cut] = cut_area(shapely.intersection(hit[cut], shape))
    overlaps = np.where(polygon, shared > NOISE_AREA_M2, ~shapely.touches(hit, shape))
    match ground.relation:
        case Relation.WITHIN:
            found[met] = np.where(polygon, own - shared <= NOISE_AREA_M2, inside) & overlaps
        case Relation.TOUCHES:
            found[met] = ~overlaps
        case Relation.INTERSECTS:
            found[met] = overlaps & (~polygon | (shared >= ground.share * own))
    return found


def texts(column: ObjectArray) -> NDArray[Any]:
    """A column as strings, empty values as ``""``."""
    plain = ["" if value is None else str(value) for value in column]
    return np.array(plain, dtype=np.dtypes.StringDType())


def numbers(column: ObjectArray) -> FloatArray:
    """A column as figures, NaN where there is none."""
    return np.array([_number(value) for value in column], dtype=np.float64)


def _number(value: Any) -> float:
    if value is None or isinstance(value, bool):
        return np.nan
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan


def _days(column: ObjectArray) -> NDArray[Any]:
    found = np.full(len(column), "NaT", dtype="datetime64[D]")
    for index, value in enumerate(column):
        if value:
            try:
                found[index] = np.datetime64(str(value)[:10].replace("/", "-"), "D")
            except ValueError:
                continue
    return found


def _empty(column: ObjectArray) -> BoolArray:
    return np.array([value is None or value == "" for value in column], dtype=bool)


def _positive(
    item: QueryField, operator: Operator, condition: Condition, column: ObjectArray, empty: Any
) -> BoolArray:
    values = condition.values
    if item.kind is Kind.FLAG:
        wanted = bool(values[0])
        return np.array([value is not None and bool(value) == wanted for value in column])
    if item.kind is Kind.NUMBER:
        return _ordered(operator, numbers(column), [float(value) for value in values])
    if item.kind is Kind.DATE:
        return _ordered(operator, _days(column), [np.datetime64(str(v), "D") for v in values])
    found = _textual(operator, texts(column), [str(value) for value in values], item.multiple)
    return np.asarray(found & ~empty)


def _ordered(operator: Operator, column: Any, values: Sequence[Any]) -> BoolArray:
    with np.errstate(invalid="ignore"):
        match operator:
            case Operator.EQUAL:
                found = column == values[0]
            case Operator.LESS:
                found = column < values[0]
            case Operator.AT_MOST:
                found = column <= values[0]
            case Operator.GREATER:
                found = column > values[0]
            case Operator.AT_LEAST:
                found = column >= values[0]
            case _:
                low, high = sorted(values)
                found = (column >= low) & (column <= high)
    return np.asarray(found, dtype=bool)


def _textual(operator: Operator, column: Any, values: Sequence[str], multiple: bool) -> BoolArray:
    match operator:
        case Operator.CONTAINS:
            lower = np.strings.lower(column)
            return np.asarray(np.strings.find(lower, values[0].lower()) >= 0)
        case Operator.STARTS:
            return np.asarray(np.strings.startswith(column, values[0]))
        case Operator.EQUAL if not multiple:
            return np.asarray(column == values[0])
    if not multiple:
        masks = [column == value for value in values]
        return np.asarray(np.logical_or.reduce(masks), dtype=bool)
    joined = np.strings.add(np.strings.add("、", column), "、")
    masks = [np.strings.find(joined, f"、{value}、") >= 0 for value in values]
    return np.asarray(np.logical_or.reduce(masks), dtype=bool)
