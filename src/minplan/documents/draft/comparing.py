"""A draft held against a package made by hand: which rows of its tables came out right.

Rows are compared by their values, in their order, empty cells left out. Figures must be equal as
numbers. A text may be shorter in the package made by hand (its characters in the same order, half
of them at least), since people shorten; prose that they put into words of their own counts by its
figures. What is neither is different, and a row that only one of the two has is too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from minplan.core.plan.model import PlanSnapshot, Zone
from minplan.core.text import Term
from minplan.documents.draft.model import Draft
from minplan.documents.wording import folded, is_figure

_NUMBERED: Final = re.compile(r"^\d{1,2}(?:[、．]|\.(?!\d))")
_FIGURES: Final = re.compile(r"\d+(?:\.\d+)?")
_BRACKET: Final = re.compile(r"^([^（）]+)（([^（）]+)）$")
#: a cell longer than this is prose
_PROSE: Final = 25
#: columns of a zone before its mineral and numbers of rights
_ZONE_PART: Final = 6

Row = tuple[str, ...]


class Likeness(Term):
    """How a row of the draft agrees with the one made by hand."""

    EXACT = "exact", "相同", "equal"
    SHORTENED = "shortened", "人工缩写", "shortened by hand"
    FIGURES = "figures", "人工概括，数字相同", "paraphrased by hand, figures equal"
    DIFFERENT = "different", "不同", "different"

    @property
    def is_right(self) -> bool:
        """Whether the row needs no editing."""
        return self is not Likeness.DIFFERENT


@dataclass(frozen=True, slots=True)
class RowComparison:
    """A row made by hand, the row of the draft nearest to it, and how they agree."""

    table: str
    wanted: Row
    found: Row | None
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows; ``surplus`` are rows of the draft that nobody made by hand."""

    rows: tuple[RowComparison, ...]
    surplus: tuple[tuple[str, Row], ...]

    @property
    def total(self) -> int:
        """Rows made by hand, and those that only the draft has."""
        return len(self.rows) + len(self.surplus)

    @property
    def right(self) -> int:
        """Rows that need no editing."""
        return sum(row.likeness.is_right for row in self.rows)

    @property
    def share(self) -> float:
        """Share of the rows that are right, 0 to 1."""
        return self.right / self.total if self.total else 0.0

    def count(self, likeness: Likeness) -> int:
        """Rows that agree in this way."""
        return sum(row.likeness is likeness for row in self.rows)


def compare(draft: Draft, made: PlanSnapshot) -> Comparison:
    """Compare the tables and boxes of a draft with those of a package made by hand.

    Tables are those that both have a file for; boxes of zones are compared as rows of zones with
    their minerals and numbers of rights, by the clause that the package names.
    """
    rows: list[RowComparison] = []
    surplus: list[tuple[str, Row]] = []
    drafted = {table.id: table for table in draft.tables}
    kept = {table.id for table in made.tables}
    pairs = [(t.id, t.rows, drafted[t.id].rows) for t in made.tables if t.id in drafted]
    for box in dict.fromkeys(zone.clause for zone in made.zones):
        if box in drafted and box not in kept:
            mine = _drafted_zones(draft, box)
            has_minerals = any(row[_ZONE_PART:] for row in mine)
            wanted = [
                row if has_minerals else row[:_ZONE_PART]
                for zone in made.zones
                if zone.clause == box
                for row in _made_zones(zone)
            ]
            pairs.append((box, tuple(dict.fromkeys(wanted)), tuple(mine)))
    for name, wanted_rows, found_rows in pairs:
        compared, left = _compare_rows(name, wanted_rows, found_rows)
        rows += compared
        surplus += [(name, row) for row in left]
    return Comparison(tuple(rows), tuple(surplus))


def _made_zones(zone: Zone) -> list[Row]:
    """A zone made by hand as the rows of its box: one for each mineral."""
    area = "" if zone.area_km2 is None else str(zone.area_km2)
    level = zone.level.value if zone.level else ""
    start = (_printed(zone.code), zone.kind.value, zone.name, zone.region, area, level)
    return [
        (*start, item.mineral, _count(item.existing_rights), _count(item.planned_rights))
        for item in zone.minerals
    ] or [start]


def _drafted_zones(draft: Draft, box: str) -> list[Row]:
    rows = []
    for zone in draft.files["zones.csv"]:
        if zone.fields["clause"] != box:
            continue
        start = (
            _printed(zone.fields["code"]),
            *(zone.fields[name] for name in ("kind", "name", "region", "area_km2", "level")),
        )
        minerals = [
            tuple(item.fields[name] for name in ("mineral", "existing_rights", "planned_rights"))
            for item in draft.files["zone_minerals.csv"]
            if item.fields["zone"] == zone.fields["code"]
        ]
        rows += [(*start, *item) for item in minerals] or [start]
    return rows


