"""The registered rules, and the clauses of the plan they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import minplan.core.review.rules  # noqa: F401  (registers the rules)
from minplan.core.errors import StoreError
from minplan.core.review.rule import Rule, registered
from minplan.core.text import Text


@cache
def rules_by_id() -> Mapping[str, Rule]:
    """All rules by id, in the order of their families."""
    return {rule.id: rule for rule in registered()}


@cache
def clauses_of_rules() -> Mapping[str, tuple[str, ...]]:
    """Ids of the clauses of the plan that each rule rests on."""
    return {
        rule.id: tuple(dict.fromkeys(item.clause_id for item in rule.basis if item.clause_id))
        for rule in registered()
    }


def rule_with(identifier: str) -> Rule:
    """A rule by its id, in whatever case (StoreError E811 when there is none)."""
    found = rules_by_id().get(identifier.upper())
    if found is None:
        raise StoreError("E811", Text(f"没有规则 {identifier}", f"there is no rule {identifier}"))
    return found


def rules_on_layer(name: str) -> tuple[Rule, ...]:
    """The rules that ask for a constraint layer."""
    return tuple(rule for rule in registered() if any(need.name == name for need in rule.layers))
