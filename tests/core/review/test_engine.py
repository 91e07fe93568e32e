"""The engine: readings by date, exemptions, unverified bases, missing layers, and the verdict."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from minplan.core.basis import Basis
from minplan.core.geometry.overlay import MemoryLayer
from minplan.core.review.context import Context
from minplan.core.review.engine import judge, review
from minplan.core.review.finding import Finding, Outcome, Severity, Verdict
from minplan.core.review.proposal import Action, Exemption
from minplan.core.review.record import findings_digest, review_to_dict
from minplan.core.review.rule import Example, Family, LayerNeed, Rule
from minplan.core.review.sandbox import layers_of, plan_of, proposal_of
from minplan.core.text import Text

CASE = Example(
    Outcome.CLEAR,
    Text("示例", "example"),
    layers={"ecological-red-line": ({"box": (800, 0, 2000, 1000), "name": "红线一"},)},
)
PROPOSAL, PLAN, LAYERS = proposal_of(CASE), plan_of(CASE), layers_of(CASE)
DAY = dt.date(2026, 1, 15)
SAID = Text("结果", "result")


def a_rule(
    id: str, outcome: Outcome, severity: Severity = Severity.PROHIBIT, **more: object
) -> Rule:
    """A rule that always answers with one outcome."""

    def evaluate(ctx: Context) -> Finding:
        return Finding(id, outcome, severity, SAID, certain=ctx.rule.certain)

    rule = Rule(
        id=id,
        title=Text(id, id),
        family=Family.CONDUCT,
        severity=severity,
        basis=(Basis("依据"),),
        explanation=SAID,
        evaluate=evaluate,
        applies=lambda _: True,
        required=severity is not Severity.HINT,
    )
    return dataclasses.replace(rule, **more)  # type: ignore[arg-type]


def verdict_of(*rules: Rule, **more: object) -> Verdict:
    proposal = dataclasses.replace(PROPOSAL, **more)  # type: ignore[arg-type]
    return review(proposal, PLAN, LAYERS, DAY, rules=rules, suggestions=False).verdict


CLEAR = a_rule("R-1", Outcome.CLEAR)


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ((CLEAR,), Verdict.CONFORMS),
        ((CLEAR, a_rule("R-2", Outcome.CONFLICT)), Verdict.NOT_CONFORMING),
        ((CLEAR, a_rule("R-2", Outcome.NOT_CHECKED)), Verdict.INSUFFICIENT),
        (
            (a_rule("R-2", Outcome.NOT_CHECKED), a_rule("R-3", Outcome.CONFLICT)),
            Verdict.NOT_CONFORMING,
        ),
        ((CLEAR, a_rule("R-2", Outcome.ATTENTION, Severity.RESTRICT)), Verdict.CONDITIONAL),
        ((CLEAR, a_rule("R-2", Outcome.ATTENTION, Severity.HINT)), Verdict.CONFORMS),
        ((CLEAR, a_rule("R-2", Outcome.NOT_CHECKED, Severity.HINT)), Verdict.CONFORMS),
    ],
)
def test_the_gravest_deciding_finding_makes_the_verdict(
    rules: tuple[Rule, ...], verdict: Verdict
) -> None:
    assert verdict_of(*rules) is verdict


def test_a_conflict_on_an_unverified_basis_is_only_attention() -> None:
    rule = a_rule("R-2", Outcome.CONFLICT, certain=False)
    result = review(PROPOSAL, PLAN, LAYERS, DAY, rules=(rule,))
    assert result.findings[0].outcome is Outcome.ATTENTION
    assert "待核实" in result.findings[0].reading_note.zh  # type: ignore[union-attr]
    assert result.verdict is Verdict.CONDITIONAL


def test_an_exemption_counts_only_with_basis_approver_and_attachment() -> None:
    rule = a_rule("R-2", Outcome.CONFLICT)
    complete = Exemption("R-2", "示例〔2025〕1号", "示例机关", "论证报告")
    assert verdict_of(rule, exemptions=(complete,)) is Verdict.CONDITIONAL
    for lacking in ("basis", "approver", "attachment"):
        exemption = dataclasses.replace(complete, **{lacking: ""})
        assert verdict_of(rule, exemptions=(exemption,)) is Verdict.NOT_CONFORMING
    late = dataclasses.replace(complete, valid_to=dt.date(2025, 12, 31))
    assert verdict_of(rule, exemptions=(late,)) is Verdict.NOT_CONFORMING
    other = dataclasses.replace(complete, mineral="煤炭")
    assert verdict_of(rule, exemptions=(other,)) is Verdict.NOT_CONFORMING


class TestTwoReadings:
    """Where a later rule replaces a reading of the plan, the review date decides."""

    plan = a_rule("R-PLAN", Outcome.CONFLICT)
    law = a_rule("R-LAW", Outcome.CLEAR, effective_from=dt.date(2025, 10, 1), overrides=("R-PLAN",))

    def on(self, date: dt.date, law: Rule | None = None) -> dict[str, tuple[Outcome, bool]]:
        rules = (self.plan, law or self.law)
        result = review(PROPOSAL, PLAN, LAYERS, date, rules=rules, suggestions=False)
        return {item.rule: (item.outcome, item.decides) for item in result.findings}

    def test_before_the_date_the_plan_decides_and_the_coming_reading_is_shown(self) -> None:
        assert self.on(dt.date(2025, 9, 30)) == {
            "R-PLAN": (Outcome.CONFLICT, True),
            "R-LAW": (Outcome.CLEAR, False),
        }

    def test_from_the_date_the_law_decides_and_the_plan_is_still_shown(self) -> None:
        assert self.on(dt.date(2025, 10, 1)) == {
            "R-PLAN": (Outcome.CONFLICT, False),
            "R-LAW": (Outcome.CLEAR, True),
        }

    def test_a_law_that_does_not_concern_the_proposal_leaves_the_plan_deciding(self) -> None:
        aside = dataclasses.replace(self.law, applies=lambda _: False)
        assert self.on(DAY, aside)["R-PLAN"] == (Outcome.CONFLICT, True)

    def test_a_rule_that_has_expired_alone_does_not_apply(self) -> None:
        old = a_rule("R-OLD", Outcome.CONFLICT, effective_to=dt.date(2025, 6, 30))
        assert verdict_of(CLEAR, old) is Verdict.CONFORMS


def test_a_missing_layer_is_not_checked_and_says_what_to_add() -> None:
    def evaluate(ctx: Context) -> Finding:
        return ctx.clear(SAID) if not ctx.overlaps() else ctx.conflict(SAID)

    rule = dataclasses.replace(
        a_rule("R-2", Outcome.CLEAR),
        evaluate=evaluate,
        layers=(LayerNeed("permanent-basic-farmland"),),
    )
    result = review(PROPOSAL, PLAN, LAYERS, DAY, rules=(rule,))
    (finding,) = result.findings
    assert finding.outcome is Outcome.NOT_CHECKED
    assert "永久基本农田" in finding.message.zh
    assert result.verdict is Verdict.INSUFFICIENT


def test_a_layer_that_does_not_cover_the_block_is_not_checked() -> None:
    layer = MemoryLayer.of("ecological-red-line", [], coverage=(110.0, 30.0, 111.0, 31.0))
    rule = dataclasses.replace(
        a_rule("R-2", Outcome.CLEAR),
        evaluate=lambda ctx: ctx.clear(SAID, evidence=ctx.evidence()),
        layers=(LayerNeed("ecological-red-line"),),
    )
    result = review(PROPOSAL, PLAN, {"ecological-red-line": layer}, DAY, rules=(rule,))
    assert result.findings[0].outcome is Outcome.NOT_CHECKED
    assert "覆盖" in result.findings[0].message.zh


def test_renewals_need_no_plan_check_since_2024() -> None:
    conflict = a_rule("R-2", Outcome.CONFLICT)
    renewal = dataclasses.replace(PROPOSAL, action=Action.RENEWAL)
    findings = (Finding("R-2", Outcome.CONFLICT, Severity.PROHIBIT, SAID),)
    assert judge(findings, (conflict,), renewal, dt.date(2024, 3, 1)) is Verdict.NOT_CONFORMING
    assert judge(findings, (conflict,), renewal, DAY) is Verdict.EXEMPT


def test_a_conflict_by_area_comes_with_the_largest_compliant_part() -> None:
    result = review(PROPOSAL, PLAN, LAYERS, DAY)
    red = [f for f in result.findings if f.rule == "R-SP-01"]
    assert [f.outcome for f in red] == [Outcome.CONFLICT]
    assert result.suggestion is not None
    assert result.suggestion.area_m2 == pytest.approx(800_000, rel=0.01)
    again = review(
        dataclasses.replace(PROPOSAL, geometry=result.suggestion.polygonal), PLAN, LAYERS, DAY
    )
    assert {f.outcome for f in again.findings if f.rule == "R-SP-01"} == {Outcome.CLEAR}


def test_the_same_references_give_the_same_bytes() -> None:
    first, second = (review_to_dict(review(PROPOSAL, PLAN, LAYERS, DAY)) for _ in range(2))
    assert first == second
    assert findings_digest(first) == findings_digest(second)