def _printed(code: str) -> str:
    """The code where it is printed: those of our own have a hyphen."""
    return "" if "-" in code else code


def _count(value: int | None) -> str:
    return "-" if value is None else str(value)


def _compare_rows(
    name: str, wanted: Sequence[Row], found: Sequence[Row]
) -> tuple[list[RowComparison], list[Row]]:
    if len(wanted) > len(found):
        wanted = _gathered(wanted, len(found))
    left = list(found)
    right: dict[int, tuple[Likeness, Row]] = {}
    for index, row in enumerate(wanted):
        graded = [(likeness(row, item), item) for item in left]
        ranks = (Likeness.EXACT, Likeness.SHORTENED, Likeness.FIGURES)
        best = next((pair for grade in ranks for pair in graded if pair[0] is grade), None)
        if best is not None:
            right[index] = best
            left.remove(best[1])
    compared = []
    for index, row in enumerate(wanted):
        if index in right:
            grade, item = right[index]
            compared.append(RowComparison(name, row, item, grade))
            continue
        near = max(left, key=lambda other: _shared(row, other), default=None)
        if near is not None and _shared(row, near) * 2 < len(_values(row)):
            near = None
        if near is not None:
            left.remove(near)
        compared.append(RowComparison(name, row, near, Likeness.DIFFERENT))
    return compared, left


def _gathered(rows: Sequence[Row], wanted: int) -> Sequence[Row]:
    """Rows that differ in their last cell only, put together: a list printed in one cell."""
    out: list[Row] = []
    for row in rows:
        same = out and all(
            not text or text == before for text, before in zip(row[:-1], out[-1][:-1], strict=True)
        )
        if same:
            out[-1] = (*out[-1][:-1], f"{out[-1][-1]}、{row[-1]}")
        else:
            out.append(row)
    return out if len(out) == wanted else rows


def likeness(wanted: Sequence[str], found: Sequence[str]) -> Likeness:
    """How a row of the draft agrees with one made by hand.

    >>> likeness(("煤炭", "98"), ("煤炭", "98.0"))
    <Likeness.EXACT: 'exact'>
    >>> likeness(("煤炭", "98"), ("煤炭", "89"))
    <Likeness.DIFFERENT: 'different'>
    """
    mine, theirs = _values(wanted), _values(found)
    if mine == theirs:
        return Likeness.EXACT
    if len(mine) == len(theirs) and all(map(_is_shortened, mine, theirs)):
        return Likeness.SHORTENED
    if mine and theirs and any(len(text) > _PROSE for text in theirs):
        figures = [_figures(" ".join(values)) for values in (mine, theirs)]
        if _is_shortened(mine[0], theirs[0]) and figures[0] and _is_part(*figures):
            return Likeness.FIGURES
    return Likeness.DIFFERENT


def _values(row: Sequence[str]) -> list[str]:
    """The values of a row: figures as numbers, texts without spaces, item numbers and full stop.

    What stands in brackets at the end is a value of its own: people give it a column.
    """
    parts = [part for text in row if text and text != "-" for part in _parts(_value(text))]
    return [part for part in parts if part]


def _parts(text: str) -> tuple[str, ...]:
    found = _BRACKET.match(text)
    return (found[1], found[2]) if found else (text,)


def _value(text: str) -> str:
    told = _NUMBERED.sub("", folded(text)).rstrip("。")
    if not is_figure(told):
        return told
    told = told.rstrip("%")
    return _FIGURES.sub(lambda found: format(Decimal(found[0]).normalize(), "f"), told).replace(
        "-", "—"
    )


def _is_shortened(wanted: str, found: str) -> bool:
    """Whether a text made by hand is the printed one or a shorter form of it."""
    if wanted == found:
        return True
    if is_figure(wanted) or is_figure(found) or len(wanted) * 2 < len(found):
        return False
    return _figures(wanted) == _figures(found)[: len(_figures(wanted))] and _is_part(wanted, found)


def _is_part(wanted: Iterable[str], found: Iterable[str]) -> bool:
    """Whether all of ``wanted`` stand in ``found``, in the same order."""
    rest = iter(found)
    return all(item in rest for item in wanted)


def _figures(text: str) -> list[str]:
    return [format(Decimal(item).normalize(), "f") for item in _FIGURES.findall(text)]


def _shared(wanted: Row, found: Row) -> int:
    return len(set(_values(wanted)) & set(_values(found)))
