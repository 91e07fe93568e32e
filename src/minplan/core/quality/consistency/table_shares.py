"""Shares whose part or whole stands in a table: 甲、乙两县合计占 55.9%, of 矿业产值 by county.

Rows are named in the clause, columns by the clause or by what was told last; the whole is the total
of the column, or of the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from minplan.core.document.model import Quantity
from minplan.core.document.quantities.making import CHANGE
from minplan.core.quality.consistency.letters import letter_pairs
from minplan.core.quality.consistency.passages import PARTS, Passage, begin_of, start_of
from minplan.core.quality.consistency.table_rows import Rows, Tables
from minplan.core.quality.consistency.values import limit_or_figure, total_of
from minplan.core.quality.consistency.ways import Way, share

_MEASURED: Final = frozenset({"%", "百分点"})
_BRACKETS: Final = re.compile(r"[（(].*$")
#: Letters of a heading that stands for its column in a clause: 探明, 中央.
_STEM: Final = 2


def of_tables(tables: Tables, passage: Passage, at: int) -> list[Way]:
    """All shares that the tables a paragraph speaks of give for what its clause names."""
    return [way for made in tables.beside(passage) for way in _of_table(made, passage, at)]


def _of_table(made: Rows, passage: Passage, at: int) -> Iterator[Way]:
    said = passage.quantities[at]
    start = begin_of(passage.text, start_of(said), PARTS)
    lead, ahead = passage.lead(at), passage.text[start : start_of(said)]
    rows = made.called_in(lead)
    told = list(_of_cell(made, passage, at, start)) if not rows else []
    yield from told
    yield from _of_rows(made, rows if rows or told else made.called_in(ahead), passage, at)
    yield from _of_columns(made, made.called_in(ahead), lead, said)


def _of_cell(made: Rows, passage: Passage, at: int, start: int) -> Iterator[Way]:
    """The figure right before, in per cent of the column of the table that has it."""
    said, part = passage.quantities[at], passage.quantities[at - 1]
    if not at or start_of(part) < start:
        return
    for (row, column), figure in made.figures.items():
        same = figure.base_unit == part.base_unit and figure.base_low == part.base_low
        if same and row in made.names and _usable(figure, said):
            whole = made.cells(column, [r for r in made.names if (r, column) in made.figures])
            if whole and len(whole) > 1 and total_of(whole):
                yield share(limit_or_figure(part), total_of(whole), part)


def _of_rows(made: Rows, rows: Sequence[int], passage: Passage, at: int) -> Iterator[Way]:
    """Some rows of a column in per cent of all."""
    said = passage.quantities[at]
    if not 0 < len(rows) < len(made.names):
        return
    own = letter_pairs(passage.lead(at))
    before = [q for q in passage.quantities[:at] if q.base_unit not in _MEASURED][-1:]
    for column, heading in enumerate(made.headings):
        part, whole = made.cells(column, rows), made.cells(column, list(made.names))
        if not part or not whole or not _usable(part[0], said):
            continue
        told_last = before and before[0].attribute == part[0].attribute != ""
        if told_last or own & letter_pairs(_BRACKETS.sub("", heading)):
            yield share(total_of(part), total_of(whole), *part)


def _of_columns(made: Rows, rows: Sequence[int], lead: str, said: Quantity) -> Iterator[Way]:
    """Some columns of one row (or of the row of totals) in per cent of them all."""
    width = range(len(made.headings))
    named = [column for column in width if _stem(made.headings[column], made) in lead]
    for row in rows if len(rows) == 1 else made.totals[-1:]:
        held = {c: made.figures[row, c] for c in width if (row, c) in made.figures}
        part = [held[column] for column in named if column in held]
        if not part or not _usable(part[0], said):
            continue
        alike = [q for q in held.values() if q.base_unit == part[0].base_unit]
        whole = max(alike, key=limit_or_figure)
        if len({q.base_unit for q in part}) == 1 and limit_or_figure(whole) > total_of(part):
            yield share(total_of(part), limit_or_figure(whole), *part, whole)


def _stem(heading: str, made: Rows) -> str:
    """What tells a column from those beside it: 探明 of 探明资源量."""
    told = _BRACKETS.sub("", re.sub(r"\s", "", heading))
    others = {
        _BRACKETS.sub("", re.sub(r"\s", "", other)) for other in made.headings if other != heading
    }
    for size in range(_STEM, len(told) + 1):
        if not any(other.startswith(told[:size]) for other in others):
            return told[:size]
    return told or "\0"


def _usable(figure: Quantity, said: Quantity) -> bool:
    years = {figure.year, said.year} - {None}
    return figure.base_unit not in _MEASURED and CHANGE not in figure.qualifiers and len(years) < 2
