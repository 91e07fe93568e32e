"""Existing rights: one judgement per neighbour, its words, and what it is put down to."""

from __future__ import annotations

from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Severity, Verdict

MINING, EXPLORATION = "mining-right", "exploration-right"
RIGHT = {
    "box": (500, -100, 1500, 1100),
    "name": "甲矿",
    "licence": "C1",
    "holder": "甲公司",
    "mineral": "建筑石料用灰岩",
    "expiry": "2035-01-01",
    "upper": 1300,
    "lower": 1100,
}
GAS = {**RIGHT, "name": "某煤层气", "mineral": "煤层气", "box": (-5000, -5000, 9000, 9000)}
COAL = {"minerals": ("煤炭",), "method": "underground", "elevation": (750, 150)}


def test_a_conflict_names_the_right_and_its_size(finding: Any) -> None:
    found = finding("R-SP-06", layers={MINING: (RIGHT,)})
    assert found.outcome is Outcome.CONFLICT
    assert "“甲矿”重叠" in found.message.zh
    assert "占 50.00%" in found.message.zh
    assert found.evidence[0].feature == "C1"
    assert found.mend is not None


def test_neighbours_are_grouped_by_what_decides(judge: Any) -> None:
    gone = {**RIGHT, "name": "乙矿", "licence": "C2", "status": "注销"}
    coal = {**RIGHT, "name": "丙矿", "licence": "C3", "mineral": "煤炭", "upper": 700, "lower": 100}
    bare = {**coal, "name": "丁矿", "licence": "C4", "upper": None}
    result = judge("R-SP-06", layers={MINING: (RIGHT, gone, coal, bare)})
    said = {item.outcome: item for item in result.findings if item.severity is not Severity.HINT}
    assert set(said) == {Outcome.CONFLICT, Outcome.ATTENTION, Outcome.NOT_CHECKED}
    assert [item.name for item in said[Outcome.CONFLICT].evidence] == ["甲矿"]
    assert said[Outcome.ATTENTION].evidence[0].vertical_gap_m == pytest.approx(400)
    (hint,) = [item for item in result.findings if item.severity is Severity.HINT]
    assert "注销" in hint.message.zh


def test_methane_over_the_whole_city_is_no_conflict(judge: Any) -> None:
    case = {"given": COAL, "layers": {EXPLORATION: (GAS,), MINING: (GAS,)}}
    rules = ("R-SP-06", "R-SP-07", "R-LAW-03", "R-LAW-10", "R-LAW-33")
    assert judge(*rules, **case).verdict is Verdict.CONDITIONAL
    papers = ("mutual-safety-agreement", "coal-gas-schedule")
    assert judge(*rules, attachments=papers, **case).verdict is Verdict.CONFORMS


def test_an_expired_agreement_does_not_count(judge: Any) -> None:
    old = {"kind": "mutual-safety-agreement", "valid_to": "2025-12-31"}
    result = judge("R-SP-07", given=COAL, attachments=(old,), layers={EXPLORATION: (GAS,)})
    assert result.verdict is Verdict.CONDITIONAL


def test_touching_elevations_keep_apart(finding: Any) -> None:
    coal = {**RIGHT, "mineral": "煤炭", "upper": 1100, "lower": 500}
    found = finding("R-SP-06", layers={MINING: (coal,)})
    assert found.outcome is Outcome.ATTENTION
    assert found.evidence[0].vertical_gap_m == pytest.approx(0)


def test_elevations_that_meet_by_a_metre(finding: Any) -> None:
    coal = {**RIGHT, "mineral": "煤炭", "upper": 1101, "lower": 500}
    found = finding("R-SP-06", layers={MINING: (coal,)})
    assert found.outcome is Outcome.CONFLICT
    assert found.measured.value == pytest.approx(-1)
    assert "标高重叠 1 米" in found.message.zh


def test_the_own_licence_never_counts(finding: Any) -> None:
    found = finding(
        "R-SP-06", given={"licence": "C1", "action": "change"}, layers={MINING: (RIGHT,)}
    )
    assert found.outcome is Outcome.CLEAR


def test_a_bauxite_right_below_coal_of_the_same_holder(finding: Any) -> None:
    bauxite = {**RIGHT, "mineral": "铝土矿", "holder": "示例申请人", "upper": 700, "lower": 600}
    found = finding("R-SP-06", given=COAL, layers={MINING: (bauxite,)})
    assert found.outcome is Outcome.CLEAR
    assert "同一矿业权人" in found.message.zh


def test_exploration_rights_have_no_elevation_to_compare(finding: Any) -> None:
    bauxite = {**RIGHT, "mineral": "铝土矿", "upper": None, "lower": None}
    found = finding("R-SP-07", given=COAL, layers={EXPLORATION: (bauxite,)})
    assert found.outcome is Outcome.ATTENTION


def test_holders_inside_the_block_are_counted_once(finding: Any) -> None:
    given = {"right": "exploration-right", "minerals": ("铝土矿",), "method": None}
    one = {**RIGHT, "mineral": "铝土矿", "box": (1500, 0, 1800, 500)}
    more = ({**one, "holder": "甲公司"}, {**one, "holder": "乙公司"}, {**one, "mineral": "煤层气"})
    found = finding(
        "R-SP-11",
        given=given,
        plan={"thresholds": ({"subject": "holders-per-block", "value": "1"},)},
        zones=({"kind": "exploration-block", "code": "K1", "box": (-500, -500, 3000, 2000)},),
        layers={EXPLORATION: (one, *more)},
    )
    assert found.outcome is Outcome.ATTENTION
    assert found.measured.value == 3
