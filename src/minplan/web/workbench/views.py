"""The first page."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minplan.core.access import Permission
from minplan.web.access import requires
from minplan.web.desk import workspace


@requires(Permission.READ)
def workbench(request: HttpRequest) -> HttpResponse:
    """The plan in effect, and how old each constraint layer is."""
    today = dt.date.today()
    desk = workspace().desk(today)
    context = {"plan": desk.plan.plan, "layers": [item.version for item in desk.layers.values()]}
    return render(request, "workbench/page.html", context)
