"""Every registered rule gives its own examples the outcome they claim."""

from __future__ import annotations

import pytest

import minplan.core.review.rules  # noqa: F401  registers the rules
from minplan.core.review.finding import Outcome
from minplan.core.review.rule import Example, Rule, registered
from minplan.core.review.sandbox import judge, outcome

CASES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}-{example.outcome}")
    for rule in registered()
    for number, example in enumerate(rule.examples, 1)
]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_example_has_its_outcome(rule: Rule, example: Example) -> None:
    findings = judge(rule, example)
    said = [item.message.zh for item in findings]
    assert outcome(rule, example) is example.outcome, said
    for item in findings:
        assert item.rule == rule.id
        assert item.message.zh
        assert item.message.en
        if item.outcome is Outcome.NOT_CHECKED:
            assert item.missing, "a finding not checked says what to add"


@pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=rule.id) for rule in registered() if rule.layers]
)
def test_a_missing_layer_is_never_a_pass(rule: Rule) -> None:
    claimed = [item for item in rule.examples if item.outcome is Outcome.NOT_CHECKED]
    assert claimed, "a rule that reads a layer shows what happens without it"
    for example in rule.examples:
        bare = Example(
            outcome=Outcome.NOT_CHECKED,
            note=example.note,
            given=example.given,
            facts=example.facts,
            attachments=example.attachments,
            zones=example.zones,
            plan=example.plan,
            date=example.date,
        )
        if example.outcome is Outcome.NOT_APPLICABLE:
            continue
        assert outcome(rule, bare) is Outcome.NOT_CHECKED, example.note.zh
