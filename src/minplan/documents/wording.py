"""The words of tables and captions as data (``words.toml``), and small readings of cell texts."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from minplan.core.standard.minerals import find_mineral

_CJK: Final = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…"
_GAP: Final = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}(])")
_SPACES: Final = re.compile(r"[ \t\u3000\xa0]+")
_DEGREE: Final = re.compile(r"\^\s*\{?\s*\\circ\s*\}?")
_LATEX: Final = (
    (re.compile(r"\\(?:leq?|leqslant)\b"), "≤"),
    (re.compile(r"\\(?:geq?|geqslant)\b"), "≥"),
    (re.compile(r"\\(?:sim|thicksim)\b"), "~"),
    (re.compile(r"\\times\b"), "×"),
    (re.compile(r"\\pm\b"), "±"),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\\(?:mathrm|text|rm|mathbf)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\^\s*\{?\s*\\prime\s*\\prime\s*\}?"), "''"),
    (re.compile(r"\^\s*\{?\s*\\prime\s*\}?"), "'"),
)
_MATH: Final = re.compile(r"\$([^$\n]{1,200})\$")
_NUMBER: Final = re.compile(
    r"[≤≥<>=＜＞~约]?\s*-?\d[\d,]*(?:\.\d+)?\s*%?"
    r"(?:\s*[-—–~～至]\s*\d[\d,]*(?:\.\d+)?\s*%?)?"
)
_UNIT_TAIL: Final = re.compile(r"^(?P<name>.*?)\s*[（(](?P<unit>[^（()）]+)[)）]$")


def plain(text: str) -> str:
    """The text with LaTeX marks of scanned documents made plain, spaces single.

    >>> plain("东经 $111^{\\\\circ}58'03''$ ")
    "东经 111°58'03''"
    """

    def _formula(found: re.Match[str]) -> str:
        inner = _DEGREE.sub("°", found[1])
        for pattern, word in _LATEX:
            inner = pattern.sub(word, inner)
        return inner.strip()

    return _SPACES.sub(" ", _MATH.sub(_formula, text)).strip()


def cell_text(text: str) -> str:
    """The text of a cell: lines joined, no spaces between Chinese characters."""
    return _GAP.sub("", plain(" ".join(text.split())))


def folded(text: str) -> str:
    """For comparing: no spaces, brackets and dashes of one kind."""
    text = re.sub(r"\s+", "", text)
    return text.translate(str.maketrans("()－–~～:;,．", "（）————：；，."))


def is_figure(text: str) -> bool:
    """Whether the cell holds a figure and nothing else (``≤1``, ``640-1280``, ``98%``)."""
    return bool(_NUMBER.fullmatch(text.strip()))


class Sort(Enum):
    """What a cell holds, as far as its look tells."""

    EMPTY = "empty"
    FIGURE = "figure"
    MINERAL = "mineral"
    TEXT = "text"


def sort_of(text: str) -> Sort:
    """The sort of a cell: nothing, a figure, a mineral (with or without a unit), other text."""
    if not text:
        return Sort.EMPTY
    if is_figure(text):
        return Sort.FIGURE
    return Sort.MINERAL if names_mineral(text) else Sort.TEXT


def split_unit(text: str) -> tuple[str, str]:
    """``煤炭（亿吨）`` as ``("煤炭", "亿吨")``; no unit where the bracket holds something else."""
    found = _UNIT_TAIL.match(text)
    if found and is_unit(found["unit"]):
        return found["name"].strip(), folded(found["unit"])
    return text.strip(), ""


def is_unit(text: str) -> bool:
    """Whether the text is a unit (``万吨/年``)."""
    words = words_of_tables()
    return any(re.fullmatch(pattern, folded(text)) for pattern in words.units)


def names_mineral(text: str) -> bool:
    """Whether the cell names a mineral, perhaps with a unit behind (``铁矿（万吨）``)."""
    return find_mineral(split_unit(text)[0]) is not None


@dataclass(frozen=True, slots=True)
class TableWords:
    """Vocabulary of tables; see ``words.toml``."""

    keys: tuple[str, ...]
    fills: tuple[str, ...]
    own: tuple[str, ...]
    values: tuple[str, ...]
    texts: tuple[str, ...]
    subheads: tuple[str, ...]
    totals: tuple[str, ...]
    units: tuple[str, ...]

    def speaks_of(self, kind: tuple[str, ...], heading: str) -> bool:
        """Whether one of the patterns of ``kind`` is the whole heading."""
        text = folded(heading)
        return any(re.fullmatch(pattern, text) for pattern in kind)


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The whole vocabulary."""
    return tomllib.loads((resources.files(__package__) / "words.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def words_of_tables() -> TableWords:
    """The part of the vocabulary that tables are put together by."""
    found = words()["tables"]
    return TableWords(**{name: tuple(found[name]) for name in TableWords.__slots__})
