"""The legend: only what is on the map, each item drawn as the map draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from shapely.geometry import LineString, box

from minplan.reports.maps.frame import INK, Box, Sheet
from minplan.reports.maps.labels import fitting, text_width
from minplan.reports.maps.style import Style, draw

_ROW_MM: Final = 5.2
_SAMPLE_MM: Final = (8.0, 3.2)
_SIZE: Final = 6.8


@dataclass(frozen=True, slots=True)
class LegendItem:
    """Words and the style of a sample: an area, a line or the sign of a corner."""

    words: str
    style: Style
    shape: str = "area"


def draw_legend(
    sheet: Sheet, page: Axes, items: list[LegendItem], frame: Box, *, title: str, columns: int
) -> None:
    """Draw the items in columns, filled from the top left, within a box in mm."""
    left, bottom, right, top = frame
    sheet.text(page, left + 2, top - 1.2, title, 8.5, bold=True, ha="left", va="top")
    first = top - 8.5
    rows = max(1, math.ceil(len(items) / columns))
    step = min(_ROW_MM, (first - bottom) / rows)
    width = (right - left) / columns
    for number, item in enumerate(items):
        column, row = divmod(number, rows)
        x, y = left + 2 + column * width, first - row * step
        _sample(page, item, x, y)
        room = width - _SAMPLE_MM[0] - 5.5
        words = _in_two_lines(item.words, room)
        size = min(fitting(line, _SIZE, room) for line in words.split("\n"))
        start = x + _SAMPLE_MM[0] + 2
        sheet.text(page, start, y - 0.1, words, size, ha="left", va="center", linespacing=1.0)


def _in_two_lines(words: str, room: float) -> str:
    """Break words that are wider than the room near their middle, at a space if there is one."""
    if text_width(words, _SIZE) <= room:
        return words
    middle = len(words) / 2
    spaces = [number for number, char in enumerate(words) if char == " "]
    place = min(spaces, key=lambda n: abs(n - middle)) if spaces else round(middle)
    return f"{words[:place]}\n{words[place:].lstrip()}"


def _sample(page: Axes, item: LegendItem, x: float, y: float) -> None:
    width, height = _SAMPLE_MM
    if item.shape == "corner":
        page.plot(x + width / 2, y, "o", markersize=3.2, mfc="white", mec=INK, mew=0.9, zorder=500)
    elif item.shape == "line":
        draw(page, LineString([(x, y), (x + width, y)]), item.style)
    else:
        draw(page, box(x, y - height / 2, x + width, y + height / 2), item.style)
