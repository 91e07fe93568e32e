"""Corner tables (拐点坐标表): projected and geographic coordinates side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from minplan.core.geometry.area import planar_system
from minplan.core.geometry.crs import CoordinateSystem, from_lonlat
from minplan.core.geometry.polygonal import Polygonal
from minplan.reports.document import Cell, Column, Table
from minplan.reports.wording import Voice, degrees_minutes_seconds, metres


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner: number through the whole block, part and ring, metres and degrees."""

    number: int
    part: int
    ring: int
    east: float
    north: float
    lon: float
    lat: float


def corner_system(polygonal: Polygonal) -> CoordinateSystem:
    """The CGCS2000 3° zone of the block's corners, eastings with the zone number."""
    return planar_system(polygonal)


def corners_of(polygonal: Polygonal) -> Iterator[Corner]:
    """Corners in their order, without the repeated last one; ring 0 is the outer ring."""
    system = corner_system(polygonal)
    number = 0
    for part, polygon in enumerate(polygonal.parts, start=1):
        for ring, line in enumerate([polygon.exterior, *polygon.interiors]):
            lonlat = shapely.get_coordinates(line)[:-1]
            for (lon, lat), (east, north) in zip(
                lonlat, np.asarray(from_lonlat(system, lonlat)), strict=True
            ):
                number += 1
                yield Corner(number, part, ring, east, north, lon, lat)


def corner_table(polygonal: Polygonal, caption: str, voice: Voice) -> Table:
    """Table of corners: number, X (north), Y (east), B (latitude), L (longitude)."""
    corners = list(corners_of(polygonal))
    several = len({(c.part, c.ring) for c in corners}) > 1
    columns = (
        Column(voice("拐点", "Corner"), 0.16 if several else 0.12, "center"),
        Column(voice("X（北，m）", "X (north, m)"), 0.2, "right"),
        Column(voice("Y（东，m）", "Y (east, m)"), 0.22, "right"),
        Column(voice("纬度 B", "Latitude B"), 0.21, "right"),
        Column(voice("经度 L", "Longitude L"), 0.21 if several else 0.25, "right"),
    )
    rows = tuple(
        (
            Cell(_label(corner, several, voice), strong=True),
            Cell(metres(corner.north)),
            Cell(metres(corner.east)),
            Cell(degrees_minutes_seconds(corner.lat)),
            Cell(degrees_minutes_seconds(corner.lon)),
        )
        for corner in corners
    )
    return Table(columns, rows, f"{caption}{voice('（', ' (')}{_system(polygonal, voice)}")


def _system(polygonal: Polygonal, voice: Voice) -> str:
    return voice.of(corner_system(polygonal).name) + voice("）", ")")


def _label(corner: Corner, several: bool, voice: Voice) -> str:
    if not several:
        return str(corner.number)
    ring = voice(f"·扣除{corner.ring}", f" hole {corner.ring}") if corner.ring else ""
    return f"{corner.number}{voice('（', ' (')}{corner.part}{ring}{voice('）', ')')}"
