"""The overlay kernel against plain set operations, sums and geodesics."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.layer import FeatureBatch, LayerVersion
from minplan.core.geometry.overlay import (
    MemoryLayer,
    buffer_m,
    contains,
    coverage,
    nearest,
    overlap_arrays,
    overlaps,
    overlaps_bulk,
    prepare,
    union_area,
)
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.geometry.repair import split_large
from minplan.core.tolerances import NOISE_AREA_M2

from .shapes import blocks, stars, zone_block

GRS80 = Geod(ellps="GRS80")


def grid_over(bounds: tuple[float, float, float, float], count: int) -> list[Polygon]:
    """Cells that tile the bounds, a little beyond every side."""
    west, south, east, north = bounds
    x = np.linspace(west - 1e-4, east + 1e-4, count + 1)
    y = np.linspace(south - 1e-4, north + 1e-4, count + 1)
    return [box(x[i], y[j], x[i + 1], y[j + 1]) for i in range(count) for j in range(count)]


@given(blocks(), st.lists(stars(), min_size=1, max_size=4))
def test_kernel_equals_plain_intersection(block: Polygonal, shapes: list[Polygon]) -> None:
    here = block.geometry.centroid
    moved = [
        shapely.transform(s, lambda c, s=s: c - s.centroid.coords[0] + here.coords[0])
        for s in shapes
    ]
    prepared = prepare(block)
    found = {item.feature: item for item in overlaps(prepared, MemoryLayer.of("l", moved))}
    for index, shape in enumerate(moved):
        expected = float(ellipsoidal_area(shapely.intersection(prepared.geometry, shape))[0])
        measured = found[index].area_m2 if index in found else 0.0
        assert measured == pytest.approx(expected, rel=1e-9, abs=NOISE_AREA_M2)


@given(blocks(), st.integers(1, 9))
def test_overlaps_with_a_tiling_sum_to_the_block(block: Polygonal, count: int) -> None:
    # Short edges: a long slanting one, cut in the middle, is two edges to the area formula.
    prepared = prepare(replace(block, geometry=shapely.segmentize(block.geometry, 0.0005)))
    layer = MemoryLayer.of("tiles", grid_over(prepared.bounds, count))
    parts = overlap_arrays(prepared, layer.candidates(prepared.bounds))
    assert parts.area_m2.sum() == pytest.approx(prepared.area_m2, rel=1e-7, abs=0.05)
    assert coverage(prepared, layer) == pytest.approx(1.0, abs=1e-6)


@given(stars(), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_overlap_is_symmetric(shape: Polygon, dx: float, dy: float) -> None:
    other = shapely.transform(shape, lambda c: c + np.array([dx, dy]))
    forth = overlaps(prepare(Polygonal(shape)), MemoryLayer.of("l", [other]))
    back = overlaps(prepare(Polygonal(other)), MemoryLayer.of("l", [shape]))
    assert len(forth) == len(back)
    if forth:
        assert forth[0].area_m2 == pytest.approx(back[0].area_m2, rel=1e-9)
        assert forth[0].share_of_block == pytest.approx(back[0].share_of_feature, rel=1e-9)


def test_shares_order_and_attributes() -> None:
    block = prepare(Polygonal(box(113.0, 36.0, 113.1, 36.1)))
    rows = [{"code": "small"}, {"code": "large"}, {"code": "away"}, {"code": "touching"}]
    shapes = [
        box(113.01, 36.01, 113.02, 36.02),
        box(113.05, 35.9, 113.2, 36.2),
        box(114.0, 36.0, 114.1, 36.1),
        box(112.9, 36.0, 113.0, 36.1),
    ]
    large, small = overlaps(block, MemoryLayer.of("rights", shapes, rows), pieces=True)
    assert (large.attributes["code"], small.attributes["code"]) == ("large", "small")
    assert large.share_of_block == pytest.approx(0.5, abs=1e-6)
    assert large.share_of_feature == pytest.approx(1 / 9, abs=2e-3)
    assert small.share_of_feature == 1.0
    assert small.geometry is not None
    assert small.geometry.equals(shapes[0])
    assert not small.sliver


def test_a_giant_in_parts_is_one_overlap() -> None:
    angles = np.linspace(0, 2 * np.pi, 4000, endpoint=False)
    reach = 0.05 * (1 + 0.1 * np.sin(40 * angles))
    giant = Polygon(np.c_[113 + reach * np.cos(angles), 36 + reach * np.sin(angles)])
    parts, owner = split_large([giant])
    assert len(parts) > 10
    batch = FeatureBatch(owner, parts, ellipsoidal_area(parts))
    layer = MemoryLayer(LayerVersion("giant", "0" * 64), batch, [{"name": "giant"}])
    block = prepare(Polygonal(box(112.98, 35.9, 113.2, 36.01)))
    (found,) = overlaps(block, layer, pieces=True)
    expected = giant.intersection(block.geometry)
    assert found.area_m2 == pytest.approx(ellipsoidal_area(expected)[0], abs=0.5)
    assert found.geometry is not None
    assert found.geometry.symmetric_difference(expected).area < 1e-12
    assert found.share_of_feature == pytest.approx(expected.area / giant.area, abs=1e-3)


def test_slivers_are_narrow_and_noise_is_gone() -> None:
    block = prepare(zone_block((0, 0), (1000, 0), (1000, 1000), (0, 1000)))
    strip = zone_block((-50, 100), (1, 100), (1, 900), (-50, 900))
    broad = zone_block((-50, 100), (3, 100), (3, 900), (-50, 900))
    speck = zone_block((-50, 100), (0.05, 100), (0.05, 110), (-50, 110))
    shapes = [prepare(item).geometry for item in (strip, broad, speck)]
    wide, narrow = overlaps(block, MemoryLayer.of("l", shapes))
    assert (wide.feature, wide.sliver) == (1, False)
    assert wide.width_m == pytest.approx(3.0, abs=0.02)
    assert (narrow.feature, narrow.sliver) == (0, True)
    assert narrow.width_m == pytest.approx(1.0, abs=0.02)


def test_several_narrow_pieces_stay_slivers_but_one_broad_piece_does_not() -> None:
    block = prepare(zone_block((0, 0), (1000, 0), (1000, 1000), (0, 1000)))
    west = prepare(zone_block((-50, 100), (1, 100), (1, 900), (-50, 900))).geometry
    north = prepare(zone_block((100, 950), (200, 950), (200, 1100), (100, 1100))).geometry
    (found,) = overlaps(block, MemoryLayer.of("l", [MultiPolygon([west, north])]))
    assert not found.sliver
    assert found.width_m == pytest.approx(50, abs=0.5)


def test_lines_give_length_and_points_are_allowed() -> None:
    block = prepare(Polygonal(box(113.0, 36.0, 113.1, 36.1)))
    road = LineString([(112.9, 36.05), (113.2, 36.05)])
    beside = LineString([(112.9, 35.9), (113.2, 35.9)])
    line, point = overlaps(block, MemoryLayer.of("l", [road, beside, Point(113.05, 36.05)]))
    assert line.area_m2 == 0.0
    geodesic = GRS80.inv(113.0, 36.05, 113.1, 36.05)[2]
    assert line.length_m == pytest.approx(geodesic, rel=1e-4)
    assert (point.feature, point.area_m2, point.length_m, point.sliver) == (2, 0.0, 0.0, False)


def test_missing_and_empty_geometries_are_no_candidates() -> None:
    layer = MemoryLayer.of("l", [None, Polygon(), box(113, 36, 113.1, 36.1)], source="test")
    assert layer.version.feature_count == 3
    assert layer.version.source == "test"
    found = overlaps(prepare(Polygonal(box(113, 36, 113.2, 36.2))), layer)
    assert [item.feature for item in found] == [2]
    empty = MemoryLayer.of("empty", [])
    assert overlaps(prepare(Polygonal(box(113, 36, 113.2, 36.2))), empty) == ()
    assert nearest(prepare(Polygonal(box(113, 36, 113.2, 36.2))), empty, within_m=1e3) == ()


def test_attributes_must_fit_the_geometries() -> None:
    with pytest.raises(ValueError, match="1 rows of attributes for 2 geometries"):
        MemoryLayer.of("l", [Point(0, 0), Point(1, 1)], [{}])


def test_version_hash_follows_the_ground() -> None:
    one, same = MemoryLayer.of("l", [box(0, 0, 1, 1)]), MemoryLayer.of("l", [box(0, 0, 1, 1)])
    other = MemoryLayer.of("l", [box(0, 0, 1, 2)])
    assert one.version.sha256 == same.version.sha256 != other.version.sha256


def test_bulk_gives_what_single_checks_give() -> None:
    layer = MemoryLayer.of("tiles", grid_over((113, 36, 113.2, 36.2), 12))
    some = [prepare(Polygonal(Point(113 + i / 50, 36.1).buffer(0.03))) for i in range(8)]
    for block, bulk in zip(some, overlaps_bulk(some, layer, threads=2), strict=True):
        single = overlaps(block, layer)
        assert bulk.feature.tolist() == [item.feature for item in single]
        assert bulk.area_m2.tolist() == [item.area_m2 for item in single]


def test_union_counts_shared_ground_once() -> None:
    block = prepare(Polygonal(box(113.0, 36.0, 113.1, 36.1)))
    layer = MemoryLayer.of("l", [box(113, 36, 113.05, 36.1), box(113.02, 36, 113.07, 36.1)])
    found = overlaps(block, layer, pieces=True)
    assert union_area(block, found) == pytest.approx(0.7 * block.area_m2, rel=1e-9)
    assert coverage(block, layer) == pytest.approx(0.7, rel=1e-9)
    assert union_area(block, ()) == 0.0
    with pytest.raises(ValueError, match="pieces=True"):
        union_area(block, overlaps(block, layer))


def test_containment_forgives_noise_only() -> None:
    square = ((0, 0), (1000, 0), (1000, 1000), (0, 1000))
    zone = prepare(zone_block(*square))

    def within(*corners: tuple[float, float]) -> bool:
        return contains(zone, prepare(zone_block(*corners)).geometry)

    assert within((10, 10), (990, 10), (990, 990))
    assert within(*square)
    assert within((-0.001, 0), (500, 0), (500, 500))
    assert not within((-1, 0), (500, 0), (500, 500), (-1, 500))
    assert not contains(zone, Point(0, 0))


# -- distances ------------------------------------------------------------------------------------


@given(
    st.floats(112, 113.5),
    st.floats(35.5, 37),
    st.floats(0.002, 0.03),
    st.floats(0, 2 * np.pi),
    st.floats(0.01, 0.06),
)
def test_distance_between_corners_is_the_geodesic(
    lon: float, lat: float, size: float, angle: float, gap: float
) -> None:
    """A diamond's tip against a point straight ahead of it."""
    tip = np.array([lon + size * np.cos(angle), lat + size * np.sin(angle)])
    target = np.array([lon + (size + gap) * np.cos(angle), lat + (size + gap) * np.sin(angle)])
    side = 0.001 * np.array([-np.sin(angle), np.cos(angle)])
    spear = Polygon([tip, (lon + side[0], lat + side[1]), (lon - side[0], lat - side[1])])
    (near,) = nearest(
        prepare(Polygonal(spear)), MemoryLayer.of("p", [Point(target)]), within_m=20_000
    )
    assert near.distance_m == pytest.approx(GRS80.inv(*tip, *target)[2], abs=2e-3)


