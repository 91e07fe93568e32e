"""Everything the demo draws, from the facts of one folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from shapely.geometry.base import BaseGeometry

from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.demo.schematic.blocks import Block, draw_blocks
from minplan.demo.schematic.controls import Feature, draw_controls
from minplan.demo.schematic.counties import County, draw_counties, read_seats
from minplan.demo.schematic.rights import draw_rights
from minplan.demo.schematic.zones import draw_zones, read_placement


def facts() -> Traversable:
    """The folder of facts the demo is made from."""
    return resources.files("minplan.demo") / "changzhi"


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything the demo draws, in the plane (m)."""

    counties: tuple[County, ...]
    zones: Mapping[str, BaseGeometry]
    blocks: tuple[Block, ...]
    layers: Mapping[str, tuple[Feature, ...]]


def draw(plan: PlanSnapshot) -> Ground:
    """Draw counties, zones, blocks and control layers of a plan."""
    counties = draw_counties(read_seats(facts() / "seats.csv"))
    zones = draw_zones(plan.zones, counties, read_placement(facts() / "placement.csv"))
    listed = plan.zones_of(ZoneKind.CONCENTRATED_MINING_AREA)
    mining = {zone.code: zones[zone.code] for zone in listed if zone.code in zones}
    layers = {
        **draw_controls(counties, mining.values()),
        **draw_rights(facts() / "rights.csv", counties, mining),
    }
    return Ground(counties, zones, tuple(draw_blocks(listed, mining)), layers)
