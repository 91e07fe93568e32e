"""Minimum scale: figures from the plan, the province's later ones, classes of mines."""

from __future__ import annotations

from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Verdict
from minplan.core.review.proposal import Exemption

CONFLICT, ATTENTION, CLEAR = Outcome.CONFLICT, Outcome.ATTENTION, Outcome.CLEAR
NOT_CHECKED, NOT_APPLICABLE = Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE


def minimum(mineral: str, value: str, unit: str = "万吨/年", **more: Any) -> dict[str, Any]:
    row = {"subject": "minimum-scale", "mineral": mineral, "value": value, "unit": unit, **more}
    return {"thresholds": (row,)}


IRON_PLAN = minimum("铁矿", "5")


def test_the_figure_comes_from_the_plan(finding: Any) -> None:
    case = {"given": {"minerals": ("煤矿",), "scale": 90}}
    assert finding("R-AT-01", plan=minimum("煤", "120"), **case).outcome is CONFLICT
    assert finding("R-AT-01", plan=minimum("煤炭", "60"), **case).outcome is CLEAR
    assert finding("R-AT-01", **case).outcome is NOT_CHECKED


def test_the_message_says_by_how_much_and_how_to_mend(finding: Any) -> None:
    found = finding("R-AT-05", given={"scale": 30}, plan=minimum("建筑石料用灰岩", "50"))
    assert "差 20 万吨/年" in found.message.zh
    assert found.mend is not None
    assert "50 万吨/年" in found.mend.zh
    assert str(found.limit) == "≥ 50 万吨/年"


def test_a_wider_mineral_s_figure_holds_for_its_kinds(finding: Any) -> None:
    case = {"given": {"minerals": ("冶金用石英岩",), "scale": 8}, "plan": minimum("石英岩", "10")}
    assert finding("R-AT-07", **case).outcome is CONFLICT


def test_volumes_are_converted_only_where_the_density_does_not_matter(finding: Any) -> None:
    plan = minimum("建筑石料用灰岩", "50")
    for volume, outcome in ((10, CONFLICT), (19, NOT_CHECKED), (30, CLEAR)):
        given = {"scale": volume, "scale_unit": "万立方米/年"}
        assert finding("R-AT-05", given=given, plan=plan).outcome is outcome
    given = {"scale": 19, "scale_unit": "万立方米/年"}
    assert finding("R-AT-05", given=given, plan=plan, facts={"density": 2.7}).outcome is CLEAR


def test_in_principle_is_attention(finding: Any) -> None:
    plan = minimum("建筑石料用灰岩", "50", modality="in-principle")
    assert finding("R-AT-05", given={"scale": 30}, plan=plan).outcome is ATTENTION


def test_renewals_and_exploration_are_not_concerned(finding: Any) -> None:
    for given in ({"action": "renewal"}, {"right": "exploration-right"}):
        case = {"given": {**given, "scale": 30}, "plan": minimum("建筑石料用灰岩", "50")}
        assert finding("R-AT-05", **case).outcome is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("date", "scale", "plan_decides", "provincial"),
    [
        ("2024-03-13", 10, True, ATTENTION),
        ("2024-03-14", 10, False, ATTENTION),
        ("2026-01-15", 30, False, CLEAR),
        ("2026-01-15", 3, True, NOT_APPLICABLE),
    ],
)
def test_the_date_decides_between_the_readings_for_iron(
    judge: Any, date: str, scale: float, plan_decides: bool, provincial: Outcome
) -> None:
    given = {"minerals": ("铁矿",), "scale": scale, "service_life": 8}
    result = judge("R-AT-02", "R-LAW-14", given=given, plan=IRON_PLAN, date=date)
    by_rule = {item.rule: item for item in result.findings}
    assert by_rule["R-AT-02"].decides is plan_decides
    assert by_rule["R-LAW-14"].outcome is provincial
    if provincial is not NOT_APPLICABLE:
        assert by_rule["R-LAW-14"].decides is not plan_decides


