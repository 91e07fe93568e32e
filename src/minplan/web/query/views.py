"""The page of queries and what its script asks for."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from minplan.core.access import Permission
from minplan.core.errors import MinplanError
from minplan.core.query.serial import query_from_json, query_to_dict
from minplan.database import saved
from minplan.database.models import SavedItem
from minplan.formats.read import read_input
from minplan.inquiry import FORMATS
from minplan.inquiry.told import (
    operator_words,
    page_to_dict,
    pivot_to_dict,
    reasons_to_list,
    source_card,
    source_to_dict,
    totals_to_dict,
)
from minplan.web.access import requires
from minplan.web.problems import describe
from minplan.web.query.asking import body_of, inquiry, prepared, query_of, size_of
from minplan.web.uploads import received

_KIND = "query"


@requires(Permission.READ)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The builder; the address may carry a query (``query``), a text, or a saved query."""
    asked = inquiry()
    query, problems = _asked(request)
    data = {
        "sources": [source_card(item) for item in asked.sources],
        "operators": operator_words(),
        "formats": [{"key": key, "name": word.to_dict()} for key, (word, _) in FORMATS.items()],
        "saved": [_card(item, request) for item in saved.listed(_KIND)],
        "query": query,
        "text": request.GET.get("text", ""),
        "plan": asked.plan.code,
        "mayExport": request.access.may(Permission.EXPORT),
    }
    return render(request, "query/page.html", {"data": data, "problems": problems})


def _asked(request: HttpRequest) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The query the address carries, or what is wrong with it."""
    try:
        if identifier := request.GET.get("saved"):
            number = int(identifier) if identifier.isdecimal() else 0
            return dict(saved.get(number, _KIND).content), []
        if text := request.GET.get("query"):
            return query_to_dict(query_from_json(text)), []
    except MinplanError as error:
        return None, describe(error, request)
    return None, []


@requires(Permission.READ)
@require_GET
def source(request: HttpRequest) -> HttpResponse:
    """The fields of a source with operators and code lists."""
    found = inquiry().source(request.GET.get("source", ""))
    return JsonResponse(source_to_dict(found))


@requires(Permission.READ)
@require_GET
def zones(request: HttpRequest) -> HttpResponse:
    """Counties and zones that may be taken for the area of a query."""
    found = [
        {
            **source_card(item),
            "layer": item.id.partition("/")[2],
            "items": [{"key": key, "name": name} for key, name in entries],
        }
        for item, entries in inquiry().zones()
    ]
    return JsonResponse({"layers": found})


@requires(Permission.READ)
@require_GET
def text(request: HttpRequest) -> HttpResponse:
    """What plain words are taken for."""
    found = inquiry().understand(request.GET.get("text", ""), request.GET.get("source", ""))
    chips = [{"text": item.text, "words": item.words.to_dict()} for item in found.chips]
    answer = {"query": query_to_dict(found.query), "chips": chips, "unknown": [*found.unknown]}
    return JsonResponse(answer)


@requires(Permission.READ)
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """A page of rows."""
    data = body_of(request)
    ready = prepared(data)
    found = ready.page(size_of(data), str(data.get("cursor") or ""))
    geometry = "shown" if ready.source.geometry else ""
    return JsonResponse(page_to_dict(ready, found, geometry))


@requires(Permission.READ)
@require_POST
def totals(request: HttpRequest) -> HttpResponse:
    """Counts and sums; where nothing was found, which condition removed the rows."""
    ready = prepared(body_of(request))
    found = ready.totals()
    answer = totals_to_dict(found)
    if not found.count and (ready.query.conditions or ready.query.ground):
        answer["reasons"] = reasons_to_list(ready.reasons())
    return JsonResponse(answer)


@requires(Permission.READ)
@require_POST
def pivot(request: HttpRequest) -> HttpResponse:
    """Groups of the result."""
    ready = prepared(body_of(request))
    if ready.query.pivot is None:
        return JsonResponse({"rows": [], "columns": [], "cells": []})
    return JsonResponse(pivot_to_dict(ready, ready.pivot()))


@requires(Permission.READ)
@require_POST
def area(request: HttpRequest) -> HttpResponse:
    """An uploaded file of any format as the area of a query."""
    with received(request) as files:
        reading = read_input(files[0])
        name = files[0].name
    joined = shapely.union_all([item.polygonal.geometry for item in reading.blocks])
    notes = [remark.message.to_dict() for block in reading.blocks for remark in block.remarks]
    shape = json.loads(shapely.to_geojson(joined))
    return JsonResponse({"shape": shape, "name": name, "remarks": notes[:10]})


@requires(Permission.READ)
def saved_items(request: HttpRequest) -> HttpResponse:
    """The saved queries of whoever looks; a POST keeps one."""
    if request.method == "POST":
        data = body_of(request)
        content = query_to_dict(query_of(data))
        saved.save(
            _KIND,
            str(data.get("name") or ""),
            content,
            shared=bool(data.get("shared")),
            recorded=dt.datetime.now(dt.UTC),
        )
    return JsonResponse({"saved": [_card(item, request) for item in saved.listed(_KIND)]})


@requires(Permission.READ)
@require_POST
def remove_saved(request: HttpRequest, identifier: int) -> HttpResponse:
    """Take a saved query away."""
    saved.remove(identifier, _KIND)
    return JsonResponse({"saved": [_card(item, request) for item in saved.listed(_KIND)]})


def _card(item: SavedItem, request: HttpRequest) -> dict[str, Any]:
    own = item.owner.username == request.access.actor
    return {
        "id": item.pk,
        "name": item.name,
        "shared": item.shared,
        "own": own,
        "owner": item.owner.name,
        "query": item.content,
    }
