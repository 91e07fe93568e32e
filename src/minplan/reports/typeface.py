"""The fonts that come with the package, and the check that they can print a text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from pathlib import Path

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from minplan.core.errors import MinplanError, Place
from minplan.core.text import Text

FAMILY = "Minplan Sans SC"
_FILES = {False: "MinplanSansSC-Regular.ttf", True: "MinplanSansSC-Bold.ttf"}


class ReportError(MinplanError):
    """A report cannot be written (E6xx)."""


def font_folder() -> Path:
    """Folder of the package's font files."""
    return Path(str(resources.files("minplan.reports"))) / "fonts"


def font_file(*, bold: bool = False) -> Path:
    """Path of the regular or the bold font."""
    return font_folder() / _FILES[bold]


@lru_cache(maxsize=2)
def font(*, bold: bool = False) -> FontProperties:
    """The font for maps."""
    return FontProperties(fname=str(font_file(bold=bold)))


@lru_cache(maxsize=1)
def printable() -> frozenset[int]:
    """Code points that both fonts can print."""
    regular, bold = (FT2Font(str(font_file(bold=b))).get_charmap() for b in (False, True))
    return frozenset(regular) & frozenset(bold) | {ord("\n")}


def check_glyphs(texts: Iterable[str], *, place: str) -> None:
    """Make sure that every character can be printed.

    Raises ReportError E601 that names the characters and the first text with one: a report must
    never lose a character of a name without a word.
    """
    known = printable()
    absent: dict[str, str] = {}
    for text in texts:
        for char in text:
            if ord(char) not in known:
                absent.setdefault(char, text)
    if not absent:
        return
    listed = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in absent)
    listed_en = ", ".join(f"“{char}” (U+{ord(char):04X})" for char in absent)
    sample = next(iter(absent.values())).strip()[:40]
    raise ReportError(
        "E601",
        Text(f"字体缺少字形：{listed}", f"the report's font has no glyph for {listed_en}"),
        place=Place(file=place, field=sample),
        hint=Text(
            "请检查该字是否录入有误；确为生僻字的，可只输出 DOCX，用本机字体显示。",
            "Check whether the character was mistyped; if it is right, write DOCX only, which uses "
            "the fonts of the computer.",
        ),
    )