def test_distance_to_lines_edges_and_what_meets() -> None:
    block = prepare(Polygonal(box(113.0, 36.0, 113.02, 36.02)))
    shapes = [
        box(113.01, 36.01, 113.03, 36.03),
        LineString([(112.98, 36.03), (113.04, 36.03)]),
        box(112.0, 35.0, 112.1, 35.1),
        Point(113.03, 36.01),
        box(113.02, 36.0, 113.03, 36.02),
    ]
    rows = [{"n": i} for i in range(5)]
    found = nearest(block, MemoryLayer.of("l", shapes, rows), within_m=2000)
    by_id = {item.feature: item for item in found}
    assert [item.feature for item in found] == [0, 4, 3, 1]
    assert by_id[0].distance_m == 0.0
    assert by_id[4].distance_m == 0.0
    assert by_id[3].distance_m == pytest.approx(
        GRS80.inv(113.02, 36.01, 113.03, 36.01)[2], abs=2e-3
    )
    assert by_id[1].distance_m == pytest.approx(
        GRS80.inv(113.01, 36.02, 113.01, 36.03)[2], abs=2e-3
    )
    assert by_id[1].attributes == {"n": 1}


def test_distance_limit_is_sharp() -> None:
    block = prepare(Polygonal(box(113.0, 36.0, 113.02, 36.02)))
    away = GRS80.fwd(113.01, 36.02, 0.0, 1000.0)
    layer = MemoryLayer.of("p", [Point(away[0], away[1])])
    assert len(nearest(block, layer, within_m=1000.01)) == 1
    assert nearest(block, layer, within_m=999.99) == ()


@settings(max_examples=30)
@given(st.floats(112, 113.5), st.floats(35.5, 37), st.floats(5, 5000))
def test_buffer_of_a_point_is_a_geodesic_circle(lon: float, lat: float, metres: float) -> None:
    circle = buffer_m(Point(lon, lat), metres)
    x, y = shapely.get_coordinates(circle)[:-1].T
    reach = GRS80.inv(np.full(len(x), lon), np.full(len(x), lat), x, y)[2]
    assert np.max(reach) == pytest.approx(metres, abs=1e-3)
    assert np.min(reach) >= metres - 0.03


def test_negative_buffer_shrinks() -> None:
    block = box(113.0, 36.0, 113.02, 36.02)
    inner = buffer_m(block, -100.0)
    assert inner.within(block)
    assert nearest(prepare(Polygonal(inner)), MemoryLayer.of("b", [block.boundary]), within_m=200)[
        0
    ].distance_m == pytest.approx(100.0, abs=0.01)
