"""Free ground for small schematic shapes: inside a county, clear of what must not be touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.layer import GeometryArray
from minplan.demo.schematic.plane import area_of
from minplan.demo.schematic.shapes import blob, disc, seed_of

_CANDIDATES = (150, 4_000)
_MARGIN = 80.0  # m kept to everything else
_WIDEST = 1.35  # the form of a blob reaches this many times its mean radius at most


class Sites:
    """Places in the plane (m), each given once; the same keys in the same order, the same places.

    ``counties`` are the shapes by name, ``obstacles`` what no place may touch.
    """

    def __init__(self, counties: Mapping[str, BaseGeometry], obstacles: GeometryArray) -> None:
        self._counties = counties
        self._tree = shapely.STRtree(obstacles)
        self._taken: list[tuple[float, float, float]] = []
        self._rooms: dict[tuple[str, float], BaseGeometry] = {}

    def take(self, counties: Sequence[str], area_m2: float, key: str) -> tuple[str, Polygon]:
        """The first of the counties with room, and a rounded shape of an ellipsoidal area there.

        Raises ValueError when none has room.
        """
        size = float(np.sqrt(area_m2 / np.pi))
        radius = _WIDEST * size + _MARGIN
        for many in _CANDIDATES:
            for county in counties:
                point = self._point(self._room(county, radius), radius, many, key)
                if point is not None:
                    self._taken.append((*point, radius))
                    return county, sized(blob(point, size, key), area_m2)
        raise ValueError(f"no room for {key}")

    def _room(self, county: str, radius: float) -> BaseGeometry:
        """The inner part of a county where the middle of a shape may lie."""
        key = (county, round(radius, -2))
        if key not in self._rooms:
            self._rooms[key] = self._counties[county].buffer(-key[1] - _MARGIN)
            shapely.prepare(self._rooms[key])
        return self._rooms[key]

    def _point(
        self, inner: BaseGeometry, radius: float, many: int, key: str
    ) -> tuple[float, float] | None:
        random = seed_of(f"site {key}")
        west, south, east, north = inner.bounds
        x = random.uniform(west, east, many)
        y = random.uniform(south, north, many)
        free = shapely.contains_xy(inner, x, y)
        rooms = shapely.points(x, y)
        touched, _ = self._tree.query(rooms, predicate="dwithin", distance=radius)
        free[touched] = False
        if self._taken:
            other_x, other_y, other = np.array(self._taken).T
            apart = np.hypot(x[:, None] - other_x, y[:, None] - other_y) > radius + other
            free &= apart.all(axis=1)
        found = np.flatnonzero(free)
        if not len(found):
            return None
        return float(x[found[0]]), float(y[found[0]])


def sized(shape: Polygon, area_m2: float) -> Polygon:
    """The shape made larger or smaller until its ellipsoidal area is ``area_m2`` (to a mm²)."""
    for _ in range(3):
        factor = float(np.sqrt(area_m2 / area_of(shape)))
        shape = affinity.scale(shape, factor, factor, origin="centroid")
    return shape


def wide(region: BaseGeometry, share: float, key: str) -> Polygon:
    """A large shape inside a region, about ``share`` of its area; it may lie over others."""
    room = shapely.maximum_inscribed_circle(region, tolerance=500.0)
    center = room.coords[0]
    radius = float(np.sqrt(share * region.area / np.pi))
    cut = blob((center[0], center[1]), radius, key).intersection(region.buffer(-300.0))
    parts = [part for part in shapely.get_parts(cut) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area) if parts else disc(center, 500.0)
