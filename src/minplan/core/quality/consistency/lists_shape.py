"""Layouts told in numerals: “一核两带三区” against the areas that are named for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from minplan.core.document.numerals import number_of
from minplan.core.quality.consistency.list_items import AND, BRACKETS

_NOUN: Final = (
    "核心|基地|中心|板块|组团|集群|走廊|园区|核|带|区|轴|片|点|廊|极|圈|园|群|屏|翼|线|环|心"
)
_LEAD: Final = "即|分别为|分别是|具体为|具体包括|主要包括|包括"
_PART: Final = re.compile(rf"(?P<n>[一二两三四五六七八九])(?P<c>{_NOUN})")
_WHOLE: Final = re.compile(
    rf"[“\"](?P<shape>(?:[一二两三四五六七八九](?:{_NOUN})){{2,}})[”\"](?P<noun>[^。；;：:，,、（(]{{0,16}})"
    rf"(?:[：:]|[，,。]?(?:—+|{_LEAD})[：:]?)\s*(?P<list>[^。\n]*)"
)
_EACH: Final = re.compile(
    rf"[“\"](?P<n>[两二三四五六七八九])(?P<c>{_NOUN})[”\"]"
    rf"(?:—+|[：:]|(?:{_LEAD}|为|指|是)[：:]?)"
    r"(?P<list>[^。；;“”\n]*)"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A numeral of a layout, where it and the list stand, and the names that end with its noun."""

    value: int
    start: int
    end: int
    names: tuple[str, ...]
    list_start: int
    list_end: int


def shapes(text: str) -> Iterator[Shape]:
    """The numerals of layouts that have all their areas named behind them.

    “一区两带”格局：甲区；乙带；丙带 gives 一区 with one name and 两带 with two. A layout whose
    names do not all end with its nouns is not read, nor one that misses by more than one.
    """
    for match in _WHOLE.finditer(text):
        yield from _whole(match)
    for match in _EACH.finditer(text):
        names = _names(match["list"])
        if len(names) >= 2 and all(name.endswith(match["c"]) for name in names):
            yield _shape(match, match, names)


def _whole(match: re.Match[str]) -> Iterator[Shape]:
    parts = list(_PART.finditer(match.string, match.start("shape"), match.end("shape")))
    names = _names(match["list"])
    found = [tuple(name for name in names if name.endswith(part["c"])) for part in parts]
    if not all(found) or sum(map(len, found)) != len(names):
        return
    off = [abs(_value(part) - len(told)) for part, told in zip(parts, found, strict=True)]
    if sum(off) <= 1:
        for part, told in zip(parts, found, strict=True):
            yield _shape(part, match, told)


def _value(part: re.Match[str]) -> int:
    return number_of(part["n"]) or 0


def _shape(part: re.Match[str], whole: re.Match[str], names: tuple[str, ...]) -> Shape:
    return Shape(
        _value(part),
        part.start("n"),
        part.end("c"),
        names,
        whole.start("list"),
        whole.end("list"),
    )


def _names(told: str) -> tuple[str, ...]:
    pieces = re.split("[；;、，,]", BRACKETS.sub("", told))
    return tuple(name.strip() for piece in pieces for name in AND.split(piece) if name.strip())
