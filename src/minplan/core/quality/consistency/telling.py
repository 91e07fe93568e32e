"""Contradictions as faults: both places, both values, the rule that links them, how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from minplan.core.basis import Basis
from minplan.core.document.model import PlanDocument, Quantity, Spot
from minplan.core.quality.check import Check, Family, NotApplicable, Scope, check
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import quality
from minplan.core.quality.submission import Context
from minplan.core.text import Text

#: What every contradiction rests on; the draft's text is not public.
AGREEMENT: Final = quality("图文表库一致性：文本、附表、附图、数据库的内容和数值应当一致")
ORDER: Final = Basis(
    "《市县级矿产资源规划编制要求》", "规划文本的编写", "章节、图表编号连续", certain=False
)
MEND: Final = Text(
    "核对两处的依据，改正其中一处；确属口径不同的，在文中写明口径",
    "check the sources of both places and correct one; where they count differently, say so",
)
SURE: Final = {"certain": 0.95, "likely": 0.8, "possible": 0.6, "hint": 0.4}


def documents(ctx: Context) -> Sequence[PlanDocument]:
    """The documents of the submission; NotApplicable when there are none."""
    if not ctx.submission.documents:
        raise NotApplicable
    return ctx.submission.documents


def contradiction(
    ctx: Context,
    message: Text,
    spots: Iterable[Spot],
    *,
    value: str = "",
    limit: str = "",
    sure: float = SURE["certain"],
    **more: Any,
) -> Fault:
    """A fault of a document with the places that contradict one another."""
    places = tuple(spots)
    return ctx.fault(
        message, spots=places, value=value, limit=limit, sure=sure, file=places[0].file, **more
    )


def where(spot: Spot) -> Text:
    """The place as it stands in a message, for example ``表4第 5 行第 3 列``."""
    told = replace(spot, line=None, page=None, file="").describe()
    if not told.zh:
        told = spot.describe()
    return Text(told.zh.replace(" · ", ""), told.en.replace(" · ", ", "))


def printed(quantity: Quantity) -> str:
    """A quantity as printed: ``2610 万吨/年左右``; the unit is added where the cell has none."""
    quote = quantity.spot.quote or ""
    unit = quantity.unit.replace(" ", "")
    return quote if unit in quote.replace(" ", "") else f"{quote} {unit}"


def named(quantity: Quantity) -> str:
    """What a quantity is about: ``2025 年武乡县陶瓷土开采总量``."""
    year = f"{quantity.year} 年" if quantity.year else ""
    words = "".join(quantity.qualifiers)
    return f"{year}{quantity.region}{quantity.subject}{words}{quantity.attribute}"


def share_of(ctx: Context, name: str) -> Decimal:
    """A parameter of the check as an exact figure."""
    return Decimal(str(ctx.parameters[name]))


__all__ = [
    "AGREEMENT",
    "MEND",
    "ORDER",
    "SURE",
    "Check",
    "Context",
    "Family",
    "Fault",
    "Iterator",
    "Level",
    "Scope",
    "Text",
    "check",
    "contradiction",
    "documents",
    "named",
    "printed",
    "share_of",
    "where",
]
