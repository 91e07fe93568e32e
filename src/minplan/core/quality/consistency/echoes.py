"""One quantity told in other words: 开采规模每年 2000 万吨, and 年开采总量 2000 in a table.

Words that no list knows are compared letter by letter: two figures of one unit, mineral, county
and year whose words are much the same and whose values are near, but not equal, are held for one
quantity. A figure that agrees with any other of such words is settled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from minplan.core.document.model import PlanDocument, Table
from minplan.core.document.quantities import base_year, read_blocks
from minplan.core.document.quantities.making import GOAL
from minplan.core.document.quantities.vocabulary import akin, known_names, words
from minplan.core.quality.consistency.letters import letter_pairs
from minplan.core.quality.consistency.repeats import (
    Pair,
    Reading,
    Slack,
    apart,
    is_subtotal,
    named_apart,
    of_other_places,
)
from minplan.core.quality.consistency.surroundings import of_one_field, own_words, surroundings
from minplan.core.quality.consistency.values import Agreement, middle, near

#: Share of the fewer letter pairs that both must have.
_ALIKE: Final = 0.6
#: Letter pairs that both must have where no mineral tells what they are of.
_SHARED: Final = 3
#: Readings next to one by value that it is compared with, so that long documents stay cheap.
_NEAREST: Final = 30
#: What is counted is not said.
_BARE: Final = "数"
_RATE: Final = "率"
#: How sure a pair is whose words are alike.
_SURE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Told:
    """A reading with the letter pairs of its own words; ``again`` where another place says it."""

    reading: Reading
    pairs: frozenset[str]
    again: bool = False

    def likeness(self, other: Told) -> float:
        """The share of the fewer letter pairs that both have."""
        fewer = min(len(self.pairs), len(other.pairs))
        return len(self.pairs & other.pairs) / fewer if fewer else 0.0


def echoes(document: PlanDocument, about: Decimal, close: Decimal) -> Iterator[Pair]:
    """Readings that are one quantity by their words and near, but not equal, by their values."""
    groups: dict[tuple[str, str, str], list[Told]] = {}
    for told in _distinct(_told(document)):
        item = told.reading.quantity
        key = item.base_unit.removesuffix("/年"), item.subject, item.region
        groups.setdefault(key, []).append(told)
    slack = Slack(about, close, base_year(document))
    for held in groups.values():
        held.sort(key=lambda told: middle(told.reading.quantity))
        yield from _among(held, slack)


def _distinct(readings: Sequence[Told]) -> list[Told]:
    """The readings without those that say the same in the same words elsewhere."""
    found: dict[tuple[object, ...], Told] = {}
    for told in readings:
        item = told.reading.quantity
        words_of = item.subject, item.region, item.attribute, item.qualifiers, told.pairs
        figure = item.base_low, item.base_high, item.bound, item.base_unit, item.year
        first = found.setdefault((*words_of, *figure), told)
        if first.reading.block != told.reading.block:
            found[(*words_of, *figure)] = replace(first, again=True)
    return list(found.values())


def _among(held: Sequence[Told], slack: Slack) -> Iterator[Pair]:
    near_by = [_alike(held, at, slack) for at in range(len(held))]
    fitting = [
        [held[other] for other in near_by[at] if _agree(told, held[other], slack)]
        for at, told in enumerate(held)
    ]
    settled = [told.again or bool(fitting[at]) for at, told in enumerate(held)]
    for at, told in enumerate(held):
        if settled[at]:
            continue
        others = [
            other
            for other in near_by[at]
            if (settled[other] and _one_name(told, held[other]) and _of_year(told, fitting[other]))
            or (other > at and not settled[other])
        ]
        if not others:
            continue
        best = max(others, key=lambda other: told.likeness(held[other]))
        yield Pair(told.reading, held[best].reading, Agreement.DIFFERENT, _SURE)


def _of_year(told: Told, fitting: Sequence[Told]) -> bool:
    """Whether a figure may be of the year of those that another one agrees with."""
    years = {item.reading.quantity.year for item in fitting} - {None}
    return not years or told.reading.quantity.year in (None, *years)


def _one_name(one: Told, other: Told) -> bool:
    """Whether both have one name: 查明 beside 保有 that is settled is another quantity."""
    names = {one.reading.quantity.attribute, other.reading.quantity.attribute}
    return len(names) == 1 or not names <= known_names()


def _alike(held: Sequence[Told], at: int, slack: Slack) -> list[int]:
    """The readings around one, by value, that may be the same quantity."""
    one, found = held[at], []
    value = middle(one.reading.quantity)
    for step in (-1, 1):
        last = max(-1, min(len(held), at + step * _NEAREST))
        for other in range(at + step, last, step):
            if not near(middle(held[other].reading.quantity), value, slack.close):
                break
            if _of_times(one, held[other], slack.base) and _same(one, held[other]):
                found.append(other)
    return found


def _of_times(one: Told, other: Told, base: int | None) -> bool:
    """Whether two figures may be of one time: what has no year is of no year before the base."""
    years = {told.reading.quantity.year for told in (one, other)}
    return None not in years or base is None or all(y is None or y >= base for y in years)


def _same(one: Told, other: Told) -> bool:
    if one.reading.block == other.reading.block:
        return False
    first, second = one.reading.quantity, other.reading.quantity
    if first.about or second.about or len({first.year, second.year} - {None}) > 1:
        return False
    if first.base_unit == "个" and len({first.unit, second.unit} - {"个"}) > 1:
        return False
    if not _worded_alike(one, other) or not akin(first.attribute, second.attribute):
        return False
    if len({GOAL in item.qualifiers for item in (first, second)}) > 1:
        return False
    if not of_one_field(one.reading.around, other.reading.around):
        return False
    if one.reading.table and other.reading.table and named_apart(one.reading, other.reading):
        return False
    if set(first.qualifiers) - set(second.qualifiers) - other.reading.around.qualifiers:
        return False
    if set(second.qualifiers) - set(first.qualifiers) - one.reading.around.qualifiers:
        return False
    led = one.reading.around.led, other.reading.around.led
    if all(led) and led[0] != led[1] and first.attribute not in known_names():
        return False  # 一、调查工程。…安排项目 4 个; 四、…安排项目 5 个
    if of_other_places(one.reading, other.reading):
        return False
    return not apart(one.reading, other.reading)


def _worded_alike(one: Told, other: Told) -> bool:
    """Whether the own words of two figures have so many letters in common."""
    first, second = one.reading.quantity, other.reading.quantity
    shared = len(one.pairs & other.pairs)
    if first.unit != second.unit and first.base_unit != "个":
        return shared > _SHARED and shared * 2 >= len(one.pairs | other.pairs)
    rights = {f"{noun}数" for noun in words("alike", "rights")}
    if {first.attribute, second.attribute} == rights and first.qualifiers == second.qualifiers:
        return bool(first.qualifiers) and not (first.rest or second.rest)
    enough = shared >= _SHARED or one.pairs == other.pairs or bool(first.subject)
    if first.base_unit == "%":
        enough = shared == min(len(one.pairs), len(other.pairs))
    return enough and one.likeness(other) >= _ALIKE


def _agree(one: Told, other: Told, slack: Slack) -> bool:
    return slack.agreement(one.reading, other.reading) is not Agreement.DIFFERENT


@lru_cache(maxsize=8)
def _told(document: PlanDocument) -> tuple[Told, ...]:
    found: list[Told] = []
    around = surroundings(document)
    for number, read in enumerate(read_blocks(document)):
        table = isinstance(read.block, Table)
        for at, item in enumerate(read.quantities):
            if item.attribute == _BARE or is_subtotal(read, item):
                continue
            own = own_words(read, at)
            if item.base_unit == "%" and not item.attribute and _RATE not in own:
                continue
            pairs = letter_pairs(own)
            if len(pairs) > 1:
                found.append(Told(Reading(item, number, table, around.of(read, item)), pairs))
    return tuple(found)
