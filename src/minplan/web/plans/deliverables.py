"""Deliverables of a plan: the registry, new versions, download, verification."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from minplan.core.access import Permission, restricted_documents
from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.database import deliverables, originals, plans
from minplan.database.acting import acting
from minplan.database.editions import edition as edition_of
from minplan.database.models import Deliverable, DeliverableKind, Plan
from minplan.web.access import requires
from minplan.web.jobs import registry as jobs
from minplan.web.plans.checks import require_fitting
from minplan.web.uploads import received, refuse_too_large
from minplan.web.words import t

#: Documents that the registry keeps beside those of the standard.
_OTHERS: Final = {
    "SJK": Text("数据库", "database"),
    "HJCG": Text("汇交成果清单", "list of a hand-in"),
}
_KINDS: Final = {
    DeliverableKind.DOCUMENT: Text("文档", "documents"),
    DeliverableKind.MAP: Text("图件", "maps"),
    DeliverableKind.TABLE: Text("表格", "tables"),
    DeliverableKind.DATABASE: Text("数据库", "databases"),
    DeliverableKind.METADATA: Text("元数据", "metadata"),
}


@requires(Permission.READ)
def registry(request: HttpRequest, code: str) -> HttpResponse:
    """The registry of a plan; taking in a new version."""
    plan = plans.get(code)
    if request.method == "POST":
        row = add(request, plan)
        messages.success(
            request,
            t(f"已登记 {row.name}（{row.version}）", f"{row.name} ({row.version}) is registered"),
        )
        return redirect("deliverables", code)
    documents = edition_of(plan.edition_id).documents
    held = deliverables.listed(plan)
    latest = {(item.code, item.name): item.pk for item in held}
    names = {item.code: item.name for item in documents} | _OTHERS
    rows = [
        {
            "row": item,
            "document": names.get(item.code, Text(item.code, item.code)),
            "kind": _KINDS[DeliverableKind(item.kind)],
            "latest": latest[item.code, item.name] == item.pk,
            "restricted": item.code in restricted_documents(),
        }
        for item in held
    ]
    there = {item.code for item in held}
    context = {
        "plan": plan,
        "tab": "deliverables",
        "rows": rows,
        "documents": documents,
        "others": {"SJK": _OTHERS["SJK"]},
        "missing": [item for item in documents if item.code not in there],
    }
    return render(request, "plans/deliverables.html", context)


@requires(Permission.DOWNLOAD)
def download(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The bytes of a deliverable as they were handed in."""
    return send(deliverables.get(number))


def send(row: Deliverable) -> StreamingHttpResponse:
    """A deliverable as a download, piece by piece, never opened by the browser."""
    # pieces are read while who acts is still known
    response = StreamingHttpResponse(
        originals.content(row.original_id), content_type="application/octet-stream"
    )
    response["Content-Length"] = str(row.original.size)
    response["Content-Disposition"] = content_disposition_header(True, row.name)
    response["X-Content-SHA256"] = row.original_id
    return response


@require_POST
@requires(Permission.READ)
def verify(request: HttpRequest, number: int) -> HttpResponse:
    """Compute the hash of the stored bytes again and compare it with the registered one."""
    row = deliverables.get(number)
    digest = hashlib.sha256()
    for piece in originals.content(row.original_id):
        digest.update(piece)
    same = digest.hexdigest() == row.original_id
    return render(request, "plans/_verified.html", {"same": same, "sha256": digest.hexdigest()})


@require_POST
@requires(Permission.DOWNLOAD)
def everything(request: HttpRequest, code: str) -> HttpResponse:
    """Pack the latest version of everything that whoever asks may see, in the background."""
    plan = plans.get(code)
    title = Text(f"打包规划成果：{plan.name_zh}", f"Pack the deliverables: {plan.name_en}")
    return redirect("job", jobs.start("deliverables-zip", title, code=code).pk)


def add(request: HttpRequest, plan: Plan) -> Deliverable:
    """Register an upload; E881 and E882 for wrong files, E884 without a version, E813 if known."""
    request.access.require(Permission.MANAGE_DELIVERABLES)
    refuse_too_large(request)
    given = {key: request.POST.get(key, "").strip() for key in ("code", "version", "approval")}
    document = _document(plan, given["code"])
    if not given["version"]:
        raise InputError(
            "E884",
            Text("没有填写版本", "no version is given"),
            place=Place(field=t("版本", "version")),
            hint=Text("例如 报批稿、2023-09-06", "for example 2023-09-06"),
        )
    now, actor = dt.datetime.now(dt.UTC), acting().actor
    with received(request) as files:
        require_fitting(files[0], document["formats"], document["name"])
        original = originals.keep(files[0], actor=actor, recorded=now)
        return deliverables.register(
            plan,
            original,
            kind=deliverables.kind_of(given["code"]),
            code=given["code"],
            name=request.POST.get("name", "").strip() or files[0].name,
            version=given["version"],
            actor=actor,
            recorded=now,
            approval_number=given["approval"],
        )


def _document(plan: Plan, code: str) -> dict[str, Any]:
    for item in edition_of(plan.edition_id).documents:
        if item.code == code:
            return {"name": item.name, "formats": item.formats}
    if code == "SJK":
        return {"name": _OTHERS["SJK"], "formats": ("zip", "gpkg", "vct")}
    raise InputError(
        "E884",
        Text("没有选择成果类别", "no kind of deliverable is chosen"),
        place=Place(field=t("类别", "kind")),
        hint=Text("从列表中选择", "choose one of the list"),
    )
