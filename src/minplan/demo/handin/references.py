"""What the hand-in is held to: its plan as the database has it, and the plan of the level above."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import shapely

from minplan.checking.asked import References
from minplan.core.plan.model import Level, PlanSnapshot, ZoneKind
from minplan.core.text import Text

_ABOVE: Final = (Level.NATION, Level.PROVINCE)


def references_of(snapshot: PlanSnapshot) -> References:
    """The references that a sound hand-in of a plan fits: the plan, its upper plan, its region."""
    counties = [zone.geometry.geometry for zone in snapshot.zones_of(ZoneKind.COUNTY)
                if zone.geometry is not None]  # fmt: skip
    return References(snapshot, upper_of(snapshot), shapely.union_all(counties))


def upper_of(snapshot: PlanSnapshot) -> PlanSnapshot:
    """A plan of the province with what the city's carries over, and what it gives to the city.

    Its zones and blocks are those of national and provincial level, its minimum scales the same,
    its indicators and caps those of the whole city.
    """
    plan = snapshot.plan
    code = f"{plan.region_code[:2]}0000"
    upper = replace(
        plan,
        id=f"upper-{plan.first_year}-{plan.last_year}",
        name=Text("省级矿产资源总体规划（示意）", "provincial plan (schematic)"),
        level=Level.PROVINCE,
        region_code=code,
        region_name="省级（示意）",
    )
    return replace(
        snapshot,
        plan=upper,
        zones=tuple(
            replace(zone, schematic=False)
            for zone in snapshot.zones
            if zone.level in _ABOVE and zone.kind is not ZoneKind.COUNTY
        ),
        quotas=tuple(
            replace(item, county=plan.region_name) for item in snapshot.quotas if not item.county
        ),
        indicators=tuple(
            replace(item, county=plan.region_name)
            for item in snapshot.indicators
            if not item.county
        ),
        block_counts=(),
        sub_plans=(),
        status=(),
    )
