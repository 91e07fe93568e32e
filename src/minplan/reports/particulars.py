"""What a report says beside the review itself: who, when, under which number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from minplan.core.review.record import Reading
from minplan.core.text import Language, Text


@dataclass(frozen=True, slots=True)
class Signed:
    """A filled line of the signature block: ``line`` is handled, checked, section or signed."""

    line: str
    opinion: str
    name: str
    date: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Particulars:
    """Office (编制单位), number (审查编号), time and language of a report.

    ``office`` and ``number`` may be empty: a review that was not stored has no number. ``signed``
    fills lines of the signature block; the others stay blank for the pen.
    """

    office: str
    number: str
    generated: dt.datetime
    language: Language = "zh"
    reading: Reading | None = None
    signed: tuple[Signed, ...] = ()

    @property
    def number_words(self) -> str:
        """The number, or words that say there is none."""
        return self.number or Text("（未编号）", "(no number)").get(self.language)
