"""Parts and wholes in a sentence: 其中…, classes of size; what the parts must add up to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from minplan.core.document.model import Bound, PlanDocument, Quantity
from minplan.core.document.quantities.making import CHANGE
from minplan.core.document.quantities.period import YEARS
from minplan.core.document.quantities.vocabulary import attributes, nouns, words
from minplan.core.quality.consistency.partition import BARE, MORE, REST, SIZES, Partition
from minplan.core.quality.consistency.passages import (
    Passage,
    end_of,
    index,
    passages,
    start_of,
)
from minplan.core.quality.consistency.sizes import by_size
from minplan.core.quality.consistency.table_rows import Columns, column_totals
from minplan.core.quality.consistency.values import (
    COUNTED,
    HUNDRED,
    near,
    total_of,
)

_AMONG: Final = re.compile(
    r"其中|(?<=[\u4e00-\u9fff])中[，,]|[，,；;。](?:按|从)[^，,。；;]{1,10}(?:划?分(?:类|为)?|看)[，,：:]?|(?<=[\u4e00-\u9fff])[：:](?!\n)|[（(]|[，,](?:即|分别为|分别是|包括|包含|涉及|含|由|[^，,。；;]{0,4}来源(?:为|是|包括))"
)
#: A figure with these words before it is one end of a change, no part.
_CHANGE: Final = re.compile(r"(?:增|减|压|降|升|提高|扩大)[^，,。；;]{0,4}[到至]\s*$")
_FROM: Final = re.compile(r"[由从][^，,。；;]{0,12}$")
#: 由 386 个减少到 231 个; 由财政资金 5400 万元和社会资金 9600 万元构成 tells parts.
_TURNS: Final = re.compile(r"[^。；;，,]{0,16}(?:[减增压降升提扩][^。；;，,\d]{0,5})?[到至为]")
#: 其中 2021—2023 年完成 580 公顷
_SPAN: Final = re.compile(YEARS)
#: A division that is told by what it is by: 按矿种分.
_BY: Final = "按从"
_AGAIN: Final = "其中"
_GONE_OR_NEW: Final = re.compile("关闭|注销|退出|整合|减少|淘汰|新设|新建|新增|增加")
#: 7 项指标中，6 项完成，1 项未完成
_OF_ALL: Final = "中，"
_THING: Final = re.compile(r"[\u4e00-\u9fff]{1,8}")
_SHARE: Final = re.compile("占[^，,。；;]{2,}$")
#: 中央 1146 万元、省级 2040 万元，两级财政合计 3186 万元；社会资金…
_SUBTOTAL: Final = re.compile("(?:合计|小计|共计)(?:为|达)?$")
_EACH: Final = "各"
_OPEN: Final = "（("
_CLOSE: Final = "）)"
#: Parts that make their whole but for this share of it are meant to make it.
_NEAR: Final = Decimal("0.2")


def partitions(document: PlanDocument, short: Decimal) -> Iterator[Partition]:
    """All wholes with their parts; ``short`` is how much of the whole complete parts may lack."""
    held, columns = index(document), column_totals(document)
    for passage in passages(document):
        if len(passage.quantities) >= 2:
            yield from _among(passage, short, columns)
            yield from by_size(passage, held)


def _among(passage: Passage, short: Decimal, columns: Columns) -> Iterator[Partition]:
    taken: set[int] = set()
    for match in _AMONG.finditer(passage.text):
        of_all = match.group() == _OF_ALL and _of_a_count(passage, match.start())
        listed = match.group() != "其中" and not of_all
        follows = any(end_of(item) == match.start() for item in passage.quantities)
        if listed and not follows and match.group()[1:2] not in _BY:
            continue
        inside = match.group() in _OPEN or _in_brackets(passage.text, match.start())
        end = _scope_end(passage, match.end(), inside)
        groups: dict[str, list[int]] = {}
        bracketed: dict[str, list[int]] = {}
        for at, item in enumerate(passage.quantities):
            if match.end() <= start_of(item) and end_of(item) <= end:
                nested = _nested(passage.text, match.end(), start_of(item))
                chosen = bracketed if nested else groups
                chosen.setdefault(item.base_unit, []).append(at)
        if not groups and listed and not inside:
            # 总面积 1438.5 平方千米，分别为甲区（486.2 平方千米）、乙区（…）
            groups = bracketed
        counts = any(_is_partial(passage, match.start(), held) for held in groups.values())
        for unit, members in groups.items():
            held = set() if inside else taken
            whole = _whole(passage, match.start(), unit, held, members)
            if whole is None or any(passage.lead(at).endswith(_EACH) for at in members):
                continue  # 甲镇、乙镇矿山各 1 座: how many these are together is not read
            meant = _meant_as_parts(passage, whole, members)
            parts = [passage.quantities[at] for at in meant]
            parts = _outermost(parts, passage.quantities[whole].base_low)
            if len(parts) < 1 + listed or not _same_kind(passage.quantities[whole], parts):
                continue
            taken.update(meant)
            found = _divided(passage, passage.quantities[whole], parts, short)
            partial = counts or _of_other_wholes(passage, members)
            partial = partial or of_a_column(columns, passage.quantities[whole], parts)
            yield from (replace(one, complete=False) if partial else one for one in found)


def _is_partial(passage: Passage, before: int, members: Sequence[int]) -> bool:
    """Whether counts tell that only some parts are named: 区块 11 个，其中铁矿 4 个、地热 3 个."""
    held = [passage.quantities[at] for at in members]
    whole = _whole(passage, before, held[0].base_unit, set(), members)
    if len(held) < 2 or held[0].base_unit not in COUNTED or whole is None:
        return False
    size = passage.quantities[whole].base_low or Decimal(0)
    return total_of(held) < size * (1 - _NEAR)


def _of_a_count(passage: Passage, at: int) -> bool:
    """Whether 中 stands behind what is counted: 7 项主要指标中，6 项完成."""
    ends = [end_of(item) for item in passage.quantities if end_of(item) <= at]
    return bool(ends) and _THING.fullmatch(passage.text[ends[-1] : at]) is not None


def _of_other_wholes(passage: Passage, members: Sequence[int]) -> bool:
    """Whether each figure is told with its share of a whole of its own: they are not all parts.

    煤炭 1008 万吨，占全市原煤的 84%；石墨 575 万吨，占全市石墨矿石的 88%.
    """
    shares = [
        passage.quantities[at + 1]
        for at in members
        if at + 1 < len(passage.quantities)
        and passage.quantities[at + 1].base_unit == "%"
        and _SHARE.search(passage.lead(at + 1))
    ]
    total = total_of(shares)
    return len(shares) == len(members) > 1 and not near(total, HUNDRED, _NEAR)


def of_a_column(columns: Columns, whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """Whether a table has the parts beside others, which make the whole together: some are told."""
    wanted = {part.base_low for part in parts}
    return any(
        wanted <= held.keys() and sum(held.values()) > len(parts)
        for held in columns.get((whole.base_unit, whole.base_low), ())
    )


def _outermost(parts: list[Quantity], size: Decimal | None) -> list[Quantity]:
    """The parts without parts of theirs: 查明 27 种，包括能源 3 种、金属 7 种、…

    That two figures make a third may be chance: it counts where the rest makes the whole.
    """
    if total_of(parts) == size:
        return parts
    for at, part in enumerate(parts):
        total = Decimal(0)
        for end in range(at + 1, len(parts)):
            total += parts[end].base_low or Decimal(0)
            if end == at + 1 or total != part.base_low:
                continue
            rest = [*parts[: at + 1], *parts[end + 1 :]]
            if end > at + 2 or total_of(rest) == size:
                return rest
    return parts


def _meant_as_parts(passage: Passage, whole: int, members: Sequence[int]) -> list[int]:
    """The figures that may be parts: of the whole's year, no “由…到…”, of what the whole is of.

    Where none is of that (矿业权 12 个，其中探矿权 8 个、采矿权 4 个), any may be.
    """
    of = passage.quantities[whole]
    held = [
        at
        for at in members
        if (passage.quantities[at].year in (of.year, None) or _SPAN.search(passage.lead(at)))
        and not is_change(passage, passage.quantities[at])
        and not _SUBTOTAL.search(passage.lead(at))
    ]
    if of.base_unit not in COUNTED:
        return held
    alike = [at for at in held if _of_noun(of, passage.quantities[at])]
    kin = [at for at in held if _noun(passage.quantities[at])[-1:] == _noun(of)[-1:]]
    return alike or kin


def _noun(item: Quantity) -> str:
    return item.attribute.removesuffix(BARE)


def _of_noun(whole: Quantity, item: Quantity) -> bool:
    if set(REST) & set(item.qualifiers):
        return True
    noun, other = _noun(whole), _noun(item)
    if not {noun, other} <= nouns() or {noun, other} <= set(words("alike", "rights")):
        return True
    return noun.endswith(other) or other.endswith(noun)


def _divided(
    passage: Passage, whole: Quantity, parts: Sequence[Quantity], short: Decimal
) -> Iterator[Partition]:
    """The divisions of a whole: all parts together, or by minerals, counties, sizes apart.

    Where one way to read the parts fits, only ways that nearly fit and have none of its parts are
    told; where none does, the one that comes nearest.
    """
    together = list(_classes(passage, whole, parts, short))
    kinds: dict[str, list[Quantity]] = {}
    for part in parts:
        kinds.setdefault(_kind(whole, part), []).append(part)
    if len(kinds) < 2 or any(found.difference == 0 for found in together):
        yield from together
        return
    apart = [
        found
        for held in kinds.values()
        if len(held) > 1
        for found in _classes(passage, whole, held, short)
    ]
    size = whole.base_low or Decimal(0)
    near_by = [found for found in apart if abs(found.difference) <= size * _NEAR]
    if any(found.difference == 0 for found in apart):
        yield from near_by
        return
    ways = [found for found in together if abs(found.difference) <= size * _NEAR] + near_by
    yield from sorted(ways, key=lambda found: abs(found.difference))[:1]


def is_change(passage: Passage, item: Quantity) -> bool:
    """Whether a figure is one end of a change: 由 386 个减少到 231 个."""
    lead = passage.lead_of(item)
    if _FROM.search(lead) is not None:
        return _TURNS.match(passage.text, end_of(item)) is not None
    return _CHANGE.search(lead) is not None


def in_brackets(passage: Passage, item: Quantity) -> bool:
    """Whether a figure stands in brackets."""
    return _in_brackets(passage.text, start_of(item))


def _in_brackets(text: str, at: int) -> bool:
    return max(text.rfind(m, 0, at) for m in _OPEN) > max(text.rfind(m, 0, at) for m in _CLOSE)


def _nested(text: str, start: int, at: int) -> bool:
    depth = 0
    for letter in text[start:at]:
        depth += (letter in _OPEN) - (letter in _CLOSE)
    return depth > 0


def _scope_end(passage: Passage, at: int, inside: bool) -> int:
    if inside:
        ends = [p for mark in _CLOSE if (p := passage.text.find(mark, at)) >= 0]
        return min(ends, default=len(passage.text))
    end = passage.sentence(at)[1]
    following = passage.text.find(_AGAIN, at, end)
    cut = passage.text.rfind("；", at, following) if following >= 0 else -1
    return cut if cut >= 0 else end


def _whole(
    passage: Passage, before: int, unit: str, taken: set[int], members: Sequence[int]
) -> int | None:
    """The figure before the parts that is their sum, else the last one before them."""
    sizes = [passage.quantities[at].base_low or Decimal(0) for at in members]
    nearest, total = None, sum(sizes, Decimal(0))
    for at in range(len(passage.quantities) - 1, -1, -1):
        item = passage.quantities[at]
        if end_of(item) > before or item.base_unit != unit or at in taken:
            continue
        if _nested(passage.text, 0, start_of(item)) and not _in_brackets(passage.text, before):
            continue
        if len(members) > 1 and item.base_low == total:
            return at
        # 比 62 个减少 25 个，其中…: the parts are not of what went
        went = CHANGE in item.qualifiers
        if nearest is None and went and _are_changes(passage, members):
            return None  # 净减少 19 个，其中关闭 14 个、整合 11 个、新设 6 个
        if nearest is None and not went and (item.base_low or 0) >= max(sizes):
            nearest = at
    return nearest


def _are_changes(passage: Passage, members: Sequence[int]) -> bool:
    """Whether several figures are what came and what went."""
    told = [at for at in members if _GONE_OR_NEW.search(passage.lead(at))]
    return len(told) > 1 and len(told) == len(members)


def _same_kind(whole: Quantity, parts: Sequence[Quantity]) -> bool:
    if any(item.bound is not Bound.EQUAL for item in (whole, *parts)):
        return False
    if whole.base_unit in COUNTED:
        return True
    attribute = attributes().get(whole.attribute)
    if attribute is None or not attribute.additive:
        return False
    return all(part.attribute == whole.attribute for part in parts)


def _classes(
    passage: Passage, whole: Quantity, parts: Sequence[Quantity], short: Decimal
) -> Iterator[Partition]:
    """Parts of a whole, cut where they fill it: a second division of it (by size) may follow."""
    size = whole.base_low or Decimal(0)
    begin, total = 0, Decimal(0)
    for at, part in enumerate(parts):
        total += part.base_low or Decimal(0)
        if total == size and size and not _goes_on(passage, parts, at):
            yield Partition(whole, tuple(parts[begin : at + 1]), True, "其中")
            begin, total = at + 1, Decimal(0)
    left = tuple(parts[begin:]) if begin or total <= size else _meant(passage, parts, size)
    if not left:
        return
    if begin > 1 and total > size * MORE:
        return  # the parts before are all of it: what is so much more is another matter
    if begin and {_kind(whole, part) for part in parts[:begin]} & {_kind(whole, p) for p in left}:
        # 其中…24 个；同期新建矿山 27 个: what follows is no part
        if not (_noun(parts[begin]) and _parted(passage, parts[begin - 1 : begin + 1])):
            yield Partition(whole, tuple(parts), True, "其中")
        return
    if begin and total < size * (1 - short):
        return
    yield Partition(whole, left, _complete(whole, left, short), "其中")


def _parted(passage: Passage, two: Sequence[Quantity]) -> bool:
    """Whether a semicolon stands between two figures."""
    return len(two) > 1 and "；" in passage.text[end_of(two[0]) : start_of(two[1])]


def _goes_on(passage: Passage, parts: Sequence[Quantity], at: int) -> bool:
    """Whether the list of parts goes on behind this one: 金属矿产 14 种、非金属…"""
    return at + 1 < len(parts) and passage.text.startswith("、", end_of(parts[at]))


def _meant(passage: Passage, parts: Sequence[Quantity], size: Decimal) -> tuple[Quantity, ...]:
    """Parts that go beyond their whole: the first ones where these nearly make it, else all."""
    total = Decimal(0)
    ends: list[tuple[Decimal, int]] = [(abs(total_of(parts) - size), len(parts))]
    for at, part in enumerate(parts):
        total += part.base_low or Decimal(0)
        if at and not _goes_on(passage, parts, at) and near(total, size, _NEAR):
            ends.append((abs(total - size), at + 1))
    return tuple(parts[: min(ends)[1]])


def _kind(whole: Quantity, part: Quantity) -> str:
    """By what the whole is divided in this part: sizes, counties, minerals, or something else."""
    if SIZES & set(part.qualifiers):
        return "size"
    if part.region and part.region != whole.region:
        return "region"
    return "mineral" if part.subject and part.subject != whole.subject else "other"


def _complete(whole: Quantity, parts: Sequence[Quantity], short: Decimal) -> bool:
    if len(parts) < 2:
        return False
    size = whole.base_low or Decimal(0)
    total = total_of(parts)
    if any(word in parts[-1].qualifiers for word in REST):
        return True
    if whole.base_unit in COUNTED and abs(size - total) <= 1:
        return True
    kinds = [part.subject.removesuffix("矿") for part in parts]
    if all(kinds) and "".join(kinds) == whole.subject.removesuffix("矿"):
        return True  # 铅锌矿 184.6 万吨，其中铅 62.3 万吨、锌 122.3 万吨
    return total >= size * (1 - short)
