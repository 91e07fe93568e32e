"""Quality checks: the register of checks, checks of deliverables, waivers, reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from minplan.core.access import Permission
from minplan.core.quality.check import Check
from minplan.database import inspections
from minplan.database.models import Inspection, Waiver
from minplan.web.api.paging import keyed
from minplan.web.api.routes.common import Limit, allow, job_out, now
from minplan.web.api.schemas import Done, JobOut, Listed, ReasonIn, WaiverIn
from minplan.web.api.site import both
from minplan.web.quality import outcome, shown, views

router = Router()


@router.get("/quality/checks", response=Listed, summary=both("质量检查项", "Quality checks"))
def list_checks(request: HttpRequest, limit: Limit = 500, cursor: str = "") -> dict[str, Any]:
    """What is looked at, with basis, level, weight and parameters."""
    allow(request, Permission.READ)
    found = sorted(shown.checks().values(), key=lambda item: item.id)
    return keyed(found, lambda item: item.id, _check, cursor, limit)


@router.get("/quality", response=Listed, summary=both("质检记录", "Checks that were made"))
def list_inspections(
    request: HttpRequest, series: str = "", limit: Limit = 100, cursor: str = ""
) -> dict[str, Any]:
    """The newest first; ``series`` narrows to the submissions of one deliverable."""
    allow(request, Permission.READ)
    found = inspections.listed(series or None).order_by("-pk")
    return keyed(found, lambda item: item.pk, _told, cursor, limit, falling=True)


@router.post("/quality", response={202: JobOut}, summary=both("检查成果", "Check a deliverable"))
def make_inspection(
    request: HttpRequest,
    file: File[list[UploadedFile]],
    edition: Form[str] = "",
    date: Form[str] = "",
    crs: Form[str] = "",
    encoding: Form[str] = "",
    target: Form[str] = "",
) -> Any:
    """A hand-in as ZIP, a layer, a table or a plan document; the job's result has the number."""
    allow(request, Permission.READ)
    return Status(202, job_out(views.begin(request)))


@router.get("/quality/{number}", response=dict[str, Any], summary=both("质检结果", "A check"))
def get_inspection(request: HttpRequest, number: str) -> dict[str, Any]:
    """Everything: results, faults with shapes, score, comparison with the check before."""
    allow(request, Permission.READ)
    row = inspections.get(number)
    return {**_told(row), **row.record}


@router.post(
    "/quality/{number}/report/{kind}",
    response={202: JobOut},
    summary=both("质检报告", "Write the report of a check"),
)
def write_report(request: HttpRequest, number: str, kind: str, language: str = "zh") -> Any:
    """``docx``, ``pdf``, ``html``, ``xlsx`` or ``gpkg``; fetched from ``/jobs/{id}/file``."""
    allow(request, Permission.READ)
    chosen = "en" if language == "en" else "zh"
    return Status(202, job_out(outcome.begin_report(inspections.get(number), kind, chosen)))


@router.get(
    "/quality/{number}/waivers", response=Listed, summary=both("豁免", "Waivers of a deliverable")
)
def list_waivers(
    request: HttpRequest, number: str, limit: Limit = 500, cursor: str = ""
) -> dict[str, Any]:
    """Those of its series that have not been ended, expired ones included."""
    allow(request, Permission.READ)
    found = inspections.waivers(inspections.get(number).series)
    return keyed(found, lambda item: item.pk, _waiver, cursor, limit)


@router.post(
    "/quality/{number}/waivers",
    response={201: dict[str, Any]},
    summary=both("豁免缺陷", "Waive a fault"),
)
def add_waiver(request: HttpRequest, number: str, data: WaiverIn) -> Any:
    """From the next check on the fault is kept and does not count, until the day stated."""
    allow(request, Permission.APPROVE_PLAN)
    row = inspections.get(number)
    made = inspections.waive(
        row,
        outcome.fault_of(row, data.fingerprint),
        reason=data.reason,
        until=data.until,
        recorded=now(),
    )
    return Status(201, _waiver(made))


@router.post(
    "/quality/waivers/{number}/end", response=Done, summary=both("撤销豁免", "End a waiver")
)
def end_waiver(request: HttpRequest, number: int, data: ReasonIn) -> dict[str, Any]:
    """The fault counts again from the next check on."""
    allow(request, Permission.APPROVE_PLAN)
    inspections.end(inspections.waiver(number), reason=data.reason, recorded=now())
    return {"done": True}


def _check(item: Check) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title.to_dict(),
        "family": item.family.value,
        "scope": item.scope.value,
        "level": item.level.value,
        "weight": item.weight,
        "parameters": dict(item.parameters),
        "basis": [str(basis) for basis in item.basis],
        "certain": item.certain,
        "explanation": item.explanation.to_dict(),
        "mend": item.mend.to_dict(),
    }


def _told(row: Inspection) -> dict[str, Any]:
    return {
        "number": row.number,
        "series": row.series,
        "name": row.name,
        "kind": row.kind,
        "edition": row.edition,
        "date": row.date.isoformat() if row.date else None,
        "sha256": row.sha256,
        "verdict": row.verdict,
        "points": row.score,
        "counts": row.counts,
        "actor": row.actor,
        "recorded": row.recorded,
    }


def _waiver(row: Waiver) -> dict[str, Any]:
    return {
        "number": row.pk,
        "check": row.check_id,
        "fingerprint": row.fingerprint,
        "message": row.message,
        "reason": row.reason,
        "until": row.until.isoformat() if row.until else None,
        "expired": row.until is not None and row.until < dt.date.today(),
        "actor": row.actor,
        "recorded": row.recorded,
    }
