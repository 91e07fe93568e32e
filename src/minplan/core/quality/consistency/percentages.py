"""Percentages against the figures they are of: shares (占…%), rates (修复率); growth by its module.

What a share is of is told in many ways. Every figure of the sentence may be the part, and every
larger one of the paragraph (or what the words name, anywhere in the document) the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from minplan.core.document.model import Bound, PlanDocument, Quantity
from minplan.core.document.quantities import base_year
from minplan.core.document.quantities.making import CHANGE, GROUND
from minplan.core.document.quantities.vocabulary import Scanner, Token, attributes, words
from minplan.core.quality.consistency.growth import growth
from minplan.core.quality.consistency.passages import (
    Key,
    Passage,
    end_of,
    index,
    passages,
    start_of,
)
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.table_rows import Tables, tables_by_place
from minplan.core.quality.consistency.table_shares import of_tables
from minplan.core.quality.consistency.values import HUNDRED, limit_or_figure, step, total_of
from minplan.core.quality.consistency.ways import (
    CLAUSE,
    Way,
    alike_before,
    exact,
    judged,
    relation,
    share,
    usable,
)

_EACH: Final = re.compile(
    r"(?:(?:占比|比例|比重|占[^，,。；;]{0,12})(?:分别|依次)(?:为|是|达)?|(?:分别|依次)约?占)\s*$"
)
_NEXT: Final = re.compile(r"\s*[、和与及,，]")
#: The words right before a share: the whole stands between 占 (or 为…目标的) and its end.
_SHARE: Final = re.compile(r"(?:占|相当于)(?P<of>[^，。；、]*?)(?:的|比例|比重|为|约|达|达到|\s)*$")
#: The whole is the figure right before: 占全省 125 种的 41.6%, 为规划目标 1100 万吨的 112.7%.
_OF: Final = re.compile(r"^(?:[^，,。；;占]{0,8}的)?\s*(?:比例|比重)?(?:为|达到?|约)?\s*$")
_LINKS: Final = re.compile(r"占|相当于|[为是完成达][^，,。；;]{0,4}(?:目标|任务|计划|指标)")
#: 占全市土地面积的 2.7%: of the area of the city, no other.
_GROUND: Final = re.compile("土地|国土|幅员|辖区")
_AREA: Final = "平方米"
#: What is used of what there is, in amounts.
_USE: Final = "利用率"
_AMOUNTS: Final = frozenset({"吨", "吨/年", "立方米", "立方米/年"})
#: 甲县 79 万吨、乙县 38 万吨，两县合计占 84.9%
_BOTH: Final = re.compile("两(?:县|区|市|者|地|处)|二者")
_SIZES: Final = re.compile(r"大中型")
_OF_SIZE: Final = frozenset({"大中型", "大型", "中型"})
#: 占比由 34.7%提高到 58.7%: what the first was of is told nowhere.
_WAS: Final = re.compile(r"[由从]\s*$")
_BEYOND: Final = re.compile(r"全省|全国|全球|我国|自治区")
_FIGURE: Final = r"(\d+(?:\.\d+)?)"
_RATIO: Final = re.compile(
    rf"结构(?:比例|比)?(?:为|是)?\s*{_FIGURE}\s*[:：∶]\s*{_FIGURE}\s*[:：∶]\s*{_FIGURE}"
)
#: Percentage points by which shares that make a whole may miss 100.
_ALMOST: Final = Decimal(3)
#: Figures before a share that it may be of, and that these may be parts of.
_PARTS: Final = 6


def percentages(document: PlanDocument, scanner: Scanner) -> Iterator[Relation]:
    """Shares, rates and growth that no reading of the figures around them gives."""
    held, base, tables = index(document), base_year(document), tables_by_place(document)
    for passage in passages(document):
        taken: set[int] = set()
        for at, said in enumerate(passage.quantities):
            if not at or said.base_unit != "%" or not exact(said) or at in taken:
                continue
            lead = passage.lead(at)
            if _EACH.search(lead):
                run = _run(passage, at)
                taken.update(run)
                yield from _aligned(passage, run)
                yield from _hundred(passage, run)
            elif _said_with("growth").search(lead):
                yield from growth(held, scanner, passage, at, base)
            elif _is_share(passage, at) and not _WAS.search(lead):
                yield from _share(held, scanner, passage, at, tables)
        yield from _structure(passage)


def _structure(passage: Passage) -> Iterator[Relation]:
    """三次产业结构为 17.4：37.4：45.2, of the three figures before."""
    for match in _RATIO.finditer(passage.text):
        before = [q for q in passage.quantities if end_of(q) <= match.start() and exact(q)]
        parts = before[-3:]
        if len(parts) < 3 or len({q.base_unit for q in parts}) != 1:
            continue
        total = total_of(parts)
        for number, part in enumerate(parts, start=1):
            start, end = match.span(number)
            spot = replace(part.spot, start=start, end=end, quote=match[number])
            low = Decimal(match[number])
            said = replace(
                part,
                low=low,
                high=low,
                base_low=low,
                base_high=low,
                unit="%",
                base_unit="%",
                spot=spot,
            )
            yield from judged(said, [share(limit_or_figure(part), total, *parts)], 0.8)


@lru_cache(maxsize=4)
def _said_with(kind: str) -> re.Pattern[str]:
    known = "|".join(sorted(words("percentages", kind), key=len, reverse=True))
    return re.compile(rf"(?:{known})(?:率|幅度|仅|只|了|为|达到?|约)*\s*$")


def _is_share(passage: Passage, at: int) -> bool:
    said, lead = passage.quantities[at], passage.lead(at)
    if said.attribute in words("percentages", "own"):
        return False
    if _explicit(passage, at) is not None:
        return True
    match = _SHARE.search(lead)
    if match is not None:
        return _BEYOND.search(match["of"]) is None
    return _said_with("rate").search(lead) is not None


def _explicit(passage: Passage, at: int) -> tuple[Quantity, Quantity] | None:
    """Part and whole where the whole stands right before the share; None where it does not."""
    if at < 2 or not _OF.match(passage.lead(at)):
        return None
    part, whole = passage.quantities[at - 2 : at]
    between = passage.text[end_of(part) : start_of(whole)]
    if not _LINKS.search(between) or re.search(r"[。；;]", between):
        return None
    return (part, whole) if usable(whole, part.base_unit) and usable(part, part.base_unit) else None


def _share(
    held: Mapping[Key, tuple[Quantity, ...]],
    scanner: Scanner,
    passage: Passage,
    at: int,
    places: Tables,
) -> Iterator[Relation]:
    said, before = passage.quantities[at], alike_before(passage, at)
    explicit = _explicit(passage, at)
    if explicit is not None:
        part, whole = explicit
        yield from judged(
            said, [share(limit_or_figure(part), limit_or_figure(whole), part, whole)], 0.85
        )
        return
    start = passage.sentence(start_of(said))[0]
    tables = of_tables(places, passage, at)
    told = _Named(scanner, passage, at)
    parts = [item for item in before if start_of(item) >= start and CHANGE not in item.qualifiers]
    parts = parts[-_PARTS:]
    if said.attribute == _USE:
        parts = [item for item in parts if item.base_unit in _AMOUNTS]
    meant = told.parts(held, said, parts) if parts or said.attribute != _USE else []
    if not meant:
        yield from judged(said, tables, 0.7)
        return
    named = told.wholes(held, said)
    known = [item for part in meant for item in _of_all(held, part)]
    if any(part.base_unit == _AREA for part in meant):
        known += [item for item in held.get((GROUND, "", ""), ()) if limit_or_figure(item) > 0]
    wholes = [*before, *named, *known]
    ways = [
        share(limit_or_figure(part), limit_or_figure(whole), part, whole)
        for part in meant
        for whole in (*named, *known, *_larger(before, part))
        if usable(whole, part.base_unit) and limit_or_figure(whole) > limit_or_figure(part)
    ]
    ways += told.of_sizes(parts, wholes)
    if _BOTH.search(passage.lead(at)):
        ways = [
            share(total_of(parts[-2:]), limit_or_figure(whole), *parts[-2:], whole)
            for whole in before[: -len(parts[-2:])]
            if len(parts) > 2 and limit_or_figure(whole) > total_of(parts[-2:])
        ] or ways
    settling = list(_settling(parts, meant, wholes))
    only = [
        whole
        for whole in named
        if len(parts) == 1
        and whole.attribute == parts[0].attribute
        and limit_or_figure(whole) > limit_or_figure(parts[0])
    ]
    if only and all(_is_off(said, way) for way in (*ways, *settling, *tables)):
        # 大型矿山 20 个，占矿山总数 46%: nothing else can be meant, however far it is off
        size = limit_or_figure(parts[0]) * HUNDRED / limit_or_figure(only[0])
        yield relation(said, size, (parts[0], only[0]), 0.8)
        return
    yield from judged(said, [*ways, *tables], 0.8, settling)


def _is_off(said: Quantity, way: Way) -> bool:
    return abs(way.should - limit_or_figure(said)) > step(said)


def _of_all(held: Mapping[Key, tuple[Quantity, ...]], part: Quantity) -> list[Quantity]:
    """Figures of the same property without narrowing words, of the mineral or of all."""
    return [
        item
        for subject in dict.fromkeys((part.subject, ""))
        for item in held.get((part.attribute, subject, ""), ())
        if len(part.attribute) > 1
        and part.attribute not in words("percentages", "many")
        and not item.qualifiers
        and (item.year is None or part.year is None or item.year == part.year)
        and item.bound is not Bound.RANGE
        and limit_or_figure(item) > 0
    ]


def _larger(before: Sequence[Quantity], part: Quantity) -> list[Quantity]:
    """The last figure that is larger than a part and may be the whole of it."""
    found = [
        q
        for q in before
        if limit_or_figure(q) > limit_or_figure(part) and q.subject in ("", part.subject)
    ]
    return found[-1:]


def _settling(
    parts: Sequence[Quantity], meant: Sequence[Quantity], wholes: Sequence[Quantity]
) -> Iterator[Way]:
    """Every way in which the share might be right."""
    for whole in wholes:
        size = limit_or_figure(whole)
        for part in (*parts, *meant):
            if part is not whole and usable(whole, part.base_unit):
                yield share(limit_or_figure(part), size, part, whole)
                if size > limit_or_figure(part):
                    yield share(size - limit_or_figure(part), size, part, whole)
        for one, other in pairwise(parts):
            if whole is not one and whole is not other and usable(whole, one.base_unit):
                yield share(limit_or_figure(one) + limit_or_figure(other), size, one, other, whole)
    if len(parts) > 1 and len({part.base_unit for part in parts}) == 1:
        # 财政资金 3.26 亿元，社会资金 4.33 亿元，社会资金占 54.1%
        for part in parts:
            yield share(limit_or_figure(part), total_of(parts), *parts)


@dataclass(frozen=True, slots=True)
class _Named:
    """What the words before a share name: what is a part, and what it is a part of."""

    scanner: Scanner
    passage: Passage
    at: int

    def _words(self) -> tuple[str, str]:
        lead = self.passage.lead(self.at)
        match = _SHARE.search(lead)
        before = lead[: match.start()] if match else lead
        clause = max(before.rfind(mark) for mark in CLAUSE) + 1
        return before[clause:], match["of"] if match else ""

    def parts(
        self, held: Mapping[Key, tuple[Quantity, ...]], said: Quantity, parts: Sequence[Quantity]
    ) -> list[Quantity]:
        """The figures that may be the part: those of what the clause names, else the nearest."""
        tokens = self.scanner.scan(self._words()[0])
        if _SIZES.search(self._words()[0]):
            # 大中型矿山比例: of nothing but such mines
            return [item for item in parts if set(item.qualifiers) & _OF_SIZE]
        minerals = {token.value for token in tokens if token.kind == "mineral"}
        if minerals:
            return [item for item in parts if item.subject in minerals] or _last(parts)
        of_county = bool(said.region) and any(token.kind == "attribute" for token in tokens)
        if of_county or any(token.kind == "noun" for token in tokens):
            return _looked_up(held, tokens, said) or _last(parts)
        if any(map(_is_amount, tokens)) and not self._words()[1]:
            # 工业总产值 986.4 亿元，矿业产值占 24.3%
            return [*_looked_up(held, tokens, said), *_last(parts)]
        return _last(parts)

    def wholes(self, held: Mapping[Key, tuple[Quantity, ...]], said: Quantity) -> list[Quantity]:
        """What the words behind 占 name, anywhere in the document."""
        whole = self._words()[1]
        if _GROUND.search(whole):
            return list(held.get((GROUND, "", said.region), ()))
        tokens = self.scanner.scan(whole)
        return _looked_up(held, tokens, said, ("", said.subject))

    def of_sizes(self, parts: Sequence[Quantity], wholes: Sequence[Quantity]) -> list[Way]:
        """大型 and 中型 together, where the words say 大中型."""
        if not _SIZES.search(self.passage.lead(self.at)):
            return []
        sizes = [q for q in wholes if {"大型", "中型"} & set(q.qualifiers)][-2:]
        if len(sizes) < 2:
            return []
        both = total_of(sizes)
        small = [q for q in wholes if "小型" in q.qualifiers and usable(q, sizes[0].base_unit)][-1:]
        every = [share(both, total_of([*sizes, *small]), *sizes, *small)] if small else []
        larger = [q for q in wholes if usable(q, sizes[0].base_unit) and limit_or_figure(q) > both]
        ways = [share(both, limit_or_figure(whole), *sizes, whole) for whole in larger[:1]]
        return every or ways


def _is_amount(token: Token) -> bool:
    """Whether a word is a property that a plan has once, no rate and no area."""
    known = attributes().get(token.value) if token.kind == "attribute" else None
    many = words("percentages", "many")
    return known is not None and "share" not in known.dimensions and token.value not in many


def _last(parts: Sequence[Quantity]) -> list[Quantity]:
    """The figure right before, and the one the sentence begins with."""
    return list(dict.fromkeys([*parts[-1:], *parts[:1]]))


def _looked_up(
    held: Mapping[Key, tuple[Quantity, ...]],
    tokens: Sequence[Token],
    said: Quantity,
    subjects: Sequence[str] = ("",),
) -> list[Quantity]:
    """The figures of what words name (矿山总数); of ``subjects`` where they tell no mineral."""
    names = {token.value for token in tokens if token.kind == "attribute"}
    nouns = {token.value for token in tokens if token.kind == "noun"}
    rights = set(words("alike", "rights"))
    names |= {f"{noun}数" for noun in (nouns | rights if nouns & rights else nouns)}
    minerals = [token.value for token in tokens if token.kind == "mineral"]
    wanted = {token.value for token in tokens if token.kind == "qualifier"}
    return [
        item
        for subject in dict.fromkeys(minerals[-1:] or subjects)
        for name in names
        for item in held.get((name, subject, said.region), ())
        if wanted <= set(item.qualifiers)
        and item.bound is not Bound.RANGE
        and limit_or_figure(item) > 0
    ]


def _run(passage: Passage, at: int) -> list[int]:
    """Percentages that follow one another: 80.4%、11.2%、8.4%."""
    run = [at]
    for number in range(at + 1, len(passage.quantities)):
        between = passage.text[end_of(passage.quantities[number - 1]) :][:3]
        if passage.quantities[number].base_unit != "%" or not _NEXT.match(between):
            break
        run.append(number)
    return run


def _aligned(passage: Passage, run: Sequence[int]) -> Iterator[Relation]:
    """Shares told one after the other for as many figures before them."""
    held = [q for q in passage.quantities[: run[0]] if exact(q)]
    parts = held[-len(run) :]
    if len(run) < 2 or len(parts) < len(run) or len({q.base_unit for q in parts}) != 1:
        return
    total = total_of(parts)
    wholes = [q for q in held[: -len(run)] if q.base_unit == parts[0].base_unit]
    whole = next((q for q in reversed(wholes) if (q.base_low or 0) >= total), None)
    size = whole.base_low if whole is not None else total
    for place, part in zip(run, parts, strict=True):
        others = (part, whole) if whole is not None else tuple(parts)
        way = share(limit_or_figure(part), size or Decimal(1), *others)
        yield from judged(passage.quantities[place], [way], 0.8)


def _hundred(passage: Passage, run: Sequence[int]) -> Iterator[Relation]:
    """Shares told one after the other, with others of their sentence or alone, make 100 %."""
    shares = [passage.quantities[at] for at in run]
    start = passage.sentence(start_of(shares[0]))[0]
    earlier = [
        q
        for at, q in enumerate(passage.quantities[: run[0]])
        if q.base_unit == "%" and start_of(q) >= start and "占" in passage.lead(at)
    ]
    sums = [total_of(shares), total_of([*earlier, *shares])]
    best = min(sums, key=lambda total: abs(total - HUNDRED))
    slack = max(map(step, shares)) * (len(shares) + len(earlier)) / 2
    if slack < abs(best - HUNDRED) <= _ALMOST:
        last, others = shares[-1], shares[:-1] if best == sums[0] else [*earlier, *shares[:-1]]
        yield Relation(last, HUNDRED - total_of(others), "%", tuple(others), 0.7)
