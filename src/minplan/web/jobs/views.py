"""Pages of background work: progress, cancel, result."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from minplan.database.models import Job
from minplan.web.jobs import registry
from minplan.web.problems import wants_json


def listing(request: HttpRequest) -> HttpResponse:
    """The jobs of whoever looks."""
    return render(request, "jobs/list.html", {"jobs": registry.listed()})


def show(request: HttpRequest, identifier: uuid.UUID) -> HttpResponse:
    """One job: how far it is, then its result."""
    row = registry.get(identifier)
    if wants_json(request):
        return JsonResponse(as_dict(row))
    return render(request, "jobs/show.html", {"job": row})


def progress(request: HttpRequest, identifier: uuid.UUID) -> HttpResponse:
    """The part of the page that htmx asks for again until the job has ended."""
    return render(request, "jobs/_progress.html", {"job": registry.get(identifier)})


@require_POST
def cancel(request: HttpRequest, identifier: uuid.UUID) -> HttpResponse:
    """Ask a job to stop."""
    registry.cancel(identifier)
    return redirect("job", identifier)


def as_dict(row: Job) -> dict[str, object]:
    """A job as plain data."""
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "title": row.title,
        "state": row.state,
        "done": row.done,
        "total": row.total,
        "stage": row.stage,
        "result": row.result,
        "error": row.error,
    }
