"""Overlap areas along a block's border without general polygon cutting.

Most parts that cross the border meet a single edge of the block, far from its corners. Within
their bounding box the block is a half-plane, so their area inside follows from one pass over their
vertices, for all parts at once and without building any geometry. The rest (a corner of the block
nearby, a vertex on the line) is left to GEOS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
# For fewer parts GEOS is quicker than the arrays (measured: they break even at about ten).
_FEW: Final = 8
# Boxes are grown by this (degrees, about 0.1 mm) before edges are looked for in them.
_GROWN: Final = 1e-9


@dataclass(frozen=True, slots=True)
class BlockBorder:
    """The border of a polygon in lon/lat, ready for any number of layers.

    ``edges`` is (m, 4): both ends of every edge, the inside on the left; ``tree`` finds them.
    """

    geometry: BaseGeometry
    cells: BlockCells
    edges: FloatArray
    tree: shapely.STRtree

    @classmethod
    def of(cls, geometry: BaseGeometry) -> BlockBorder:
        """Index a valid polygon or multipolygon."""
        shapely.prepare(geometry)
        rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(geometry)))
        points, ring = shapely.get_coordinates(rings, return_index=True)
        linked = ring[1:] == ring[:-1]
        edges = np.hstack([points[:-1][linked], points[1:][linked]])
        tree = shapely.STRtree(shapely.linestrings(edges.reshape(-1, 2, 2)))
        return cls(geometry, cells_of(geometry), edges, tree)

    @property
    def bounds(self) -> Bounds:
        """(west, south, east, north) in degrees."""
        return self.geometry.bounds  # type: ignore[no-any-return]

    def areas(self, near: BoxBatch, shapes: Callable[[IdArray], GeometryArray]) -> FloatArray:
        """Ellipsoidal area in m² of each polygon of ``near`` inside the block.

        ``shapes`` gives the geometry of parts; it is asked only for those that an edge may cross.
        """
        inside, outside = self.cells.classify(near.bounds)
        area = np.where(inside, near.area_m2, 0.0)
        undecided = np.flatnonzero(~(inside | outside))
        if len(undecided) < _FEW:
            if len(undecided):
                parts, whole_m2 = near.part[undecided], near.area_m2[undecided]
                area[undecided] = self._cut_areas(shapes(parts), whole_m2)
            return area
        met, edge = self._edges_met(near.bounds[undecided])
        meetings = np.bincount(met, minlength=len(undecided))
        clear = undecided[meetings == 0]
        corner = near.bounds[clear]
        held = clear[shapely.contains_xy(self.geometry, corner[:, 0], corner[:, 1])]
        area[held] = near.area_m2[held]
        crossing = undecided[meetings > 0]
        edge_of = np.full(len(undecided), -1)
        edge_of[met] = edge
        edge_of[meetings > 1] = -1
        area[crossing] = self._crossing_areas(
            shapes(near.part[crossing]), edge_of[meetings > 0], near.area_m2[crossing]
        )
        return area

    def _edges_met(self, bounds: FloatArray) -> tuple[IdArray, IdArray]:
        """Pairs of (box, edge) where the edge runs through the box."""
        grown = bounds + np.array([-_GROWN, -_GROWN, _GROWN, _GROWN])
        box, edge = self.tree.query(shapely.box(*grown.T))
        # of the boxes that the edge's own box touches, the edge's line must part the corners
        x0, y0, x1, y1 = self.edges[edge].T
        west, south, east, north = grown[box].T
        across, along = x1 - x0, y1 - y0
        side = across * ((south + north) / 2 - y0) - along * ((west + east) / 2 - x0)
        reach = np.abs(across) * (north - south) / 2 + np.abs(along) * (east - west) / 2
        through = np.abs(side) <= reach * (1 + _GROWN)
        return box[through], edge[through]

    def _crossing_areas(
        self, shapes: GeometryArray, edge: IdArray, whole_m2: FloatArray
    ) -> FloatArray:
        area = np.zeros(len(shapes))
        single = np.flatnonzero(edge >= 0)
        area[single], unclear = _half_plane_areas(shapes[single], self.edges[edge[single]])
        general = edge < 0
        general[single[unclear]] = True
        rest = np.flatnonzero(general)
        area[rest] = self._cut_areas(shapes[rest], whole_m2[rest])
        return area

    def _cut_areas(self, shapes: GeometryArray, whole_m2: FloatArray) -> FloatArray:
        """The general case: GEOS decides and cuts."""
        area = np.where(shapely.contains_properly(self.geometry, shapes), whole_m2, 0.0)
        crossing = np.flatnonzero((area == 0) & shapely.intersects(self.geometry, shapes))
        area[crossing] = ellipsoidal_area(shapely.intersection(shapes[crossing], self.geometry))
        return area


def _half_plane_areas(shapes: GeometryArray, edges: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Areas in m² of polygons left of one edge each, and for which of them this is unclear.

    The shoelace sum over the pieces' outlines: what is left of the rings, and the stretches of the
    edge's line between every odd and the next even crossing.
    """
    first, second, of = _ring_edges(shapes)
    x0, y0, x1, y1 = edges[of].T
    across, along = x1 - x0, y1 - y0
    length = np.hypot(across, along)
    here = (across * (first[:, 1] - y0) - along * (first[:, 0] - x0)) / length
    there = (across * (second[:, 1] - y0) - along * (second[:, 0] - x0)) / length
    unclear = np.bincount(of, weights=np.abs(here) < _ON_LINE, minlength=len(shapes)) > 0
    crosses = (here > 0) != (there > 0)
    share = here[crosses] / (here[crosses] - there[crosses])
    cuts = first[crosses] + share[:, None] * (second[crosses] - first[crosses])
    base = to_equal_area_points(edges[:, :2])
    start = to_equal_area_points(first) - base[of]
    end = to_equal_area_points(second) - base[of]
    cut = to_equal_area_points(cuts) - base[of[crosses]]
    leaving = here[crosses] > 0
    place = np.flatnonzero(crosses)
    start[place[~leaving]], end[place[leaving]] = cut[~leaving], cut[leaving]
    kept = (here > 0) | (there > 0)
    doubled = np.bincount(of[kept], weights=_cross(start[kept], end[kept]), minlength=len(shapes))
    if len(cut):
        ring = of[crosses]
        position = cuts[:, 0] * across[crosses] + cuts[:, 1] * along[crosses]
        order = np.lexsort((position, ring))
        stretch = _cross(cut[order[0::2]], cut[order[1::2]])
        doubled += np.bincount(ring[order[0::2]], weights=stretch, minlength=len(shapes))
    return doubled / 2, unclear


def _ring_edges(shapes: GeometryArray) -> tuple[FloatArray, FloatArray, IdArray]:
    """Both ends of every edge, outlines counter-clockwise and holes clockwise, and the polygon."""
    polygons, shape_of = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    linked = ring[1:] == ring[:-1]
    return points[:-1][linked], points[1:][linked], shape_of[polygon_of[ring[:-1][linked]]]


def _cross(first: FloatArray, second: FloatArray) -> FloatArray:
    result: FloatArray = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    return result
