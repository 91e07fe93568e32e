"""Production scales by mineral, method and date; conversion of units."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minplan.core.standard.minerals import find_mineral
from minplan.core.standard.scales import (
    MineScale,
    converted,
    density_range,
    scale_grade,
    scale_limits,
    scale_table,
)

TODAY = dt.date(2026, 1, 15)


def test_rows_name_known_minerals_and_rising_limits() -> None:
    for row in scale_table():
        found = find_mineral(row.mineral)
        assert found is not None
        assert found.name == row.mineral
        assert 0 < row.medium_from < row.large_from
        assert row.minimum is None or row.minimum <= row.medium_from


@pytest.mark.parametrize(
    ("mineral", "method", "value", "unit", "grade"),
    [
        ("煤炭", "underground", 120, "万吨/年", MineScale.LARGE),
        ("煤炭", "underground", 119.9, "万吨/年", MineScale.MEDIUM),
        ("煤炭", "underground", 44, "万t/a", MineScale.SMALL),
        ("煤炭", "open-pit", 120, "万吨/年", MineScale.MEDIUM),
        ("水泥用灰岩", "open-pit", 50, "万吨/年", MineScale.MEDIUM),
        ("煤层气", "well", 5, "亿立方米/年", MineScale.LARGE),
        ("煤层气", "well", 50000, "万立方米/年", MineScale.LARGE),
        ("陶瓷土", "open-pit", 10, "万吨/年", MineScale.LARGE),
        ("建筑石料用灰岩", "open-pit", 10, "万立方米/年", MineScale.LARGE),
    ],
)
def test_known_scales(mineral: str, method: str, value: float, unit: str, grade: MineScale) -> None:
    assert scale_grade(mineral, method, value, unit, TODAY) is grade


def test_a_mine_of_unknown_method_gets_the_lower_scale() -> None:
    assert scale_grade("煤炭", "", 120, "万吨/年", TODAY) is MineScale.MEDIUM
    assert scale_grade("铁矿", "both", 100, "万吨/年", TODAY) is MineScale.MEDIUM


def test_near_a_limit_the_density_decides() -> None:
    assert scale_grade("建筑石料用灰岩", "", 100, "万吨/年", TODAY) is MineScale.LARGE
    assert scale_grade("建筑石料用灰岩", "", 13, "万吨/年", TODAY) is None
    assert scale_grade("建筑石料用灰岩", "", 13, "万吨/年", TODAY, density=2.7) is MineScale.SMALL
    assert scale_grade("建筑石料用灰岩", "", 13, "万吨/年", TODAY, density=2.5) is MineScale.MEDIUM


def test_nothing_is_said_before_the_table_was_in_force_or_of_unlisted_minerals() -> None:
    assert scale_limits("煤炭", "underground", dt.date(2004, 9, 29)) == ()
    assert scale_grade("煤炭", "underground", 120, "万吨/年", dt.date(2004, 9, 29)) is None
    assert scale_grade("麦饭石", "", 10, "万吨/年", TODAY) is None


def test_units_without_a_density_are_not_compared() -> None:
    assert converted(1, "万吨/年", "万立方米/年", "铁矿") == ()
    assert converted(1, "箱", "万吨/年", "铁矿") == ()
    assert converted(2, "箱", "箱", "铁矿") == (2,)
    assert converted(1.8, "亿吨/年", "万吨/年", "煤炭") == (pytest.approx(18000),)


@given(st.floats(0.01, 1e5), st.floats(1.0, 4.0))
def test_conversion_there_and_back(value: float, density: float) -> None:
    (volume,) = converted(value, "万吨", "万立方米", "石灰岩", density)
    (tonnes,) = converted(volume, "万立方米", "万吨", "石灰岩", density)
    assert tonnes == pytest.approx(value)


def test_density_ranges_are_bounds() -> None:
    low, high = density_range("石灰岩")
    assert low < 2.7 < high


def test_words_of_scales() -> None:
    assert MineScale.of_word("大型") is MineScale.LARGE
    assert MineScale.of_word("中") is MineScale.MEDIUM
    assert MineScale.of_word("small") is MineScale.SMALL
    assert MineScale.of_word("特大型") is None
    assert [item.rank for item in MineScale] == [3, 2, 1]
