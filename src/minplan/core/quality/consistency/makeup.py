"""One figure, two make-ups: the same area said to be of 21 sheets here and of 18 there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from minplan.core.document.model import Bound, PlanDocument, Quantity, Table
from minplan.core.document.quantities import read_blocks
from minplan.core.quality.consistency.passages import Passage, end_of, passages, start_of
from minplan.core.quality.consistency.values import total_of

_TOGETHER: Final = "共"
_AMONG: Final = "其中"
#: A figure with fewer digits may be the same by chance.
_LEAST_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Made:
    """An area and how many of a thing it is said to be of."""

    area: Quantity
    count: Decimal
    counts: tuple[Quantity, ...]

    @property
    def noun(self) -> str:
        """What is counted."""
        return self.counts[0].attribute


def makeups(document: PlanDocument) -> Iterator[tuple[Made, Made]]:
    """Pairs of places with one area and one kind of thing, but another number of it."""
    seen: dict[tuple[Decimal | None, str], Made] = {}
    for made in _all(document):
        before = seen.setdefault((made.area.base_low, made.noun), made)
        if before.count != made.count:
            yield before, made


def _all(document: PlanDocument) -> Iterator[Made]:
    for passage in passages(document):
        for at, item in enumerate(passage.quantities):
            if _is_area(item):
                yield from _said(passage, at)
    for read in read_blocks(document):
        if isinstance(read.block, Table):
            rows: dict[int | None, list[Quantity]] = {}
            for item in read.quantities:
                rows.setdefault(item.spot.row, []).append(item)
            for items in rows.values():
                yield from _row(items)


def _is_area(item: Quantity) -> bool:
    if item.attribute != "面积" or item.bound is not Bound.EQUAL or item.low is None:
        return False
    return len(str(item.low).replace(".", "").strip("0")) >= _LEAST_DIGITS


def _said(passage: Passage, at: int) -> Iterator[Made]:
    area = passage.quantities[at]
    start = passage.sentence(start_of(area))[0]
    before = [
        item
        for item in passage.quantities[:at]
        if start_of(item) >= start and _counted(item) and end_of(item) <= start_of(area)
    ]
    if not before or _AMONG in passage.text[start : start_of(area)]:
        return
    last = before[-1]
    same = [item for item in before if item.attribute == last.attribute]
    meant = same if _TOGETHER in passage.lead(at) else [last]
    yield _made(area, meant)


def _row(items: Sequence[Quantity]) -> Iterator[Made]:
    areas = [item for item in items if _is_area(item)]
    counts = [item for item in items if _counted(item)]
    columns = {item.spot.column for item in areas} & {item.spot.column for item in counts}
    if len(areas) == 1 and len(counts) == 1 and not columns:
        yield _made(areas[0], counts)


def _counted(item: Quantity) -> bool:
    return item.base_unit == "个" and item.bound is Bound.EQUAL and len(item.attribute) > 1


def _made(area: Quantity, counts: Sequence[Quantity]) -> Made:
    total = total_of(counts)
    return Made(area, total, tuple(counts))
