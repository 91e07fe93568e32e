"""Pages that read: kinds of zones, a table with its map, a card, quotas; steps of blocks."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from minplan.core.access import Permission
from minplan.core.errors import MinplanError, Place, StoreError
from minplan.core.plan import lifecycle
from minplan.core.plan.lifecycle import BECAME_RIGHT, Related
from minplan.core.plan.quota_use import total, totals
from minplan.core.text import Text
from minplan.database import blocks, editing
from minplan.database.models import Feature
from minplan.web.access import requires
from minplan.web.dates import day_of
from minplan.web.plans.addresses import address_of
from minplan.web.problems import describe, status_of
from minplan.web.words import t
from minplan.web.zones import card as cards
from minplan.web.zones import tables
from minplan.web.zones.reading import ZoneBook, is_block, zone_book

#: The groups of layers of the standard, which are Chinese words there.
_GROUPS: Final = {
    "规划分区": Text("规划分区", "Planning zones"),
    "规划区块": Text("规划区块", "Planning blocks"),
    "矿山生态修复": Text("矿山生态修复", "Restoration of mining areas"),
}


@requires(Permission.READ)
def index(request: HttpRequest) -> HttpResponse:
    """The kinds of zones with their numbers and areas."""
    book = zone_book(request)
    found: dict[str, list[dict[str, Any]]] = {}
    for layer in book.layers:
        found.setdefault(layer.group, []).append(_counted(book, layer))
    groups = [(_GROUPS.get(name, Text(name, name)), rows) for name, rows in found.items()]
    context = {
        "book": book,
        "when": book.when,
        "groups": groups,
        "use": total(book.quotas),
        "drafts": [item for item in editing.listed(book.plan) if item.state != "effective"],
    }
    return render(request, "zones/index.html", context)


@requires(Permission.READ)
def table(request: HttpRequest, layer: str) -> HttpResponse:
    """The table of a layer and its map."""
    book = zone_book(request)
    spec = book.layer(layer)
    made = tables.make(book, spec, request.GET.dict())
    context = {
        "book": book,
        "when": book.when,
        "layer": spec,
        "table": made,
        "minerals": tables.minerals_of(book.features(layer)),
        "asked": request.GET,
        "is_block": is_block(spec),
        "can_draw": _may_draft(request),
        "export": _export_address(layer),
        "page": {
            "layer": layer,
            "keys": [row.key for row in made.rows],
            "filtered": len(made.rows) != made.total,
            "asOf": _map_moment(book),
            "merge": reverse("zone-merge", args=[layer]),
        },
    }
    return render(request, "zones/table.html", context)


@requires(Permission.READ)
def card(request: HttpRequest, layer: str, key: str) -> HttpResponse:
    """Everything known of one zone or block; one that has ended says so and what followed."""
    return _card(request, zone_book(request), layer, key)


def _card(request: HttpRequest, book: ZoneBook, layer: str, key: str, **more: Any) -> HttpResponse:
    spec = book.layer(layer)
    context = cards.context(request, book, spec, key) | {"when": book.when, **more}
    context["page"] = {
        "layer": layer,
        "key": key,
        "shape": context["shape"],
        "asOf": _map_moment(book),
        "versions": [
            {"id": item["row"].pk, "after": item["shape"], "before": item["before"]}
            for item in context["versions"]
        ],
    }
    return render(request, "zones/card.html", context, status=more.get("status", 200))


@requires(Permission.EDIT_BLOCK_STATE)
@require_POST
def register_state(request: HttpRequest, layer: str, key: str) -> HttpResponse:
    """Register a step in the life of a block."""
    book, given = zone_book(request), request.POST
    related = [
        Related(BECAME_RIGHT, "CKQ" if layer == "KAIGHQK" else "TKQ", number)
        for number in [given.get("licence", "").strip()]
        if number
    ]
    try:
        blocks.register(
            book.plan,
            layer,
            key,
            given.get("state", ""),
            day_of(given.get("date", ""), "date"),
            document=given.get("document", ""),
            note=given.get("note", ""),
            related=related,
            recorded=dt.datetime.now(dt.UTC),
        )
    except MinplanError as error:
        faults = describe(error, request)
        return _card(request, book, layer, key, faults=faults, typed=given, status=status_of(error))
    word = lifecycle.state(given["state"]).word
    messages.success(request, t(f"已登记：{word.zh}", f"Registered: {word.en}"))
    return redirect("zone", layer, key)


@requires(Permission.READ)
def by_code(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a zone by its code alone."""
    book = zone_book(request)
    codes = [item.code for item in book.layers]
    found = Feature.objects.filter(plan=book.plan, layer__in=codes, key=key).first()
    if found is None:
        raise StoreError(
            "E860", Text(f"规划中没有“{key}”", f"the plan has no {key}"), place=Place(field=key)
        )
    return _to_card(request, found.layer, key)


@requires(Permission.READ)
def block(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a block by its code alone."""
    found = blocks.find(zone_book(request).plan, key)
    return _to_card(request, found.layer, key)


@requires(Permission.READ)
def blocks_page(request: HttpRequest) -> HttpResponse:
    """Mining blocks."""
    book = zone_book(request)
    spec = next(item for item in book.layers if item.zone_kind == "mining-block")
    return redirect("zone-layer", spec.code)


@requires(Permission.READ)
def quotas(request: HttpRequest) -> HttpResponse:
    """Use of the numbers of rights: planned, granted, left."""
    book = zone_book(request)
    county, mineral = request.GET.get("county", ""), request.GET.get("mineral", "")
    use = [
        item
        for item in book.quotas
        if (not county or county in item.zone.counties) and mineral in ("", item.mineral)
    ]
    context = {
        "book": book,
        "when": book.when,
        "use": use,
        "all": total(use),
        "by_county": totals(use, "county"),
        "by_mineral": totals(use, "mineral"),
        "counties": list(dict.fromkeys(c for i in book.quotas for c in i.zone.counties)),
        "minerals": list(dict.fromkeys(i.mineral for i in book.quotas)),
        "asked": request.GET,
        "layer": book.edition.layer_of_kind("concentrated-mining-area"),
    }
    return render(request, "zones/quotas.html", context)


def _counted(book: ZoneBook, layer: Any) -> dict[str, Any]:
    features = book.features(layer.code)
    return {
        "layer": layer,
        "rows": len(features),
        "areas": sum(int(item.attributes.get("SL", 1)) for item in features),
        "placed": sum(item.geometry is not None for item in features),
        "stated": sum(float(item.attributes.get("MJ", 0)) for item in features),
        "computed": sum(float(item.attributes.get("JSMJ", 0)) for item in features),
    }


def _to_card(request: HttpRequest, layer: str, key: str) -> HttpResponse:
    query = request.GET.urlencode()
    address = reverse("zone", args=[layer, key])
    return redirect(f"{address}?{query}" if query else address)


def _may_draft(request: HttpRequest) -> bool:
    return bool(request.access.may(Permission.EDIT_PLAN))


def _export_address(layer: str) -> str:
    found = address_of("query")
    return f"{found}?source={layer}" if found else ""


def _map_moment(book: ZoneBook) -> dict[str, str]:
    if not book.when.stated:
        return {}
    told = {"date": book.when.date.isoformat()}
    if book.when.recorded:
        told["recorded"] = book.when.recorded.isoformat()
    return told
