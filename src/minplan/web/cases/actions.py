"""What people do with a case: steps, opinions on findings, a new run, a replay."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from minplan import casework
from minplan.core.access import Permission
from minplan.core.cases.workflow import State
from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.database import cases
from minplan.database.models import Case
from minplan.web.access import requires
from minplan.web.cases.page import today
from minplan.web.configuration import configuration
from minplan.web.desk import workspace
from minplan.web.jobs import registry as jobs
from minplan.web.problems import wants_json
from minplan.web.words import said, t


@require_POST
@requires(Permission.READ)
def step(request: HttpRequest, number: str) -> HttpResponse:
    """Take a step: ``action``, ``decision``, ``reason``; ``revision`` is what the person saw."""
    case = cases.get(number)
    action = request.POST.get("action", "")
    moved = casework.take(
        workspace(),
        case,
        action,
        recorded=now(),
        today=today(),
        reason=request.POST.get("reason", ""),
        decision=request.POST.get("decision", ""),
        days=configuration().case_days,
        revision=_number(request.POST.get("revision")),
    )
    state = State(moved.state)
    messages.success(
        request, t(f"案卷 {number} {state.word.zh}", f"case {number}: {state.word.en}")
    )
    if state is State.ARCHIVED:
        jobs.start(
            "case-archive",
            Text(f"归档 {number} 的报告", f"Keep the reports of {number}"),
            number=number,
        )
    return done(request, moved)


@require_POST
@requires(Permission.READ)
def opinion(request: HttpRequest, number: str) -> HttpResponse:
    """Note that an officer sees a finding differently."""
    place = _number(request.POST.get("finding"))
    changed = cases.disagree(
        cases.get(number),
        finding=-1 if place is None else place,
        rule=request.POST.get("rule", ""),
        outcome=request.POST.get("outcome", ""),
        reason=request.POST.get("reason", ""),
        recorded=now(),
    )
    return done(request, changed)


@require_POST
@requires(Permission.READ)
def review(request: HttpRequest, number: str) -> HttpResponse:
    """Run the review again on what is in force, and store the result."""
    changed = casework.review_case(workspace(), cases.get(number), recorded=now(), today=today())
    messages.success(
        request,
        t(
            f"已重新核查，记录编号 {changed.review.number}",
            f"reviewed again, stored as {changed.review.number}",
        ),
    )
    return done(request, changed)


@requires(Permission.READ)
def replay(request: HttpRequest, number: str) -> HttpResponse:
    """Run the stored review again from its references, and tell whether it is identical."""
    case = cases.get(number)
    if case.review is None:
        raise InputError(
            "E855",
            Text("还没有核查记录", "there is no stored review yet"),
            hint=Text("先核查一次", "run the review first"),
        )
    return replayed(case.review.number)


def replayed(number: str) -> HttpResponse:
    """What replaying a stored review gave, as JSON."""
    found = workspace().replay(number)
    return JsonResponse(
        {
            "number": found.number,
            "identical": found.identical,
            "remarks": [said(item) for item in found.remarks],
        }
    )


def done(request: HttpRequest, case: Case) -> HttpResponse:
    """Back to the case; programs are told where it stands."""
    address = reverse("case", args=[case.number])
    if not wants_json(request):
        return redirect(address)
    told: dict[str, Any] = {
        "number": case.number,
        "state": case.state,
        "revision": case.revision,
        "address": address,
    }
    return JsonResponse(told)


def now() -> dt.datetime:
    """The time written down for what is done here."""
    return dt.datetime.now(dt.UTC)


def _number(text: str | None) -> int | None:
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise InputError(
            "E855",
            Text("提交的内容不完整", "what was sent is incomplete"),
            place=Place(field=text),
            hint=Text("刷新页面再试", "reload the page and try again"),
        ) from error
