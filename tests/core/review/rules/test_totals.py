"""Totals of output and numbers of mines: readings, tolerance, stale and missing states."""

from __future__ import annotations

from typing import Any

import pytest

from minplan.core.review.finding import Outcome

CONFLICT, ATTENTION, CLEAR = Outcome.CONFLICT, Outcome.ATTENTION, Outcome.CLEAR
NOT_CHECKED = Outcome.NOT_CHECKED
STONE = "建筑石料用灰岩"


def cap(subject: str, mineral: str | None, high: float, unit: str, **more: Any) -> dict[str, Any]:
    row = {"subject": subject, "mineral": mineral, "low": high, "high": high, "unit": unit}
    return {**row, **more}


def have(subject: str, mineral: str | None, value: float, unit: str, **more: Any) -> dict[str, Any]:
    return {"subject": subject, "mineral": mineral, "value": value, "unit": unit, **more}


@pytest.mark.parametrize(
    ("present", "outcome"), [(1700, CLEAR), (1705, CLEAR), (1706, ATTENTION), (1801, CONFLICT)]
)
def test_a_firm_cap(finding: Any, present: float, outcome: Outcome) -> None:
    plan = {
        "quotas": (cap("output", STONE, 1900, "万吨/年"),),
        "status": (have("output", STONE, present, "万吨/年"),),
    }
    assert finding("R-TT-01", plan=plan).outcome is outcome


def test_about_is_a_band_of_five_per_cent(finding: Any) -> None:
    for present, outcome in ((1895, ATTENTION), (1896, CONFLICT)):
        plan = {
            "quotas": (cap("output", STONE, 1900, "万吨/年", modality="about"),),
            "status": (have("output", STONE, present, "万吨/年"),),
        }
        assert finding("R-TT-01", plan=plan).outcome is outcome


def test_of_two_readings_the_strictest_decides_and_both_are_shown(finding: Any) -> None:
    plan = {
        "quotas": (
            cap("output", "陶瓷土", 20, "万吨/年", place="表4"),
            cap("output", "陶瓷土", 50, "万吨/年", place="正文", modality="about"),
        ),
        "status": (have("output", "陶瓷土", 12, "万吨/年"),),
    }
    found = finding("R-TT-01", given={"minerals": ("陶瓷土",), "scale": 10}, plan=plan)
    assert found.outcome is CONFLICT
    assert "表4 20" in found.message.zh
    assert "正文 50左右" in found.message.zh
    assert str(found.limit) == "≤ 20 万吨/年"


def test_the_wider_mineral_s_cap_is_held_too(judge: Any) -> None:
    plan = {
        "quotas": (
            cap("output", STONE, 1900, "万吨/年"),
            cap("output", "石灰岩", 2610, "万吨/年", modality="about"),
        ),
        "status": (
            have("output", STONE, 1450, "万吨/年"),
            have("output", "石灰岩", 2700, "万吨/年"),
        ),
    }
    result = judge("R-TT-01", plan=plan)
    assert [item.outcome for item in result.findings] == [CLEAR, CONFLICT]


def test_one_missing_state_does_not_hide_the_other(judge: Any) -> None:
    plan = {
        "quotas": (cap("output", STONE, 1900, "万吨/年"), cap("output", "石灰岩", 2610, "万吨/年")),
        "status": (have("output", "石灰岩", 2000, "万吨/年"),),
    }
    result = judge("R-TT-01", plan=plan)
    assert [item.outcome for item in result.findings] == [NOT_CHECKED, CLEAR]


def test_targets_to_be_reached_are_no_caps(finding: Any) -> None:
    plan = {"quotas": (cap("output", "煤层气", 30, "亿立方米/年", operator=">="),)}
    given = {"minerals": ("煤层气",), "scale": 2, "scale_unit": "亿立方米/年"}
    assert finding("R-TT-01", given=given, plan=plan).outcome is Outcome.NOT_APPLICABLE


def test_licensed_capacity_above_the_cap_is_said(finding: Any) -> None:
    plan = {
        "quotas": (cap("output", "铁矿", 328.4, "万吨/年"),),
        "status": (
            have("output", "铁矿", 170, "万吨/年"),
            have("capacity", "铁矿", 338.2, "万吨/年"),
        ),
    }
    found = finding("R-TT-01", given={"minerals": ("铁矿",), "scale": 30}, plan=plan)
    assert found.outcome is ATTENTION
    assert "证载规模" in found.message.zh


