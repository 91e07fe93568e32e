"""The words of quantities as data: units, attributes, nouns that are counted, qualifiers, bounds.

``units.toml`` and ``words.toml`` hold them; minerals come from the code list of the standard. No
figure and no name of any plan stands here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from minplan.core.standard.minerals import minerals

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９．％／，：", "0123456789.%/,：")
_RATE: Final = re.compile(r"\s*(?:/|／|每)\s*(?:年|a)$")
#: What may stand before and after a mineral of one character (煤, 铁, 金).
_BEFORE_SINGLE: Final = "、，,。；：:中有含产为以及和与增（( \t“"
_AFTER_SINGLE: Final = "、，,。；：:（() \t和及与各为”0123456789保查新年资金"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its dimension and what one of it is in the base unit, exactly."""

    name: str
    dimension: str
    base: str
    factor: Fraction

    def to_base(self, value: Decimal) -> Decimal:
        """``value`` in the base unit (28 significant digits where 亩 make it endless)."""
        return value * Decimal(self.factor.numerator) / Decimal(self.factor.denominator)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property that figures are given for; ``kin`` is a name easily taken for it.

    ``twin`` is a neighbour whose figures should be much the same; a ``limit`` is one by its name.
    """

    name: str
    words: tuple[str, ...]
    dimensions: frozenset[str]
    rate: bool = False
    additive: bool = False
    kin: str = ""
    twin: str = ""
    limit: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A known word in a text. ``kind``: mineral, region, outside, whole, attribute, noun or
    qualifier."""

    kind: str
    value: str
    start: int
    end: int


def plain(text: str) -> str:
    """The text with half-width figures; every character keeps its place."""
    return text.translate(_FULL_WIDTH)


@lru_cache(maxsize=1)
def _data() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    folder = resources.files(__package__)
    units = tomllib.loads((folder / "units.toml").read_text("utf-8"))
    words = tomllib.loads((folder / "words.toml").read_text("utf-8"))
    return units, words


@lru_cache(maxsize=1)
def units() -> Mapping[str, Unit]:
    """All units by name, those with ``/年`` included."""
    found: dict[str, Unit] = {}
    for item in _data()[0]["dimension"]:
        for name, factor in item["units"].items():
            found[name] = Unit(name, item["key"], item["base"], Fraction(factor))
    return found


def find_unit(text: str) -> tuple[Unit, bool] | None:
    """The unit that is written so, and whether ``/年`` follows; None when it is no unit."""
    bare = _RATE.sub("", text.strip())
    unit = units().get(bare)
    return None if unit is None else (unit, bare != text.strip())


@lru_cache(maxsize=1)
def unit_pattern() -> str:
    """A pattern of all units, the longest first, with ``/年`` where it follows."""
    names = "|".join(re.escape(name) for name in sorted(units(), key=len, reverse=True))
    return rf"(?:{names})(?:\s*(?:/|每)\s*(?:年|a)(?![\u4e00-\u9fff]*度))?"


@lru_cache(maxsize=1)
def attributes() -> Mapping[str, Attribute]:
    """All attributes by name."""
    return {
        item["name"]: Attribute(
            item["name"],
            tuple(item["words"]),
            frozenset(item["dimensions"]),
            item.get("rate", False),
            item.get("additive", False),
            item.get("kin", ""),
            item.get("twin", ""),
            item.get("limit", False),
        )
        for item in _data()[1]["attribute"]
    }


@lru_cache(maxsize=1)
def nouns() -> frozenset[str]:
    """What is counted (矿山, 采矿权), by the name the words have in common."""
    return frozenset(noun["as"] for noun in _data()[1]["noun"])


@lru_cache(maxsize=1)
def known_names() -> frozenset[str]:
    """Names of properties and of what is counted; two of them are two things."""
    return frozenset(attributes()) | {f"{name}数" for name in nouns()}


