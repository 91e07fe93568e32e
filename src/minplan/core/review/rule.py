"""A rule is one small unit: id, title, basis, severity, what it needs, how it judges, examples.

A rule is a function of a :class:`~minplan.core.review.context.Context` that returns one or more
findings. It is registered by :func:`rule`; a page of the documentation and the tests of its
examples come from the same unit. A rule without a basis cannot be registered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from minplan.core.basis import Basis
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.text import Term, Text

if TYPE_CHECKING:
    from minplan.core.review.context import Context

Evaluate = Callable[["Context"], Finding | Iterable[Finding]]
Applies = Callable[["Context"], bool]


class Family(Term):
    """Families of rules; one module of :mod:`minplan.core.review.rules` each."""

    CONTROL_LINES = "control-lines", "管控边界", "Control lines"
    PROTECTED_GROUND = "protected-ground", "禁限区域", "Protected ground"
    EXISTING_RIGHTS = "existing-rights", "矿业权关系", "Existing rights"
    PLANNING_ZONES = "planning-zones", "规划分区与区块", "Planning zones and blocks"
    SHAPE = "shape", "范围形状", "Shape and extent"
    DISTANCES = "distances", "安全距离", "Distances"
    EXPLORATION_DEGREE = "exploration-degree", "勘查程度", "Exploration degree"
    MINIMUM_SCALE = "minimum-scale", "最低开采规模", "Minimum scale"
    RESERVES_AND_LIFE = (
        "reserves-and-life",
        "规模、储量与服务年限",
        "Scale, reserves and service life",
    )
    TOTALS = "totals", "总量与矿山数", "Totals and numbers of mines"
    LICENSING = "licensing", "出让与登记", "Granting and licensing"
    CONDUCT = "conduct", "准入与行为", "Admission and conduct"
    PROCEDURE = "procedure", "程序", "Procedure"


@dataclass(frozen=True, slots=True)
class LayerNeed:
    """A constraint layer a rule asks for: overlaps, and features within a distance in metres."""

    name: str
    within_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Example:
    """A case in the test sandbox and the outcome the rule must give it.

    ``given`` overrides attributes of the sandbox's proposal (with the real types, or plain strings
    and numbers as in a proposal file); ``facts`` its declared facts; ``attachments`` kinds of
    documents handed in (a kind, or a mapping of attributes); ``layers`` maps a layer name to
    features, each a mapping with ``box`` (west, south, east, north in metres from the block's
    south-west corner; the block is the square 0, 0, 1000, 1000) or ``line`` (list of x, y), and
    attributes; ``zones`` likewise, each with ``kind``, ``code`` and so on; ``plan`` replaces
    fields of the plan snapshot; ``date`` is the review date.
    """

    outcome: Outcome
    note: Text
    given: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[str | Mapping[str, Any], ...] = ()
    layers: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    zones: tuple[Mapping[str, Any], ...] = ()
    plan: Mapping[str, Any] = field(default_factory=dict)
    date: str = "2026-01-15"


@dataclass(frozen=True, slots=True)
class Rule:
    """One registered rule.

    ``overrides`` names rules whose reading yields to this one when this one is in force on the
    review date and applies; the yielding finding is still shown. ``required`` tells whether a
    *not checked* keeps the verdict open.
    """

    id: str
    title: Text
    family: Family
    severity: Severity
    basis: tuple[Basis, ...]
    explanation: Text
    evaluate: Evaluate
    applies: Applies
    layers: tuple[LayerNeed, ...] = ()
    facts: tuple[str, ...] = ()
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    overrides: tuple[str, ...] = ()
    required: bool = True
    certain: bool = True
    examples: tuple[Example, ...] = ()

    def in_force(self, date: dt.date) -> bool:
        """Whether the rule is valid on ``date``."""
        return (self.effective_from is None or self.effective_from <= date) and (
            self.effective_to is None or date <= self.effective_to
        )


_REGISTRY: dict[str, Rule] = {}


def _always(_: Context) -> bool:
    return True


def rule(
    id: str,
    title: Text,
    *,
    family: Family,
    severity: Severity,
    basis: Basis | tuple[Basis, ...],
    explanation: Text,
    examples: tuple[Example, ...],
    applies: Applies = _always,
    layers: tuple[str | LayerNeed, ...] = (),
    facts: tuple[str, ...] = (),
    effective_from: dt.date | None = None,
    effective_to: dt.date | None = None,
    overrides: tuple[str, ...] = (),
    required: bool | None = None,
) -> Callable[[Evaluate], Evaluate]:
    """Register the decorated function as a rule.

    ``required`` defaults to True except for hints. A rule is certain only if all its bases are.

    Raises ValueError when the id is taken, the basis is missing, or the examples do not hold at
    least one case that is clear and one that is not.
    """
    bases = basis if isinstance(basis, tuple) else (basis,)
    outcomes = {example.outcome for example in examples}
    hits = outcomes & {Outcome.CONFLICT, Outcome.ATTENTION}
    if id in _REGISTRY:
        raise ValueError(f"rule {id} is registered twice")
    if not bases:
        raise ValueError(f"rule {id} cites no basis")
    if Outcome.CLEAR not in outcomes or not hits:
        raise ValueError(f"rule {id} needs a passing and a failing example")

    def register(evaluate: Evaluate) -> Evaluate:
        _REGISTRY[id] = Rule(
            id=id,
            title=title,
            family=family,
            severity=severity,
            basis=bases,
            explanation=explanation,
            evaluate=evaluate,
            applies=applies,
            layers=tuple(LayerNeed(n) if isinstance(n, str) else n for n in layers),
            facts=facts,
            effective_from=effective_from,
            effective_to=effective_to,
            overrides=overrides,
            required=severity is not Severity.HINT if required is None else required,
            certain=all(item.certain for item in bases),
            examples=examples,
        )
        return evaluate

    return register


def registered() -> tuple[Rule, ...]:
    """All rules, by family and id; importing this module alone registers none."""
    order = list(Family)
    return tuple(sorted(_REGISTRY.values(), key=lambda r: (order.index(r.family), r.id)))
