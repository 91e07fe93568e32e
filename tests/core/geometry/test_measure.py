"""Metres on the ellipsoid: widths, perimeters, the local plane."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, Point, Polygon, box

from minplan.core.geometry.measure import (
    LocalPlane,
    grow_bounds,
    mean_widths,
    metres_per_degree,
    shortest_distances,
    to_equal_area,
)

from .shapes import stars

GRS80 = Geod(ellps="GRS80")


@given(st.floats(1, 60))
def test_degrees_in_metres(lat: float) -> None:
    per_lon, per_lat = metres_per_degree(lat)
    assert per_lon * 1e-3 == pytest.approx(GRS80.inv(113, lat, 113.001, lat)[2], rel=1e-6)
    north = GRS80.inv(113, lat - 5e-4, 113, lat + 5e-4)[2]
    assert per_lat * 1e-3 == pytest.approx(north, rel=1e-6)


@pytest.mark.parametrize(("wide", "high"), [(300.0, 1.5), (40.0, 40.0), (2.0, 900.0)])
def test_width_of_a_rectangle_is_its_shorter_side(wide: float, high: float) -> None:
    per_lon, per_lat = metres_per_degree(36.0)
    strip = box(113, 36, 113 + wide / per_lon, 36 + high / per_lat)
    pierced = strip.difference(Point(113, 40).buffer(0.001))
    widths = mean_widths([strip, pierced], 36.0)
    assert widths == pytest.approx([min(wide, high)] * 2, rel=1e-3)


@given(stars())
def test_widths_agree_with_and_without_known_areas(shape: Polygon) -> None:
    lat = shape.centroid.y
    area = np.atleast_1d(shapely.area(to_equal_area(shape)))
    assert mean_widths(shape, lat, area) == pytest.approx(mean_widths(shape, lat), rel=1e-3)


def test_lines_and_points_have_no_width() -> None:
    assert mean_widths([Point(113, 36), LineString([(113, 36), (114, 36)])], 36.0).tolist() == [
        0,
        0,
    ]


@given(stars(largest_m=20_000))
def test_the_plane_returns_where_it_came_from(shape: Polygon) -> None:
    plane = LocalPlane.around(shape.bounds)
    back = plane.backward(plane.forward(shape))
    assert shapely.hausdorff_distance(back, shapely.segmentize(shape, 0.002)) < 1e-4
    assert back.area == pytest.approx(shape.area, rel=1e-5)


def test_long_edges_stay_on_their_parallel() -> None:
    """Five kilometres along a parallel bulge 0.36 m from the geodesic of their ends."""
    edge = LineString([(113.0, 36.0), (113.055, 36.0)])
    plane = LocalPlane.around(edge.bounds)
    probe = plane.forward(Point(113.0275, 36.001))
    distance = shortest_distances(plane, plane.forward(edge), np.array([probe]))
    assert distance[0] == pytest.approx(GRS80.inv(113.0275, 36, 113.0275, 36.001)[2], abs=2e-3)


def test_bounds_grow_by_at_least_the_metres() -> None:
    west, south, east, north = grow_bounds((113.0, 36.0, 113.1, 36.1), 1000.0)
    assert GRS80.inv(west, 36.1, 113.0, 36.1)[2] >= 1000
    assert GRS80.inv(113, south, 113, 36)[2] >= 1000
    assert GRS80.inv(east, 36.1, 113.1, 36.1)[2] >= 1000
    assert GRS80.inv(113, north, 113, 36.1)[2] >= 1000
