"""Whole-layer geometry against plain one-by-one computations, on random shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from minplan.core.geometry.area import (
    AreaMethod,
    ellipsoidal_area,
    planar_area,
    planar_system,
    spherical_area,
)
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.quality.corners import corners, sharp, steps
from minplan.core.quality.coverage import (
    beyond,
    gaps,
    misfits,
    overlaps_between,
    overlaps_within,
    united,
)
from minplan.core.quality.methods import areas_by_method
from minplan.core.quality.sandbox_layers import Ground, layer_of
from minplan.core.quality.submission import LayerData
from minplan.core.quality.view import Factor, View
from minplan.core.standard.load import edition

SPEC = edition("2021-2025").spec("KAIGHQK")
metres = st.integers(0, 3000)
boxes = st.lists(
    st.tuples(metres, metres, st.integers(20, 1500), st.integers(20, 1500)), min_size=1, max_size=8
)


def layer(shapes: list[Any]) -> View:
    """A view of shapes given in metres."""
    array = np.empty(len(shapes), dtype=object)
    array[:] = [Ground.polygon(item) for item in shapes]
    source = layer_of(SPEC, [{} for _ in shapes], {"file": "x"})
    return View(source, LayerData(np.arange(1, len(shapes) + 1), {}, array, array))


def made(told: list[tuple[int, int, int, int]]) -> list[Polygon]:
    return [box(x, y, x + wide, y + high) for x, y, wide, high in told]


@given(boxes)
@settings(max_examples=60, deadline=None)
def test_overlaps_are_those_of_every_pair(told: list[tuple[int, int, int, int]]) -> None:
    view = layer(made(told))
    found = overlaps_within(view, 1.0)
    expected = {}
    for one in range(len(told)):
        for other in range(one + 1, len(told)):
            piece = shapely.intersection(view.shapes[one], view.shapes[other])
            area = float(ellipsoidal_area([piece])[0]) if piece.area else 0.0
            if area >= 1.0:
                expected[one, other] = area
    assert {(int(a), int(b)) for a, b in zip(found.first, found.second, strict=True)} == set(
        expected
    )
    for a, b, area in zip(found.first, found.second, found.area_m2, strict=True):
        assert area == pytest.approx(expected[int(a), int(b)], rel=1e-6)


@given(boxes, boxes)
@settings(max_examples=40, deadline=None)
def test_what_overlaps_and_what_is_beyond_make_the_whole(
    told: list[tuple[int, int, int, int]], ground: list[tuple[int, int, int, int]]
) -> None:
    view, other = layer(made(told)), layer(made(ground))
    out = beyond(view, other.sound, 0.0)
    covered = shapely.union_all(other.shapes)
    for index, shape in enumerate(view.shapes):
        left = float(ellipsoidal_area([shapely.difference(shape, covered)])[0])
        held = out.area_m2[out.feature == index].sum()
        assert held == pytest.approx(left, abs=0.01)
    meets = {int(item) for item in overlaps_between(view, other, 1.0).first}
    for index, shape in enumerate(view.shapes):
        piece = shapely.intersection(shape, covered)
        if piece.area and ellipsoidal_area([piece])[0] > 1.5:
            assert index in meets


@given(boxes)
@settings(max_examples=40, deadline=None)
def test_ground_is_united_whole(told: list[tuple[int, int, int, int]]) -> None:
    view = layer(made(told))
    right = shapely.union_all(view.shapes)
    assert united(view).symmetric_difference(right).area <= 1e-15


@given(st.integers(2, 6), st.integers(2, 6), st.sets(st.integers(0, 35), max_size=6))
@settings(max_examples=40, deadline=None)
def test_gaps_are_the_cells_left_out(wide: int, high: int, left: set[int]) -> None:
    cells = [
        box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100)
        for x in range(wide)
        for y in range(high)
    ]
    gone = {item for item in left if item < len(cells)}
    kept = [cell for number, cell in enumerate(cells) if number not in gone]
    assume(kept)
    region = Ground.polygon(box(0, 0, 100 * wide, 100 * high))
    _, areas = gaps(layer(kept), region, 1.0)
    assert areas.sum() == pytest.approx(len(gone) * 10_000, rel=1e-3, abs=0.01)


@given(st.floats(0.02, 0.9), st.integers(50, 850))
@settings(max_examples=40, deadline=None)
def test_a_vertex_beside_the_common_edge_is_found(off: float, place: int) -> None:
    one = Polygon([(0, 0), (900, 0), (900, 900), (0, 900)])
    other = Polygon([(900, 0), (1800, 0), (1800, 900), (900, 900), (900 + off, place)])
    found = misfits(layer([one, other]), 1.0, 0.01)
    assert len(found) == 1
    assert found.away_m[0] == pytest.approx(off, abs=0.01)


@given(st.lists(st.integers(1, 899), max_size=5, unique=True))
@settings(max_examples=40, deadline=None)
def test_further_vertices_on_a_common_edge_are_no_misfit(places: list[int]) -> None:
    one = Polygon([(0, 0), (900, 0), *((900, y) for y in sorted(places)), (900, 900), (0, 900)])
    other = box(900, 0, 1800, 900)
    assert len(misfits(layer([one, other]), 1.0, 0.01)) == 0


@given(st.lists(st.tuples(metres, metres), min_size=3, max_size=12, unique=True))
@settings(max_examples=60, deadline=None)
def test_angles_are_those_computed_one_by_one(ring: list[tuple[int, int]]) -> None:
    view = layer([Polygon(ring)])
    found = corners(view, 0.01)
    hits = {tuple(np.round(found.lonlat[item], 9)) for item in sharp(found, 20.0)}
    points = shapely.get_coordinates(view.plane[0])[:-1]
    lonlat = shapely.get_coordinates(view.shapes[0])[:-1]
    expected = set()
    for index, here in enumerate(points):
        one, other = points[index - 1] - here, points[(index + 1) % len(points)] - here
        cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
        angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
        assume(abs(angle - 20.0) > 1e-4)
        if angle < 20.0:
            expected.add(tuple(np.round(lonlat[index], 9)))
    assert hits == expected


def test_steps_do_not_cross_from_ring_to_ring() -> None:
    view = layer([box(0, 0, 100, 100), box(5000, 5000, 5100, 5100)])
    length, _ = steps(view)
    assert len(length) == 8
    assert length == pytest.approx(100, rel=1e-3)


@given(boxes)
@settings(max_examples=40, deadline=None)
def test_areas_by_method_are_those_of_single_shapes(told: list[tuple[int, int, int, int]]) -> None:
    view = layer(made(told))
    areas = areas_by_method(view)
    for index, shape in enumerate(view.shapes):
        ground = Polygonal(shape)
        planar = planar_area(ground, planar_system(ground))
        assert areas[AreaMethod.PLANAR][index] == pytest.approx(planar, rel=1e-9)
        assert areas[AreaMethod.SPHERE][index] == pytest.approx(spherical_area(shape), rel=1e-6)


@given(
    st.lists(
        st.one_of(st.none(), st.just(""), st.just("  "), st.text(max_size=3), st.integers(0, 5))
    )
)
def test_a_column_by_its_values_is_the_column(column: list[Any]) -> None:
    array = np.empty(len(column), dtype=object)
    array[:] = column
    factor = Factor(array)
    for index, value in enumerate(column):
        blank = value is None or (isinstance(value, str) and not value.strip())
        assert factor.empty[index] == blank
        assert factor.value(index) == (None if blank else value)
    asked = factor.select(lambda value: value == 3)
    assert asked.tolist() == [value == 3 for value in column]


def test_a_shape_of_the_plane_comes_back_to_its_place() -> None:
    view = layer([box(0, 0, 3000, 3000)])
    back = view.to_lonlat(view.plane[0])
    # a millimetre is about 1e-8 degrees
    assert shapely.hausdorff_distance(back, view.shapes[0]) < 1e-8
