"""Deliverables of a plan: registry, new versions, download."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from minplan.core.access import Permission
from minplan.database import deliverables
from minplan.database.models import Deliverable
from minplan.web.api.paging import keyed
from minplan.web.api.routes.common import Limit, allow, plan_of
from minplan.web.api.schemas import Listed
from minplan.web.api.site import both
from minplan.web.plans import deliverables as registry

router = Router()


@router.get("/plans/{code}/deliverables", response=Listed, summary=both("规划成果", "Deliverables"))
def list_deliverables(
    request: HttpRequest, code: str, limit: Limit = 200, cursor: str = ""
) -> dict[str, Any]:
    """Versions with hash and approval number, in the order they came in."""
    allow(request, Permission.READ)
    found = sorted(deliverables.listed(plan_of(code)), key=lambda item: item.pk)
    return keyed(found, lambda item: item.pk, _told, cursor, limit)


@router.post(
    "/plans/{code}/deliverables",
    response={201: dict[str, Any]},
    summary=both("登记成果", "Register a deliverable"),
)
def register(
    request: HttpRequest,
    code: str,
    file: File[UploadedFile],
    document: Form[str],
    version: Form[str],
    name: Form[str] = "",
    approval: Form[str] = "",
) -> Any:
    """A new version of a document of the standard; the same bytes twice are one."""
    allow(request, Permission.MANAGE_DELIVERABLES)
    request.POST = request.POST.copy()
    request.POST["code"] = document
    return Status(201, _told(registry.add(request, plan_of(code))))


@router.get(
    "/deliverables/{number}",
    response={200: Any},
    summary=both("下载成果", "Download a deliverable"),
    openapi_extra={
        "responses": {200: {"description": "bytes", "content": {"application/octet-stream": {}}}}
    },
)
def download(request: HttpRequest, number: int) -> Any:
    """The bytes as they were handed in; ``X-Content-SHA256`` is their hash."""
    allow(request, Permission.DOWNLOAD)
    return registry.send(deliverables.get(number))


def _told(item: Deliverable) -> dict[str, Any]:
    return {
        "number": item.pk,
        "kind": item.kind,
        "code": item.code,
        "version": item.version,
        "name": item.name,
        "sha256": item.original_id,
        "size": item.original.size,
        "approval_number": item.approval_number,
        "recorded": item.recorded,
    }
