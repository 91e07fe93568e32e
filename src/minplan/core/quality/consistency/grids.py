"""Tables as grids of figures: which rows and columns are totals, what they are totals of.

What a total sums is not said in a table. Every way it might be meant is tried; the one that most
columns (or rows) fit is taken, and those that do not fit it contradict it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from minplan.core.document.filling import Filled, filled
from minplan.core.document.model import Cell, Table
from minplan.core.document.quantities.cells import bracketed_unit, cell_number, is_total
from minplan.core.document.quantities.vocabulary import find_unit, words
from minplan.core.quality.consistency.values import rounding_of_sum

_NO_SUM: Final = re.compile(r"率|品位|平均|序号|编号|代码|年份|占比|比例|年限|标高|坐标|深度|厚度")
_COUNTED: Final = re.compile(r"数|个|处|座|家|宗|条")
_TOTAL_WORD: Final = re.compile(r"小\s*计|合\s*计|总\s*计|[\d.\s]")
_LEAST_PARTS: Final = 2
_SEVERAL: Final = 3
_FAR: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Sum:
    """A printed total against the sum of its parts.

    ``fits`` is how many of the other totals of the same kind (columns of the row, rows of the
    column) agree with this reading, ``of`` how many there are in all.
    """

    total: Decimal
    computed: Decimal
    cell: Cell
    parts: tuple[Cell, ...]
    heading: str
    rounding: Decimal
    fits: int
    of: int

    @property
    def equal(self) -> bool:
        """Whether total and sum are the same figure."""
        return self.total == self.computed

    @property
    def rounded(self) -> bool:
        """Whether the difference may come from rounding alone."""
        return abs(self.total - self.computed) <= self.rounding


@dataclass(frozen=True, slots=True)
class Grid:
    """The figures of a table: None where a cell holds none (or repeats a merged one)."""

    table: Table
    filled: Filled
    figures: tuple[tuple[Decimal | None, ...], ...]
    total_rows: tuple[int, ...]
    total_columns: tuple[int, ...]

    @property
    def body(self) -> list[int]:
        """Rows that are neither headings nor totals."""
        return [
            row
            for row in range(self.table.head, len(self.figures))
            if row not in self.filled.headings and row not in self.total_rows
        ]

    def heading(self, column: int) -> str:
        """The heading of a column above its first row."""
        row = min(self.table.head, len(self.figures) - 1)
        return " ".join(self.filled.heads[row][column])

    def columns(self) -> list[int]:
        """Columns with figures that may be summed."""
        return [
            column
            for column in range(len(self.figures[0]))
            if not _NO_SUM.search(self.heading(column))
            and any(self.figures[row][column] is not None for row in self.body)
        ]


@lru_cache(maxsize=256)
def grid(table: Table) -> Grid | None:
    """The table as a grid; None for one without rows."""
    if not table.cells or not table.body:
        return None
    told = filled(table, words("tables", "subheads"))
    figures = tuple(
        tuple(None if cell.merged else cell_number(cell.text) for cell in row)
        for row in table.cells
    )
    rows = tuple(
        at
        for at, row in enumerate(table.cells)
        if at >= table.head and any(is_total(cell.text) for cell in row[:3])
    )
    first = min(table.head, len(table.cells) - 1)
    columns = tuple(
        column for column, heads in enumerate(told.heads[first]) if heads and is_total(heads[-1])
    )
    return Grid(table, told, figures, rows, columns)


def subtotals_of(made: Grid) -> tuple[str, ...]:
    """What the subtotal below is of (有色金属小计), for each row of the body that is not blank."""
    names: list[str] = []
    waiting = 0
    for row in range(made.table.head, len(made.figures)):
        texts = made.filled.texts[row]
        if row in made.total_rows:
            told = "".join(dict.fromkeys(text.strip() for text in texts[:3]))
            names += [_TOTAL_WORD.sub("", told)] * waiting
            waiting = 0
        elif row in made.body and any(c.text.strip() for c in made.table.cells[row]):
            waiting += 1
    return tuple(names + [""] * waiting)


def sums(made: Grid) -> Iterator[Sum]:
    """All totals of a table against the sums they stand for, right ones included."""
    if len(made.filled.headings) > made.table.head:
        yield from _stacked(made)
        return
    for row in made.total_rows:
        yield from _row_of_totals(made, row)
    for column in made.total_columns:
        yield from _column_of_totals(made, column)


def _row_of_totals(made: Grid, row: int) -> Iterator[Sum]:
    above = [at for at in made.body if at < row]
    earlier = [at for at in made.total_rows if at < row]
    since = [at for at in above if not earlier or at > earlier[-1]]
    below = [at for at in made.body if at > row]
    label = made.filled.texts[row][0]
    group = [at for at in above if label and made.filled.texts[at][0] == label]
    ways = [way for way in (above, since, group, earlier, below) if len(way) >= _LEAST_PARTS]
    columns = [column for column in made.columns() if made.figures[row][column] is not None]
    best: list[Sum] = []
    for way in ways:
        found = []
        for column in columns:
            parts = [(at, column) for at in way if made.figures[at][column] is not None]
            if len(parts) >= _LEAST_PARTS:
                found.append(_sum(made, (row, column), parts, column))
        if _score(found) > _score(best) or not best:
            best = found
    yield from _with_fit(best)


def _column_of_totals(made: Grid, column: int) -> Iterator[Sum]:
    outer = made.filled.heads[made.table.head][column][:-1]
    others = [at for at in made.columns() if at != column and at not in made.total_columns]
    siblings = [at for at in others if made.filled.heads[made.table.head][at][:-1] == outer]
    left = [at for at in others if at < column]
    of_unit = [at for at in left if _unit(made, at) == _unit(made, column)]
    runs = [left[start:] for start in range(1, len(left) - 1)]
    ways = [way for way in (siblings, of_unit, left, others, *runs) if len(way) >= _LEAST_PARTS]
    best: list[Sum] = []
    for way in ways:
        found = []
        for row in (*made.body, *made.total_rows):
            if made.figures[row][column] is None:
                continue
            parts = [(row, at) for at in way if made.figures[row][at] is not None]
            if len(parts) >= _LEAST_PARTS:
                found.append(_sum(made, (row, column), parts, column))
        if _score(found) > _score(best) or not best:
            best = found
    if len(best) < _SEVERAL or _score(best)[0] * 2 >= len(best):
        # where most rows do not fit, what the column sums was not understood
        yield from _with_fit(best)


def _unit(made: Grid, column: int) -> str:
    """The unit a heading has of its own: 矿区数（个）."""
    found = re.search(r"[（(]([^（()）]+)[)）]\s*$", bracketed_unit(made.heading(column)))
    return found[1] if found else ""


def _stacked(made: Grid) -> Iterator[Sum]:
    """A table folded into several bands, each with headings of its own; one total for all."""
    if len(made.total_columns) != 1:
        return
    column = made.total_columns[0]
    places = [
        (row, column)
        for row in range(made.table.head, len(made.figures))
        if made.figures[row][column] is not None
    ]
    labels = {made.filled.texts[row][0] for row in made.body}
    if len(places) != 1 or len(labels) != 1:
        return
    parts = [
        (row, at)
        for row in made.body
        for at, figure in enumerate(made.figures[row])
        if at != column and figure is not None
    ]
    yield from _with_fit([_sum(made, places[0], parts, column)])


def _sum(made: Grid, total: tuple[int, int], parts: Sequence[tuple[int, int]], column: int) -> Sum:
    values = [made.figures[row][at] or Decimal(0) for row, at in parts]
    printed = made.figures[total[0]][total[1]] or Decimal(0)
    heading = made.heading(column)
    counted = _counted(heading, made) and all(value == int(value) for value in values)
    return Sum(
        total=printed,
        computed=sum(values, Decimal(0)),
        cell=made.table.cells[total[0]][total[1]],
        parts=tuple(made.table.cells[row][at] for row, at in parts),
        heading=heading,
        rounding=Decimal(0) if counted else rounding_of_sum(values, printed),
        fits=0,
        of=0,
    )


def _counted(heading: str, made: Grid) -> bool:
    unit = find_unit(made.table.unit) if made.table.unit else None
    label = heading + "".join(made.filled.texts[row][0] for row in made.body[:1])
    return (unit is not None and unit[0].dimension == "count") or bool(_COUNTED.search(label))


def _score(found: Sequence[Sum]) -> tuple[int, int, Decimal]:
    """How many totals fit, how many exactly; where as many do, how little the others miss."""
    off = sum((abs(item.total - item.computed) for item in found), Decimal(0))
    size = sum((abs(item.total) for item in found), Decimal(0)) or Decimal(1)
    return sum(item.rounded for item in found), sum(item.equal for item in found), -off / size


def _with_fit(found: Sequence[Sum]) -> Iterator[Sum]:
    fits = sum(item.rounded for item in found)
    for item in found:
        far = abs(item.total - item.computed) > _FAR * max(abs(item.total), abs(item.computed))
        if fits == 0 and far:
            continue
        yield Sum(
            item.total,
            item.computed,
            item.cell,
            item.parts,
            item.heading,
            item.rounding,
            fits,
            len(found),
        )
