"""Lists that stand before their count: “A、B、C等 3 个”, “甲县、乙县 2 个县”, “煤、铁、铝 3 种”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from minplan.core.document.numerals import number_of
from minplan.core.document.quantities.vocabulary import words
from minplan.core.quality.consistency.letters import common_end
from minplan.core.quality.consistency.list_items import (
    BRACKETS,
    Items,
    Kind,
    Known,
    apart_from_quotes,
    bare,
    ends_with_verb,
    is_mineral,
    is_place,
    is_verb,
    items_of,
    joints,
    leads,
    of_groups,
    same_level,
    without_sizes,
)
from minplan.core.quality.consistency.list_readings import FIGURE, REFERENCE, Count, Reading, counts

_BREAKS: Final = "。；;：:！？\n，,"
_LIST: Final = re.compile(
    r"(?P<list>.*?)(?P<etc>等)?\s*(?:共计|共有|共|合计|总计|这|以上|上述)?\s*", re.DOTALL
)
#: 甲县、乙县、丙县，共 3 个县: the list ends with the clause before.
_WHOLE: Final = re.compile(r"[，,]\s*(?:共计|共有|共|合计|总计)\s*$")
#: 甲县、乙县和丙县，这 3 个县: the list is a clause of its own.
_CLAUSE_BEFORE: Final = re.compile(
    r"(?:^|[。；;：:，,\n])(?P<list>[^。；;：:，,\n]+)[，,]\s*"
    r"(?P<these>这|以上|上述)?\s*(?:共计|共有|共|合计|总计)?\s*$"
)
_CODE: Final = r"[A-Za-z]{1,4}[-—]?\d{1,4}"
_CODES: Final = re.compile(
    rf"(?P<list>{_CODE}(?:(?:、|和|及|与){_CODE})+)(?P<etc>等)?[，,]?\s*(?:共计|共有|共|合计|这)?\s*$"
)
#: 甲区、乙县、丙县，共 1 区
_KINDS_BEFORE: Final = re.compile(
    r"(?:^|[。；;：:，,\n])(?P<list>[^。；;：:，,\n]*、[^。；;：:，,\n]*)[，,]\s*(?:共计|共有|共|计)?\s*"
    r"(?:[\d一二三四五六七八九十]+\s*个?(?:县级市|市辖区|区|县|市|旗|镇|乡|街道)[、和]?)*$"
)
_ABOVE: Final = re.compile(r"(?:^|[。\n])(?P<list>[^。\n]+)[。]\s*(?:以上|上述|这)\s*$")
_LED: Final = re.compile("[^、]*?(?:有|为|是|包括)(?=[^、]{2,})")
_OF_THEM: Final = re.compile(r"(?:[县区市旗镇乡]|街道)\s*(?:有|为|是|包括)$")
_LEAST_TAIL: Final = 3
_TAIL: Final = 3
_IN_BRACKET: Final = re.compile(r"[（(]\s*(?:共计|共|合计|总计|计)\s*$")
_TOTAL: Final = re.compile(r"[，,、]?\s*(?:共计|共有|共|合计|总计)\s*$")
_PLACES_COUNTED: Final = re.compile(
    r"(?<![\d第])(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})\s*个?\s*"
    r"(?P<kind>街道|镇|乡(?!镇)|苏木|县级市|市辖区|县|旗|区|市)(?![（(区县市旗块域])"
)
_APART: Final = re.compile("[，,、]|以及|和|及|与")
_JOINED: Final = re.compile(
    r".*[\d二两三四五六七八九十]\s*(?:个|处|座|家|宗|块|片|种|项)[^、]*?(?:以及|和|及|与)"
)
_SET_UP: Final = "设立|划定|圈定|建立|设置|新设|共设|布设"
_ONE_KIND: Final = frozenset("种类")
_THINGS: Final = frozenset("个处座家宗块片对口条")
_NO_NOUN: Final = (
    "为",
    "是",
    "已",
    "均",
    "在",
    "的",
    "和",
    "与",
    "及",
    "以",
    "位于",
    "分布",
    "全部",
)
#: Letters of the items: of a place told short, of a kind, of a level (省、市、县三级).
_SHORT_PLACE: Final = 6
_SHORT_KIND: Final = 9
_SHORT_LEVEL: Final = 4
_MANY: Final = 3


def before(text: str, count: Count, known: Known) -> Iterator[Reading]:
    """Every way of reading the words before a count as a list.

    For “设立甲、乙、丙等重点开采区 3 处” the list ends before the words for what is counted.
    """
    yield from _beside(text, count, known)
    yield from _bearing_it(text, count, known)
    yield from _codes(text, count)
    yield from _of_one_kind(text, count, known)
    yield from _said_above(text, count)
    yield from _named(text, count, known)
    yield from _added_up(count, known)


def _beside(text: str, count: Count, known: Known) -> Iterator[Reading]:
    end = count.start
    inside = _IN_BRACKET.search(text, 0, end)
    if inside is not None:
        end = inside.start()
    masked = BRACKETS.sub(lambda found: "　" * len(found.group()), text[:end])
    whole = _WHOLE.search(masked)
    end = whole.start() if whole is not None else end
    begin = max(masked.rfind(mark, 0, end) for mark in f"{_BREAKS}（(") + 1
    match = _LIST.fullmatch(masked[begin:end])
    if match is None or match["list"].rstrip().endswith("各"):
        return
    etc, stop = bool(match["etc"]), begin + match.end("list")
    begin += _behind_a_count(match["list"])
    told = apart_from_quotes(masked[begin:stop])
    figure = max((found.end() for found in FIGURE.finditer(told)), default=0)
    if figure:
        # 超过 30 宗的县（市、区）有甲县、乙县和丙县 3 个
        led = _LED.match(told, figure)
        if led is None:
            return
        begin, told = begin + led.end(), told[led.end() :]
    for at in _starts(told, known):
        items = items_of(told[at:], known, etc=etc, tail=count.thing[-2:])
        sure = _sure(items, count, etc=etc)
        if items.kind is Kind.PLACES and _OF_THEM.search(masked[:begin]) and not count.noun:
            sure = 0.8
        if sure is not None:
            sure = sure if whole is None or count.of_places or count.of_minerals else 0.0
            yield Reading(items, begin + at, stop, sure, etc and at == 0)


def _bearing_it(text: str, count: Count, known: Known) -> Iterator[Reading]:
    """甲重点开采区、乙重点开采区，两个重点开采区共…: names that end with what is counted.

    So do places behind 这 or 上述: 安排在甲县和乙县，这两个县….
    """
    masked = BRACKETS.sub(lambda found: "　" * len(found.group()), text[: count.start])
    match = _CLAUSE_BEFORE.search(masked)
    if match is None:
        return
    told = without_sizes(match["list"])
    if FIGURE.search(told) or "等" in told:
        return
    items = items_of(told, known)
    if items.kind is Kind.MINERALS and count.of_minerals and told != match["list"]:
        # 磷矿 1000 万吨、岩盐 520 万吨，共 2 种矿产
        yield Reading(items, match.start("list"), match.end("list"), 0.8)
        return
    tail = common_end(items.texts)
    ends = (tail[at:] for at in range(len(tail) - _LEAST_TAIL + 1))
    named = any(count.noun.startswith(end) for end in ends)
    places = bool(match["these"]) and count.of_places and same_level(items, count.noun)
    places = places and all(is_place(text, known) for text in items.texts[1:])
    if len(items) >= 2 and items.closed and (named or places):
        yield Reading(items, match.start("list"), match.end("list"), 0.8)


def _of_one_kind(text: str, count: Count, known: Known) -> Iterator[Reading]:
    """辖甲区、乙县、丙县，共 1 区 2 县: the places of one kind in a list of all."""
    match = _KINDS_BEFORE.search(text[: count.start])
    if match is None or count.unit not in ("县", "区", "市", "旗", "镇", "乡", "街道"):
        return
    told = bare(match["list"])
    items = items_of(told, known)
    of_kind = tuple(name for name in items.texts if name.endswith(count.unit))
    if items.kind is Kind.PLACES and len(items) >= _MANY and of_kind:
        found = Items(of_kind, len(of_kind), len(of_kind), Kind.PLACES)
        yield Reading(found, match.start("list"), match.end("list"), 0.85)


def _said_above(text: str, count: Count) -> Iterator[Reading]:
    """坚持甲，坚持乙，坚持丙。以上三项原则: clauses that begin alike in the sentence before."""
    match = _ABOVE.search(text[: count.start])
    if match is None:
        return
    tail = re.escape(count.noun[-_TAIL:])
    if len(count.noun) > _TAIL:
        # …避让甲自然保护区和乙湿地公园等自然保护地。上述 2 处自然保护地
        named = re.findall(
            rf"[^、，,；;和与及]{{2,20}}{tail}(?=[、，,；;和与及。]|$)", match["list"]
        )
        items = Items(tuple(named), len(named), len(named), Kind.NAMES)
        if len(named) >= 2:
            yield Reading(items, match.start("list"), match.end("list"), 0.8)
    if not count.ordered:
        return
    pieces = [piece.strip() for piece in re.split("[，,；;]", match["list"]) if piece.strip()]
    word = pieces[0][:2]
    if len(pieces) >= 2 and all(piece.startswith(word) for piece in pieces):
        items = Items(tuple(pieces), len(pieces), len(pieces), Kind.CLAUSES)
        yield Reading(items, match.start("list"), match.end("list"), 0.85)


def _codes(text: str, count: Count) -> Iterator[Reading]:
    """KQ01、KQ02、KQ05 共 3 个: what is listed by its codes."""
    match = _CODES.search(text[: count.start])
    if match is not None:
        texts = tuple(re.findall(_CODE, match["list"]))
        items = Items(texts, len(texts), len(texts), Kind.NAMES)
        yield Reading(items, match.start("list"), match.end("list"), 0.85, bool(match["etc"]))


def _behind_a_count(told: str) -> int:
    """Where a list begins that another count is joined to: 2 个县级市和甲县、乙县."""
    joined = _JOINED.match(told)
    return joined.end() if joined is not None else 0


def _starts(told: str, known: Known) -> Iterator[int]:
    """Where a list may begin: at its first item, or behind another list.

    In 市、县两级应建立甲、乙 an item has a count of its own: the list begins there and nowhere
    before. In 优化布局、推进甲、乙 it may begin at a word that leads to one.
    """
    starts, at = [0], told.find("、") + 1
    while at > 0:
        after = told.find("、", at)
        item = told[at : after if after > 0 else len(told)]
        own = [number.end for number in counts(item) if number.end < len(item)]
        lead = leads().match(item)
        if own:
            starts = [at + own[-1]]
        elif lead is not None and lead.end() < len(item):
            starts.append(at + lead.end())
        elif after > 0:
            starts += [at + found.end() for found in joints(item, known)]
        at = after + 1 if after > 0 else 0
    first = told.partition("、")[0].strip()
    if len(first) == 1 and starts[0] == 0 and not is_mineral(first, known):
        starts.append(told.find("、") + 1)
    yield from starts


def _sure(items: Items, count: Count, *, etc: bool) -> float | None:
    """How sure a list of these items is meant by the count; None for no list of it."""
    if len(items) < 2 or not items.closed or any(REFERENCE.match(text) for text in items.texts):
        return None
    if items.texts[-1].endswith("的"):
        return None
    if items.kind is Kind.PLACES or count.of_places:
        return _of_places(items, count)
    if items.kind is Kind.MINERALS:
        return _of_minerals(items, count)
    if count.unit == "级":
        return 0.8 if max(map(len, items.texts[1:])) <= _SHORT_LEVEL else None
    if count.ordered or etc:
        return _in_order(items, count, etc=etc)
    if ends_with_verb(items.texts[-1]):
        return None
    if count.unit in _ONE_KIND:
        short = max(map(len, items.texts[1:])) <= _SHORT_KIND
        return (0.8 if len(items) >= _MANY and not of_groups(items) else 0.0) if short else None
    return _apposition(items, count)


def _of_places(items: Items, count: Count) -> float | None:
    if all(text.endswith(words("lists", "where")) for text in items.texts):
        return 0.75 if count.noun.endswith(("区", "带", "片", "板块")) else 0.0
    if not count.of_places or ends_with_verb(items.texts[-1]):
        return 0.0 if items.kind is Kind.PLACES else None
    short = max(map(len, items.texts[1:])) <= _SHORT_PLACE
    if items.kind is not Kind.PLACES and not short:
        return None
    return 0.85 if same_level(items, count.noun) else None


def _of_minerals(items: Items, count: Count) -> float:
    if of_groups(items):
        return 0.0
    if count.of_minerals:
        return 0.85
    return 0.7 if count.ordered and len(items) >= _MANY else 0.0


def _in_order(items: Items, count: Count, *, etc: bool) -> float | None:
    if etc:
        return 0.9 if count.ordered or items.kind is Kind.NAMES else None
    if len(items) >= _MANY:
        return 0.85
    left, right = items.texts[0], items.texts[-1]
    return 0.8 if left[-2:] == right[-2:] else 0.0


def _apposition(items: Items, count: Count) -> float | None:
    """东屏、溪口、黄岭 3 个集中开采区: names right before what bears them."""
    noun = count.noun
    if any(word in items.texts[0][:_MANY] for word in words("lists", "around")):
        return None
    if count.unit not in _THINGS or len(noun) < 2 or noun.startswith(_NO_NOUN):
        return None
    if items.kind is not Kind.NAMES or any(is_verb(text) for text in items.texts):
        return None
    others = (bare(items.texts[0]), *items.texts[1:-1])
    last = items.texts[-1]
    if len(last) > max(map(len, others)) + 1 and not any(last[-1] == text[-1] for text in others):
        return None
    zone = any(word in noun for word in words("zones", "words"))
    return 0.75 if not of_groups(items) and (len(items) >= _MANY or zone) else 0.0


def _named(text: str, count: Count, known: Known) -> Iterator[Reading]:
    """在甲、乙、丙设立重点勘查区 3 处; 设立甲、乙、丙等重点开采区 3 处; 划定甲、乙保护区 2 处."""
    zones = "|".join(sorted(words("zones", "words"), key=len, reverse=True))
    listed = "(?P<list>[^。；;：:，,（(\n]*、[^。；;：:，,（(\n]*?)"
    for pattern in (
        rf"{listed}(?:等|{_SET_UP})(?:{zones})\s*(?:共|共计|合计)?\s*$",
        rf"(?:{_SET_UP}){listed}(?:{zones})\s*(?:共|共计|合计)?\s*$",
    ):
        match = re.search(pattern, text[: count.start])
        if match is None or FIGURE.search(match["list"]):
            continue
        items = items_of(match["list"], known)
        names = items.kind is Kind.NAMES and items.closed and len(items) >= 2
        around = any(word in items.texts[0][:_MANY] for word in words("lists", "around"))
        if not names or around or any(is_verb(item) for item in items.texts):
            continue
        sure = 0.75 if len(items) >= _MANY else 0.0
        yield Reading(items, match.start("list"), match.end("list"), sure)
        return


def _added_up(count: Count, known: Known) -> Iterator[Reading]:
    """甲街道 1 个街道，乙镇、丙镇 2 个镇和丁乡，共 4 个乡镇（街道）: the parts are added up."""
    total = _TOTAL.search(count.ahead)
    if total is None or not count.of_places:
        return
    begin = max(count.ahead.rfind(mark) for mark in "。；;\n") + 1
    parts = list(_PLACES_COUNTED.finditer(count.ahead, begin, total.start()))
    values = [number_of(part["n"]) or 0 for part in parts]
    if not parts or len({part["kind"] for part in parts}) < len(parts):
        return
    single = list(_not_counted(count.ahead, parts, total.start(), known))
    if len(parts) + len(single) < 2:
        return
    # 甲开发区 may be told for completeness and be no county
    sure = sum(values) + sum(not place.endswith("区") for place in single)
    names = (*(part.group() for part in parts), *single)
    items = Items(names, sure, sum(values) + len(single), Kind.PLACES)
    yield Reading(items, parts[0].start(), total.start(), 0.8)


def _not_counted(
    text: str, parts: Sequence[re.Match[str]], end: int, known: Known
) -> Iterator[str]:
    """The places between counted ones that are not of the kind counted next: 和代管的丁市."""
    stops = [*(part.start() for part in parts[1:]), end]
    kinds = [*(part["kind"] for part in parts[1:]), ""]
    for part, stop, kind in zip(parts, stops, kinds, strict=True):
        for piece in _APART.split(BRACKETS.sub("", text[part.end() : stop])):
            name = piece.rpartition("的")[2].strip()
            of_next = kind and name.endswith(kind[-1])
            if len(name) > 1 and not of_next and is_place(name, known):
                yield name
