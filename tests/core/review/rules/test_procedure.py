"""Procedure: exempt actions, release plans, the yearly adjustment."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Verdict
from minplan.core.review.proposal import Action
from minplan.core.review.rules.procedure import exempt_actions

CLEAR, ATTENTION = Outcome.CLEAR, Outcome.ATTENTION


def test_exempt_actions_by_date() -> None:
    assert exempt_actions(dt.date(2024, 3, 11)) == frozenset()
    assert exempt_actions(dt.date(2024, 3, 12)) == {
        Action.RENEWAL,
        Action.TRANSFER,
        Action.RENAME,
    }


@pytest.mark.parametrize("action", ["renewal", "transfer", "rename"])
def test_exempt_actions_are_exempt_whatever_the_rules_say(judge: Any, action: str) -> None:
    result = judge("R-LAW-06", "R-TT-12", "R-AT-26", given={"action": action})
    assert result.verdict is Verdict.EXEMPT
    plan_reading = next(item for item in result.findings if item.rule == "R-TT-12")
    assert not plan_reading.decides
    before = judge("R-LAW-06", "R-TT-12", given={"action": action}, date="2024-03-11")
    assert before.verdict is Verdict.CONFORMS
    assert next(i for i in before.findings if i.rule == "R-TT-12").decides


@pytest.mark.parametrize(
    ("mineral", "facts", "date", "verdict"),
    [
        ("铝土矿", {}, "2024-03-12", Verdict.CONFORMS),  # strategic minerals at any time
        ("铝土矿", {}, "2024-03-11", Verdict.CONDITIONAL),
        ("水泥用灰岩", {"only_kind_changes": True}, "2024-03-12", Verdict.CONFORMS),
        ("水泥用灰岩", {"only_kind_changes": True}, "2024-03-11", Verdict.CONDITIONAL),
        ("铁矿", {"only_kind_changes": True}, "2026-01-15", Verdict.CONFORMS),
    ],
)
def test_a_second_adjustment_in_a_year(
    judge: Any, mineral: str, facts: dict[str, Any], date: str, verdict: Verdict
) -> None:
    given = {"right": "mining-block", "action": "adjustment", "minerals": (mineral,)}
    result = judge(
        "R-TT-11", "R-LAW-05", given=given, facts={"adjustment_this_year": True, **facts}, date=date
    )
    assert result.verdict is verdict


def test_the_release_plan_by_document_or_declaration(finding: Any) -> None:
    assert finding("R-TT-06", attachments=("release-plan",)).outcome is CLEAR
    assert finding("R-TT-06", facts={"in_release_plan": False}).outcome is ATTENTION
    assert finding("R-TT-06").outcome is Outcome.NOT_CHECKED
    assert finding("R-TT-06", given={"action": "change"}).outcome is Outcome.NOT_APPLICABLE


def test_strategic_minerals_need_no_block(finding: Any) -> None:
    given = {"right": "exploration-right", "minerals": ("煤层气",)}
    assert finding("R-TT-09", given=given).outcome is CLEAR
    plain = {"right": "exploration-right", "minerals": ("石膏",)}
    assert finding("R-TT-09", given=plain).outcome is ATTENTION
    assert finding("R-TT-09", given={**plain, "block_code": "K1"}).outcome is CLEAR
