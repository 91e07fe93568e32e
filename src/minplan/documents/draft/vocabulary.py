"""The words by which a document becomes a draft (``draft.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from minplan.core.standard.load import edition, editions
from minplan.documents.wording import folded


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Any]:
    """The whole vocabulary."""
    return tomllib.loads((resources.files(__package__) / "draft.toml").read_text("utf-8"))


def is_one_of(patterns: Iterable[str], text: str) -> bool:
    """Whether one of the patterns is the whole text."""
    words = folded(text)
    return any(re.fullmatch(pattern, words) for pattern in patterns)


def speaks_of(patterns: Iterable[str], text: str) -> bool:
    """Whether one of the patterns stands in the text."""
    words = folded(text)
    return any(re.search(pattern, words) for pattern in patterns)


@lru_cache(maxsize=1)
def division_codes() -> Mapping[str, tuple[str, str]]:
    """Code and English name of the divisions (行政区划) of the standard, by Chinese name."""
    listed = edition(editions()[0]).code_lists["XZQ"]
    return {code.name.zh: (code.code, code.name.en) for code in listed.codes}
