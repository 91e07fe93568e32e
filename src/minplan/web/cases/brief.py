"""The brief (简报): a case on one phone screen or one sheet of paper, for who decides."""

from __future__ import annotations

import uuid

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from minplan.casework import reports
from minplan.core.access import Permission
from minplan.core.errors import StoreError
from minplan.core.text import Text
from minplan.database import cases
from minplan.database.acting import acting
from minplan.web.access import requires
from minplan.web.cases import shown
from minplan.web.cases.page import summary
from minplan.web.desk import workspace
from minplan.web.words import language


@requires(Permission.READ)
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The verdict, a picture of the map, the two gravest findings, who has signed."""
    case = cases.get(number)
    steps = cases.steps(case)
    record = case.review.record if case.review else None
    context = {
        **summary(case, steps),
        "review": case.review,
        "record": record,
        "counts": shown.counts(record) if record else {},
        "worst": shown.worst(record) if record else (),
        "signed": reports.signatures(steps, language()),
    }
    return render(request, "cases/brief.html", context)


@requires(Permission.READ)
def picture(request: HttpRequest, number: str) -> HttpResponse:
    """The map of the latest review as PNG, drawn once and kept."""
    case = cases.get(number)
    if case.review is None:
        raise StoreError("E811", Text("还没有核查记录", "there is no stored review yet"))
    sight = "all" if acting().may(Permission.READ_RESTRICTED) else "open"
    folder = workspace().reviews_folder / case.review.number / "web"
    file = folder / f"map-{sight}-{language()}.png"
    if not file.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{uuid.uuid4().hex}.png"
        reports.picture(
            workspace(),
            case.review.number,
            part,
            access=acting(),
            generated=case.review.recorded,
            language=language(),
        )
        part.replace(file)
    return FileResponse(file.open("rb"), content_type="image/png")
