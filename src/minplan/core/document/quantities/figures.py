"""Figures with a unit in a text: numbers, ranges, bounds, years and periods, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from minplan.core.document.model import Bound
from minplan.core.document.quantities.vocabulary import (
    Unit,
    find_unit,
    periods,
    unit_pattern,
    words,
)

NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
DASH: Final = r"(?:[-—–~～－]{1,2}|至|到)"
_YEARS: Final = re.compile(
    rf"(?<!\d)(?:(?P<first>(?:19|20)\d\d)\s*年?\s*{DASH}\s*)?(?P<last>(?:19|20)\d\d)\s*年(?!度?以)"
)
_BEFORE_NUMBER: Final = r"(?<![\d.A-Za-z〔第])(?<!第\s)(?<!\d[:：])(?<!\d[:：]\s)"
_YEAR_UNIT: Final = "年"
_BOUNDS: Final = ("at_least", "at_most", "about")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its unit; ``start`` and ``end`` span number, unit and words of bounds.

    ``number_start`` is where the digits begin. ``rate`` is True where ``/年`` was written.
    """

    low: Decimal | None
    high: Decimal | None
    bound: Bound
    about: bool
    unit: Unit
    printed_unit: str
    rate: bool
    start: int
    number_start: int
    end: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year or a span of years in a text; ``first`` equals ``last`` for a single year."""

    first: int
    last: int
    start: int
    end: int


def number(text: str) -> Decimal:
    """``12,483.10`` as a Decimal."""
    return Decimal(text.replace(",", ""))


def find_figures(text: str) -> tuple[Figure, ...]:
    """All figures with a unit; years, numbers of clauses and scales are none."""
    return tuple(_figures(text))


def find_years(text: str) -> tuple[Year, ...]:
    """All years, spans of years and named periods (“十四五”), in order."""
    found = [
        Year(int(match["first"] or match["last"]), int(match["last"]), *match.span())
        for match in _YEARS.finditer(text)
    ]
    for name, (first, last) in periods().items():
        at = text.find(name)
        while at >= 0:
            found.append(Year(first, last, at, at + len(name)))
            at = text.find(name, at + 1)
    return tuple(sorted(found, key=lambda year: year.start))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    unit = unit_pattern()
    return re.compile(
        rf"{_BEFORE_NUMBER}(?P<low>{NUMBER})\s*(?:(?P<unit1>{unit})?\s*{DASH}\s*(?P<high>{NUMBER}))?"
        rf"\s*(?P<unit>{unit})"
    )


def _figures(text: str) -> Iterator[Figure]:
    for match in _pattern().finditer(text):
        low, high = number(match["low"]), number(match["high"] or match["low"])
        read = find_unit(match["unit"])
        if read is None or (read[0].name == _YEAR_UNIT and _is_year(high)):
            continue
        if match["unit1"] and find_unit(match["unit1"]) != read:
            low = high
        yield bounded(text, match.start(), match.end(), (low, high), match["unit"])


def _is_year(value: Decimal) -> bool:
    return 1900 <= value <= 2100


def bounded(text: str, start: int, end: int, values: tuple[Decimal, Decimal], unit: str) -> Figure:
    """The figure at ``start`` to ``end`` of ``text`` with what the words around it say of bounds.

    Raises ValueError when ``unit`` is unknown.
    """
    found = find_unit(unit)
    if found is None:
        raise ValueError(f"unknown unit {unit!r}")
    before, after = text[:start].rstrip(), text[end:].lstrip()
    low: Decimal | None = values[0]
    high: Decimal | None = values[1]
    bound = Bound.RANGE if low != high else Bound.EQUAL
    about, begin, finish = False, start, end
    # the longest word: 不超过 is not 超过
    word, kind = max(
        ((_ends_with(before, words("bounds", kind)), kind) for kind in _BOUNDS),
        key=lambda item: len(item[0]),
    )
    if word:
        begin = len(before) - len(word)
        low, high, bound, about = _limit(kind, low, high, bound, about)
    for kind in ("about", "at_least", "at_most"):
        word = next(
            (item for item in words("bounds", f"after_{kind}") if after.startswith(item)), ""
        )
        if word:
            finish = text.index(word, end) + len(word)
            low, high, bound, about = _limit(kind, low, high, bound, about)
            break
    return Figure(low, high, bound, about, found[0], unit, found[1], begin, start, finish)


def _limit(
    kind: str, low: Decimal | None, high: Decimal | None, bound: Bound, about: bool
) -> tuple[Decimal | None, Decimal | None, Bound, bool]:
    if kind == "about":
        return low, high, bound, True
    if kind == "at_least":
        return low, None, Bound.AT_LEAST, about
    return None, high, Bound.AT_MOST, about


def _ends_with(text: str, endings: tuple[str, ...]) -> str:
    return next((word for word in endings if text.endswith(word)), "")
