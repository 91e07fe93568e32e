"""Changesets: the list, one with its operations before and after, and its steps."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from minplan.core.access import Permission
from minplan.core.errors import MinplanError
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import LayerSpec
from minplan.core.text import Text
from minplan.database import editing
from minplan.database.asof import as_of, values
from minplan.database.models import Changeset, ChangesetKind, Operation, State
from minplan.database.timeline import Action
from minplan.web.access import requires
from minplan.web.onemap.geojson import geometry_text
from minplan.web.problems import describe, status_of
from minplan.web.words import t
from minplan.web.zones.reading import ZoneBook, difference, zone_book

_ACTIONS: Final = {
    Action.ADD: Text("新增", "add"),
    Action.CHANGE: Text("变更", "change"),
    Action.END: Text("终止", "end"),
    Action.CORRECT: Text("更正", "correct"),
    Action.WITHDRAW: Text("撤销", "withdraw"),
}
#: Operations shown on one page; founding changesets hold a whole plan.
_SHOWN: Final = 200


@requires(Permission.READ)
def listing(request: HttpRequest) -> HttpResponse:
    """All changesets whoever acts may see, newest first."""
    book = zone_book(request)
    wanted = request.GET.get("state", "")
    found = [item for item in editing.listed(book.plan) if wanted in ("", item.state)]
    context = {
        "book": book,
        "rows": [_head(item) for item in found],
        "states": [(item.value, item.word) for item in State],
        "wanted": wanted,
    }
    return render(request, "zones/changesets.html", context)


@requires(Permission.READ)
def show(request: HttpRequest, number: int) -> HttpResponse:
    """One changeset: what it does, where it stands, what may be done next."""
    return _page(request, editing.get(number))


@requires(Permission.READ)
@require_POST
def take(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Check, approve, make effective or return a changeset."""
    now = dt.datetime.now(dt.UTC)
    try:
        if step == "check":
            editing.check(number, now)
        elif step == "approve":
            editing.approve(number, now)
        elif step == "effect":
            editing.take_effect(number, now)
        elif step == "reject":
            editing.reject(number, request.POST.get("reason", ""), now)
        else:
            raise Http404
    except MinplanError as error:
        changeset = editing.get(number)
        return _page(request, changeset, describe(error, request), status_of(error))
    changeset = editing.get(number)
    word = State(changeset.state).word
    messages.success(request, t(f"批次 {number} {word.zh}", f"Changeset {number} is now {word.en}"))
    return redirect("changeset", number)


def _page(
    request: HttpRequest,
    changeset: Changeset,
    faults: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    book = zone_book(request)
    operations = editing.operations_of(changeset)
    shown = operations[:_SHOWN]
    before = _before(changeset, shown)
    rows = [_row(item, before.get((item.layer, item.key)), book) for item in shown]
    open_ = changeset.state not in (State.EFFECTIVE, State.REJECTED)
    access = request.access
    context = {
        "book": book,
        "head": _head(changeset),
        "changeset": changeset,
        "rows": rows,
        "more": len(operations) - len(shown),
        "faults": faults or (),
        "issues": editing.staged_issues(changeset) if open_ and operations else (),
        "may": _may(changeset, access),
        "own": changeset.author == access.actor,
        "page": [
            {"number": r["number"], "before": r["shape_before"], "after": r["shape"]} for r in rows
        ],
        "steps": _steps(changeset),
    }
    return render(request, "zones/changeset.html", context, status=status)


def _head(changeset: Changeset) -> dict[str, Any]:
    return {
        "changeset": changeset,
        "kind": ChangesetKind(changeset.kind).word,
        "state": State(changeset.state).word,
        "count": changeset.operations_count or len(editing.operations_of(changeset)),
    }


def _may(changeset: Changeset, access: Any) -> dict[str, bool]:
    """The steps that can be taken now by whoever looks."""
    state, own = changeset.state, changeset.author == access.actor
    drafts = access.may(Permission.EDIT_PLAN) and own
    approves = access.may(Permission.APPROVE_PLAN)
    open_ = state in (State.DRAFT, State.CHECKED, State.APPROVED)
    return {
        "edit": drafts and state == State.DRAFT,
        "check": drafts and state == State.DRAFT,
        "approve": approves and not own and state == State.CHECKED,
        "effect": approves and state == State.APPROVED,
        "reject": open_ and (own or approves),
    }


def _steps(changeset: Changeset) -> list[dict[str, Any]]:
    """The way of a changeset with who and when."""
    return [
        {"word": t("编制", "drafted"), "time": changeset.opened, "who": changeset.author},
        {"word": t("检查", "checked"), "time": changeset.checked, "who": ""},
        {"word": t("批准", "approved"), "time": changeset.approved, "who": changeset.approver},
        {"word": t("生效", "in effect"), "time": changeset.effective, "who": ""},
    ]


def _before(
    changeset: Changeset, operations: tuple[Operation, ...]
) -> dict[tuple[str, str], FeatureValue]:
    """What was, or is, believed of the features on the days the operations begin."""
    moment = changeset.effective
    if changeset.state == State.EFFECTIVE and moment is not None:
        moment -= dt.timedelta(microseconds=1)
    found: dict[tuple[str, str], FeatureValue] = {}
    days = {item.effective_from for item in operations}
    for day in sorted(days):
        keys = [item.key for item in operations if item.effective_from == day]
        held = as_of(changeset.plan, day, moment).filter(key__in=keys)
        for value in values(held):
            found[value.layer, value.key] = value
    return found


def _row(item: Operation, before: FeatureValue | None, book: ZoneBook) -> dict[str, Any]:
    spec = book.edition.spec(item.layer)
    gone = item.action in (Action.END, Action.WITHDRAW)
    shape, shape_before = item.geometry, before.geometry if before else None
    zone = isinstance(spec, LayerSpec) and bool(spec.zone_kind)
    return {
        "number": item.number,
        "action": _ACTIONS[Action(item.action)],
        "gone": gone,
        "layer": item.layer,
        "layer_name": spec.name,
        "key": item.key,
        "name": (item.attributes or (before.attributes if before else {})).get("MC", ""),
        "from": item.effective_from,
        "to": item.effective_to,
        "is_zone": zone,
        "diff": []
        if gone
        else difference(spec, before.attributes if before else None, item.attributes, book.edition),
        "shape": json.loads(geometry_text(shape)) if shape else None,
        "shape_before": json.loads(geometry_text(shape_before)) if shape_before else None,
        "moved": shape is not None and shape_before is not None and not shape.equals(shape_before),
        "faults": item.faults,
    }
