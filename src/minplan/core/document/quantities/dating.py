"""When the figures of a paragraph are of: years said before them, named years, comparisons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from minplan.core.document.quantities.figures import Figure, Year, find_years
from minplan.core.document.quantities.vocabulary import words

_VERSUS: Final = re.compile(r"((?:19|20)\d\d)\s*年[与同较比和]\s*((?:19|20)\d\d)\s*年相?比")
_FROM_BARE: Final = re.compile(r"[由从]\s*$")
_FROM: Final = re.compile(r"[由从]\s*(?:(?:19|20)\d\d\s*年的?)?\s*$")
_TO: Final = re.compile(r"[到至为]\s*$")
#: A year right before the bracket that a figure begins.
_BRACKETED: Final = re.compile(r"((?:19|20)\d\d)\s*年[末底]?\s*[（(]\s*$")
#: A year after these words is what is compared with, not what the figures are of.
_COMPARED: Final = re.compile(
    r"(?:较|比|与|同|相比)\s*“?(?:上一?轮)?(?:规划)?(?:基期|基准年|期?末)?\s*[（(]?\s*$"
)
#: The base year of the plan before is another one.
_EARLIER: Final = re.compile(r"上一?[轮期](?:规划)?的?\s*$")
#: What may stand between a year that is compared with and its figure: 比 2015 年的 287 个.
_ITS_FIGURE: Final = re.compile(r"^[末底]?[（(]?(?:的|[^，,。；;、\d减增升降]{0,8}?的)$")


@dataclass(frozen=True, slots=True)
class Named:
    """The years a document has names for: 基期 and 规划期末."""

    base: int | None = None
    last: int | None = None

    def years(self, text: str) -> tuple[Year, ...]:
        """All years of a text, those told by name among them, in order."""
        found = list(find_years(text))
        for kind, year in (("base", self.base), ("last", self.last)):
            for word in words("years", kind) if year is not None else ():
                at = text.find(word)
                while at >= 0:
                    end = at + len(word)
                    taken = any(y.start < end and at < y.end for y in found)
                    if year is not None and not taken and not _EARLIER.search(text[:at]):
                        found.append(Year(year, year, at, end))
                    at = text.find(word, end)
        return tuple(sorted(found, key=lambda year: year.start))


class Dates:
    """The years of a paragraph; figures are dated one after the other, in order of the text."""

    def __init__(self, text: str, figures: Sequence[Figure], named: Named, start: int | None):
        """``start`` is the year that holds where the paragraph begins."""
        self.text, self.figures, self.named = text, figures, named
        self.years = named.years(text)
        versus = _VERSUS.search(text)
        self.versus = (int(versus[1]), int(versus[2])) if versus else None
        self.year = start
        self._left: int | None = None
        self._is_from = False
        self._began: int | None = None
        self._turned = False
        self._from_base = False

    def of(self, index: int, before: int, *, aside: bool) -> int | None:
        """The year of a figure; ``before`` is where the text since the last one begins.

        A figure ``aside`` (in brackets) does not date those behind it.
        """
        figure, said = self.figures[index], self.year
        self._note(before, figure)
        year = self._own(before, figure)
        if year is None:
            year = self.year
        if aside:
            self.year = said
        return self._compared(index, year)

    def of_part(self, start: int, end: int) -> bool:
        """Whether the words between two places tell some years of the plan alone: 2021—2022 年."""
        base, last = self.named.base, self.named.last
        if base is None or last is None:
            return False
        spans = [y for y in self.years if start <= y.start < end and y.first < y.last]
        return any(
            base < year.last < last or (year.last == last and year.first > base + 1)
            for year in spans
        )

    def _note(self, before: int, figure: Figure) -> None:
        noted = False
        for year in self.years:
            if not before <= year.start < figure.start or _COMPARED.search(self.text[: year.start]):
                continue
            starts = _FROM_BARE.search(self.text[: year.start]) is not None
            if starts:
                self._left, self._began = self.year, year.last
            self.year, self._is_from, noted = year.last, starts, True
        if not noted and self._is_from and _TO.search(self.text[before : figure.start]):
            # 由 2015 年的 78.4% 提高到 83.1%: the second figure is not of 2015
            self.year, self._is_from = self._left, False

    def _own(self, before: int, figure: Figure) -> int | None:
        """The year of this figure alone: 较 2015 年（4926 万吨）, 比 2015 年的 287 个."""
        match = _BRACKETED.search(self.text[: figure.start])
        if match:
            return int(match[1])
        for year in reversed(self.years):
            if before <= year.start and year.end <= figure.start:
                compared = _COMPARED.search(self.text[: year.start])
                its = _ITS_FIGURE.match(self.text[year.end : figure.start].strip())
                return year.last if compared and its else None
        return None

    def _compared(self, index: int, year: int | None) -> int | None:
        """Years of 从 A 增加到 B: after “2020 年与 2015 年相比”, or where only B has one."""
        figure = self.figures[index]
        if self.versus is None:
            turned, self._turned = self._turned, False
            from_base, self._from_base = self._from_base, False
            base = self.named.base
            if not _FROM_BARE.search(self.text[: figure.start]):
                ends = _TO.search(self.text[: figure.start]) is not None
                if ends and from_base and year is None:
                    self.year = self.named.last  # 调整后，矿山由 26 个减至 23 个
                    return self.year
                return base if turned and ends else year
            if year is not None and base is not None and year < base:
                # 2015 年底有采矿权 163 个…；大中型由 68 个增加到 71 个
                self._turned = True
                return year
            if self._began is not None and (year is None or self._began < year):
                return self._began  # 由 2015 年的 248 宗减少到 167 宗；占比由 34.7%提高到 58.7%
            self._from_base = year is None
            return None if year is not None and year == base else base
        start = self.figures[index - 1].end if index else 0
        if any(start <= other.start < figure.start for other in self.years[2:]):
            return year
        new, old = self.versus
        return old if _FROM.search(self.text[: figure.start]) else new
