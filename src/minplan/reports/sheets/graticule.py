"""Ticks and labels of longitude and latitude along the frame, beyond those of the km grid."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from minplan.core.geometry.crs import FloatArray, degrees_minutes_seconds, to_lonlat
from minplan.reports.maps.frame import BAND_MM, GREY, Box, Sheet, View, multiples
from minplan.reports.sheets.paper import BAND

#: Steps of the graticule in minutes, and how far apart its labels are at least (mm at A4).
_STEPS: Final = (1, 2, 5, 10, 15, 20, 30, 60, 120)
_APART: Final = 30.0
_SAMPLES: Final = 201
_METRES_PER_MINUTE: Final = 1852.0


def draw_graticule(sheet: Sheet, page: Axes, box: Box, view: View) -> None:
    """Ticks in the outer half of the band around the neat line ``box`` (mm)."""
    least = view.metres(_APART * sheet.grow) / _METRES_PER_MINUTE
    minutes = next((step for step in _STEPS if step >= least), _STEPS[-1])
    for upright in (False, True):
        for last in (False, True):
            _side(sheet, page, box, view, (upright, last, minutes / 60))


def _side(sheet: Sheet, page: Axes, box: Box, view: View, side: tuple[bool, bool, float]) -> None:
    """One side: left and right carry latitudes (``upright``), bottom and top longitudes."""
    upright, last, step = side
    left, bottom, right, top = box
    edge = (right if last else left) if upright else (top if last else bottom)
    sign = 1 if last else -1
    inner, outer = (edge + sign * mm * sheet.grow for mm in (BAND_MM, BAND))
    values, places = _edge(view, box, upright=upright, last=last)
    for value in multiples(values[0], values[-1], step):
        at = float(np.interp(value, values, places))
        line = ([inner, outer], [at, at])
        page.plot(*(line if upright else line[::-1]), color=GREY, lw=0.5 * sheet.grow, zorder=900)
        middle = inner + sign * 1.9 * sheet.grow
        shift = 0.9 * sheet.grow
        x, y = (middle, at + shift) if upright else (at + shift, middle)
        low, high = (bottom, top) if upright else (left, right)
        if at + 12 * sheet.grow > high or at < low:
            continue
        words = degrees_minutes_seconds(value, 0)[:-3]
        turned = 90 if upright else 0
        ha, va = ("center", "bottom") if upright else ("left", "center")
        sheet.text(page, x, y, words, 5.4, ha=ha, va=va, rotation=turned, color=GREY)


def _edge(view: View, box: Box, *, upright: bool, last: bool) -> tuple[FloatArray, FloatArray]:
    """Degrees along a side of the frame, and their places on it in mm."""
    west, south, east, north = view.bounds
    along = np.linspace(0.0, 1.0, _SAMPLES)
    if upright:
        y = south + along * (north - south)
        x = np.full(_SAMPLES, east if last else west)
        low, high = box[1], box[3]
    else:
        x = west + along * (east - west)
        y = np.full(_SAMPLES, north if last else south)
        low, high = box[0], box[2]
    degrees = to_lonlat(view.system, x, y)[:, 1 if upright else 0]
    return degrees, low + along * (high - low)
