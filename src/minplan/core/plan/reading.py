"""The plan as something to read: its contents as a tree, and what hangs on every clause.

Clauses lead to the zones, rules, figures and tables that rest on them, and each of those leads
back. Pure: a snapshot in, values out. Rules are named by their ids, because they are not part of
the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from minplan.core.plan.model import (
    BlockCount,
    Clause,
    Indicator,
    Measure,
    PlanSnapshot,
    PlanTable,
    Quota,
    SubPlan,
    Threshold,
    Zone,
)


@dataclass(frozen=True, slots=True)
class Node:
    """A clause with those below it; ``depth`` is 0 for chapters."""

    clause: Clause
    depth: int
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class Links:
    """What rests on a clause; ``rules`` are ids of review rules."""

    zones: list[Zone] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    quotas: list[Quota] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    block_counts: list[BlockCount] = field(default_factory=list)
    sub_plans: list[SubPlan] = field(default_factory=list)
    tables: list[PlanTable] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many things rest on the clause."""
        return sum(len(getattr(self, name)) for name in self.__slots__)


def contents(snapshot: PlanSnapshot) -> tuple[Node, ...]:
    """The chapters with everything below them, in the order of the plan.

    A clause whose parent is not listed stands at the top, so that nothing of the plan is lost.
    """
    known = {clause.id for clause in snapshot.clauses}
    below: dict[str | None, list[Clause]] = {}
    for clause in snapshot.clauses:
        parent = clause.parent if clause.parent in known else None
        below.setdefault(parent, []).append(clause)

    def grown(parent: str | None, depth: int) -> tuple[Node, ...]:
        return tuple(
            Node(clause, depth, grown(clause.id, depth + 1)) for clause in below.get(parent, ())
        )

    return grown(None, 0)


def path_to(snapshot: PlanSnapshot, clause_id: str) -> tuple[Clause, ...]:
    """The clause and those above it, chapter first; empty for an unknown id."""
    known = {clause.id: clause for clause in snapshot.clauses}
    found: list[Clause] = []
    step = known.get(clause_id)
    while step is not None and step not in found:
        found.insert(0, step)
        step = known.get(step.parent or "")
    return tuple(found)


def links(
    snapshot: PlanSnapshot, rules: Mapping[str, Iterable[str]] | None = None
) -> dict[str, Links]:
    """What rests on each clause, by the clause's id.

    ``rules`` says on which clauses each rule rests (rule id → clause ids); thresholds name rules of
    their own. Counties are no planning zones and are left out.
    """
    found: dict[str, Links] = {clause.id: Links() for clause in snapshot.clauses}
    for name in (
        *("zones", "indicators", "quotas", "thresholds"),
        *("measures", "block_counts", "sub_plans", "tables"),
    ):
        for entry in getattr(snapshot, name):
            if entry.clause:
                getattr(found.setdefault(entry.clause, Links()), name).append(entry)
    for rule, clauses in _cited(snapshot, rules or {}):
        for clause in clauses:
            known = found.setdefault(clause, Links()).rules
            if rule not in known:
                known.append(rule)
    for entry in found.values():
        entry.rules.sort()
    return found


def _cited(
    snapshot: PlanSnapshot, rules: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, Iterable[str]]]:
    yield from rules.items()
    for threshold in snapshot.thresholds:
        if threshold.rule:
            yield threshold.rule, [threshold.clause]
