"""What sentences reckon with their own figures: remainders, differences, totals at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, product
from typing import Final

from minplan.core.document.model import Bound, PlanDocument, Quantity
from minplan.core.document.quantities.making import CHANGE, CLOSED, GOAL
from minplan.core.document.quantities.period import base_year
from minplan.core.document.quantities.vocabulary import known_names, words
from minplan.core.quality.consistency.over_years import over_years
from minplan.core.quality.consistency.parts import in_brackets, is_change, of_a_column
from minplan.core.quality.consistency.passages import (
    Key,
    Passage,
    index,
    passages,
    start_of,
)
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.remainders import (
    NEARLY,
    REMAINS,
    figures_before,
    gaps,
    remainders,
    rests,
)
from minplan.core.quality.consistency.table_rows import Columns, column_totals
from minplan.core.quality.consistency.values import (
    COUNTED,
    limit_or_figure,
    of_one_unit,
    step,
    total_of,
)
from minplan.core.quality.consistency.ways import Way, exact, judged, relation

_SEVERAL: Final = 3
#: Letters before figures by which they are told alike.
_ENDING: Final = 2
_SHORT: Final = r"[^，,。；;：:\d]{0,4}$"
_REST: Final = re.compile(
    rf"(?:其余|余下|剩余|剩下|尚余|结余|尚保有|尚存|尚有|仍有|还有|已消耗|已动用|待|尚?未){_SHORT}"
)
_IN_YEAR: Final = re.compile(r"[较比]((?:19|20)\d\d)年")
#: 1300 公顷，折合 1.95 万亩
_CONVERTED: Final = re.compile(r"^\s*[，,（(]?\s*(?:折合|折算为|换算为|合计?|即)(?:约|为)?\s*$")
_MAINLY: Final = re.compile(r"为主[^。；;]*(?:其次|另有|还有|其余)")
_FORMER, _LATTER = re.compile(r"前者[^。；;]{0,8}$"), re.compile(r"后者[^。；;]{0,8}$")
_DIFFERENCE: Final = re.compile(
    r"(?:净?减少?|净?(?<!新)增加?|下降|上升|压减|增产|减产|提高|降低)(?:了|共|约|近)*\s*$"
)
_MEASURED: Final = (
    r"(?:[\u4e00-\u9fff]{0,4}(?:面积|投资|规模|[产容储源]量|产能|资金|投入|宗数|个数))"
)
_WHOSE: Final = "(?:(?:以上|上述)?[二两三四五六七八九](?:者|地|[县区市镇]|类|项|种|个)|二者)?"
_ALTOGETHER: Final = re.compile(
    r"(?:^|[，,、；;）)\s])"
    rf"(?:{_WHOSE}{_MEASURED}?(?:合计|共计|总计)|总共|共|(?:总|合计){_MEASURED})"
    r"(?:为|达|约|有)*\s*$"
)
#: 产气 3.42 亿立方米、5.18 亿立方米、7.66 亿立方米，三年累计 16.26 亿立方米
_ACCUMULATED: Final = re.compile(r"[年期]累计[^，,。；;\d]{0,6}$")
#: 需求 860 万吨，供应 800 万吨，缺口 60 万吨
_LACK: Final = re.compile(r"(?:缺口|不足|短缺|差额)(?:为|达|约|的)*\s*$")
#: Several lists of counties may stand before their number; see the lists.
_COUNTIES: Final = "县区数"
_AVERAGE: Final = re.compile(r"(?:平均|户均|矿均|井均|人均)[^，,。；;\d]{0,8}$")
_BASE: Final = re.compile(
    r"[较比](?:基期|基准年|现状|(?:19|20)\d\d年)[^，,。；;]{0,4}(?:减少|增加|压减|下降|上升)"
)
_NOW_IN_ALL: Final = re.compile(r"(?:累计|总数|总量)(?:达到?|为)\s*$")
_NEW: Final = re.compile(r"(?:新增|新建成|新建|新创建|增加)[^，,。；;\d]*$")
#: Figures on either side of a change that it may be made with, and changes among them.
_AROUND: Final = 6
_CHANGES: Final = 4
#: 47 个整合重组为 16 个，减少 31 个
_TURNED: Final = re.compile("(?:[增减压降升整调缩扩][^，,。；;]{0,8})[到至为]\\s*$")
_RIGHT_BEHIND: Final = re.compile(r"[，,]\s*净?(?:减少|增加|压减|下降|上升|提高|降低)了?\s*$")
_OTHERS: Final = re.compile("其他|其它|其余")
_AVERAGE_OF: Final = "平均"
#: 分别比 2020 年的 528.6 万吨、389.4 万吨增加 41.4 万吨和 40.6 万吨
_EACH: Final = re.compile(r"(?:分别|依次)[较比][^。；;]*?[增减升降][^。；;]*")


def differences(document: PlanDocument) -> Iterator[Relation]:
    """Remainders (其余 115 处), the former and the latter, and changes (净减 55 座)."""
    columns = column_totals(document)
    for passage in passages(document):
        for at, said in enumerate(passage.quantities):
            least = said.bound is Bound.AT_LEAST and _BASE.search(passage.lead(at))
            lead, held = passage.lead(at), figures_before(passage, at)
            if not (exact(said) or least) or said.base_unit == "%":
                continue
            if not at and not REMAINS.search(lead):
                continue
            if said.base_unit == "百分点":
                rates = [q for q in passage.quantities[:at] if q.base_unit == "%" and exact(q)]
                if _DIFFERENCE.search(lead):
                    since = _points_since(document, passage, at)
                    yield from judged(said, since or gaps(rates[-2:]), 0.75, gaps(rates[-2:]))
            elif at and _CONVERTED.search(lead):
                before = passage.quantities[at - 1]
                if before.base_unit == said.base_unit and before.unit != said.unit:
                    same = Way(limit_or_figure(before), (before,))
                    yield from judged(said, [same], 0.85)
            elif _is_last_of_mainly(passage, at):
                yield from judged(said, remainders(held), 0.7)
            elif _REST.search(lead):
                yield from rests(document, passage, at)
            elif (
                _LATTER.search(lead) and len(held) > 1 and _FORMER.search(passage.lead_of(held[-1]))
            ):
                yield from judged(said, _latters(held), 0.75)
            elif (each := _one_by_one(passage, at)) is not None:
                yield from judged(said, each, 0.75)
            elif _BASE.search(lead):
                yield from judged(said, _since(document, passage, at), 0.7)
            elif _DIFFERENCE.search(lead) and "；" not in lead:
                turned = len(held) > 1 and _TURNED.search(passage.lead_of(held[-1])) is not None
                certain = turned and _RIGHT_BEHIND.match(lead) is not None
                settling = () if certain else _together(_of_passage(passage, at))
                if not _OTHERS.search(lead):
                    ways = [*gaps(held[-3:]), *gaps(_plain(passage, at)[-2:])]
                    yield from judged(said, ways, 0.7, settling)
            elif _LACK.search(lead):
                yield from judged(said, gaps(held[-3:]), 0.7, gaps(held))
            elif _ACCUMULATED.search(lead):
                ways = [way for way in _totals(passage, at) if len(way.others) >= _SEVERAL]
                yield from judged(said, ways, 0.7)
            elif _ALTOGETHER.search(lead) and said.attribute != _COUNTIES:
                yield from judged(said, _totals(passage, at), 0.75)
            elif _AVERAGE.search(lead):
                yield from judged(said, _averages(passage, at), 0.7)
            elif "大中型" in said.qualifiers:
                yield from judged(said, _both_sizes(passage, at), 0.75)
        yield from _through(columns, passage)
    yield from over_years(document)
    yield from _added(document)


def _added(document: PlanDocument) -> Iterator[Relation]:
    """规划期内新增绿色矿山 36 座: what there is to be less what there was."""
    held, base = index(document), base_year(document)
    for passage in passages(document):
        for at, said in enumerate(passage.quantities):
            if said.base_unit != "个" or not exact(said):
                continue
            if at and _NOW_IN_ALL.search(passage.lead(at)):
                yield from judged(said, _with_new(held, passage, at, base), 0.7)
            if not _NEW.search(passage.lead(at)):
                continue
            of = set(said.qualifiers) - set(words("added", "words"))
            alike = [
                item
                for item in held.get((said.attribute, said.subject, said.region), ())
                if set(item.qualifiers) == of and item is not said and item.year is not None
            ]
            before = [item for item in alike if item.year == base and exact(item)]
            after = [item for item in alike if base is not None and (item.year or 0) > base]
            ways = [
                Way((new.base_low or Decimal(0)) - (old.base_low or Decimal(0)), (old, new))
                for old in before
                for new in after
                if new.base_low is not None
            ]
            if of:
                yield from judged(said, ways, 0.7)


def _with_new(
    held: Mapping[Key, tuple[Quantity, ...]], passage: Passage, at: int, base: int | None
) -> Iterator[Way]:
    """新增绿色矿山 16 座，累计达到 23 座: what is new and what there was."""
    new = passage.quantities[at - 1]
    if not _NEW.search(passage.lead(at - 1)) or new.base_unit != "个":
        return
    of = set(new.qualifiers) - set(words("added", "words"))
    for old in held.get((new.attribute, new.subject, new.region), ()):
        if old.year == base and exact(old) and set(old.qualifiers) == of:
            yield Way(total_of([new, old]), (new, old))


def _is_last_of_mainly(passage: Passage, at: int) -> bool:
    """The last figure of a sentence that goes through a whole: 41 个，以铅锌为主（11 个），另有…"""
    start, end = passage.sentence(start_of(passage.quantities[at]))
    if not _MAINLY.search(passage.text[start : start_of(passage.quantities[at])]):
        return False
    unit = passage.quantities[at].base_unit
    later = passage.quantities[at + 1 :]
    return not any(q.base_unit == unit and start_of(q) < end for q in later)


def _through(columns: Columns, passage: Passage) -> Iterator[Relation]:
    """A whole and three parts or more up to the end of its sentence that nearly make it."""
    sentences: dict[tuple[int, str], list[Quantity]] = {}
    for item in passage.quantities:
        average = _AVERAGE_OF in item.qualifiers
        told = exact(item) and item.base_unit not in ("%", "百分点") and not average
        if told and not in_brackets(passage, item):
            key = passage.sentence(start_of(item))[0], item.base_unit
            sentences.setdefault(key, []).append(item)
    for whole, *parts in sentences.values():
        if any(is_change(passage, item) for item in (whole, *parts)):
            continue
        size, total = whole.base_low or Decimal(0), total_of(parts)
        if len(parts) < _SEVERAL or not size or abs(size - total) > NEARLY * size:
            continue
        if _parallel(passage, whole, parts):
            continue
        if any(not _alike(whole, part) for part in parts) or of_a_column(columns, whole, parts):
            continue
        rounding = Decimal(0) if whole.base_unit in COUNTED else step(whole) * len(parts)
        if abs(size - total) > rounding:
            yield relation(whole, total, parts, 0.65)


def _parallel(passage: Passage, whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """甲区，面积 326.4 平方千米；乙区，面积 118.5 平方千米；…: the first is one of them."""
    lead = passage.lead_of(whole)[-_ENDING:]
    same = all(passage.lead_of(part).endswith(lead) for part in parts)
    return len(lead) == _ENDING and same


def _alike(whole: Quantity, part: Quantity) -> bool:
    """Whether a part is of what its whole is of, as far as the words are known."""
    known = {whole.attribute, part.attribute} & known_names()
    return len(known) < 2 and whole.subject in ("", part.subject)


def _totals(passage: Passage, at: int) -> Iterator[Way]:
    """甲 260 万吨，乙 130 万吨，合计 390 万吨: the last figures before, so many of them."""
    start = passage.sentence(start_of(passage.quantities[at]))[0]
    held = [item for item in figures_before(passage, at) if start_of(item) >= start]
    for first in range(len(held) - 1):
        yield Way(total_of(held[first:]), tuple(held[first:]))


def _averages(passage: Passage, at: int) -> Iterator[Way]:
    """平均每公顷 21.8 万元: what stands before, divided by what else stands there, as printed."""
    said = passage.quantities[at]
    start = passage.sentence(start_of(said))[0]
    held = [q for q in passage.quantities[:at] if start_of(q) >= start]
    held = [q for q in held if q.bound is not Bound.RANGE and not q.about]
    for one, other in combinations(held, 2):
        for whole, by in ((one, other), (other, one)):
            number = by.low if by.low is not None else by.high
            if of_one_unit(whole, said) and whole.base_unit != by.base_unit and number:
                yield Way(limit_or_figure(whole) / number, (whole, by), number)


def _both_sizes(passage: Passage, at: int) -> Iterator[Way]:
    """大型 22 座、中型 57 座 are 79 大中型."""
    said = passage.quantities[at]
    held = [
        item
        for item in figures_before(passage, at)
        if item.attribute == said.attribute or len(item.attribute) == 1
    ]
    sizes = [item for item in held if {"大型", "中型"} & set(item.qualifiers)]
    kinds = {size for item in sizes for size in item.qualifiers}
    if len(sizes) == 2 and {"大型", "中型"} <= kinds:
        yield Way(total_of(sizes), tuple(sizes))


def _latters(held: Sequence[Quantity]) -> Iterator[Way]:
    """A whole less the former, which stands last."""
    for whole in held[:-1]:
        yield Way(total_of([whole]) - total_of(held[-1:]), (whole, held[-1]))


def _of_passage(passage: Passage, at: int) -> list[Quantity]:
    """The figures around one in its paragraph that have its unit."""
    said = passage.quantities[at]
    around = passage.quantities[max(0, at - _AROUND) : at + _AROUND]
    return [q for q in around if q.base_unit == said.base_unit and exact(q) and q is not said]


def _together(held: Sequence[Quantity]) -> Iterator[Way]:
    """减少 25 个，通过整合减少 14 个，新设 18 个: what makes a difference with others.

    Any difference of two, and that of two less or more a third.
    """
    changes = [q for q in held if CHANGE in q.qualifiers or _is_new(q)][:_CHANGES]
    sums = list(_signed_sums(changes))
    yield from (Way(abs(total), some) for total, some in sums if len(some) > 1)
    for gap in gaps([item for item in held if not item.qualifiers]):
        yield gap
        for total, some in sums:
            yield Way(abs(gap.should + total), (*gap.others, *some))


def _signed_sums(changes: Sequence[Quantity]) -> Iterator[tuple[Decimal, tuple[Quantity, ...]]]:
    """Some of the changes added up, each with either sign."""
    for size in range(1, len(changes) + 1):
        for some in combinations(changes, size):
            for signs in product((1, -1), repeat=size):
                signed = (sign * total_of([one]) for sign, one in zip(signs, some, strict=True))
                yield sum(signed, Decimal(0)), some


def _plain(passage: Passage, at: int) -> list[Quantity]:
    """The counts before a change that nothing narrows: 142 座…与 2015 年的 213 座相比减少 71 座."""
    return [
        item
        for item in passage.quantities[:at]
        if item.base_unit == passage.quantities[at].base_unit
        and exact(item)
        and not item.qualifiers
        and not item.subject
        and not item.region
        and not item.rest
    ]


def _is_new(item: Quantity) -> bool:
    return bool(set(item.qualifiers) & {*words("added", "words"), *CLOSED})


def _one_by_one(passage: Passage, at: int) -> list[Way] | None:
    """The difference for each of several changes told together, None where they are not."""
    said = passage.quantities[at]
    start, end = passage.sentence(start_of(said))
    match = _EACH.search(passage.text, start, end)
    if match is None or start_of(said) < match.start():
        return None
    held = [at for at, q in enumerate(passage.quantities) if start <= start_of(q) < end]
    run = [n for n in held if start_of(passage.quantities[n]) >= match.start()]
    alike = [n for n in run if passage.quantities[n].base_unit == said.base_unit]
    half = len(alike) // 2
    before = [n for n in held if n < run[0] and passage.quantities[n].base_unit == said.base_unit]
    if len(alike) != 2 * half or at not in alike[half:] or len(before) < half:
        return []
    number = alike[half:].index(at)
    one = passage.quantities[before[-half:][number]]
    other = passage.quantities[alike[number]]
    return [Way(abs(limit_or_figure(one) - limit_or_figure(other)), (one, other))]


def _points_since(document: PlanDocument, passage: Passage, at: int) -> list[Way]:
    """达到 71.0%，比 2020 年提高 25.5 个百分点: what the same rate was in that year."""
    said, rate = passage.quantities[at], passage.quantities[at - 1]
    year = _IN_YEAR.search(passage.lead(at))
    if year is None or rate.base_unit != "%" or not rate.attribute:
        return []
    known = index(document).get((rate.attribute, rate.subject, rate.region), ())
    size = limit_or_figure(rate)
    return [
        Way(abs(size - limit_or_figure(item)), (rate, item))
        for item in known
        if item.year == int(year[1]) and exact(item) and item.qualifiers == rate.qualifiers
        if item is not said and item.base_unit == "%"
    ]


def _since(document: PlanDocument, passage: Passage, at: int) -> Iterator[Way]:
    """180 个以内，较基期至少减少 27 个: what the same thing was before."""
    target = passage.quantities[at - 1]
    value = target.base_high if target.base_low is None else target.base_low
    if value is None or target.base_unit != passage.quantities[at].base_unit:
        return
    for item in index(document).get((target.attribute, target.subject, target.region), ()):
        earlier = item.year is not None and target.year is not None and item.year < target.year
        same = set(item.qualifiers) == set(target.qualifiers) - {GOAL}
        if earlier and exact(item) and same:
            yield Way(abs((item.base_low or Decimal(0)) - value), (target, item))
