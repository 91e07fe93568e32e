"""Figures and words as reports write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minplan.core.plan.model import ZoneKind
from minplan.core.review.finding import Quantity
from minplan.reports.maps.frame import rounded_up, scale_words
from minplan.reports.wording import Voice, degrees_minutes_seconds, layer_term, significant

ZH, EN = Voice("zh"), Voice("en")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (112.9, "112°54′00.000″"),
        (36.999999999, "37°00′00.000″"),
        (0.0, "0°00′00.000″"),
        (-1.5, "-1°30′00.000″"),
    ],
)
def test_degrees(value: float, written: str) -> None:
    assert degrees_minutes_seconds(value) == written


@given(st.floats(70, 140))
def test_seconds_and_minutes_stay_below_sixty(value: float) -> None:
    degrees, rest = degrees_minutes_seconds(value).split("°")
    minutes, seconds = rest.rstrip("″").split("′")
    assert int(minutes) < 60
    assert float(seconds) < 60
    read = int(degrees) + int(minutes) / 60 + float(seconds) / 3600
    assert read == pytest.approx(value, abs=2e-7)


def test_quantities_use_the_signs_of_print() -> None:
    assert ZH.quantity(Quantity(50.0, "万吨/年", ">=")) == "≥ 50 万吨/年"
    assert ZH.quantity(Quantity("详查", "", ">=")) == "≥ 详查"
    assert ZH.quantity(Quantity(12345678.0, "m²")) == "12345678 m²"
    assert significant(0.123456789) == "0.123457"


def test_dates_and_lists_follow_the_language() -> None:
    day = dt.date(2026, 1, 15)
    assert (ZH.date(day), EN.date(day)) == ("2026年1月15日", "15 January 2026")
    assert (ZH.join(["煤", "铁"]), EN.join(["coal", "iron"])) == ("煤、铁", "coal, iron")


def test_scales_are_round() -> None:
    steps = (1.0, 2.0, 2.5, 5.0)
    assert [rounded_up(v, steps) for v in (1.0, 11_000, 20_000, 20_001, 60_000)] == [
        1.0,
        20_000,
        20_000,
        25_000,
        100_000,
    ]
    assert scale_words(25_000, ZH) == "1:2.5万"
    assert scale_words(5_000, ZH) == "1:5000"
    assert scale_words(25_000, EN) == "1:25,000"


def test_every_zone_kind_and_layer_has_a_name() -> None:
    for kind in ZoneKind:
        assert layer_term(kind.value).zh != kind.value
    assert layer_term("ecological-red-line").zh == "生态保护红线"
    assert layer_term("something-else").zh == "something-else"
