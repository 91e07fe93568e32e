"""Chinese text made comparable: width, case and traditional forms no longer matter.

Every character of the folded text remembers where it came from, so that what is found can be shown
in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

#: What stands between words of a query.
_BETWEEN = re.compile(r"[\s,;、，；。|]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``origin[i]`` is the position in ``source`` of its character ``i``."""

    source: str
    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that a span of the folded text came from."""
        return self.origin[start], self.origin[end - 1] + 1


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """The text in half width, small letters and simplified characters; blanks are one."""
    return folded(text).text


def folded(text: str) -> Folded:
    """The folded text with the origin of each character."""
    table = _simplified()
    letters: list[str] = []
    origin: list[int] = []
    for position, character in enumerate(text):
        plain = unicodedata.normalize("NFKC", character).lower()
        for letter in plain:
            if letter.isspace() and (not letters or letters[-1] == " "):
                continue
            letters.append(" " if letter.isspace() else table.get(letter, letter))
            origin.append(position)
    return Folded(text, "".join(letters), tuple(origin))


def words(query: str) -> tuple[str, ...]:
    """The folded words of a query, each once, in their order."""
    return tuple(dict.fromkeys(word for word in _BETWEEN.split(fold(query)) if word))


@cache
def _simplified() -> dict[str, str]:
    data = (resources.files(__package__) / "traditional.txt").read_text("utf-8")
    pairs = "".join(line for line in data.splitlines() if not line.startswith("#"))
    return dict(zip(pairs[::2], pairs[1::2], strict=True))
