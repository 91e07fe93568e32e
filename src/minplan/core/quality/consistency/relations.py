"""Arithmetic in sentences: changes (从…增加到…), yearly amounts and their total."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from minplan.core.document.model import PlanDocument, Quantity
from minplan.core.document.quantities.period import period
from minplan.core.quality.consistency.passages import Passage, passages
from minplan.core.quality.consistency.values import HUNDRED, decimals, of_one_unit

_UP: Final = "增加到|增长到|提高到|上升到|增至|升至|扩大到|增长至|增加至|提高至|提升到|提升至"
_DOWN: Final = "压减到|减少到|下降到|降低到|降到|降至|减至|压减至|减少至|压缩到|下降至"
_TO: Final = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})")
_CHANGE: Final = re.compile(
    r"(?P<up>增长了?|增加了?|提高了?|上升了?|增幅|增产)|(?P<down>减少了?|下降了?|降低了?|压减了?|降幅|减产)"
)
_YEARLY: Final = re.compile(r"每年|年均|逐年")
_TOGETHER: Final = re.compile(r"共计|总计|合计|累计|共|五年|规划期内")
_SPAN: Final = re.compile(r"(\d+)\s*年(?:内|间|共)")
#: How far a percentage may be off what it is reckoned from; what is further off was not meant so.
#: Letters between two figures and the growth that is certainly theirs: ，增长.
_CLOSE: Final = 5
_FAR: Final = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class Relation:
    """A printed figure, what it should be by the others, and those others."""

    said: Quantity
    should: Decimal
    unit: str
    others: tuple[Quantity, ...]
    sure: float


def _differs(printed: Decimal, should: Decimal, slack: Decimal, *, certain: bool) -> bool:
    """Whether a percentage is off; where it may be of something else, it must be near."""
    if abs(HUNDRED - should - printed) <= slack:
        return False
    return slack < abs(should - printed) and (certain or abs(should - printed) <= _FAR * printed)


def changes(document: PlanDocument) -> Iterator[Relation]:
    """Growth and decline: direction and size against the two figures given."""
    for passage in passages(document):
        for at in range(1, len(passage.quantities)):
            old, new = passage.quantities[at - 1], passage.quantities[at]
            match = _TO.search(passage.lead(at))
            if match is None or old.base_unit != new.base_unit:
                continue
            if None in (old.base_low, new.base_low) or old.base_low == new.base_low:
                continue
            apart = re.search("[，,]", passage.lead(at)) and old.qualifiers != new.qualifiers
            if (
                apart
                or re.search("[。；;]", passage.lead(at))
                or old.subject not in ("", new.subject)
            ):
                continue
            rose = (new.base_low or 0) > (old.base_low or 0)
            if rose != bool(match["up"]):
                yield Relation(new, old.low or Decimal(0), old.unit, (old,), 0.9)
            yield from _change(passage, at, old, new)


def _change(passage: Passage, at: int, old: Quantity, new: Quantity) -> Iterator[Relation]:
    if at + 1 >= len(passage.quantities):
        return
    said = passage.quantities[at + 1]
    lead = passage.lead(at + 1)
    if not _CHANGE.search(lead) or re.search(r"[。；]|年均|其中", lead) or said.low is None:
        return
    first, last = old.base_low or Decimal(0), new.base_low or Decimal(0)
    if said.base_unit == "%" and first:
        should = abs(last - first) * HUNDRED / first
        digit = Decimal(1).scaleb(-decimals(said.low))
        certain = len(lead.strip(" ，,、")) <= _CLOSE
        if _differs(said.low, should, digit, certain=certain):
            yield Relation(said, round(should, decimals(said.low)), "%", (old, new), 0.85)
    elif said.base_unit == new.base_unit and said.base_low is not None:
        should = abs(last - first)
        ratio = said.base_low / said.low if said.low else Decimal(1)
        if abs(should - said.base_low) > ratio * Decimal(1).scaleb(-decimals(said.low)) / 2:
            yield Relation(said, (should / ratio).normalize(), said.unit, (old, new), 0.85)


def yearly(document: PlanDocument, about: Decimal) -> Iterator[Relation]:
    """每年 16，共 120: the yearly amount times the years of the plan against the total."""
    span = period(document)
    for passage in passages(document):
        for at in range(1, len(passage.quantities)):
            each, total = passage.quantities[at - 1], passage.quantities[at]
            if not _YEARLY.search(passage.lead(at - 1)) or not _TOGETHER.search(passage.lead(at)):
                continue
            if not of_one_unit(each, total):
                continue
            if re.search(r"[。；]", passage.lead(at)) or not each.base_low or not total.base_low:
                continue
            years = _SPAN.search(passage.text)
            count = int(years[1]) if years else (span.years if span else 0)
            if not count or not total.low:
                continue
            should = each.base_low * count
            loose = about if each.about or total.about else Decimal(0)
            if abs(should - total.base_low) > loose * max(should, total.base_low):
                ratio = total.base_low / total.low
                yield Relation(total, (should / ratio).normalize(), total.unit, (each,), 0.8)
