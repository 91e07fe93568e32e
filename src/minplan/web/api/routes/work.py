"""Background work, kept queries and views, the audit chain."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import Router, Status

from minplan.core.access import Permission
from minplan.core.errors import InputError, Place
from minplan.core.query.serial import query_from_dict, query_to_dict
from minplan.core.text import Text
from minplan.database import saved
from minplan.database.models import AuditEntry, SavedItem
from minplan.web.api.paging import keyed, newest
from minplan.web.api.routes.common import Limit, allow, job_out, now
from minplan.web.api.schemas import Done, JobOut, Listed, SavedIn
from minplan.web.api.site import both
from minplan.web.jobs import registry
from minplan.web.plans import job_files

router = Router()


@router.get("/jobs", response=Listed, summary=both("后台任务", "Background work"))
def list_jobs(request: HttpRequest, limit: Limit = 50, cursor: str = "") -> dict[str, Any]:
    """The newest jobs of whoever asks."""
    allow(request, Permission.READ)
    found = registry.listed(limit=1000)
    return keyed(
        found,
        lambda item: f"{item.created.isoformat()}|{item.pk}",
        job_out,
        cursor,
        limit,
        falling=True,
    )


@router.get("/jobs/{identifier}", response=JobOut, summary=both("任务进度", "A job"))
def get_job(request: HttpRequest, identifier: uuid.UUID) -> dict[str, Any]:
    """How far it is; ``result`` once it is done."""
    allow(request, Permission.READ)
    return job_out(registry.get(identifier))


@router.get(
    "/jobs/{identifier}/file",
    response={200: Any},
    summary=both("任务的文件", "The file a job made"),
    openapi_extra={
        "responses": {200: {"description": "bytes", "content": {"application/octet-stream": {}}}}
    },
)
def get_file(request: HttpRequest, identifier: uuid.UUID) -> Any:
    """Reports, exported hand-ins, packed deliverables; kept for seven days."""
    allow(request, Permission.READ)
    made = job_files.made_by(registry.get(identifier))
    return FileResponse(made.open("rb"), as_attachment=True, filename=made.name)


@router.post("/jobs/{identifier}/cancel", response=JobOut, summary=both("取消任务", "Cancel a job"))
def cancel_job(request: HttpRequest, identifier: uuid.UUID) -> dict[str, Any]:
    """It stops at the next step and leaves nothing half-done."""
    allow(request, Permission.READ)
    return job_out(registry.cancel(identifier))


@router.get("/saved/{kind}", response=Listed, summary=both("保存的查询和视图", "Saved items"))
def list_saved(
    request: HttpRequest, kind: str, limit: Limit = 200, cursor: str = ""
) -> dict[str, Any]:
    """``query`` or ``view``: one's own, and those others share."""
    allow(request, Permission.READ)
    _require_kind(kind)
    found = sorted(saved.listed(kind), key=lambda item: item.pk)
    return keyed(found, lambda item: item.pk, _saved, cursor, limit)


@router.post(
    "/saved/{kind}", response={201: dict[str, Any]}, summary=both("保存查询或视图", "Save an item")
)
def save_item(request: HttpRequest, kind: str, data: SavedIn) -> Any:
    """One of the same name is replaced."""
    allow(request, Permission.READ)
    _require_kind(kind)
    content = data.content
    if kind == "query":
        content = query_to_dict(query_from_dict(content))
    return Status(
        201, _saved(saved.save(kind, data.name, content, shared=data.shared, recorded=now()))
    )


@router.delete(
    "/saved/{kind}/{identifier}", response=Done, summary=both("删去保存项", "Remove a saved item")
)
def remove_item(request: HttpRequest, kind: str, identifier: int) -> dict[str, Any]:
    """One's own only."""
    allow(request, Permission.READ)
    _require_kind(kind)
    saved.remove(identifier, kind, recorded=now())
    return {"done": True}


@router.get("/audit", response=Listed, summary=both("审计记录", "The audit chain"))
def list_audit(
    request: HttpRequest,
    actor: str = "",
    subject: str = "",
    limit: Limit = 100,
    cursor: str = "",
) -> dict[str, Any]:
    """The newest entries first, each with the hash of the one before."""
    allow(request, Permission.READ_AUDIT)
    found = AuditEntry.objects.all()
    if actor:
        found = found.filter(actor=actor)
    if subject:
        found = found.filter(subject__startswith=subject)
    return newest(found, _entry, cursor, limit, "number")


@router.post(
    "/audit/verify", response={202: JobOut}, summary=both("核对审计链", "Verify the chain")
)
def verify_audit(request: HttpRequest) -> Any:
    """Recompute the whole chain in the background."""
    allow(request, Permission.READ_AUDIT)
    row = registry.start("verify-audit", Text("核对审计链", "Verify the audit chain"))
    return Status(202, job_out(row))


def _require_kind(kind: str) -> None:
    if kind not in saved.KINDS:
        raise InputError(
            "E894",
            Text(f"没有“{kind}”类的保存项", f"nothing of kind {kind!r} is kept"),
            place=Place(field="kind"),
            hint=Text(f"可用：{'、'.join(saved.KINDS)}", f"use one of: {', '.join(saved.KINDS)}"),
        )


def _saved(item: SavedItem) -> dict[str, Any]:
    return {
        "id": item.pk,
        "kind": item.kind,
        "name": item.name,
        "shared": item.shared,
        "owner": item.owner.username,
        "content": item.content,
        "recorded": item.recorded,
    }


def _entry(item: AuditEntry) -> dict[str, Any]:
    return {
        "number": item.number,
        "recorded": item.recorded,
        "actor": item.actor,
        "action": item.action,
        "subject": item.subject,
        "content": item.content,
        "previous": item.previous,
        "sha256": item.sha256,
    }
