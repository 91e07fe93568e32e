"""Overlap areas along a block's border without cutting any geometry.

The area of an intersection is the shoelace sum over its outline, and its outline consists of the
stretches of either outline that lie inside the other. These follow from where edges cross, for all
parts at once in arrays; no polygon is built. Parts for which that is not clear beyond rounding (a
vertex on the block's border) are left to GEOS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.cells import BlockCells, BoolArray, cells_of
from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import Bounds, BoxBatch, GeometryArray, IdArray
from minplan.core.geometry.measure import to_equal_area_points

# Vertices nearer to the line than this (degrees, about 10 µm) are left to GEOS.
_ON_LINE: Final = 1e-10
# For fewer parts GEOS is as quick as the arrays (measured).
_FEW: Final = 8
# Up to so many pairs of boxes and edges, comparing all is quicker than cells and a tree.
_TABLE: Final = 100_000
# Boxes are grown by this (degrees, about 0.1 mm) before edges are looked for in them.
_GROWN: Final = 1e-9


class BlockBorder:
    """The border of a valid polygon or multipolygon in lon/lat, for any number of layers.

    Its grid of cells and its index of edges are made when the first crowd of parts needs them.
    """

    def __init__(self, geometry: BaseGeometry) -> None:
        shapely.prepare(geometry)
        self.geometry = geometry

    @cached_property
    def cells(self) -> BlockCells:
        """The block as cells of a grid."""
        return cells_of(self.geometry)

    @cached_property
    def _rings(self) -> tuple[FloatArray, BoolArray]:
        """Both ends (m, 4) of every edge, the inside on the left, and which edges open a ring."""
        rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(self.geometry)))
        points, ring = shapely.get_coordinates(rings, return_index=True)
        linked = ring[1:] == ring[:-1]
        edges = np.hstack([points[:-1][linked], points[1:][linked]])
        return edges, np.diff(ring[:-1][linked], prepend=-1) > 0

    @property
    def _edges(self) -> FloatArray:
        return self._rings[0]

    @cached_property
    def _edge_bounds(self) -> FloatArray:
        first, second = self._edges[:, :2], self._edges[:, 2:]
        bounds: FloatArray = np.hstack([np.minimum(first, second), np.maximum(first, second)])
        return bounds

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.linestrings(self._edges.reshape(-1, 2, 2)))

    @property
    def bounds(self) -> Bounds:
        """(west, south, east, north) in degrees."""
        return self.geometry.bounds  # type: ignore[no-any-return]

    def areas(self, near: BoxBatch, shapes: Callable[[IdArray], GeometryArray]) -> FloatArray:
        """Ellipsoidal area in m² of each polygon of ``near`` inside the block.

        ``shapes`` gives the geometry of parts; it is asked only for those that an edge may cross.
        """
        if len(near) < _FEW:
            return self._cut_areas(shapes(near.part), near.area_m2)
        area = np.zeros(len(near))
        undecided = np.arange(len(near))
        if len(near) * len(self._edges) > _TABLE:
            inside, outside = self.cells.classify(near.bounds)
            area[inside] = near.area_m2[inside]
            undecided = np.flatnonzero(~(inside | outside))
        met, edge = self._edges_met(near.bounds[undecided])
        meetings = np.bincount(met, minlength=len(undecided))
        clear = undecided[meetings == 0]
        corner = near.bounds[clear]
        held = clear[shapely.contains_xy(self.geometry, corner[:, 0], corner[:, 1])]
        area[held] = near.area_m2[held]
        crossing = undecided[meetings > 0]
        if len(crossing):
            found = shapes(near.part[crossing])
            place = np.cumsum(meetings > 0) - 1
            area[crossing], unclear = self._clipped_areas(found, place[met], edge)
            again = crossing[unclear]
            area[again] = self._cut_areas(found[unclear], near.area_m2[again])
        return area

    def _edges_met(self, bounds: FloatArray) -> tuple[IdArray, IdArray]:
        """Pairs of (box, edge) where the edge runs through the box, sorted by both."""
        grown = bounds + np.array([-_GROWN, -_GROWN, _GROWN, _GROWN])
        if len(grown) * len(self._edges) <= _TABLE:
            box, edge = _boxes_touching(grown, self._edge_bounds)
        else:
            box, edge = self._tree.query(shapely.box(*grown.T))
        # of the boxes that the edge's own box touches, the edge's line must part the corners
        x0, y0, x1, y1 = self._edges[edge].T
        west, south, east, north = grown[box].T
        across, along = x1 - x0, y1 - y0
        side = across * ((south + north) / 2 - y0) - along * ((west + east) / 2 - x0)
        reach = np.abs(across) * (north - south) / 2 + np.abs(along) * (east - west) / 2
        through = np.flatnonzero(np.abs(side) <= reach * (1 + _GROWN))
        order = through[np.lexsort((edge[through], box[through]))]
        return box[order], edge[order]

    def _clipped_areas(
        self, shapes: GeometryArray, met: IdArray, edge: IdArray
    ) -> tuple[FloatArray, BoolArray]:
        """Areas in m² of polygons inside the block, and for which of them this is unclear.

        Polygon ``met[i]`` may meet edge ``edge[i]`` of the block, and none but these.
        """
        rings = _RingEdges.of(shapes)
        crossings = _crossings(rings, self._edges[edge], met)
        base = to_equal_area_points(rings.start[rings.first_of_shape])
        plane = to_equal_area_points(rings.start) - base[rings.shape]
        points = to_equal_area_points(crossings.points) - base[rings.shape[crossings.ring_edge]]
        own = _inside_stretches(
            plane,
            plane[rings.next],
            rings.starts_inside(self.geometry, crossings.ring_edge),
            _Marks(crossings.ring_edge, crossings.along_ring, points),
        )
        block = to_equal_area_points(self._edges[edge].reshape(-1, 2)).reshape(-1, 4)
        border = _inside_stretches(
            block[:, :2] - base[met],
            block[:, 2:] - base[met],
            self._border_starts_inside(shapes, met, edge, crossings.pair),
            _Marks(crossings.pair, crossings.along_border, points),
        )
        doubled = np.bincount(rings.shape, weights=own, minlength=len(shapes))
        doubled += np.bincount(met, weights=border, minlength=len(shapes))
        return doubled / 2, crossings.unclear

    def _border_starts_inside(
        self, shapes: GeometryArray, met: IdArray, edge: IdArray, crossed: IdArray
    ) -> BoolArray:
        """Whether each edge of the block starts inside its polygon; pairs sorted by both.

        A run of edges through a polygon's box starts outside the box, unless it starts where the
        ring does.
        """
        follows = np.zeros(len(met), dtype=bool)
        follows[1:] = (met[1:] == met[:-1]) & (edge[1:] == edge[:-1] + 1)
        opens_ring = self._rings[1][edge]
        follows &= ~opens_ring
        head = np.flatnonzero(~follows)
        inside = np.zeros(len(head), dtype=bool)
        opening = np.flatnonzero(opens_ring[head])
        corner = self._edges[edge[head[opening]]]
        inside[opening] = shapely.contains_xy(
            shapes[met[head[opening]]], corner[:, 0], corner[:, 1]
        )
        run = np.cumsum(~follows) - 1
        counts = np.bincount(crossed, minlength=len(met))
        before = np.cumsum(counts) - counts
        since = before - before[head][run]
        result: BoolArray = inside[run] ^ (since % 2 == 1)
        return result

    def _cut_areas(self, shapes: GeometryArray, whole_m2: FloatArray) -> FloatArray:
        """The general case: GEOS decides and cuts."""
        if not len(shapes):
            return np.zeros(0)
        area = np.where(shapely.contains_properly(self.geometry, shapes), whole_m2, 0.0)
        crossing = np.flatnonzero((area == 0) & shapely.intersects(self.geometry, shapes))
        area[crossing] = ellipsoidal_area(shapely.intersection(shapes[crossing], self.geometry))
        return area


def _boxes_touching(boxes: FloatArray, others: FloatArray) -> tuple[IdArray, IdArray]:
    """Pairs of indexes of boxes (west, south, east, north) that touch."""
    west, south, east, north = (column[:, None] for column in boxes.T)
    touching = (others[:, 0] <= east) & (others[:, 2] >= west)
    touching &= (others[:, 1] <= north) & (others[:, 3] >= south)
    box, other = np.nonzero(touching)
    return box, other


@dataclass(frozen=True, slots=True)
class _RingEdges:
    """All edges of polygons: outlines counter-clockwise, holes clockwise, in order.

    ``first_of_shape`` and ``first_of_ring`` are the first edges of each, ``next`` is the edge that
    follows in the ring.
    """

    start: FloatArray
    shape: IdArray
    ring: IdArray
    first_of_shape: IdArray
    first_of_ring: IdArray
    next: IdArray

    @classmethod
    def of(cls, shapes: GeometryArray) -> _RingEdges:
        polygons, shape_of = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
        rings, polygon_of = shapely.get_rings(polygons, return_index=True)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        linked = ring[1:] == ring[:-1]
        ring = ring[:-1][linked]
        shape = shape_of[polygon_of[ring]]
        first = np.flatnonzero(np.diff(ring, prepend=-1))
        following = np.arange(1, len(ring) + 1)
        following[np.append(first[1:], len(ring)) - 1] = first
        return cls(
            start=points[:-1][linked],
            shape=shape,
            ring=ring,
            first_of_shape=np.flatnonzero(np.diff(shape, prepend=-1)),
            first_of_ring=first,
            next=following,
        )

    def starts_inside(self, block: BaseGeometry, crossed: IdArray) -> BoolArray:
        """Whether each edge starts inside the block; ``crossed`` lists an edge per crossing."""
        first = self.first_of_ring
        inside = shapely.contains_xy(block, self.start[first, 0], self.start[first, 1])
        counts = np.bincount(crossed, minlength=len(self.ring))
        before = np.cumsum(counts) - counts
        since = before - before[first][self.ring]
        result: BoolArray = inside[self.ring] ^ (since % 2 == 1)
        return result


@dataclass(frozen=True, slots=True)
class _Crossings:
    """Where ring edges cross edges of the block.

    ``ring_edge`` and ``pair`` (an index of the pairs of polygon and block edge) per crossing, with
    the place along either (0 to 1) and the point; ``unclear`` per polygon.
    """

    ring_edge: IdArray
    pair: IdArray
    along_ring: FloatArray
    along_border: FloatArray
    points: FloatArray
    unclear: BoolArray


def _crossings(rings: _RingEdges, edges: FloatArray, met: IdArray) -> _Crossings:
    """Compare block edge ``edges[i]`` (both ends) with all edges of polygon ``met[i]``."""
    sizes = np.bincount(rings.shape)
    counts = sizes[met]
    pair = np.repeat(np.arange(len(met)), counts)
    before = np.cumsum(counts) - counts
    every = np.arange(len(pair))
    ring_edge = np.repeat(rings.first_of_shape[met] - before, counts) + every
    origin, span = edges[:, :2], edges[:, 2:] - edges[:, :2]
    # on which side of the block's edge every ring edge starts and ends
    away_x = rings.start[:, 0][ring_edge] - np.repeat(origin[:, 0], counts)
    away_y = rings.start[:, 1][ring_edge] - np.repeat(origin[:, 1], counts)
    side = np.repeat(span[:, 0], counts) * away_y - np.repeat(span[:, 1], counts) * away_x
    near = np.flatnonzero(np.abs(side) <= np.hypot(*span.T).max() * _ON_LINE)
    left = side > 0
    to_next = rings.next - np.arange(len(rings.next))
    straddling = np.flatnonzero(left != left[every + to_next[ring_edge]])
    ring_edge, of = ring_edge[straddling], pair[straddling]
    start = rings.start[ring_edge] - origin[of]
    along = rings.start[rings.next[ring_edge]] - rings.start[ring_edge]
    # and on which side of the ring edge the block's edge starts and ends
    first = _cross(start, along)
    second = first + _cross(along, span[of])
    crosses = (first > 0) != (second > 0)
    ahead = side[straddling] / (_cross(span[of], start) - _cross(span[of], start + along))
    unclear = np.zeros(len(sizes), dtype=bool)
    unclear[met[pair[near]]] |= _reaches(
        np.column_stack([away_x[near], away_y[near]]), span[pair[near]]
    )
    on_ring = np.abs(first) <= np.hypot(along[:, 0], along[:, 1]) * _ON_LINE
    unclear[met[of[on_ring]]] |= _reaches(-start[on_ring], along[on_ring])
    return _Crossings(
        ring_edge[crosses],
        of[crosses],
        ahead[crosses],
        first[crosses] / (first[crosses] - second[crosses]),
        rings.start[ring_edge[crosses]] + ahead[crosses, None] * along[crosses],
        unclear,
    )


def _reaches(points: FloatArray, span: FloatArray) -> BoolArray:
    """Whether points near the line of an edge from the origin lie beside the edge itself."""
    along, length = np.sum(points * span, axis=1), np.hypot(span[:, 0], span[:, 1])
    slack = _ON_LINE * length
    result: BoolArray = (along >= -slack) & (along <= length * length + slack)
    return result


@dataclass(frozen=True, slots=True)
class _Marks:
    """Points on edges: the edge, the place along it (0 to 1) and the point in metres."""

    edge: IdArray
    place: FloatArray
    point: FloatArray


def _inside_stretches(
    start: FloatArray, end: FloatArray, inside: BoolArray, marks: _Marks
) -> FloatArray:
    """Shoelace terms (twice the area in m²) of the stretches of each edge that lie inside.

    An edge that starts ``inside`` or outside changes sides at every mark on it.
    """
    order = np.lexsort((marks.place, marks.edge))
    edge, point = marks.edge[order], marks.point[order]
    counts = np.bincount(edge, minlength=len(start))
    last = np.cumsum(counts)
    rank = np.arange(len(edge)) - (last - counts)[edge]
    previous = np.where((rank == 0)[:, None], start[edge], np.roll(point, 1, axis=0))
    weights = _cross(previous, point) * (inside[edge] ^ (rank % 2 == 1))
    terms = np.bincount(edge, weights=weights, minlength=len(start)).astype(np.float64)
    marked = counts > 0
    rest = start.copy()
    rest[marked] = point[last[marked] - 1]
    terms += _cross(rest, end) * (inside ^ (counts % 2 == 1))
    return terms


def _cross(first: FloatArray, second: FloatArray) -> FloatArray:
    result: FloatArray = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    return result
