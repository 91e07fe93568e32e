"""A whole and its parts, as a sentence tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from minplan.core.document.model import Quantity
from minplan.core.document.quantities.vocabulary import find_unit
from minplan.core.quality.consistency.passages import Key
from minplan.core.quality.consistency.values import (
    COUNTED,
    limit_or_figure,
    rounding_of_sum,
    total_of,
)

Held = Mapping[Key, tuple[Quantity, ...]]
REST: Final = ("其他", "其它", "其余")
#: What goes beyond a whole by more than this share of it is no part of it.
MORE: Final = Decimal("0.3")
SIZES: Final = frozenset({"大型", "中型", "小型", "大中型"})
#: What is counted where the sentence does not say it again.
BARE: Final = "数"


@dataclass(frozen=True, slots=True)
class Partition:
    """A whole and its parts; ``complete`` when the parts are meant to be all of it."""

    whole: Quantity
    parts: tuple[Quantity, ...]
    complete: bool
    word: str

    @property
    def total(self) -> Decimal:
        """The parts added up, in the base unit."""
        return total_of(self.parts)

    @property
    def difference(self) -> Decimal:
        """Whole less parts, in the base unit."""
        return limit_or_figure(self.whole) - self.total

    @property
    def rounding(self) -> Decimal:
        """How far sum and whole may be apart by rounding, in the base unit."""
        unit = find_unit(self.whole.unit)
        if unit is None or self.whole.base_unit in COUNTED:
            return Decimal(0)
        ratio = unit[0].to_base(Decimal(1))
        values = [(part.base_low or Decimal(0)) / ratio for part in self.parts]
        same = all(part.unit == self.whole.unit for part in self.parts)
        printed = [part.low or Decimal(0) for part in self.parts] if same else values
        return rounding_of_sum(printed, self.whole.low or Decimal(0)) * ratio
