"""Plans: their text, figures and search."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from minplan.core.access import Permission
from minplan.core.errors import StoreError
from minplan.core.plan.model import PlanSnapshot
from minplan.core.plan.reading import path_to
from minplan.core.text import Text
from minplan.database import plans
from minplan.database.models import Plan
from minplan.web.api.paging import keyed
from minplan.web.api.routes.common import Limit, allow, plan_of, today
from minplan.web.api.schemas import Listed
from minplan.web.api.site import both
from minplan.web.onemap.moment import moment_of
from minplan.web.onemap.search import search as places
from minplan.web.plans.reading import AsOf, PlanBook, book

router = Router()


@router.get("/plans", response=Listed, summary=both("规划列表", "List of plans"))
def list_plans(request: HttpRequest, limit: Limit = 100, cursor: str = "") -> dict[str, Any]:
    """All plans, by code; ``current`` stands for the one in effect wherever a code is asked for."""
    allow(request, Permission.READ)
    return keyed(plans.listed(), lambda item: item.code, _card, cursor, limit)


@router.get("/plans/{code}", response=dict[str, Any], summary=both("规划", "A plan"))
def get_plan(request: HttpRequest, code: str, date: dt.date | None = None) -> dict[str, Any]:
    """What it is, as of a day, with the hash of everything it holds."""
    allow(request, Permission.READ)
    snapshot = _book(code, date).snapshot
    counts = {
        name: len(getattr(snapshot, name))
        for name in ("zones", "clauses", "indicators", "quotas", "thresholds", "contradictions")
    }
    told = _plain(dataclasses.asdict(snapshot.plan))
    return {**told, "sha256": snapshot.sha256, "counts": counts}


@router.get("/plans/{code}/clauses", response=Listed, summary=both("条款", "Clauses of a plan"))
def list_clauses(
    request: HttpRequest,
    code: str,
    date: dt.date | None = None,
    limit: Limit = 200,
    cursor: str = "",
) -> dict[str, Any]:
    """In the order of the plan; ``parent`` makes the tree."""
    allow(request, Permission.READ)
    clauses = _book(code, date).snapshot.clauses
    return _numbered(clauses, dataclasses.asdict, cursor, limit)


@router.get(
    "/plans/{code}/clauses/{identifier}", response=dict[str, Any], summary=both("条款", "A clause")
)
def get_clause(
    request: HttpRequest, code: str, identifier: str, date: dt.date | None = None
) -> dict[str, Any]:
    """A clause with where it stands and what rests on it: zones, rules, figures."""
    allow(request, Permission.READ)
    opened = _book(code, date)
    clause = opened.snapshot.clause(identifier)
    if clause is None:
        raise _missing(identifier)
    rests = opened.links.get(identifier)
    return {
        **dataclasses.asdict(clause),
        "path": [dataclasses.asdict(item) for item in path_to(opened.snapshot, identifier)],
        "zones": [{"code": z.code, "name": z.name} for z in rests.zones] if rests else [],
        "rules": rests.rules if rests else [],
        "indicators": [i.id for i in rests.indicators] if rests else [],
    }


@router.get(
    "/plans/{code}/search", response=dict[str, Any], summary=both("检索条款", "Search the plan")
)
def search_plan(
    request: HttpRequest, code: str, q: str, date: dt.date | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """Words inside sentences, the best first; ``near`` hits share most of the characters."""
    allow(request, Permission.READ)
    hits = _book(code, date).index.search(q, limit)
    return {
        "items": [
            {
                "clause": item.clause.id,
                "number": item.clause.number,
                "title": item.clause.title,
                "snippet": "".join(part.text for part in item.snippet),
                "score": round(item.score, 3),
                "near": item.near,
            }
            for item in hits
        ]
    }


@router.get(
    "/plans/{code}/indicators", response=Listed, summary=both("规划指标", "Indicators of a plan")
)
def list_indicators(
    request: HttpRequest,
    code: str,
    date: dt.date | None = None,
    limit: Limit = 200,
    cursor: str = "",
) -> dict[str, Any]:
    """Base and target values with clause and property."""
    allow(request, Permission.READ)
    found = _book(code, date).snapshot.indicators
    return _numbered(found, lambda item: _plain(dataclasses.asdict(item)), cursor, limit)


@router.get("/search", response=dict[str, Any], summary=both("全局查找", "Search everything"))
def search(request: HttpRequest, q: str, date: dt.date | None = None) -> dict[str, Any]:
    """Licences, blocks, places, cases, coordinates, as the box on top of the pages."""
    access = allow(request, Permission.READ)
    moment = moment_of({"date": date.isoformat() if date else None})
    return {"items": places(moment, access, q)}


def _book(code: str, date: dt.date | None) -> PlanBook:
    return book(plan_of(code, date), AsOf(date or today()))


def snapshot_of(code: str, date: dt.date | None) -> PlanSnapshot:
    """A plan as of a day."""
    return _book(code, date).snapshot


def _numbered(items: Iterable[Any], told: Any, cursor: str, limit: int) -> dict[str, Any]:
    """A page in the order of the plan, which is fixed as of a day."""
    numbered = enumerate(items)
    return keyed(numbered, lambda pair: pair[0], lambda pair: told(pair[1]), cursor, limit)


def _card(item: Plan) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": {"zh": item.name_zh, "en": item.name_en},
        "level": item.level,
        "edition": item.edition_id,
        "region": item.region_code,
        "last_recorded": item.last_recorded,
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: str(v) if type(v).__name__ == "Decimal" else v for key, v in values.items()}


def _missing(identifier: str) -> StoreError:
    return StoreError("E811", Text(f"没有条款 {identifier}", f"there is no clause {identifier}"))
