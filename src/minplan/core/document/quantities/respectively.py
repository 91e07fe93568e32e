"""Figures told one by one for as many names: 锡矿、铜矿保有资源量分别为 12 万吨和 30 万吨."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from minplan.core.document.quantities.figures import Figure
from minplan.core.document.quantities.making import Topic
from minplan.core.document.quantities.vocabulary import Token

_EACH: Final = re.compile(r"(?:分别|依次)[^\d，,。；;：:、]{0,8}$")
_NEXT: Final = re.compile(r"\s*(?:[、，,和与及]|以及)\s*$")
_JOINED: Final = re.compile(r"\s*(?:[、和与及]|以及|矿)*\s*$")
_STOP: Final = "。；;！？\n"
_AMOUNTS: Final = {"mass", "volume"}
_KINDS: Final = ("mineral", "region")


@dataclass(frozen=True, slots=True)
class Name:
    """The mineral or county that one of several figures is of."""

    kind: str
    value: str

    def narrowed(self, topic: Topic) -> Topic:
        """The topic as that of this name."""
        if self.kind == "mineral":
            return replace(topic, subject=self.value)
        return replace(topic, region=self.value)


def one_by_one(text: str, figures: Sequence[Figure], tokens: Sequence[Token]) -> Mapping[int, Name]:
    """The name of each figure, by its number, where 分别 tells as many figures as names."""
    found: dict[int, Name] = {}
    for first, figure in enumerate(figures):
        begin = figures[first - 1].end if first else 0
        if not _EACH.search(text[begin : figure.start]):
            continue
        run = [first]
        for number in range(first + 1, len(figures)):
            between = text[figures[number - 1].end : figures[number].start]
            kinds = {figures[number].unit.dimension, figure.unit.dimension}
            same = len(kinds) == 1 or kinds == _AMOUNTS
            if not same or not _NEXT.match(between):
                break
            run.append(number)
        names = _names(text, tokens, figure.start, len(run))
        found.update(zip(run, names, strict=True) if names else ())
    return found


def _names(text: str, tokens: Sequence[Token], end: int, count: int) -> list[Name]:
    """The last list of so many minerals or counties in the sentence before a figure."""
    start = max(text.rfind(mark, 0, end) for mark in _STOP) + 1
    for kind in _KINDS:
        held = [t for t in tokens if t.kind == kind and start <= t.start and t.end <= end]
        runs: list[list[Token]] = []
        for token in held:
            if runs and _JOINED.match(text[runs[-1][-1].end : token.start]):
                runs[-1].append(token)
            else:
                runs.append([token])
        fitting = [run for run in runs if len(run) == count > 1]
        if fitting:
            return [Name(kind, token.value) for token in fitting[-1]]
    return []
