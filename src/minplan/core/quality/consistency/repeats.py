"""The same quantity in several places: readings grouped by what they are about, then compared.

Readings are indexed by attribute, subject, county, base unit and the words that narrow them, so a
long document costs no pairing of everything with everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from minplan.core.document.model import Bound, PlanDocument, Quantity, Spot, Table
from minplan.core.document.quantities import Read, base_year, read_blocks
from minplan.core.document.quantities.making import GROUND
from minplan.core.document.quantities.vocabulary import attributes, nouns, words
from minplan.core.quality.consistency.surroundings import (
    NOTHING,
    Around,
    narrows,
    of_one_field,
    surroundings,
)
from minplan.core.quality.consistency.values import Agreement, agreement, middle, near
from minplan.core.standard.minerals import find_mineral

#: Words that do not make another quantity of a state or a target.
_WEAK: Final = frozenset({"平均"})
_NEVER: Final = frozenset({"增长率", "经济损失", "产能"})
#: A share (比例) is one of many unless words narrow it.
_NARROWED: Final = frozenset({"比例"})
_MOST_REST: Final = 4
#: An area must be narrowed by so many words before two far figures are held for one.
_LEAST_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Topic:
    """What a quantity is about, as far as it must agree to be the same one."""

    attribute: str
    subject: str
    region: str
    base_unit: str
    qualifiers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A quantity and the number of the block it stands in; ``also`` are places that agree.

    ``around`` is what its sentence or its table says of it.
    """

    quantity: Quantity
    block: int
    table: bool
    around: Around = NOTHING
    also: tuple[Spot, ...] = ()

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Its place and the other places that say the same."""
        return (self.quantity.spot, *self.also)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two readings of what is one quantity."""

    one: Reading
    other: Reading
    agreement: Agreement
    sure: float
    kin: bool = False


@dataclass(frozen=True, slots=True)
class Slack:
    """What two readings may differ by: the share of 左右, how near is near, the base year."""

    about: Decimal
    close: Decimal
    base: int | None

    def agreement(self, one: Reading, other: Reading) -> Agreement:
        """How two readings agree."""
        return agreement(one.quantity, other.quantity, self.about, self.base)


def topic(item: Quantity) -> Topic:
    """What the quantity is about."""
    return Topic(
        item.attribute,
        item.subject,
        item.region,
        item.base_unit,
        frozenset(item.qualifiers) - _WEAK,
    )


@lru_cache(maxsize=8)
def readings(document: PlanDocument) -> Mapping[Topic, tuple[Reading, ...]]:
    """All readings by topic; series (several values of one topic in one block) are left out."""
    found: dict[Topic, list[Reading]] = {}
    told_around = surroundings(document)
    for number, read in enumerate(read_blocks(document)):
        for item in _single(read):
            table = isinstance(read.block, Table)
            place = Reading(item, number, table, told_around.of(read, item))
            found.setdefault(topic(item), []).append(place)
    return {key: tuple(items) for key, items in found.items()}


def _single(read: Read) -> Iterator[Quantity]:
    groups: dict[tuple[Topic, int | None, str], list[Quantity]] = {}
    for item in read.quantities:
        known = item.attribute in attributes() or _is_count(item)
        narrowed = item.attribute not in _NARROWED or bool(item.qualifiers)
        if is_subtotal(read, item):
            continue
        if known and narrowed and item.attribute not in _NEVER and "全省" not in item.region:
            groups.setdefault((topic(item), item.year, item.rest), []).append(item)
    for items in groups.values():
        series = len({(item.low, item.high) for item in items}) > 1
        if not series or _then_parts(read, items):
            yield items[0]


def is_subtotal(read: Read, item: Quantity) -> bool:
    """Whether a figure stands in a row of subtotals (小计)."""
    if not isinstance(read.block, Table):
        return False
    return any("小计" in cell.text for cell in read.block.cells[(item.spot.row or 1) - 1])


def _then_parts(read: Read, items: Sequence[Quantity]) -> bool:
    """Whether the first of a series is the whole and the others its parts (其中)."""
    if isinstance(read.block, Table):
        return False
    first, second = items[0].spot, items[1].spot
    return "其中" in read.block.text[first.end or 0 : second.start or 0]


def _is_count(item: Quantity) -> bool:
    return item.base_unit == "个" and item.attribute.removesuffix("数") in nouns()


