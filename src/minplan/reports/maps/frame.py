"""The sheet: what ground it shows at which scale, its frame, grid, north arrow and scale bar."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon as PolygonPatch
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import CoordinateSystem, from_lonlat, to_lonlat
from minplan.reports.typeface import check_glyphs, font
from minplan.reports.wording import Voice

MM_PER_INCH: Final = 25.4
INK: Final = "#1F2933"
GREY: Final = "#5F6670"
# Scales of maps: these times powers of ten.
_ROUND: Final = (1.0, 2.0, 2.5, 5.0)
_STEPS: Final = (1.0, 2.0, 5.0)
# Ticks of the grid are about this far apart, and labels keep this distance from the corners (mm).
_TICK_MM: Final = 28.0
_CORNER_MM: Final = 16.0
#: Room between the neat line and the frame's outer line, for the figures of the grid (mm).
BAND_MM: Final = 4.6

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class View:
    """Ground shown in the frame: centre in metres of ``system``, scale 1 : ``scale``."""

    system: CoordinateSystem
    east: float
    north: float
    scale: float
    width_mm: float
    height_mm: float

    @property
    def bounds(self) -> Box:
        """(west, south, east, north) of the frame in metres."""
        half_width = self.width_mm / 2000 * self.scale
        half_height = self.height_mm / 2000 * self.scale
        return (
            self.east - half_width,
            self.north - half_height,
            self.east + half_width,
            self.north + half_height,
        )

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """A lon/lat geometry in metres."""
        return shapely.transform(geometry, lambda c: from_lonlat(self.system, c))

    def metres(self, mm: float) -> float:
        """Length on the ground of a length on paper."""
        return mm / 1000 * self.scale


def view_of(
    geometry: BaseGeometry, system: CoordinateSystem, width_mm: float, height_mm: float, fill: float
) -> View:
    """The view at the largest round scale at which ``geometry`` takes at most ``fill`` of it."""
    projected = shapely.transform(geometry, lambda c: from_lonlat(system, c))
    west, south, east, north = projected.bounds
    needed = max((east - west) / width_mm, (north - south) / height_mm) * 1000 / fill
    scale = rounded_up(max(needed, 500.0), _ROUND)
    return View(system, (west + east) / 2, (south + north) / 2, scale, width_mm, height_mm)


def rounded_up(value: float, steps: tuple[float, ...]) -> float:
    """The least step times a power of ten that is not below ``value``."""
    power = 10.0 ** math.floor(math.log10(value))
    found = next((step * power for step in steps if step * power >= value * (1 - 1e-12)), None)
    return 10 * power if found is None else found


@dataclass(slots=True)
class Sheet:
    """A figure measured in millimetres from its lower left corner; remembers what it prints.

    ``grow`` enlarges type, lines and furniture on sheets that are read from further away.
    """

    figure: Figure
    width_mm: float
    height_mm: float
    grow: float = 1.0
    printed: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, width_mm: float, height_mm: float, grow: float = 1.0) -> Sheet:
        """An empty white sheet."""
        size = (width_mm / MM_PER_INCH, height_mm / MM_PER_INCH)
        return cls(Figure(figsize=size, facecolor="white"), width_mm, height_mm, grow)

    def axes(self, box: Box, bounds: Box | None = None) -> Axes:
        """Axes over a box (left, bottom, right, top in mm); in mm, or in ``bounds``."""
        left, bottom, right, top = box
        place = (
            left / self.width_mm,
            bottom / self.height_mm,
            (right - left) / self.width_mm,
            (top - bottom) / self.height_mm,
        )
        axes = self.figure.add_axes(place)
        west, south, east, north = bounds or box
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_axis_off()
        return axes

    def text(self, axes: Axes, x: float, y: float, words: str, size: float, **more: Any) -> Any:
        """Print words in the package's font; ``bold`` and ``halo`` are taken from ``more``."""
        bold, halo = more.pop("bold", False), more.pop("halo", False)
        self.printed.append(words)
        more.setdefault("color", INK)
        style = font(bold=bold).copy()
        style.set_size(size * self.grow)
        item = axes.text(x, y, words, fontproperties=style, parse_math=False, **more)
        if halo:
            item.set_path_effects([withStroke(linewidth=1.8 * self.grow, foreground="white")])
        return item

    def check(self, name: str) -> None:
        """Raise ReportError E601 when something printed has no glyph."""
        check_glyphs(self.printed, place=name)


def draw_frame(
    sheet: Sheet, page: Axes, box: Box, view: View, *, band: float = BAND_MM, corners: bool = True
) -> None:
    """Neat line, kilometre ticks of the zone, and lon/lat at the corners (page axes in mm).

    ``band`` is the room up to the outer line; without ``corners`` no lon/lat is written.
    """
    left, bottom, right, top = box
    for inset, width in ((0.0, 0.6), (-band * sheet.grow, 1.4)):
        page.add_patch(
            Rectangle(
                (left + inset, bottom + inset),
                right - left - 2 * inset,
                top - bottom - 2 * inset,
                fill=False,
                linewidth=width * sheet.grow,
                edgecolor=INK,
                zorder=900,
            )
        )
    west, south, east, north = view.bounds
    step = grid_step(view, sheet.grow)
    for value in multiples(west, east, step):
        x = left + (value - west) / view.scale * 1000
        _tick(sheet, page, x, (bottom, top), value, vertical=False, ends=(left, right))
    for value in multiples(south, north, step):
        y = bottom + (value - south) / view.scale * 1000
        _tick(sheet, page, y, (left, right), value, vertical=True, ends=(bottom, top))
    if corners:
        _corner_degrees(sheet, page, box, view)


