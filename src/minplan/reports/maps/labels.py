"""Where labels go: numbered corners outside the block, names of zones inside the frame."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

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
class Placed:
    """Boxes already taken by labels, in metres."""

    boxes: list[Polygon] = field(default_factory=list)

    def free(self, candidate: Polygon) -> bool:
        """Whether nothing stands there yet."""
        return not any(candidate.intersects(item) for item in self.boxes)

    def take(self, candidate: Polygon) -> None:
        """Remember a box."""
        self.boxes.append(candidate)


def label_corners(
    sheet: Sheet,
    axes: Axes,
    corners: list[tuple[str, float, float]],
    block: BaseGeometry,
    view: View,
) -> Placed:
    """Number the corners (number, east, north); return the room they take."""
    placed = Placed()
    for _, east, north in corners:
        placed.take(Point(east, north).buffer(view.metres(0.9)))
    every = math.ceil(len(corners) / MOST_NUMBERED)
    for index, (number, east, north) in enumerate(corners):
        if index % every == 0:
            _label_corner(sheet, axes, number, (east, north), block, view, placed)
    return placed


def _label_corner(
    sheet: Sheet,
    axes: Axes,
    number: str,
    corner: tuple[float, float],
    block: BaseGeometry,
    view: View,
    placed: Placed,
) -> None:
    outwards = _outwards(corner, block, view)
    tries = [(distance, turn) for distance in _DISTANCES_MM for turn in _TURNS]
    spots = [_spot(number, corner, outwards + turn, mm, view) for mm, turn in tries]
    fits = [
        (x, y, room, mm)
        for (x, y, room), (mm, _) in zip(spots, tries, strict=True)
        if placed.free(room) and not room.intersects(block.boundary)
    ]
    x, y, room, distance = fits[0] if fits else (*spots[0], _DISTANCES_MM[0])
    placed.take(room)
    if distance > _LEADER_MM:
        axes.plot([corner[0], x], [corner[1], y], color=INK, linewidth=0.4, zorder=119)
    sheet.text(axes, x, y, number, 6.2, bold=True, halo=True, ha="center", va="center", zorder=130)


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


def label_area(
    sheet: Sheet,
    axes: Axes,
    words: str,
    ground: BaseGeometry,
    block: BaseGeometry,
    view: View,
    placed: Placed,
    *,
    colour: str,
    size: float = 7.0,
) -> None:
    """Print a name within the visible part of a feature, beside the block where there is room."""
    half_width = view.metres(text_width(words, size) / 2)
    half_height = view.metres(size * 0.22)
    west, south, east, north = view.bounds
    margin = view.metres(2.0)
    inner = box(
        west + half_width + margin,
        south + half_height + margin,
        east - half_width - margin,
        north - half_height - margin,
    )
    for room in _rooms(shapely.intersection(ground, inner), block, half_width, half_height, view):
        spot = shapely.point_on_surface(room)
        if spot.is_empty:
            continue
        taken = box(
            spot.x - half_width, spot.y - half_height, spot.x + half_width, spot.y + half_height
        )
        if placed.free(taken):
            placed.take(taken)
            sheet.text(
                axes,
                spot.x,
                spot.y,
                words,
                size,
                color=colour,
                halo=True,
                ha="center",
                va="center",
                zorder=125,
            )
            return


def _rooms(
    ground: BaseGeometry, block: BaseGeometry, half_width: float, half_height: float, view: View
) -> list[BaseGeometry]:
    """Places to try: well inside and off the block, off the block, then quarters, anywhere."""
    if shapely.get_dimensions(ground) < 2:
        return _along(ground)
    keep = math.hypot(half_width, half_height)
    off_block = shapely.difference(ground, shapely.buffer(block, keep + view.metres(2)))
    rooms = [shapely.buffer(off_block, -keep), off_block]
    west, south, east, north = off_block.bounds if not off_block.is_empty else ground.bounds
    x, y = (west + east) / 2, (south + north) / 2
    quarters = (
        box(west, y, x, north), box(x, y, east, north), box(west, south, x, y), box(x, south, east, y)
    )  # fmt: skip
    rooms += [shapely.intersection(off_block, quarter) for quarter in quarters]
    rooms.append(ground)
    return [room for room in rooms if not room.is_empty]


def _along(ground: BaseGeometry) -> list[BaseGeometry]:
    lines = [part for part in shapely.get_parts(ground) if shapely.length(part) > 0]
    if not lines:
        return []
    longest = max(lines, key=shapely.length)
    return [
        shapely.line_interpolate_point(longest, share, normalized=True)
        for share in (0.5, 0.25, 0.75, 0.1, 0.9)
    ]


def text_width(words: str, size: float) -> float:
    """Width of words in mm: Chinese characters are as wide as the type size, others half."""
    ems = sum(1.0 if ord(char) > 0x2E80 else 0.56 for char in words)
    return ems * size * 0.3528
