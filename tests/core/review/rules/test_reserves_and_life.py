"""Scale, reserves and service life; terms of rights."""

from __future__ import annotations

from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Verdict

CONFLICT, ATTENTION, CLEAR = Outcome.CONFLICT, Outcome.ATTENTION, Outcome.CLEAR
ALL = {"mining_recovery": 95, "dilution": 0, "inferred_factor": 0.5}


def test_the_formula_for_coal(finding: Any) -> None:
    """N = Q·η/(A·K) = 10 000·0.8/(120·1.4) = 47.6 years."""
    given = {
        "minerals": ("煤炭",),
        "scale": 120,
        "service_life": 48,
        "reserves": {"measured": 6000, "indicated": 4000},
    }
    facts = {"mining_recovery": 80, "reserve_coefficient": 1.4}
    found = finding("R-AT-10", given=given, facts=facts)
    assert found.outcome is CLEAR
    assert "47.6" in str(found.limit)


def test_the_formula_for_other_solids(finding: Any) -> None:
    """N = Q·α/(A·(1−ρ)) = (500 + 400·0.5)·0.9/(50·0.9) = 14.0 years."""
    given = {
        "minerals": ("铁矿",),
        "scale": 50,
        "service_life": 14,
        "reserves": {"indicated": 500, "inferred": 400},
    }
    facts = {"mining_recovery": 90, "dilution": 10, "inferred_factor": 0.5}
    found = finding("R-AT-10", given=given, facts=facts)
    assert found.outcome is CLEAR
    assert "14.0" in str(found.limit)


@pytest.mark.parametrize(
    ("life", "outcome"), [(11.5, CLEAR), (10.9, ATTENTION), (16, ATTENTION), (16.2, CONFLICT)]
)
def test_tolerances_of_ten_and_thirty_per_cent(finding: Any, life: float, outcome: Outcome) -> None:
    given = {"service_life": life}  # 1300 · 0.95 / 100 = 12.35 years
    assert finding("R-AT-10", given=given, facts=ALL).outcome is outcome


def test_assumed_parameters_are_named_and_never_refuse(finding: Any) -> None:
    found = finding("R-AT-10", given={"service_life": 40})
    assert found.outcome is ATTENTION
    assert "设计开采回采率" in found.message.zh
    assert "惯例值" in found.message.zh


def test_a_bare_total_gives_two_bounds(finding: Any) -> None:
    given = {"reserves": {"total": 1300}, "service_life": 9}
    found = finding("R-AT-10", given=given, facts=ALL)
    assert found.outcome is CLEAR
    assert "6.2—12.3" in found.message.zh or "6.2—12.4" in found.message.zh


def test_reserves_in_another_unit(finding: Any) -> None:
    given = {
        "reserves": {"measured": 0.13},
        "reserves_unit": "亿吨",
        "service_life": 12,
    }
    assert finding("R-AT-10", given=given, facts=ALL).outcome is CLEAR


def test_the_plan_s_least_service_life(finding: Any) -> None:
    row = {"subject": "minimum-service-life", "mineral": "石灰岩", "value": "15", "unit": "年"}
    case = {"given": {"service_life": 12}, "facts": ALL, "plan": {"thresholds": (row,)}}
    assert finding("R-AT-10", **case).outcome is CONFLICT


@pytest.mark.parametrize("given", [{"reserves": {}}, {"scale": None}, {"service_life": None}])
def test_what_is_missing_is_not_checked(finding: Any, given: dict[str, Any]) -> None:
    found = finding("R-AT-10", given=given, facts=ALL)
    assert found.outcome is Outcome.NOT_CHECKED
    assert found.missing


def test_gas_and_water_have_no_such_formula(finding: Any) -> None:
    found = finding("R-AT-10", given={"minerals": ("煤层气",)})
    assert found.outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("size", "scale", "outcome"),
    [("大型", 30, CONFLICT), ("大型", 60, ATTENTION), ("大型", 120, CLEAR), ("小型", 120, CLEAR)],
)
def test_a_large_deposit_in_a_small_mine(
    finding: Any, size: str, scale: float, outcome: Outcome
) -> None:
    given = {"minerals": ("水泥用灰岩",), "scale": scale}
    assert finding("R-AT-17", given=given, facts={"deposit_size": size}).outcome is outcome


def test_several_holders_in_a_deposit(judge: Any) -> None:
    facts = {"deposit_size": "大型", "other_holders_in_deposit": 2}
    result = judge("R-AT-17", facts=facts)
    assert [item.outcome for item in result.findings] == [CONFLICT, CLEAR]


def test_closing_at_expiry_is_recommended_only_without_any_way_out(finding: Any) -> None:
    given = {"action": "renewal", "service_life": 40}
    for backup, extend, outcome in ((True, False, CLEAR), (False, True, CLEAR)):
        facts = {**ALL, "backup_reserves": backup, "can_extend": extend}
        assert finding("R-AT-11", given=given, facts=facts).outcome is outcome
    facts = {**ALL, "backup_reserves": False, "can_extend": False}
    assert finding("R-AT-11", given=given, facts=facts).outcome is ATTENTION


@pytest.mark.parametrize(
    ("date", "scale", "verdict"),
    [
        ("2025-06-30", 8, Verdict.NOT_CONFORMING),  # a small mine had ten years
        ("2025-07-01", 8, Verdict.CONFORMS),
        ("2025-06-30", 100, Verdict.CONFORMS),
    ],
)
def test_terms_before_and_after_the_new_law(
    judge: Any, date: str, scale: float, verdict: Verdict
) -> None:
    given = {"term": 12, "service_life": 15, "scale": scale}
    assert judge("R-LAW-04", given=given, date=date).verdict is verdict


def test_exploration_rights_are_renewed_three_times(finding: Any) -> None:
    given = {"right": "exploration-right", "action": "renewal", "term": 5}
    assert finding("R-LAW-04", given=given, facts={"renewals_so_far": 2}).outcome is CLEAR
    assert finding("R-LAW-04", given=given, facts={"renewals_so_far": 3}).outcome is CONFLICT
    assert finding("R-LAW-04", given=given).outcome is Outcome.NOT_CHECKED
