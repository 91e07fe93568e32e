"""Years of a document against its period and base year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from minplan.core.document.model import Paragraph, PlanDocument, Spot
from minplan.core.document.quantities import base_year
from minplan.core.document.quantities.period import Period, period
from minplan.core.document.quantities.vocabulary import plain
from minplan.core.quality.consistency.passages import passages

_TARGET: Final = re.compile(
    r"(?:^|[，。；：、\s])(?:至|到)\s*((?:19|20)\d\d)\s*年(?:底|末)?(?=[，,\s]|全|基本|实现|建)"
)
_TITLE: Final = re.compile(r"((?:19|20)\d\d)\s*年[^，。]{0,6}目标")
_AS_OF: Final = re.compile(r"截[至止]\s*((?:19|20)\d\d)\s*年")
_NAMED: Final = re.compile(
    r"《([\u4e00-\u9fff]{2,20}规划)[（(]\s*((?:19|20)\d\d)\s*(?:[-—–~～]+|至)\s*((?:19|20)\d\d)\s*年?\s*[)）]》"
)
_TO: Final = re.compile(r"增加到|增长到|提高到|压减到|减少到|下降到|降到|增至|降至|减至")


@dataclass(frozen=True, slots=True)
class OddYear:
    """A year that does not fit, and what it is held against."""

    kind: str
    year: str
    should: str
    spots: tuple[Spot, ...]
    sure: float


def odd_years(document: PlanDocument) -> Iterator[OddYear]:
    """Target years outside the plan, states later than the base year, names with two periods."""
    span = period(document)
    if span is not None:
        yield from _targets(document, span)
        yield from _titles(document, span)
    base = base_year(document)
    if base is not None:
        yield from _states(document, base)
    yield from _names(document)
    yield from _backward(document)


def _texts(document: PlanDocument) -> Iterator[tuple[str, Spot]]:
    for _, block in document.blocks():
        if isinstance(block, Paragraph):
            yield plain(block.text), block.spot


def _at(spot: Spot, match: re.Match[str]) -> Spot:
    return replace(
        spot, start=match.start(1), end=match.end(1), quote=match.group().strip(" ，。；、")
    )


def _targets(document: PlanDocument, span: Period) -> Iterator[OddYear]:
    allowed = {span.outlook}
    for text, spot in _texts(document):
        for match in _TARGET.finditer(text):
            year = int(match[1])
            if year > span.last and year not in allowed:
                yield OddYear(
                    "target",
                    match[1],
                    f"{span.first}—{span.last}",
                    (_at(spot, match), span.spot),
                    0.8,
                )


def _titles(document: PlanDocument, span: Period) -> Iterator[OddYear]:
    for section in document.walk():
        match = _TITLE.search(plain(section.title))
        if match and int(match[1]) not in (span.last, span.outlook):
            spot = replace(section.spot, quote=section.title)
            yield OddYear("target", match[1], f"{span.first}—{span.last}", (spot, span.spot), 0.85)


def _states(document: PlanDocument, base: int) -> Iterator[OddYear]:
    for text, spot in _texts(document):
        for match in _AS_OF.finditer(text):
            if int(match[1]) > base:
                yield OddYear("state", match[1], str(base), (_at(spot, match),), 0.6)


def _names(document: PlanDocument) -> Iterator[OddYear]:
    seen: dict[str, tuple[str, Spot]] = {}
    for text, spot in _texts(document):
        for match in _NAMED.finditer(text):
            years = f"{match[2]}—{match[3]}"
            before = seen.setdefault(match[1], (years, _at(spot, match)))
            if before[0] != years and not _follows(before[0], years):
                yield OddYear("name", years, before[0], (_at(spot, match), before[1]), 0.9)


def _follows(one: str, other: str) -> bool:
    """Whether one period is the next after the other: the plan before has the same name."""
    ends = sorted(tuple(map(int, years.split("—"))) for years in (one, other))
    return ends[0][1] + 1 == ends[1][0]


def _backward(document: PlanDocument) -> Iterator[OddYear]:
    """由 2020 年的 A 增加到 2015 年的 B: the later year first."""
    for passage in passages(document):
        for at in range(1, len(passage.quantities)):
            old, new = passage.quantities[at - 1], passage.quantities[at]
            if old.year is None or new.year is None or old.year <= new.year:
                continue
            if old.attribute == new.attribute and _TO.search(passage.lead(at)):
                yield OddYear("order", str(old.year), str(new.year), (old.spot, new.spot), 0.85)
