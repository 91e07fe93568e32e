"""Zones, planning blocks with their life, quotas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from shapely.geometry import mapping

from minplan.core.access import Permission
from minplan.core.errors import StoreError
from minplan.core.plan import lifecycle
from minplan.core.plan.lifecycle import BlockStep, Related, Standing
from minplan.core.plan.model import Zone, ZoneKind
from minplan.core.plan.quota_use import quota_use
from minplan.core.text import Text
from minplan.database import blocks
from minplan.database.models import Plan
from minplan.web.api.paging import keyed
from minplan.web.api.routes.common import Limit, allow, now, plan_of, today
from minplan.web.api.routes.plans import snapshot_of
from minplan.web.api.schemas import EventIn, Listed
from minplan.web.api.site import both

router = Router()


@router.get("/plans/{code}/zones", response=Listed, summary=both("规划分区", "Zones of a plan"))
def list_zones(
    request: HttpRequest,
    code: str,
    kind: str = "",
    county: str = "",
    state: str = "",
    date: dt.date | None = None,
    limit: Limit = 100,
    cursor: str = "",
) -> dict[str, Any]:
    """Zones and blocks by code; ``state`` (planned, argued, granted …) narrows to blocks."""
    allow(request, Permission.READ)
    standings = _standings(plan_of(code, date), date)
    found = [
        zone
        for zone in snapshot_of(code, date).zones
        if (not kind or zone.kind.value == kind)
        and (not county or county in zone.counties)
        and (not state or (_is_block(zone) and _state(zone, standings) == state))
    ]
    found.sort(key=lambda zone: zone.code)
    return keyed(found, lambda zone: zone.code, lambda z: _zone(z, standings), cursor, limit)


@router.get(
    "/plans/{code}/zones/{key}", response=dict[str, Any], summary=both("分区或区块", "A zone")
)
def get_zone(
    request: HttpRequest, code: str, key: str, date: dt.date | None = None
) -> dict[str, Any]:
    """With its ground (GeoJSON in EPSG:4490); blocks with their events and lineage."""
    allow(request, Permission.READ)
    plan = plan_of(code, date)
    zone = _find(code, key, date)
    told = _zone(zone, _standings(plan, date))
    told["geometry"] = mapping(zone.geometry.geometry) if zone.geometry else None
    told["measures"] = [*zone.measures]
    if _is_block(zone):
        layer = blocks.find(plan, key).layer
        line = blocks.lineage(plan, layer, key)
        told["layer"] = layer
        told["events"] = [_event(item) for item in blocks.steps(plan, layer, key)]
        told["lineage"] = [
            {"from": item.start, "to": item.end, "relation": item.relation, "date": item.date}
            for item in line.lines
        ]
    return told


@router.post(
    "/plans/{code}/blocks/{layer}/{key}/events",
    response={201: dict[str, Any]},
    summary=both("登记区块进展", "Register progress of a block"),
)
def register_event(request: HttpRequest, code: str, layer: str, key: str, data: EventIn) -> Any:
    """The life cycle decides which steps are possible and what they rest on."""
    allow(request, Permission.EDIT_BLOCK_STATE)
    row = blocks.register(
        plan_of(code),
        layer,
        key,
        data.state,
        data.date,
        document=data.document,
        recorded=now(),
        note=data.note,
        related=[
            Related(r.get("relation", ""), r.get("layer", ""), r.get("key", ""))
            for r in data.related
        ],
    )
    return Status(201, {"state": row.state, "date": row.date, "document": row.document})


@router.get("/plans/{code}/quotas", response=Listed, summary=both("指标使用", "Use of quotas"))
def list_quotas(
    request: HttpRequest,
    code: str,
    date: dt.date | None = None,
    limit: Limit = 200,
    cursor: str = "",
) -> dict[str, Any]:
    """Rights each concentrated mining area plans, has granted and has left, by mineral."""
    allow(request, Permission.READ)
    plan = plan_of(code, date)
    use = quota_use(
        snapshot_of(code, date),
        _standings(plan, date),
        blocks.gone(plan, date or today()),
    )
    told = [
        {
            "zone": item.zone.code,
            "name": item.zone.name,
            "counties": [*item.zone.counties],
            "mineral": item.mineral,
            "planned": item.planned,
            "existing": item.existing,
            "argued": item.argued,
            "granted": item.granted,
            "left": item.left,
            "over": item.over,
        }
        for item in use
    ]
    found = sorted(told, key=lambda row: f"{row['zone']}|{row['mineral']}")
    return keyed(found, lambda r: f"{r['zone']}|{r['mineral']}", lambda r: r, cursor, limit)


def _standings(plan: Plan, date: dt.date | None) -> Mapping[str, Standing]:
    return blocks.by_code(blocks.standings(plan, date or today()))


def _is_block(zone: Zone) -> bool:
    return zone.kind.value in lifecycle.BLOCK_KINDS


def _state(zone: Zone, standings: Mapping[str, Standing]) -> str:
    return standings.get(zone.code, Standing()).state


def _find(code: str, key: str, date: dt.date | None) -> Zone:
    zones = snapshot_of(code, date).zones
    found = next((zone for zone in zones if zone.code == key), None)
    if found is None:
        raise StoreError(
            "E811",
            Text(f"没有分区或区块 {key}", f"there is no zone {key}"),
            hint=Text("核对编号和日期", "check the code and the day"),
        )
    return found


def _zone(zone: Zone, standings: Mapping[str, Standing]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": zone.code,
        "kind": zone.kind.value,
        "kind_name": ZoneKind(zone.kind).word.to_dict(),
        "name": zone.name,
        "counties": [*zone.counties],
        "minerals": [
            {
                "mineral": item.mineral,
                "existing_rights": item.existing_rights,
                "planned_rights": item.planned_rights,
            }
            for item in zone.minerals
        ],
        "area_km2": str(zone.area_km2) if zone.area_km2 is not None else None,
        "clause": zone.clause,
        "note": zone.note,
        "schematic": zone.schematic,
    }
    if _is_block(zone):
        told["state"] = _state(zone, standings)
    return told


def _event(item: BlockStep) -> dict[str, Any]:
    return {
        "state": item.state,
        "date": item.date,
        "document": item.document,
        "note": item.note,
        "related": [related.to_dict() for related in item.related],
        "actor": item.actor,
        "recorded": item.recorded,
    }
