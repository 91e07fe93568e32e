"""Words and figures of the reports: one language chosen once, figures written one way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from minplan.core.plan.model import ZoneKind
from minplan.core.review.finding import Outcome, Quantity
from minplan.core.review.missing import layer_names
from minplan.core.text import Language, Text
from minplan.core.tolerances import CORNER_DECIMALS, SECOND_DECIMALS

DISCLAIMER = Text(
    "本文件由系统辅助生成，核查结论供审查参考，不替代行政机关决定。",
    "This document was prepared with the help of a system. Its findings support the review and do "
    "not replace the decision of the authority.",
)
UNVERIFIED = Text("〔依据待核实〕", " [basis unverified]")
SCHEMATIC = Text("〔示意〕", " [schematic]")

SIGNS = {
    Outcome.CONFLICT: "✕",
    Outcome.ATTENTION: "▲",
    Outcome.NOT_CHECKED: "?",
    Outcome.CLEAR: "✓",
    Outcome.NOT_APPLICABLE: "–",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks one language: ``voice("中文", "English")`` or ``voice.of(text)``."""

    language: Language

    def __call__(self, zh: str, en: str) -> str:
        """Choose between the two wordings."""
        return en if self.language == "en" else zh

    def of(self, text: Text) -> str:
        """Choose the wording of a text."""
        return text.get(self.language)

    def opening(self, text: Text) -> str:
        """The wording of a text as the beginning of a sentence."""
        words = self.of(text)
        return words[:1].upper() + words[1:]

    def date(self, day: dt.date) -> str:
        """``2026年1月15日`` or ``15 January 2026``."""
        if self.language == "en":
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"

    def join(self, items: list[str]) -> str:
        """Items as a list within a sentence."""
        return self("、", ", ").join(items)

    def outcome(self, outcome: Outcome) -> str:
        """Sign and word, for example ``✕ 冲突``."""
        return f"{SIGNS[outcome]} {self.of(outcome.word)}"

    def quantity(self, quantity: Quantity) -> str:
        """A measured value or a limit, with ≥ and ≤ as people write them."""
        sign = {"<=": "≤", ">=": "≥", "=": ""}.get(quantity.operator, quantity.operator)
        value = quantity.value
        figure = value if isinstance(value, str) else significant(value)
        return " ".join(part for part in (sign, figure, quantity.unit) if part)


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


@lru_cache(maxsize=1)
def _layer_terms() -> dict[str, Text]:
    return {**{kind.value: kind.word for kind in ZoneKind}, **layer_names()}


def layer_term(name: str) -> Text:
    """Name of a constraint layer or of a kind of plan zone; its key when it is not known."""
    return _layer_terms().get(name, Text(name, name))


def significant(value: float) -> str:
    """A figure with at most six significant digits, never in powers of ten below 10¹⁵."""
    text = f"{value:.6g}"
    return f"{value:.0f}" if "e" in text and abs(value) >= 1 else text


def square_metres(area_m2: float) -> str:
    """Area in m² with two decimals."""
    return f"{area_m2:.2f}"


def hectares(area_m2: float) -> str:
    """Area in hectares with four decimals."""
    return f"{area_m2 / 1e4:.4f}"


def square_kilometres(area_m2: float) -> str:
    """Area in km² with four decimals."""
    return f"{area_m2 / 1e6:.4f}"


def share(value: float) -> str:
    """A share as a percentage with two decimals."""
    return f"{value * 100:.2f}%"


def metres(value: float) -> str:
    """A length or distance with the decimals of corner coordinates."""
    return f"{value:.{CORNER_DECIMALS}f}"


def plain(value: float) -> str:
    """A figure as people declare it: 50, 9.5."""
    return f"{value:.10g}"


def degrees_minutes_seconds(value: float) -> str:
    """``112°58′03.123″``; seconds never reach 60."""
    unit = 10**SECOND_DECIMALS
    total = round(abs(value) * 3600 * unit)
    degrees, rest = divmod(total, 3600 * unit)
    minutes, seconds = divmod(rest, 60 * unit)
    width = SECOND_DECIMALS + 3
    sign = "-" if value < 0 else ""
    return f"{sign}{degrees}°{minutes:02d}′{seconds / unit:0{width}.{SECOND_DECIMALS}f}″"


def hash_lines(digest: str, width: int = 64) -> str:
    """A SHA-256 in lines of ``width`` digits, so that it fits its column."""
    return "\n".join(digest[i : i + width] for i in range(0, len(digest), width))
