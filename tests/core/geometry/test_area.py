"""Areas: the fast projection against the formula of the standard, and stated areas of records."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from minplan.core.errors import InputError
from minplan.core.geometry.area import (
    AreaMethod,
    Fit,
    area_by_formula,
    areas_by_method,
    cut_area,
    ellipsoidal_area,
    match_stated_area,
    planar_area,
    spherical_area,
)
from minplan.core.geometry.crs import CoordinateSystem, Datum, to_lonlat
from minplan.core.geometry.polygonal import Polygonal

from .shapes import ZONE_38, stars, zone_block


@given(stars(smallest_m=50, largest_m=30_000))
def test_fast_area_agrees_with_the_formula(shape: Polygon) -> None:
    assert ellipsoidal_area(shape)[0] == pytest.approx(area_by_formula(shape), rel=1e-9)


@given(st.floats(0.0, 53.0), st.floats(0.001, 2.0), st.floats(73.0, 135.0))
def test_fast_area_agrees_with_the_formula_all_over_china(
    south: float, size: float, west: float
) -> None:
    shape = Polygon([(west, south), (west + size, south + size / 3), (west, south + size)])
    assert ellipsoidal_area(shape)[0] == pytest.approx(area_by_formula(shape), rel=1e-9)


def test_the_whole_ellipsoid() -> None:
    half = box(0, 0, 180, 90)
    # Surface of GRS80, 510 065 621.7 km², a quarter of it.
    assert ellipsoidal_area(half)[0] == pytest.approx(510_065_621.7e6 / 4, rel=1e-9)


def test_holes_and_parts_count_once() -> None:
    outer, hole, other = (
        box(113, 36, 113.1, 36.1),
        box(113.02, 36.02, 113.05, 36.05),
        box(114, 36, 114.01, 36.01),
    )
    pierced = Polygon(outer.exterior, [hole.exterior])
    a, b, c = ellipsoidal_area([outer, hole, other])
    many = MultiPolygon([pierced, other])
    assert ellipsoidal_area(many)[0] == pytest.approx(a - b + c, rel=1e-12)
    assert area_by_formula(many) == pytest.approx(a - b + c, rel=1e-9)


@given(stars(), st.floats(0.2, 0.8))
def test_areas_add_up_along_a_meridian(shape: Polygon, share: float) -> None:
    west, south, east, north = shape.bounds
    cut = west + share * (east - west)
    # Points put in where the cut will be: then both sides have the same corners on it.
    shape = shapely.union_all(
        [
            shapely.intersection(shape, box(west, south, cut, north)),
            shapely.intersection(shape, box(cut, south, east, north)),
        ]
    )
    halves = [
        shapely.intersection(shape, box(*b))
        for b in ((west, south, cut, north), (cut, south, east, north))
    ]
    whole = float(ellipsoidal_area(shape)[0])
    # A cut edge bends by its bulge between lon/lat and the formula: 1e-5 for edges of kilometres.
    assert ellipsoidal_area(halves).sum() == pytest.approx(whole, rel=2e-5)


def test_lines_and_points_have_no_area() -> None:
    assert ellipsoidal_area(
        [shapely.Point(113, 36), shapely.LineString([(113, 36), (114, 36)])]
    ).tolist() == [0.0, 0.0]


def test_planar_area_is_that_of_the_corners_in_the_zone() -> None:
    block = zone_block((0, 0), (1000, 0), (1000, 500), (0, 500))
    assert planar_area(block, ZONE_38) == pytest.approx(500_000.0, abs=1e-3)
    assert planar_area(block.geometry, ZONE_38) == pytest.approx(500_000.0, abs=1e-3)


def test_spherical_area_of_two_minutes() -> None:
    """The rectangle 2′×2′ south of 46° N of an exploration right states 9.55 km²."""
    assert spherical_area(box(120 + 1 / 60, 45 + 58 / 60, 120 + 3 / 60, 46)) / 1e6 == pytest.approx(
        9.546, abs=5e-4
    )


def test_three_methods_differ_in_order() -> None:
    areas = areas_by_method(zone_block((0, 0), (2000, 0), (2000, 2000), (0, 2000)))
    assert list(areas) == [AreaMethod.PLANAR, AreaMethod.SPHERE, AreaMethod.ELLIPSOID]
    assert areas[AreaMethod.PLANAR] > areas[AreaMethod.ELLIPSOID]


# -- stated areas ---------------------------------------------------------------------------------


def square(side_m: float) -> Polygonal:
    return zone_block((0, 0), (side_m, 0), (side_m, side_m), (0, side_m))


def test_a_rounded_area_names_its_method() -> None:
    match = match_stated_area(square(2000.0), "4.0000")
    assert match.methods == (AreaMethod.PLANAR,)
    assert not match.warn
    assert match.message.zh == "申报面积 4.0000 km² 与平面面积（3度带高斯-克吕格）一致。"


def test_a_truncated_area_says_so() -> None:
    match = match_stated_area(square(1000.09), "1.0001")
    assert [(f.method, f.fit) for f in match.fits] == [(AreaMethod.PLANAR, Fit.TRUNCATED)]


def test_units_and_full_width_figures() -> None:
    assert match_stated_area(square(2000.0), "４００．００", "公顷").methods[0] is AreaMethod.PLANAR
    assert match_stated_area(square(2000.0), "6,000", "亩").methods[0] is AreaMethod.PLANAR
    assert match_stated_area(square(2000.0), "4000000", "m²").methods == (AreaMethod.PLANAR,)


def test_padding_zeros_are_no_precision() -> None:
    match = match_stated_area(square(1000.09), "1.000000")
    assert match.fits[0].decimals == 3
    assert match_stated_area(square(1000.5), "1.000000").warn


def test_a_wrong_area_warns_with_the_deviation_of_each_method() -> None:
    match = match_stated_area(square(1000.0), "0.900")
    assert match.warn
    assert match.deviations[AreaMethod.PLANAR] == pytest.approx(1 / 0.9 - 1, rel=1e-6)
    assert "+11.11%" in match.message.zh


@pytest.mark.parametrize("stated", ["", "abc", "-1", "0", "NaN", "1/2"])
def test_a_stated_area_must_be_a_positive_figure(stated: str) -> None:
    with pytest.raises(InputError) as caught:
        match_stated_area(square(1000.0), stated)
    assert caught.value.code == "E152"
    assert caught.value.hint is not None


def test_an_unknown_unit_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match="平方公里"):
        match_stated_area(square(1000.0), "1", "acre")


# -- real notices ---------------------------------------------------------------------------------

P, S, E = AreaMethod.PLANAR, AreaMethod.SPHERE, AreaMethod.ELLIPSOID
NOTICES = {
    "SX-XIAXIAN-3": [(P, "rounded"), (E, "rounded"), (S, "truncated")],
    "HB-DANGYANG": [(P, "rounded"), (S, "rounded"), (E, "rounded")],
    "HB-SONGZI": [(P, "truncated"), (S, "truncated"), (E, "truncated")],
    "SC-HUIDONG-CAOJIAWAN": [(P, "rounded")],
    "ZJ-BEILUN-1": [(P, "corners")],
    "ZJ-BEILUN-2": [(P, "rounded")],
    "NM-XINGAN-1": [(S, "rounded"), (E, "rounded"), (P, "truncated")],
    "NM-XINGAN-2": [],
    "NM-XINGAN-6": [(S, "rounded")],
    "GZ-FUQUAN-RONGFU": [(P, "rounded"), (E, "rounded")],
    "SC-LEIBO-YANJIAWAN": [(P, "rounded"), (E, "rounded")],
    "NM-EJINA-1": [(S, "rounded")],
    "NM-EJINA-3": [],
    "HB-DAYE-KEJIASHAN": [(P, "rounded")],
}


def notice_block(notice: dict[str, Any]) -> Polygonal:
    """The block of a notice from its plain fields; reading the text is the corner reader's job."""
    if "rings" in notice:
        north, east = np.array(notice["rings"][0], dtype=float).T
        datum = Datum(notice["datum"])
        system = CoordinateSystem(datum, 3, int(east[0] // 1e6))
        return Polygonal(Polygon(to_lonlat(system, east, north)), system)
    if "lonlat_dms" in notice:
        rings = [[(dms(lon), dms(lat)) for lon, lat in ring] for ring in notice["lonlat_dms"]]
    else:
        packed_rings = notice["packed"] + notice.get("packed_holes", [])
        rings = [[tuple(map(packed, c.split(","))) for c in ring] for ring in packed_rings]
    return Polygonal(Polygon(rings[0], rings[1:]))


def dms(text: str) -> float:
    degrees, minutes, seconds = map(float, re.findall(r"[\d.]+", text))
    return degrees + minutes / 60 + seconds / 3600


def packed(text: str) -> float:
    degrees, rest = text.split(".")
    rest = rest.ljust(7, "0")
    return int(degrees) + int(rest[:2]) / 60 + int(rest[2:]) / 10 ** (len(rest) - 4) / 3600


def test_every_notice_names_its_method_or_warns(shared_data: Path) -> None:
    notices = json.loads((shared_data / "notices" / "notices.json").read_text(encoding="utf-8"))
    found = {}
    for notice in notices:
        block = notice_block(notice)
        if notice.get("stated_area_m2"):
            match = match_stated_area(block, notice["stated_area_m2"], "m²")
        elif notice.get("stated_area_km2"):
            match = match_stated_area(block, notice["stated_area_km2"])
        else:
            continue
        found[notice["id"]] = [(fit.method, fit.fit.value) for fit in match.fits]
        if notice["id"] == "NM-XINGAN-2":
            assert match.deviations[P] == pytest.approx(0.108, abs=5e-4)
    assert found == NOTICES


def test_both_tables_of_one_notice_agree_to_a_thousandth_of_a_second(shared_data: Path) -> None:
    notices = json.loads((shared_data / "notices" / "notices.json").read_text(encoding="utf-8"))
    notice = next(n for n in notices if n["id"] == "SC-HUIDONG-CAOJIAWAN")
    corners = shapely.get_coordinates(notice_block(notice).geometry)[:-1]
    printed = np.array([(dms(lon), dms(lat)) for lat, lon in notice["latlon_dms"]])
    assert np.abs(corners - printed).max() * 3600 <= 0.001


def test_a_needle_does_not_hide_the_piece_it_hangs_on() -> None:
    """A gap of 730 m² with a needle of nearly no width along an edge of 13 km."""
    ends = [(113.11218251923202, 36.17214427799772), (113.229477113, 36.246688607)]
    body = [
        ends[0],
        (113.11207749822974, 36.172249299),
        (113.1123477685, 36.17251956927027),
        (113.11251301776798, 36.172354320002285),
    ]
    alone, hung = Polygon(body), Polygon([*body, ends[1]])
    assert cut_area([hung])[0] == pytest.approx(ellipsoidal_area([alone])[0], rel=1e-3)


def test_holes_of_thin_pieces_are_left_out() -> None:
    """A ring of 2 m along a slanting edge, with and without its hole."""
    strip = shapely.LineString([(113.0, 36.0), (113.4, 36.3)]).buffer(1e-5)
    ring = shapely.LineString([(113.0, 36.0), (113.4, 36.3)]).buffer(3e-5).difference(strip)
    whole = shapely.LineString([(113.0, 36.0), (113.4, 36.3)]).buffer(3e-5)
    parts = cut_area([whole, strip, MultiPolygon([ring])])
    assert parts[2] == pytest.approx(parts[0] - parts[1], rel=1e-2)
