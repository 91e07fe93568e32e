"""Control lines: figures in the sentence, slivers, exemptions, and the reading of the day."""

from __future__ import annotations

import re
from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Severity, Verdict
from minplan.core.review.proposal import Exemption

RED, FARMLAND = "ecological-red-line", "permanent-basic-farmland"
HALF = {"box": (500, -100, 1100, 1100), "name": "示例图斑"}


def test_the_sentence_carries_the_figures(finding: Any) -> None:
    found = finding("R-SP-01", layers={RED: ({"box": (900, 800, 2000, 2000)},)})
    assert found.outcome is Outcome.CONFLICT
    assert re.fullmatch(
        r"与生态保护红线重叠 (2\.000|1\.999)\d 公顷（占 2\.00%），不得新设矿业权。",
        found.message.zh,
    )
    assert found.measured.value == pytest.approx(20_000, rel=1e-3)
    assert found.limit.value == pytest.approx(0)
    assert found.evidence[0].geometry is not None


def test_overlapping_features_are_counted_once(finding: Any) -> None:
    twice = ({"box": (500, 0, 1500, 1000)}, {"box": (500, 0, 1500, 1000)})
    found = finding("R-SP-01", layers={RED: twice})
    assert "占 50.00%" in found.message.zh
    assert len(found.evidence) == 2


def test_a_sliver_is_a_hint(judge: Any) -> None:
    result = judge("R-SP-01", layers={RED: ({"box": (-500, -100, 1.5, 1100)},)})
    (found,) = result.findings
    assert found.outcome is Outcome.ATTENTION
    assert found.severity is Severity.HINT
    assert "宽 1.50 米" in found.message.zh
    assert result.verdict is Verdict.CONFORMS


def test_from_october_2025_the_ministry_decides_on_farmland(judge: Any) -> None:
    iron = {"given": {"minerals": ("铁矿",), "method": "underground"}}
    before = judge("R-SP-02", "R-LAW-02", layers={FARMLAND: (HALF,)}, date="2025-09-30", **iron)
    after = judge("R-SP-02", "R-LAW-02", layers={FARMLAND: (HALF,)}, date="2025-10-01", **iron)
    assert before.verdict is Verdict.NOT_CONFORMING
    assert after.verdict is Verdict.CONDITIONAL
    plan = next(item for item in after.findings if item.rule == "R-SP-02")
    assert plan.outcome is Outcome.CONFLICT
    assert not plan.decides


def test_the_other_reading_stays_for_stone(judge: Any) -> None:
    result = judge("R-SP-02", "R-LAW-02", layers={FARMLAND: (HALF,)}, date="2025-12-01")
    assert result.verdict is Verdict.NOT_CONFORMING
    assert len(result.findings) == 2


def test_an_exemption_for_the_rule_and_mineral_waives_it(judge: Any) -> None:
    waiver = Exemption("R-SP-01", "示例〔2025〕9号", "省政府", "批复", "建筑石料用灰岩")
    result = judge("R-SP-01", layers={RED: (HALF,)}, exemptions=(waiver,))
    assert result.verdict is Verdict.CONDITIONAL
    assert result.findings[0].waived_by == "示例〔2025〕9号"


def test_each_missing_layer_is_named(judge: Any) -> None:
    result = judge("R-SP-25", layers={RED: (HALF,)})
    outcomes = [item.outcome for item in result.findings]
    assert outcomes == [Outcome.ATTENTION, Outcome.NOT_CHECKED, Outcome.NOT_CHECKED]
    assert "permanent-basic-farmland" in result.findings[1].missing[0].zh


def test_an_unverified_list_does_not_veto(judge: Any) -> None:
    result = judge("R-LAW-01", layers={RED: (HALF,)})
    (found,) = result.findings
    assert found.outcome is Outcome.ATTENTION
    assert not found.certain


def test_existing_rights_inside_the_red_line_are_to_be_withdrawn(finding: Any) -> None:
    found = finding("R-LAW-01", given={"action": "renewal"}, layers={RED: (HALF,)})
    assert found.outcome is Outcome.ATTENTION
    assert "退出" in found.message.zh


def test_farmland_under_existing_rights(finding: Any) -> None:
    found = finding("R-LAW-02", given={"action": "renewal"}, layers={FARMLAND: (HALF,)})
    assert found.outcome is Outcome.CLEAR
    below = {"action": "conversion", "minerals": ("陶瓷土",), "method": "underground"}
    found = finding("R-LAW-02", given=below, layers={FARMLAND: (HALF,)})
    assert found.outcome is Outcome.ATTENTION
