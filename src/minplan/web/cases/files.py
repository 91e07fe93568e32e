"""Files of a case: what was handed in, the reports, and fetching them."""

from __future__ import annotations

import re
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from minplan.core.access import Permission
from minplan.core.errors import InputError
from minplan.core.text import Text
from minplan.database import cases, originals
from minplan.web.access import requires
from minplan.web.cases.actions import done, now
from minplan.web.cases.written import Wanted, wanted
from minplan.web.jobs import registry as jobs
from minplan.web.uploads import received
from minplan.web.words import language

#: Reports that are written while somebody waits; the others are background work.
_QUICK = ("geojson",)
_LANGUAGE = re.compile("zh|en")


@require_POST
@requires(Permission.READ)
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Keep uploaded files with a case."""
    case = cases.get(number)
    cases.require_may_review(case)
    with received(request) as files:
        for file in files:
            cases.attach(
                case, "material", file.name, file,
                recorded=now(), note=request.POST.get("note", ""),
            )  # fmt: skip
    return done(request, cases.get(number))


@requires(Permission.READ)
def download(request: HttpRequest, number: str, identifier: int) -> HttpResponse:
    """A file of a case, always as a download."""
    row = cases.get_file(cases.get(number), identifier)
    answer: Any = StreamingHttpResponse(
        originals.content(row.original_id), content_type="application/octet-stream"
    )
    answer["Content-Length"] = row.original.size
    answer["Content-Disposition"] = content_disposition_header(True, row.name)
    return answer


@requires(Permission.READ)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """A report of a case: at once where it is kept or quick, else as background work."""
    case = cases.get(number)
    if case.review is None:
        raise InputError(
            "E855",
            Text("还没有核查记录，不能生成报告", "there is no stored review to report"),
            hint=Text("先核查一次", "run the review first"),
        )
    return fetched(_asked(request, case.review.number, case.number))


def _asked(request: HttpRequest, review: str, case: str = "") -> Wanted:
    spoken = request.GET.get("language", "")
    chosen: Any = spoken if _LANGUAGE.fullmatch(spoken) else language()
    return wanted(review, request.GET.get("format", "docx"), chosen, case)


def fetched(report: Wanted) -> HttpResponse:
    """The file, or the job that makes it."""
    if report.format in _QUICK:
        report.write()
    file = report.file
    if file.is_file():
        return FileResponse(file.open("rb"), as_attachment=True, filename=report.name)
    title = Text(
        f"生成报告 {report.case or report.review}（{report.format.upper()}）",
        f"Write the report of {report.case or report.review} ({report.format.upper()})",
    )
    job = jobs.start(
        "case-report",
        title,
        review=report.review,
        format=report.format,
        language=report.language,
        case=report.case,
    )
    return redirect("job", job.pk)


def asked_of_review(request: HttpRequest, review: str) -> Wanted:
    """The report that a request asks for, of a review alone."""
    return _asked(request, review)
