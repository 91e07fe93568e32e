"""Patches of abandoned mines (历史遗留矿山图斑): as many as the plan counts, schematic."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from minplan.core.plan.model import Plan, PlanTable
from minplan.core.standard.feature import FeatureValue, rounded
from minplan.core.standard.model import Edition
from minplan.demo.handin.rights import Divisions, common, element_code, square_km
from minplan.demo.handin.sites import Sites
from minplan.demo.schematic.plane import to_ground

CODE: Final = "LSYLTB"
_HECTARE: Final = 1e4
_STEP: Final = Decimal("0.0001")


def rows_of(table: PlanTable) -> Iterator[tuple[str, int, Decimal]]:
    """County, number of patches and hectares of every row of the plan's table but its total."""
    for row in table.rows:
        cells = dict(zip(table.columns, row, strict=True))
        county, count, area = (
            cells[name] for name in ("县（区）", "图斑数（个）", "修复任务（公顷）")
        )
        if count:
            yield county, int(count), Decimal(area)


def patches(
    table: PlanTable, plan: Plan, edition: Edition, divisions: Divisions, sites: Sites
) -> Iterator[FeatureValue]:
    """The patches of every county; their areas add up to the county's task."""
    number = 0
    for county, count, hectares in rows_of(table):
        for area in shares(hectares, count):
            number += 1
            key = f"TB{number:04d}"
            _, place = sites.take([county], float(area) * _HECTARE, key)
            shape = rounded(to_ground(place))
            told = common(key, plan, element_code(edition, CODE), shape, divisions)
            own = {
                "MC": f"{county}历史遗留矿山图斑{number:04d}（示意）",
                "TBBH": key,
                "SZXZQ": county,
                "MJ": float(area),
                "XFZT": "未修复",
                "XFCS": "削坡卸荷、覆土复绿",
                "JSMJ": square_km(shape),
            }
            yield FeatureValue(CODE, key, {**told, **own}, shape)


def shares(total: Decimal, count: int) -> list[Decimal]:
    """A total in ``count`` parts of four decimals that add up to it exactly."""
    each = (total / count).quantize(_STEP)
    return [*[each] * (count - 1), total - each * (count - 1)]
