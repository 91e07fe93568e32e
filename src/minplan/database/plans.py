"""Plans: registering them, their identity card, storing and loading whole snapshots."""

from __future__ import annotations

import datetime as dt

from minplan.core.errors import StoreError
from minplan.core.standard.load import edition as load_edition
from minplan.core.text import Text
from minplan.database import audit
from minplan.database.guards import writing
from minplan.database.models import Edition, Plan
from minplan.database.times import recorded_time


def register(
    code: str,
    name: Text,
    *,
    edition: str,
    level: str,
    region_code: str,
    actor: str,
    recorded: dt.datetime,
) -> Plan:
    """Register a plan kept in an edition of the standard; the same plan twice is one plan.

    Raises E7xx for an unknown edition and StoreError E811 when the plan is kept in another one.
    """
    standard = load_edition(edition)
    recorded = recorded_time(recorded)
    with writing():
        known = Plan.objects.filter(code=code).first()
        if known is not None:
            if known.edition_id != edition:
                raise StoreError(
                    "E811",
                    Text(
                        f"规划 {code} 已按标准 {known.edition_id} 建库",
                        f"plan {code} is kept in edition {known.edition_id}",
                    ),
                )
            return known
        if not Edition.objects.filter(pk=edition).exists():
            Edition.objects.create(
                id=edition,
                name_zh=standard.name.zh,
                name_en=standard.name.en,
                registered=recorded,
            )
        plan = Plan.objects.create(
            code=code,
            edition_id=edition,
            level=level,
            region_code=region_code,
            name_zh=name.zh,
            name_en=name.en,
            registered=recorded,
        )
        content = {"edition": edition, "level": level, "region": region_code, **name.to_dict()}
        audit.record("plan.register", f"plan:{code}", content, actor=actor, recorded=recorded)
    return plan


def get(code: str) -> Plan:
    """The plan with this code (StoreError E811 when there is none)."""
    found = Plan.objects.filter(code=code).first()
    if found is None:
        raise StoreError(
            "E811",
            Text(f"数据库中没有规划 {code}", f"the database holds no plan {code}"),
            hint=Text("见 minplan database info", "see minplan database info"),
        )
    return found


def listed() -> tuple[Plan, ...]:
    """All plans, by code."""
    return tuple(Plan.objects.order_by("code"))
