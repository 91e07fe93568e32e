"""The first page: start a check, what waits, how fresh the data is, how the indicators stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minplan.core.access import Permission, Role
from minplan.core.cases.workflow import State
from minplan.core.plan.standing import Light, Standing, standing
from minplan.core.review.finding import Verdict
from minplan.database import cases_read
from minplan.database.models import Changeset
from minplan.web.access import requires
from minplan.web.intake.sources import samples
from minplan.web.plans.reading import PlanBook, current_book
from minplan.web.plans.words import changeset_kinds, changeset_states
from minplan.web.sources.register import entries
from minplan.web.workbench.changes import latest

_LIGHTS: Final = 8
#: Lights in the order in which they need somebody.
_ORDER: Final = (Light.OVER, Light.WARNING, Light.BEHIND, Light.GOOD, Light.UNKNOWN)


@requires(Permission.READ)
def workbench(request: HttpRequest) -> HttpResponse:
    """The desk of whoever looks; leaders see what waits for them and little else."""
    today, access = dt.date.today(), request.access
    book = current_book()
    layers = entries(today)
    context: dict[str, Any] = {
        "book": book,
        "plan": book.snapshot.plan if book else None,
        "today": today,
        "layers": layers,
        "lacking": [row for row in layers if row.lacking],
        "lights": _lights(book),
        "tasks": cases_read.tasks(limit=10),
        "states": _words(State),
        "verdicts": _words(Verdict),
    }
    if access.roles == {Role.LEADER}:
        counted = cases_read.counts("state")
        context["counted"] = [(state.word, counted.get(state.value, 0)) for state in State]
        return render(request, "workbench/leader.html", context)
    mine = cases_read.Filter(mine=True, states=(State.DRAFT.value, State.RETURNED.value))
    context |= {
        "drafts": cases_read.listed(mine, limit=8).rows,
        "samples": samples(),
        "changes": latest() if access.may(Permission.READ_AUDIT) else None,
        "changesets": Changeset.objects.select_related("plan").order_by("-id")[:5],
        "kinds": changeset_kinds(),
        "changeset_states": changeset_states(),
    }
    return render(request, "workbench/page.html", context)


def _lights(book: PlanBook | None) -> list[Standing]:
    """The indicators that need somebody most, of those the plan gives figures for."""
    found = [standing(item) for item in book.snapshot.indicators] if book else []
    known = [item for item in found if item.light is not Light.UNKNOWN]
    chosen = sorted(known or found, key=lambda item: _ORDER.index(item.light))
    return chosen[:_LIGHTS]


def _words(terms: Any) -> Mapping[str, Any]:
    return {term.value: term.word for term in terms}
