"""A small plan with two counties, a concentrated area and blocks, for tests of editing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shapely import box
from tests.database.making import Clock

from minplan.core.access import Access
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.model import Level, MineralQuota, Plan, PlanSnapshot, Zone, ZoneKind
from minplan.core.text import Text

LAW = dt.date(2023, 9, 6)
DAY = dt.date(2025, 3, 1)
STONE = "建筑石料用灰岩"
PLANNER = Access.of("guihua", ["planning"])
SECOND = Access.of("guihua2", ["planning"])
RIGHTS = Access.of("kuangquan", ["rights"])
LICHENG = Access.of("licheng", ["county"], ["黎城县"])


def _zone(code: str, kind: ZoneKind, name: str, ground: Any, county: str = "", **more: Any) -> Zone:
    counties = (county,) if county else ()
    return Zone(code, kind, name, counties=counties, geometry=Polygonal(ground), **more)


def _block(code: str, name: str, ground: Any, county: str) -> Zone:
    stone = (MineralQuota(STONE),)
    return _zone(code, ZoneKind.MINING_BLOCK, name, ground, county, minerals=stone)


def trial_snapshot() -> PlanSnapshot:
    card = Plan(
        id="trial",
        name=Text("试验规划", "trial plan"),
        level=Level.CITY,
        region_code="140400",
        region_name="长治市",
        first_year=2021,
        last_year=2025,
        base_year=2020,
        act="长政办发〔2023〕29号",
        effective_from=LAW,
        effective_to=None,
        issuer="",
    )
    return PlanSnapshot(
        card,
        zones=(
            _zone("140426", ZoneKind.COUNTY, "黎城县", box(113.0, 36.0, 113.5, 36.5)),
            _zone("140431", ZoneKind.COUNTY, "沁源县", box(112.0, 36.0, 112.5, 36.5)),
            _zone(
                "CS009",
                ZoneKind.CONCENTRATED_MINING_AREA,
                "集中开采区 009",
                box(113.1, 36.1, 113.2, 36.2),
                "黎城县",
                minerals=(MineralQuota(STONE, planned_rights=2),),
            ),
            _block("KQ1", "区块一", box(113.11, 36.11, 113.13, 36.12), "黎城县"),
            _block("KQ2", "区块二", box(113.13, 36.11, 113.15, 36.12), "黎城县"),
            _block("QY1", "沁源区块", box(112.1, 36.1, 112.12, 36.11), "沁源县"),
        ),
    )


def found_plan(clock: Clock) -> Any:
    """The trial plan in the database."""
    from minplan.database import plans

    plans.store(trial_snapshot(), edition="2021-2025", author="甲", approver="乙", recorded=clock())
    return plans.get("trial")
