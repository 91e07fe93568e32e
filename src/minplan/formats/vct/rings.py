"""Rings: chained from lines, split from one list, nested into polygons with holes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import FloatArray


def split_rings(points: FloatArray) -> list[FloatArray]:
    """Rings that follow each other in one list: one ends where its first point comes again."""
    rings = []
    start = 0
    while start < len(points):
        again = np.flatnonzero((points[start + 1 :] == points[start]).all(axis=1))
        end = start + int(again[0]) + 2 if len(again) else len(points)
        rings.append(points[start:end])
        start = end
    return rings


def rings_of_chain(chain: Sequence[FloatArray], reach: float) -> list[FloatArray] | None:
    """Closed rings of lines in their order; None when lines do not meet within ``reach``.

    An empty array separates rings; some writers leave it out, so a closed ring ends where the
    next line begins elsewhere.
    """
    rings: list[FloatArray] = []
    run: list[FloatArray] = []
    for part in [*chain, np.empty((0, 2))]:
        if run and (not len(part) or not _meet(run[-1][-1], part[0], reach)):
            if not _meet(run[0][0], run[-1][-1], reach):
                return None
            rings.append(np.concatenate([run[0], *(line[1:] for line in run[1:])]))
            rings[-1][-1] = rings[-1][0]
            run = []
        if len(part):
            run.append(part)
    return rings


def _meet(one: FloatArray, other: FloatArray, reach: float) -> bool:
    return bool(np.abs(one - other).max() <= reach)


def polygon_of(rings: Sequence[FloatArray]) -> BaseGeometry:
    """The polygon or multipolygon of rings in any order: a ring inside another is its hole.

    Rings at an even depth are shells, those at an odd depth holes of the smallest shell around
    them. Each ring needs at least three points.
    """
    loops = shapely.polygons([shapely.linearrings(ring) for ring in rings])
    areas = shapely.area(loops)
    tree = shapely.STRtree(loops)
    # a hole may touch its shell in a point, so that a point of its inside decides
    inner, outer = tree.query(_inside(loops), predicate="within")
    deeper = (inner != outer) & (areas[outer] >= areas[inner])
    inner, outer = inner[deeper], outer[deeper]
    depth = np.bincount(inner, minlength=len(loops))
    holes: dict[int, list[int]] = {int(index): [] for index in np.flatnonzero(depth % 2 == 0)}
    for hole in np.flatnonzero(depth % 2 == 1):
        around = [other for other in outer[inner == hole] if other in holes]
        if around:
            holes[min(around, key=lambda other: areas[other])].append(int(hole))
        else:
            holes[int(hole)] = []
    polygons = [
        shapely.polygons(
            shapely.get_exterior_ring(loops[shell]),
            holes=[shapely.get_exterior_ring(loops[hole]) for hole in inside] or None,
        )
        for shell, inside in sorted(holes.items())
    ]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _inside(loops: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """A point inside each ring; a corner for rings that cross themselves."""
    return [
        shapely.point_on_surface(loop)
        if shapely.is_valid(loop)
        else shapely.get_point(shapely.get_exterior_ring(loop), 0)
        for loop in loops
    ]
