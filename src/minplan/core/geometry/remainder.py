"""What would make it pass: the largest part of a block that keeps off forbidden ground."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import cut_area, ellipsoidal_area, planar_system
from minplan.core.geometry.crs import CoordinateSystem, FloatArray, from_lonlat, to_lonlat
from minplan.core.geometry.inward import simplify_inward
from minplan.core.geometry.measure import geometry_array, grow_bounds, metres_per_degree
from minplan.core.geometry.overlay import buffer_m, prepare
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.geometry.repair import densify
from minplan.core.tolerances import (
    CORNER_DECIMALS,
    NOISE_AREA_M2,
    SECOND_DECIMALS,
    SLIVER_WIDTH_M,
)

#: Corners of a proposed part unless more are asked for (design).
MAX_CORNERS: Final = 40
# Distance (m) kept from forbidden ground beyond the clearance, so that rounding corners to the
# centimetre cannot touch it again; widened when the first is not enough.
_MARGINS_M: Final = (0.03, 0.1, 0.5, 2.0)
# A barrier of many corners is thinned by this (m) first, and kept off by as much more: bringing
# its corners down afterwards costs far more ground.
_MANY_CORNERS: Final = 300
_THIN_M: Final = 0.25
# Areas in the plane exceed ellipsoidal ones by less than this.
_PLANE_EXCESS: Final = 1.001
# A rounded corner may lie outside by this (m): the noise of a projection and back.
_ON_BORDER_M: Final = 1e-4
# Grid steps searched around a corner, more where an angle is narrow.
_SNAP_REACH: Final = (2, 12, 60)
# Lon/lat edges are densified to this (degrees) before projection: 0.1 mm of bulge.
_EDGE_DEGREES: Final = 0.0005


@dataclass(frozen=True, slots=True)
class CompliantPart:
    """The largest compliant part of a block (合规剩余范围).

    ``polygonal`` has its edges straight in ``system`` when the block's were straight in a
    projection, else in lon/lat. ``projected`` and ``geographic`` list the same corners ring by
    ring, outer ring first and clockwise from the north-west, holes counter-clockwise, first corner
    not repeated: (n, 2) east/north in metres of ``system`` (with zone prefix) and lon/lat in
    degrees, each rounded as licences write them. Areas are ellipsoidal m² of the corners;
    ``lost_share`` is between 0 and 1.
    """

    polygonal: Polygonal
    system: CoordinateSystem
    area_m2: float
    lost_m2: float
    lost_share: float
    projected: tuple[FloatArray, ...]
    geographic: tuple[FloatArray, ...]

    @property
    def corner_count(self) -> int:
        """Number of corners of all rings."""
        return sum(len(ring) for ring in self.projected)


@dataclass(frozen=True, slots=True)
class _Plane:
    """Metres in which the block's edges are straight, and the grid its corners are written on.

    A Gauss-Krüger zone, or lon/lat stretched to metres about a centre: an affine plane, in which
    lon/lat edges stay straight.
    """

    zone: CoordinateSystem | None
    centre: tuple[float, float]
    grid: tuple[float, float]

    @classmethod
    def of(cls, block: Polygonal, decimals: int) -> _Plane:
        west, south, east, north = block.bounds
        centre = (round((west + east) / 2 * 3600) / 3600, round((south + north) / 2 * 3600) / 3600)
        if block.edge_system.is_projected:
            step = 10.0**-decimals
            return cls(planar_system(block), centre, (step, step))
        step = 10.0**-SECOND_DECIMALS / 3600
        scale = metres_per_degree(centre[1])
        return cls(None, centre, (step * scale[0], step * scale[1]))

    def forward(self, geometry: Any) -> Any:
        if self.zone is None:
            scale = np.array(metres_per_degree(self.centre[1]))
            return shapely.transform(geometry, lambda c: (c - self.centre) * scale)
        zone = self.zone
        return shapely.transform(geometry, lambda c: from_lonlat(zone, c))

    def backward(self, geometry: Any) -> Any:
        if self.zone is None:
            scale = np.array(metres_per_degree(self.centre[1]))
            return shapely.transform(geometry, lambda c: c / scale + self.centre)
        zone = self.zone
        return shapely.transform(geometry, lambda c: to_lonlat(zone, c[:, 0], c[:, 1]))


def largest_compliant_part(
    block: Polygonal,
    forbidden: Any,
    *,
    minimum_area_m2: float,
    clearance_m: float = 0.0,
    max_corners: int = MAX_CORNERS,
    decimals: int = CORNER_DECIMALS,
) -> CompliantPart | None:
    """The largest single piece of ``block`` at least ``clearance_m`` off ``forbidden`` ground.

    ``forbidden`` is one lon/lat geometry or an array. Strips narrower than SLIVER_WIDTH_M are
    given up; corners are simplified inward to ``max_corners`` (more are kept where fewer would
    cost over 5 % of the ground or leave less than the minimum) and rounded to ``decimals`` metres
    (0.001″ when the block's edges are straight in lon/lat). None when nothing of
    ``minimum_area_m2`` is left.
    """
    plane = _Plane.of(block, decimals)
    barred = _barred_ground(block, forbidden, clearance_m)
    ground = plane.forward(_with_edges_of(block, plane))
    barrier = plane.forward(shapely.segmentize(barred, _EDGE_DEGREES))
    for margin in _MARGINS_M:
        piece = _largest_piece(ground, barrier, margin)
        if piece.area < minimum_area_m2:
            return None
        simple = simplify_inward(
            piece,
            max_corners=max_corners,
            most_loss=min(piece.area - _PLANE_EXCESS * minimum_area_m2, piece.area / 20),
            negligible=NOISE_AREA_M2,
        )
        snapped = _snapped_inside(simple, plane)
        found = _as_polygonal(snapped, plane, block)
        if found is not None and _complies(found, block, barred):
            part = _described(found, block, decimals)
            return part if part.area_m2 >= minimum_area_m2 else None
    return None


def _with_edges_of(block: Polygonal, plane: _Plane) -> BaseGeometry:
    """The block's geometry; edges of another zone than the plane's are densified."""
    edges = block.edge_system
    if plane.zone is None or (edges.width, edges.zone) == (plane.zone.width, plane.zone.zone):
        return block.geometry
    return densify(block.geometry, edges)


def _barred_ground(block: Polygonal, forbidden: Any, clearance_m: float) -> BaseGeometry:
    """Union of the forbidden ground near the block, grown by the clearance."""
    near = shapely.box(*grow_bounds(block.bounds, clearance_m + 10.0))
    ground = shapely.union_all(geometry_array(forbidden))
    ground = shapely.intersection(ground, near)
    if clearance_m > 0 and not shapely.is_empty(ground):
        return buffer_m(ground, clearance_m + 0.02)
    return ground


def _largest_piece(ground: BaseGeometry, barrier: BaseGeometry, margin: float) -> Polygon:
    """The largest piece left, without strips and necks below the sliver width."""
    thin = _THIN_M if shapely.get_num_coordinates(barrier) > _MANY_CORNERS else 0.0
    wall = shapely.buffer(shapely.simplify(barrier, thin), margin + thin, join_style="mitre")
    free = shapely.difference(ground, wall)
    half = SLIVER_WIDTH_M / 2
    cores = shapely.get_parts(shapely.buffer(free, -half, join_style="mitre"))
    if not len(cores):
        return Polygon()
    core = cores[np.argmax(shapely.area(cores))]
    opened = shapely.intersection(shapely.buffer(core, half, join_style="mitre"), free)
    pieces = [p for p in shapely.get_parts(opened) if isinstance(p, Polygon)]
    return max(pieces, key=lambda p: p.area, default=Polygon())


def _snapped_inside(polygon: Polygon, plane: _Plane) -> Polygon:
    """Each corner at the nearest point of the grid on the inner side of both its edges."""
    grid = np.array(plane.grid)
    rings = []
    for ring in _rings(shapely.orient_polygons(polygon)):
        corners = shapely.get_coordinates(ring)[:-1]
        edges = np.roll(corners, -1, axis=0) - corners
        inward = np.column_stack([-edges[:, 1], edges[:, 0]]) / np.hypot(*edges.T)[:, None]
        sides = np.stack([np.roll(inward, 1, axis=0), inward], axis=1)
        rings.append([_snap_corner(c, n, grid) for c, n in zip(corners, sides, strict=True)])
    return Polygon(rings[0], rings[1:])


def _rings(polygon: Polygon) -> list[BaseGeometry]:
    return list(shapely.get_rings(polygon))


def _snap_corner(corner: FloatArray, inward: FloatArray, grid: FloatArray) -> FloatArray:
    """The nearest grid point towards both ``inward`` normals; at a sharp angle it may be far."""
    nearest: FloatArray = np.round(corner / grid) * grid
    for reach in _SNAP_REACH:
        steps = np.arange(-reach, reach + 1)
        choices = nearest + np.stack(np.meshgrid(steps, steps), axis=2).reshape(-1, 2) * grid
        choices = choices[((choices - corner) @ inward.T >= -_ON_BORDER_M).all(axis=1)]
        if len(choices):
            found: FloatArray = choices[np.argmin(np.hypot(*(choices - corner).T))]
            return found
    return nearest


def _as_polygonal(polygon: Polygon, plane: _Plane, block: Polygonal) -> Polygonal | None:
    """The corners in lon/lat, in licence order; None when rounding made the shape invalid."""
    if not polygon.is_valid or polygon.area == 0:
        return None
    rings = [_from_north_west(shapely.get_coordinates(r)[:-1]) for r in _clockwise_rings(polygon)]
    shape = plane.backward(Polygon(rings[0], rings[1:]))
    edges = plane.zone if plane.zone is not None else block.edge_system
    return replace(block, geometry=shape, edge_system=edges, part_elevations=())


def _clockwise_rings(polygon: Polygon) -> list[BaseGeometry]:
    return _rings(shapely.orient_polygons(polygon, exterior_cw=True))


def _from_north_west(ring: FloatArray) -> FloatArray:
    """Start at the corner farthest to the north-west."""
    return np.roll(ring, -int(np.argmin(ring[:, 0] - ring[:, 1])), axis=0)


def _complies(part: Polygonal, block: Polygonal, barred: BaseGeometry) -> bool:
    """Whether the rounded part, laid out as a review lays it, keeps inside and off."""
    ground, whole = prepare(part).geometry, prepare(block).geometry
    spilt = shapely.difference(ground, whole)
    touched = shapely.intersection(ground, barred)
    return bool((cut_area([spilt, touched]) < NOISE_AREA_M2).all())


def _described(part: Polygonal, block: Polygonal, decimals: int) -> CompliantPart:
    system = planar_system(part)
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(part.geometry)]
    before = float(ellipsoidal_area(block.geometry)[0])
    area = float(ellipsoidal_area(part.geometry)[0])
    return CompliantPart(
        polygonal=part,
        system=system,
        area_m2=area,
        lost_m2=max(before - area, 0.0),
        lost_share=max(before - area, 0.0) / before,
        projected=tuple(np.round(from_lonlat(system, ring), decimals) for ring in rings),
        geographic=tuple(_to_seconds(ring) for ring in rings),
    )


def _to_seconds(ring: FloatArray) -> FloatArray:
    rounded: FloatArray = np.round(ring * 3600, SECOND_DECIMALS) / 3600
    return rounded


def corners_of(part: CompliantPart) -> Iterator[tuple[int, int, float, float, float, float]]:
    """Rows (ring, number, north, east, lon, lat) of the corner list; both counts from 1."""
    number = 0
    for ring, (plane, sphere) in enumerate(zip(part.projected, part.geographic, strict=True), 1):
        for (east, north), (lon, lat) in zip(plane, sphere, strict=True):
            number += 1
            yield ring, number, float(north), float(east), float(lon), float(lat)
