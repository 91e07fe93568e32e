"""Texts in the language of the request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import translation

from minplan.core.text import Language, Text


def language() -> Language:
    """The language of the request that is being answered."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def said(text: Text | Any, request: HttpRequest | None = None) -> str:
    """A text, or the plain data of one, in the language of the request."""
    spoken = getattr(request, "language", None) or language()
    if isinstance(text, dict) and "zh" in text:
        return str(text.get(spoken) or text["zh"])
    return text.get(spoken) if isinstance(text, Text) else str(text)


def t(zh: str, en: str) -> str:
    """Choose between two texts written side by side."""
    return en if language() == "en" else zh
