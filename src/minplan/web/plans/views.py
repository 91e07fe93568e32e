"""Plans: the list, the overview, the text, the tables, the versions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from minplan.core.access import Permission
from minplan.core.errors import PlanDataError
from minplan.core.plan.folding import words
from minplan.core.plan.model import PlanSnapshot, Zone, ZoneKind
from minplan.core.plan.searching import highlighted
from minplan.database import plans
from minplan.database.models import Changeset, Plan
from minplan.web.access import requires
from minplan.web.plans.reading import AsOf, PlanBook, as_of, book
from minplan.web.plans.words import changeset_kinds, changeset_states
from minplan.web.rules.registry import rules_by_id
from minplan.web.words import language


@requires(Permission.READ)
def listing(request: HttpRequest) -> HttpResponse:
    """All plans with period, act, version and whether they are in effect."""
    when = as_of(request)
    rows = [{"plan": plan, **_stand(plan, when)} for plan in plans.listed()]
    return render(request, "plans/list.html", {"rows": rows, "when": when})


@requires(Permission.READ)
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """One plan: what it is, its figures, and where it contradicts itself."""
    context = _context(request, code, "plan")
    snapshot: PlanSnapshot = context["snapshot"]
    context |= {
        "zones": _zone_counts(snapshot),
        "indicators": _grouped(snapshot),
        "numbers": {clause.id: clause.number for clause in snapshot.clauses},
    }
    return render(request, "plans/overview.html", context)


@requires(Permission.READ)
def text(request: HttpRequest, code: str) -> HttpResponse:
    """The reader: contents, clauses with what rests on them, search."""
    context = _context(request, code, "plan-text")
    context["reader"] = reader(request, context)
    return render(request, "plans/text.html", context)


def reader(request: HttpRequest, context: dict[str, Any]) -> SafeString:
    """The contents and clauses of a plan with the search; kept, for it is the same for all.

    ``context`` holds ``plan``, ``when``, ``book``, and ``public`` where the public reads.
    """
    opened: PlanBook = context["book"]
    query = request.GET.get("q", "").strip()[:200]
    when: AsOf = context["when"]
    public = bool(context.get("public"))
    key = (language(), query, when.stated and (when.date, when.recorded), public)
    made = opened.page(key, lambda: _reader(request, {**context, "query": query}))
    # rendered by the template just below
    return mark_safe(made)


def _reader(request: HttpRequest, context: dict[str, Any]) -> str:
    opened: PlanBook = context["book"]
    query: str = context["query"]
    hits = opened.index.search(query) if query else ()
    asked = words(query)
    marks = {hit.clause.id for hit in hits}
    context |= {
        "hits": hits,
        "near": any(hit.near for hit in hits),
        "tree": opened.tree,
        "entries": [
            {
                "node": node,
                "links": opened.links[node.clause.id],
                "text": highlighted(node.clause.paraphrase, asked),
                "title": highlighted(node.clause.title, asked),
                "hit": node.clause.id in marks,
            }
            for chapter in opened.tree
            for node in chapter.walk()
        ],
        "rules": rules_by_id(),
    }
    return render_to_string("plans/_reader.html", context, request)


@requires(Permission.READ)
def tables(request: HttpRequest, code: str) -> HttpResponse:
    """The tables of the plan as printed, and its quotas and thresholds."""
    context = _context(request, code, "plan-tables")
    snapshot = context["snapshot"]
    context["numbers"] = {clause.id: clause.number for clause in snapshot.clauses}
    return render(request, "plans/tables.html", context)


@requires(Permission.READ)
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """The changesets of a plan, with links to the plan as it was believed after each."""
    plan = plans.get(code)
    rows = Changeset.objects.filter(plan=plan).order_by("-id")
    context = {
        "plan": plan,
        "tab": "plan-versions",
        "rows": rows,
        "kinds": changeset_kinds(),
        "states": changeset_states(),
        "when": as_of(request),
    }
    return render(request, "plans/versions.html", context)


def _context(request: HttpRequest, code: str, tab: str) -> dict[str, Any]:
    """What all pages about one plan need."""
    plan, when = plans.get(code), as_of(request)
    opened = book(plan, when)
    return {
        "plan": plan,
        "when": when,
        "book": opened,
        "snapshot": opened.snapshot,
        "card": opened.snapshot.plan,
        "tab": tab,
    }


def _stand(plan: Plan, when: AsOf) -> dict[str, Any]:
    """The card of a plan and whether it holds on the day."""
    try:
        card = book(plan, when).snapshot.plan
    except PlanDataError:
        return {"card": None, "state": "missing"}
    if when.date < card.effective_from:
        return {"card": card, "state": "future"}
    if card.effective_to and when.date > card.effective_to:
        return {"card": card, "state": "ended"}
    beyond = when.date > dt.date(card.last_year, 12, 31)
    return {"card": card, "state": "beyond" if beyond else "current"}


def _zone_counts(snapshot: PlanSnapshot) -> list[dict[str, Any]]:
    """Zones by kind: how many, the area stated, how many are drawn."""
    found = []
    counted = Counter(zone.kind for zone in snapshot.zones)
    for kind in ZoneKind:
        if not counted[kind] or kind is ZoneKind.COUNTY:
            continue
        zones: tuple[Zone, ...] = snapshot.zones_of(kind)
        areas = [zone.area_km2 for zone in zones if zone.area_km2 is not None]
        found.append(
            {
                "kind": kind,
                "count": sum(zone.count for zone in zones),
                "area": sum(areas) if areas else None,
                "drawn": sum(zone.geometry is not None for zone in zones),
                "schematic": any(zone.schematic for zone in zones),
            }
        )
    return found


def _grouped(snapshot: PlanSnapshot) -> list[tuple[str, list[Any]]]:
    """The indicators by the groups of the plan, in their order."""
    groups: dict[str, list[Any]] = {}
    for indicator in snapshot.indicators:
        groups.setdefault(indicator.group, []).append(indicator)
    return list(groups.items())
