"""Pages of the public view. Everything here is read as the public, whoever looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from minplan.core.access import Access, published_layers
from minplan.core.errors import StoreError
from minplan.core.plan.folding import fold, words
from minplan.core.plan.model import Zone, ZoneKind
from minplan.core.text import Text
from minplan.database import deliverables, plans
from minplan.database.acting import act_as
from minplan.database.editions import edition as edition_of
from minplan.database.models import Plan
from minplan.web.configuration import configuration
from minplan.web.onemap import catalogue, data, geojson
from minplan.web.onemap.moment import bounds_of, moment_of
from minplan.web.plans.deliverables import send
from minplan.web.plans.reading import AsOf, PlanBook, current_book
from minplan.web.plans.views import reader

View = Callable[..., HttpResponseBase]


def published(view: View) -> View:
    """Open to everybody where the public view is switched on, not there (404) otherwise."""

    @login_not_required
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not configuration().public_view:
            raise Http404
        with act_as(Access.public()):
            return view(request, *args, **kwargs)

    return shown


@published
def overview(request: HttpRequest) -> HttpResponse:
    """What the plan is, how many zones it sets, the published documents."""
    context = _context("public")
    plan = context["plan"]
    names = {item.code: item.name for item in edition_of(plan.edition_id).documents}
    held = {(row.code, row.name): row for row in deliverables.listed(plan)}
    context["documents"] = [
        (row, names.get(row.code, Text(row.code, row.code))) for row in held.values()
    ]
    context["counts"] = [
        (kind, sum(zone.count for zone in context["zones"] if zone.kind is kind))
        for kind in ZoneKind
    ]
    return render(request, "public/overview.html", context)


@published
def text(request: HttpRequest) -> HttpResponse:
    """The plan's clauses."""
    context = _context("public-text")
    context["reader"] = reader(request, context)
    return render(request, "public/text.html", context)


@published
def zones(request: HttpRequest) -> HttpResponse:
    """Published zones and blocks as a table."""
    context = _context("public-zones")
    query, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    asked = words(query)
    found = [
        zone
        for zone in context["zones"]
        if (not kind or zone.kind.value == kind) and all(word in _told(zone) for word in asked)
    ]
    kinds = [item for item in ZoneKind if any(zone.kind is item for zone in context["zones"])]
    context |= {"found": found, "query": query, "kind": kind, "kinds": kinds}
    return render(request, "public/zones.html", context)


@published
def map_page(request: HttpRequest) -> HttpResponse:
    """Published zones and blocks on a map."""
    context = _context("public-map")
    context["setup"] = catalogue.setup(moment_of({}), Access.public())
    return render(request, "public/map.html", context)


@published
def features(request: HttpRequest, code: str) -> HttpResponse:
    """A published layer of the plan as GeoJSON (StoreError E934 for any other)."""
    return geojson.answer(data.plan_features(moment_of({}), code, bounds_of(request.GET)))


@published
def document(request: HttpRequest, number: int) -> HttpResponseBase:
    """The bytes of a published document (StoreError E811 for any other)."""
    return send(deliverables.get(number))


def _context(tab: str) -> dict[str, Any]:
    opened = current_book()
    if opened is None:
        raise StoreError("E501", Text("现在没有有效的规划", "no plan is in effect now"))
    plan = plans.get(opened.snapshot.plan.id)
    return {
        "public": True,
        "tab": tab,
        "plan": plan,
        "book": opened,
        "card": opened.snapshot.plan,
        "when": AsOf(dt.date.today()),
        "zones": _published(plan, opened),
    }


def _published(plan: Plan, book: PlanBook) -> tuple[Zone, ...]:
    """Zones and blocks whose layer of the standard is published; counties are no zones."""
    layers = edition_of(plan.edition_id).layers
    kinds = {spec.zone_kind for spec in layers if spec.code in published_layers()}
    return tuple(
        zone
        for zone in book.snapshot.zones
        if zone.kind.value in kinds and zone.kind is not ZoneKind.COUNTY
    )


def _told(zone: Zone) -> str:
    return fold(" ".join((zone.code, zone.name, *zone.counties, *zone.mineral_names)))
