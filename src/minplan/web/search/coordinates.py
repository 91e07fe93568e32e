"""Whether what was typed into the search box is coordinates."""

from __future__ import annotations

import re
from typing import Final

#: Numbers that corners are written with: six to eight digits of metres, or degrees.
_METRES: Final = re.compile(r"(?<!\d)\d{6,8}(?:\.\d+)?(?!\d)")
_EAST: Final = r"(?<![\d.])(?:7[3-9]|[89]\d|1[0-3]\d)(?:\.\d{2,}|[°度])"
_NORTH: Final = r"(?<!\d)[2-5]\d\.\d{3,}"
_DEGREES: Final = re.compile(f"{_EAST}|{_NORTH}")
_PACKED: Final = re.compile(r"\d+°\s*\d+['′分]")


def looks_like_corners(text: str) -> bool:
    """Whether a text holds at least one pair of coordinates and little else.

    A licence number has one long number, and more digits than a coordinate.
    """
    return any(len(pattern.findall(text)) >= 2 for pattern in (_METRES, _DEGREES, _PACKED))
