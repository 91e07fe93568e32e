"""Bilingual text: everything a person reads exists in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or term in both languages; Chinese is the default."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    def get(self, language: Language = "zh") -> str:
        """Return the text in ``language``."""
        return self.en if language == "en" else self.zh

    def to_dict(self) -> dict[str, str]:
        """Return ``{"zh": …, "en": …}`` for JSON."""
        return {"zh": self.zh, "en": self.en}


class Term(StrEnum):
    """A closed list of terms: each member has a key for data and a word for people.

    Members are written ``KEY = "key", "中文", "English"``.
    """

    _value_: str
    word: Text

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Self:
        """Make the member; its value is the key alone."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.word = Text(zh, en)
        return member
