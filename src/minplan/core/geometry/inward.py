"""Fewer corners without ever gaining ground.

Two steps take area away and one corner with it: dropping a convex corner cuts off its triangle;
replacing an edge between two reflex corners by the crossing of its neighbours' extensions fills
the notch. The cheapest step that meets no other border is taken first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from minplan.core.geometry.crs import FloatArray

# A corner this flat (m²) is on a straight line, whichever way it bends.
_STRAIGHT_M2: Final = 1e-5


@dataclass(frozen=True, slots=True)
class _Step:
    """Corner ``index`` of ``ring`` goes (``tip`` None), or it and the next merge into ``tip``."""

    ring: int
    index: int
    loss: float
    triangle: FloatArray
    tip: FloatArray | None


def simplify_inward(
    polygon: Polygon, *, max_corners: int, minimum_area: float, negligible: float
) -> Polygon:
    """Reduce the corners of a polygon in plane metres to ``max_corners``, inside the original.

    Steps that cost at most ``negligible`` (m²) are always taken; none is taken that would leave
    less than ``minimum_area``, so a polygon may keep more corners than asked for.
    """
    oriented = shapely.orient_polygons(shapely.remove_repeated_points(polygon))
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(oriented)]
    spare = float(polygon.area) - minimum_area
    while True:
        corners = sum(len(ring) for ring in rings)
        step = _cheapest_step(rings, spare if corners > max_corners else min(spare, negligible))
        if step is None:
            return Polygon(rings[0], rings[1:])
        rings[step.ring] = _applied(rings[step.ring], step)
        spare -= step.loss


def _applied(ring: FloatArray, step: _Step) -> FloatArray:
    if step.tip is None:
        return np.delete(ring, step.index, axis=0)
    merged = ring.copy()
    merged[step.index] = step.tip
    return np.delete(merged, (step.index + 1) % len(ring), axis=0)


def _cheapest_step(rings: list[FloatArray], limit: float) -> _Step | None:
    """The step of least loss up to ``limit`` whose triangle meets no other border."""
    losses = [table for ring in rings for table in (_drop_losses(ring), _merge_losses(ring)[0])]
    sizes = np.cumsum([0, *map(len, losses)])
    loss = np.concatenate(losses)
    for place in np.argsort(loss):
        if not loss[place] <= limit:
            return None
        table = int(np.searchsorted(sizes, place, side="right")) - 1
        number, index = table // 2, int(place - sizes[table])
        step = _step(rings[number], number, index, float(loss[place]), merge=table % 2 == 1)
        if _is_free(step, rings):
            return step
    return None


def _step(ring: FloatArray, number: int, index: int, loss: float, *, merge: bool) -> _Step:
    following = (index + 1) % len(ring)
    if not merge:
        return _Step(number, index, loss, ring[[index - 1, index, following]], None)
    tip = _merge_losses(ring)[1][index]
    return _Step(number, index, loss, np.array([ring[index], tip, ring[following]]), tip)


def _turns(ring: FloatArray) -> FloatArray:
    """Cross product at each corner: positive when convex (interior on the left)."""
    return _cross(ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring)


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    result: FloatArray = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return result


def _drop_losses(ring: FloatArray) -> FloatArray:
    """Area lost by dropping each corner; inf where that would gain ground."""
    if len(ring) <= 3:
        return np.full(len(ring), np.inf)
    loss = _turns(ring) / 2
    return np.where(loss >= -_STRAIGHT_M2, np.maximum(loss, 0.0), np.inf)


def _merge_losses(ring: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Area lost by merging each corner with the next (inf where impossible), and the tips."""
    if len(ring) <= 3:
        return np.full(len(ring), np.inf), ring
    following = np.roll(ring, -1, axis=0)
    ahead = ring - np.roll(ring, 1, axis=0)
    back = following - np.roll(ring, -2, axis=0)
    edge = following - ring
    with np.errstate(divide="ignore", invalid="ignore"):
        cross = _cross(ahead, back)
        along, other = _cross(edge, back) / cross, _cross(edge, ahead) / cross
        tips = ring + along[:, None] * ahead
        loss = np.abs(_cross(edge, tips - ring)) / 2
    turns = _turns(ring)
    reflex = (turns < 0) & (np.roll(turns, -1) < 0)
    possible = reflex & (along > 0) & (other > 0) & np.isfinite(loss)
    return np.where(possible, loss, np.inf), tips


def _is_free(step: _Step, rings: list[FloatArray]) -> bool:
    """Whether nothing but the corners taken away touches the step's triangle."""
    for number, ring in enumerate(rings):
        foreign = np.ones(len(ring), dtype=bool)
        if number == step.ring:
            reach = (-1, 0, 1) if step.tip is None else (-1, 0, 1, 2)
            foreign[[(step.index + i) % len(ring) for i in reach]] = False
        if _any_inside(ring[foreign], step.triangle):
            return False
        if step.tip is not None and _any_cross(ring, foreign, step.triangle):
            return False
    return True


def _any_inside(points: FloatArray, triangle: FloatArray) -> bool:
    boxed = (points >= triangle.min(axis=0)) & (points <= triangle.max(axis=0))
    points = points[boxed.all(axis=1)]
    signs = [
        (b[0] - a[0]) * (points[:, 1] - a[1]) - (b[1] - a[1]) * (points[:, 0] - a[0])
        for a, b in zip(triangle, np.roll(triangle, -1, axis=0), strict=True)
    ]
    inside = (np.minimum.reduce(signs) >= 0) | (np.maximum.reduce(signs) <= 0)
    return bool(inside.any())


def _any_cross(ring: FloatArray, foreign: NDArray[np.bool_], triangle: FloatArray) -> bool:
    """Whether an edge between foreign corners runs through the two new sides of a merge."""
    whole = foreign & np.roll(foreign, -1)
    edges = np.stack([ring[whole], np.roll(ring, -1, axis=0)[whole]], axis=1)
    return bool(shapely.intersects(shapely.linestrings(triangle), shapely.linestrings(edges)).any())
