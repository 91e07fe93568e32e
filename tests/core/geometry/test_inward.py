"""Simplification that never gains ground."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from minplan.core.geometry.inward import simplify_inward


def simplified(polygon: Polygon, corners: int, loss: float = 0.2) -> Polygon:
    """At most ``loss`` as a share of the area."""
    return simplify_inward(
        polygon, max_corners=corners, most_loss=loss * polygon.area, negligible=0.01
    )


@settings(max_examples=60)
@given(
    st.integers(3, 40),
    st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000), st.floats(30, 400)), max_size=4),
)
def test_the_result_lies_inside_and_is_one_piece(
    corners: int, discs: list[tuple[float, float, float]]
) -> None:
    ground = box(0, 0, 1000, 1000)
    for x, y, radius in discs:
        ground = ground.difference(Point(x, y).buffer(radius))
    for piece in shapely.get_parts(ground):
        if piece.area < 10:
            continue
        found = simplified(piece, corners)
        assert found.is_valid
        assert found.difference(piece).area < 1e-3
        assert found.area <= piece.area + 1e-3
        assert len(shapely.get_coordinates(found)) <= len(shapely.get_coordinates(piece))


def test_a_convex_ring_loses_its_least_corners() -> None:
    circle = Point(0, 0).buffer(100)
    found = simplified(circle, 8)
    assert len(found.exterior.coords) - 1 == 8
    assert found.area > 0.85 * circle.area


def test_a_bay_is_bounded_by_tangents() -> None:
    bay = box(0, 0, 1000, 1000).difference(Point(500, 1000).buffer(300, quad_segs=64))
    found = simplified(bay, 9)
    assert len(found.exterior.coords) - 1 <= 9
    assert found.within(bay.buffer(1e-6))
    assert found.area > 0.98 * bay.area


def test_points_on_straight_edges_vanish_for_nothing() -> None:
    dense = shapely.segmentize(box(0, 0, 1000, 500), 13)
    found = simplified(dense, 100)
    assert found.equals(box(0, 0, 1000, 500))
    assert len(found.exterior.coords) == 5


def test_a_nearly_straight_bend_is_straightened() -> None:
    bent = Polygon([(0, 0), (1000, 0), (999.999, 500), (1000, 1000), (0, 1000)])
    found = simplified(bent, 4)
    assert len(found.exterior.coords) - 1 == 4
    assert found.difference(bent).area < 1e-6
    assert found.area == pytest.approx(bent.area, abs=1.0)


def test_holes_are_kept_and_grow() -> None:
    ring = Point(0, 0).buffer(100).difference(Point(0, 0).buffer(30))
    found = simplified(ring, 10)
    assert len(found.interiors) == 1
    assert Polygon(found.interiors[0]).buffer(1e-6).covers(Polygon(ring.interiors[0]))
    assert found.difference(ring).area < 1e-6


def test_more_corners_rather_than_more_loss() -> None:
    circle = Point(0, 0).buffer(100)
    found = simplified(circle, 3, loss=0.1)
    assert found.area >= 0.9 * circle.area
    assert len(found.exterior.coords) > 4


def test_a_cut_never_crosses_a_hole() -> None:
    # Cutting off the tip would be cheapest, but the hole is in the way.
    tip = Polygon(
        [(0, 0), (100, -10), (200, 0), (200, 100), (0, 100)], [[(95, -5), (105, -5), (100, 5)]]
    )
    found = simplified(tip, 4)
    assert found.is_valid
    assert found.difference(tip).area < 1e-9
    assert (100.0, -10.0) in found.exterior.coords
