"""Review cases: the same steps, rules and sight as on the pages."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from minplan.casework import reports, review_case, take
from minplan.core.access import Permission
from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.database import cases, originals
from minplan.database.models import Case, CaseFile, CaseStep
from minplan.web.api.paging import keyed, unwrapped, wrapped
from minplan.web.api.routes.common import Limit, allow, job_out, now, today
from minplan.web.api.schemas import CaseIn, CaseOut, JobOut, Listed, StepIn
from minplan.web.api.site import both
from minplan.web.cases import batch
from minplan.web.configuration import configuration
from minplan.web.desk import workspace
from minplan.web.intake import drafts
from minplan.web.uploads import received

router = Router()
_BYTES = {"responses": {200: {"description": "bytes", "content": {"application/octet-stream": {}}}}}


@router.get("/cases", response=Listed, summary=both("案卷列表", "List of cases"))
def list_cases(
    request: HttpRequest,
    state: str = "",
    county: str = "",
    text: str = "",
    todo: bool = False,
    mine: bool = False,
    sort: str = "changed",
    limit: Limit = 50,
    cursor: str = "",
) -> dict[str, Any]:
    """Cases one may see; several states or counties are joined by commas."""
    allow(request, Permission.READ)
    wanted = cases.Filter(
        states=_several(state), counties=_several(county), text=text, todo=todo, mine=mine
    )
    page = cases.listed(wanted, sort=sort, after=unwrapped(cursor), limit=limit)
    items = [_told(item) for item in page.rows]
    return {"items": items, "next": wrapped(page.following)}


@router.post("/cases/batch", response={202: JobOut}, summary=both("批量核查", "Review many blocks"))
def open_cases(
    request: HttpRequest,
    file: File[list[UploadedFile]],
    right: Form[str] = "",
    action: Form[str] = "",
    county: Form[str] = "",
) -> Any:
    """A workbook or archive of blocks; a draft each, their verdicts in the job's result."""
    allow(request, Permission.REVIEW)
    return Status(202, job_out(batch.begin(request)))


@router.post("/cases", response={201: CaseOut}, summary=both("新建案卷", "Open a case"))
def open_case(request: HttpRequest, data: CaseIn) -> Any:
    """A draft; ``content`` may be incomplete."""
    access = allow(request, Permission.REVIEW)
    return Status(201, _whole(drafts.keep(None, data.dict(), access)))


@router.get("/cases/{number}", response=CaseOut, summary=both("案卷", "A case"))
def get_case(request: HttpRequest, number: str) -> dict[str, Any]:
    """With what was entered and the steps that may be taken now."""
    allow(request, Permission.READ)
    return _whole(cases.get(number))


@router.put("/cases/{number}", response=CaseOut, summary=both("保存案卷", "Save a case"))
def save_case(request: HttpRequest, number: str, data: CaseIn) -> dict[str, Any]:
    """``revision`` is the one that was read: nobody's work is written over (E851)."""
    access = allow(request, Permission.REVIEW)
    return _whole(drafts.keep(cases.get(number), data.dict(), access))


@router.post("/cases/{number}/submit", response=CaseOut, summary=both("提交案卷", "Submit a case"))
def submit_case(request: HttpRequest, number: str, data: CaseIn) -> dict[str, Any]:
    """Review what is asked, store the review, and hand the case on; all faults at once."""
    access = allow(request, Permission.REVIEW)
    return _whole(drafts.hand_in({**data.dict(), "number": number}, access))


@router.post(
    "/cases/{number}/review", response=CaseOut, summary=both("重新核查", "Review a case again")
)
def run_review(request: HttpRequest, number: str) -> dict[str, Any]:
    """On what is in force, and store the result."""
    allow(request, Permission.READ)
    return _whole(review_case(workspace(), cases.get(number), recorded=now(), today=today()))


@router.get(
    "/cases/{number}/review",
    response=dict[str, Any],
    summary=both("核查结果", "The stored review"),
)
def get_review(request: HttpRequest, number: str) -> dict[str, Any]:
    """The record of the latest stored run: references, findings, verdict."""
    allow(request, Permission.READ)
    case = cases.get(number)
    _require_review(case)
    return dict(case.review.record)


