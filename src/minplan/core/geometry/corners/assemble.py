"""Rings become polygons: outer rings, holes, parts, and the one extent of all blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.polygon import orient

from minplan.core.geometry.corners.model import Remark
from minplan.core.geometry.corners.remarks import listed, remark
from minplan.core.geometry.corners.rings import RingWork
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.text import Text


@dataclass
class Part:
    """An outer ring with its holes; indexes point into the rings of the block."""

    outer: int
    holes: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Assembly:
    """The shape of a block: parts, geometry and what was noticed."""

    parts: tuple[Part, ...]
    geometry: Polygon | MultiPolygon
    remarks: tuple[Remark, ...]
    merged: bool = False


def assemble(
    rings: Sequence[RingWork],
    declared: Sequence[bool | None],
    *,
    lenient_holes: bool,
    keep_nested: bool,
) -> Assembly:
    """Join settled rings.

    ``declared`` tells per ring whether the text calls it a hole (None: it does not say).
    ``lenient_holes`` reads a "hole" outside every outer ring as a part (国土 files number parts
    so), ``keep_nested`` undoes the subtraction of rings that are not declared holes.
    """
    remarks: list[Remark] = []
    shells = [Polygon(ring.lonlat) for ring in rings]
    holes = _holes(rings, shells, declared, remarks, lenient=lenient_holes, keep_nested=keep_nested)
    parts = {i: Part(i) for i in range(len(rings)) if i not in holes}
    for hole, outer in holes.items():
        parts[outer].holes.append(hole)
    polygons = [_polygon(part, shells, rings, remarks) for part in parts.values()]
    _orientation(list(parts.values()), rings, remarks)
    geometry, merged = join(polygons, remarks)
    return Assembly(tuple(parts.values()), geometry, tuple(remarks), merged)


def _holes(
    rings: Sequence[RingWork],
    shells: Sequence[Polygon],
    declared: Sequence[bool | None],
    remarks: list[Remark],
    *,
    lenient: bool,
    keep_nested: bool,
) -> dict[int, int]:
    """Return hole → outer ring."""
    holes: dict[int, int] = {}
    by_size = sorted(range(len(shells)), key=lambda i: -shells[i].area)
    for i in by_size:
        around = [
            j
            for j in by_size
            if j != i and shells[j].area > shells[i].area and shells[j].covers(shells[i])
        ]
        outer = [j for j in around if j not in holes]
        if declared[i]:
            if outer:
                holes[i] = outer[-1]
            else:
                _hole_outside(i, rings, shells, lenient, remarks)
        elif declared[i] is None and not keep_nested and len(around) % 2 == 1 and outer:
            holes[i] = outer[-1]
            remarks.append(
                remark(
                    "E127",
                    place=rings[i].points[0].place,
                    applied=True,
                    ring=i + 1,
                    outer=outer[-1] + 1,
                )
            )
    stated = sum(1 for i in holes if declared[i])
    if stated:
        remarks.append(remark("E127-declared", count=stated))
    return holes


def _hole_outside(
    index: int,
    rings: Sequence[RingWork],
    shells: Sequence[Polygon],
    lenient: bool,
    remarks: list[Remark],
) -> None:
    place = rings[index].points[0].place
    for other, shell in enumerate(shells):
        if other != index and shell.intersects(shells[index]):
            remarks.append(
                remark(
                    "E124-rings",
                    place=place,
                    first=min(other, index) + 1,
                    second=max(other, index) + 1,
                )
            )
            return
    key = "E127-part" if lenient else "E127-outside"
    remarks.append(remark(key, place=place, ring=index + 1))


def _polygon(
    part: Part, shells: Sequence[Polygon], rings: Sequence[RingWork], remarks: list[Remark]
) -> Polygon:
    polygon = Polygon(rings[part.outer].lonlat, [rings[hole].lonlat for hole in part.holes])
    if polygon.is_valid:
        return orient(polygon, sign=-1.0)
    for i, first in enumerate(part.holes):
        for second in part.holes[i + 1 :]:
            if shells[first].intersection(shells[second]).area > 0:
                remarks.append(
                    remark(
                        "E124-rings",
                        place=rings[second].points[0].place,
                        first=first + 1,
                        second=second + 1,
                    )
                )
                return shells[part.outer]
    cut = shells[part.outer]
    for hole in part.holes:
        cut = cut.difference(shells[hole])
    if isinstance(cut, Polygon) and not cut.is_empty:
        return orient(cut, sign=-1.0)
    remarks.append(
        remark(
            "E124-rings",
            place=rings[part.outer].points[0].place,
            first=part.outer + 1,
            second=part.holes[0] + 1,
        )
    )
    return shells[part.outer]


def _orientation(parts: Sequence[Part], rings: Sequence[RingWork], remarks: list[Remark]) -> None:
    turned: list[int] = []
    for part in parts:
        if Polygon(rings[part.outer].lonlat).exterior.is_ccw:
            turned.append(part.outer + 1)
        turned += [
            hole + 1 for hole in part.holes if not Polygon(rings[hole].lonlat).exterior.is_ccw
        ]
    if turned:
        names = listed(sorted(turned))
        remarks.append(remark("E126", applied=True, rings=Text(f"第 {names} 圈", f"Ring {names}")))


def join(polygons: Sequence[Polygon], remarks: list[Remark]) -> tuple[Polygon | MultiPolygon, bool]:
    """Join parts to one valid geometry; overlapping parts are united and that is said."""
    if len(polygons) == 1:
        return polygons[0], False
    whole = MultiPolygon(list(polygons))
    if whole.is_valid:
        return whole, False
    united = shapely.union_all(list(polygons))
    lost = whole.area - united.area
    if lost > whole.area * 1e-9:
        remarks.append(remark("E127-overlap", applied=True, count=len(polygons)))
    pieces = [
        orient(piece, sign=-1.0)
        for piece in shapely.get_parts(united)
        if isinstance(piece, Polygon) and piece.area > 0
    ]
    return (pieces[0] if len(pieces) == 1 else MultiPolygon(pieces)), True


def whole_range(ranges: Sequence[ElevationRange | None]) -> ElevationRange | None:
    """The range that holds all known ranges; None when none is known."""
    known = [item for item in ranges if item is not None]
    if not known:
        return None
    return ElevationRange(max(r.upper for r in known), min(r.lower for r in known))
