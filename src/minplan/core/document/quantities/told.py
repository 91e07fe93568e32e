"""The words of a paragraph by their places, and whether a figure is of some alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from minplan.core.document.model import Bound
from minplan.core.document.quantities.figures import Figure
from minplan.core.document.quantities.making import COUNTED
from minplan.core.document.quantities.phrases import SAID_ABOVE
from minplan.core.document.quantities.vocabulary import Token

_FULL_STOP: Final = "。；;！？\n"
_WITHOUT: Final = re.compile(r"\s*[（(](?:不含|不包括|除)")
_TOGETHER: Final = "合计"
#: 表1所列 11 种矿产共有矿区 116 处
_OF_TABLE: Final = re.compile(r"\s*(?:表|专栏)\s*\d+(?:所列|中)")
#: What a sentence tells of zones alone.
_INSIDE: Final = re.compile(r"[^，,。；;]{0,8}区内(?!有|外|的?企业)")
#: Counts of counties are those of the city where it is said to govern them.
_COUNTIES: Final = frozenset({"县数", "县区数"})
_GOVERNED: Final = re.compile("辖|所属|共有|全市有|代管")
_A_COUNT: Final = re.compile(r"\d\s*[种类项个处家座]$")


@dataclass(frozen=True, slots=True)
class Told:
    """A paragraph: as printed, without brackets that say nothing of the rest, and its words."""

    plain: str
    text: str
    tokens: Sequence[Token]

    def within(self, start: int, end: int) -> list[Token]:
        """The words between two places."""
        return [token for token in self.tokens if token.start >= start and token.end <= end]

    def sentence_start(self, at: int) -> int:
        """Where the sentence that holds a place begins."""
        return max(self.text.rfind(mark, 0, at) for mark in _FULL_STOP) + 1

    def of_some(self, figure: Figure, begin: int, before: int, attribute: str) -> bool:
        """Whether a figure is of some alone, by a condition that no qualifier tells.

        Its own words stand from ``begin`` on, the figure before it ends at ``before``.
        """
        lead = self.text[begin : figure.start]
        start = self.sentence_start(figure.start)
        sentence = self.text[start : figure.start]
        ahead = self._begins(start)
        return (
            (begin == before > 0 and self._of_those_before(begin, lead, figure))
            # 1220 万吨（不含矿泉水）
            or _WITHOUT.match(self.plain, figure.end) is not None
            or (_TOGETHER in lead and self._after_counties(begin))
            # 超过 30 宗的县有 3 个
            or (figure.bound is not Bound.EQUAL and self.plain.startswith("的", figure.end))
            or SAID_ABOVE.search(lead) is not None
            or _OF_TABLE.match(self.text, start) is not None
            or _INSIDE.match(self.text, ahead) is not None
            # 甲镇、乙镇矿山各 1 座
            or (lead.rstrip().endswith("各") and self._places(begin, figure.start))
            # 惠及 8 个县
            or (attribute in _COUNTIES and not _GOVERNED.search(sentence))
        )

    def _begins(self, start: int) -> int:
        """Where it begins what a sentence goes on with.

        区内…2025 年开采量 1851 万吨。其中煤炭 1008 万吨；石墨 575 万吨.
        """
        while start and (self.text[start - 1] in "；;" or self.text.startswith("其中", start)):
            start = self.sentence_start(start - 1)
        return start

    def _of_those_before(self, begin: int, lead: str, figure: Figure) -> bool:
        """Whether a figure is of those alone that the one right before tells of.

        100 万吨/年以上的铁矿山有 3 座; 4 种矿产年开采总量 3560 万吨.
        """
        if lead.startswith("的"):
            return True
        counted = figure.unit.dimension not in COUNTED and _A_COUNT.search(self.text[:begin])
        return bool(counted) and re.match(r"[\u4e00-\u9fff]{3,}", lead) is not None

    def _after_counties(self, begin: int) -> bool:
        """Whether the sentence has named several counties before: 甲县、乙县…合计.

        Those behind 其中 are all of what is told.
        """
        start = self.sentence_start(begin)
        return "其中" not in self.text[start:begin] and self._counties(start, begin) > 1

    def _places(self, start: int, end: int) -> bool:
        """Whether several places are named between two places, or what no word is known of."""
        minerals = {token.value for token in self.within(start, end) if token.kind == "mineral"}
        return self._counties(start, end) > 1 or (
            "、" in self.text[start:end] and len(minerals) < 2
        )

    def _counties(self, start: int, end: int) -> int:
        """How many counties are named between two places."""
        return len({token.value for token in self.within(start, end) if token.kind == "region"})
