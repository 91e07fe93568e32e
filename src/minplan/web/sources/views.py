"""Pages of constraint layers."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from minplan.core.access import Permission
from minplan.core.errors import InputError, Place, StoreError
from minplan.core.text import Text
from minplan.web.access import requires
from minplan.web.dates import day_of
from minplan.web.desk import workspace
from minplan.web.jobs import registry as jobs
from minplan.web.sources.register import Entry, entries, entry
from minplan.web.uploads import received, refuse_too_large
from minplan.web.words import t

#: Folder of the workspace for layers between upload and building.
UPLOADS: Final = "layer-uploads"


@requires(Permission.READ)
def listing(request: HttpRequest) -> HttpResponse:
    """All layers with owner, act, dates, age; those that rules miss first."""
    rows = entries(dt.date.today())
    context = {"rows": rows, "lacking": [row for row in rows if row.lacking]}
    return render(request, "sources/list.html", context)


@requires(Permission.READ)
def show(request: HttpRequest, name: str) -> HttpResponse:
    """One layer: its versions, the rules that use it, a form for a new version."""
    return render(request, "sources/show.html", {"row": _entry(name), "today": dt.date.today()})


@require_POST
@requires(Permission.MANAGE_LAYERS)
def add(request: HttpRequest, name: str) -> HttpResponse:
    """Build a new version of a layer from an upload, in the background."""
    refuse_too_large(request)
    row = _entry(name)
    said = _said(request)
    folder = workspace().folder / UPLOADS / uuid.uuid4().hex
    with received(request) as files:
        folder.mkdir(parents=True)
        for file in files:
            shutil.move(file, folder / file.name)
        main = next((item.name for item in files if item.suffix.lower() == ".shp"), files[0].name)
    title = Text(f"图层入库：{row.word.zh}", f"Add a layer: {row.word.en}")
    job = jobs.start("layer-add", title, name=name, folder=folder.name, file=main, said=said)
    return redirect("job", job.pk)


@require_POST
@requires(Permission.READ)
def verify(request: HttpRequest, name: str) -> HttpResponse:
    """Compute the hashes of all versions of a layer again, in the background."""
    row = _entry(name)
    title = Text(f"核验图层：{row.word.zh}", f"Verify a layer: {row.word.en}")
    return redirect("job", jobs.start("layer-verify", title, name=name).pk)


def _entry(name: str) -> Entry:
    found = entry(name, dt.date.today())
    if found is None:
        raise StoreError(
            "E320",
            Text(f"没有图层 {name}", f"there is no layer {name}"),
            place=Place(layer=name),
        )
    return found


def _said(request: HttpRequest) -> dict[str, Any]:
    """What the form states of a version; InputError E884 and E885."""
    names = ("act", "source", "owner", "layer", "crs", "encoding")
    said: dict[str, Any] = {key: request.POST.get(key, "").strip() for key in names}
    if not said["act"]:
        raise InputError(
            "E884",
            Text("没有填写批准文件", "no act is given"),
            place=Place(field=t("批准文件", "act")),
            hint=Text("写明批准文件的名称或文号", "name the act or its number"),
        )
    for key in ("effective_from", "effective_to"):
        given = request.POST.get(key, "").strip()
        said[key] = day_of(given, key).isoformat() if given else None
    said["schematic"] = bool(request.POST.get("schematic"))
    return said
