"""A count of a text and one way of reading the list beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from minplan.core.document.numerals import number_of
from minplan.core.document.quantities.vocabulary import words
from minplan.core.quality.consistency.list_items import (
    OF_MINERALS,
    OF_PLACES,
    PLACES_BEFORE,
    Items,
)

_UNIT: Final = (
    r"大?(?:个|种|类|项|处|座|家|宗|块|条|幅|片|对|口|部分|方面|方案|板块)|大(?![型中类规小])|级|点"
    r"|县(?!级)|旗|镇|乡(?!镇)|街道|市(?![场级])|区(?![块域间内位])"
)
_NUMBER: Final = re.compile(
    r"(?<![\d.第\-—~～至百一二两三四五六七八九十])(?<!\d[:：])"
    rf"(?P<n>\d{{1,3}}|[二两三四五六七八九十][一二三四五六七八九十]{{0,2}})\s*(?P<c>{_UNIT})"
)
_NO_COUNT: Final = re.compile(
    r"个(?:百分点|半?月|年|季|小时|工作日|五年|时期)|大?方面军|种植|家庭|条例|区间|项目部"
)
#: 三区三线, 一核两带: numerals of a set phrase or a layout, no counts of the text.
_RUN: Final = re.compile(
    "(?:[一二两三四五六七八九]"
    r"(?![一二两三四五六七八九十百个种类项处座家宗块条幅口大])[\u4e00-\u9fff]){2,}"
)
_DIVISIONS: Final = re.compile("[县市区旗镇乡]+")
_ABOUT: Final = re.compile(r"^(?:以上|以下|左右|以内|之内|及以上|及以下|多|余)")
_HAN_AFTER: Final = re.compile(r"^[\u4e00-\u9fff“”]{0,24}")
_HAN_BEFORE: Final = re.compile(r"[\u4e00-\u9fff]{0,12}$")
_ONLY: Final = re.compile(r"(?:共计|共有|合计|总计|仅有|共|有|仅|为|计|只)+$")
#: A list with 等 that is this long and lacks one item (or a fifth) is meant to be complete.
_LONG_ENOUGH: Final = 3
_FEW: Final = 5
#: What makes a list one of figures, not of names, and items that only point elsewhere.
FIGURE: Final = re.compile(r"\d\s*(?:个|处|座|家|万|亿|平方|公顷|%|条|种|幅|吨|项|宗|km)")
REFERENCE: Final = re.compile(
    r"^(?:(?:附?[表图]|专栏|附件)\s*\d|第?[一二三四五六七八九十\dⅠⅡⅢⅣⅤA-Za-z]+$)"
)
#: What is counted by these words is listed in full even without 等: 四项工程, 三大类, 五个方面.
_ORDERED: Final = frozenset(
    {"项", "大", "大类", "大项", "大部分", "部分", "大方面", "方面", "大板块", "板块", "点", "方案"}
)
_ADMINISTRATIVE: Final = frozenset({"县", "旗", "镇", "乡", "街道", "市", "区"})
#: Letters of what stands between a count and the word that says what is counted.
_NOUN: Final = 12


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its classifier: ``after`` is the text behind it, ``ahead`` that before it."""

    value: int
    start: int
    end: int
    unit: str
    after: str
    ahead: str

    @property
    def noun(self) -> str:
        """What stands right behind it: 集中开采区 of 3个集中开采区, 县 of 3县."""
        found = _HAN_AFTER.match(self.after)
        told = found.group() if found else ""
        return self.unit + told if self.unit in _ADMINISTRATIVE else told

    @property
    def thing(self) -> str:
        """What is counted: the words behind the number, else those before it."""
        if len(self.noun) >= 2:
            return self.noun
        found = _HAN_BEFORE.search(_ONLY.sub("", self.ahead.rstrip()))
        return found.group() if found else ""

    @property
    def of_places(self) -> bool:
        """Whether counties or towns are counted."""
        whole = self.unit + self.after if self.unit in _ADMINISTRATIVE else self.after
        if OF_PLACES.match(whole):
            return True
        return (
            not self.noun and PLACES_BEFORE.search(_ONLY.sub("", self.ahead.rstrip())) is not None
        )

    @property
    def of_minerals(self) -> bool:
        """Whether minerals are counted: 7 种, 4 种矿产, 3 个矿种."""
        if OF_MINERALS.match(self.noun):
            return True
        return self.unit in ("种", "类") and not self.noun.endswith(words("lists", "nouns"))

    @property
    def ordered(self) -> bool:
        """Whether what is counted is told one by one: 三项原则, 两个环节, 四大工程."""
        if self.unit in _ORDERED:
            return True
        return any(word in self.noun[:_NOUN] for word in words("lists", "nouns"))


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of reading a list: its items, where it stands, how sure one that misses is.

    A list of which ``sure`` is 0 may settle a count and is never told; ``open`` when it ends
    with 等.
    """

    items: Items
    start: int
    end: int
    sure: float
    open: bool = False

    @property
    def size(self) -> int:
        """How many are listed; more than the items where these are counts themselves."""
        return max(len(self.items), self.items.least)

    def fits(self, count: int) -> bool:
        """Whether the number of items can be the count."""
        if self.open and self.items.most < count:
            lacking, told = count - len(self.items), len(self.items)
            return not (told >= _LONG_ENOUGH and lacking <= max(1, told // _FEW))
        return self.items.least <= count <= self.items.most

    def nearly(self, count: int) -> bool:
        """Whether so few are missing (or too many) that this list must be meant."""
        off = max(self.items.least - count, count - self.items.most)
        return off <= max(1, min(count, len(self.items)) // _FEW)


def counts(text: str) -> Iterator[Count]:
    """All counts of two or more in a text: ``三个``, ``12 种``, ``四大``, ``5县``.

    ``3个以上`` and ``约 3 个`` are none, nor are 三区 and 三线 of ``三区三线``.
    """
    runs = _runs(text)
    for match in _NUMBER.finditer(text):
        value = number_of(match["n"])
        after, ahead = text[match.end() :], text[: match.start()]
        if any(start <= match.start() < end for start, end in runs):
            continue
        if value is None or value < 2 or _NO_COUNT.match(text[match.start("c") :]):
            continue
        if _ABOUT.match(after) or ahead.rstrip().endswith(("第", *_bounds())):
            continue
        yield Count(value, match.start(), match.end(), match["c"], after, ahead)


def _runs(text: str) -> list[tuple[int, int]]:
    """Where numerals with one character each follow one another; 两区三县 are counts."""
    return [
        found.span()
        for found in _RUN.finditer(text)
        if not _DIVISIONS.fullmatch(found.group()[1::2])
    ]


def _bounds() -> tuple[str, ...]:
    return (*words("bounds", "about"), *words("bounds", "at_least"), *words("bounds", "at_most"))
