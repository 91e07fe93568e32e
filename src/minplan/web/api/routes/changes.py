"""Changesets: drafted, checked, approved, made effective, with the permissions of the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from shapely.geometry import shape

from minplan.core.access import Permission
from minplan.core.plan.ground_checks import Issue
from minplan.core.plan.model import MineralQuota
from minplan.core.standard.feature import FeatureValue
from minplan.database import editing
from minplan.database.models import Changeset, Operation
from minplan.database.zone_edits import Edit
from minplan.web.api.paging import keyed
from minplan.web.api.routes.common import Limit, allow, now, plan_of
from minplan.web.api.schemas import ChangesetIn, EditIn, Listed, ReasonIn, StageIn
from minplan.web.api.site import both

router = Router()
_Out = dict[str, Any]


@router.get(
    "/plans/{code}/changesets", response=Listed, summary=both("变更批次", "Changesets of a plan")
)
def list_changesets(
    request: HttpRequest, code: str, limit: Limit = 100, cursor: str = ""
) -> dict[str, Any]:
    """The newest first."""
    allow(request, Permission.READ)
    found = editing.listed(plan_of(code))
    return keyed(found, lambda item: item.pk, _told, cursor, limit, falling=True)


@router.post(
    "/plans/{code}/changesets", response={201: _Out}, summary=both("新建变更批次", "Open a draft")
)
def open_draft(request: HttpRequest, code: str, data: ChangesetIn) -> Any:
    """An annual adjustment or a correction, resting on a document."""
    allow(request, Permission.EDIT_PLAN)
    return Status(201, _told(editing.open_draft(plan_of(code), data.kind, data.basis, now())))


@router.get("/changesets/{number}", response=_Out, summary=both("变更批次", "A changeset"))
def get_changeset(request: HttpRequest, number: int) -> dict[str, Any]:
    """How far it has come, and what its ground gives cause to say."""
    allow(request, Permission.READ)
    changeset = editing.get(number)
    issues = [_issue(item) for item in editing.staged_issues(changeset)]
    return {**_told(changeset), "issues": issues}


@router.get(
    "/changesets/{number}/operations", response=Listed, summary=both("批次内容", "What it stages")
)
def list_operations(
    request: HttpRequest, number: int, limit: Limit = 200, cursor: str = ""
) -> dict[str, Any]:
    """Each staged change in its order."""
    allow(request, Permission.READ)
    found = editing.operations_of(editing.get(number))
    return keyed(found, lambda item: item.number, _operation, cursor, limit)


@router.post("/changesets/{number}/edits", response=_Out, summary=both("存入批次", "Stage edits"))
def stage(request: HttpRequest, number: int, data: StageIn) -> dict[str, Any]:
    """Zones as they shall be from a legal day on, and zones that end; all faults at once."""
    allow(request, Permission.EDIT_PLAN)
    issues = editing.save(
        editing.may_edit(number),
        [_edit(item) for item in data.edits],
        date=data.date,
        ended=[(layer, key) for layer, key in data.ended],
    )
    return {**_told(editing.get(number)), "issues": [_issue(item) for item in issues]}


@router.post("/changesets/{number}/check", response=_Out, summary=both("检查批次", "Check a draft"))
def check(request: HttpRequest, number: int) -> dict[str, Any]:
    """Against the standard, what is believed, topology, other changesets."""
    allow(request, Permission.EDIT_PLAN)
    return _told(editing.check(number, now()))


@router.post("/changesets/{number}/approve", response=_Out, summary=both("批准批次", "Approve"))
def approve(request: HttpRequest, number: int) -> dict[str, Any]:
    """What somebody else drafted."""
    allow(request, Permission.APPROVE_PLAN)
    return _told(editing.approve(number, now()))


@router.post("/changesets/{number}/reject", response=_Out, summary=both("退回批次", "Return it"))
def reject(request: HttpRequest, number: int, data: ReasonIn) -> dict[str, Any]:
    """With a reason."""
    allow(request, Permission.READ)
    return _told(editing.reject(number, data.reason, now()))


@router.post(
    "/changesets/{number}/effective", response=_Out, summary=both("使批次生效", "Make it effective")
)
def take_effect(request: HttpRequest, number: int) -> dict[str, Any]:
    """An approved changeset becomes what is believed."""
    allow(request, Permission.APPROVE_PLAN)
    return _told(editing.take_effect(number, now()))


def _edit(data: EditIn) -> Edit:
    minerals = None
    if data.minerals is not None:
        minerals = tuple(
            MineralQuota(item.mineral, item.existing_rights, item.planned_rights)
            for item in data.minerals
        )
    ground = shape(data.geometry) if data.geometry else None
    return Edit(FeatureValue(data.layer, data.key, data.attributes, ground), minerals)


def _told(item: Changeset) -> dict[str, Any]:
    return {
        "number": item.pk,
        "plan": item.plan.code,
        "kind": item.kind,
        "basis": item.basis,
        "state": item.state,
        "author": item.author,
        "approver": item.approver,
        "opened": item.opened,
        "checked": item.checked,
        "approved": item.approved,
        "effective": item.effective,
        "reason": item.reason,
        "operations": item.operations_count,
    }


def _operation(item: Operation) -> dict[str, Any]:
    return {
        "number": item.number,
        "action": item.action,
        "layer": item.layer,
        "key": item.key,
        "effective_from": item.effective_from,
        "effective_to": item.effective_to,
        "attributes": item.attributes,
        "faults": item.faults,
    }


def _issue(item: Issue) -> dict[str, Any]:
    return {
        "code": item.code,
        "severity": item.severity,
        "message": item.message.to_dict(),
        "layer": item.layer,
        "key": item.key,
    }
