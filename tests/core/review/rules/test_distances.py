"""Distances: measured from the land of a road, by kind of feature, in force by date."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Verdict
from minplan.core.review.missing import dictionary, layer_names
from minplan.core.review.rules.distances import rows_of

ROAD = {"line": ((1110, -500), (1110, 1500)), "name": "G207", "grade": "国道"}
DAY = dt.date(2026, 1, 15)


@pytest.mark.parametrize("rule", ["R-LAW-17", "R-LAW-18", "R-LAW-19"])
def test_rows_speak_of_known_things(rule: str) -> None:
    rows = rows_of(rule, DAY)
    assert rows
    for row in rows:
        assert row["layer"] in layer_names()
        assert set(row["documents"]) <= set(dictionary("attachments"))
        assert {row["open_pit"], row["underground"]} <= {"forbidden", "condition", "free"}


def test_no_row_before_its_law() -> None:
    assert rows_of("R-LAW-17", dt.date(2011, 6, 30)) == ()


def test_a_centre_line_is_moved_to_the_edge_of_the_land(finding: Any) -> None:
    assert finding("R-LAW-17", layers={"highway": (ROAD,)}).outcome is Outcome.CLEAR
    wide = {**ROAD, "half_width": 15}
    found = finding("R-LAW-17", layers={"highway": (wide,)})
    assert found.outcome is Outcome.CONFLICT
    assert found.measured.value == pytest.approx(95, abs=0.3)
    assert found.limit.value == 100
    assert found.evidence[0].geometry.geom_type == "Polygon"
    assert "G207" in found.message.zh


def test_the_nearest_is_told_when_it_is_far_enough(finding: Any) -> None:
    found = finding("R-LAW-17", layers={"highway": (ROAD,)})
    assert found.message.zh == "最近的公路距 110.0 米，符合距离要求。"


def test_a_high_speed_railway_also_counts_as_a_railway(judge: Any) -> None:
    track = {"line": ((1150, -500), (1150, 1500)), "name": "某高铁", "kind": "高铁"}
    result = judge("R-LAW-18", facts={"drains_groundwater": False}, layers={"railway": (track,)})
    (found,) = result.findings
    assert found.outcome is Outcome.ATTENTION
    assert "第三十四条" in found.message.zh


def test_what_is_forbidden_is_not_said_twice(judge: Any) -> None:
    pipe = {"line": ((500, -500), (500, 1500)), "name": "某管道", "kind": "线路"}
    result = judge("R-LAW-19", layers={"pipeline": (pipe,)})
    assert [item.outcome for item in result.findings] == [Outcome.CONFLICT]


def test_exploration_keeps_no_mining_distances(judge: Any) -> None:
    result = judge("R-LAW-17", given={"right": "exploration-right"}, layers={"highway": (ROAD,)})
    assert result.verdict is Verdict.CONFORMS


def test_the_own_quarry_and_lapsed_ones_are_no_neighbours(judge: Any) -> None:
    quarry = {"box": (1100, 0, 1500, 900), "mineral": "建筑石料用灰岩", "method": "露天"}
    own, gone = {**quarry, "licence": "C1"}, {**quarry, "licence": "C2", "status": "注销"}
    result = judge(
        "R-LAW-20",
        given={"scale": 40, "licence": "C1"},
        layers={"mining-right": (own, gone), "dwelling": ()},
    )
    assert {item.outcome for item in result.findings} == {Outcome.CLEAR}


def test_a_missing_service_life_leaves_the_life_open(judge: Any) -> None:
    result = judge("R-LAW-21", given={"service_life": None}, layers={"mining-right": ()})
    assert [item.outcome for item in result.findings] == [Outcome.NOT_CHECKED, Outcome.CLEAR]


def test_a_tributary_has_its_own_distance(finding: Any) -> None:
    bank = {"line": ((1900, -900), (1900, 1900)), "kind": "重要支流"}
    given = {"minerals": ("铁矿",), "method": "underground"}
    case = {"given": given, "facts": {"tailings_pond": True}}
    found = finding("R-LAW-25", layers={"yellow-river": (bank,)}, **case)
    assert found.limit.value == 1000
    assert found.measured.value == pytest.approx(900, abs=1)
