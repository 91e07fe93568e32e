"""The period and the base year a plan says it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from minplan.core.document.model import Paragraph, PlanDocument, Spot
from minplan.core.document.quantities.vocabulary import plain

_DASH: Final = r"\s*年?\s*(?:[-—–~～]+|至|到)\s*"
#: Two years, first and last, without the word 年 behind the last.
YEARS: Final = rf"((?:19|20)\d\d){_DASH}((?:19|20)\d\d)"
_SPAN: Final = rf"{YEARS}\s*年?"
_SAID: Final = re.compile(rf"{_SPAN}\s*为规划期|规划期(?:限)?(?:为|是|：|:)?\s*{_SPAN}")
_TITLE: Final = re.compile(rf"规划[^，。]{{0,4}}[（(]\s*{_SPAN}\s*[)）]")
_BASE_YEAR: Final = re.compile(
    r"以\s*(\d{4})\s*年为(?:基期|基准年|基年)|(?:基期|基准年|基年)年?(?:为|是|：|:)?\s*(\d{4})"
)
_OUTLOOK: Final = re.compile(r"展望(?:期)?(?:到|至|为)?\s*((?:19|20)\d\d)\s*年")


@dataclass(frozen=True, slots=True)
class Period:
    """First and last year of a plan, the years it looks on to, and where it says so."""

    first: int
    last: int
    outlook: int | None
    spot: Spot

    @property
    def years(self) -> int:
        """Number of years, both ends counted."""
        return self.last - self.first + 1


@lru_cache(maxsize=8)
def period(document: PlanDocument) -> Period | None:
    """What the document says its period is (规划期), None when it does not say."""
    blocks = [block for _, block in document.blocks() if isinstance(block, Paragraph)]
    outlook = None
    for block in blocks:
        if match := _OUTLOOK.search(re.sub(r"\s", "", plain(block.text))):
            outlook = int(match[1])
            break
    for pattern in (_SAID, _TITLE):
        for block in blocks:
            if match := pattern.search(plain(block.text)):
                first, last = (int(year) for year in match.groups() if year)
                return Period(first, last, outlook, block.spot)
    return None


@lru_cache(maxsize=8)
def base_year(document: PlanDocument) -> int | None:
    """The base year (基期) the document names, None where it names none."""
    for _, block in document.blocks():
        if isinstance(block, Paragraph) and (match := _BASE_YEAR.search(plain(block.text))):
            return int(match[1] or match[2])
    return None
