"""The numbers that Word prints before paragraphs by itself (automatic numbering)."""

from __future__ import annotations

import re
from typing import Any, Final

from docx.oxml.ns import qn

from minplan.documents.numbering import chinese_number

_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CHINESE: Final = (
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCountingThousand",
)
_BULLETS: Final = ("bullet", "none")
_ROMAN: Final = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class AutoNumbers:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, document: Any) -> None:
        self._lists: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._shared: dict[str, str] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        kinds = {
            item.get(qn("w:abstractNumId")): _levels(item)
            for item in root.findall(qn("w:abstractNum"))
        }
        for item in root.findall(qn("w:num")):
            number = item.get(qn("w:numId"))
            kind = item.find(qn("w:abstractNumId")).get(qn("w:val"))
            self._lists[number] = kinds.get(kind, {})
            restarts = item.find(qn("w:lvlOverride")) is not None
            self._shared[number] = number if restarts else f"kind {kind}"

    def label(self, paragraph: Any, style: Any) -> str:
        """The number before a paragraph with what stands around it (``（二）``), or nothing."""
        number, level = _reference(paragraph, style)
        levels = self._lists.get(number, {})
        if level not in levels:
            return ""
        shape, words, start = levels[level]
        if shape in _BULLETS:
            return ""
        counts = self._counts.setdefault(self._shared[number], {})
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [item for item in counts if item > level]:
            del counts[deeper]

        def _one(found: re.Match[str]) -> str:
            which = int(found[1]) - 1
            told = levels.get(which, (shape, "", 1))
            value = counts.get(which, told[2])
            return _written(value, told[0])

        text = re.sub(r"%(\d)", _one, words)
        return f"{text} " if text and text[-1].isdigit() else text


def _levels(kind: Any) -> dict[int, tuple[str, str, int]]:
    levels: dict[int, tuple[str, str, int]] = {}
    for item in kind.findall(qn("w:lvl")):
        told = {
            name: found.get(qn("w:val"))
            for name in ("numFmt", "lvlText", "start")
            if (found := item.find(qn(f"w:{name}"))) is not None
        }
        levels[int(item.get(qn("w:ilvl")))] = (
            told.get("numFmt") or "decimal",
            told.get("lvlText") or "",
            int(told.get("start") or 1),
        )
    return levels


def _reference(paragraph: Any, style: Any) -> tuple[str, int]:
    """List and level of a paragraph, its own or that of its style."""
    path = f"{qn('w:pPr')}/{qn('w:numPr')}"
    found, seen = paragraph.find(path), 0
    while found is None and style is not None and seen < 10:
        found = style.element.find(path)
        style, seen = style.base_style, seen + 1
    if found is None:
        return "", 0
    number, level = found.find(qn("w:numId")), found.find(qn("w:ilvl"))
    return (
        number.get(qn("w:val")) if number is not None else "",
        int(level.get(qn("w:val"))) if level is not None else 0,
    )


def _written(value: int, shape: str) -> str:
    if shape in _CHINESE and 0 < value < 100:
        return chinese_number(value)
    if shape.startswith("decimalEnclosedCircle") and 0 < value <= len(_CIRCLED):
        return _CIRCLED[value - 1]
    if shape in ("lowerLetter", "upperLetter") and 0 < value <= 26:
        letter = chr(ord("a") + value - 1)
        return letter.upper() if shape == "upperLetter" else letter
    if shape in ("lowerRoman", "upperRoman") and 0 < value < 40:
        text = _roman(value)
        return text if shape == "upperRoman" else text.lower()
    return str(value)


def _roman(value: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        while value >= worth:
            text += letters
            value -= worth
    return text
