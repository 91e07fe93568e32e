"""Counts against what is listed: “A、B、C等 3 个”, “3 个（A、B、C）”, “3 种：A、B、C”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from minplan.core.document.model import PlanDocument, Spot, Table
from minplan.core.document.quantities import read_blocks, regions, scanner
from minplan.core.document.quantities.vocabulary import Scanner, plain, words

#: What a text has that lists something.
_LISTS: Final = re.compile("[、和；;①]")
_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_CLASSIFIER: Final = r"(?:大)?(?:个|种|类|项|处|座|家|宗|块|条|幅|部分|方面|方案|大(?![型中类规]))"
_NUMBER: Final = (
    rf"(?<![\d.第:：\-—~～])(?P<n>\d{{1,3}}|[一二两三四五六七八九十])\s*(?P<c>{_CLASSIFIER})"
)
_COUNT: Final = re.compile(_NUMBER)
_NO_COUNT: Final = re.compile(r"^(?:个百分点|大?方面军)")
_BEFORE: Final = re.compile(
    r"(?P<list>[^。；：:！？\n，,]*?[、和][^。；：:！？\n，,]*?)(?P<etc>等)?\s*(?:共|共计|合计|这)?\s*$"
)
_BRACKET: Final = re.compile(
    r"^(?P<noun>[^。；，、（(\d]{0,16}?)[（(](?P<list>[^（()）]*、[^（()）]*)[)）]"
)
_FOLLOWS: Final = re.compile(
    r"^(?P<noun>[^。；，、：:（(]{0,16}?)[，,：:](?:分别是|分别为|包括|即|为|是)?[：:]?(?P<list>[^。；：:，,]*、[^。；：:，,]*)(?=[。；，,]|$)"
)
_BELOW: Final = re.compile(
    r"^(?P<noun>[^。；;，,、：:（(]{0,16}?)[：:](?P<list>[^。：:\n]*?(?:[；;]|①)[^。：:\n]*)(?=。|$)"
)
_SET_UP: Final = "(?:设立|划定|圈定|建立|设置|新设|共设|布设)"
_CIRCLED: Final = re.compile("[①-⑳]")
_NAMES: Final = re.compile(r"分别是|分别为|包括|即|[：:]")
_BRACKETS: Final = re.compile(r"[（(][^（()）]*[)）]")
_LEAD_WORDS: Final = re.compile(r"^(?:包括|即|分别为|分别是|主要包括|主要有)[：:]?")
_PARTIAL: Final = ("含", "不含", "除", "其中", "如", "主要", "截至", "涉及")
_AND: Final = re.compile(r"(?<=[\u4e00-\u9fff）)”])(?:和|以及|及|与)(?=[\u4e00-\u9fff“])")
_LIST_AND: Final = re.compile(r"(?<=[\u4e00-\u9fff）)”])(?:和|以及)(?=[\u4e00-\u9fff“])")
_FIGURE: Final = re.compile(r"\d\s*(?:个|处|座|家|万|亿|平方|公顷|%|条|种|幅|吨|项)")
_SCALE: Final = re.compile(r"1\s*[:：]\s*\d+(?:\.\d+)?\s*万?")
#: Letters of an item of a list; longer ones are sentences.
_LONGEST: Final = 40
#: A list with 等 that is this long and lacks one item (or a fifth) is meant to be complete.
_LONG_ENOUGH: Final = 3
#: What is counted by these words is listed in full even without 等: 四项工程, 三大类, 五个方面.
_ORDERED: Final = frozenset({"项", "大", "大类", "大部分", "大项", "方面", "部分"})
_KINDS: Final = frozenset("种类")


@dataclass(frozen=True, slots=True)
class Listed:
    """A count and the items listed for it; ``open`` when the list ends with 等.

    ``joint`` is True where the last two items may be one (保护与预防工程).
    """

    count: int
    items: tuple[str, ...]
    open: bool
    count_spot: Spot
    list_spot: Spot
    sure: float
    joint: bool = False

    @property
    def fits(self) -> bool:
        """Whether the number of items can be the count."""
        least = len(self.items) - int(self.joint)
        if self.open and len(self.items) < self.count:
            lacking, told = self.count - len(self.items), len(self.items)
            return not (told >= _LONG_ENOUGH and lacking <= max(1, told // 5))
        return least <= self.count <= len(self.items)


def listed(document: PlanDocument) -> Iterator[Listed]:
    """All counts that have a list beside them, right ones included."""
    known = regions(document)
    scan = scanner(document)
    for read in read_blocks(document):
        if isinstance(read.block, Table):
            cells = [cell for row in read.block.cells for cell in row if not cell.merged]
            texts = [(cell.text, cell.spot) for cell in cells if _LISTS.search(cell.text)]
        else:
            texts = [(read.block.text, read.block.spot)]
        for text, spot in texts:
            if _LISTS.search(text):
                bare = _SCALE.sub(lambda match: " " * len(match.group()), plain(text))
                yield from _in_text(bare, spot, scan, known)


def _in_text(text: str, spot: Spot, scanner: Scanner, known: Mapping[str, str]) -> Iterator[Listed]:
    zones = "|".join(sorted(words("zones", "words"), key=len, reverse=True))
    for match in _COUNT.finditer(text):
        if _NO_COUNT.match(text[match.start("c") :]):
            continue
        count = int(match["n"]) if match["n"].isdigit() else _DIGITS[match["n"]]
        for found in (
            _before(text, match, scanner),
            _in_bracket(text, match, known),
            _following(text, match),
            _below(text, match),
            _named_before(text, match, zones),
        ):
            if found is None:
                continue
            items, is_open, start, end, sure = found
            yield Listed(
                count,
                items,
                is_open,
                replace(spot, start=match.start(), end=match.end(), quote=match.group().strip()),
                replace(spot, start=start, end=end, quote=text[start:end].strip()),
                sure,
                not _all_minerals(items, scanner) and _joint(text[start:end], is_open),
            )
            break


def _joint(text: str, is_open: bool) -> bool:
    """Whether the last two items may be one: 与 and 及 join words, 和 before 等 joins items."""
    last = _BRACKETS.sub("", text).split("、")[-1]
    if is_open:
        return _LIST_AND.search(last) is not None
    return _AND.search(last) is not None


_Found = tuple[tuple[str, ...], bool, int, int, float]


def _before(text: str, count: re.Match[str], scanner: Scanner) -> _Found | None:
    start = max(text.rfind(mark, 0, count.start()) for mark in "。；：:！？\n，,") + 1
    masked = _BRACKETS.sub(lambda m: "　" * len(m.group()), text[: count.start()])
    opened = max(masked.rfind(mark, start) for mark in "（(") + 1
    begin = max(start, opened)
    match = _BEFORE.fullmatch(masked[begin:])
    if match is None:
        return None
    told = match["list"]
    if _FIGURE.search(told) or told.rstrip().endswith("各"):
        return None
    items = split_items(told, _LIST_AND if match["etc"] else _AND)
    # 市、县两级应建立甲、乙: what comes before the list has a list of its own
    while len(items) > 1 and len(items[0]) == 1:
        items = items[1:]
    if len(items) < 2 or ("、" not in told and not _all_minerals(items, scanner)):
        return None
    named = count["c"] in _KINDS and _all_minerals(items, scanner)
    ordered = count["c"] in _ORDERED and len(items) >= _LONG_ENOUGH
    if not (match["etc"] or named or ordered):
        return None
    end = begin + match.end("list")
    return items, bool(match["etc"]), begin, end, 0.9 if match["etc"] else 0.85


def _all_minerals(items: tuple[str, ...], scanner: Scanner) -> bool:
    return all(
        any(token.kind == "mineral" and token.end >= len(item) for token in scanner.scan(item))
        for item in items
    )


def _in_bracket(text: str, count: re.Match[str], known: Mapping[str, str]) -> _Found | None:
    match = _BRACKET.match(text[count.end() :])
    if match is None or _FIGURE.search(match["list"]):
        return None
    told = _LEAD_WORDS.sub("", match["list"].strip())
    if told.startswith(_PARTIAL):
        return None
    is_open = told.endswith("等")
    items = split_items(told.removesuffix("等"))
    if all(len(item) == 1 for item in items):  # 县（市、区）
        return None
    if all(item in known for item in items) and not match["noun"].strip().endswith(("县", "区")):
        return None
    start = count.end() + match.start("list")
    return items, is_open, start, count.end() + match.end("list"), 0.9


def _following(text: str, count: re.Match[str]) -> _Found | None:
    match = _FOLLOWS.match(text[count.end() :])
    if match is None or _FIGURE.search(match["list"]) or "等" in match["list"]:
        return None
    head = match.group()[: match.start("list")]
    if not _NAMES.search(head):
        return None
    items = split_items(match["list"])
    start = count.end() + match.start("list")
    return items, False, start, count.end() + match.end("list"), 0.85


def _below(text: str, count: re.Match[str]) -> _Found | None:
    """3 个：甲；乙；丙。 and 三个方案：①甲；②乙；③丙。"""
    match = _BELOW.match(text[count.end() :])
    if match is None or _FIGURE.search(match["list"]) or "等" in match["list"]:
        return None
    numbered = _CIRCLED.split(match["list"])
    told = numbered[1:] if len(numbered) > 1 else re.split("[；;]", match["list"])
    items = tuple(part.strip("；; ") for part in told if part.strip("；; "))
    start = count.end() + match.start("list")
    if len(items) < 2 or max(map(len, items)) > _LONGEST:
        return None
    return items, False, start, count.end() + match.end("list"), 0.85


def _named_before(text: str, count: re.Match[str], zones: str) -> _Found | None:
    """在甲、乙、丙设立重点勘查区 3 处; 设立甲、乙、丙等重点开采区 3 处。"""
    pattern = rf"(?P<list>[^。；;：:，,（(]*、[^。；;：:，,（(]*?)(?:等|{_SET_UP})(?:{zones})\s*$"
    match = re.search(pattern, text[: count.start()])
    if match is None or _FIGURE.search(match["list"]):
        return None
    items = split_items(match["list"], _LIST_AND)
    if len(items) < 2 or any(len(item) > _LONGEST // 2 for item in items):
        return None
    return items, False, match.start("list"), match.end("list"), 0.75


def split_items(text: str, conjunction: re.Pattern[str] = _AND) -> tuple[str, ...]:
    """The items of a list: 、 between them, a ``conjunction`` before the last."""
    parts = [part.strip() for part in _BRACKETS.sub("", text).split("、") if part.strip()]
    if parts:
        last = conjunction.split(parts[-1])
        if len(last) == 2 and len(parts) >= 1:
            parts[-1:] = [part.strip() for part in last]
    return tuple(parts)
