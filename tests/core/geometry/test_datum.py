"""Datum shifts with stated parameters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minplan.core.errors import InputError
from minplan.core.geometry.crs import CoordinateSystem, Datum, from_lonlat, to_lonlat
from minplan.core.geometry.datum import PlaneShift, SevenParameters

ZONE = CoordinateSystem(Datum.XIAN80, 3, 38)
HERE = np.array([[112.9, 36.2], [113.1, 36.4]])
METRES = np.array([111_320 * np.cos(np.radians(36.3)), 111_320])


def test_zero_parameters_move_only_between_ellipsoids() -> None:
    """Xian 80's axis is 3 m longer: latitudes change by centimetres, longitudes not at all."""
    moved = SevenParameters(Datum.XIAN80, 0, 0, 0).to_cgcs2000(HERE, ZONE)
    assert np.abs((moved - HERE)[:, 0] * METRES[0]).max() < 1e-6
    assert np.abs((moved - HERE)[:, 1] * METRES[1]).max() < 0.2


def test_a_shift_along_the_axis_moves_everything_south() -> None:
    """100 m towards the south pole at latitude B is 100 · cos B metres along the meridian."""
    still = SevenParameters(Datum.XIAN80, 0, 0, 0).to_cgcs2000(HERE, ZONE)
    moved = SevenParameters(Datum.XIAN80, 0, 0, -100).to_cgcs2000(HERE, ZONE)
    south = (still - moved)[:, 1] * 110_970
    assert south == pytest.approx(100 * np.cos(np.radians(HERE[:, 1])), rel=0.01)


def test_the_conventions_differ_in_the_sign_of_rotations() -> None:
    frame = SevenParameters(Datum.XIAN80, 0, 0, 0, rz=1.0)
    vector = SevenParameters(Datum.XIAN80, 0, 0, 0, rz=-1.0, convention="position_vector")
    assert frame.to_cgcs2000(HERE, ZONE) == pytest.approx(vector.to_cgcs2000(HERE, ZONE), abs=1e-12)
    turned = frame.to_cgcs2000(HERE, ZONE) - HERE
    assert turned[:, 0] * 3600 == pytest.approx([-1.0, -1.0], abs=1e-6)


@given(
    dn=st.floats(-200, 200),
    de=st.floats(-200, 200),
    width=st.sampled_from([3, 6]),
)
def test_plane_shift_adds_metres_in_the_zone(dn: float, de: float, width: int) -> None:
    zone = CoordinateSystem(Datum.XIAN80, width, 38 if width == 3 else 19)
    after = CoordinateSystem(Datum.CGCS2000, zone.width, zone.zone)
    plane = from_lonlat(zone, HERE)
    moved = from_lonlat(after, PlaneShift(Datum.XIAN80, dn, de).to_cgcs2000(HERE, zone))
    assert moved - plane == pytest.approx(np.array([[de, dn]] * 2), abs=1e-4)


def test_plane_shift_with_rotation_and_scale() -> None:
    shift = PlaneShift(Datum.BEIJING54, 10.0, 20.0, rotation=1.0, scale=2.0)
    zone = CoordinateSystem(Datum.BEIJING54, 3, 38, prefixed=False)
    after = CoordinateSystem(Datum.CGCS2000, 3, 38, prefixed=False)
    east, north = from_lonlat(zone, HERE).T
    angle, factor = np.radians(1 / 3600), 1 + 2e-6
    moved = from_lonlat(after, shift.to_cgcs2000(HERE, zone)).T
    assert moved[0] == pytest.approx(
        20 + factor * (east * np.cos(angle) - north * np.sin(angle)), abs=1e-4
    )
    assert moved[1] == pytest.approx(
        10 + factor * (east * np.sin(angle) + north * np.cos(angle)), abs=1e-4
    )


def test_geographic_corners_are_shifted_in_their_local_zone() -> None:
    shift = PlaneShift(Datum.XIAN80, 5.0, 7.0)
    local = shift.to_cgcs2000(HERE, CoordinateSystem(Datum.XIAN80))
    assert local == pytest.approx(shift.to_cgcs2000(HERE, ZONE), abs=1e-12)


def test_descriptions_record_parameters_and_origin() -> None:
    seven = SevenParameters(Datum.XIAN80, 1.5, -2, 3, rx=0.1, scale=4, stated_by="测绘院")
    assert "dX=1.5 m" in seven.description.zh
    assert "来源：测绘院" in seven.description.zh
    assert "coordinate frame" in seven.description.en
    plane = PlaneShift(Datum.XIAN80, 2.07, 114.81)
    assert plane.description.zh == "平面转换参数 dN=2.07 m, dE=114.81 m（由用户给定）"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_parameters_must_be_numbers(value: float) -> None:
    with pytest.raises(InputError, match="E141"):
        PlaneShift(Datum.XIAN80, value, 0)
    with pytest.raises(InputError, match="E141"):
        SevenParameters(Datum.XIAN80, value, 0, 0)


def test_published_pairs_of_a_notice_are_reproduced_by_their_shift() -> None:
    """Corners 4 to 6 of a published table in both datums differ by one constant."""
    old = np.array([(2609673.83, 36505760.40), (2609640.26, 36505783.86)])
    new = np.array([(2609675.90, 36505875.21), (2609642.33, 36505898.67)])
    before = CoordinateSystem(Datum.XIAN80, 3, 36)
    after = CoordinateSystem(Datum.CGCS2000, 3, 36)
    shift = PlaneShift(Datum.XIAN80, 2.07, 114.81)
    moved = shift.to_cgcs2000(to_lonlat(before, old[:, 1], old[:, 0]), before)
    assert from_lonlat(after, moved)[:, ::-1] == pytest.approx(new, abs=1e-3)
