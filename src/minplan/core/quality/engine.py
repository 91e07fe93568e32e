"""The inspection: all checks that suit a submission, each isolated from the failure of others.

Checks of one layer run layer by layer: a layer is loaded once, all its checks run, then it is
dropped, so that memory holds the largest layer and not the whole submission. Checks between
layers run afterwards and load geometry and a few fields. What cannot be checked is told and never
counts as passed; a check that fails itself is *not checked* as well, and logged.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Final

import minplan.core.quality.checks  # noqa: F401  (registers the checks)
from minplan.core.quality.check import Check, Scope, registered
from minplan.core.quality.inspection import Inspection
from minplan.core.quality.settings import Settings
from minplan.core.quality.shelf import Shelf
from minplan.core.quality.steps import (
    Inspector,
    Outcome,
    Runner,
    Step,
    Tally,
    one_by_one,
    steps_of,
)
from minplan.core.quality.submission import Submission, SubmissionKind
from minplan.core.text import Text

#: Faults of one check that are kept; all are counted.
LIMIT: Final = 1000

Progress = Callable[[int, int, Text], None]

_SCOPES: Final = {
    SubmissionKind.PACKAGE: frozenset(Scope),
    SubmissionKind.LAYER: frozenset({Scope.LAYER, Scope.LAYERS}),
    SubmissionKind.DOCUMENT: frozenset({Scope.DOCUMENT}),
}
_DONE: Final = Text("检查完成", "done")


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
    runner: Runner = one_by_one,
) -> Inspection:
    """Run all checks (by default those registered) that suit the submission.

    ``settings`` are a bureau's levels, weights and parameters, ``parameters`` further figures by
    check; ``limit`` faults of each check are kept and all counted. ``progress`` is told steps
    done, steps in all, and what comes next; ``cancelled`` is asked before every step, what was
    not reached is then *not checked*. ``shelf`` may hold layers of an inspection before this one;
    ``runner`` makes the steps elsewhere, with the same outcome.
    """
    started = clock()
    asked = (settings or Settings()).applied(registered() if checks is None else checks)
    given = parameters or {}
    chosen = tuple(
        replace(item, parameters={**item.parameters, **given.get(item.id, {})})
        for item in suitable(submission, asked)
    )
    steps = steps_of(submission, chosen)
    inspector = Inspector(submission, limit, clock, Shelf() if shelf is None else shelf)
    parts = _made(runner(inspector, steps), steps, progress or _silent, cancelled or _never)
    tallies = _joined(steps, parts, limit, {item.id: Tally(item.id) for item in chosen})
    return Inspection(
        name=submission.name,
        kind=submission.kind,
        edition=submission.edition.id,
        date=submission.date,
        results=tuple(tallies[item.id].result() for item in chosen),
        checks={item.id: item for item in chosen},
        features=sum(item.count for item in submission.layers if item.problem is None),
        layers=len(submission.layers),
        cancelled=len(parts) < len(steps),
        seconds=clock() - started,
    )


def _silent(done: int, total: int, what: Text) -> None:
    """Nobody listens."""


def _never() -> bool:
    return False


def _made(
    outcomes: Generator[Outcome, None, None],
    steps: Sequence[Step],
    progress: Progress,
    cancelled: Callable[[], bool],
) -> dict[int, list[Tally]]:
    """What every step found by its number; those not reached after a cancel are missing."""
    parts: dict[int, list[Tally]] = {}
    total = len(steps)
    with closing(outcomes):
        while len(parts) < total and not cancelled():
            progress(len(parts), total, steps[len(parts)].title)
            outcome = next(outcomes)
            if outcome is not None:
                parts[outcome[0]] = outcome[1]
    if len(parts) == total:
        progress(total, total, _DONE)
    return parts


def _joined(
    steps: Sequence[Step],
    parts: Mapping[int, list[Tally]],
    limit: int,
    into: dict[str, Tally],
) -> dict[str, Tally]:
    """What all steps found by check, put together in the order of the steps."""
    for number, step in enumerate(steps):
        for item in parts.get(number, ()):
            into[item.check].join(item, limit)
        if number not in parts:
            for check in step.checks:
                into[check.id].cancel()
    return into
