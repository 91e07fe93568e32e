"""Blocks, concentrated areas with their quotas, reserves and national areas."""

from __future__ import annotations

from typing import Any

from minplan.core.review.finding import Outcome

MINING = "mining-right"
AREA = {
    "kind": "concentrated-mining-area",
    "code": "CS007",
    "name": "集中开采区 007",
    "box": (-500, -500, 3000, 3000),
    "minerals": ({"mineral": "建筑石料用灰岩", "planned_rights": 2},),
}
GRANTED = {
    "box": (1500, 1500, 2000, 2000),
    "mineral": "建筑石料用石灰岩",
    "granted": "2023-03-01",
    "licence": "C1",
}


def test_the_quota_of_an_area_is_counted_from_the_layer(finding: Any) -> None:
    second = {**GRANTED, "box": (2100, 2100, 2500, 2500), "licence": "C2"}
    outside = {**GRANTED, "box": (5000, 5000, 6000, 6000), "licence": "C3"}
    older = {**GRANTED, "granted": "2020-12-31", "licence": "C4"}
    lapsed = {**GRANTED, "expiry": "2025-01-01", "licence": "C5"}
    dolomite = {**GRANTED, "mineral": "建筑用白云岩", "licence": "C6"}
    others = (outside, older, lapsed, dolomite)
    found = finding("R-SP-13", zones=(AREA,), layers={MINING: (GRANTED, *others)})
    assert found.outcome is Outcome.CLEAR
    assert str(found.measured) == "2 个"
    found = finding("R-SP-13", zones=(AREA,), layers={MINING: (GRANTED, second, *others)})
    assert found.outcome is Outcome.CONFLICT
    assert "拟设采矿权 2 个，规划期已设 2 个" in found.message.zh


def test_the_own_licence_is_not_counted(finding: Any) -> None:
    second = {**GRANTED, "licence": "C2"}
    own = {"licence": "C2", "action": "change"}
    found = finding("R-SP-13", given=own, zones=(AREA,), layers={MINING: (GRANTED, second)})
    assert found.outcome is Outcome.CLEAR


def test_zones_without_geometry_keep_a_rule_open_until_declared(finding: Any) -> None:
    unmapped = {"kind": "national-planned-mining-area", "code": "NPA-6", "name": "某矿区"}
    found = finding("R-LAW-07", zones=(unmapped,))
    assert found.outcome is Outcome.NOT_CHECKED
    assert "某矿区" in found.missing[0].zh
    found = finding("R-LAW-07", zones=(unmapped,), facts={"outside_unmapped_zones": True})
    assert found.outcome is Outcome.CLEAR


def test_a_block_without_geometry_may_hold_the_rest(finding: Any) -> None:
    mapped = {"kind": "mining-block", "code": "A", "box": (500, 0, 1000, 1000)}
    unmapped = {"kind": "mining-block", "code": "B"}
    assert finding("R-SP-12", zones=(mapped,)).outcome is Outcome.CONFLICT
    assert finding("R-SP-12", zones=(mapped, unmapped)).outcome is Outcome.NOT_CHECKED
    named = finding("R-SP-12", given={"block_code": "A"}, zones=(mapped, unmapped))
    assert named.outcome is Outcome.CONFLICT


def test_a_plan_that_sets_no_block_of_the_mineral(finding: Any) -> None:
    counts = {"block_counts": ({"kind": "mining-block", "mineral": "陶瓷土", "count": 2},)}
    assert finding("R-SP-12", plan=counts).outcome is Outcome.CONFLICT
    found = finding("R-SP-12", given={"action": "conversion"}, plan=counts)
    assert found.outcome is Outcome.ATTENTION


def test_no_key_area_of_the_mineral(finding: Any) -> None:
    area = {"kind": "key-exploration-area", "code": "K", "minerals": ("铁矿",)}
    given = {"right": "exploration-right", "minerals": ("铝土矿",)}
    assert finding("R-SP-22", given=given, zones=(area,)).outcome is Outcome.NOT_APPLICABLE


def test_a_query_result_counts_for_six_months_to_the_day(finding: Any) -> None:
    works = {"construction-project": ({"box": (0, 0, 500, 500), "name": "道路"},)}
    paper = {"kind": "overlay-query-result", "date": "2025-07-15"}
    assert finding("R-LAW-28", attachments=(paper,), layers=works).outcome is Outcome.CLEAR
    paper = {"kind": "overlay-query-result", "date": "2025-07-14"}
    assert finding("R-LAW-28", attachments=(paper,), layers=works).outcome is Outcome.ATTENTION


def test_the_same_department_twice_is_one_department(judge: Any) -> None:
    paper = {"kind": "six-department-opinion", "issuer": "甲局", "conclusion": "同意"}
    result = judge("R-SP-26", attachments=(paper,) * 6)
    assert str(result.findings[0].measured) == "1 个"
    assert result.findings[1].outcome is Outcome.ATTENTION