def test_units_of_state_and_cap_may_differ(finding: Any) -> None:
    plan = {
        "quotas": (cap("output", "煤炭", 1.7, "亿吨/年", operator="="),),
        "status": (have("output", "煤炭", 12123.63, "万吨"),),
    }
    found = finding("R-TT-01", given={"minerals": ("煤炭",), "scale": 150}, plan=plan)
    assert found.outcome is CLEAR


def test_a_change_adds_only_its_growth(finding: Any) -> None:
    plan = {
        "quotas": (cap("output", STONE, 1900, "万吨/年"),),
        "status": (have("output", STONE, 1790, "万吨/年"),),
    }
    given = {"action": "change", "scale": 100}
    assert finding("R-TT-01", given=given, plan=plan).outcome is NOT_CHECKED
    grown = finding("R-TT-01", given=given, plan=plan, facts={"existing_capacity": 90})
    assert grown.outcome is CLEAR


QUARTZITE = {"minerals": ("冶金用石英岩",), "scale": 30}


@pytest.mark.parametrize(
    ("closing", "year", "outcome"),
    [
        (0, 2025, CONFLICT),
        (0, 2020, ATTENTION),  # too old to decide
        (1, 2025, CONFLICT),  # as many closed as added: still above
        (3, 2025, ATTENTION),  # shrinking, still above
        (6, 2025, CLEAR),
    ],
)
def test_six_mines_where_the_plan_wants_one(
    finding: Any, closing: int, year: int, outcome: Outcome
) -> None:
    plan = {
        "quotas": (cap("mines", "石英岩", 1, "个"),),
        "status": (have("mines", "石英岩", 6, "个", date=f"{year}-12-31"),),
    }
    facts = {"closing_mines": closing}
    found = finding("R-TT-03", given=QUARTZITE, plan=plan, facts=facts)
    assert found.outcome is outcome
    assert "现状已超过控制数" in found.message.zh


def test_the_top_of_a_range_of_mines_is_the_cap(finding: Any) -> None:
    clay = {"minerals": ("陶瓷土",), "scale": 10}
    quota = {**cap("mines", "陶瓷土", 3, "个", operator="range"), "low": 2}
    for present, outcome in ((2, CLEAR), (3, CONFLICT)):
        plan = {"quotas": (quota,), "status": (have("mines", "陶瓷土", present, "个"),)}
        assert finding("R-TT-03", given=clay, plan=plan).outcome is outcome


def test_states_after_the_review_date_do_not_count(finding: Any) -> None:
    plan = {
        "quotas": (cap("mines", STONE, 80, "个"),),
        "status": (have("mines", STONE, 70, "个", date="2026-06-30"),),
    }
    assert finding("R-TT-03", plan=plan).outcome is NOT_CHECKED


def test_a_county_the_plan_omits_is_not_checked(finding: Any) -> None:
    found = finding("R-TT-04", given={"county": "壶关县"})
    assert found.outcome is NOT_CHECKED
    assert "壶关县" in found.message.zh


def test_a_county_s_caps_on_output_and_mines(judge: Any) -> None:
    plan = {
        "quotas": (
            cap("output", "煤炭", 1800, "万吨/年", county="潞州区"),
            cap("mines", None, 6, "个", county="潞州区"),
        ),
        "status": (have("mines", None, 6, "个", county="潞州区"),),
    }
    given = {"minerals": ("煤炭",), "county": "潞州区", "scale": 120}
    result = judge("R-TT-04", given=given, plan=plan)
    assert [item.outcome for item in result.findings] == [NOT_CHECKED, CONFLICT]


def test_the_total_of_city_minerals_does_not_count_kinds_twice(finding: Any) -> None:
    plan = {
        "plan": {"city_minerals": ("石灰岩", STONE, "石英岩")},
        "quotas": (cap("output", None, 3000, "万吨/年", modality="about"),),
        "status": (
            have("output", "石灰岩", 2317, "万吨/年"),
            have("output", STONE, 1450, "万吨/年"),
            have("output", "石英岩", 65, "万吨/年"),
        ),
    }
    found = finding("R-TT-02", plan=plan)
    assert found.outcome is CLEAR
    assert "2482" in found.message.zh
