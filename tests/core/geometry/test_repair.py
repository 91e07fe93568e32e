"""Repair on import: what is mended, what is reported, and that splitting keeps the ground."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from minplan.core.geometry.area import ellipsoidal_area, planar_area
from minplan.core.geometry.crs import CoordinateSystem, from_lonlat
from minplan.core.geometry.repair import Repair, densify, repair, split_large

from .shapes import ZONE_38, stars, zone_block


def test_sound_geometry_is_left_alone() -> None:
    shapes = [
        box(113, 36, 113.1, 36.1),
        Point(113, 36),
        LineString([(113, 36), (114, 36)]),
        MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)]),
    ]
    mended = repair(shapes)
    assert mended.actions == ()
    assert all(a.equals(b) for a, b in zip(mended.geometries, shapes, strict=True))


def test_a_bow_tie_becomes_two_triangles_and_the_change_is_told() -> None:
    bow_tie = Polygon([(113, 36), (113.1, 36.1), (113.1, 36), (113, 36.1)])
    mended = repair([box(113, 36, 114, 37), bow_tie])
    (action,) = mended.actions
    assert (action.index, action.repair) == (1, Repair.MADE_VALID)
    assert mended.geometries[1].is_valid
    assert len(mended.geometries[1].geoms) == 2
    assert action.area_change_m2 == pytest.approx(
        ellipsoidal_area(mended.geometries[1])[0], rel=0.01
    )


def test_a_spike_is_cut_off_without_losing_ground() -> None:
    spiked = Polygon(
        [(113, 36), (113.1, 36), (113.1, 36.1), (113.1, 36.3), (113.1, 36.1), (113, 36.1)]
    )
    mended = repair(spiked)
    assert mended.geometries[0].equals(box(113, 36, 113.1, 36.1))
    assert mended.actions[0].area_change_m2 == pytest.approx(0.0, abs=1.0)


def test_heights_go_and_rings_turn() -> None:
    raised = Polygon([(113, 36, 900), (113, 37, 900), (114, 37, 900)])
    mended = repair([raised])
    assert not mended.geometries[0].has_z
    assert shapely.is_ccw(mended.geometries[0].exterior)
    assert [action.repair for action in mended.actions] == [Repair.FLATTENED]


def test_collections_keep_the_parts_of_their_dimension() -> None:
    mixed = GeometryCollection(
        [
            box(113, 36, 113.1, 36.1),
            LineString([(113, 36), (115, 36)]),
            GeometryCollection([box(114, 36, 114.1, 36.1), Point(0, 0)]),
        ]
    )
    mended = repair([mixed])
    assert mended.geometries[0].geom_type == "MultiPolygon"
    assert [action.repair for action in mended.actions] == [Repair.DROPPED_PARTS]


def test_what_cannot_be_used_is_discarded_by_index() -> None:
    collapsed = Polygon([(113, 36), (114, 37), (115, 38)])
    infinite = shapely.from_wkb(
        shapely.to_wkb(Point(1, 1)).replace(np.float64(1).tobytes(), np.float64(np.inf).tobytes())
    )
    mended = repair([None, Polygon(), collapsed, infinite, Point(113, 36)])
    assert [action.index for action in mended.actions if action.repair is Repair.DISCARDED] == [
        0,
        1,
        2,
        3,
    ]
    assert mended.geometries[:4].tolist() == [None] * 4
    assert mended.geometries[4] == Point(113, 36)


def test_nothing_gives_nothing() -> None:
    assert len(repair([]).geometries) == 0
    parts, owner = split_large([])
    assert len(parts) == len(owner) == 0


@given(st.lists(st.tuples(st.floats(112, 113), st.floats(36, 37)), min_size=3, max_size=12))
def test_any_ring_becomes_valid_or_is_discarded(corners: list[tuple[float, float]]) -> None:
    mended = repair([Polygon(corners)])
    shape = mended.geometries[0]
    assert shape is None or (shape.is_valid and shapely.get_dimensions(shape) == 2)
    assert (shape is None) == any(a.repair is Repair.DISCARDED for a in mended.actions)


# -- densify --------------------------------------------------------------------------------------


def test_edges_straight_in_a_zone_are_densified_there() -> None:
    block = zone_block((0, 0), (1000, 0), (1000, 700), (0, 700))
    dense = densify(block.geometry, ZONE_38)
    plane = from_lonlat(ZONE_38, shapely.get_coordinates(dense))
    assert np.hypot(*np.diff(plane, axis=0).T).max() <= 70.0 + 1e-6
    assert planar_area(dense, ZONE_38) == pytest.approx(700_000, abs=1e-3)


def test_edges_straight_in_lonlat_stay() -> None:
    shape = box(113, 36, 113.1, 36.1)
    assert densify(shape, CoordinateSystem()) is shape


# -- split ----------------------------------------------------------------------------------------


def wavy(vertices: int, waves: int, radius: float) -> Polygon:
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = radius * (1 + 0.2 * np.sin(waves * angles))
    return Polygon(np.c_[113 + reach * np.cos(angles), 36 + reach * np.sin(angles)])


@settings(max_examples=25)
@given(st.integers(10, 3000), st.integers(1, 60), st.floats(0.001, 0.3), st.integers(32, 300))
def test_parts_are_small_and_tile_the_original(
    vertices: int, waves: int, radius: float, limit: int
) -> None:
    giant = wavy(vertices, waves, radius)
    parts, owner = split_large([giant], limit)
    assert shapely.get_num_coordinates(parts).max() <= limit
    assert shapely.is_valid(parts).all()
    assert set(owner.tolist()) == {0}
    assert shapely.area(parts).sum() == pytest.approx(giant.area, rel=1e-9)
    assert shapely.union_all(parts).symmetric_difference(giant).area < 1e-9 * giant.area
    # Slanting edges of a coarse ring bend a little where they are cut.
    assert ellipsoidal_area(parts).sum() == pytest.approx(ellipsoidal_area(giant)[0], rel=1e-4)


def test_a_giant_of_66000_vertices_keeps_its_area() -> None:
    giant = wavy(66_000, 500, 0.25)
    parts, _ = split_large([giant])
    assert shapely.get_num_coordinates(parts).max() <= 256
    assert ellipsoidal_area(parts).sum() == pytest.approx(ellipsoidal_area(giant)[0], rel=1e-9)


def test_small_features_stay_whole_and_order_is_kept() -> None:
    shapes = [
        box(113, 36, 114, 37),
        None,
        wavy(600, 5, 0.1),
        Point(113, 36),
        MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)]),
    ]
    parts, owner = split_large(shapes)
    assert owner.tolist() == sorted(owner.tolist())
    assert set(owner.tolist()) == {0, 2, 3, 4}
    assert parts[0] is shapes[0]
    assert parts[-1] is shapes[4]


def test_long_lines_are_split_too() -> None:
    x = np.linspace(113, 113.5, 2000)
    river = LineString(np.c_[x, 36 + 0.01 * np.sin(200 * x)])
    parts, _ = split_large([river])
    assert shapely.get_num_coordinates(parts).max() <= 256
    assert shapely.length(parts).sum() == pytest.approx(river.length, rel=1e-9)


@given(stars())
def test_splitting_twice_changes_nothing(shape: Polygon) -> None:
    parts, _ = split_large([shape], 8)
    again, _ = split_large(parts, 8)
    assert len(again) == len(parts)
