"""Interpreting coordinates and files, and reviews that store nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from minplan.core.access import Permission
from minplan.core.errors import InputError, Place
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.text import Text
from minplan.formats.read import read_input
from minplan.formats.reading import InputOptions
from minplan.formats.stated import options_from_dict
from minplan.web.api.routes.common import allow, today
from minplan.web.api.schemas import ReadIn, ReadOut, ReviewIn, ReviewOut
from minplan.web.api.site import both
from minplan.web.desk import workspace
from minplan.web.intake.body import date_of, polygonal_of, proposal_of, values_of
from minplan.web.intake.live import described
from minplan.web.intake.reading import describe_here, described_block
from minplan.web.uploads import received

router = Router()


@router.post("/read", response=ReadOut, summary=both("读坐标", "Interpret coordinates"))
def read(request: HttpRequest, data: ReadIn) -> dict[str, Any]:
    """Text in any way of writing; the answer says how it was understood, with areas."""
    allow(request, Permission.READ)
    # the line break keeps a text from being taken for a path
    return _read(f"{data.text}\n", data.options)


@router.post("/read/file", response=ReadOut, summary=both("读文件", "Interpret a file"))
def read_file(
    request: HttpRequest,
    file: File[UploadedFile],
    options: Form[str] = "{}",
) -> dict[str, Any]:
    """Text, Excel, Word, zipped shapefile, KML, GeoJSON, DXF, GDB …, known by its content."""
    allow(request, Permission.READ)
    with received(request) as files:
        return _read(files[0], json.loads(options or "{}"))


@router.post("/review", response=ReviewOut, summary=both("试审", "Review without storing"))
def review(request: HttpRequest, data: ReviewIn) -> dict[str, Any]:
    """The verdict of the rules on a ground with attributes; a case keeps it instead."""
    access = allow(request, Permission.REVIEW)
    body = {**data.dict(), "date": data.date.isoformat() if data.date else None}
    values, faults = values_of(data.attributes)
    told = {"faults": [item for fault in faults for item in describe_here(fault)]}
    for name in ("right", "action"):
        if name not in values:
            raise _missing(name)
    polygonal = polygonal_of(body) or _ground(data.text)
    desk = workspace().desk(date_of(body))
    result = desk.review(proposal_of(polygonal, values), suggestions=data.suggestion)
    return {**told, **described(result, access)}


def _read(source: Path | str, stated: dict[str, Any]) -> dict[str, Any]:
    desk = workspace().desk(today())
    options = options_from_dict(stated, workspace().region(desk.plan))
    reading = read_input(source, options)
    return {
        "source": reading.source,
        "kind": reading.kind.value,
        "remarks": [item.message.to_dict() for item in reading.remarks],
        "blocks": [described_block(block, options, desk) for block in reading.blocks],
    }


def _ground(text: str | None) -> Polygonal:
    if not text:
        raise _missing("geometry")
    desk = workspace().desk(today())
    options: InputOptions = options_from_dict({}, workspace().region(desk.plan))
    return read_input(f"{text}\n", options).block.polygonal


def _missing(name: str) -> InputError:
    return InputError(
        "E894",
        Text(f"缺少 {name}", f"{name} is missing"),
        place=Place(field=name),
        hint=Text("见 /api/docs 中的字段说明", "see the fields in /api/docs"),
    )
