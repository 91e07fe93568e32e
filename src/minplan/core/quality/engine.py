"""The inspection: all checks that suit a submission, each isolated from the failure of others.

Checks of one layer run layer by layer: a layer is loaded once, all its checks run, then it is
dropped, so that memory holds the largest layer and not the whole submission. Checks between
layers run afterwards and load geometry and a few fields. What cannot be checked is told and never
counts as passed; a check that fails itself is *not checked* as well, and logged.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import minplan.core.quality.checks  # noqa: F401  (registers the checks)
from minplan.core.errors import MinplanError
from minplan.core.quality.check import (
    Check,
    Found,
    NotApplicable,
    NotChecked,
    Scope,
    registered,
)
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.inspection import CheckResult, Inspection, State
from minplan.core.quality.settings import Settings
from minplan.core.quality.shelf import Shelf
from minplan.core.quality.submission import Context, LayerSource, Submission, SubmissionKind
from minplan.core.text import Text

_LOG: Final = logging.getLogger(__name__)

#: Faults of one check that are kept; all are counted.
LIMIT: Final = 1000

Progress = Callable[[int, int, Text], None]

_SCOPES: Final = {
    SubmissionKind.PACKAGE: frozenset(Scope),
    SubmissionKind.LAYER: frozenset({Scope.LAYER, Scope.LAYERS}),
    SubmissionKind.DOCUMENT: frozenset({Scope.DOCUMENT}),
}
_CANCELLED: Final = Text("检查已取消", "the inspection was cancelled")


def suitable(submission: Submission, checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks whose scope and editions suit a submission, in the order of the registry."""
    scopes = _SCOPES[submission.kind]
    return tuple(
        item
        for item in checks
        if item.scope in scopes and (not item.editions or submission.edition.id in item.editions)
    )


def inspect(
    submission: Submission,
    *,
    checks: Sequence[Check] | None = None,
    settings: Settings | None = None,
    parameters: Mapping[str, Mapping[str, float]] | None = None,
    limit: int = LIMIT,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.perf_counter,
    shelf: Shelf | None = None,
) -> Inspection:
    """Run all checks (by default those registered) that suit the submission.

    ``settings`` are a bureau's levels, weights and parameters, ``parameters`` further figures by
    check; ``limit`` faults of each check are kept and all counted. ``progress`` is told steps
    done, steps in all, and what comes next; ``cancelled`` is asked before every step, what was
    not reached is then *not checked*. ``shelf`` may hold layers of an inspection before this one.
    """
    started = clock()
    asked = (settings or Settings()).applied(registered() if checks is None else checks)
    chosen = suitable(submission, asked)
    given = parameters or {}
    chosen = tuple(
        replace(item, parameters={**item.parameters, **given.get(item.id, {})}) for item in chosen
    )
    run = _Run(submission, {item.id: _Tally(item, limit) for item in chosen}, clock)
    if shelf is not None:
        run.shelf = shelf
    done = run.all(progress or _silent, cancelled or _never)
    return Inspection(
        name=submission.name,
        kind=submission.kind,
        edition=submission.edition.id,
        date=submission.date,
        results=tuple(run.tallies[item.id].result() for item in chosen),
        checks={item.id: item for item in chosen},
        features=sum(item.count for item in submission.layers if item.problem is None),
        layers=len(submission.layers),
        cancelled=not done,
        seconds=clock() - started,
    )


def _silent(done: int, total: int, what: Text) -> None:
    """Nobody listens."""


def _never() -> bool:
    return False


@dataclass
class _Tally:
    """What a check has found so far."""

    check: Check
    limit: int
    faults: list[Fault] = field(default_factory=list)
    counts: dict[Level, int] = field(default_factory=dict)
    missing: list[Text] = field(default_factory=list)
    examined: int = 0
    seconds: float = 0.0
    applied: bool = False

    def add(self, item: Found, context: Context) -> None:
        if isinstance(item, NotChecked):
            self.missing.append(item.missing)
            return
        level = item.level or self.check.level
        number = item.count if isinstance(item, More) else 1
        self.counts[level] = self.counts.get(level, 0) + number
        if isinstance(item, Fault) and len(self.faults) < self.limit:
            self.faults.append(item)
        context.room = self.limit - len(self.faults)

    def result(self) -> CheckResult:
        if self.counts:
            state = State.FOUND
        elif self.missing:
            state = State.NOT_CHECKED
        else:
            state = State.CLEAR if self.applied else State.NOT_APPLICABLE
        return CheckResult(
            check=self.check.id,
            state=state,
            faults=tuple(self.faults),
            counts={level: self.counts[level] for level in Level if level in self.counts},
            examined=self.examined,
            missing=tuple(dict.fromkeys(self.missing)),
            seconds=self.seconds,
        )


@dataclass
class _Run:
    submission: Submission
    tallies: Mapping[str, _Tally]
    clock: Callable[[], float]
    shelf: Shelf = field(default_factory=Shelf)

    def all(self, progress: Progress, cancelled: Callable[[], bool]) -> bool:
        """Run every step; False when it was cancelled before the end."""
        of_layers = [t for t in self.tallies.values() if t.check.scope is Scope.LAYER]
        others = [t for t in self.tallies.values() if t.check.scope is not Scope.LAYER]
        layers = self.submission.layers if of_layers else ()
        total = len(layers) + len(others)
        for step, layer in enumerate(layers):
            if cancelled():
                return self._cancel([*of_layers, *others])
            progress(step, total, Text(f"检查 {layer.name}", f"checking {layer.name}"))
            for tally in of_layers:
                self.one(tally, layer)
            self.shelf.release()
        for step, tally in enumerate(others, start=len(layers)):
            if cancelled():
                return self._cancel(others[step - len(layers) :])
            progress(step, total, tally.check.title)
            self.one(tally, None)
        progress(total, total, Text("检查完成", "done"))
        return True

    def one(self, tally: _Tally, layer: LayerSource | None) -> None:
        """Run one check, on one layer where it is of that scope; its failure stays its own."""
        context = Context(
            submission=self.submission,
            check=tally.check,
            parameters=tally.check.parameters,
            layer=layer,
            shelf=self.shelf,
            room=tally.limit - len(tally.faults),
        )
        started = self.clock()
        try:
            for item in tally.check.evaluate(context):
                tally.add(item, context)
            tally.applied = True
            tally.examined += context.examined if layer is None else layer.count
        except NotApplicable:
            pass
        except NotChecked as gap:
            tally.missing.append(gap.missing)
        except MinplanError as error:
            tally.missing.append(_placed(layer, error.message))
        except Exception as error:
            _LOG.exception("check %s failed", tally.check.id)
            name = type(error).__name__
            told = Text(f"检查程序内部错误（{name}）", f"internal error of the check ({name})")
            tally.missing.append(_placed(layer, told))
        tally.seconds += self.clock() - started

    @staticmethod
    def _cancel(open_ones: Iterable[_Tally]) -> bool:
        for tally in open_ones:
            tally.missing.append(_CANCELLED)
        return False


def _placed(layer: LayerSource | None, told: Text) -> Text:
    if layer is None:
        return told
    name = f"{layer.file} {layer.name}".strip()
    return Text(f"{name}：{told.zh}", f"{name}: {told.en}")
