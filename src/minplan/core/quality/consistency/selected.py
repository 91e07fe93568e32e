"""Figures of the rows that a clause selects: 石墨 2 处，面积 319 平方千米, against rows of 石墨.

What is selected by is told in the clause: a mineral, a county, or what stands in a column of the
table. How many rows there are and what their figures make are two readings of one kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from minplan.core.document.model import PlanDocument, Quantity
from minplan.core.document.quantities.making import CHANGE
from minplan.core.quality.consistency.letters import letter_pairs
from minplan.core.quality.consistency.passages import PARTS, Passage, begin_of, passages, start_of
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.surroundings import clause_words
from minplan.core.quality.consistency.table_rows import SHORTEST, Rows, tables_by_place
from minplan.core.quality.consistency.values import COUNTED, limit_or_figure, of_one_unit, total_of
from minplan.core.quality.consistency.ways import Way, exact, judged, relation

_LEAST: Final = 2
_LIES: Final = re.compile("位于|分布|属于|涉及")
_YEAR: Final = re.compile(r"(?:19|20)\d\d\s*年")
_COUNT_UNIT: Final = "个"
#: How far a count of rows may be off to be meant: by one, or this share of it.
_NEAR: Final = Decimal("0.2")


def selected_totals(document: PlanDocument) -> Iterator[Relation]:
    """Figures that no selection of rows of a table beside gives, and one nearly does."""
    places = tables_by_place(document)
    for passage in passages(document):
        if passage.cell or not passage.quantities:
            continue
        tables = places.beside(passage)
        for at, said in enumerate(passage.quantities):
            if not exact(said) or said.base_unit == "%" or CHANGE in said.qualifiers:
                continue
            chosen = [(made, rows) for made in tables for rows in _selections(made, passage, at)]
            if said.base_unit in COUNTED:
                yield from _counted(passage, at, chosen)
            elif chosen:
                own = letter_pairs(clause_words(passage.text, passage.quantities, at))
                ways = [way for made, rows in chosen for way in _sums(made, rows, said, own)]
                if ways:
                    settling = [way for made in tables for way in _any(made, said)]
                    yield from judged(said, ways, 0.7, settling)


def _selections(made: Rows, passage: Passage, at: int) -> Iterator[list[int]]:
    """Some, but not all rows of a table, that the clause of a figure tells."""
    said = passage.quantities[at]
    start = begin_of(passage.text, start_of(said), PARTS)
    ahead = passage.text[start : start_of(said)]
    found: list[set[int]] = []
    for column in made.columns:
        # what was named last before the figure is what it is of
        values = {value for value in column.values() if len(value) >= SHORTEST}
        named = {value: ahead.rfind(value) for value in values}
        last = max(named.values(), default=-1)
        for value, place in named.items():
            if place == last >= 0:
                found.append({row for row, text in column.items() if text == value})
    if said.subject and "、" not in said.subject:
        found.append({row for row, held in made.minerals.items() if said.subject in held})
    sentence = passage.text[passage.sentence(start_of(said))[0] : start_of(said)]
    listed = {
        row
        for row, name in made.names.items()
        if len(name) > _LEAST and name in sentence and not made.minerals[row]
    }
    if len(listed) >= _LEAST and said.base_unit not in COUNTED and not said.subject:
        found.append(listed)  # 甲县、乙县和丙县采矿权 53 个，产值 119.85 亿元
    both = set.intersection(*found) if found else set()
    for rows in (both, *found) if said.base_unit not in COUNTED else (both,):
        if _LEAST <= len(rows) < len(made.names):
            yield sorted(rows)


def _sums(made: Rows, rows: Sequence[int], said: Quantity, own: frozenset[str]) -> Iterator[Way]:
    for column, heading in enumerate(made.headings):
        held = made.cells(column, rows)
        if not held or not of_one_unit(held[0], said) or CHANGE in held[0].qualifiers:
            continue
        if len({said.year, held[0].year} - {None}) > 1:
            continue
        if held[0].attribute == said.attribute != "" or own & letter_pairs(heading):
            yield Way(total_of(held), tuple(held))


def _any(made: Rows, said: Quantity) -> Iterator[Way]:
    """Every figure of the unit, and every sum of rows that have one value in common."""
    for figure in made.figures.values():
        if of_one_unit(figure, said):
            yield Way(limit_or_figure(figure), (figure,))
    for column in made.columns:
        for value in set(column.values()):
            rows = [row for row, text in column.items() if text == value]
            for number in range(len(made.headings)):
                held = made.cells(number, rows)
                if held and of_one_unit(held[0], said):
                    yield Way(total_of(held), tuple(held))


def _counted(
    passage: Passage, at: int, chosen: Sequence[tuple[Rows, list[int]]]
) -> Iterator[Relation]:
    """重点勘查区 7 处（表4），其中石墨 2 处: how many rows are selected, where all are counted."""
    said = passage.quantities[at]
    noun = said.attribute.removesuffix("数")
    if _LIES.sub("", said.rest) or said.qualifiers or _YEAR.search(passage.lead(at)):
        return
    start = passage.sentence(start_of(said))[0]
    counts = [q for q in passage.quantities[:at] if q.base_unit == _COUNT_UNIT and exact(q)]
    ahead = passage.text[max(0, start - 60) : start_of(said)]
    sizes = [
        (made, rows)
        for made, rows in chosen
        if noun in made.table.title
        and "其中" in ahead
        and any(limit_or_figure(q) == len(made.names) for q in counts)
    ]
    size = limit_or_figure(said)
    if not sizes or any(len(rows) == size for _, rows in sizes):
        return
    made, rows = min(sizes, key=lambda item: abs(len(item[1]) - size))
    if abs(len(rows) - size) > max(Decimal(1), _NEAR * size):
        return
    cells = [figure for (row, _), figure in made.figures.items() if row in rows]
    yield relation(said, Decimal(len(rows)), cells[:1], 0.7)
