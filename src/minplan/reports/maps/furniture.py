"""Furniture of sheets: ruled boxes, the stamp of schematic geometry, the index map."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.review.finding import Outcome
from minplan.reports.maps.frame import INK, Box, Sheet, View, view_of
from minplan.reports.maps.style import draw, style_of
from minplan.reports.palette import outcome_styles
from minplan.reports.wording import Voice

#: Width and height of the stamp (mm).
STAMP_MM: Final = (30.0, 14.0)


def draw_panel(sheet: Sheet, page: Axes, box: Box) -> None:
    """A ruled box in mm."""
    left, bottom, right, top = box
    width = 0.6 * sheet.grow
    page.add_patch(
        Rectangle(
            (left, bottom), right - left, top - bottom, fill=False, edgecolor=INK, linewidth=width
        )
    )


def draw_stamp(
    sheet: Sheet, page: Axes, corner: tuple[float, float], voice: Voice, share: float = 1.0
) -> None:
    """A stamp nobody overlooks: something here is not surveyed (示意).

    ``corner`` is its upper left one in mm.
    """
    left, top = corner
    size = share * sheet.grow
    width, height = (side * size for side in STAMP_MM)
    y = top - height
    red = outcome_styles()[Outcome.CONFLICT].fill
    line = 1.6 * sheet.grow
    page.add_patch(
        Rectangle((left, y), width, height, fc=("white", 0.88), ec=red, lw=line, zorder=940)
    )
    middle = left + width / 2
    sheet.text(
        page,
        middle,
        y + height - 1.4 * size,
        voice("示 意", "SCHEMATIC"),
        (18 if voice.language == "zh" else 12) * share,
        bold=True,
        color=red,
        ha="center",
        va="top",
        zorder=945,
    )
    sheet.text(
        page,
        middle,
        y + 1.2 * sheet.grow,
        voice("部分图形未经测量，不得量算", "not surveyed: do not measure"),
        5.4 * share,
        color=red,
        ha="center",
        va="bottom",
        zorder=945,
    )


def draw_index(
    sheet: Sheet,
    page: Axes,
    frame: Box,
    counties: tuple[tuple[str, BaseGeometry], ...],
    *,
    system: CoordinateSystem,
    here: BaseGeometry,
    voice: Voice,
) -> tuple[Axes, View]:
    """The counties (name, lon/lat) in a box in mm; those that meet ``here`` (metres) are tinted.

    Returns the axes in metres and their view, for the caller's own mark.
    """
    left, bottom, right, top = frame
    head = 4 * sheet.grow
    draw_panel(sheet, page, frame)
    everything = shapely.union_all([geometry for _, geometry in counties])
    view = view_of(everything, system, right - left, top - bottom - head, 0.92)
    axes = sheet.axes((left, bottom, right, top - head), view.bounds)
    width = 0.7 * sheet.grow
    style = replace(style_of("county"), width=width, dash="solid", fill="#EEF0F3", alpha=1.0)
    for name, geometry in counties:
        ground = view.project(geometry)
        tinted = bool(shapely.intersects(ground, here))
        draw(axes, ground, replace(style, fill="#CFE3F7") if tinted else style)
        spot = shapely.point_on_surface(ground)
        size = 4.2 if len(counties) > 6 else 5.2
        sheet.text(axes, spot.x, spot.y, name, size, ha="center", va="center", halo=True, zorder=50)
    words = voice("位置索引", "Location")
    high = top - 0.6 * sheet.grow
    sheet.text(page, (left + right) / 2, high, words, 6.5, bold=True, ha="center", va="top")
    return axes, view
