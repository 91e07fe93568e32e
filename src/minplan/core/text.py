"""Bilingual text: everything a person reads exists in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