def akin(one: str, other: str) -> bool:
    """Whether two names may stand for one property: the same, neighbours, or one is unknown."""
    if one == other or not {one, other} <= known_names():
        return True
    kin = {name: attributes()[name].kin for name in (one, other) if name in attributes()}
    return kin.get(one) == other or kin.get(other) == one


@lru_cache(maxsize=1)
def fields() -> Mapping[str, tuple[str, ...]]:
    """Fields of work (勘查, 修复) with the words that tell each."""
    return {name: tuple(told) for name, told in _data()[1]["fields"].items()}


@lru_cache(maxsize=1)
def periods() -> Mapping[str, tuple[int, int]]:
    """Named periods (十四五) with their first and last year."""
    return {name: (first, last) for name, (first, last) in _data()[1]["periods"].items()}


def words(*path: str) -> tuple[str, ...]:
    """A list of words of the data, for example ``words("bounds", "about")``."""
    item: Any = _data()[1]
    for key in path:
        item = item[key]
    return tuple(item)


@lru_cache(maxsize=1)
def _roles() -> Mapping[str, tuple[tuple[str, str], ...]]:
    roles: dict[str, list[tuple[str, str]]] = {}

    def take(word: str, kind: str, value: str) -> None:
        roles.setdefault(word, []).append((kind, value))

    for mineral in minerals():
        for word in (mineral.name, *mineral.aliases):
            take(word, "mineral", mineral.name)
    for group in words("minerals", "groups"):
        take(group, "mineral", group)
    for word, group in _data()[1]["minerals"]["also"].items():
        take(word, "mineral", group)
    for attribute in attributes().values():
        for word in attribute.words:
            take(word, "attribute", attribute.name)
    for noun in _data()[1]["noun"]:
        for word in noun["words"]:
            take(word, "noun", noun["as"])
    said = _data()[1]["qualifiers"]
    for word in said["words"]:
        take(word, "qualifier", said["to"].get(word, word))
    for word, value in said["also"].items():
        take(word, "qualifier", value)
    for kind in ("outside", "whole"):
        for word in words("regions", kind):
            take(word, kind, word)
    return {word: tuple(dict.fromkeys(values)) for word, values in roles.items()}


class Scanner:
    """Finds the known words of a text, the longest first; ``regions`` are the counties."""

    def __init__(self, regions: Mapping[str, str] | None = None) -> None:
        """``regions`` gives the full name for each way a county is written."""
        self.regions = dict(regions or {})
        known = sorted([*_roles(), *self.regions], key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(word) for word in known))

    def scan(self, text: str) -> tuple[Token, ...]:
        """Every known word, in order; a word with two meanings gives two tokens."""
        found: list[Token] = []
        at = 0
        while match := self._pattern.search(text, at):
            word, at = match.group(), match.end()
            if len(word) == 1 and not _stands_alone(text, match.start(), match.end(), word):
                at = match.start() + 1
                continue
            start, end = match.span()
            if word.endswith("矿") and text.startswith("山", end) and len(word) > 1:
                end = at = end - 1  # 石英岩矿山: the mines of 石英岩, not 石英岩矿
            if word in self.regions:
                found.append(Token("region", self.regions[word], start, end))
            for kind, value in _roles().get(word, ()):
                found.append(Token(kind, value, start, end))
        return tuple(found)


#: What may stand right before a mineral of one letter and its figure.
_AMOUNT_OF: Final = ("资源量", "储量", "产量")


def _stands_alone(text: str, start: int, end: int, word: str) -> bool:
    kinds = {kind for kind, _ in _roles().get(word, ())}
    if "mineral" not in kinds:
        return True
    if text[end : end + 1].isdigit() and text[:start].endswith(_AMOUNT_OF):
        return True  # 新增资源量金 12.36 吨
    before = start == 0 or text[start - 1] in _BEFORE_SINGLE
    return before and (end == len(text) or text[end] in _AFTER_SINGLE)


def joined(values: Iterable[str]) -> tuple[str, ...]:
    """The values without empty ones and repeats, sorted."""
    return tuple(sorted({value for value in values if value}))
