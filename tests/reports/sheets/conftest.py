"""A small plan drawn by hand: three counties, squares of known size, one row without geometry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import CoordinateSystem, Datum, to_lonlat
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.model import Level, MineralQuota, Plan, PlanSnapshot, Zone, ZoneKind
from minplan.core.text import Text
from minplan.reports.sheets import SheetOrder, subject_of

ZONE_38 = CoordinateSystem(Datum.CGCS2000, 3, 38)
#: South-west corner of the ground: east (with zone prefix) and north in metres.
ORIGIN = (38_400_000.0, 4_020_000.0)

Corners = list[tuple[float, float]]


def ground(corners_km: Corners) -> Polygon:
    """A polygon given in kilometres from ORIGIN, in lon/lat."""
    metres = np.array(corners_km, dtype=float) * 1000 + ORIGIN
    return Polygon(to_lonlat(ZONE_38, metres[:, 0], metres[:, 1]))


def square(west: float, south: float, side: float) -> Corners:
    """A square with its south-west corner and side in kilometres."""
    east, north = west + side, south + side
    return [(west, south), (east, south), (east, north), (west, north)]


def zone(
    kind: ZoneKind, code: str, name: str, shape: BaseGeometry | None, schematic: bool = False
) -> Zone:
    return Zone(
        code=code,
        kind=kind,
        name=name,
        minerals=() if kind is ZoneKind.COUNTY else (MineralQuota("建筑石料用灰岩"),),
        area_km2=Decimal("1.70"),
        geometry=None if shape is None else Polygonal(shape, ZONE_38, "drawn"),
        schematic=schematic,
    )


def counties() -> tuple[Zone, ...]:
    return tuple(
        zone(ZoneKind.COUNTY, code, name, ground(square(west, 0, 20)))
        for code, name, west in (
            ("140426", "黎城县", 0),
            ("140425", "平顺县", 20),
            ("140427", "壶关县", 40),
        )
    )


def plan_of(*zones: Zone) -> PlanSnapshot:
    identity = Plan(
        id="sample",
        name=Text("示例市矿产资源总体规划（2021—2025年）", "Sample mineral plan (2021–2025)"),
        level=Level.CITY,
        region_code="140400",
        region_name="示例市",
        first_year=2021,
        last_year=2025,
        base_year=2020,
        act="示例〔2023〕1号",
        effective_from=dt.date(2023, 6, 1),
        effective_to=None,
        issuer="示例市人民政府",
    )
    return PlanSnapshot(identity, zones=zones, sha256="9f" * 32)


@pytest.fixture
def plan() -> PlanSnapshot:
    """Zones in two of the three counties, close together ones, and one without geometry."""
    concentrated, block = ZoneKind.CONCENTRATED_MINING_AREA, ZoneKind.MINING_BLOCK
    crowd = [(2 + 0.9 * i, 2 + 0.9 * j) for i in range(4) for j in range(3)]
    return plan_of(
        *counties(),
        zone(ZoneKind.ENERGY_BASE, "EB-1", "示例基地", None),
        zone(concentrated, "CS001", "西井集中开采区", ground(square(5, 8, 10))),
        *(
            zone(block, f"KQ{n:03d}", f"区块 {n}", ground(square(x, y, 0.5)))
            for n, (x, y) in enumerate(crowd, 1)
        ),
        zone(block, "KQ101", "东区块", ground(square(25, 5, 1))),
    )


@pytest.fixture
def order() -> Callable[..., SheetOrder]:
    """An order of a sheet: subject by name, everything else as it is wanted."""

    def make(subject: str = "overview", **more: object) -> SheetOrder:
        known = {"office": "示例市规划和自然资源局", "date": dt.date(2026, 1, 15)}
        return SheetOrder(subject=subject_of(subject.split(",")), **{**known, **more})

    return make
