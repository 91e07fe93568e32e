"""Classes of size as parts: 大型、中型、小型 in one sentence are together all there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from minplan.core.document.model import Bound, Quantity
from minplan.core.document.quantities.making import CHANGE, NARROWED
from minplan.core.quality.consistency.partition import BARE, MORE, REST, SIZES, Held, Partition
from minplan.core.quality.consistency.passages import Passage, end_of, start_of
from minplan.core.quality.consistency.values import limit_or_figure, near, total_of

#: What stands between two items of one list.
_LISTED: Final = re.compile("[、和][^，,。；;：:]*")


def by_size(passage: Passage, held: Held) -> Iterator[Partition]:
    """大型、中型、小型 of one sentence with their whole, there or elsewhere."""
    groups: dict[tuple[int, str, str], list[Quantity]] = {}
    for item in passage.quantities:
        sizes = SIZES & set(item.qualifiers)
        if item.base_unit == "个" and item.bound is Bound.EQUAL:
            place = passage.sentence(start_of(item))[0], item.attribute, item.region
            rest = not sizes and _goes_on(passage, groups, place, item)
            if len(sizes) == 1 or rest:
                groups.setdefault(place, []).append(item)
    for (_, attribute, region), held_parts in groups.items():
        kinds = {size for part in held_parts for size in part.qualifiers}
        # 大型 12 处、中型 29 处，大中型合计 41 处
        both = {"大型", "中型"} <= kinds
        parts = [part for part in held_parts if not (both and "大中型" in part.qualifiers)]
        if not kinds & {"小型", *REST} or len(parts) < 2:
            continue
        whole = _size_whole(passage, held, attribute, region, parts)
        if whole is not None:
            yield Partition(whole, tuple(parts), True, "按规模")


def _goes_on(
    passage: Passage,
    groups: Mapping[tuple[int, str, str], Sequence[Quantity]],
    place: tuple[int, str, str],
    item: Quantity,
) -> bool:
    """Whether a count is the rest of sizes: 小型 146 处、矿点 194 处, 小型 168 处，其余 115 处.

    No 按矿种分 parts the whole anew in between.
    """
    if place not in groups:
        return False
    between = passage.text[end_of(groups[place][-1]) : start_of(item)]
    listed = _LISTED.fullmatch(between) is not None
    return "按" not in between and (listed or bool(set(REST) & set(item.qualifiers)))


def _beside(passage: Passage, whole: Quantity, part: Quantity) -> bool:
    """绿色矿山 21 座，其中大中型矿山 19 座: parts of what is narrowed in their sentence."""
    start = passage.sentence(start_of(part))[0]
    return start_of(whole) >= start and "其中" in passage.text[start_of(whole) : start_of(part)]


def _size_whole(
    passage: Passage,
    held: Held,
    attribute: str,
    region: str,
    parts: Sequence[Quantity],
) -> Quantity | None:
    first, total = start_of(parts[0]), total_of(parts)
    # 新发现矿产地 9 处，其中大型 2 处: all of them are new
    shared = frozenset.intersection(*(frozenset(part.qualifiers) for part in parts)) - SIZES
    before = [
        item
        for item in passage.quantities
        if end_of(item) <= first
        and item.base_unit == "个"
        and attribute in (item.attribute, BARE)
        and shared <= set(item.qualifiers) - {NARROWED, CHANGE}
        and (shared == set(item.qualifiers) - {NARROWED} or _beside(passage, item, parts[0]))
    ]
    if before:
        return min(reversed(before), key=lambda item: abs(limit_or_figure(item) - total))
    if any(part.subject for part in parts):
        return None
    years = {part.year for part in parts} - {None}
    wholes = [
        item
        for item in held.get((attribute, "", region), ())
        if shared == set(item.qualifiers) - {NARROWED}
        and item.bound is Bound.EQUAL
        and not item.rest
        and (not years or item.year is None or item.year in years)
    ]
    best = min(wholes, key=lambda item: abs((item.base_low or 0) - total), default=None)
    return best if best is not None and near(best.base_low or total, total, MORE) else None
