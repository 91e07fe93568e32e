"""Fewer corners without ever gaining ground.

Two steps take area away and one corner with it: dropping a convex corner cuts off its triangle;
merging the two corners of an edge, of which at least one is reflex, into the crossing of the
lines of its neighbour edges straightens a bend. The cheapest step that meets no other border is
taken first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import IdArray

# A corner this flat (m²) is on a straight line, whichever way it bends.
_STRAIGHT_M2: Final = 1e-5


_DROP, _MERGE = 0, 1


@dataclass(frozen=True, slots=True)
class _Step:
    """Corner ``index`` of ``ring`` goes (``tip`` None), or it and the next merge into ``tip``."""

    ring: int
    index: int
    loss: float
    triangle: FloatArray
    tip: FloatArray | None


class _Ring:
    """Corners with the area lost by dropping each, and by merging each with the next."""

    def __init__(self, corners: FloatArray) -> None:
        self.corners = corners
        self.losses = np.empty((2, len(corners)))
        self.refresh(np.arange(len(corners)))

    def refresh(self, index: IdArray) -> None:
        """Measure the steps of some corners anew."""
        if len(self.corners) <= 3:
            self.losses[:] = np.inf
            return
        self.losses[_DROP, index] = _drop_losses(self.corners, index)
        self.losses[_MERGE, index] = _merges(self.corners, index)[0]

    def apply(self, step: _Step) -> None:
        """Take a step, and measure those around it anew."""
        gone = step.index
        if step.tip is not None:
            self.corners[step.index] = step.tip
            gone = (step.index + 1) % len(self.corners)
        self.corners = np.delete(self.corners, gone, axis=0)
        self.losses = np.delete(self.losses, gone, axis=1)
        count = len(self.corners)
        self.refresh(np.unique(np.arange(step.index - 3, step.index + 3) % count))


def simplify_inward(
    polygon: Polygon, *, max_corners: int, most_loss: float, negligible: float
) -> Polygon:
    """Reduce the corners of a polygon in plane metres to ``max_corners``, inside the original.

    Steps that cost at most ``negligible`` (m²) are always taken. All steps together cost at most
    ``most_loss`` (m²), so a polygon may keep more corners than asked for.
    """
    oriented = shapely.orient_polygons(shapely.remove_repeated_points(polygon))
    rings = [_Ring(shapely.get_coordinates(ring)[:-1]) for ring in shapely.get_rings(oriented)]
    spare = most_loss
    while True:
        corners = sum(len(ring.corners) for ring in rings)
        limit = spare if corners > max_corners else min(spare, negligible)
        step = _cheapest_step(rings, limit)
        if step is None:
            return Polygon(rings[0].corners, [ring.corners for ring in rings[1:]])
        rings[step.ring].apply(step)
        spare -= step.loss


def _cheapest_step(rings: list[_Ring], limit: float) -> _Step | None:
    """The step of least loss up to ``limit`` whose triangle meets no other border.

    Steps found in the way of a border are shut until their surroundings change.
    """
    while True:
        number = min(range(len(rings)), key=lambda i: float(rings[i].losses.min()))
        ring = rings[number]
        kind, index = divmod(int(np.argmin(ring.losses)), len(ring.corners))
        if not ring.losses[kind, index] <= limit:
            return None
        step = _step(ring, number, index, merge=kind == _MERGE)
        if _is_free(step, rings):
            return step
        ring.losses[kind, index] = np.inf


def _step(ring: _Ring, number: int, index: int, *, merge: bool) -> _Step:
    corners = ring.corners
    following = (index + 1) % len(corners)
    if not merge:
        loss = float(ring.losses[_DROP, index])
        return _Step(number, index, loss, corners[[index - 1, index, following]], None)
    losses, tips = _merges(corners, np.array([index]))
    triangle = np.array([corners[index], tips[0], corners[following]])
    return _Step(number, index, float(losses[0]), triangle, tips[0])


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    result: FloatArray = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return result


def _drop_losses(corners: FloatArray, index: IdArray) -> FloatArray:
    """Area lost by dropping corners; inf where that would gain ground."""
    here, after = corners[index], corners[(index + 1) % len(corners)]
    loss = _cross(here - corners[index - 1], after - here) / 2
    return np.where(loss >= -_STRAIGHT_M2, np.maximum(loss, 0.0), np.inf)


def _merges(corners: FloatArray, index: IdArray) -> tuple[FloatArray, FloatArray]:
    """Area lost by merging corners with the next (inf where impossible), and the tips."""
    count = len(corners)
    here, after = corners[index], corners[(index + 1) % count]
    ahead, back = here - corners[index - 1], after - corners[(index + 2) % count]
    edge = after - here
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        cross = _cross(ahead, back)
        along, other = _cross(edge, back) / cross, _cross(edge, ahead) / cross
        tips = here + along[:, None] * ahead
        loss = np.abs(_cross(edge, tips - here)) / 2
        reflex, next_reflex = _cross(ahead, edge) < 0, _cross(back, edge) < 0
        # The tip lies ahead of a reflex corner, and on the neighbour edge of a convex one.
        ahead_of_here = np.where(reflex, along > 0, (along > -1) & (along < 0))
        ahead_of_next = np.where(next_reflex, other > 0, (other > -1) & (other < 0))
    possible = (reflex | next_reflex) & ahead_of_here & ahead_of_next & np.isfinite(loss)
    return np.where(possible, loss, np.inf), tips


def _is_free(step: _Step, rings: list[_Ring]) -> bool:
    """Whether nothing but the corners taken away touches the step's triangle."""
    for number, ring in enumerate(rings):
        corners = ring.corners
        foreign = np.ones(len(corners), dtype=bool)
        if number == step.ring:
            reach = (-1, 0, 1) if step.tip is None else (-1, 0, 1, 2)
            foreign[[(step.index + i) % len(corners) for i in reach]] = False
        if _any_inside(corners[foreign], step.triangle):
            return False
        if step.tip is not None and _any_cross(corners, foreign, step.triangle):
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


def _any_cross(corners: FloatArray, foreign: NDArray[np.bool_], triangle: FloatArray) -> bool:
    """Whether an edge between foreign corners runs through the two new sides of a merge."""
    after = np.roll(corners, -1, axis=0)
    near = (np.minimum(corners, after) <= triangle.max(axis=0)) & (
        np.maximum(corners, after) >= triangle.min(axis=0)
    )
    chosen = foreign & np.roll(foreign, -1) & near.all(axis=1)
    if not chosen.any():
        return False
    edges = shapely.linestrings(np.stack([corners[chosen], after[chosen]], axis=1))
    return bool(shapely.intersects(shapely.linestrings(triangle), edges).any())
