"""Zones of the plan with exactly the plan's areas, inside the counties the plan names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources.abc import Traversable

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.plan.model import Zone, ZoneKind
from minplan.demo.schematic.counties import County, region
from minplan.demo.schematic.shapes import disc, place

_SPACING = 300.0  # m between zones of one kind
_TOWN = 4_000.0  # m around a county seat kept free of small zones
_SMALL_KM2 = 60

# Kinds that must not overlap one another; kinds of one row share the ground.
_EXCLUSIVE: tuple[tuple[ZoneKind, ...], ...] = (
    (ZoneKind.CONCENTRATED_MINING_AREA,),
    (ZoneKind.KEY_REMEDIATION_ZONE, ZoneKind.GENERAL_REMEDIATION_ZONE),
    (ZoneKind.NATIONAL_PLANNED_MINING_AREA,),
    (ZoneKind.STRATEGIC_RESERVE_AREA,),
    (ZoneKind.KEY_EXPLORATION_AREA,),
    (ZoneKind.KEY_MINING_AREA,),
)


def read_placement(file: Traversable) -> dict[str, tuple[str, ...]]:
    """Counties for zones that the plan places only by city."""
    rows = csv.DictReader(file.read_text("utf-8").splitlines())
    return {row["code"]: tuple(row["counties"].split("|")) for row in rows}


def draw_zones(
    zones: Iterable[Zone],
    counties: Sequence[County],
    placement: Mapping[str, tuple[str, ...]],
) -> dict[str, Polygon]:
    """Shapes in the plane by zone code; zones without an area or a county have none."""
    shapes: dict[str, Polygon] = {}
    listed = tuple(zones)
    for kinds in _EXCLUSIVE:
        taken: list[BaseGeometry] = []
        group = [zone for zone in listed if zone.kind in kinds and zone.area_km2 is not None]
        for zone in sorted(group, key=lambda z: -(z.area_km2 or 0)):
            names = placement.get(zone.code) or zone.counties
            if not names:
                continue
            shape = _draw(zone, region(counties, names), taken, counties)
            shapes[zone.code] = shape
            taken.append(shape.buffer(_SPACING))
    return shapes


def _draw(
    zone: Zone, ground: BaseGeometry, taken: list[BaseGeometry], counties: Sequence[County]
) -> Polygon:
    assert zone.area_km2 is not None
    area = float(zone.area_km2)
    free = shapely.difference(ground, shapely.union_all(taken)) if taken else ground
    if area < _SMALL_KM2:
        towns = shapely.union_all([disc(county.seat, _TOWN) for county in counties])
        free = free.buffer(-500).difference(towns)
    return place(free, area * 1e6, zone.code)
