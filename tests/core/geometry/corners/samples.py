"""A small block near Changzhi in zone 38, and ways to print it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.corners import (
    CornerReading,
    CornersRefused,
    ReadOptions,
    Region,
    Remark,
    read_corners,
)
from minplan.core.geometry.crs import CoordinateSystem, Datum, to_lonlat
from minplan.core.text import Text

ZONE_38 = CoordinateSystem(Datum.CGCS2000, 3, 38)
ZONE_37 = CoordinateSystem(Datum.CGCS2000, 3, 37)
CITY = Region(Text("长治市", "Changzhi"), (111.98, 35.80, 113.73, 37.13))
IN_CITY = ReadOptions(region=CITY)

#: North and east with prefix, clockwise.
BLOCK = [
    (4010000.00, 38401000.00),
    (4010300.00, 38401400.00),
    (4010100.00, 38401900.00),
    (4009700.00, 38401500.00),
]
#: A triangle inside the block.
HOLE = [(4010000.00, 38401400.00), (4010010.00, 38401500.00), (4009950.00, 38401500.00)]

Corners = Sequence[tuple[float, float]]


def table(corners: Corners, separator: str = " ", start: int = 1) -> str:
    """Print number, north, east per line."""
    return "\n".join(
        f"{number}{separator}{north:.2f}{separator}{east:.2f}"
        for number, (north, east) in enumerate(corners, start)
    )


def polygon(corners: Corners, system: CoordinateSystem = ZONE_38) -> Polygon:
    """The polygon of north/east corners in lon/lat."""
    array = np.array(corners)
    return Polygon(to_lonlat(system, array[:, 1], array[:, 0]))


def same_ground(one: BaseGeometry, other: BaseGeometry, metres: float = 1e-4) -> bool:
    """Whether two shapes have the same corners, within a tolerance in metres."""
    degrees = metres / 111_320
    return bool(
        shapely.normalize(one).equals_exact(shapely.normalize(other), degrees)
        or shapely.hausdorff_distance(one, other) <= degrees
    )


def codes(reading: CornerReading) -> list[str]:
    """Codes of the remarks, the ever-present ones left out."""
    return [
        remark.code
        for remark in reading.remarks
        if remark.code != "E121" and "没有写明坐标系" not in remark.message.zh
    ]


def remark_of(found: CornerReading | CornersRefused, code: str) -> Remark:
    """The one remark with this code."""
    (remark,) = [remark for remark in found.remarks if remark.code == code]
    return remark


def refused(text: str, options: ReadOptions = IN_CITY) -> CornersRefused:
    """The refusal of a text."""
    try:
        read_corners(text, options)
    except CornersRefused as refusal:
        return refusal
    raise AssertionError("the text was read")