def pairs(document: PlanDocument, about: Decimal, close: Decimal) -> Iterator[Pair]:
    """Readings that state one quantity and do not agree exactly.

    ``about`` is the share that 左右 stands for; ``close`` how near two readings must be (share) to
    be held for one where their words or years leave a doubt.
    """
    slack = Slack(about, close, base_year(document))
    for key, items in readings(document).items():
        years: dict[int, list[Reading]] = {}
        for item in items:
            if item.quantity.year is not None:
                years.setdefault(item.quantity.year, []).append(item)
        for held in years.values():
            yield from _within(held, key, slack)
        undated = [item for item in items if item.quantity.year is None]
        yield from _within(undated, key, slack)
        dated = [item for held in years.values() for item in held]
        yield from _undated(undated, dated, slack)


def _within(items: Sequence[Reading], key: Topic, slack: Slack) -> Iterator[Pair]:
    """Each other value against the one most places agree on (the first, where none is)."""
    distinct = _distinct(items)
    if len(distinct) < 2:
        return
    one = max(distinct, key=lambda item: len(item.also))
    for other in distinct:
        pair = None if other is one else _pair(one, other, key, slack)
        if pair is not None:
            yield pair


def _distinct(items: Iterable[Reading]) -> list[Reading]:
    """One reading for each value, the one with the fewest words, with the places of the others."""
    found: dict[tuple[object, ...], list[Reading]] = {}
    for item in items:
        told = item.quantity
        key = (told.base_low, told.base_high, told.about)
        found.setdefault(key, []).append(item)
    distinct = []
    for held in found.values():
        best = min(held, key=lambda item: len(item.quantity.rest))
        also = tuple(item.quantity.spot for item in held if item is not best)
        distinct.append(replace(best, also=also))
    return distinct


def _pair(one: Reading, other: Reading, key: Topic, slack: Slack) -> Pair | None:
    if one.block == other.block:
        return None
    how = slack.agreement(one, other)
    if how in (Agreement.EQUAL, Agreement.ROUNDED):
        return None
    if _of_others(one, other):
        return None
    sure = _sure(one.quantity, other.quantity, key, slack.close)
    return None if sure is None else Pair(one, other, how, sure)


def _of_others(one: Reading, other: Reading) -> bool:
    """Whether words around two figures tell that they are of different things."""
    return (
        named_apart(one, other)
        or not of_one_field(one.around, other.around)
        or apart(one, other)
        or of_other_places(one, other)
    )


def of_other_places(one: Reading, other: Reading) -> bool:
    """Whether two texts tell of different counties together: 包括甲县和乙县，有采矿权 72 宗."""
    if one.table or other.table or one.quantity.subject or one.quantity.attribute == GROUND:
        return False
    places = one.around.places, other.around.places
    return max(map(len, places)) > 1 and places[0] != places[1]


def named_apart(one: Reading, other: Reading) -> bool:
    """Whether either figure has words of its own that are nowhere around the other."""
    return narrows(one.quantity.rest, other.around) or narrows(other.quantity.rest, one.around)


def apart(one: Reading, other: Reading) -> bool:
    """Whether areas, sums of money or what is new, of which a plan has many, are different things.

    Each may stand under a name of its own, or one tells what was and the other what is planned.
    """
    narrowed = {*one.quantity.qualifiers, *other.quantity.qualifiers}
    new = bool(narrowed & {*words("added", "words")})
    if not new and one.quantity.attribute not in words("percentages", "many"):
        return False
    years = {one.quantity.year, other.quantity.year}
    if None in years and one.around.past != other.around.past:
        return True
    led = narrows(one.around.led, other.around) or narrows(other.around.led, one.around)
    return led and not new


def _sure(one: Quantity, other: Quantity, key: Topic, close: Decimal) -> float | None:
    """How sure it is that both mean the same, None when they do not."""
    close_by = near(middle(one), middle(other), close)
    if one.rest != other.rest:
        if not close_by and not (key.subject and min(len(one.rest), len(other.rest)) == 0):
            return None
        if max(len(one.rest), len(other.rest)) > _MOST_REST and not close_by:
            return None
    if key.attribute == GROUND:
        return 0.9
    bare = not key.subject and not key.qualifiers and not key.region
    if key.attribute == "面积" and not close_by:
        narrow = len(key.qualifiers) + bool(key.subject) + bool(key.region)
        if one.rest != other.rest or narrow < _LEAST_WORDS:
            return None
    if bare and key.attribute == "面积" and not one.rest:
        return None
    if bare and not close_by:
        return None
    return 0.9 if one.rest == other.rest else 0.75


