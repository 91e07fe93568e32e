"""Admission of new mines and conduct of extraction."""

from __future__ import annotations

from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Verdict

CONFLICT, ATTENTION, CLEAR = Outcome.CONFLICT, Outcome.ATTENTION, Outcome.CLEAR
NOT_CHECKED, NOT_APPLICABLE = Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE
COAL = {"minerals": ("煤炭",), "method": "underground", "scale": 150}


@pytest.mark.parametrize(
    ("rule", "case"),
    [
        ("R-AT-20", {}),
        ("R-AT-21", {}),
        ("R-AT-25", {"given": COAL}),
        ("R-AT-26", {}),
    ],
)
def test_what_is_not_declared_keeps_the_conclusion_open(
    judge: Any, rule: str, case: dict[str, Any]
) -> None:
    result = judge(rule, **case)
    assert result.verdict is Verdict.INSUFFICIENT
    (found,) = result.findings
    assert found.missing
    assert found.mend is not None


@pytest.mark.parametrize("rule", ["R-AT-23", "R-AT-24"])
def test_later_papers_are_listed_but_do_not_hold_up_the_plan_check(judge: Any, rule: str) -> None:
    result = judge(rule)
    assert result.findings[0].outcome is NOT_CHECKED
    assert result.verdict is Verdict.CONFORMS


def test_a_block_to_be_granted_has_no_applicant(finding: Any) -> None:
    given = {"right": "mining-block", "action": "grant"}
    assert finding("R-AT-26", given=given).outcome is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("thickness", "recovery", "outcome"),
    [
        (1.2, 84, ATTENTION),
        (1.2, 85, CLEAR),
        (1.3, 80, CLEAR),
        (3.5, 75, CLEAR),
        (5, 74, ATTENTION),
    ],
)
def test_coal_recovery_by_seam(
    finding: Any, thickness: float, recovery: float, outcome: Outcome
) -> None:
    facts = {
        "coal_seam_thickness": thickness,
        "mining_recovery": recovery,
        "processing_recovery": 90,
        "comprehensive_utilisation": 80,
    }
    assert finding("R-AT-20", given=COAL, facts=facts).outcome is outcome


@pytest.mark.parametrize(
    ("assay", "outcome"),
    [
        ({"cao": 40, "mgo": 2, "sio2": 9}, CLEAR),
        ({"cao": 46, "mgo": 3, "sio2": 9}, ATTENTION),  # cement; unverified: no veto
        ({"cao": 40}, CLEAR),  # low CaO settles it alone
        ({"mgo": 9}, CLEAR),  # so does high MgO
        ({"cao": 52}, NOT_CHECKED),
    ],
)
def test_good_limestone(finding: Any, assay: dict[str, float], outcome: Outcome) -> None:
    assert finding("R-AT-15", facts=assay).outcome is outcome


def test_dolomite_good_enough_for_magnesium(finding: Any) -> None:
    given = {"minerals": ("建筑用白云岩",)}
    found = finding("R-AT-15", given=given, facts={"mgo": 20.5, "sio2": 1})
    assert found.outcome is ATTENTION
    assert "冶镁" in found.message.zh


def test_other_uses_are_not_concerned(finding: Any) -> None:
    found = finding("R-AT-15", facts={"ore_use": "水泥", "cao": 52, "mgo": 1})
    assert found.outcome is NOT_APPLICABLE


MONTHS = {"thresholds": ({"subject": "green-mine-months", "value": "12", "unit": "月"},)}


@pytest.mark.parametrize(
    ("start", "outcome"),
    [("2025-01-15", CLEAR), ("2025-01-14", ATTENTION), ("去年", NOT_CHECKED)],
)
def test_twelve_months_to_the_assessment(finding: Any, start: str, outcome: Outcome) -> None:
    facts = {"green_mine_assessed": False, "production_start": start}
    found = finding("R-AT-22", given={"action": "renewal"}, facts=facts, plan=MONTHS)
    assert found.outcome is outcome


def test_the_months_come_from_the_plan(finding: Any) -> None:
    facts = {"green_mine_assessed": False, "production_start": "2020-01-01"}
    assert finding("R-AT-22", given={"action": "renewal"}, facts=facts).outcome is NOT_CHECKED


def test_over_production_is_a_hint(judge: Any) -> None:
    facts = {"last_year_output": 115, "existing_capacity": 100}
    result = judge("R-TT-05", given={"action": "change"}, facts=facts)
    (found,) = result.findings
    assert "15%" in found.message.zh
    assert "移交" in found.message.zh
    assert result.verdict is Verdict.CONFORMS
    approved = judge(
        "R-TT-05",
        given={"action": "change"},
        facts={**facts, "capacity_increase_approved": True},
    )
    assert approved.findings[0].outcome is CLEAR


def test_ground_in_view_is_counted_once(finding: Any) -> None:
    layers = {"road-visible-range": ({"box": (0, 0, 500, 1000)}, {"box": (250, 0, 500, 1000)})}
    found = finding("R-LAW-31", layers=layers)
    assert found.outcome is ATTENTION
    assert float(found.measured.value) == pytest.approx(500_000, rel=1e-3)
    underground = finding("R-LAW-31", layers=layers, given={"method": "underground"})
    assert underground.outcome is NOT_APPLICABLE


def test_the_new_law_s_liability_starts_in_july_2025(finding: Any) -> None:
    assert finding("R-LAW-35", date="2025-06-30").outcome is NOT_APPLICABLE
    assert finding("R-LAW-35", date="2025-07-01").outcome is ATTENTION
