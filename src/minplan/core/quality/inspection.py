"""The outcome of an inspection: per check what was found, and whether it was checked at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from minplan.core.quality.check import Check
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.submission import SubmissionKind
from minplan.core.quality.waiver import Waiver
from minplan.core.text import Term, Text


class State(Term):
    """What became of a check (检查状态)."""

    FOUND = "found", "发现问题", "faults found"
    CLEAR = "clear", "未发现问题", "no faults"
    NOT_CHECKED = "not-checked", "未检查", "not checked"
    NOT_APPLICABLE = "not-applicable", "不适用", "not applicable"


@dataclass(frozen=True, slots=True)
class Waived:
    """A fault that is kept and not counted, and the waiver (豁免) that says why."""

    fault: Fault
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found.

    ``faults`` are the first ones up to the limit, ``counts`` the exact numbers by level;
    ``examined`` is the number of features looked at (0 for checks of files and documents).
    ``missing`` tells what could not be checked and why: with it, a check that found nothing is
    *not checked*, never clear. ``seconds`` is how long it took and is not compared.
    """

    check: str
    state: State
    faults: tuple[Fault, ...] = ()
    counts: Mapping[Level, int] = field(default_factory=dict)
    examined: int = 0
    missing: tuple[Text, ...] = ()
    waived: tuple[Waived, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def total(self) -> int:
        """Number of faults, waived ones left out."""
        return sum(self.counts.values())

    @property
    def truncated(self) -> bool:
        """Whether there are more faults than are kept."""
        return self.total > len(self.faults)

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary for JSON."""
        return {
            "check": self.check,
            "state": self.state.value,
            "total": self.total,
            "counts": {level.value: count for level, count in self.counts.items()},
            "examined": self.examined,
            "missing": [item.to_dict() for item in self.missing],
            "faults": [item.to_dict() for item in self.faults],
            "waived": [
                {"fault": item.fault.to_dict(), "waiver": item.waiver.to_dict()}
                for item in self.waived
            ],
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class Inspection:
    """A submission with what every check says of it (质量检查).

    ``results`` come in the order of the registry; ``checks`` are the checks as they were used:
    with the levels, weights and parameters of the bureau. ``features`` is the number of features
    of all layers and tables. ``cancelled`` tells that some checks were not reached.
    """

    name: str
    kind: SubmissionKind
    edition: str
    date: dt.date | None
    results: tuple[CheckResult, ...]
    checks: Mapping[str, Check] = field(repr=False)
    features: int = 0
    layers: int = 0
    cancelled: bool = False
    seconds: float = field(default=0.0, compare=False)

    def of(self, *states: State) -> tuple[CheckResult, ...]:
        """Results in one of the states."""
        return tuple(item for item in self.results if item.state in states)

    def result(self, check: str) -> CheckResult:
        """The result of a check (KeyError when it was not asked for)."""
        for item in self.results:
            if item.check == check:
                return item
        raise KeyError(check)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults that were kept."""
        return tuple(fault for item in self.results for fault in item.faults)

    @property
    def counts(self) -> dict[Level, int]:
        """Exact number of faults of every level, waived ones left out."""
        return {level: sum(item.counts.get(level, 0) for item in self.results) for level in Level}

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary for JSON; :func:`minplan.core.quality.record.read` takes it back."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "edition": self.edition,
            "date": self.date.isoformat() if self.date else None,
            "features": self.features,
            "layers": self.layers,
            "cancelled": self.cancelled,
            "seconds": round(self.seconds, 3),
            "counts": {level.value: count for level, count in self.counts.items()},
            "results": [item.to_dict() for item in self.results],
        }
