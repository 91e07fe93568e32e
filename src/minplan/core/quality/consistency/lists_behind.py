"""Lists that stand behind their count: “3 个（A、B、C）”, “3 种：A、B、C”, “2 项原则：…；…。”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from minplan.core.document.quantities.vocabulary import words
from minplan.core.quality.consistency.list_items import (
    BRACKETS,
    Items,
    Kind,
    Known,
    items_of,
    same_level,
    without_sizes,
)
from minplan.core.quality.consistency.list_readings import FIGURE, REFERENCE, Count, Reading, counts
from minplan.core.quality.consistency.lists_ordinals import Chain, chain, leads_to
from minplan.core.quality.consistency.lists_sized import with_sizes

_GENERIC: Final = "(?:[（(][市县区旗镇乡街道、]+[)）])?"
_BRACKET: Final = re.compile(
    rf"^{_GENERIC}(?P<noun>[^。；;，,、：:（()\d\n]{{0,16}}?){_GENERIC}(?=[（(])"
)
_LEAD: Final = "分别为|分别是|依次为|依次是|具体包括|具体为|主要包括|包括|即"
_FOLLOWS: Final = re.compile(
    rf"^(?P<noun>[^。；;，,、：:（(\n]{{0,24}}?{_GENERIC})\s*"
    rf"(?:(?P<lead>[，,]?\s*(?:{_LEAD})[：:]?)|(?P<weak>[，,]\s*(?:为|是))|(?P<colon>[：:]))\s*"
    r"(?P<list>[^。；;：:，,\n]*)(?P<stop>[。；;，,\n]|$)"
)
_ASIDE: Final = re.compile(
    r"[^。；;，,、：:（(\n\d]{0,16}(?P<aside>[，,](?:总|合计|累计|共|估算|预计|计划)"
    r"[\u4e00-\u9fff]{0,8}\d[\d.]*[^\d，,。；;：:、]{1,8})(?=[，,：:]|。\s*一是)"
)
_HEADS: Final = re.compile(rf"^(?:{_LEAD}|主要有|主要是|为)[：:]?")
_SEMICOLONS: Final = re.compile("[；;]")
_STOPS: Final = re.compile(r"。|(?<![；;：:\n])\n")
_OWN_LIST: Final = re.compile(r"^[^。；;，,、]{0,24}[：:（(]")
_APART: Final = re.compile(
    r"^[^。；;、和与及\d]{0,30}?(?:分别|依次)[\u4e00-\u9fff]{0,4}?"
    r"(?P<list>\d+(?:\.\d+)?[^\d、，,。；;和与及]{0,12}(?:(?:、|和|与|及|以及)\d+(?:\.\d+)?[^\d、，,。；;和与及]{0,12})+)"
)
_FIGURES: Final = re.compile(r"\d+(?:\.\d+)?")
_SENTENCE: Final = re.compile(r"[^。；;\n]*$")
#: 1区 before 3县（…）: what the bracket lists is both.
_SEVERAL: Final = re.compile(r"[\d一二三四五六七八九十]\s*个?(?:县|区|市|旗|镇|乡|街道)[、和]?$")
#: What tells that more are meant than are listed: 另有 1 个.
_MORE: Final = re.compile("^[^。\n]{0,30}(?:另有|另外|其余|其他|其它)")
#: Parts of a number make it but for this part of it.
_FIFTH: Final = 5
#: A list with 等 may be of any length.
_ANY: Final = 1000


def behind(text: str, count: Count, known: Known) -> Iterator[Reading]:
    """Every way of reading the words behind a count as a list.

    ``text`` may go on with what stands in the paragraphs below.
    """
    text = _without_aside(text, count)
    numbered = chain(text, count)
    if numbered is not None:
        yield _of_chain(numbered)
    series = _series(text, count)
    if series is not None and (numbered is None or not _covers(numbered, series)):
        yield series
    parallel = series is not None and series.sure > 0 and _parallel(series.items.texts)
    if numbered is None and not parallel:
        yield from _following(text, count, known)
    for found in (
        _in_bracket(text, count, known),
        _apart(text, count),
        with_sizes(text, count, known),
    ):
        if found is not None:
            yield found


def _without_aside(text: str, count: Count) -> str:
    """The text with what tells of all of them left blank: 5 个，总面积 390 平方千米，分别为…."""
    found = _ASIDE.match(text, count.end)
    if found is None:
        return text
    return text[: found.start("aside")] + " " * len(found["aside"]) + text[found.end("aside") :]


def _of_chain(numbered: Chain) -> Reading:
    size = len(numbered.items)
    items = Items(numbered.items, size, size, Kind.NAMES)
    return Reading(items, numbered.start, numbered.end, 0.9)


def _covers(numbered: Chain, series: Reading) -> bool:
    """Whether each ；-item has its number, so that the numbers tell all of them."""
    return series.items.least <= len(numbered.items) or numbered.end >= series.end - 1


def _masked(text: str) -> str:
    """The text with what stands in brackets left blank; every character keeps its place."""
    for _ in range(2):
        text = BRACKETS.sub(lambda found: "　" * len(found.group()), text)
    return text


def _series(text: str, count: Count) -> Reading | None:
    """4 项原则：坚持…；坚持…；坚持…；坚持…。 however long the items are."""
    body = _masked(text[count.end :])
    colon = re.search("[：:]", body)
    if colon is None or not leads_to(body[: colon.end()], count):
        return None
    start = colon.end()
    stop = _STOPS.search(body, start)
    end = stop.start() if stop is not None else len(body)
    parts = [part.strip() for part in _SEMICOLONS.split(body[start:end])]
    parts = [part for part in parts if part]
    if len(parts) < 2 or any(_counted_itself(part) for part in parts[1:]) or _parts(parts, count):
        return None
    size = len(parts)
    is_open = parts[-1].endswith("等")
    told = Items(tuple(parts), size, _ANY if is_open else size, Kind.CLAUSES)
    sure = 0.85 if _parallel(told.texts) or count.ordered or "、" not in parts[0] else 0.0
    return Reading(told, count.end + start, count.end + end, sure, is_open)


def _counted_itself(part: str) -> bool:
    """Whether an item has a count and a list of its own: 重点开采区 2 个：甲、乙."""
    return any(_OWN_LIST.match(number.after) is not None for number in counts(part))


def _parts(parts: list[str], count: Count) -> bool:
    """Whether the items are parts of the number: 采矿权 7 个：煤 3 个；铁 4 个."""
    unit = re.escape(count.unit)
    found = [re.search(rf"(\d+)\s*{unit}", part) for part in parts]
    told = [int(match[1]) for match in found if match is not None]
    return len(told) == len(parts) and abs(sum(told) - count.value) <= max(1, count.value // _FIFTH)


def _parallel(parts: tuple[str, ...]) -> bool:
    return len({part[0] for part in parts}) == 1 or all(chain_begins(part) for part in parts)


def chain_begins(part: str) -> bool:
    """Whether a piece begins with a number: 一是…, ①…, （1）…."""
    return (
        re.match(r"[一二三四五六七八九十]+是|第[一二三四五六七八九十]|[①-⑳]|[（(]", part)
        is not None
    )


def _following(text: str, count: Count, known: Known) -> Iterator[Reading]:
    """3 处，分别为甲、乙、丙; 四大工程：甲、乙、丙、丁; 2 个，即甲矿区和乙矿区."""
    body = _masked(text[count.end :])
    match = _FOLLOWS.match(body)
    told = without_sizes(match["list"]).strip() if match is not None else ""
    if match is None or FIGURE.search(told):
        return
    is_open = told.endswith("等")
    told = told.removesuffix("等")
    if "等" in told or told.endswith("、") or ends_partial(told):
        return
    thing = match["noun"].strip() or count.thing
    items = items_of(told, known, tail=thing[-2:])
    sure = _sure(items, count, thing, weak=match["weak"] is not None)
    rest = _rest(body, match)
    if "、" not in told and not _two(items, thing):
        if match["stop"] in ("，", ",") and count.ordered:
            yield from _by_commas(told + "，" + rest, count.end + match.start("list"))
        return
    if sure and items.kind is Kind.CLAUSES and "、" in rest:
        sure = 0.0
    start, end = count.end + match.start("list"), count.end + match.end("list")
    if sure is not None:
        whole = replace(items, most=_ANY) if is_open else items
        yield Reading(whole, start, end, sure, is_open)
    if match["stop"] in ("，", ",") and (items.kind is Kind.CLAUSES or count.ordered):
        yield from _by_commas(told + "，" + rest, start)


def _rest(body: str, match: re.Match[str]) -> str:
    """What stands between a list that ends with ， and the end of the sentence."""
    if match["stop"] not in ("，", ","):
        return ""
    end = re.search("[。；;\n]|$", body[match.end() :])
    return body[match.end() : match.end() + (end.start() if end else 0)]


def _by_commas(told: str, start: int) -> Iterator[Reading]:
    """The pieces between commas, which may settle a count: 三个特点：资源丰富，分布集中，埋藏浅."""
    pieces = tuple(piece for piece in re.split("[，,]", told) if piece.strip())
    size = len(pieces)
    if size >= 2:
        yield Reading(Items(pieces, size, size, Kind.CLAUSES), start, start + len(told), 0.0)
        alike = _same_beginning(pieces)
        if len(alike) >= 2:
            sure = 0.85 if len(alike) == size else 0.0
            many = len(alike)
            yield Reading(Items(alike, many, many, Kind.CLAUSES), start, start + len(told), sure)
        every = told.count("、") + size
        yield Reading(Items(pieces, every, every, Kind.CLAUSES), start, start + len(told), 0.0)


def _same_beginning(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """The pieces that begin with the word of the first: 坚持甲、乙，坚持丙、丁."""
    word = pieces[0].strip()[:2]
    return tuple(piece for piece in pieces if len(word) == 2 and piece.strip().startswith(word))


def ends_partial(told: str) -> bool:
    """Whether a list begins with words for a part: 其中…, 不含…, 位于…."""
    return told.startswith(words("lists", "partial"))


def _two(items: Items, thing: str) -> bool:
    """Whether 甲矿区和乙矿区 are two of the things counted."""
    tail = thing[-2:]
    if len(items) != 2:
        return False
    return len(tail) == 2 and all(text.endswith(tail) for text in items.texts)


def _sure(items: Items, count: Count, thing: str, *, weak: bool) -> float | None:
    """How sure a list behind a count is meant by it; None for no list of it."""
    if len(items) < 2 or not items.closed or any(REFERENCE.match(text) for text in items.texts):
        return None
    if items.kind is Kind.PLACES or count.of_places:
        short = max(map(len, items.texts)) <= _SHORT
        fits = (items.kind is Kind.PLACES or short) and same_level(items, count.noun)
        return 0.85 if count.of_places and fits else 0.0
    if items.kind is Kind.MINERALS:
        return 0.85 if count.of_minerals else 0.0
    if weak:
        alike = all(text[-1] == thing[-1:] for text in items.texts)
        many = len(items) >= _MANY and items.kind is Kind.NAMES
        return 0.8 if alike else 0.75 if many else 0.0
    if count.ordered or items.kind is Kind.NAMES:
        return 0.85
    return None


#: Letters of a county told short.
_SHORT: Final = 5
#: So many names behind 为 are all there are.
_MANY: Final = 4


def _in_bracket(text: str, count: Count, known: Known) -> Reading | None:
    """3 个（甲、乙、丙）, 5 个县（市、区）（甲、乙…）."""
    body = text[count.end :]
    match = _BRACKET.match(body)
    if match is None or _SEVERAL.search(count.ahead):
        return None
    opened = match.end()
    closed = _closing(body, opened)
    inner = _masked(body[opened + 1 : closed])
    lead = _HEADS.match(inner.strip())
    told = inner.strip()[lead.end() if lead else 0 :].strip()
    if ends_partial(told) or FIGURE.search(told) or not re.search("[、；;，,]", told):
        return None
    is_open = told.endswith("等")
    separated = told.removesuffix("等").replace("；", "、").replace(";", "、")
    if "、" not in separated:
        return None
    items = items_of(separated, known, tail=match["noun"][-2:])
    sure = _sure(items, count, match["noun"], weak=False)
    if sure is None or all(len(item) == 1 for item in items.texts):  # 县（市、区）
        return None
    meant = sure > 0 and "的" not in match["noun"] and not _of_kind(items, count)
    sure = 0.9 if meant or _named_by_place(count) else 0.0
    whole = replace(items, most=_ANY) if is_open else items
    return Reading(whole, count.end + opened + 1, count.end + closed, sure, is_open)


def _closing(body: str, opened: int) -> int:
    depth = 0
    for at in range(opened, len(body)):
        depth += (body[at] in "（(") - (body[at] in "）)")
        if depth == 0:
            return at
    return len(body)


def _named_by_place(count: Count) -> bool:
    """图幅 are named after towns."""
    return count.thing.endswith(words("lists", "after_places")) or count.unit == "幅"


def _of_kind(items: Items, count: Count) -> bool:
    """Whether items only tell kinds of what is counted: 3 项指标（约束性、预期性）."""
    kinds = any(text.endswith(words("lists", "kinds")) for text in items.texts)
    return kinds and count.unit not in ("类", "大类", "级")


def _apart(text: str, count: Count) -> Reading | None:
    """3 处，面积依次为 42.5 平方公里、36.8 平方公里和 27.2 平方公里: one figure for each."""
    match = _APART.match(_masked(text[count.end :]))
    sentence = _SENTENCE.search(count.ahead)
    if match is None or sentence is None or any(counts(sentence.group())):
        return None
    if _MORE.match(text[count.end + match.end() :]):
        return None
    if re.search(r"\d\s*[个种项处座家宗]", sentence.group()):
        return None
    figures = tuple(_FIGURES.findall(match["list"]))
    size = len(figures)
    start = count.end + match.start("list")
    return Reading(
        Items(figures, size, size, Kind.NAMES), start, count.end + match.end("list"), 0.8
    )
