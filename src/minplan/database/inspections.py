"""Quality checks under numbers (质检记录), and waivers of their faults (豁免)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max, Q, QuerySet

from minplan.core.access import Permission
from minplan.core.errors import Place, StoreError
from minplan.core.text import Text
from minplan.database import chain
from minplan.database.acting import acting
from minplan.database.fields import encode_json
from minplan.database.guards import writing
from minplan.database.models import Inspection, Waiver
from minplan.database.times import recorded_time

_LONGEST_REASON: Final = 2_000


@dataclass(frozen=True, slots=True)
class Made:
    """A quality check to be stored; see :class:`~minplan.database.models.Inspection`."""

    series: str
    name: str
    kind: str
    edition: str
    date: dt.date | None
    sha256: str
    verdict: str
    score: float
    counts: Mapping[str, int]
    record: Mapping[str, Any]


def store(made: Made, *, recorded: dt.datetime) -> Inspection:
    """Store a check under the next free number of its year (``ZJ-2026-0001``).

    Raises Forbidden E951 for whoever may not read working data.
    """
    access = acting()
    access.require(Permission.READ)
    moment = recorded_time(recorded)
    with writing():
        last = Inspection.objects.filter(year=moment.year).aggregate(last=Max("serial"))["last"]
        serial = (last or 0) + 1
        row = Inspection.objects.create(
            number=f"ZJ-{moment.year}-{serial:04d}",
            year=moment.year,
            serial=serial,
            series=made.series[:255],
            name=made.name[:255],
            kind=made.kind,
            edition=made.edition,
            date=made.date,
            sha256=made.sha256,
            verdict=made.verdict,
            score=made.score,
            counts=dict(made.counts),
            area=min(access.areas) if access.is_limited and access.areas else "",
            record=dict(made.record),
            actor=access.actor,
            recorded=moment,
        )
        chain.record(
            "inspection.store",
            f"inspection:{row.number}",
            told(row),
            actor=access.actor,
            recorded=moment,
        )
    return row


def told(row: Inspection) -> dict[str, Any]:
    """What the audit chain fixes of a check."""
    return {
        "name": row.name,
        "sha256": row.sha256,
        "verdict": row.verdict,
        "record_sha256": hashlib.sha256(encode_json(row.record).encode()).hexdigest(),
    }


def _visible() -> QuerySet[Inspection]:
    """Checks that whoever acts may see: a county its own, others all."""
    access = acting()
    access.require(Permission.READ)
    if not access.is_limited:
        return Inspection.objects.all()
    return Inspection.objects.filter(Q(actor=access.actor) | Q(area__in=access.areas))


def get(number: str) -> Inspection:
    """The check with this number (StoreError E811 when there is none to be seen)."""
    found = _visible().filter(number=number).first()
    if found is None:
        raise StoreError(
            "E811",
            Text(f"没有质检记录 {number}", f"no quality check {number}"),
            hint=Text("见质检记录列表", "see the list of quality checks"),
        )
    return found


def listed(series: str | None = None) -> QuerySet[Inspection]:
    """Checks without their records, the newest first; of one series or of all."""
    found = _visible().defer("record").order_by("-recorded", "-pk")
    return found if series is None else found.filter(series=series)


def before(row: Inspection) -> Inspection | None:
    """The check of the same series that was made before this one, of other content."""
    return (
        _visible()
        .filter(series=row.series, kind=row.kind, pk__lt=row.pk)
        .exclude(sha256=row.sha256)
        .order_by("-pk")
        .first()
    )


def latest(series: str, kind: str, sha256: str) -> Inspection | None:
    """The newest check of a series whose content is another one than ``sha256``."""
    found = _visible().filter(series=series, kind=kind).exclude(sha256=sha256)
    return found.order_by("-pk").first()


# -- waivers --------------------------------------------------------------------------------------


def waive(
    row: Inspection,
    fault: Mapping[str, Any],
    *,
    reason: str,
    until: dt.date | None,
    recorded: dt.datetime,
) -> Waiver:
    """Let a fault of a check stay (``fault`` as in its record) in all submissions of its series.

    Raises Forbidden E951 for whoever may not approve plans, StoreError E891 without a reason or
    with a day that has passed.
    """
    access = acting()
    access.require(Permission.APPROVE_PLAN)
    plain = reason.strip()
    if not plain or len(plain) > _LONGEST_REASON:
        raise _refused(
            Text(
                "没有写豁免理由，或超过 2000 字", "no reason, or one of more than 2,000 characters"
            ),
            "reason",
        )
    if until is not None and until < recorded.date():
        raise _refused(Text(f"截止日期 {until} 已过", f"{until} has passed"), "until")
    moment = recorded_time(recorded)
    with writing():
        waiver = Waiver.objects.create(
            series=row.series,
            check_id=str(fault["check"]),
            fingerprint=str(fault["fingerprint"]),
            message=str(fault["message"]["zh"]),
            reason=plain,
            until=until,
            actor=access.actor,
            recorded=moment,
        )
        _record(waiver, moment)
    return waiver


def end(waiver: Waiver, *, reason: str, recorded: dt.datetime) -> Waiver:
    """End a waiver: the fault counts again. Raises Forbidden E951, StoreError E891."""
    access = acting()
    access.require(Permission.APPROVE_PLAN)
    if not reason.strip():
        raise _refused(Text("没有写撤销理由", "no reason is given"), "reason")
    if waiver.ends_id is not None or Waiver.objects.filter(ends=waiver).exists():
        raise _refused(Text("这项豁免已撤销", "this waiver has ended already"), "ends")
    moment = recorded_time(recorded)
    with writing():
        row = Waiver.objects.create(
            series=waiver.series,
            check_id=waiver.check_id,
            fingerprint=waiver.fingerprint,
            message=waiver.message,
            reason=reason.strip(),
            ends=waiver,
            actor=access.actor,
            recorded=moment,
        )
        _record(row, moment)
    return row


def _record(waiver: Waiver, moment: dt.datetime) -> None:
    chain.record(
        "waiver.write",
        f"waiver:{waiver.pk}",
        waiver_told(waiver),
        actor=waiver.actor,
        recorded=moment,
    )


def waiver_told(row: Waiver) -> dict[str, Any]:
    """What the audit chain fixes of a waiver."""
    return {
        "series": row.series,
        "check": row.check_id,
        "fingerprint": row.fingerprint,
        "reason": row.reason,
        "until": row.until.isoformat() if row.until else "",
        "ends": row.ends_id or 0,
    }


def waiver(number: int) -> Waiver:
    """A waiver by its number (StoreError E811 when there is none)."""
    acting().require(Permission.READ)
    found = Waiver.objects.filter(pk=number).first()
    if found is None:
        raise StoreError("E811", Text(f"没有豁免 {number}", f"no waiver {number}"))
    return found


def waivers(series: str) -> tuple[Waiver, ...]:
    """Waivers of a series that have not been ended, expired ones included, the oldest first."""
    acting().require(Permission.READ)
    ended = Waiver.objects.filter(series=series).exclude(ends=None).values("ends")
    found = Waiver.objects.filter(series=series, ends=None).exclude(pk__in=ended)
    return tuple(found.order_by("pk"))


def _refused(what: Text, field: str) -> StoreError:
    return StoreError(
        "E891",
        what,
        place=Place(field=field),
        hint=Text(
            "写明理由，截止日期写今天或以后", "give a reason, and today or a later day as the end"
        ),
    )
