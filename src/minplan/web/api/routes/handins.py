"""Hand-ins: upload, how they are understood, quality check, import, export."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from minplan.core.access import Permission
from minplan.handin.matching import Match
from minplan.web.api.routes.common import allow, job_out
from minplan.web.api.schemas import Done, HandInStep, JobOut, MappingIn
from minplan.web.api.site import both
from minplan.web.plans import handins, incoming

router = Router()


@router.post(
    "/hand-ins", response={201: dict[str, Any]}, summary=both("上传成果", "Upload a hand-in")
)
def upload(
    request: HttpRequest,
    file: File[list[UploadedFile]],
    edition: Form[str] = "",
    plan: Form[str] = "",
    kind: Form[str] = "",
    effective: Form[str] = "",
    basis: Form[str] = "",
    crs: Form[str] = "",
    encoding: Form[str] = "",
) -> Any:
    """Nothing is stored yet; the answer tells how layers and columns are understood."""
    allow(request, Permission.APPROVE_PLAN)
    return Status(201, _told(handins.take(request)))


@router.get(
    "/hand-ins/{identifier}", response=dict[str, Any], summary=both("上传的成果", "A hand-in")
)
def get_hand_in(request: HttpRequest, identifier: uuid.UUID) -> dict[str, Any]:
    """How it is understood, and what the latest check or import came to."""
    allow(request, Permission.APPROVE_PLAN)
    return _told(incoming.get(identifier))


@router.put(
    "/hand-ins/{identifier}/mapping",
    response=Done,
    summary=both("确认对应关系", "Agree to a mapping"),
)
def agree(request: HttpRequest, identifier: uuid.UUID, data: MappingIn) -> dict[str, Any]:
    """``targets`` and ``fields`` by the number of the layer; what is not named stays as it is."""
    allow(request, Permission.APPROVE_PLAN)
    taken = incoming.get(identifier)
    look = taken.look()
    chosen = {f"target-{number}": target for number, target in data.targets.items()}
    for number, fields in data.fields.items():
        chosen |= {f"field-{number}-{column}": code for column, code in fields.items()}
    taken.agree(look, taken.matches(look)[0], chosen)
    return {"done": True}


@router.post(
    "/hand-ins/{identifier}/{step}",
    response={202: JobOut},
    summary=both("检查或导入成果", "Check or import a hand-in"),
)
def work_on(request: HttpRequest, identifier: uuid.UUID, step: HandInStep) -> Any:
    """``quality`` all checks, ``check`` what an import asks, ``store`` everything or nothing."""
    allow(request, Permission.APPROVE_PLAN)
    taken = incoming.get(identifier)
    return Status(202, job_out(handins.begin(taken, step.value)))


@router.post(
    "/plans/{code}/export/{kind}",
    response={202: JobOut},
    summary=both("导出汇交成果", "Export the hand-in of a plan"),
)
def export(request: HttpRequest, code: str, kind: str, date: str = "") -> Any:
    """``gdb``, ``shp``, ``gpkg`` or ``vct``; fetched from ``/jobs/{id}/file``."""
    allow(request, Permission.EXPORT)
    return Status(202, job_out(handins.begin_export(request.access, code, kind, date)))


def _told(taken: incoming.Incoming) -> dict[str, Any]:
    look = taken.look()
    matches, remarks = taken.matches(look)
    return {
        "id": str(taken.identifier),
        "name": taken.said["name"],
        "edition": look.edition.id,
        "files": len(look.files),
        "remarks": [item.to_dict() for item in (*look.remarks, *remarks)],
        "layers": [_layer(number, item) for number, item in enumerate(matches)],
        "outcome": taken.outcome,
    }


def _layer(number: int, item: Match) -> dict[str, Any]:
    return {
        "number": number,
        "file": item.file,
        "layer": item.layer,
        "target": item.target,
        "rows": item.told.count,
        "certain": item.certain,
        "fields": {column.name: item.fields.get(column.name, "") for column in item.told.columns},
        "system": item.told.crs_evidence.to_dict(),
    }
