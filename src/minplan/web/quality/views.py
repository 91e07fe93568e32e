"""The list of quality checks, and starting one."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from minplan.core.access import Permission
from minplan.core.quality.fault import Level
from minplan.core.quality.score import Verdict
from minplan.core.text import Text
from minplan.database import inspections
from minplan.database.models import Job
from minplan.formats.coordinate_system import parse_system
from minplan.web import kept
from minplan.web.access import requires
from minplan.web.dates import day_of
from minplan.web.desk import workspace
from minplan.web.jobs import registry as jobs
from minplan.web.uploads import received, refuse_too_large

_PAGE: Final = 50
#: What may be stated of an upload.
_STATED: Final = ("edition", "date", "crs", "encoding", "target")


@requires(Permission.READ)
def listing(request: HttpRequest) -> HttpResponse:
    """The checks that one may see, the newest first, with the form for another one."""
    found = inspections.listed(request.GET.get("series") or None)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    edition = workspace().edition()
    context = {
        "page": page,
        "rows": [
            {"row": row, "verdict": Verdict(row.verdict), "counts": _counts(row.counts)}
            for row in page.object_list
        ],
        "levels": list(Level),
        "editions": workspace().editions(),
        "specs": edition.specs,
        "series": request.GET.get("series", ""),
    }
    return render(request, "quality/list.html", context)


def _counts(told: dict[str, int]) -> list[tuple[Level, int]]:
    return [(level, told.get(level.value, 0)) for level in Level]


@require_POST
@requires(Permission.READ)
def start(request: HttpRequest) -> HttpResponse:
    """Take the files of a form and check them in the background."""
    return redirect("job", begin(request).pk)


def begin(request: HttpRequest) -> Job:
    """Queue the check of the files of a request.

    Raises InputError E885 for a date that is none, as ``parse_system`` for the coordinate system,
    and E921–E923 as :func:`~minplan.web.uploads.received`.
    """
    refuse_too_large(request)
    given = {name: request.POST.get(name, "").strip() for name in _STATED}
    stated = {name: value for name, value in given.items() if value}
    if "date" in stated:
        day_of(stated["date"], "date")
    if "crs" in stated:
        parse_system(stated["crs"])
    with received(request) as files:
        named = "、".join(file.name for file in files)
        name = kept.keep(files)
    title = Text(f"质量检查：{named}", f"Quality check: {named}")
    return jobs.start("quality-check", title, name=name, stated=stated)
