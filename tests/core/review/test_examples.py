"""Every registered rule gives its own examples the outcome they claim."""

from __future__ import annotations

from dataclasses import replace

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
    bare = [replace(item, layers={}) for item in rule.examples]
    said = [outcome(rule, item) for item in bare]
    assert Outcome.NOT_CHECKED in said
    for item, verdict in zip(bare, said, strict=True):
        # A declared fact may stand in for a layer; nothing else may.
        assert verdict is not Outcome.CLEAR or item.facts, item.note.zh
