"""The zones of a plan made whole: every zone drawn, every block the plan counts there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.model import BlockCount, Level, MineralQuota, PlanSnapshot, Zone, ZoneKind
from minplan.core.standard.feature import rounded
from minplan.core.standard.minerals import find_mineral, lineage
from minplan.demo.handin.sites import Sites, wide
from minplan.demo.schematic.plane import to_ground
from minplan.demo.schematic.shapes import seed_of

SOURCE = "示意图形，非测绘成果"
_BLOCKS = (ZoneKind.EXPLORATION_BLOCK, ZoneKind.MINING_BLOCK)
_SHARE = {ZoneKind.ENERGY_BASE: 0.3, ZoneKind.NATIONAL_PLANNED_MINING_AREA: 0.2}
_OTHER_SHARE = 0.06
_AREA_KM2 = {ZoneKind.EXPLORATION_BLOCK: (1.2, 2.8), ZoneKind.MINING_BLOCK: (0.45, 0.95)}
_AROUND = (ZoneKind.KEY_MINING_AREA, ZoneKind.KEY_EXPLORATION_AREA)
_INSIDE_DEGREES = 2e-5  # about 2 m
_SMALL_SHARE = 0.01
_PREFIX = {
    (ZoneKind.EXPLORATION_BLOCK, Level.PROVINCE): "SK",
    (ZoneKind.MINING_BLOCK, Level.PROVINCE): "SC",
    (ZoneKind.EXPLORATION_BLOCK, Level.CITY): "CK",
    (ZoneKind.MINING_BLOCK, Level.CITY): "CC",
}


def whole_zones(
    snapshot: PlanSnapshot, counties: Mapping[str, BaseGeometry], sites: Sites
) -> Iterator[Zone]:
    """All zones with ground, rows for several areas split, and the blocks that are counted.

    ``counties`` are shapes in the plane (m) by name, ``sites`` gives ground to new blocks.
    """
    held: list[Zone] = []
    for zone in snapshot.zones:
        held += _one(zone, counties)
    held = list(_kept_inside(held, counties))
    yield from held
    for count in snapshot.block_counts:
        missing = count.count - sum(1 for zone in held if _counted(zone, count))
        for number in range(1, missing + 1):
            yield _block(count, number, snapshot.zones, tuple(counties), sites)


def _one(zone: Zone, counties: Mapping[str, BaseGeometry]) -> Iterator[Zone]:
    bare = replace(zone, name=zone.name.removesuffix("（未列名）"), schematic=True)
    if zone.geometry is None:
        bare = _drawn(bare, counties)
    elif zone.count > 1:
        yield from _split(bare)
        return
    if zone.kind in _BLOCKS:
        assert bare.geometry is not None
        bare = replace(bare, area_km2=_square_km(bare.geometry.geometry))
    yield bare


def _kept_inside(zones: Sequence[Zone], counties: Mapping[str, BaseGeometry]) -> Iterator[Zone]:
    """Zones cut to the whole of the counties, with the counties they lie in; blocks are cut back
    where the border of a zone they lie partly in crosses them.
    """
    drawn = {zone.name: to_ground(shape) for zone, shape in _counties_of(zones, counties)}
    whole = shapely.union_all([*drawn.values()])
    areas = [zone.geometry.geometry for zone in zones if zone.kind in _AROUND and zone.geometry]
    for zone in zones:
        if zone.kind is ZoneKind.COUNTY or zone.geometry is None:
            yield zone
            continue
        shape: BaseGeometry = zone.geometry.geometry
        if zone.kind in _BLOCKS:
            shape = _clear_of(shape, areas)
        elif not whole.covers(shape):
            shape = shape.intersection(whole.buffer(-_INSIDE_DEGREES))
        shape = _polygonal(rounded(shape))
        told = replace(zone, geometry=replace(zone.geometry, geometry=shape))
        if zone.kind in _BLOCKS:
            told = replace(told, area_km2=_square_km(shape))
        yield replace(told, counties=_lies_in(shape, drawn) or zone.counties)


def _counties_of(
    zones: Sequence[Zone], counties: Mapping[str, BaseGeometry]
) -> Iterator[tuple[Zone, BaseGeometry]]:
    for zone in zones:
        if zone.kind is ZoneKind.COUNTY:
            yield zone, counties[zone.name]


def _clear_of(shape: BaseGeometry, areas: Sequence[BaseGeometry]) -> BaseGeometry:
    """The larger side of a shape that the border of an area crosses."""
    for area in areas:
        if area.intersects(shape) and not area.covers(shape):
            inside = shape.intersection(area.buffer(-_INSIDE_DEGREES))
            outside = shape.difference(area.buffer(_INSIDE_DEGREES))
            shape = max((inside, outside), key=lambda part: part.area)
            shape = max(shapely.get_parts(shape), key=lambda part: part.area)
    return shape


def _lies_in(shape: BaseGeometry, counties: Mapping[str, BaseGeometry]) -> tuple[str, ...]:
    """The counties that hold more than a hundredth of a shape, most first."""
    shares = {name: shape.intersection(held).area / shape.area for name, held in counties.items()}
    found = sorted(shares, key=lambda name: -shares[name])
    return tuple(name for name in found if shares[name] > _SMALL_SHARE)


def _polygonal(shape: BaseGeometry) -> Polygon | MultiPolygon:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _drawn(zone: Zone, counties: Mapping[str, BaseGeometry]) -> Zone:
    """A zone of which only the name is published, over a part of its counties."""
    names = [name for name in zone.counties if name in counties] or [*counties]
    region = shapely.union_all([counties[name] for name in names])
    shape = wide(region, _SHARE.get(zone.kind, _OTHER_SHARE), zone.code)
    return replace(zone, geometry=_ground(shape))


def _split(zone: Zone) -> Iterator[Zone]:
    """A row that stands for several areas as that many zones."""
    assert zone.geometry is not None
    for number, part in enumerate(zone.geometry.parts, start=1):
        yield replace(
            zone,
            code=f"{zone.code}-{number:02d}",
            name=f"{zone.name}{number:02d}",
            count=1,
            area_km2=_square_km(part),
            geometry=replace(zone.geometry, geometry=part, part_elevations=()),
        )


def _counted(zone: Zone, count: BlockCount) -> bool:
    """Whether a block is one of those a row counts: by kind, level and mineral or its kinds."""
    if zone.kind is not count.kind or zone.level is not count.level:
        return False
    return all(count.mineral in _line(name) for name in zone.mineral_names)


def _line(name: str) -> tuple[str, ...]:
    mineral = find_mineral(name)
    return lineage(mineral) if mineral else (name,)


@dataclass(frozen=True, slots=True)
class _Draw:
    """What is drawn by lot for a new block."""

    counties: tuple[str, ...]
    area_m2: float


def _block(
    count: BlockCount, number: int, zones: Sequence[Zone], counties: Sequence[str], sites: Sites
) -> Zone:
    prefix = _PREFIX[count.kind, count.level]
    mineral = find_mineral(count.mineral)
    code = f"{prefix}{mineral.code if mineral else count.mineral}-{number:02d}"
    lot = _lot(code, count, zones, counties)
    county, shape = sites.take(lot.counties, lot.area_m2, code)
    ground = _ground(shape)
    return Zone(
        code=code,
        kind=count.kind,
        name=f"{county}{count.mineral}{count.kind.word.zh}{number:02d}（示意）",
        counties=(county,),
        region=county,
        minerals=(MineralQuota(count.mineral),),
        area_km2=_square_km(ground.geometry),
        level=count.level,
        clause=count.clause,
        geometry=ground,
        schematic=True,
    )


def _lot(code: str, count: BlockCount, zones: Sequence[Zone], counties: Sequence[str]) -> _Draw:
    """The counties the plan names for the mineral, else those with a zone of it, then any."""
    random = seed_of(f"lot {code}")
    named = [name for name in counties if name in count.note]
    zoned = [
        name for zone in zones if count.mineral in zone.mineral_names for name in zone.counties
    ]
    where = named or sorted({name for name in zoned if name in counties})
    order = [*random.permutation(where), *random.permutation([*counties])]
    low, high = _AREA_KM2[count.kind]
    area = round(float(random.uniform(low, high)), 2) * 1e6
    return _Draw(tuple(dict.fromkeys(map(str, order))), area)


def _ground(shape: Polygon) -> Polygonal:
    ground = to_ground(shape)
    assert isinstance(ground, Polygon | MultiPolygon)
    return Polygonal(ground, source=SOURCE)


def _square_km(shape: BaseGeometry) -> Decimal:
    area = float(ellipsoidal_area(np.array([shape], dtype=object))[0])
    return Decimal(f"{area / 1e6:.4f}")
