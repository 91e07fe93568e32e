"""The drawing plane of the demo: metres in one Gauss-Krüger zone, and back to lon/lat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.crs import CoordinateSystem, Datum, from_lonlat, to_lonlat

#: Zone 38 without prefix; its distortion does not matter because areas are fitted on lon/lat.
PLANE = CoordinateSystem(Datum.CGCS2000, 3, 38, prefixed=False)


_AREA_M2 = 1e-3


def to_plane(geometry: BaseGeometry) -> BaseGeometry:
    """EPSG:4490 lon/lat to metres (east, north)."""
    return shapely.transform(geometry, lambda xy: from_lonlat(PLANE, xy))


def to_ground(geometry: BaseGeometry) -> BaseGeometry:
    """Metres (east, north) to EPSG:4490 lon/lat, rounded to 1e-9 degrees (0.1 mm)."""
    return shapely.transform(geometry, lambda xy: np.round(to_lonlat(PLANE, xy[:, 0], xy[:, 1]), 9))


def area_of(geometry: BaseGeometry) -> float:
    """Ellipsoidal area in m² of a geometry in the plane, measured on lon/lat."""
    return float(ellipsoidal_area(np.array([to_ground(geometry)], dtype=object))[0])


def fit_area(
    make: Callable[[float], BaseGeometry], target_m2: float, low: float, high: float
) -> BaseGeometry:
    """The smallest shape ``make(size)`` of at least ``target_m2`` (ellipsoidal), by bisection.

    ``make`` must grow with its argument; where it grows steadily the area is met to a mm².

    Raises ValueError when the largest shape is too small.
    """
    best = make(high)
    if area_of(best) < target_m2:
        raise ValueError(f"no shape of {target_m2:.0f} m² fits")
    for _ in range(64):
        middle = (low + high) / 2
        shape = make(middle)
        excess = area_of(shape) - target_m2
        if excess < 0:
            low = middle
            continue
        high, best = middle, shape
        if excess < _AREA_M2:
            break
    return best


def largest(geometry: BaseGeometry) -> Polygon:
    """The largest polygon of a geometry."""
    parts = [g for g in shapely.get_parts(geometry) if isinstance(g, Polygon)]
    return max(parts, key=lambda g: g.area)
