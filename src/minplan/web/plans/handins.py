"""Hand-ins: upload, preview, import; export of the hand-in folder."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from minplan.core.access import Access, Permission
from minplan.core.errors import InputError, Place, StoreError
from minplan.core.text import Text
from minplan.database import plans
from minplan.database.models import Job
from minplan.formats.coordinate_system import parse_system
from minplan.handin.spatial import FORMATS
from minplan.web.access import requires
from minplan.web.dates import day_of
from minplan.web.desk import workspace
from minplan.web.jobs import registry as jobs
from minplan.web.plans import incoming, job_files
from minplan.web.plans.incoming import Incoming
from minplan.web.uploads import received, refuse_too_large
from minplan.web.words import t

_KINDS: Final = {
    "": Text("初始建库（新规划）", "founding (a new plan)"),
    "adjustment": Text("年度集中调整", "annual adjustment"),
    "correction": Text("更正", "correction"),
}


@requires(Permission.APPROVE_PLAN)
def upload(request: HttpRequest) -> HttpResponse:
    """The form for a hand-in; what it sends leads to the preview."""
    if request.method == "POST":
        return redirect("hand-in-preview", take(request).identifier)
    context = {
        "plans": plans.listed(),
        "editions": workspace().editions(),
        "kinds": _KINDS,
        "chosen": request.GET.get("plan", ""),
    }
    return render(request, "plans/hand_in.html", context)


def take(request: HttpRequest) -> Incoming:
    """Keep the files of a request with what is stated of them.

    Raises InputError E885 for a date that is none, E921–E923 as
    :func:`~minplan.web.uploads.received`, and as :func:`~minplan.web.plans.incoming.take`.
    """
    refuse_too_large(request)
    said = _said(request)
    with received(request) as files:
        return incoming.take(files, said)


def begin(taken: Incoming, step: str) -> Job:
    """Queue the ``quality`` checks, the ``check`` of an import, or the import itself."""
    name, identifier = taken.said["name"], str(taken.identifier)
    if step == "quality":
        title = Text(f"质量检查：{name}", f"Quality check: {name}")
        return jobs.start("quality-check-hand-in", title, identifier=identifier)
    only_check = step == "check"
    title = (
        Text(f"检查成果：{name}", f"Check a hand-in: {name}")
        if only_check
        else Text(f"导入成果：{name}", f"Import a hand-in: {name}")
    )
    return jobs.start("hand-in", title, identifier=identifier, check=only_check)


@requires(Permission.APPROVE_PLAN)
def preview(request: HttpRequest, identifier: uuid.UUID) -> HttpResponse:
    """What was found in an upload; agreeing starts the check or the import."""
    taken = incoming.get(identifier)
    look = taken.look()
    matches, remarks = taken.matches(look)
    if request.method == "POST":
        if taken.agree(look, matches, request.POST):
            return redirect("hand-in-preview", identifier)
        return redirect("job", begin(taken, request.POST.get("step", "store")).pk)
    context = {
        "taken": taken,
        "look": look,
        "remarks": (*look.remarks, *remarks),
        "rows": [
            {
                "number": number,
                "match": item,
                "spec": look.edition.find(item.target) if item.target else None,
                "columns": _columns(item),
            }
            for number, item in enumerate(matches)
        ],
        "layers": look.edition.layers,
        "tables": look.edition.tables,
        "kind": _KINDS.get(taken.said["kind"], _KINDS[""]),
        "outcome": taken.outcome,
    }
    return render(request, "plans/preview.html", context)


@requires(Permission.APPROVE_PLAN)
def faults(request: HttpRequest, identifier: uuid.UUID) -> FileResponse:
    """The workbook of faults of the latest check or import."""
    taken = incoming.get(identifier)
    if not taken.faults_file.is_file():
        raise StoreError("E811", Text("没有错误清单", "there is no list of faults"))
    name = t("错误清单.xlsx", "faults.xlsx")
    return FileResponse(taken.faults_file.open("rb"), as_attachment=True, filename=name)


@require_POST
@requires(Permission.EXPORT)
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Write the hand-in folder of a plan in the background, packed for download."""
    given = request.POST
    job = begin_export(request.access, code, given.get("format", ""), given.get("date", ""))
    return redirect("job", job.pk)


def begin_export(access: Access, code: str, format_key: str, date: str) -> Job:
    """Queue the export of a plan as of a day, today by default.

    Raises Forbidden E951 without the permission to read restricted layers, InputError E884 for an
    unknown format, E885 for a date that is none.
    """
    access.require(Permission.READ_RESTRICTED)
    plan = plans.get(code)
    if format_key not in FORMATS:
        raise InputError(
            "E884",
            Text("没有选择数据格式", "no format is chosen"),
            place=Place(field=t("格式", "format")),
            hint=Text("从列表中选择", "choose one of the list"),
        )
    day = day_of(date or dt.date.today().isoformat(), "date").isoformat()
    title = Text(f"导出汇交成果：{plan.name_zh}", f"Export the hand-in: {plan.name_en}")
    return jobs.start("hand-in-export", title, code=code, format_key=format_key, date=day)


@requires(Permission.READ)
def file(request: HttpRequest, identifier: uuid.UUID) -> FileResponse:
    """The file that a job of whoever asks has made."""
    made = job_files.made_by(jobs.get(identifier))
    return FileResponse(made.open("rb"), as_attachment=True, filename=made.name)


def _said(request: HttpRequest) -> dict[str, Any]:
    names = ("edition", "plan", "kind", "effective", "basis", "crs", "encoding")
    said = {name: request.POST.get(name, "").strip() for name in names}
    if said["effective"]:
        day_of(said["effective"], "effective")
    if said["crs"]:
        parse_system(said["crs"])
    return said


def _columns(item: Any) -> list[dict[str, Any]]:
    """The columns of a match with the fields they are taken for, and why."""
    reasons = {proposal.column: proposal for proposal in item.proposals}
    return [
        {
            "name": column.name,
            "field": item.fields.get(column.name, ""),
            "reason": reasons[column.name].reason if column.name in reasons else None,
        }
        for column in item.told.columns
    ]
