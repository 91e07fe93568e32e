"""Irregular shapes of a wanted area, placed inside a region without overlap."""

from __future__ import annotations

import hashlib

import numpy as np
import shapely
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from minplan.demo.schematic.plane import area_of, fit_area, largest

_VERTICES = 28
_CANDIDATES = 400
_REACH = 4.0  # a shape keeps within this many times the root of its area


def seed_of(key: str) -> np.random.Generator:
    """A random generator that depends on nothing but ``key``."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big"))


def blob(center: tuple[float, float], size: float, key: str) -> Polygon:
    """A rounded irregular polygon of about radius ``size`` (m); the same key, the same form."""
    random = seed_of(key)
    angle = np.linspace(0, 2 * np.pi, _VERTICES, endpoint=False)
    radius = np.ones(_VERTICES)
    for wave in (2, 3, 5):
        radius += random.uniform(0.04, 0.14) * np.cos(wave * angle + random.uniform(0, 2 * np.pi))
    x = center[0] + size * radius * np.cos(angle)
    y = center[1] + size * radius * np.sin(angle)
    return Polygon(np.column_stack([x, y]))


def place(free: BaseGeometry, area_m2: float, key: str) -> Polygon:
    """A shape of exactly ``area_m2`` (ellipsoidal) inside ``free``, at a place that ``key`` picks.

    Raises ValueError when ``free`` has no room for it in one piece.
    """
    room = largest(free)
    center = _roomy_point(room, np.sqrt(area_m2 / np.pi), key)

    near = largest(room.intersection(disc(center, _REACH * np.sqrt(area_m2))))

    def grown(size: float) -> BaseGeometry:
        return largest(blob(center, size, key).intersection(near))

    shape = fit_area(grown, area_m2, 1.0, 4 * _REACH * np.sqrt(area_m2))
    return _trim(largest(shape), area_m2)


def _trim(shape: Polygon, area_m2: float) -> Polygon:
    """Cut what is too much off one side; a shape that filled a bay grew by a jump."""
    if area_of(shape) < area_m2 + 1:
        return shape
    west, south, east, north = shape.bounds
    for cut in (
        lambda t: box(west, south, west + t * (east - west), north),
        lambda t: box(west, south, east, south + t * (north - south)),
        lambda t: box(east - t * (east - west), south, east, north),
        lambda t: box(west, north - t * (north - south), east, north),
    ):
        part = fit_area(lambda t, cut=cut: shape.intersection(cut(t)), area_m2, 0.0, 1.0)  # type: ignore[misc]
        if isinstance(part, Polygon):
            return part
    raise ValueError("no straight cut leaves one piece")


def _roomy_point(room: Polygon, radius: float, key: str) -> tuple[float, float]:
    """A point of ``room`` with enough space around it, or the roomiest of the candidates."""
    random = seed_of(f"place {key}")
    west, south, east, north = room.bounds
    x = random.uniform(west, east, _CANDIDATES)
    y = random.uniform(south, north, _CANDIDATES)
    shapely.prepare(room)
    inside = shapely.contains_xy(room, x, y)
    points = np.column_stack([x[inside], y[inside]])
    if not len(points):
        point = room.representative_point()
        return point.x, point.y
    space = shapely.distance(room.boundary, shapely.points(points))
    enough = np.flatnonzero(space > 1.4 * radius)
    best = int(enough[0]) if len(enough) else int(np.argmax(space))
    return float(points[best, 0]), float(points[best, 1])


def disc(center: tuple[float, float], radius: float) -> Polygon:
    """A circle of a radius in metres."""
    return Point(center).buffer(radius)
