"""Two inspections side by side: what was fixed, what remains, what is new (与上次对比)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from minplan.core.quality.fault import Fault
from minplan.core.quality.inspection import CheckResult, Inspection, State

_MADE = (State.FOUND, State.CLEAR, State.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Change:
    """Numbers of faults of one check before and after; None where it was not made."""

    check: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Faults by their fingerprints.

    ``fixed`` and ``unknown`` are faults of the earlier inspection, ``remaining`` and ``new`` of the
    later one. ``unknown`` are earlier faults of checks that were not (wholly) made later: nobody
    can say that they are fixed. ``truncated`` names checks of which one inspection kept only the
    first faults: what is beyond them shows in ``changes`` by number alone, and a fault of theirs
    may be called new or fixed for having moved across the limit.
    """

    fixed: tuple[Fault, ...]
    remaining: tuple[Fault, ...]
    new: tuple[Fault, ...]
    unknown: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()
    truncated: tuple[str, ...] = field(default=())


def compare(before: Inspection, after: Inspection) -> Comparison:
    """What became of the faults of ``before``; equal fingerprints are the same fault.

    Several faults with one fingerprint count one against one. Waived faults are left out.
    """
    earlier, later = _by_check(before), _by_check(after)
    fixed: list[Fault] = []
    remaining: list[Fault] = []
    new: list[Fault] = []
    unknown: list[Fault] = []
    for check in dict.fromkeys([*earlier, *later]):
        old, now = earlier.get(check), later.get(check)
        gone, stays, fresh = _matched(old.faults if old else (), now.faults if now else ())
        remaining += stays
        new += fresh
        (fixed if now is not None and _whole(now) else unknown).extend(gone)
    return Comparison(
        tuple(fixed),
        tuple(remaining),
        tuple(new),
        tuple(unknown),
        tuple(
            Change(check, _number(earlier.get(check)), _number(later.get(check)))
            for check in dict.fromkeys([*earlier, *later])
        ),
        tuple(
            check
            for check in dict.fromkeys([*earlier, *later])
            if any(r is not None and r.truncated for r in (earlier.get(check), later.get(check)))
        ),
    )


def _by_check(inspection: Inspection) -> Mapping[str, CheckResult]:
    return {item.check: item for item in inspection.results}


def _whole(result: CheckResult) -> bool:
    return result.state in _MADE and not result.missing


def _number(result: CheckResult | None) -> int | None:
    return None if result is None or result.state is State.NOT_CHECKED else result.total


def _matched(
    before: Sequence[Fault], after: Sequence[Fault]
) -> tuple[list[Fault], list[Fault], list[Fault]]:
    """Earlier faults that are gone, later ones that were there, later ones that are new."""
    known = Counter(item.fingerprint for item in before)
    stays: list[Fault] = []
    fresh: list[Fault] = []
    for item in after:
        if known[item.fingerprint] > 0:
            known[item.fingerprint] -= 1
            stays.append(item)
        else:
            fresh.append(item)
    gone: list[Fault] = []
    for item in reversed(before):
        if known[item.fingerprint] > 0:
            known[item.fingerprint] -= 1
            gone.append(item)
    return gone[::-1], stays, fresh
