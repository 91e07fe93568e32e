"""Vertices of whole layers at once: doubled ones, short edges, spikes, and faults made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from minplan.core.quality.fault import Fault, More
from minplan.core.quality.submission import Context
from minplan.core.quality.view import BoolArray, FloatArray, IndexArray, View
from minplan.core.text import Text

#: Places of one feature that are kept with its fault.
_PLACES = 50


@dataclass(frozen=True, slots=True)
class Corners:
    """The vertices of a layer: lon/lat, metres, feature, and their neighbours along the ring.

    ``before`` and ``after`` are indexes, −1 at the ends of lines; doubled vertices and the closing
    vertex of rings are left out.
    """

    lonlat: FloatArray
    metres: FloatArray
    feature: IndexArray
    before: IndexArray
    after: IndexArray


def steps(view: View) -> tuple[FloatArray, IndexArray]:
    """Length in metres of the step to the next vertex of the same ring, and the vertex it ends at.

    Closing vertices of rings end the last step.
    """
    _, metres, ring = view.points
    inside = np.flatnonzero(ring[1:] == ring[:-1]) + 1
    length = np.hypot(*(metres[inside] - metres[inside - 1]).T)
    return length, inside.astype(np.int64)


def corners(view: View, same_m: float) -> Corners:
    """The vertices of a layer without those nearer than ``same_m`` metres to the one before."""
    lonlat, metres, ring = view.points
    length, end = steps(view)
    kept = np.ones(len(lonlat), dtype=bool)
    kept[end[length < same_m]] = False
    shapes, owner = view.rings
    closed = shapely.get_type_id(shapes) == shapely.GeometryType.LINEARRING
    last = np.append(ring[1:] != ring[:-1], True) if len(ring) else np.zeros(0, dtype=bool)
    kept[last & closed[ring]] = False
    held = np.flatnonzero(kept)
    ring = ring[held]
    before, after = _neighbours(ring, closed)
    return Corners(lonlat[held], metres[held], owner[ring], before, after)


def _neighbours(ring: IndexArray, closed: BoolArray) -> tuple[IndexArray, IndexArray]:
    number = np.arange(len(ring))
    if not len(ring):
        return number, number
    first = np.append(True, ring[1:] != ring[:-1])
    last = np.append(first[1:], True)
    starts, ends = number[first], number[last]
    place = np.cumsum(first) - 1
    round_ = closed[ring]
    before = np.where(first, np.where(round_, ends[place], -1), number - 1)
    after = np.where(last, np.where(round_, starts[place], -1), number + 1)
    return before.astype(np.int64), after.astype(np.int64)


def sharp(found: Corners, degrees: float) -> IndexArray:
    """Indexes of corners at which the ring turns back by an angle below ``degrees``."""
    inner = np.flatnonzero((found.before >= 0) & (found.after >= 0) & (found.before != found.after))
    here = found.metres[inner]
    one, other = found.metres[found.before[inner]] - here, found.metres[found.after[inner]] - here
    cross = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    dot = (one * other).sum(axis=1)
    angle = np.degrees(np.arctan2(np.abs(cross), dot))
    found_at: IndexArray = inner[angle < degrees].astype(np.int64)
    return found_at


def by_feature(
    ctx: Context,
    view: View,
    features: IndexArray,
    places: FloatArray,
    message: Callable[[int], Text],
) -> Iterator[Fault | More]:
    """One fault for every feature, with its places (lon/lat) as points.

    ``features`` and ``places`` have one length; ``message`` is made from the number of places.
    """
    order = np.argsort(features, kind="stable")
    held, start, count = np.unique(features[order], return_index=True, return_counts=True)
    ordered = places[order]

    def make(number: int) -> Fault:
        first, several = int(start[number]), int(count[number])
        ground = shapely.multipoints(ordered[first : first + min(several, _PLACES)])
        where = ground if several > 1 else shapely.get_geometry(ground, 0)
        return ctx.at(view, int(held[number]), message(several), value=str(several), geometry=where)

    yield from ctx.each(np.arange(len(held)), make)
