"""What a sheet shows: counties, the zones of its subject, and those of them without ground."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import CoordinateSystem, from_lonlat, local_system
from minplan.core.plan.model import PlanSnapshot, Zone, ZoneKind
from minplan.core.text import Text
from minplan.core.tolerances import NOISE_AREA_M2
from minplan.reports.sheets.subjects import Subject
from minplan.reports.typeface import ReportError


@dataclass(frozen=True, slots=True)
class Ground:
    """A zone with its geometry in metres of the sheet's system."""

    zone: Zone
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Overlay:
    """A layer beside the zones of the plan: its name, the name of its style, its shapes.

    Shapes are in lon/lat when ordered, in metres of the sheet's system once part of a content.
    """

    name: Text
    style: str
    shapes: tuple[BaseGeometry, ...]
    schematic: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What is drawn, in metres of ``system``.

    ``zones`` lie in the area of the sheet, ``beyond`` are those of the subject outside a chosen
    county, ``undrawn`` belong here by the plan but have no geometry; ``area`` must fit the frame.
    """

    plan: PlanSnapshot
    subject: Subject
    system: CoordinateSystem
    counties: tuple[Ground, ...]
    chosen: Ground | None
    zones: tuple[Ground, ...]
    beyond: tuple[Ground, ...]
    undrawn: tuple[Zone, ...]
    area: BaseGeometry
    overlays: tuple[Overlay, ...] = ()

    @property
    def counts(self) -> dict[ZoneKind, int]:
        """Areas of every kind present, in the order of the subject; in a county those it meets."""
        found: Counter[ZoneKind] = Counter()
        for item in self.zones:
            found[item.zone.kind] += self._areas(item)
        return {kind: found[kind] for kind in self.subject.kinds if kind in found}

    def _areas(self, item: Ground) -> int:
        """Areas a zone stands for: the plan's number, or its parts in the chosen county."""
        if self.chosen is None or item.zone.count == 1:
            return item.zone.count
        county = self.chosen.shape
        parts = shapely.get_parts(item.shape)
        return max(1, sum(_shares_ground(part, county) for part in parts))

    @property
    def schematic(self) -> bool:
        """Whether anything drawn is schematic (示意)."""
        drawn = (*self.zones, *self.beyond, *self.counties)
        return any(item.zone.schematic for item in drawn) or any(
            item.schematic for item in self.overlays
        )

    @property
    def listed(self) -> tuple[Zone, ...]:
        """Zones of the sheet's table, kind by kind as the subject orders them."""
        here = {id(item.zone) for item in self.zones} | {id(zone) for zone in self.undrawn}
        return tuple(
            zone
            for kind in self.subject.kinds
            for zone in self.plan.zones_of(kind)
            if id(zone) in here
        )


def content_of(plan: PlanSnapshot, subject: Subject, county: str = "") -> Content:
    """Collect what a sheet of a plan, or of one county of it, shows.

    ``county`` is a name or code. Raises ReportError E606 when nothing of the subject has geometry
    and E608 when the plan has no such county with geometry.
    """
    with_ground = [zone for zone in plan.zones_of(*subject.kinds) if zone.geometry is not None]
    if not with_ground:
        raise _nothing(plan, subject)
    counties = [zone for zone in plan.zones_of(ZoneKind.COUNTY) if zone.geometry is not None]
    chosen = _county(counties, county) if county else None
    place = [chosen] if chosen else counties or with_ground
    system = local_system(_middle(place))
    zones = _projected(with_ground, system)
    here = _projected([chosen], system)[0] if chosen else None
    inside = [item for item in zones if here is None or _shares_ground(item.shape, here.shape)]
    outlines = _projected(counties, system)
    # on the sheet of the whole region everything must be seen, ground beyond its border too
    whole = [item.shape for item in (*outlines, *zones)]
    return Content(
        plan=plan,
        subject=subject,
        system=system,
        counties=tuple(outlines),
        chosen=here,
        zones=tuple(inside),
        beyond=tuple(item for item in zones if item not in inside),
        undrawn=tuple(
            zone
            for zone in plan.zones_of(*subject.kinds)
            if zone.geometry is None and (chosen is None or chosen.name in zone.counties)
        ),
        area=here.shape if here else shapely.union_all(whole),
    )


def _projected(zones: list[Zone], system: CoordinateSystem) -> list[Ground]:
    return [
        Ground(
            zone,
            shapely.make_valid(
                shapely.transform(zone.geometry.geometry, lambda c: from_lonlat(system, c))
            ),
        )
        for zone in zones
        if zone.geometry is not None
    ]


def _shares_ground(shape: BaseGeometry, county: BaseGeometry) -> bool:
    return float(shapely.area(shapely.intersection(shape, county))) > NOISE_AREA_M2


def _middle(zones: list[Zone]) -> float:
    bounds = [zone.geometry.bounds for zone in zones if zone.geometry is not None]
    return (min(b[0] for b in bounds) + max(b[2] for b in bounds)) / 2


def _county(counties: list[Zone], wanted: str) -> Zone:
    for zone in counties:
        if wanted in (zone.name, zone.code):
            return zone
    listed = "、".join(zone.name for zone in counties)
    raise ReportError(
        "E608",
        Text(f"规划中没有“{wanted}”的界线", f"the plan has no outline of {wanted}"),
        hint=Text(f"可选：{listed}", f"one of: {listed}")
        if counties
        else Text("规划中没有县（区）界线", "the plan has no outlines of counties"),
    )


def _nothing(plan: PlanSnapshot, subject: Subject) -> ReportError:
    zones = plan.zones_of(*subject.kinds)
    kinds_zh = "、".join(kind.word.zh for kind in subject.kinds)
    kinds_en = ", ".join(kind.word.en for kind in subject.kinds)
    return ReportError(
        "E606",
        Text(
            f"{kinds_zh}在规划中共 {len(zones)} 个，都没有图形，不能成图",
            f"nothing to draw: {len(zones)} in the plan ({kinds_en}), none with geometry",
        ),
        hint=Text(
            "先把图形加入规划数据（zones.gpkg 或规划数据库），或换一个主题",
            "add geometry to the plan's data first, or choose another subject",
        ),
    )
