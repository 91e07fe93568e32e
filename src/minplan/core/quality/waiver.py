"""Waivers (豁免): faults that somebody answers for, until a date, with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from minplan.core.errors import InputError
from minplan.core.quality.fault import Fault, Level
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.quality.inspection import CheckResult, Inspection


@dataclass(frozen=True, slots=True)
class Waiver:
    """A fault, or every fault of a pattern, that is not counted up to and including ``until``.

    ``check`` is the id of a check; ``fingerprint`` names one fault, and is empty for a pattern of
    ``file``, ``layer``, ``key`` and ``field`` (``*`` and ``?`` as in names of files). ``who`` and
    ``why`` must say something: InputError E941 otherwise. Without ``until`` it holds for good.
    """

    check: str
    who: str
    why: str
    until: dt.date | None = None
    fingerprint: str = ""
    file: str = "*"
    layer: str = "*"
    key: str = "*"
    field: str = "*"

    def __post_init__(self) -> None:
        if not self.who.strip() or not self.why.strip():
            raise InputError(
                "E941",
                Text("豁免必须写明豁免人和理由", "a waiver needs who gives it and why"),
                hint=Text("补上豁免人和理由", "add both"),
            )

    def in_force(self, date: dt.date) -> bool:
        """Whether it still holds on ``date``."""
        return self.until is None or date <= self.until

    def covers(self, fault: Fault) -> bool:
        """Whether it is about this fault."""
        if fault.check != self.check:
            return False
        if self.fingerprint:
            return fault.fingerprint == self.fingerprint
        return all(
            fnmatchcase(getattr(fault, name), getattr(self, name))
            for name in ("file", "layer", "key", "field")
        )

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary for JSON."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {**told, "until": self.until.isoformat() if self.until else None}

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Waiver:
        """The waiver back from :meth:`to_dict`."""
        until = told.get("until")
        return cls(**{**told, "until": dt.date.fromisoformat(until) if until else None})


def waive(inspection: Inspection, waivers: Iterable[Waiver], date: dt.date) -> Inspection:
    """The inspection with the faults that are waived on ``date`` set aside.

    They stay in ``waived`` with their waiver and count no more. Faults beyond the limit, which
    were counted only, cannot be told apart and go on counting.
    """
    held = [item for item in waivers if item.in_force(date)]
    results = tuple(_without(item, held) for item in inspection.results)
    return replace(inspection, results=results)


def _without(result: CheckResult, waivers: Sequence[Waiver]) -> CheckResult:
    from minplan.core.quality.inspection import State, Waived  # noqa: PLC0415  (each needs the other)

    about = [item for item in waivers if item.check == result.check]
    if not about or not result.faults:
        return result
    kept: list[Fault] = []
    waived = list(result.waived)
    counts: dict[Level, int] = dict(result.counts)
    for fault in result.faults:
        waiver = next((item for item in about if item.covers(fault)), None)
        if waiver is None:
            kept.append(fault)
        else:
            waived.append(Waived(fault, waiver))
            counts[fault.level] -= 1
    left = {level: count for level, count in counts.items() if count}
    state = State.FOUND if left else State.NOT_CHECKED if result.missing else State.CLEAR
    return replace(result, faults=tuple(kept), waived=tuple(waived), counts=left, state=state)
