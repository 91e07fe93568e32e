"""The page of a check: verdict, faults on a map and in a table, waivers, comparison, reports."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from minplan.core.access import Permission
from minplan.core.errors import InputError, StoreError
from minplan.core.quality.fault import Level
from minplan.core.quality.score import Verdict
from minplan.core.text import Text
from minplan.database import inspections
from minplan.database.models import Inspection, Job
from minplan.reports.quality import FORMATS
from minplan.web.access import requires
from minplan.web.dates import day_of
from minplan.web.jobs import registry as jobs
from minplan.web.quality import shown
from minplan.web.words import said, t

_PAGE: Final = 100
_MARKS: Final = {Verdict.PASS: "clear", Verdict.MEND: "attention", Verdict.FAIL: "conflict"}


@requires(Permission.READ)
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The result of a check."""
    row = inspections.get(number)
    every = shown.faults(row)
    found = shown.filtered(every, request.GET)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    record = row.record
    verdict = Verdict(row.verdict)
    held = {item.fingerprint: item for item in inspections.waivers(row.series)}
    context = {
        "row": row,
        "verdict": verdict,
        "mark": _MARKS[verdict],
        "score": record["score"],
        "grade": Text(**record["score"]["grade"]),
        "reasons": [Text(**item) for item in record["score"]["reasons"]],
        "counts": [(level, row.counts.get(level.value, 0)) for level in Level],
        "summary": shown.summary(row),
        "results": shown.results(row),
        "open": [item for item in shown.results(row) if item["missing"]],
        "page": page,
        "count": len(found),
        "total": len(every),
        "filtered": len(found) != len(every) or bool(request.GET),
        "layers": sorted({item.told["layer"] for item in every if item.told["layer"]}),
        "given": request.GET,
        "chosen_levels": request.GET.getlist("level"),
        "chosen_families": request.GET.getlist("family"),
        "places": shown.places(found),
        "comparison": _comparison(record),
        "before": record.get("before", ""),
        "waivers": [
            {"row": item, "expired": item.until is not None and item.until < dt.date.today()}
            for item in held.values()
        ],
        "waived": set(held),
        "formats": FORMATS,
        "today": dt.date.today(),
        "features": record["features"],
        "cancelled": record["cancelled"],
    }
    return render(request, "quality/show.html", context)


def _comparison(record: dict[str, Any]) -> dict[str, Any] | None:
    told = record.get("comparison")
    if told is None:
        return None
    return {
        **{name: len(told[name]) for name in ("fixed", "remaining", "new", "unknown")},
        "gone": [
            {"check": item["check"], "layer": item["layer"], "key": item["key"],
             "message": Text(**item["message"])}
            for item in told["fixed"][:_PAGE]
        ],
        "truncated": told["truncated"],
    }  # fmt: skip


@require_POST
@requires(Permission.READ)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Write the report of a check in the background; JSON at once."""
    row = inspections.get(number)
    format_key = request.POST.get("format", "")
    if format_key == "json":
        answer = JsonResponse(
            {"number": row.number, **row.record}, json_dumps_params={"ensure_ascii": False}
        )
        name = f"{row.series}-{row.number}.json"
        answer["Content-Disposition"] = content_disposition_header(True, name)
        return answer
    return redirect("job", begin_report(row, format_key, said(Text("zh", "en"))).pk)


def begin_report(row: Inspection, format_key: str, language: str) -> Job:
    """Queue the report of a check; InputError E604 for an unknown format."""
    if format_key not in FORMATS:
        raise InputError(
            "E604",
            Text(f"不能输出“{format_key}”格式", f"cannot write {format_key}"),
            hint=Text(f"可选：{'、'.join(FORMATS)}", f"choose from {', '.join(FORMATS)}"),
        )
    title = Text(f"质检报告 {row.number}", f"Quality report {row.number}")
    return jobs.start(
        "quality-report", title, number=row.number, format_key=format_key, language=language
    )


@require_POST
@requires(Permission.APPROVE_PLAN)
def waive(request: HttpRequest, number: str) -> HttpResponse:
    """Let a fault stay, with a reason and a last day."""
    row = inspections.get(number)
    fault = fault_of(row, request.POST.get("fingerprint", ""))
    until = request.POST.get("until", "").strip()
    inspections.waive(
        row,
        fault,
        reason=request.POST.get("reason", ""),
        until=day_of(until, t("截止日期", "until")) if until else None,
        recorded=dt.datetime.now(dt.UTC),
    )
    return redirect(f"{reverse('inspection', args=[number])}#waivers")


def fault_of(row: Inspection, fingerprint: str) -> dict[str, Any]:
    """A fault of a check by its fingerprint (StoreError E811 when it has none such)."""
    for item in shown.faults(row):
        if item.told["fingerprint"] == fingerprint:
            return dict(item.told)
    raise StoreError(
        "E811",
        Text("这次检查没有这处缺陷", "this check has no such fault"),
        hint=Text("从缺陷表中选择", "choose one of the table"),
    )


@require_POST
@requires(Permission.APPROVE_PLAN)
def end_waiver(request: HttpRequest, number: int) -> HttpResponse:
    """End a waiver with a reason: from the next check on the fault counts again."""
    waiver = inspections.waiver(number)
    inspections.end(waiver, reason=request.POST.get("reason", ""), recorded=dt.datetime.now(dt.UTC))
    latest = inspections.listed(waiver.series).first()
    if latest is None:
        return redirect("quality")
    return redirect(f"{reverse('inspection', args=[latest.number])}#waivers")
