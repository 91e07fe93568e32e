"""Mending geometry once, on import: validity, dimension, orientation, density, size of parts."""

from __future__ import annotations

from typing import Any

import shapely

from minplan.core.geometry.crs import CoordinateSystem, Datum, from_lonlat, to_lonlat
from minplan.core.tolerances import DENSIFY_M


def densify(geometry: Any, system: CoordinateSystem, metres: float = DENSIFY_M) -> Any:
    """Lon/lat geometry (or array) with points added along edges straight in ``system``.

    In a Gauss-Krüger zone no edge is longer than ``metres`` afterwards; edges straight in lon/lat
    stay as they are.
    """
    if not system.is_projected:
        return geometry
    zone = CoordinateSystem(Datum.CGCS2000, system.width, system.zone)
    plane = shapely.transform(geometry, lambda c: from_lonlat(zone, c))
    dense = shapely.segmentize(plane, metres)
    return shapely.transform(dense, lambda c: to_lonlat(zone, c[:, 0], c[:, 1]))