def grid_step(view: View, grow: float = 1.0) -> float:
    """Distance of the lines of the kilometre grid, in metres."""
    return rounded_up(view.metres(_TICK_MM * grow) * 0.7, _STEPS)


def multiples(low: float, high: float, step: float) -> list[float]:
    """The multiples of ``step`` from ``low`` to ``high``."""
    first, last = math.ceil(low / step), math.floor(high / step)
    return [number * step for number in range(first, last + 1)]


def _tick(
    sheet: Sheet,
    page: Axes,
    at: float,
    sides: tuple[float, float],
    value: float,
    *,
    vertical: bool,
    ends: tuple[float, float],
) -> None:
    """Ticks at both sides of the frame, with the value in kilometres."""
    words = f"{value / 1000:.10g}"
    grow = sheet.grow
    labelled = ends[0] + _CORNER_MM * grow <= at <= ends[1] - _CORNER_MM * grow
    for side, sign in zip(sides, (-1, 1), strict=True):
        line = ([side, side + sign * 1.6 * grow], [at, at])
        page.plot(*(line if vertical else line[::-1]), color=INK, linewidth=0.6 * grow, zorder=900)
        if labelled:
            middle = side + sign * 2.5 * grow
            x, y = (middle, at) if vertical else (at, middle)
            sheet.text(
                page,
                x,
                y,
                words,
                5.8,
                ha="center",
                va="center",
                rotation=90 if vertical else 0,
            )


def _corner_degrees(sheet: Sheet, page: Axes, box: Box, view: View) -> None:
    left, bottom, right, top = box
    west, south, east, north = view.bounds
    for x, y, metres_east, metres_north, ha, side in (
        (left, bottom - 2.5, west, south, "left", 1),
        (right, bottom - 2.5, east, south, "right", 1),
        (left, top + 2.5, west, north, "left", -1),
        (right, top + 2.5, east, north, "right", -1),
    ):
        lon, lat = to_lonlat(view.system, np.array([metres_east]), np.array([metres_north]))[0]
        sheet.text(page, x, y, _dms(lon), 5.8, ha=ha, va="center", color=GREY)
        sheet.text(
            page,
            left - 2.5 if ha == "left" else right + 2.5,
            bottom if side == 1 else top,
            _dms(lat),
            5.8,
            ha="center",
            va="bottom" if side == 1 else "top",
            rotation=90,
            color=GREY,
        )


def _dms(value: float) -> str:
    total = round(value * 3600)
    return f"{total // 3600}°{total // 60 % 60:02d}′{total % 60:02d}″"


def draw_grid(axes: Axes, view: View, grow: float = 1.0) -> None:
    """Small crosses of the kilometre grid (map axes in metres)."""
    west, south, east, north = view.bounds
    step = grid_step(view, grow)
    points = [(x, y) for x in multiples(west, east, step) for y in multiples(south, north, step)]
    if points:
        x, y = np.array(points).T
        size, width = 5 * grow, 0.5 * grow
        axes.plot(x, y, "+", color="#9AA1AB", markersize=size, markeredgewidth=width, zorder=1)


def draw_north(sheet: Sheet, page: Axes, x: float, y: float, voice: Voice) -> None:
    """North arrow with its foot at (x, y) in mm."""
    grow = sheet.grow
    for sign, colour in ((-1, INK), (1, "white")):
        points = [(x, y + 10 * grow), (x + sign * 2.6 * grow, y), (x, y + 2.4 * grow)]
        page.add_patch(
            PolygonPatch(points, closed=True, fc=colour, ec=INK, linewidth=0.6 * grow, zorder=950)
        )
    words = voice("北", "N")
    sheet.text(
        page, x, y + 11 * grow, words, 8, bold=True, ha="center", va="bottom", halo=True, zorder=950
    )


def scale_words(scale: float, voice: Voice) -> str:
    """``1:1万`` or ``1:10,000``."""
    if voice.language == "zh" and scale >= 10_000:
        return f"1:{scale / 10_000:.10g}万"
    return f"1:{scale:,.0f}" if voice.language == "en" else f"1:{scale:.0f}"


def draw_scale(sheet: Sheet, page: Axes, box: Box, view: View, voice: Voice) -> None:
    """Scale in figures above a bar of four segments, in a box in mm."""
    left, bottom, right, _ = box
    grow = sheet.grow
    longest = (right - left - 10 * grow) / 1000 * view.scale
    length = rounded_up(longest / 10, _STEPS)
    while (longer := rounded_up(length * 1.01, _STEPS)) <= longest:
        length = longer
    width = length / view.scale * 1000
    start = (left + right - width) / 2
    y = bottom + 4.0 * grow
    for number in range(4):
        page.add_patch(
            Rectangle(
                (start + number * width / 4, y),
                width / 4,
                1.5 * grow,
                facecolor=INK if number % 2 == 0 else "white",
                edgecolor=INK,
                linewidth=0.5 * grow,
            )
        )
    unit, divisor = ("km", 1000.0) if length >= 2000 else ("m", 1.0)
    for part in (0.0, 0.5, 1.0):
        words = f"{length * part / divisor:.10g}" + (f" {unit}" if part == 1.0 else "")
        sheet.text(page, start + part * width, y - 0.8 * grow, words, 6, ha="center", va="top")
    middle = (left + right) / 2
    words = scale_words(view.scale, voice)
    sheet.text(page, middle, y + 2.6 * grow, words, 9, bold=True, ha="center", va="bottom")
