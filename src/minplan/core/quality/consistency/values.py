"""When two figures agree: equal, equal after rounding, about the same, or different.

A figure is printed with so many decimals of its unit; it stands for everything that rounds to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import IntEnum
from typing import Final

from minplan.core.document.model import Bound, Quantity
from minplan.core.document.quantities.vocabulary import attributes, find_unit

HALF: Final = Decimal("0.5")
HUNDRED: Final = Decimal(100)
#: Units of what is counted: such figures are never rounded.
COUNTED: Final = frozenset({"个", "种"})
_LIMITS: Final = frozenset({Bound.AT_LEAST, Bound.AT_MOST})


class Agreement(IntEnum):
    """How well two figures agree; the smaller the better."""

    EQUAL = 0
    ROUNDED = 1
    ABOUT = 2
    DIFFERENT = 3


def decimals(value: Decimal) -> int:
    """Printed digits after the point."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def last_digit(value: Decimal) -> Decimal:
    """What one step of the last printed digit is worth: 0.01 for 447.81."""
    return Decimal(1).scaleb(-decimals(value))


def of_one_unit(one: Quantity, other: Quantity) -> bool:
    """Whether two figures have one base unit, a year or not."""
    return one.base_unit.removesuffix("/年") == other.base_unit.removesuffix("/年")


def step(quantity: Quantity) -> Decimal:
    """The last printed digit in the base unit; at least half of it may be rounding."""
    value = quantity.low if quantity.low is not None else quantity.high
    unit = find_unit(quantity.unit)
    if value is None or unit is None:
        return Decimal(0)
    return unit[0].to_base(last_digit(value))


def agreement(one: Quantity, other: Quantity, about: Decimal, base: int | None = None) -> Agreement:
    """How two quantities of one base unit agree; ``about`` is the share that 左右 stands for.

    Two limits of one kind (both 不超过) agree where they are the same limit. After the year
    ``base`` all figures are goals: a limit and a plain figure agree where they are the same.
    """
    if Bound.RANGE in (one.bound, other.bound) and one.bound is other.bound:
        same = (one.base_low, one.base_high) == (other.base_low, other.base_high)
        return Agreement.EQUAL if same else Agreement.DIFFERENT
    limits = _are_limits(one, other, base)
    gap = abs(middle(one) - middle(other)) if limits else _gap(one, other)
    if gap == 0:
        return Agreement.EQUAL
    if (limits or not {one.bound, other.bound} & _LIMITS) and _rounds(one, other, gap):
        return Agreement.ROUNDED
    if one.about or other.about:
        size = max(abs(middle(one)), abs(middle(other)))
        if gap <= size * about:
            return Agreement.ABOUT
    return Agreement.DIFFERENT


def _are_limits(one: Quantity, other: Quantity, base: int | None) -> bool:
    bounds = {one.bound, other.bound}
    known = attributes().get(one.attribute)
    if known is not None and known.limit and one.attribute == other.attribute:
        return True
    if len(bounds) == 1:
        return bounds <= _LIMITS
    if base is None or one.year is None or one.year != other.year or one.year <= base:
        return False
    return Bound.EQUAL in bounds and len(bounds & _LIMITS) == 1


def _rounds(one: Quantity, other: Quantity, gap: Decimal) -> bool:
    coarse = max(step(one), step(other))
    return one.base_unit not in COUNTED and gap <= coarse * HALF


def _gap(one: Quantity, other: Quantity) -> Decimal:
    """How far apart the two spans are, 0 where they meet."""
    low = max((q.base_low for q in (one, other) if q.base_low is not None), default=None)
    high = min((q.base_high for q in (one, other) if q.base_high is not None), default=None)
    if low is None or high is None or low <= high:
        return Decimal(0)
    return low - high


def middle(quantity: Quantity) -> Decimal:
    """The figure in the base unit, the middle of a range."""
    ends = [end for end in (quantity.base_low, quantity.base_high) if end is not None]
    return sum(ends, Decimal(0)) / len(ends) if ends else Decimal(0)


def limit_or_figure(quantity: Quantity) -> Decimal:
    """The figure in the base unit, or the limit it is (不超过 180)."""
    value = quantity.base_low if quantity.base_low is not None else quantity.base_high
    return value or Decimal(0)


def rounding_of_sum(parts: Iterable[Decimal], total: Decimal) -> Decimal:
    """How far a printed total may be from the sum of printed parts by rounding alone.

    Half a digit each for decimals; integers of measured things get one digit at least, since they
    are rarely all rounded the same way.
    """
    told = [part for part in parts if part != 0]
    places = sorted(decimals(part) for part in told)
    usual = min(places[len(places) // 2] if places else 0, decimals(total) or 99)
    digit = Decimal(1).scaleb(-usual)
    if usual == 0:
        return max(digit, digit * HALF * Decimal(len(told)).sqrt())
    return digit * HALF * (len(told) + 1)


def total_of(quantities: Iterable[Quantity]) -> Decimal:
    """The quantities added up, in the base unit; those without a lower end count as nothing."""
    return sum((item.base_low or Decimal(0) for item in quantities), Decimal(0))


def near(one: Decimal, other: Decimal, share: Decimal) -> bool:
    """Whether two figures are within ``share`` of the greater."""
    return abs(one - other) <= max(abs(one), abs(other)) * share


def show(value: Decimal) -> str:
    """A figure as people read it: no exponent, no endless digits."""
    text = format(value, "f")
    if "." in text and len(text.split(".")[1]) > 8:
        text = format(round(value, 6), "f").rstrip("0").rstrip(".")
    return text