def _undated(undated: Sequence[Reading], dated: Sequence[Reading], slack: Slack) -> Iterator[Pair]:
    """A figure without a year against those with one: only where it nearly is one of them."""
    for one in _distinct(undated):
        others = [item for item in dated if item.block != one.block]
        hows = [slack.agreement(one, item) for item in others]
        if not others or min(hows) < Agreement.DIFFERENT:
            continue
        best = min(others, key=lambda item: abs(middle(item.quantity) - middle(one.quantity)))
        told = one.quantity
        words = told.rest == best.quantity.rest or bool(told.subject or told.qualifiers)
        close_by = near(middle(one.quantity), middle(best.quantity), slack.close)
        if words and close_by and not _of_others(one, best):
            yield Pair(one, best, Agreement.DIFFERENT, 0.6)


def twins(document: PlanDocument, about: Decimal) -> Iterator[Pair]:
    """Readings of neighbour attributes (抽采量, 开采总量) that differ for one subject and year."""
    for one, other in _neighbours(document, "twin"):
        how = agreement(one.quantity, other.quantity, about)
        if one.quantity.year is not None and how is Agreement.DIFFERENT:
            yield Pair(one, other, how, 0.5, kin=True)


def _neighbours(document: PlanDocument, kind: str) -> Iterator[tuple[Reading, Reading]]:
    """Readings of two neighbour attributes for one subject, county, year and the same words."""
    held = readings(document)
    for key, items in held.items():
        attribute = attributes().get(key.attribute)
        name = "" if attribute is None else getattr(attribute, kind)
        if not name or not key.subject:
            continue
        for other in _distinct(held.get(replace(key, attribute=name), ())):
            for one in _distinct(items):
                if one.quantity.year == other.quantity.year and one.block != other.block:
                    yield one, other


@dataclass(frozen=True, slots=True)
class Renamed:
    """One figure under two neighbour attributes, for several subjects."""

    first: str
    second: str
    pairs: tuple[tuple[Quantity, Quantity], ...]


def renamed(document: PlanDocument) -> Iterator[Renamed]:
    """The same figures under two names that count differently (探明储量, 查明资源量)."""
    found: dict[tuple[str, str], list[tuple[Quantity, Quantity]]] = {}
    for one, other in _neighbours(document, "kin"):
        first, second = one.quantity, other.quantity
        if (first.base_low, first.base_high) == (second.base_low, second.base_high):
            found.setdefault((first.attribute, second.attribute), []).append((first, second))
    for (name, twin), couples in found.items():
        if len(couples) >= 2:
            yield Renamed(name, twin, tuple(couples))


@dataclass(frozen=True, slots=True)
class FamilySum:
    """A mineral's figure and those of its kinds: 石灰岩 and 水泥用灰岩, 熔剂用灰岩, …."""

    whole: Quantity
    parts: tuple[Quantity, ...]

    @property
    def total(self) -> Decimal:
        """The kinds added up, in the base unit."""
        return sum((middle(part) for part in self.parts), Decimal(0))


def families(document: PlanDocument, close: Decimal) -> Iterator[FamilySum]:
    """Figures of a mineral that are nearly, but not quite, the sum of its kinds in a table."""
    tables: dict[tuple[int, str, int | None, str, str], dict[str, Quantity]] = {}
    for number, read in enumerate(read_blocks(document)):
        if not isinstance(read.block, Table):
            continue
        for item in read.quantities:
            mineral = find_mineral(item.subject)
            if mineral is None or not mineral.parent or item.bound is not Bound.EQUAL:
                continue
            if item.qualifiers or item.base_low is None or item.attribute not in _summed(item):
                continue
            place = (number, item.attribute, item.year, item.region, mineral.parent)
            tables.setdefault(place, {})[item.subject] = item
    held = readings(document)
    for (_, attribute, year, region, parent), parts in tables.items():
        if len(parts) < 2:
            continue
        unit = next(iter(parts.values())).base_unit
        key = Topic(attribute, parent, region, unit, frozenset())
        found = FamilySum(next(iter(parts.values())), tuple(parts.values()))
        for whole in _distinct(held.get(key, ())):
            told = whole.quantity
            if told.year not in (year, None) or told.bound is not Bound.EQUAL or told.about:
                continue
            if middle(told) != found.total and near(middle(told), found.total, close):
                yield FamilySum(told, found.parts)


def _summed(item: Quantity) -> tuple[str, ...]:
    known = attributes().get(item.attribute)
    return (item.attribute,) if _is_count(item) or (known and known.additive) else ()
