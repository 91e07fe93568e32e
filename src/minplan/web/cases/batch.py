"""Batch check: one workbook or archive with many blocks, a table of their verdicts."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie

from minplan.core.access import Permission
from minplan.core.errors import StoreError
from minplan.core.plan.model import ZoneKind
from minplan.core.review.finding import Outcome
from minplan.core.review.proposal import Action, RightKind
from minplan.core.review.rule import Family
from minplan.core.text import Text
from minplan.database.models import Job
from minplan.web import kept
from minplan.web.access import requires
from minplan.web.cases import shown
from minplan.web.cases.many import MOST
from minplan.web.cases.page import today
from minplan.web.desk import workspace
from minplan.web.jobs import registry as jobs
from minplan.web.problems import wants_json
from minplan.web.uploads import received, refuse_too_large
from minplan.web.words import said


@ensure_csrf_cookie
@requires(Permission.REVIEW)
def upload(request: HttpRequest) -> HttpResponse:
    """The form; what it sends is checked in the background."""
    if request.method == "POST":
        job = begin(request)
        address = reverse("job", args=[job.pk])
        if wants_json(request):
            return JsonResponse({"address": address})
        return redirect(address)
    context = {
        "rights": list(RightKind),
        "actions": list(Action),
        "areas": sorted(request.access.areas) or _counties(),
        "own": sorted(request.access.areas),
        "most": MOST,
    }
    return render(request, "cases/batch.html", context)


def begin(request: HttpRequest) -> Job:
    """Queue the review of every block in the files of a request.

    Raises InputError E921–E923 as :func:`~minplan.web.uploads.received`.
    """
    refuse_too_large(request)
    with received(request) as files:
        name = kept.keep(files)
        title = Text(f"批量核查 {files[0].name}", f"Batch check of {files[0].name}")
    stated = {key: request.POST.get(key, "") for key in ("right", "action", "county")}
    return jobs.start("case-batch", title, name=name, stated={k: v for k, v in stated.items() if v})


@requires(Permission.REVIEW)
def result(request: HttpRequest, identifier: uuid.UUID) -> HttpResponse:
    """The table of verdicts: blocks by families of rules, the worst first."""
    job = jobs.get(identifier)
    if job.kind != "case-batch" or not job.result:
        raise StoreError("E811", Text("没有这次批量核查的结果", "there is no such batch result"))
    rows: list[dict[str, Any]] = job.result["rows"]
    good = sorted((row for row in rows if row["case"]), key=_weight)
    families = [item for item in Family if any(item.value in row["families"] for row in good)]
    context = {
        "job": job,
        "families": families,
        "rows": [_row(row, families) for row in good],
        "refused": [row for row in rows if not row["case"]],
        "outcomes": [Outcome.CONFLICT, Outcome.ATTENTION, Outcome.NOT_CHECKED],
    }
    return render(request, "cases/batch_result.html", context)


def _counties() -> list[str]:
    """The counties of the plan in effect."""
    counties = workspace().desk(today()).plan.zones_of(ZoneKind.COUNTY)
    return sorted({zone.name for zone in counties})


def _weight(row: dict[str, Any]) -> tuple[int, int, int]:
    counts = row["counts"]
    return (-counts["conflict"], -counts["not-checked"], -counts["attention"])


def _row(row: dict[str, Any], families: list[Family]) -> dict[str, Any]:
    cells = []
    for family in families:
        outcome = row["families"].get(family.value, "")
        cells.append({"outcome": outcome, "word": said(Outcome(outcome).word) if outcome else ""})
    return {**row, "look": shown.verdict(row["verdict"]), "cells": cells}
