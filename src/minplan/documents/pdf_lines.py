"""Printed lines of PDF pages: running heads taken off, lines joined into paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from minplan.documents.captions import is_contents_entry, read_caption
from minplan.documents.numbering import read_number
from minplan.documents.outline import joined
from minplan.documents.pieces import Line, Piece, Raw

#: share of the height of a page where running heads and page numbers stand
_MARGIN: Final = 0.11
#: share of the pages a running head stands on
_OFTEN: Final = 0.4
_PAGE_NUMBER: Final = re.compile(
    r"^[-—–\s·]*(第\s*)?(\d{1,4}|[ivxIVX]{1,5})(\s*页)?(\s*[/共]\s*(共\s*)?\d{1,4}\s*页?)?[-—–\s·]*$"
)
#: gap between characters, in sizes of type, that is a space; between Latin ones a smaller one is
_SPACE: Final = 0.3
_LATIN_SPACE: Final = 0.15
#: lines whose middles are closer than this, in sizes of type, are one
_SAME_LINE: Final = 0.5
#: indent of a first line, and what a full line may lack at its right end, in sizes of type
_INDENT: Final = 1.2
_LACKING: Final = 1.6
#: distance of lines, in sizes of type, that parts paragraphs
_APART: Final = 2.6


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as printed: its place in points from the top left corner, its size of type."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines and tables of a page from top to bottom, ``height`` in points.

    ``is_picture``: there are pictures and no text.
    """

    number: int
    height: float
    items: tuple[Printed | Piece, ...]
    is_picture: bool = False


def printed_lines(chars: Sequence[Any], page: int) -> list[Printed]:
    """Characters put together into lines, from top to bottom."""
    rows: list[list[Any]] = []
    for char in sorted(chars, key=lambda item: (item["top"] + item["bottom"], item["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        if rows:
            last = rows[-1][-1]
            if abs((last["top"] + last["bottom"]) / 2 - middle) < _SAME_LINE * last["size"]:
                rows[-1].append(char)
                continue
        rows.append([char])
    lines = [_line(row, page) for row in rows]
    return [line for line in lines if line.text]


def _line(chars: list[Any], page: int) -> Printed:
    chars.sort(key=lambda item: item["x0"])
    parts: list[str] = []
    for index, char in enumerate(chars):
        if index and _is_apart(chars[index - 1], char):
            parts.append(" ")
        parts.append(char["text"])
    seen = [char for char in chars if char["text"].strip()] or chars
    return Printed(
        re.sub(r"\s+", " ", "".join(parts)).strip(),
        page,
        seen[0]["x0"],
        seen[-1]["x1"],
        min(char["top"] for char in seen),
        max(char["bottom"] for char in seen),
        Counter(round(char["size"], 1) for char in seen).most_common(1)[0][0],
    )


def _is_apart(before: Any, char: Any) -> bool:
    latin = before["text"].isascii() and char["text"].isascii()
    least = (_LATIN_SPACE if latin else _SPACE) * float(char["size"])
    return float(char["x0"] - before["x1"]) > least


def bare(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without running heads and page numbers."""
    often = Counter(key for sheet in sheets for key in {_key(line) for line in _in_margins(sheet)})
    least = max(3, _OFTEN * len(sheets))
    running = {key for key, count in often.items() if count >= least}
    return [
        Sheet(
            sheet.number,
            sheet.height,
            tuple(
                item
                for item in sheet.items
                if isinstance(item, Piece)
                or not (
                    item in _in_margins(sheet)
                    and (_key(item) in running or _PAGE_NUMBER.match(item.text))
                )
            ),
        )
        for sheet in sheets
    ]


def _in_margins(sheet: Sheet) -> list[Printed]:
    """The lines of the margins that could be running heads: nothing else stands outside them."""
    edge = sheet.height * _MARGIN
    return [
        item
        for item in sheet.items
        if isinstance(item, Printed) and (item.bottom < edge or item.top > sheet.height - edge)
    ]


def _key(line: Printed) -> str:
    """Running heads differ in figures only."""
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text))


def paragraphs(sheets: Sequence[Sheet]) -> Iterator[Raw]:
    """Lines joined into paragraphs, over page breaks too; tables in between."""
    lines = [item for sheet in sheets for item in sheet.items if isinstance(item, Printed)]
    size = _usual([line.size for line in lines], 10.5)
    left = _usual([round(line.left) for line in lines if len(line.text) > 20], 0.0)
    right = _usual([round(line.right) for line in lines if len(line.text) > 20], 1e9)
    held: list[Printed] = []
    for sheet in sheets:
        for item in sheet.items:
            if isinstance(item, Piece):
                yield from _told(held)
                held = []
                yield item
                continue
            if held and not _goes_on(held[-1], item, size, left, right):
                yield from _told(held)
                held = []
            held.append(item)
    yield from _told(held)


def _usual(values: list[float], otherwise: float) -> float:
    return Counter(values).most_common(1)[0][0] if values else otherwise


def _told(lines: list[Printed]) -> Iterator[Line]:
    if not lines:
        return
    text = lines[0].text
    for line in lines[1:]:
        text = joined(text, line.text)
    yield Line(text, page=lines[0].page, whole=True)


def _goes_on(before: Printed, line: Printed, size: float, left: float, right: float) -> bool:
    """Whether a line belongs to the paragraph of the line before it."""
    if abs(before.size - line.size) > 0.5 or before.right < right - _LACKING * size:
        return False
    if line.left > left + _INDENT * size:
        return False
    if before.page == line.page and line.top - before.top > _APART * size:
        return False
    if is_contents_entry(before.text) or read_caption(line.text):
        return False
    number = read_number(line.text)
    return number is None or not number.rest or before.text[-1] not in "。；：！？"
