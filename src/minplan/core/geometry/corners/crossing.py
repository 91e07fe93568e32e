"""Boundaries that cross themselves: where, and which order of corners would mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from minplan.core.geometry.crs import FloatArray
from minplan.core.text import Text

_TRY_SWAPS: Final = 200


@dataclass(frozen=True, slots=True)
class Crossing:
    """Edges ``first`` and ``second`` (index of their first corner) meet at ``point`` (lon, lat)."""

    first: int
    second: int
    point: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An order of corners (indexes) under which the boundary no longer crosses itself."""

    order: tuple[int, ...]
    label: Text


def is_simple(lonlat: FloatArray) -> bool:
    """Whether corners (n, 2) in this order bound an area without crossing."""
    if len(lonlat) < 3:
        return False
    polygon = Polygon(lonlat)
    return bool(polygon.is_valid) and polygon.area > 0


def find_crossing(lonlat: FloatArray) -> Crossing | None:
    """Return the first place where two edges meet that should not; None when there is none."""
    count = len(lonlat)
    starts = np.stack([lonlat, np.roll(lonlat, -1, axis=0)], axis=1)
    edges = shapely.linestrings(starts)
    tree = shapely.STRtree(edges)
    pairs = tree.query(edges, predicate="intersects").T
    for i, j in sorted((int(i), int(j)) for i, j in pairs if i < j):
        shared = shapely.intersection(edges[i], edges[j])
        adjacent = j == i + 1 or (i == 0 and j == count - 1)
        if adjacent and not isinstance(shared, LineString):
            continue
        if shared.is_empty:
            continue
        x, y = shapely.get_coordinates(shared)[0]
        return Crossing(i, j, (float(x), float(y)))
    return None


def propose_order(lonlat: FloatArray) -> Proposal | None:
    """Return the first usual mistake whose correction gives a simple boundary.

    Tried in turn: columns read as rows, two neighbouring corners swapped, and at last the corners
    sorted by direction from their middle.
    """
    for order, label in _candidates(lonlat):
        if is_simple(lonlat[list(order)]):
            return Proposal(tuple(order), label)
    return None


def _candidates(lonlat: FloatArray) -> Iterator[tuple[Sequence[int], Text]]:
    count = len(lonlat)
    for columns in (2, 3, 4):
        if count >= 2 * columns - 1 and count >= 4:
            order = [i for start in range(columns) for i in range(start, count, columns)]
            yield order, Text(f"按 {columns} 栏读取", f"reading {columns} columns")
    if count <= _TRY_SWAPS:
        for i in range(count):
            order = list(range(count))
            j = (i + 1) % count
            order[i], order[j] = order[j], order[i]
            yield (
                order,
                Text(f"对调第 {i + 1}、{j + 1} 点", f"swapping corners {i + 1} and {j + 1}"),
            )
    offset = lonlat - lonlat.mean(axis=0)
    angle = np.argsort(-np.arctan2(offset[:, 1], offset[:, 0]), kind="stable")
    start = int(np.flatnonzero(angle == 0)[0])
    order = [int(i) for i in np.roll(angle, -start)]
    yield order, Text("按方位重新排序", "sorting by direction")
