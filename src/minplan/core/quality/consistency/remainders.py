"""What is left: of the figures before, of a share told before, of another paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import Final

from minplan.core.document.model import PlanDocument, Quantity
from minplan.core.quality.consistency.passages import (
    Passage,
    passages,
    start_of,
)
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.values import HUNDRED, near, total_of
from minplan.core.quality.consistency.ways import Way, exact, judged, relation

#: How near what a share leaves must be to a remainder (share).
_ALMOST: Final = Decimal("0.005")
#: How far what is left may be off what a rounded share leaves, and still be meant (shares).
_LEAST_OFF, _FAR = Decimal("0.01"), Decimal("0.3")
#: Figures before one that it may be reckoned from.
_BACK: Final = 7
_DONE: Final = re.compile(
    "(?:已|完成|累计)[^。；;]{0,10}(?:治理|修复|恢复|复垦|整治|利用)[^。；;]{0,4}$"
)
#: 尚有 544 处未治理, told apart from what there was and what was done.
REMAINS: Final = re.compile("尚余|尚有|仍有|还有|尚存|未|待")
#: How near a sum must be to its whole, or a reading to a figure, to be meant (share).
NEARLY: Final = Decimal("0.1")


def figures_before(passage: Passage, at: int) -> list[Quantity]:
    """The last figures before one that have its unit."""
    unit = passage.quantities[at].base_unit
    held = [q for q in passage.quantities[:at] if q.base_unit == unit and exact(q)]
    return held[-_BACK:]


def rests(document: PlanDocument, passage: Passage, at: int) -> Iterator[Relation]:
    """What is left: of the figures before, of a share right before, or of another paragraph."""
    said, lead = passage.quantities[at], passage.lead(at)
    beside = _of_sentence(passage, at)
    ways = [*remainders(figures_before(passage, at)), *gaps(beside[-2:])]
    by_share = _by_a_share(passage, at)
    if by_share is not None:
        yield from _left_by_a_share(said, by_share)
    elif REMAINS.search(lead) and not any(_near(way, said) for way in ways):
        yield from judged(said, _left_elsewhere(document, said), 0.7, gaps(beside))
    else:
        yield from judged(said, ways, 0.75, gaps(beside))


def _left_elsewhere(document: PlanDocument, said: Quantity) -> Iterator[Way]:
    """What another paragraph leaves: 损毁土地 2186.4 公顷，已完成修复 742.8 公顷."""
    for way in _done(document):
        if way.others[0].base_unit == said.base_unit and said not in way.others:
            yield way


@lru_cache(maxsize=8)
def _done(document: PlanDocument) -> tuple[Way, ...]:
    """What there was less what was done, wherever both stand side by side."""
    found: list[Way] = []
    for passage in passages(document):
        for at in range(1, len(passage.quantities)):
            whole, part = passage.quantities[at - 1 : at + 1]
            if not (exact(whole) and exact(part) and whole.base_unit == part.base_unit):
                continue
            if _DONE.search(passage.lead(at)):
                found.append(Way(total_of([whole]) - total_of([part]), (whole, part)))
    return tuple(found)


def _near(way: Way, said: Quantity) -> bool:
    return near(way.should, said.base_low or Decimal(0), NEARLY)


def _left_by_a_share(said: Quantity, way: Way) -> Iterator[Relation]:
    """What is left against the share that was taken, which is rounded itself."""
    size = said.base_low or Decimal(0)
    if _LEAST_OFF * size < abs(way.should - size) <= _FAR * size:
        yield relation(said, way.should, way.others, 0.7)


def _by_a_share(passage: Passage, at: int) -> Way | None:
    """What is left of a whole told by a share: 960 公顷，占 52.4%；其余 872.6 公顷.

    The share right before tells the whole; one further away does where it fits.
    """
    said = passage.quantities[at].base_low or Decimal(0)
    found = None
    for number, per in enumerate(passage.quantities[:at]):
        part = passage.quantities[number - 1] if number else per
        same = part.base_unit == passage.quantities[at].base_unit
        if per.base_unit == "%" and per.base_low and part.base_low and per is not part and same:
            left = part.base_low * (HUNDRED - per.base_low) / per.base_low
            beside = number == at - 1 and "占" in passage.lead(number)
            if beside or near(left, said, _ALMOST):
                found = Way(left, (part, per))
    return found


def _of_sentence(passage: Passage, at: int) -> list[Quantity]:
    """The figures before one in its sentence that have its unit."""
    said = passage.quantities[at]
    start = passage.sentence(start_of(said))[0]
    held = [item for item in passage.quantities[:at] if start_of(item) >= start and exact(item)]
    return [item for item in held if item.base_unit == said.base_unit]


def remainders(held: Sequence[Quantity]) -> Iterator[Way]:
    """A whole less the parts that stand between it and the remainder."""
    for whole, first in combinations(range(len(held)), 2):
        parts = held[first:]
        yield Way(total_of([held[whole]]) - total_of(parts), (held[whole], *parts))


def gaps(held: Sequence[Quantity]) -> Iterator[Way]:
    """The difference of every two figures."""
    for one, other in combinations(held, 2):
        yield Way(abs(total_of([one]) - total_of([other])), (one, other))
