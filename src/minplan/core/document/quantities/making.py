"""From a figure and the words around it to a quantity."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from minplan.core.document.model import Quantity, Spot
from minplan.core.document.quantities.figures import Figure
from minplan.core.document.quantities.vocabulary import Token, attributes, joined, words

_CHINESE: Final = re.compile(r"[^\u4e00-\u9fff]+")
#: Qualifier of a figure that tells a change, not the quantity itself.
CHANGE: Final = "增减"
#: Qualifier of what is of some alone, by a condition of its own.
NARROWED: Final = "限定"
#: Qualifier of what is aimed at, not of what there is.
GOAL: Final = "目标"
#: Qualifiers of mines and rights that go.
CLOSED: Final = frozenset({"关闭", "关闭整合"})
#: The property a place has but one of (土地面积).
GROUND: Final = "土地面积"
COUNTED: Final = frozenset({"count", "kinds"})


@dataclass(frozen=True, slots=True)
class Topic:
    """What a figure is about: subject, attribute, region, year and the words that narrow it.

    ``stem`` are the words that narrow its siblings (大型 3 个、中型 5 个), too, ``kind`` those of
    the first that nothing is known of.
    """

    subject: str = ""
    attribute: str = ""
    region: str = ""
    year: int | None = None
    qualifiers: tuple[str, ...] = ()
    rest: str = ""
    sure: float = 1.0
    stem: tuple[str, ...] = ()
    kind: str = ""

    def sibling(self, own: tuple[str, ...], rest: str = "", *, named: bool = False) -> Topic:
        """The topic of a figure that does not say again what it is of, narrowed by ``own``.

        One that is ``named`` (by a mineral) or has words of its own takes none of those that
        narrow the figure before it alone: 大型 3 个，能源 9 个; 钒钛磁铁矿 21 个、金矿 24 个.
        """
        told = (*self.stem, *own) if own or rest else self.qualifiers
        rest = rest if rest or own else self.kind if named else self.rest
        return replace(self, qualifiers=told, rest=rest, sure=0.8)

    def first(self) -> Topic:
        """The topic as that of the first figure of a list: all its words narrow the others."""
        return replace(self, stem=self.qualifiers, kind=self.rest)


def make(figure: Figure, topic: Topic, spot: Spot) -> Quantity:
    """The quantity; ``/年`` is in the base unit of attributes that are yearly by nature, too."""
    attribute = attributes().get(topic.attribute)
    rate = figure.rate or (attribute is not None and attribute.rate)
    return Quantity(
        subject=topic.subject,
        attribute=topic.attribute,
        bound=figure.bound,
        low=figure.low,
        high=figure.high,
        unit=figure.printed_unit,
        base_low=_base(figure, figure.low),
        base_high=_base(figure, figure.high),
        base_unit=figure.unit.base + ("/年" if rate else ""),
        spot=spot,
        region=topic.region,
        year=topic.year,
        about=figure.about,
        sure=topic.sure,
        qualifiers=joined(topic.qualifiers),
        rest=topic.rest,
    )


def _base(figure: Figure, value: Decimal | None) -> Decimal | None:
    return None if value is None else figure.unit.to_base(value)


def place(spot: Spot, text: str, start: int, end: int) -> Spot:
    """The place of ``text[start:end]`` in the paragraph or cell at ``spot``."""
    return replace(spot, start=start, end=end, quote=text[start:end].strip())


def attribute_for(tokens: Iterable[Token], dimension: str) -> str:
    """The last attribute of ``tokens`` that may have this dimension, or empty."""
    found = ""
    for token in tokens:
        if token.kind == "attribute" and dimension in attributes()[token.value].dimensions:
            found = token.value
    return found


def qualifiers(tokens: Iterable[Token], attribute: str) -> tuple[str, ...]:
    """The qualifiers among ``tokens``; what is counted is not its own qualifier."""
    return joined(
        token.value
        for token in tokens
        if token.kind == "qualifier" and f"{token.value}数" != attribute
    )


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    known = sorted(words("fillers", "words"), key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in known))


def rest_of(text: str, tokens: Iterable[Token], offset: int = 0) -> str:
    """The words of ``text`` that neither are known nor say nothing; ``offset`` is its start."""
    letters = list(text)
    for token in tokens:
        for at in range(max(token.start - offset, 0), min(token.end - offset, len(text))):
            letters[at] = " "
    left = _CHINESE.sub(" ", "".join(letters))
    return "".join(_fillers().sub(" ", left).split())