def test_below_both_minima_iron_is_refused(judge: Any) -> None:
    given = {"minerals": ("铁矿",), "scale": 3}
    assert judge("R-AT-02", "R-LAW-14", given=given, plan=IRON_PLAN).verdict is (
        Verdict.NOT_CONFORMING
    )


def test_an_unlisted_mineral_is_never_a_pass(judge: Any) -> None:
    result = judge("R-AT-09", given={"minerals": ("熔剂用灰岩",), "scale": 500})
    (found,) = result.findings
    assert found.outcome is NOT_CHECKED
    assert "208号" in found.message.zh
    assert result.verdict is Verdict.INSUFFICIENT


def test_the_province_s_figure_closes_the_gap_for_bauxite(judge: Any) -> None:
    given = {"minerals": ("铝土矿",), "scale": 60, "service_life": 9}
    result = judge("R-AT-09", "R-LAW-14", given=given)
    assert result.verdict is Verdict.CONFORMS
    assert [f.outcome for f in result.of(NOT_CHECKED, deciding=False)] == [NOT_CHECKED]


def test_an_unknown_mineral_is_not_checked(finding: Any) -> None:
    found = finding("R-AT-09", given={"minerals": ("某某矿",)})
    assert found.outcome is NOT_CHECKED
    assert "某某矿" in found.message.zh


def test_a_small_quarry_may_be_argued_away_with_a_basis(judge: Any) -> None:
    waiver = Exemption(
        rule="R-AT-08", basis="示例函〔2025〕3号", approver="示例县人民政府", attachment="x.pdf"
    )
    assert judge("R-AT-08", given={"scale": 8}).verdict is Verdict.NOT_CONFORMING
    waived = judge("R-AT-08", given={"scale": 8}, exemptions=(waiver,))
    assert waived.verdict is Verdict.CONDITIONAL


def test_the_exception_for_small_quarries_replaces_the_ban(judge: Any) -> None:
    case = {
        "given": {"scale": 8},
        "facts": {"small_quarry_ground": "偏远山区民生改善"},
        "attachments": ("small-quarry-statement",),
    }
    assert judge("R-AT-08", "R-LAW-09", **case).verdict is Verdict.CONFORMS
    before = judge("R-AT-08", "R-LAW-09", date="2024-05-27", **case)
    assert before.verdict is Verdict.NOT_CONFORMING


def test_national_classes_are_only_a_hint(judge: Any) -> None:
    result = judge("R-LAW-13", given={"minerals": ("铝土矿",), "scale": 4})
    assert result.findings[0].outcome is ATTENTION
    assert result.verdict is Verdict.CONFORMS


COAL = {"minerals": ("煤炭",), "method": "underground", "scale": 60}
SAFE = {"rock_burst": False, "outburst": False, "high_gas": False, "complex_hydrogeology": False}


@pytest.mark.parametrize(
    ("rule", "given", "facts", "outcome"),
    [
        ("R-LAW-30", {"scale": 90}, {}, CLEAR),
        ("R-LAW-30", {}, {"rock_burst": True}, CONFLICT),
        ("R-LAW-30", {}, {"rock_burst": False}, NOT_CHECKED),
        ("R-LAW-15", {"scale": 600}, {**SAFE, "outburst": True, "mining_depth": 500}, ATTENTION),
        ("R-LAW-15", {"scale": 900}, {**SAFE, "high_gas": True, "mining_depth": 500}, ATTENTION),
        ("R-LAW-15", {"action": "change", "scale": 150}, {**SAFE, "mining_depth": 1100}, CLEAR),
        ("R-LAW-15", {"scale": 150}, {**SAFE, "mining_depth": 1100}, ATTENTION),
    ],
)
def test_coal_mines_no_longer_approved(
    finding: Any, rule: str, given: dict[str, Any], facts: dict[str, Any], outcome: Outcome
) -> None:
    assert finding(rule, given={**COAL, **given}, facts=facts).outcome is outcome
