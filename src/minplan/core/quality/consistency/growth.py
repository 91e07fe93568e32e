"""Growth and decline in per cent against the figures it is worked out from: 增长 34.4%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Final

from minplan.core.document.model import Quantity
from minplan.core.document.quantities.vocabulary import Scanner
from minplan.core.quality.consistency.passages import Key, Passage
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.values import HUNDRED, limit_or_figure
from minplan.core.quality.consistency.ways import CLAUSE, Way, alike_before, judged, share

_YEAR: Final = re.compile(r"(?:比|较|与|同)[^，,。；;]{0,2}((?:19|20)\d\d)\s*年")
#: Words between two figures that tell one is compared with the other.
_LINKED: Final = re.compile(r"[较比由从净减降升压增](?!加值)|提高|扩大|为.{0,6}目标")
_YEARLY: Final = re.compile(r"年均|每年|逐年")
#: Years over which growth may be told as a yearly share.
_LONG: Final = 30
#: What an amount of a year is of where its clause does not say it again.
_OUTPUT: Final = "开采总量"
_MINED: Final = "吨"
#: Figures before growth that it may be of where its words tell another year.
_NEXT: Final = 4
_GROWTH: Final = "增长率"


def growth(
    held: Mapping[Key, tuple[Quantity, ...]],
    scanner: Scanner,
    passage: Passage,
    at: int,
    base: int | None,
) -> Iterator[Relation]:
    """The change between two figures as a share of either; of the years that are named."""
    said, lead = passage.quantities[at], passage.lead(at)
    compared = _YEAR.search(lead)
    before = alike_before(passage, at)
    if _YEARLY.search(lead):
        yield from judged(said, _yearly(before), 0.7, _growths(before[-2:]))
        return
    if compared is None or (before and before[-1].year == int(compared[1])):
        if len(before) > 1 and _LINKED.search(passage.lead_of(before[-1])):
            alike = [item for item in before[-4:] if item.subject == before[-1].subject]
            last = before[-1]
            known = held.get((last.attribute, last.subject, last.region), ())
            # a change that is told itself, as a share of what there was
            changed = [
                share(limit_or_figure(last), limit_or_figure(one), last, one)
                for one in known
                if limit_or_figure(one) > 0
            ]
            settling = (*_growths(before), *changed)
            yield from judged(said, _growths(alike), 0.7, settling)
        elif base is not None and before and (before[-1].year or 0) > base:
            yield from _growth_of_last(held, before, said, base)
        return
    told = lead[max(lead.rfind(mark) for mark in CLAUSE) + 1 :]
    tokens = [token for token in scanner.scan(told) if token.value != _GROWTH]
    if not tokens or all(token.kind == "qualifier" for token in tokens):
        yield from _growth_of_last(held, before, said, int(compared[1]))
        return
    names = {token.value for token in tokens if token.kind == "attribute"}
    minerals = [token.value for token in tokens if token.kind == "mineral"]
    if not names or said.year is None:
        return
    items = [
        item
        for name in names
        for item in held.get((name, minerals[-1] if minerals else "", said.region), ())
        if limit_or_figure(item) > 0 and not item.qualifiers
    ]
    new = [item for item in items if item.year == said.year]
    old = [item for item in items if item.year == int(compared[1])]
    ways = [_change(one, other) for one in new for other in old]
    yield from judged(said, ways, 0.7)


def _growth_of_last(
    held: Mapping[Key, tuple[Quantity, ...]],
    before: Sequence[Quantity],
    said: Quantity,
    base: int,
) -> Iterator[Relation]:
    """开采总量达到 4200 万吨，比 2020 年增长 34.4%: what the last figure was in that year."""
    if not before:
        return
    new = before[-1]
    if not new.attribute and new.base_unit == _MINED:
        new = replace(new, attribute=_OUTPUT)
    old = [
        item
        for item in held.get((new.attribute, new.subject, new.region), ())
        if item.year == base and set(item.qualifiers) == set(new.qualifiers)
    ]
    ways = [_change(new, item) for item in old if limit_or_figure(item) > 0]
    yield from judged(said, ways, 0.7, _growths(before[-_NEXT:]))


def _yearly(before: Sequence[Quantity]) -> Iterator[Way]:
    """由 47.13 亿元提高到 75 亿元，年均增长 9.7%: by the same share every year."""
    if len(before) < 2:
        return
    old, new = before[-2:]
    first, last = limit_or_figure(old), limit_or_figure(new)
    years = (new.year or 0) - (old.year or 0)
    if old.year is not None and 1 < years < _LONG and first > 0:
        should = ((last / first) ** (1 / Decimal(years)) - 1) * HUNDRED
        yield Way(abs(should), (old, new))


def _change(new: Quantity, old: Quantity) -> Way:
    """How much a figure differs from what it was, in per cent of that."""
    base = limit_or_figure(old)
    return share(abs(limit_or_figure(new) - base), base, new, old)


def _growths(held: Sequence[Quantity]) -> Iterator[Way]:
    """The change between two figures, or a change told itself, as a share of either."""
    for one, other in combinations(held, 2):
        first, second = limit_or_figure(one), limit_or_figure(other)
        for base in (first, second):
            yield share(abs(first - second), base, one, other)
        for base in (first, abs(first - second)):
            if base:
                yield share(second, base, one, other)
