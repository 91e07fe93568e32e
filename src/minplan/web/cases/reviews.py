"""Stored reviews (审查记录): immutable, replayable, seen through their cases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minplan.core.access import Permission
from minplan.core.errors import StoreError
from minplan.core.review.proposal import Action, RightKind
from minplan.core.text import Text
from minplan.database import cases
from minplan.database import reviews as stored
from minplan.database.models import Review
from minplan.web.access import requires
from minplan.web.cases import shown
from minplan.web.cases.actions import replayed
from minplan.web.cases.files import asked_of_review, fetched
from minplan.web.cases.page import result


def seen(number: str) -> Review:
    """A stored review that whoever acts may see; StoreError E811 as if it were absent."""
    if not cases.may_see_review(number):
        raise StoreError("E811", Text(f"没有审查记录 {number}", f"no review {number}"))
    return stored.get(number)


@requires(Permission.READ)
def show(request: HttpRequest, number: str) -> HttpResponse:
    """A stored review as it was written, with its references."""
    row = seen(number)
    proposal: dict[str, Any] = row.record["proposal"]
    context = {
        **result(request, row.record),
        "review": row,
        "verdict": shown.verdict(row.verdict),
        "proposal": proposal,
        "right": RightKind(proposal["right"]),
        "action": Action(proposal["action"]),
        "cases": cases.of_review(number),
    }
    return render(request, "cases/review.html", context)


@requires(Permission.READ)
def replay(request: HttpRequest, number: str) -> HttpResponse:
    """Run it again from its references."""
    return replayed(seen(number).number)


@requires(Permission.READ)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """A report of it."""
    return fetched(asked_of_review(request, seen(number).number))
