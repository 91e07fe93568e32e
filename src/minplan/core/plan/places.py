"""Which county ground lies in, by the outlines of the plan."""

from __future__ import annotations

from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.model import PlanSnapshot, ZoneKind


def county_of(plan: PlanSnapshot, ground: Polygonal) -> str:
    """The county (县区) that holds most of the ground; empty when none of the plan's does."""
    best, largest = "", 0.0
    for zone in plan.zones_of(ZoneKind.COUNTY):
        if zone.geometry is None or not zone.geometry.geometry.intersects(ground.geometry):
            continue
        if zone.geometry.geometry.contains(ground.geometry):
            return zone.name
        shared = zone.geometry.geometry.intersection(ground.geometry).area
        if shared > largest:
            best, largest = zone.name, shared
    return best
