"""Basic blocks, ridges along the boundary, views, deposits."""

from __future__ import annotations

from typing import Any

import pytest

from minplan.core.review.finding import Outcome

ONE = {
    "thresholds": (
        {
            "subject": "minimum-area",
            "value": "1",
            "unit": "区块",
            "modality": "in-principle",
        },
    )
}
EXPLORE = {"right": "exploration-right", "minerals": ("铝土矿",), "method": None}


def test_the_basic_block_is_that_of_the_latitude(finding: Any) -> None:
    found = finding("R-SP-08", given=EXPLORE, plan=ONE)
    assert found.outcome is Outcome.ATTENTION
    assert found.limit.value == pytest.approx(2.762e6, rel=1e-3)
    assert found.measured.value == pytest.approx(1e6, rel=1e-3)
    assert "0.36 个基本单位区块" in found.message.zh


def test_the_largest_area_depends_on_the_mineral(finding: Any) -> None:
    big = {"right": "exploration-right", "box": (0, 0, 12_000, 12_000), "method": None}
    assert finding("R-LAW-26", given={**big, "minerals": ("铁矿",)}).outcome is Outcome.ATTENTION
    assert finding("R-LAW-26", given={**big, "minerals": ("煤炭",)}).outcome is Outcome.CLEAR


def test_a_long_run_along_a_ridge_is_enough(finding: Any) -> None:
    # 250 m of 4000 m is 6 % of the boundary, but one run above 200 m.
    ridge = {"line": ((300, 1000), (550, 1000))}
    found = finding("R-SP-15", facts={"whole_hill": True}, layers={"ridge-line": (ridge,)})
    assert found.outcome is Outcome.CONFLICT
    assert found.measured.value == pytest.approx(7.25, abs=0.2)


def test_a_short_touch_of_a_ridge_is_clear(finding: Any) -> None:
    ridge = {"line": ((300, 1000), (400, 1000))}
    found = finding("R-SP-15", facts={"whole_hill": True}, layers={"ridge-line": (ridge,)})
    assert found.outcome is Outcome.CLEAR


def test_a_ridge_far_away_is_clear(finding: Any) -> None:
    ridge = {"line": ((0, 5000), (1000, 5000))}
    found = finding("R-LAW-16", layers={"ridge-line": (ridge,)})
    assert found.outcome is Outcome.CLEAR
    assert found.measured.value == pytest.approx(0)


def test_both_methods_are_checked_both_ways(judge: Any) -> None:
    ridge = {"line": ((0, 1000), (1000, 1000))}
    result = judge(
        "R-LAW-16",
        given={"method": "both"},
        facts={"burial_depth": 250},
        layers={"ridge-line": (ridge,)},
    )
    assert [item.outcome for item in result.findings] == [Outcome.ATTENTION, Outcome.CLEAR]


def test_a_small_deposit_may_be_explored_on_little_ground(finding: Any) -> None:
    deposit = {"box": (-100, -100, 1100, 1100), "size": "小型", "name": "示例"}
    found = finding("R-SP-24", given=EXPLORE, layers={"mineral-deposit": (deposit,)})
    assert found.outcome is Outcome.CLEAR


def test_the_share_of_a_split_deposit_is_told(finding: Any) -> None:
    deposit = {"box": (500, 0, 1500, 1000), "size": "大型", "name": "示例矿床"}
    found = finding(
        "R-SP-09",
        given=EXPLORE,
        facts={"deposit_rest_taken": True},
        layers={"mineral-deposit": (deposit,)},
    )
    assert found.outcome is Outcome.CONFLICT
    assert "“示例矿床”的 50.00%" in found.message.zh
