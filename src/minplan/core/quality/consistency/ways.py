"""Readings of what a figure should be by others, and which of them was meant.

The words tell that figures belong together, not always which ones. All readings are tried; one
that fits settles it. Where none does, the reading that nearly fits is the one that was meant:
figures that have nothing to do with one another hardly ever nearly fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from minplan.core.document.model import Bound, Quantity
from minplan.core.quality.consistency.passages import Passage
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.values import (
    COUNTED,
    HUNDRED,
    decimals,
    limit_or_figure,
    step,
)

#: How near a reading must be to be the one that was meant (share of the figure).
_NEAR: Final = Decimal("0.2")
#: The same as a share of the largest figure it is reckoned from.
_NEAR_LARGE: Final = Decimal("0.12")
#: What of its last digit a percentage may be off by rounding.
_PART_OF_STEP: Final = Decimal("0.6")
#: Figures before a percentage that it may be of.
_WHOLES: Final = 14
#: What ends a clause.
CLAUSE: Final = "，,。；;：:（("


@dataclass(frozen=True, slots=True)
class Way:
    """What a figure should be, in its base unit, by some others; averages are ``per`` so many."""

    should: Decimal
    others: tuple[Quantity, ...]
    per: Decimal = Decimal(1)


def judged(
    said: Quantity, readings: Iterable[Way], sure: float, others: Iterable[Way] = ()
) -> Iterator[Relation]:
    """The nearest reading where none fits and it is near; ``others`` may fit and are never meant.

    A difference of large figures may be far off when one of these is a little off.
    """
    size, told = said.base_low, [item for item in readings if item.should > 0]
    if not size or not said.low or not told:
        return
    best = min(told, key=lambda item: abs(item.should - size))
    off, reach = abs(best.should - size), _NEAR * size
    rounding = step(said) * _PART_OF_STEP
    if said.base_unit in COUNTED:
        rounding = Decimal(0)
    if said.base_unit != "%":
        largest = max(best.others, key=lambda item: item.base_low or Decimal(0))
        reach = max(reach, _NEAR_LARGE * (largest.base_low or Decimal(0)))
        rounding = max([rounding, *(step(item) / best.per for item in best.others if rounding)])
    if any(abs(item.should - size) <= rounding for item in others):
        return
    if rounding < off <= reach:
        yield relation(said, best.should, best.others, sure)


def relation(said: Quantity, should: Decimal, others: Sequence[Quantity], sure: float) -> Relation:
    """A figure and what it should be (in its base unit), told in its own unit and digits."""
    printed, size = said.low or Decimal(1), said.base_low or Decimal(1)
    told = round(should * printed / size, decimals(printed))
    return Relation(said, told, said.unit, tuple(others), sure)


def exact(quantity: Quantity) -> bool:
    """Whether a quantity is one figure, no limit and not 左右."""
    return quantity.bound is Bound.EQUAL and quantity.base_low is not None and not quantity.about


def usable(item: Quantity, unit: str) -> bool:
    """Whether a figure (or limit) has this base unit, a year or not, and may be divided by."""
    same = item.base_unit.removesuffix("/年") == unit.removesuffix("/年")
    return same and item.bound is not Bound.RANGE and limit_or_figure(item) > 0


def alike_before(passage: Passage, at: int) -> list[Quantity]:
    """The figures before a percentage that have the unit of the last of them."""
    held = [q for q in passage.quantities[:at] if q.base_unit not in ("%", "百分点")]
    return [q for q in held if usable(q, held[-1].base_unit)][-_WHOLES:] if held else []


def share(part: Decimal, whole: Decimal, *others: Quantity) -> Way:
    """One figure in per cent of another."""
    return Way(part * HUNDRED / whole, others)
