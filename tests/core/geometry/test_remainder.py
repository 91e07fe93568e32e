"""The largest compliant part: inside the block, off the forbidden ground, one piece."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.crs import to_lonlat
from minplan.core.geometry.overlay import (
    MemoryLayer,
    buffer_m,
    contains,
    nearest,
    overlaps,
    prepare,
)
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.geometry.remainder import CompliantPart, corners_of, largest_compliant_part
from minplan.core.tolerances import NOISE_AREA_M2

from .shapes import ZONE_38, blocks, zone_block

MINIMUM = 10_000.0


def check(part: CompliantPart, block: Polygonal, forbidden: list[Polygon]) -> None:
    ground = prepare(part.polygonal)
    assert contains(prepare(block), ground.geometry)
    barred = overlaps(ground, MemoryLayer.of("forbidden", forbidden))
    assert sum(item.area_m2 for item in barred) < NOISE_AREA_M2
    assert isinstance(part.polygonal.geometry, Polygon)
    assert part.polygonal.geometry.is_valid
    assert part.area_m2 >= MINIMUM
    assert part.area_m2 == pytest.approx(ellipsoidal_area(part.polygonal.geometry)[0])
    assert part.lost_m2 + part.area_m2 == pytest.approx(
        ellipsoidal_area(block.geometry)[0], rel=1e-9
    )


@settings(max_examples=40, deadline=None)
@given(
    blocks(smallest_m=400, largest_m=2500),
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(20, 900)), min_size=1, max_size=4
    ),
    st.integers(4, 40),
)
def test_the_part_is_compliant_whatever_is_forbidden(
    block: Polygonal, discs: list[tuple[float, float, float]], corners: int
) -> None:
    west, south, east, north = block.bounds
    forbidden = [
        buffer_m(Point(west + x * (east - west), south + y * (north - south)), radius)
        for x, y, radius in discs
    ]
    part = largest_compliant_part(block, forbidden, minimum_area_m2=MINIMUM, max_corners=corners)
    free = block.geometry.difference(shapely.union_all(forbidden))
    largest = max(ellipsoidal_area(shapely.get_parts(free)), default=0.0)
    if part is None:
        assert largest < 3 * MINIMUM
    else:
        check(part, block, forbidden)
        assert part.area_m2 <= largest + 1.0


def test_a_block_cut_by_half_keeps_its_own_corners() -> None:
    block = zone_block((0, 0), (1000, 0), (1000, 1000), (0, 1000))
    east_half = prepare(zone_block((500, -100), (2000, -100), (2000, 1100), (500, 1100))).geometry
    part = largest_compliant_part(block, east_half, minimum_area_m2=MINIMUM)
    assert part is not None
    assert part.corner_count == 4
    (ring,) = part.projected
    local = ring - np.array([38_400_000.0, 4_000_000.0])
    assert local[0] == pytest.approx([0, 1000], abs=1e-9)
    assert local[3] == pytest.approx([0, 0], abs=1e-9)
    assert local[1] == pytest.approx([500, 1000], abs=0.1)
    assert (local[1:3, 0] <= 499.99).all()
    assert part.lost_share == pytest.approx(0.5, abs=1e-3)
    assert not shapely.is_ccw(part.polygonal.geometry.exterior)


def test_corners_in_both_forms_are_the_same_points() -> None:
    block = zone_block((0, 0), (1000, 0), (1000, 1000), (0, 1000))
    part = largest_compliant_part(
        block, buffer_m(block.geometry.centroid, 150), minimum_area_m2=MINIMUM
    )
    assert part is not None
    assert part.system == ZONE_38
    assert len(part.projected) == len(part.geographic) == 2
    for plane, sphere in zip(part.projected, part.geographic, strict=True):
        assert np.round(plane, 2).tolist() == plane.tolist()
        again = to_lonlat(part.system, plane[:, 0], plane[:, 1])
        assert np.abs(again - sphere).max() * 3600 <= 0.00051
    rows = list(corners_of(part))
    assert [row[1] for row in rows] == list(range(1, part.corner_count + 1))
    assert {row[0] for row in rows} == {1, 2}
    assert rows[0][3] > 38_000_000 > rows[0][2]


def test_an_exploration_block_keeps_edges_along_the_graticule() -> None:
    block = Polygonal(box(113, 36, 113 + 3 / 60, 36 + 2 / 60))
    east = box(113 + 2 / 60, 35, 114, 37)
    part = largest_compliant_part(block, east, minimum_area_m2=MINIMUM)
    assert part is not None
    check(part, block, [east])
    assert part.corner_count == 4
    seconds = part.geographic[0] * 3600
    assert np.abs(seconds - np.round(seconds, 3)).max() < 1e-6
    assert part.geographic[0][0] == pytest.approx([113, 36 + 2 / 60], abs=1e-9)


def test_clearance_is_kept_from_lines_and_points() -> None:
    block = zone_block((0, 0), (2000, 0), (2000, 1000), (0, 1000))
    corners = np.add([(900, -500), (900, 1500)], (38_400_000.0, 4_000_000.0))
    road = LineString(to_lonlat(ZONE_38, corners[:, 0], corners[:, 1]))
    part = largest_compliant_part(block, road, minimum_area_m2=MINIMUM, clearance_m=200)
    assert part is not None
    (near,) = nearest(prepare(part.polygonal), MemoryLayer.of("road", [road]), within_m=500)
    assert 200.0 <= near.distance_m <= 200.2


def test_narrow_necks_are_given_up() -> None:
    block = zone_block((0, 0), (2000, 0), (2000, 1000), (0, 1000))
    wall = prepare(zone_block((1000, 1.5), (1050, 1.5), (1050, 1100), (1000, 1100))).geometry
    part = largest_compliant_part(block, wall, minimum_area_m2=MINIMUM)
    assert part is not None
    assert part.area_m2 < 1_000_000


def test_nothing_large_enough_gives_none() -> None:
    block = zone_block((0, 0), (1000, 0), (1000, 1000), (0, 1000))
    everything = box(112, 35, 114, 37)
    assert largest_compliant_part(block, everything, minimum_area_m2=MINIMUM) is None
    half = prepare(zone_block((500, -100), (2000, -100), (2000, 1100), (500, 1100))).geometry
    assert largest_compliant_part(block, half, minimum_area_m2=600_000) is None


def test_nothing_forbidden_gives_the_block_back() -> None:
    block = zone_block((0, 0), (1000, 0), (1000.55, 1000.25), (0, 1000))
    part = largest_compliant_part(block, [], minimum_area_m2=MINIMUM)
    assert part is not None
    assert part.lost_m2 == pytest.approx(0.0, abs=0.01)
    assert part.corner_count == 4
