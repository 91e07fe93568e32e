"""The legend: only what is on the map, each item drawn as the map draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.axes import Axes
from shapely.geometry import LineString, box

from minplan.reports.maps.frame import INK, Box, Sheet
from minplan.reports.maps.labels import fitting, wrapped
from minplan.reports.maps.style import Style, draw

#: Height of the title and of one item (mm).
HEAD_MM: Final = 8.5
ROW_MM: Final = 5.2
_SAMPLE_MM: Final = (8.0, 3.2)
_SIZE: Final = 6.8
_NOTE: Final = 6.2


@dataclass(frozen=True, slots=True)
class LegendItem:
    """Words and the style of a sample: an area, a line or the sign of a corner."""

    words: str
    style: Style
    shape: str = "area"


def draw_legend(
    sheet: Sheet,
    page: Axes,
    items: list[LegendItem],
    frame: Box,
    *,
    title: str,
    columns: int,
    note: str = "",
) -> None:
    """Draw the items in columns within a box in mm, and the note below them."""
    left, bottom, right, top = frame
    grow = sheet.grow
    inset = 2 * grow
    sheet.text(page, left + inset, top - 1.2 * grow, title, 8.5, bold=True, ha="left", va="top")
    lines = wrapped(note, _NOTE, (right - left) / grow - 4)
    foot = bottom + 2.9 * grow * len(lines)
    for number, line in enumerate(lines):
        y = foot - 2.9 * grow * number
        sheet.text(page, left + inset, y, line, _NOTE, ha="left", va="top")
    first = top - HEAD_MM * grow
    rows = max(1, math.ceil(len(items) / columns))
    step = min(ROW_MM * grow, (first - foot) / rows)
    width = (right - left) / columns
    room = width / grow - _SAMPLE_MM[0] - 5.5
    for number, item in enumerate(items):
        column, row = divmod(number, rows)
        x, y = left + inset + column * width, first - row * step
        _sample(page, item, x, y, grow)
        _words(sheet, page, item.words, x=x + (_SAMPLE_MM[0] + 2) * grow, y=y, room=room)


def _words(sheet: Sheet, page: Axes, words: str, *, x: float, y: float, room: float) -> None:
    """An item's words in at most two lines, smaller where they do not fit the room."""
    lines = wrapped(words, _SIZE, room)
    if len(lines) > 2:
        lines = wrapped(words, _SIZE * 0.8, room)[:2]
    size = min(fitting(line, _SIZE, room) for line in lines)
    low = y - 0.1 * sheet.grow
    sheet.text(page, x, low, "\n".join(lines), size, ha="left", va="center", linespacing=1.0)


def _sample(page: Axes, item: LegendItem, x: float, y: float, grow: float) -> None:
    width, height = (side * grow for side in _SAMPLE_MM)
    if item.shape == "corner":
        look: dict[str, Any] = {
            "markersize": 3.2 * grow,
            "mfc": "white",
            "mec": INK,
            "mew": 0.9 * grow,
        }
        page.plot(x + width / 2, y, "o", zorder=500, **look)
    elif item.shape == "line":
        draw(page, LineString([(x, y), (x + width, y)]), item.style)
    else:
        draw(page, box(x, y - height / 2, x + width, y + height / 2), item.style)
