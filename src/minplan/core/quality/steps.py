"""The steps of an inspection: a layer with all its own checks, or one check of the whole.

Steps are independent of one another, so they may be made side by side; what they found is put
together in the order of the steps and is the same however they were shared out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Final

from minplan.core.errors import MinplanError
from minplan.core.quality.check import Check, Found, NotApplicable, NotChecked, Scope
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.inspection import CheckResult, State
from minplan.core.quality.shelf import Shelf
from minplan.core.quality.submission import Context, LayerSource, Submission
from minplan.core.text import Text

_LOG: Final = logging.getLogger(__name__)
_CANCELLED: Final = Text("检查已取消", "the inspection was cancelled")


@dataclass(frozen=True, slots=True)
class Step:
    """Checks that are made together: those of one layer, loaded once for all, or a single one.

    ``layer`` is the place of the layer in the submission, None for a check of the whole.
    """

    checks: tuple[Check, ...]
    layer: int | None
    title: Text


def steps_of(submission: Submission, checks: Sequence[Check]) -> tuple[Step, ...]:
    """The steps that make ``checks``: layer by layer first, then what looks at the whole."""
    of_layers = tuple(item for item in checks if item.scope is Scope.LAYER)
    layers = submission.layers if of_layers else ()
    first = [
        Step(of_layers, place, Text(f"检查 {layer.name}", f"checking {layer.name}"))
        for place, layer in enumerate(layers)
    ]
    others = [Step((item,), None, item.title) for item in checks if item.scope is not Scope.LAYER]
    return (*first, *others)


@dataclass
class Tally:
    """What a check has found so far, in one step or in all."""

    check: str
    faults: list[Fault] = field(default_factory=list)
    counts: dict[Level, int] = field(default_factory=dict)
    missing: list[Text] = field(default_factory=list)
    examined: int = 0
    seconds: float = 0.0
    applied: bool = False

    def add(self, item: Found, level: Level, context: Context) -> None:
        """Count what a check yields; ``level`` is the check's own, ``context.room`` is kept."""
        if isinstance(item, NotChecked):
            self.missing.append(item.missing)
            return
        number = item.count if isinstance(item, More) else 1
        level = item.level or level
        self.counts[level] = self.counts.get(level, 0) + number
        if isinstance(item, Fault) and context.room > 0:
            self.faults.append(item)
            context.room -= 1

    def join(self, other: Tally, limit: int) -> None:
        """Add what the same check found in a later step; ``limit`` faults are kept in all."""
        self.faults += other.faults[: max(0, limit - len(self.faults))]
        for level, count in other.counts.items():
            self.counts[level] = self.counts.get(level, 0) + count
        self.missing += other.missing
        self.examined += other.examined
        self.seconds += other.seconds
        self.applied |= other.applied

    def cancel(self) -> None:
        """Tell that a step was not reached."""
        self.missing.append(_CANCELLED)

    def result(self) -> CheckResult:
        """The outcome of the check."""
        if self.counts:
            state = State.FOUND
        elif self.missing:
            state = State.NOT_CHECKED
        else:
            state = State.CLEAR if self.applied else State.NOT_APPLICABLE
        return CheckResult(
            check=self.check,
            state=state,
            faults=tuple(self.faults),
            counts={level: self.counts[level] for level in Level if level in self.counts},
            examined=self.examined,
            missing=tuple(dict.fromkeys(self.missing)),
            seconds=self.seconds,
        )


class Inspector:
    """Makes steps of one submission, in their order; some may be left to others.

    ``limit`` faults of each check are kept. As steps come in their order, those that several
    inspectors keep hold the first ``limit`` of all.
    """

    def __init__(
        self, submission: Submission, limit: int, clock: Callable[[], float], shelf: Shelf
    ) -> None:
        self.submission = submission
        self.limit = limit
        self._clock = clock
        self._shelf = shelf
        self._kept: dict[str, int] = {}

    def run(self, step: Step) -> list[Tally]:
        """Make one step; no check stops another."""
        layer = None if step.layer is None else self.submission.layers[step.layer]
        found = [self._one(check, layer) for check in step.checks]
        if layer is not None:
            self._shelf.release()
        return found

    def _one(self, check: Check, layer: LayerSource | None) -> Tally:
        kept = self._kept.get(check.id, 0)
        context = Context(
            submission=self.submission,
            check=check,
            parameters=check.parameters,
            layer=layer,
            shelf=self._shelf,
            room=self.limit - kept,
        )
        tally, started = Tally(check.id), self._clock()
        try:
            for item in check.evaluate(context):
                tally.add(item, check.level, context)
            tally.applied = True
            tally.examined += context.examined if layer is None else layer.count
        except NotApplicable:
            pass
        except NotChecked as gap:
            tally.missing.append(gap.missing)
        except MinplanError as error:
            tally.missing.append(_placed(layer, error.message))
        except Exception as error:
            _LOG.exception("check %s failed", check.id)
            name = type(error).__name__
            told = Text(f"检查程序内部错误（{name}）", f"internal error of the check ({name})")
            tally.missing.append(_placed(layer, told))
        tally.seconds += self._clock() - started
        self._kept[check.id] = kept + len(tally.faults)
        return tally


def _placed(layer: LayerSource | None, told: Text) -> Text:
    if layer is None:
        return told
    name = f"{layer.file} {layer.name}".strip()
    return Text(f"{name}：{told.zh}", f"{name}: {told.en}")


#: What a runner tells: the number of a step that is done and its tallies, None while it waits.
Outcome = tuple[int, list[Tally]] | None
#: Makes the steps, in this process or in several.
Runner = Callable[[Inspector, Sequence[Step]], Generator[Outcome, None, None]]


def one_by_one(inspector: Inspector, steps: Sequence[Step]) -> Generator[Outcome, None, None]:
    """Make the steps one after the other, here."""
    for number, step in enumerate(steps):
        yield number, inspector.run(step)
