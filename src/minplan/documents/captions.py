"""Lines above a table: its number and title, its unit, and that it goes on (续表)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from minplan.core.document.model import TableKind
from minplan.documents.numbering import chinese_value
from minplan.documents.wording import cell_text, words

_LONGEST: Final = 60
_LONGEST_ENTRY: Final = 300
_SENTENCE: Final = re.compile(r"[。；，]")


@dataclass(frozen=True, slots=True)
class Caption:
    """What a caption line says; ``again`` where it announces the rest of a table (续表)."""

    kind: TableKind
    number: str
    title: str
    again: bool = False


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in words()["captions"].items()}


def read_caption(text: str) -> Caption | None:
    """The caption in a line, or None for a line of running text.

    ``表 4 长治市规划主要指标`` and ``专栏 6 …`` are captions; ``表 4 列出……。`` is a sentence.
    """
    text = cell_text(text) if len(text) <= _LONGEST_ENTRY else ""
    if not text or len(text) > _LONGEST or _SENTENCE.search(text):
        return None
    for kind, name in ((TableKind.BOX, "box"), (TableKind.TABLE, "table")):
        if found := _patterns()[name].match(text):
            number = found["number"]
            counted = chinese_value(number)
            again = bool(found["again"] or found["cont"])
            return Caption(kind, number if counted is None else str(counted), found["title"], again)
    if found := _patterns()["again"].match(text):
        return Caption(TableKind.TABLE, found["number"] or "", found["title"], again=True)
    return None


def part_unit(text: str) -> tuple[str, str]:
    """A caption line and the unit at its end (``表3 治理面积  单位：平方公里``)."""
    found = _patterns()["unit_at_end"].match(text) if len(text) <= _LONGEST_ENTRY else None
    return (found["title"], found["unit"].strip()) if found else (text, "")


def read_unit(text: str) -> str:
    """The unit a line gives for the whole table (``单位：平方公里``), or nothing."""
    found = _patterns()["unit"].match(cell_text(text)) if len(text) <= _LONGEST else None
    return found["unit"].strip() if found else ""


def is_page_number(text: str) -> bool:
    """Whether a line of plain text is a page number (``— 12 —``)."""
    text = text.strip()
    return len(text) <= _LONGEST and bool(_patterns()["page"].match(text))


def is_contents_title(text: str) -> bool:
    """Whether the line is the title of the contents page (目录)."""
    return bool(_patterns()["contents"].match(text.strip()))


def is_contents_entry(text: str) -> bool:
    """Whether the line ends as an entry of the contents does: leader and page number."""
    text = text.rstrip()
    return len(text) <= _LONGEST_ENTRY and bool(_patterns()["leader"].search(text))
