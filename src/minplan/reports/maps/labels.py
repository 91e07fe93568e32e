"""Where labels go: numbered corners outside the block, names of zones inside the frame."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from matplotlib.axes import Axes
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from minplan.reports.maps.frame import INK, Sheet, View

# Sizes on paper: a corner number is about this wide per digit and this high (mm).
_DIGIT_MM: Final = 1.35
_HEIGHT_MM: Final = 2.4
_DISTANCES_MM: Final = (2.6, 4.2, 6.0, 8.5, 11.5)
_TURNS: Final = (0, 25, -25, 50, -50, 80, -80, 120, -120)
#: From here on a label needs a leader line (mm).
_LEADER_MM: Final = 4.0
#: More corners than this are numbered only every so often; the table has them all.
MOST_NUMBERED: Final = 40


@dataclass(slots=True)
class Labels:
    """Labels of one map: they stay off each other and off the block (geometry in metres).

    ``drawn`` holds the features of the map, which names of other features avoid where they can.
    """

    sheet: Sheet
    axes: Axes
    block: BaseGeometry
    view: View
    drawn: list[BaseGeometry] = field(default_factory=list)
    taken: list[Polygon] = field(default_factory=list)

    def corners(self, corners: list[tuple[str, float, float]]) -> None:
        """Number the corners (number, east, north), with leader lines where it is crowded."""
        for _, east, north in corners:
            self.taken.append(Point(east, north).buffer(self.view.metres(0.9)))
        every = math.ceil(len(corners) / MOST_NUMBERED)
        for index, (number, east, north) in enumerate(corners):
            if index % every == 0:
                self._corner(number, (east, north))

    def _corner(self, number: str, corner: tuple[float, float]) -> None:
        outwards = _outwards(corner, self.block, self.view)
        tries = [(distance, turn) for distance in _DISTANCES_MM for turn in _TURNS]
        spots = [_spot(number, corner, outwards + turn, mm, self.view) for mm, turn in tries]
        fits = [
            (x, y, room, mm)
            for (x, y, room), (mm, _) in zip(spots, tries, strict=True)
            if self._free(room) and not room.intersects(self.block.boundary)
        ]
        x, y, room, distance = fits[0] if fits else (*spots[0], _DISTANCES_MM[0])
        self.taken.append(room)
        if distance > _LEADER_MM:
            line = ([corner[0], x], [corner[1], y])
            self.axes.plot(*line, color=INK, linewidth=0.4, zorder=119)
        self._print(x, y, number, 6.2, bold=True, zorder=130)

    def area(self, words: str, ground: BaseGeometry, colour: str, size: float = 7.0) -> None:
        """Print a name within the visible part of a feature, off the block where there is room."""
        half_width = self.view.metres(text_width(words, size) / 2)
        half_height = self.view.metres(size * 0.22)
        west, south, east, north = self.view.bounds
        margin = self.view.metres(2.0)
        inner = box(
            west + half_width + margin,
            south + half_height + margin,
            east - half_width - margin,
            north - half_height - margin,
        )
        visible = shapely.intersection(ground, inner)
        others = [item for item in self.drawn if item is not ground]
        keep = math.hypot(half_width, half_height)
        for room in _rooms(visible, self.block, others, keep, self.view):
            spot = _middle(room)
            frame = (
                spot.x - half_width,
                spot.y - half_height,
                spot.x + half_width,
                spot.y + half_height,
            )
            if self._free(box(*frame)):
                self.taken.append(box(*frame))
                self._print(spot.x, spot.y, words, size, color=colour, zorder=125)
                return

    def _free(self, room: Polygon) -> bool:
        return not any(room.intersects(item) for item in self.taken)

    def _print(self, x: float, y: float, words: str, size: float, **more: Any) -> None:
        more |= {"halo": True, "ha": "center", "va": "center"}
        self.sheet.text(self.axes, x, y, words, size, **more)


def _outwards(corner: tuple[float, float], block: BaseGeometry, view: View) -> float:
    """Direction in degrees from the corner to where the least of the block lies."""
    radius = view.metres(3.0)
    point = Point(corner)
    outside = point.buffer(radius).difference(block)
    if outside.is_empty:
        return 90.0
    centre = outside.centroid
    return math.degrees(math.atan2(centre.y - corner[1], centre.x - corner[0]))


def _spot(
    number: str, corner: tuple[float, float], degrees: float, mm: float, view: View
) -> tuple[float, float, Polygon]:
    angle = math.radians(degrees)
    x = corner[0] + view.metres(mm) * math.cos(angle)
    y = corner[1] + view.metres(mm) * math.sin(angle)
    half_width = view.metres(_DIGIT_MM * len(number) / 2 + 0.3)
    half_height = view.metres(_HEIGHT_MM / 2)
    return x, y, box(x - half_width, y - half_height, x + half_width, y + half_height)


def _rooms(
    ground: BaseGeometry,
    block: BaseGeometry,
    others: list[BaseGeometry],
    keep: float,
    view: View,
) -> list[BaseGeometry]:
    """Places to try: well inside and off everything else, off the block, quarters, anywhere."""
    if shapely.get_dimensions(ground) < 2:
        return _along(ground)
    off_block = shapely.difference(ground, shapely.buffer(block, keep + view.metres(2)))
    alone = shapely.difference(off_block, shapely.union_all(others))
    rooms = [shapely.buffer(alone, -keep), shapely.buffer(off_block, -keep), off_block]
    west, south, east, north = off_block.bounds if not off_block.is_empty else ground.bounds
    x, y = (west + east) / 2, (south + north) / 2
    quarters = (
        box(west, y, x, north),
        box(x, y, east, north),
        box(west, south, x, y),
        box(x, south, east, y),
    )
    rooms += [shapely.intersection(off_block, quarter) for quarter in quarters]
    rooms.append(ground)
    return [room for room in rooms if not room.is_empty]


def _middle(room: BaseGeometry) -> Point:
    """The point with the most room around it; for lines and points any point of theirs."""
    if shapely.get_dimensions(room) < 2:
        return shapely.point_on_surface(room)
    radius = shapely.maximum_inscribed_circle(room)
    return shapely.get_point(radius, 0)


def _along(ground: BaseGeometry) -> list[BaseGeometry]:
    lines = [part for part in shapely.get_parts(ground) if shapely.length(part) > 0]
    if not lines:
        return []
    longest = max(lines, key=shapely.length)
    return [
        shapely.line_interpolate_point(longest, share, normalized=True)
        for share in (0.5, 0.25, 0.75, 0.1, 0.9)
    ]


def fitting(words: str, size: float, room_mm: float) -> float:
    """The type size, or the smaller one at which words fit the room."""
    return size * min(1.0, room_mm / max(text_width(words, size), 1e-6))


def text_width(words: str, size: float) -> float:
    """Width of words in mm: Chinese characters are as wide as the type size, others half."""
    ems = sum(1.0 if ord(char) > 0x2E80 else 0.56 for char in words)
    return ems * size * 0.3528


def wrapped(words: str, size: float, room_mm: float) -> list[str]:
    """Words in lines that fit the room: broken at spaces, and between Chinese characters."""
    lines: list[str] = []
    for piece in re.findall(r"[\u2e80-\uffff]|[^\u2e80-\uffff\s]+\s*|\s+", words):
        if lines and text_width(lines[-1] + piece.rstrip(), size) <= room_mm:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.rstrip() for line in lines]