@router.post("/cases/{number}/steps", response=CaseOut, summary=both("办理", "Take a step"))
def take_step(request: HttpRequest, number: str, data: StepIn) -> dict[str, Any]:
    """``submit``, ``first-check``, ``second-check``, ``sign``, ``archive``, ``return`` …"""
    allow(request, Permission.READ)
    done = take(
        workspace(),
        cases.get(number),
        data.action,
        recorded=now(),
        today=today(),
        reason=data.reason,
        decision=data.decision,
        days=configuration().case_days,
        revision=data.revision,
    )
    return _whole(done)


@router.get("/cases/{number}/steps", response=Listed, summary=both("办理过程", "Steps of a case"))
def list_steps(
    request: HttpRequest, number: str, limit: Limit = 200, cursor: str = ""
) -> dict[str, Any]:
    """Who did what, when, and why."""
    allow(request, Permission.READ)
    found = cases.steps(cases.get(number))
    return keyed(found, lambda item: item.number, _step, cursor, limit)


@router.get("/cases/{number}/files", response=Listed, summary=both("案卷材料", "Files of a case"))
def list_files(
    request: HttpRequest, number: str, limit: Limit = 200, cursor: str = ""
) -> dict[str, Any]:
    """What was handed in and what was written."""
    allow(request, Permission.READ)
    return keyed(cases.files(cases.get(number)), lambda item: item.pk, _file, cursor, limit)


@router.post(
    "/cases/{number}/files",
    response={201: list[dict[str, Any]]},
    summary=both("附上材料", "Attach a file"),
)
def attach(request: HttpRequest, number: str, file: File[UploadedFile]) -> Any:
    """Keep an uploaded file with a case."""
    allow(request, Permission.READ)
    case = cases.get(number)
    with received(request) as files:
        rows = [cases.attach(case, "input", f.name, f, recorded=now()) for f in files]
    return Status(201, [_file(item) for item in rows])


@router.get(
    "/cases/{number}/files/{identifier}",
    response={200: Any},
    summary=both("取案卷材料", "Fetch a file"),
    openapi_extra=_BYTES,
)
def fetch_file(request: HttpRequest, number: str, identifier: int) -> Any:
    """The bytes as they were kept."""
    allow(request, Permission.READ)
    row = cases.get_file(cases.get(number), identifier)
    answer = StreamingHttpResponse(
        originals.content(row.original_id), content_type="application/octet-stream"
    )
    answer["Content-Disposition"] = content_disposition_header(True, row.name)
    return answer


@router.get(
    "/cases/{number}/report",
    response={200: Any},
    summary=both("审查意见", "Report of a case"),
    openapi_extra=_BYTES,
)
def report(request: HttpRequest, number: str, format: str = "docx") -> Any:
    """``docx``, ``pdf``, ``png`` or ``geojson`` of the latest stored review."""
    access = allow(request, Permission.READ)
    case = cases.get(number)
    _require_review(case)
    with tempfile.TemporaryDirectory(prefix="minplan-report-") as folder:
        made = reports.write(
            workspace(),
            case.review.number,
            Path(folder),
            access=access,
            generated=now(),
            formats=(format,),
            office=configuration().office.get(request.language),
            language=request.language,
            steps=cases.steps(case),
        )
        file = next(iter(made.values()))
        return FileResponse(file.open("rb"), as_attachment=True, filename=file.name)


def _require_review(case: Case) -> None:
    if case.review is None:
        raise InputError(
            "E855",
            Text("还没有核查记录", "there is no stored review yet"),
            place=Place(field="review"),
            hint=Text("先核查一次", "run the review first"),
        )


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _told(case: Case) -> dict[str, Any]:
    names = (
        *("number", "title", "right", "action", "county", "mineral", "state", "author", "holder"),
        *("verdict", "decision", "decision_reason", "opened", "changed", "due", "revision"),
    )
    told = {name: getattr(case, name) for name in names}
    return {**told, "review": case.review.number if case.review else None}


def _whole(case: Case) -> dict[str, Any]:
    fresh = cases.get(case.number)
    steps = [item.key for item in cases.next_steps(fresh)]
    return {**_told(fresh), "steps": steps, "content": fresh.content}


def _step(item: CaseStep) -> dict[str, Any]:
    return {
        "number": item.number,
        "action": item.action,
        "from": item.from_state,
        "to": item.to_state,
        "actor": item.actor_name,
        "reason": item.reason,
        "recorded": item.recorded,
    }


def _file(item: CaseFile) -> dict[str, Any]:
    return {
        "id": item.pk,
        "kind": item.kind,
        "name": item.name,
        "sha256": item.original_id,
        "actor": item.actor,
        "recorded": item.recorded,
    }
