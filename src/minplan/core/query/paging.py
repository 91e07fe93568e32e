"""Pages of a result: by key or by a sort order, stable while rows come and go."""

from __future__ import annotations

import base64
import heapq
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering
from typing import Any, Final

import numpy as np
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError
from minplan.core.geometry.layer import IdArray
from minplan.core.query.model import Kind, Query, Sort, Source
from minplan.core.query.rows import Reader, Rows, matching, numbers
from minplan.core.text import Text

MAX_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Rows of a result and the cursor of the page behind them (empty: there is none)."""

    rows: Rows
    cursor: str


def encode_cursor(values: Iterable[Any], key: Any) -> str:
    """The place behind a row, as text that means nothing to anybody else."""
    told = json.dumps([[*values], key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def decode_cursor(text: str) -> tuple[list[Any], Any]:
    """Read a cursor; InputError E878 for text that is none."""
    try:
        padded = text + "=" * (-len(text) % 4)
        values, key = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(values, list) or not isinstance(key, str | int):
            raise ValueError
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(
            "E878",
            Text("分页标记不可用", "this is no cursor of a page"),
            hint=Text("从第一页重新开始", "start again from the first page"),
        ) from error
    return values, key


def page_of(
    query: Query,
    reader: Reader,
    ground: BaseGeometry | None,
    *,
    size: int,
    cursor: str = "",
) -> Page:
    """The rows of a query behind ``cursor`` (from the start when empty), at most ``size``.

    Without a sort order reading stops once the page is full; with one the whole source is read,
    and only the page is kept.
    """
    size = max(1, min(size, MAX_PAGE))
    values, key = decode_cursor(cursor) if cursor else ([], None)
    if not query.sort:
        return _by_key(query, reader, ground, size, key)
    if cursor and len(values) != len(query.sort):
        raise decode_error()
    return _by_order(query, reader, ground, size, (values, key) if cursor else None)


def decode_error() -> InputError:
    """The error for a cursor of another order."""
    return InputError(
        "E878",
        Text("分页标记与排序不符", "the cursor is of another order"),
        hint=Text("从第一页重新开始", "start again from the first page"),
    )


def _by_key(
    query: Query, reader: Reader, ground: BaseGeometry | None, size: int, after: Any
) -> Page:
    bounds = ground.bounds if ground is not None else None
    kept: list[Rows] = []
    count = 0
    for rows in reader.batches(after=after, bounds=bounds):
        found = np.flatnonzero(matching(query, reader.source, rows, ground))
        if len(found):
            kept.append(rows.take(found[: size + 1 - count]))
            count += len(kept[-1])
        if count > size:
            break
    rows = joined(kept, reader.source)
    if count <= size:
        return Page(rows, "")
    shown = rows.take(np.arange(size))
    return Page(shown, encode_cursor([], _plain(shown.keys[-1])))


def _by_order(
    query: Query, reader: Reader, ground: BaseGeometry | None, size: int, start: Any
) -> Page:
    bounds = ground.bounds if ground is not None else None
    source = reader.source
    floor = None if start is None else _rank(query.sort, *start)
    best: list[tuple[Rank, int, int]] = []
    batches: list[Rows] = []
    for rows in reader.batches(bounds=bounds):
        found = np.flatnonzero(matching(query, source, rows, ground))
        batch = len(batches)
        batches.append(rows)
        columns = [_sort_values(rows, source, item, found) for item in query.sort]
        ranked = (
            (_rank(query.sort, [c[n] for c in columns], _plain(rows.keys[p])), batch, int(p))
            for n, p in enumerate(found)
        )
        behind = (item for item in ranked if floor is None or floor < item[0])
        best = heapq.nsmallest(size + 1, (*best, *behind), key=lambda item: item[0])
        used = {item[1] for item in best}
        # what no row of the page needs any more is let go
        batches = [b if n in used else _NOTHING for n, b in enumerate(batches)]
    shown = best[:size]
    pieces = [batches[batch].take(np.array([position])) for _, batch, position in shown]
    rows = joined(pieces, source)
    if len(best) <= size:
        return Page(rows, "")
    last = shown[-1][0]
    return Page(rows, encode_cursor(last.values, last.key))


_NOTHING: Final = Rows(np.zeros(0, dtype=object), {})


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Rank:
    """The place of a row in a sort order: its values, then its key; empty values come last."""

    values: tuple[Any, ...]
    descending: tuple[bool, ...]
    key: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rank) and (self.values, self.key) == (other.values, other.key)

    def __hash__(self) -> int:
        return hash((self.values, self.key))

    def __lt__(self, other: Rank) -> bool:
        for mine, theirs, down in zip(self.values, other.values, self.descending, strict=True):
            if mine == theirs:
                continue
            if mine is None or theirs is None:
                return theirs is None
            return bool(mine > theirs) if down else bool(mine < theirs)
        return bool(self.key < other.key)


def _rank(sort: tuple[Sort, ...], values: Iterable[Any], key: Any) -> Rank:
    return Rank(tuple(values), tuple(item.descending for item in sort), key)


def _sort_values(rows: Rows, source: Source, sort: Sort, positions: IdArray) -> list[Any]:
    item = source.field(sort.field)
    column = rows.column(item.code)[positions]
    if item.kind is Kind.NUMBER:
        return [None if value != value else value for value in numbers(column).tolist()]  # noqa: PLR0124
    if item.kind is Kind.FLAG:
        return [None if value is None else bool(value) for value in column]
    return [None if value in (None, "") else str(value) for value in column]


def joined(pieces: list[Rows], source: Source) -> Rows:
    """Several batches as one, in their order."""
    pieces = [item for item in pieces if len(item)]
    if len(pieces) == 1:
        return pieces[0]
    if not pieces:
        return _NOTHING
    codes = [item.code for item in source.fields]
    ends = np.cumsum([len(item) for item in pieces])

    def load(positions: IdArray) -> Any:
        owner = np.searchsorted(ends, positions, side="right")
        shapes = np.full(len(positions), None, dtype=object)
        for number in np.unique(owner):
            own = owner == number
            inner = positions[own] - (ends[number] - len(pieces[number]))
            shapes[own] = pieces[number].shapes(inner)
        return shapes

    areas = [item.area_m2 for item in pieces]
    return Rows(
        np.concatenate([item.keys for item in pieces]),
        {
            code: np.concatenate([item.column(code) for item in pieces])
            for code in codes
            if any(code in item.values for item in pieces)
        },
        load if any(item.load is not None for item in pieces) else None,
        np.concatenate([a for a in areas if a is not None])
        if all(area is not None for area in areas)
        else None,
    )


def _plain(key: Any) -> Any:
    return key.item() if isinstance(key, np.generic) else key
