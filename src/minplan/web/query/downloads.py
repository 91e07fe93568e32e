"""Exports of results: written into the workspace, fetched by whoever asked for them."""

from __future__ import annotations

import shutil
import time
import uuid
from pathlib import Path
from typing import Any, Final

from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from minplan.core.access import Permission
from minplan.core.errors import StoreError
from minplan.core.query.serial import query_to_dict
from minplan.core.text import Language, Text
from minplan.database.acting import acting
from minplan.inquiry import ExportOptions, Prepared, export
from minplan.inquiry.export import Advance, Exported
from minplan.web.access import requires
from minplan.web.desk import workspace
from minplan.web.jobs import registry
from minplan.web.query.asking import body_of, prepared

_FOLDER: Final = "exports"
_DAYS: Final = 7
_SALT: Final = "minplan.query.export"
#: Rows of a source from which an export is made in the background.
LARGE: Final = 20_000


@requires(Permission.EXPORT)
@require_POST
def export_result(request: HttpRequest) -> HttpResponse:
    """Write the result of a query; large ones become a job."""
    data = body_of(request)
    ready = prepared(data)
    options = options_of(data, request.language)
    if is_large(ready):
        row = start(ready, options)
        return JsonResponse({"job": reverse("job", args=[row.pk])}, status=202)
    found, ticket = write(ready, options)
    remarks = [item.message.to_dict() for item in found.remarks]
    address = reverse("query-download", args=[ticket])
    return JsonResponse(
        {"file": address, "name": found.path.name, "rows": found.rows, "remarks": remarks}
    )


@requires(Permission.EXPORT)
@require_GET
def download(request: HttpRequest, ticket: str) -> HttpResponse:
    """The file a ticket stands for, for the account that made it alone."""
    path = file_of(ticket)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def options_of(data: dict[str, Any], language: Language) -> ExportOptions:
    """How a request wants its result written."""
    return ExportOptions(
        format=str(data.get("format") or "xlsx"),
        system=str(data.get("system") or "lonlat"),
        encoding="GBK" if str(data.get("encoding") or "").upper() == "GBK" else "UTF-8",
        language=language,
        shapes=bool(data.get("shapes")),
    )


def is_large(ready: Prepared) -> bool:
    """Whether an export is better made in the background."""
    return (ready.source.count or 0) > LARGE


def start(ready: Prepared, options: ExportOptions) -> Any:
    """Queue an export of whoever acts."""
    name = ready.source.name
    return registry.start(
        "query-export",
        Text(f"导出 {name.zh}", f"Export of {name.en}"),
        query=query_to_dict(ready.query),
        format=options.format,
        system=options.system,
        encoding=options.encoding,
        shapes=options.shapes,
        language=options.language,
    )


def write(
    ready: Prepared, options: ExportOptions, advance: Advance = lambda done, total: None
) -> tuple[Exported, str]:
    """Write a result into the workspace; the file and the ticket with which it is fetched."""
    acting().require(Permission.EXPORT)
    folder = workspace().folder / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    own = folder / uuid.uuid4().hex
    own.mkdir()
    try:
        found = export(ready, own, options, advance=advance)
    except BaseException:
        shutil.rmtree(own, ignore_errors=True)
        raise
    return found, signing.dumps([own.name, found.path.name, acting().actor], salt=_SALT)


def file_of(ticket: str) -> Path:
    """The file of a ticket; StoreError E811 for another's, an old one or none."""
    try:
        folder, name, actor = signing.loads(ticket, salt=_SALT, max_age=_DAYS * 86_400)
    except (signing.BadSignature, ValueError) as error:
        raise _gone() from error
    path = workspace().folder / _FOLDER / folder / name
    if actor != acting().actor or not path.is_file():
        raise _gone()
    return path


def _clear(folder: Path) -> None:
    """Take away what nobody may fetch any more."""
    oldest = time.time() - _DAYS * 86_400
    for item in folder.iterdir():
        if item.stat().st_mtime < oldest:
            shutil.rmtree(item, ignore_errors=True)


def _gone() -> StoreError:
    return StoreError(
        "E811",
        Text("这个导出文件已不在", "this export is no longer there"),
        hint=Text("请重新导出", "export it again"),
    )
