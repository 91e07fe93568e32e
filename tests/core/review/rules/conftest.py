"""Judging one rule, or a pair of readings, on a case in the sandbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from minplan.core.review.engine import Review, review
from minplan.core.review.finding import Finding, Outcome
from minplan.core.review.rule import Example, registered
from minplan.core.review.sandbox import layers_of, plan_of, proposal_of
from minplan.core.text import Text

Judge = Callable[..., Review]


@pytest.fixture
def judge() -> Judge:
    """``judge("R-AT-02", "R-LAW-14", given=…, facts=…, date=…)``: a review by these rules."""

    def run(*ids: str, exemptions: tuple[Any, ...] = (), **case: Any) -> Review:
        given = {**case.pop("given", {}), "exemptions": exemptions}
        example = Example(Outcome.CLEAR, Text("", ""), given=given, **case)
        return review(
            proposal_of(example),
            plan_of(example),
            layers_of(example),
            dt.date.fromisoformat(example.date),
            rules=[rule for rule in registered() if rule.id in ids],
            suggestions=False,
        )

    return run


@pytest.fixture
def finding(judge: Judge) -> Callable[..., Finding]:
    """The only finding of one rule."""

    def run(rule_id: str, **case: Any) -> Finding:
        (found,) = judge(rule_id, **case).findings
        return found

    return run
