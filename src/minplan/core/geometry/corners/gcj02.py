"""GCJ-02 (火星坐标): the offset of Chinese web maps, told by a shift against a known outline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.corners.model import METRES_PER_DEGREE

# Offsets of GCJ-02 measured around Changzhi are +0.0063…0.0067° in longitude; the window is
# widened by the rounding of outlines, latitude by what occurs elsewhere in North China.
_EAST_DEGREES: Final = (0.0060, 0.0070)
_NORTH_DEGREES: Final = (-0.0030, 0.0030)
_OVERLAP: Final = 0.9


@dataclass(frozen=True, slots=True)
class Gcj02Suspicion:
    """A shift in degrees that lays the block onto the reference, with the share that then fits."""

    east: float
    north: float
    distance_m: float
    overlap: float


def gcj02_suspicion(polygon: BaseGeometry, reference: BaseGeometry) -> Gcj02Suspicion | None:
    """Return the shift of ``polygon`` against ``reference`` (lon/lat) when it looks like GCJ-02.

    The shapes must be of the same thing: after the shift, the share common to both must reach
    90 % of their union.
    """
    if polygon.is_empty or reference.is_empty or reference.area <= 0:
        return None
    here, there = polygon.centroid, reference.centroid
    east, north = here.x - there.x, here.y - there.y
    if not (_EAST_DEGREES[0] <= east <= _EAST_DEGREES[1]):
        return None
    if not (_NORTH_DEGREES[0] <= north <= _NORTH_DEGREES[1]):
        return None
    moved = shapely.transform(polygon, lambda c: c - np.array([east, north]))
    union = shapely.union(moved, reference).area
    overlap = float(shapely.intersection(moved, reference).area / union)
    if overlap < _OVERLAP:
        return None
    scale = np.cos(np.radians(here.y))
    distance = float(np.hypot(east * scale, north)) * METRES_PER_DEGREE
    return Gcj02Suspicion(float(east), float(north), distance, overlap)
