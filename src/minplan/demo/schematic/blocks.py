"""Schematic mining blocks (开采规划区块): as many in each concentrated mining area as it plans.

The plan gives the number of rights of each area and no block; without blocks nothing could show
how a right is held against one. They exist only in the demo's workspace and say that they are
schematic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.plan.model import Zone
from minplan.demo.schematic.plane import largest
from minplan.demo.schematic.shapes import place

_LARGEST_KM2 = 0.9
_MARGIN = 60.0  # m between a block and the border of its area
_CORNER_M = 40.0  # corners closer than this are merged, so that a block has few


@dataclass(frozen=True, slots=True)
class Block:
    """A schematic mining block in the plane (m), with two decimals as licences have."""

    code: str
    zone: Zone
    mineral: str
    shape: Polygon


def draw_blocks(zones: Iterable[Zone], shapes: Mapping[str, BaseGeometry]) -> Iterator[Block]:
    """One block for every planned right of every area that is drawn."""
    for zone in zones:
        if zone.code not in shapes:
            continue
        room = shapes[zone.code].buffer(-_MARGIN)
        planned = [item.mineral for item in zone.minerals for _ in range(item.planned_rights or 0)]
        each = min(_LARGEST_KM2 * 1e6, 0.5 * room.area / max(len(planned), 1))
        for number, mineral in enumerate(planned, start=1):
            code = f"KQ{zone.code[2:]}-{number}"
            shape = largest(place(room, each, code).simplify(_CORNER_M))
            yield Block(code, zone, mineral, shape)
            room = room.difference(shape.buffer(_MARGIN))
