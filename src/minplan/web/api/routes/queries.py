"""Queries over anything that can be asked, and their export."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import Router, Status

from minplan.core.access import Permission
from minplan.core.query.serial import query_to_dict
from minplan.inquiry.told import (
    page_to_dict,
    pivot_to_dict,
    reasons_to_list,
    source_card,
    source_to_dict,
    totals_to_dict,
)
from minplan.web.api.paging import keyed
from minplan.web.api.routes.common import Limit, allow, job_out
from minplan.web.api.schemas import ExportIn, JobOut, Listed, PageIn, QueryIn, QueryPage, TotalsOut
from minplan.web.api.site import both
from minplan.web.query import downloads
from minplan.web.query.asking import inquiry, prepared

router = Router()


@router.get("/query/sources", response=Listed, summary=both("可查询的图层", "What can be asked"))
def sources(
    request: HttpRequest, date: dt.date | None = None, limit: Limit = 200, cursor: str = ""
) -> dict[str, Any]:
    """Layers and tables of the plan, constraint layers, registers, by id."""
    allow(request, Permission.READ)
    found = sorted(inquiry(date).sources, key=lambda item: item.id)
    return keyed(found, lambda item: item.id, source_card, cursor, limit)


@router.get(
    "/query/source", response=dict[str, Any], summary=both("图层的字段", "Fields of a source")
)
def source(request: HttpRequest, id: str) -> dict[str, Any]:
    """Fields with types, units, operators and code lists."""
    allow(request, Permission.READ)
    return source_to_dict(inquiry().source(id))


@router.get(
    "/query/words", response=dict[str, Any], summary=both("一句话转为查询", "Words as a query")
)
def words(request: HttpRequest, text: str, source: str = "") -> dict[str, Any]:
    """Such as 黎城 开采规划区块 未投放; ``source`` where the text names no layer."""
    allow(request, Permission.READ)
    found = inquiry().understand(text, source)
    chips = [{"text": item.text, "words": item.words.to_dict()} for item in found.chips]
    return {"query": query_to_dict(found.query), "chips": chips, "unknown": [*found.unknown]}


@router.post("/query", response=QueryPage, summary=both("查询", "Run a query"))
def run(request: HttpRequest, data: PageIn) -> dict[str, Any]:
    """A page of rows; ``geometry`` adds shapes in EPSG:4490 with all their digits."""
    allow(request, Permission.READ)
    ready = prepared(data.dict())
    page = ready.page(data.size, data.cursor)
    return page_to_dict(ready, page, "exact" if data.geometry else "")


@router.post("/query/totals", response=TotalsOut, summary=both("合计", "Totals of a query"))
def totals(request: HttpRequest, data: QueryIn) -> dict[str, Any]:
    """Count, areas and sums; where there are no rows, what each condition does."""
    allow(request, Permission.READ)
    ready = prepared(data.dict())
    found = ready.totals()
    empty = not found.count and (ready.query.conditions or ready.query.ground)
    return {
        **totals_to_dict(found),
        "reasons": reasons_to_list(ready.reasons()) if empty else None,
    }


@router.post("/query/pivot", response=dict[str, Any], summary=both("分组统计", "Groups of a query"))
def pivot(request: HttpRequest, data: QueryIn) -> dict[str, Any]:
    """Counts and sums by the fields of the query's ``pivot``."""
    allow(request, Permission.READ)
    ready = prepared(data.dict())
    if ready.query.pivot is None:
        return {"rows": [], "columns": [], "cells": []}
    return pivot_to_dict(ready, ready.pivot())


@router.post(
    "/query/export",
    response={200: Any, 202: JobOut},
    summary=both("导出", "Export a query"),
    openapi_extra={
        "responses": {200: {"description": "the file", "content": {"application/octet-stream": {}}}}
    },
)
def export(request: HttpRequest, data: ExportIn) -> Any:
    """XLSX, CSV, SHP, GPKG, GeoJSON or KML as a download; large results become a job (202)."""
    allow(request, Permission.EXPORT)
    ready = prepared(data.dict())
    options = downloads.options_of(data.dict(), request.language)
    if downloads.is_large(ready):
        return Status(202, job_out(downloads.start(ready, options)))
    found, _ = downloads.write(ready, options)
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=found.path.name)


@router.get(
    "/exports/{ticket}",
    response={200: Any},
    summary=both("取导出文件", "Fetch an export"),
    openapi_extra={
        "responses": {200: {"description": "the file", "content": {"application/octet-stream": {}}}}
    },
)
def exported(request: HttpRequest, ticket: str) -> Any:
    """The file of an export that was made in the background (``ticket`` of its job)."""
    allow(request, Permission.EXPORT)
    path = downloads.file_of(ticket)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
