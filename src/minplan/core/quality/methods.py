"""Areas of whole layers by the three methods, and which of them a stated figure follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from minplan.core.geometry.area import SPHERE_RADIUS_M, AreaMethod
from minplan.core.geometry.crs import FloatArray, from_lonlat, local_system
from minplan.core.geometry.layer import GeometryArray
from minplan.core.quality.view import IndexArray, View
from minplan.core.text import Text

#: Square metres of a unit, by how people write it.
UNITS: Final = {
    "km²": 1e6,
    "平方公里": 1e6,
    "平方千米": 1e6,
    "公顷": 1e4,
    "ha": 1e4,
    "亩": 1e4 / 15,
    "m²": 1.0,
    "平方米": 1.0,
}
#: Units that are taken for one another, with their names.
CONFUSED: Final = (
    (1e6, Text("平方公里", "km²")),
    (1e4, Text("公顷", "hectares")),
    (1e4 / 15, Text("亩", "mu")),
    (1.0, Text("平方米", "m²")),
)
#: Share by which a figure in another unit may be off and still be recognised.
_UNIT_SHARE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Stated:
    """Figures of a field against the computed areas, one row for each feature with both.

    ``figure`` is what the field holds, ``areas_m2`` the area by each method, ``deviation`` that of
    the nearest method (share), ``method`` the number of the first one that gives the figure within
    the tolerance, −1 when none does; ``unit`` the number in :data:`CONFUSED` of another unit in
    which the figure is right, −1 otherwise.
    """

    feature: IndexArray
    figure: FloatArray
    areas_m2: dict[AreaMethod, FloatArray]
    method: IndexArray
    unit: IndexArray
    deviation: FloatArray


#: The statutory method first: it is named where several fit.
ORDER: Final = (AreaMethod.ELLIPSOID, AreaMethod.PLANAR, AreaMethod.SPHERE)


def areas_by_method(view: View) -> dict[AreaMethod, FloatArray]:
    """Area in m² of every feature by each method, NaN where there is none."""
    memo: dict[AreaMethod, FloatArray] | None = view.memo.get("areas")
    if memo is None:
        memo = {
            AreaMethod.ELLIPSOID: view.area_m2,
            AreaMethod.PLANAR: _filled(view, _planar),
            AreaMethod.SPHERE: _filled(view, _sphere),
        }
        view.memo["areas"] = memo
    return memo


def compare(view: View, code: str, unit: float, decimals: int, share: float) -> Stated:
    """The figures of a field in units of ``unit`` m² against the areas by each method.

    A figure agrees when it is off by at most ``share`` or half a unit of its last decimal.
    """
    figures = view.column(code).numbers()
    areas = areas_by_method(view)
    ellipsoid = areas[AreaMethod.ELLIPSOID]
    held = np.flatnonzero((figures > 0) & (ellipsoid > 0)).astype(np.int64)
    figure = figures[held]
    chosen = {method: areas[method][held] for method in ORDER}
    slack = np.maximum(share * chosen[AreaMethod.ELLIPSOID] / unit, 0.5 * 10.0**-decimals) + 1e-12
    off = np.stack([np.abs(figure - chosen[method] / unit) for method in ORDER])
    fits = off <= slack
    method = np.where(fits.any(axis=0), fits.argmax(axis=0), -1)
    deviation = figure * unit / chosen[AreaMethod.ELLIPSOID] - 1
    other = np.full(len(held), -1)
    for number, (size, _) in enumerate(CONFUSED):
        ratio = figure * size / chosen[AreaMethod.ELLIPSOID]
        close = (np.abs(ratio - 1) < _UNIT_SHARE) & (method < 0) & (abs(size / unit - 1) > 0.1)
        other[close] = number
    return Stated(held, figure, chosen, method, other, deviation)


def _filled(view: View, area: object) -> FloatArray:
    areas = np.full(len(view), np.nan)
    assert callable(area)
    areas[view.polygons] = area(view.shapes[view.polygons])
    return areas


def _sphere(shapes: GeometryArray) -> FloatArray:
    """Trapezoids to a meridian on the sphere: a plain area in (R·L, R·sin B)."""

    def flat(lonlat: FloatArray) -> FloatArray:
        radians = np.radians(lonlat)
        return np.column_stack([radians[:, 0], np.sin(radians[:, 1])]) * SPHERE_RADIUS_M

    areas: FloatArray = shapely.area(shapely.transform(shapes, flat))
    return areas


def _planar(shapes: GeometryArray) -> FloatArray:
    """In the 3° zone of the middle of each feature."""
    areas = np.zeros(len(shapes))
    if not len(shapes):
        return areas
    bounds = shapely.bounds(shapes)
    zones = np.floor(((bounds[:, 0] + bounds[:, 2]) / 2 + 1.5) / 3)
    for zone in np.unique(zones[np.isfinite(zones)]):
        held = np.flatnonzero(zones == zone)
        if not 25 <= zone <= 45:
            areas[held] = np.nan
            continue
        system = local_system(float(zone) * 3)
        plane = shapely.transform(shapes[held], lambda c, s=system: from_lonlat(s, c))
        areas[held] = shapely.area(plane)
    return areas
