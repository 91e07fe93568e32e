"""Counties from seats and areas: a power diagram inside a rounded outline.

The outline is the convex hull of the county seats, widened until it holds the sum of the areas;
the inner borders are those of a power diagram whose weights are moved until every county has its
official area. The result has the right neighbours and sizes and no surveyed border at all.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Polygon, box
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import FloatArray
from minplan.demo.schematic.plane import area_of, fit_area, to_plane

_ROUNDS = 80
_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Seat:
    """A county's seat (县治) in lon/lat degrees and its official area in km²."""

    code: str
    name: str
    lon: float
    lat: float
    area_km2: float


@dataclass(frozen=True, slots=True)
class County:
    """A schematic county: geometry and seat in the plane (metres)."""

    code: str
    name: str
    seat: tuple[float, float]
    shape: Polygon


def read_seats(file: Traversable) -> tuple[Seat, ...]:
    """Read ``seats.csv``."""
    rows = csv.DictReader(file.read_text("utf-8").splitlines())
    return tuple(
        Seat(r["code"], r["name"], float(r["seat_lon"]), float(r["seat_lat"]), float(r["area_km2"]))
        for r in rows
    )


def draw_counties(seats: Sequence[Seat]) -> tuple[County, ...]:
    """Draw the counties; areas match to 0.01 %."""
    points = np.array([_point(seat) for seat in seats])
    targets = np.array([seat.area_km2 * 1e6 for seat in seats])
    hull = MultiPoint(points).convex_hull
    outline = fit_area(hull.buffer, float(targets.sum()), 0, 80_000)
    shapes = _fit_weights(points, targets, outline)
    return tuple(
        County(seat.code, seat.name, _inside(shape, point), shape)
        for seat, point, shape in zip(seats, points, shapes, strict=True)
    )


def _inside(shape: Polygon, seat: FloatArray) -> tuple[float, float]:
    """The seat, or where the border pushed it out, a point well inside the county."""
    point = shapely.Point(seat)
    if not shape.contains(point.buffer(1_500)):
        point = shapely.maximum_inscribed_circle(shape).centroid
    return float(point.x), float(point.y)


def _point(seat: Seat) -> tuple[float, float]:
    point = to_plane(shapely.Point(seat.lon, seat.lat))
    return point.x, point.y


def _fit_weights(points: FloatArray, targets: FloatArray, outline: BaseGeometry) -> list[Polygon]:
    """Move the weights of the power diagram until every cell has its target area."""
    weights = np.zeros(len(points))
    shapes = _cells(points, weights, outline)
    for _ in range(_ROUNDS):
        areas = np.array([area_of(shape) for shape in shapes])
        if np.all(np.abs(areas / targets - 1) < _TOLERANCE):
            break
        weights = weights + _newton_step(points, weights, shapes, targets - areas)
        shapes = _cells(points, weights, outline)
    return shapes


def _newton_step(
    points: FloatArray, weights: FloatArray, shapes: Sequence[Polygon], missing: FloatArray
) -> FloatArray:
    """Newton step: d(area i)/d(weight j) is minus the shared border over twice the distance."""
    n = len(points)
    jacobian = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            border = shapely.length(shapes[i].buffer(1.0).intersection(shapes[j].boundary))
            flow = border / (2 * np.hypot(*(points[i] - points[j])))
            jacobian[i, j] = jacobian[j, i] = -flow
    np.fill_diagonal(jacobian, -jacobian.sum(axis=1))
    step = np.linalg.lstsq(jacobian, missing, rcond=None)[0]
    return np.asarray(step - step.mean(), dtype=np.float64) * 0.7


def _cells(points: FloatArray, weights: FloatArray, outline: BaseGeometry) -> list[Polygon]:
    return [_cell(i, points, weights, outline) for i in range(len(points))]


def _cell(i: int, points: FloatArray, weights: FloatArray, outline: BaseGeometry) -> Polygon:
    """One power cell: the outline cut by the half-plane of every other seat."""
    cell = outline
    for j in range(len(points)):
        if j != i:
            cell = cell.intersection(_half_plane(points[i], points[j], weights[i] - weights[j]))
    return cell


def _half_plane(own: FloatArray, other: FloatArray, advantage: float) -> Polygon:
    """The side of the power line nearer to ``own``, as a large square (1,000 km)."""
    axis = other - own
    distance = float(np.hypot(*axis))
    unit = axis / distance
    foot = own + unit * (distance**2 + advantage) / (2 * distance)
    square = box(-1e6, -5e5, 0, 5e5)
    cos, sin = unit
    return shapely.transform(
        square,
        lambda xy: np.column_stack(
            [foot[0] + xy[:, 0] * cos - xy[:, 1] * sin, foot[1] + xy[:, 0] * sin + xy[:, 1] * cos]
        ),
    )


def region(counties: Iterable[County], names: Iterable[str]) -> BaseGeometry:
    """The union of the named counties; all of them when no name is given."""
    wanted = set(names)
    shapes = [c.shape for c in counties if not wanted or c.name in wanted]
    return shapely.union_all(shapes)
