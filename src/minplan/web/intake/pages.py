"""The intake page: new, or a draft that is taken up again."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.csrf import ensure_csrf_cookie

from minplan.core.access import Permission
from minplan.core.cases.workflow import State
from minplan.database import cases
from minplan.database.models import Case
from minplan.web.access import requires
from minplan.web.configuration import configuration
from minplan.web.desk import workspace
from minplan.web.intake import fields
from minplan.web.intake.sources import samples

#: What a link may begin the page with.
_BEGINNINGS: Final = ("q", "geom", "block", "right", "sample")


@ensure_csrf_cookie
@requires(Permission.REVIEW)
def new(request: HttpRequest) -> HttpResponse:
    """An empty page, or one that begins with a text (``q``), a block or a right."""
    begin = {key: request.GET[key] for key in _BEGINNINGS if key in request.GET}
    return render(request, "intake/page.html", _context(request, None, begin))


@ensure_csrf_cookie
@requires(Permission.REVIEW)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """A draft or a returned case of one's own; any other is shown, not edited."""
    case = cases.get(number)
    if not State(case.state).is_editable or request.access.actor not in (case.author, case.holder):
        return redirect("case", case.number)
    return render(request, "intake/page.html", _context(request, case, {}))


def _context(request: HttpRequest, case: Case | None, begin: dict[str, str]) -> dict[str, Any]:
    today = dt.date.today()
    plan = workspace().desk(today).plan
    data = {
        "number": case.number if case else "",
        "revision": case.revision if case else 0,
        "content": case.content if case else None,
        "today": today.isoformat(),
        "account": request.user.username,
        "begin": begin,
        "uploadMegabytes": configuration().upload_mb,
        "facts": fields.facts(),
        "attachments": fields.attachments(),
        "minerals": fields.mineral_words(),
        "batch": _address("case-batch"),
    }
    return {
        "case": case,
        "groups": fields.groups(plan, request.access),
        "data": data,
        "minerals": data["minerals"],
        "samples": samples(),
        "plan": plan.plan,
    }


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
