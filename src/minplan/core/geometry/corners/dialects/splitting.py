"""Lines of a table sorted into rings: numbers, columns, titles, closing points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from minplan.core.errors import Place
from minplan.core.geometry.corners.declared import is_zone
from minplan.core.geometry.corners.dialects.lines import Line, Mode, is_hole_title
from minplan.core.geometry.corners.draft import Declared, Point, Ring, Value
from minplan.core.geometry.corners.model import Remark
from minplan.core.geometry.corners.remarks import listed, remark
from minplan.core.geometry.corners.tokens import Token
from minplan.core.geometry.crs import Datum

_DIGITS: Final = re.compile(r"[0-9]{1,6}(?!.*[0-9])")
_RING_SHARE: Final = 3


class Splitter:
    """Collects corner lines into rings.

    A run of lines ends at a title, an elevation row or the end; inside a run, rings end where
    numbering starts anew or the first corner is repeated.
    """

    def __init__(self, declared: Declared, mode: Mode) -> None:
        self.declared = declared
        self.mode = mode
        self.remarks: list[Remark] = []
        self._rings: list[Ring] = []
        self._run: list[Line] = []
        self._hole: bool | None = None
        self._gap = False

    def take(self, line: Line) -> None:
        """Take the next line of the table."""
        if line.kind == "points":
            if self._gap and not any(pair.leads for pair in line.pairs):
                self._flush()
            self._gap = False
            self._run.append(line)
        elif line.kind == "blank":
            self._gap = bool(self._run)
        elif line.kind == "title":
            self._flush()
            self._hole = True if is_hole_title(line) else None
        elif line.kind == "elevation":
            before = len(self._rings)
            self._flush()
            self._rings[before:] = [
                replace(ring, elevation=line.elevation) for ring in self._rings[before:]
            ]

    def finish(self) -> list[Ring]:
        """Return all rings."""
        self._flush()
        return self._rings

    def _flush(self) -> None:
        lines, self._run = self._run, []
        if not lines:
            return
        widest = max(len(line.pairs) for line in lines)
        if widest > 1 and len(lines) > 1:
            groups = [self._columns(lines, widest)]
        else:
            groups = self._single(lines)
        for points in groups:
            for ring in _split(points):
                self._rings.append(Ring(tuple(ring), self._hole))
        self._hole = None

    # -- one corner per line ------------------------------------------------------------------

    def _single(self, lines: Sequence[Line]) -> list[list[Point]]:
        """Corners one after another, sorted by the ring column where there is one."""
        leads = [pair.leads for line in lines for pair in line.pairs]
        number_at, other = _lead_columns(leads)
        zoned = other is not None and _is_zone_column(
            [item[other] for item in leads if len(item) > 1]
        )
        rings: dict[int | None, list[Point]] = {}
        previous: int | None = None
        for line in lines:
            seconds = line.second or (None,) * len(line.pairs)
            for pair, second in zip(line.pairs, seconds, strict=True):
                number = self._number(pair.leads, (number_at, other), previous, line)
                previous = _as_int(number)
                extra = None
                if other is not None and len(pair.leads) > 1:
                    extra = _digits(pair.leads[other])
                zone = extra if zoned and pair.zone is None else pair.zone
                place = replace(line.row.place, corner=number or None)
                point = Point(number, pair.values, place, zone=zone, second=second)
                rings.setdefault(None if zoned else extra, []).append(point)
        return list(rings.values())

    def _number(
        self,
        leads: Sequence[Token],
        columns: tuple[int, int | None],
        previous: int | None,
        line: Line,
    ) -> str:
        number_at, other = columns
        if not leads:
            return ""
        if len(leads) == 1 or other is not None:
            return leads[min(number_at, len(leads) - 1)].text
        expected = None if previous is None else previous + 1
        chosen = next((t for t in leads if _digits(t) == expected), leads[0])
        self.remarks.append(
            remark(
                "E130",
                place=line.row.place,
                rows=line.row.place.row,
                text=" ".join(token.text for token in leads),
                number=chosen.text,
            )
        )
        return chosen.text

    # -- several corners per line -------------------------------------------------------------

    def _columns(self, lines: Sequence[Line], widest: int) -> list[Point]:
        lines = self._one_set(lines, widest)
        grid = [
            _grid_point(line, row, column)
            for row, line in enumerate(lines)
            for column in range(len(line.pairs))
        ]
        numbers = [_as_int(point.number) for point in grid]
        if any(number is None for number in numbers):
            return grid
        known = [number for number in numbers if number is not None]
        by_columns = sorted(grid, key=lambda point: (point.grid or (0, 0))[::-1])
        if _descents(known) == 0:
            return [replace(point, grid=None) for point in grid]
        column_numbers = [_as_int(point.number) or 0 for point in by_columns]
        if len(set(known)) == len(known) and _descents(column_numbers) > 0:
            by_columns = sorted(grid, key=lambda point: _as_int(point.number) or 0)
            column_numbers = sorted(known)
        if _descents(column_numbers) < _descents(known):
            self.remarks.append(remark("E125", place=lines[0].row.place))
            grid = by_columns
        return [replace(point, grid=None) for point in grid]

    def _one_set(self, lines: Sequence[Line], widest: int) -> list[Line]:
        """Keep one of several sets of coordinates of the same corners (1980 beside 2000)."""
        datums = self.declared.datums
        alike = all(
            len(line.pairs) == widest
            and bool(line.pairs[0].leads)
            and not any(pair.leads for pair in line.pairs[1:])
            for line in lines
        )
        if not alike or len(datums) != widest or Datum.CGCS2000 not in datums:
            return list(lines)
        index = datums.index(Datum.CGCS2000)
        self.declared = replace(self.declared, datums=(Datum.CGCS2000,))
        self.remarks.append(
            remark(
                "E135",
                place=lines[0].row.place,
                applied=True,
                count=widest,
                datum=Datum.CGCS2000.name_zh,
            )
        )
        return [
            replace(
                line,
                pairs=(replace(line.pairs[index], leads=line.pairs[0].leads),),
                second=(),
            )
            for line in lines
        ]


def _grid_point(line: Line, row: int, column: int) -> Point:
    pair = line.pairs[column]
    number = pair.leads[-1].text if pair.leads else ""
    place = replace(line.row.place, corner=number or None)
    second = line.second[column] if line.second else None
    return Point(number, pair.values, place, grid=(row, column), second=second)


def _lead_columns(leads: Sequence[Sequence[Token]]) -> tuple[int, int | None]:
    """Return which of two leading columns is the number and which the ring or zone."""
    pairs = [item for item in leads if len(item) >= 2]
    if len(pairs) < 3 or len(pairs) * 5 < len(leads) * 4:
        return 0, None
    first, second = [item[0] for item in pairs], [item[1] for item in pairs]
    if _is_zone_column(second) or _is_ring_column(second):
        return 0, 1
    if _is_zone_column(first) or _is_ring_column(first):
        return 1, 0
    return 0, 1


def _is_ring_column(tokens: Sequence[Token]) -> bool:
    numbers = [_digits(token) or 0 for token in tokens]
    few = len(set(numbers)) * _RING_SHARE <= len(numbers)
    return few and all(a <= b for a, b in pairwise(numbers))


def _is_zone_column(tokens: Sequence[Token]) -> bool:
    numbers = [_digits(token) or 0 for token in tokens]
    return (
        all(is_zone(number) for number in numbers)
        and 0 < len(set(numbers)) <= 2
        and len(numbers) > len(set(numbers))
    )


def _split(points: Sequence[Point]) -> list[list[Point]]:
    """Cut a sequence where numbering starts anew or the first corner is repeated."""
    rings: list[list[Point]] = []
    current: list[Point] = []
    for point in points:
        if current and _restarts(current, point):
            rings.append(current)
            current = []
        closing = len(current) >= 3 and _same(current[0], point)
        current.append(point)
        if closing:
            rings.append(current)
            current = []
    if current:
        rings.append(current)
    return rings


def _restarts(ring: Sequence[Point], point: Point) -> bool:
    number, last, first = (_as_int(p.number) for p in (point, ring[-1], ring[0]))
    if number is None or last is None or number > last or _same(ring[0], point):
        return False
    return number in (1, first)


def _same(one: Point, other: Point) -> bool:
    return all(_equal(a, b) for a, b in zip(one.values, other.values, strict=True))


def _equal(one: Value, other: Value) -> bool:
    tolerance = 1e-7 if max(abs(one.number), abs(other.number)) <= 360 else 0.01
    return abs(one.number - other.number) <= tolerance


def _digits(token: Token) -> int | None:
    return _as_int(token.text)


def _as_int(number: str) -> int | None:
    match = _DIGITS.search(number)
    return int(match[0]) if match else None


def _descents(numbers: Sequence[int]) -> int:
    return sum(b <= a for a, b in pairwise(numbers))


def numbers_of(points: Sequence[Point]) -> list[int | None]:
    """The integer part of each corner's number."""
    return [_as_int(point.number) for point in points]


def rows_of(points: Sequence[Point]) -> str:
    """Rows of corners for a message; their position where the text has no rows."""
    return listed(dict.fromkeys(_row_of(point.place) for point in points))


def _row_of(place: Place) -> str:
    return str(place.row) if place.row is not None else place.field or "?"
