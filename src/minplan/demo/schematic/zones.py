"""Zones of the plan with exactly the plan's areas, inside the counties the plan names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    (ZoneKind.ENVIRONMENT_PROTECTION_AREA,),
    (ZoneKind.ENVIRONMENT_PREVENTION_AREA,),
)


def read_placement(file: Traversable) -> dict[str, tuple[str, ...]]:
    """Counties for zones that the plan places only by city."""
    rows = csv.DictReader(file.read_text("utf-8").splitlines())
    return {row["code"]: tuple(row["counties"].split("|")) for row in rows}


def draw_zones(
    zones: Iterable[Zone],
    counties: Sequence[County],
    placement: Mapping[str, tuple[str, ...]],
) -> dict[str, BaseGeometry]:
    """Shapes in the plane by zone code; zones without an area or a county have none.

    A row that counts several areas is drawn as so many equal pieces.
    """
    shapes: dict[str, BaseGeometry] = {}
    listed = tuple(zones)
    for kinds in _EXCLUSIVE:
        taken: list[BaseGeometry] = []
        if kinds == (ZoneKind.ENVIRONMENT_PROTECTION_AREA,):
            taken = [shape.buffer(_SPACING) for shape in _mining_areas(listed, shapes)]
        group = [zone for zone in listed if zone.kind in kinds and zone.area_km2 is not None]
        for zone in sorted(group, key=lambda z: -(z.area_km2 or 0)):
            names = placement.get(zone.code) or zone.counties
            if not names:
                continue
            pieces = _draw(zone, names, taken, counties)
            shapes[zone.code] = shapely.union_all(pieces)
            taken.extend(piece.buffer(_SPACING) for piece in pieces)
    return shapes


def _mining_areas(
    zones: Iterable[Zone], shapes: Mapping[str, BaseGeometry]
) -> Iterator[BaseGeometry]:
    """Concentrated mining areas: where mining is wanted it is not forbidden."""
    for zone in zones:
        if zone.kind is ZoneKind.CONCENTRATED_MINING_AREA and zone.code in shapes:
            yield shapes[zone.code]


def _draw(
    zone: Zone, names: Sequence[str], taken: Sequence[BaseGeometry], counties: Sequence[County]
) -> list[Polygon]:
    """The pieces of a zone, one after another through the counties."""
    assert zone.area_km2 is not None
    each = float(zone.area_km2) * 1e6 / zone.count
    towns = shapely.union_all([disc(county.seat, _TOWN) for county in counties])
    pieces: list[Polygon] = []
    for number in range(zone.count):
        where = names if zone.count == 1 else (names[number % len(names)],)
        used = [*taken, *(piece.buffer(_SPACING) for piece in pieces)]
        free = region(counties, where).difference(shapely.union_all(used))
        if each < _SMALL_KM2 * 1e6:
            free = free.buffer(-500).difference(towns)
        pieces.append(place(free, each, f"{zone.code}{number or ''}"))
    return pieces
