"""Degree of exploration: the plan's reading and the ministry's."""

from __future__ import annotations

from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Verdict

COAL = {"minerals": ("煤炭",), "method": "underground", "exploration_degree": "general"}
BOTH = ("R-AT-12", "R-AT-13", "R-LAW-12")


@pytest.mark.parametrize(
    ("date", "size", "verdict"),
    [
        ("2023-05-05", "小型", Verdict.NOT_CONFORMING),  # the plan asks all coal mines
        ("2023-05-06", "小型", Verdict.CONFORMS),  # the ministry only large and medium ones
        ("2026-01-15", "中型", Verdict.NOT_CONFORMING),
        ("2026-01-15", "大型", Verdict.NOT_CONFORMING),
    ],
)
def test_small_coal_deposits_by_date(judge: Any, date: str, size: str, verdict: Verdict) -> None:
    result = judge(*BOTH, given=COAL, facts={"deposit_size": size}, date=date)
    assert result.verdict is verdict
    assert len(result.of(Outcome.CONFLICT)) >= 1, "the plan's reading stays visible"


def test_the_degree_may_come_from_the_plan(finding: Any) -> None:
    row = {"subject": "exploration-degree", "value": "general", "rule": "R-AT-12"}
    found = finding("R-AT-12", given=COAL, plan={"thresholds": (row,)})
    assert found.outcome is Outcome.CLEAR


def test_in_principle_never_refuses(judge: Any) -> None:
    given = {"minerals": ("石英岩",), "exploration_degree": "prospecting"}
    facts = {"deposit_size": "小型"}
    result = judge("R-AT-13", given=given, facts=facts)
    assert result.verdict is Verdict.CONDITIONAL
    argued = judge("R-AT-13", given=given, facts=facts, attachments=("degree-argument",))
    assert "已附论证意见" in argued.findings[0].message.zh


@pytest.mark.parametrize("mineral", ["建筑石料用灰岩", "地热", "矿泉水", "煤层气"])
def test_the_ministry_leaves_stone_and_fluids_to_others(finding: Any, mineral: str) -> None:
    found = finding("R-LAW-12", given={"minerals": (mineral,), "exploration_degree": None})
    assert found.outcome is Outcome.NOT_APPLICABLE


def test_a_declaration_without_the_report_is_attention(finding: Any) -> None:
    found = finding("R-AT-14", facts={"geological_work_adequate": True})
    assert found.outcome is Outcome.ATTENTION
    assert found.missing
