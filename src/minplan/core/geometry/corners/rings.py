"""One ring: closing point, duplicates, spikes, order of corners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from shapely.geometry import Polygon

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.corners.crossing import find_crossing, is_simple, propose_order
from minplan.core.geometry.corners.dialects.splitting import numbers_of
from minplan.core.geometry.corners.draft import Point
from minplan.core.geometry.corners.model import (
    METRES_PER_DEGREE,
    Alternative,
    Level,
    ReadOptions,
    Remark,
)
from minplan.core.geometry.corners.remarks import listed, remark
from minplan.core.geometry.crs import CoordinateSystem, FloatArray, from_lonlat
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.text import Text
from minplan.core.tolerances import NEAR_CORNER_M, SAME_CORNER_M, SPIKE_DEGREES


@dataclass
class RingWork:
    """A ring in the making: corners as printed with lon/lat (n, 2), and what was noticed.

    ``original`` keeps each corner's index among all corners of the text.
    """

    points: list[Point]
    lonlat: FloatArray
    original: list[int]
    system: CoordinateSystem
    label: Text
    remarks: list[Remark] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)
    closing_gap_m: float | None = None

    @property
    def metres(self) -> FloatArray:
        """Local metres (n, 2), good for short distances."""
        if len(self.lonlat) == 0:
            return self.lonlat
        scale = np.cos(np.radians(self.lonlat[:, 1].mean()))
        result: FloatArray = (
            (self.lonlat - self.lonlat[0]) * np.array([scale, 1.0]) * METRES_PER_DEGREE
        )
        return result

    def keep(self, indexes: Sequence[int]) -> None:
        """Keep these corners, in this order."""
        self.points = [self.points[i] for i in indexes]
        self.original = [self.original[i] for i in indexes]
        self.lonlat = self.lonlat[list(indexes)]

    def name(self, index: int) -> str:
        """The number of a corner, or its position where none is printed."""
        return self.points[index % len(self.points)].number or str(index % len(self.points) + 1)

    def edge(self, index: int) -> str:
        """The name of the edge that starts at a corner: ``3–4``."""
        return f"{self.name(index)}–{self.name(index + 1)}"


def settle(ring: RingWork, options: ReadOptions) -> None:
    """Bring a ring into its final form, noting everything."""
    _unclose(ring)
    _sequence(ring)
    _merge_duplicates(ring, options)
    if not _has_area(ring):
        return
    _order_columns(ring, options)
    if any(remark.level is Level.BLOCKING for remark in ring.remarks):
        return
    _slivers(ring, options)
    if not is_simple(ring.lonlat):
        _report_crossing(ring, options)


def _unclose(ring: RingWork) -> None:
    """Drop a repeated first corner at the end; else note how far the gap is."""
    if len(ring.points) < 2:
        return
    gap = float(np.hypot(*(ring.metres[-1] - ring.metres[0])))
    if gap < SAME_CORNER_M and len(ring.points) > 3:
        ring.keep(range(len(ring.points) - 1))
    else:
        ring.closing_gap_m = gap


def _merge_duplicates(ring: RingWork, options: ReadOptions) -> None:
    metres = ring.metres
    same = [
        i
        for i in range(1, len(metres))
        if float(np.hypot(*(metres[i] - metres[i - 1]))) < SAME_CORNER_M
    ]
    if not same:
        return
    names = listed(f"{ring.name(i - 1)}、{ring.name(i)}" for i in same)
    place = ring.points[same[0]].place
    key = "E122-kept" if "E122" in options.declined else "E122"
    ring.remarks.append(remark(key, place=place, corners=names))
    if key == "E122":
        ring.keep([i for i in range(len(metres)) if i not in set(same)])


def _has_area(ring: RingWork) -> bool:
    if len(ring.points) < 3:
        place = ring.points[0].place if ring.points else None
        ring.remarks.append(remark("E129", place=place, where=ring.label, count=len(ring.points)))
        return False
    metres = ring.metres - ring.metres.mean(axis=0)
    width = np.linalg.svd(metres, compute_uv=False)[-1]
    if width < SAME_CORNER_M:
        ring.remarks.append(remark("E129-flat", place=ring.points[0].place, where=ring.label))
        return False
    return True


# -- order ----------------------------------------------------------------------------------------


def _order_columns(ring: RingWork, options: ReadOptions) -> None:
    """Several corners per line without numbers: by rows or by columns?"""
    cells = [point.grid for point in ring.points]
    if any(cell is None for cell in cells):
        _order_numbers(ring)
        return
    order = sorted(range(len(cells)), key=lambda i: (cells[i] or (0, 0))[::-1])
    if options.reading == "columns":
        ring.keep(order)
    if options.reading is not None or order == list(range(len(cells))):
        return
    by_rows, by_columns = is_simple(ring.lonlat), is_simple(ring.lonlat[order])
    place = ring.points[0].place
    if by_columns and not by_rows and "E125" not in options.declined:
        before, after = Polygon(ring.lonlat), Polygon(ring.lonlat[order])
        ring.remarks.append(
            remark("E125-shape", place=place, applied=True, before=before, after=after)
        )
        ring.keep(order)
    elif by_columns and by_rows and not _same_ring(ring.lonlat, ring.lonlat[order]):
        rows = _alternative(
            ring,
            range(len(order)),
            Text("按行读取", "by rows"),
            replace(options, reading="rows"),
        )
        columns = _alternative(
            ring, order, Text("按栏读取", "by columns"), replace(options, reading="columns")
        )
        ring.alternatives += [rows, columns]
        ring.remarks.append(
            remark(
                "E125-ambiguous",
                place=place,
                rows=f"{rows.area_km2:.4f}",
                columns=f"{columns.area_km2:.4f}",
            )
        )


def _same_ring(one: FloatArray, other: FloatArray) -> bool:
    return bool(Polygon(one).normalize().equals_exact(Polygon(other).normalize(), 1e-12))


def _alternative(
    ring: RingWork, order: Sequence[int], label: Text, options: ReadOptions
) -> Alternative:
    polygon = Polygon(ring.lonlat[list(order)])
    area = float(ellipsoidal_area(polygon)[0]) / 1e6
    return Alternative(label, Polygonal(polygon, ring.system), area, options)


def _order_numbers(ring: RingWork) -> None:
    """Numbers out of sequence: sort when only that makes the boundary simple."""
    numbers = numbers_of(ring.points)
    known = [number for number in numbers if number is not None]
    if len(known) != len(numbers) or len(set(known)) != len(known):
        return
    if all(a < b for a, b in pairwise(known)):
        return
    place = ring.points[0].place
    order = sorted(range(len(known)), key=lambda i: known[i])
    if not is_simple(ring.lonlat) and is_simple(ring.lonlat[order]):
        before, after = Polygon(ring.lonlat), Polygon(ring.lonlat[order])
        ring.remarks.append(
            remark("E125-order", place=place, applied=True, before=before, after=after)
        )
        ring.keep(order)
    elif not all(a > b for a, b in pairwise(known)):
        ring.remarks.append(remark("E128-order", place=place, applied=False, numbers=listed(known)))


def _sequence(ring: RingWork) -> None:
    """Numbers that are missing."""
    numbers = [number for number in numbers_of(ring.points) if number is not None]
    if len(numbers) != len(ring.points) or len(set(numbers)) != len(numbers):
        return
    first, last = min(numbers), max(numbers)
    missing = sorted(set(range(first, last + 1)) - set(numbers)) if last - first < 5000 else []
    if missing and len(missing) <= len(numbers):
        ring.remarks.append(
            remark(
                "E128-missing",
                place=ring.points[0].place,
                first=first,
                last=last,
                missing=listed(missing),
                count=len(numbers),
            )
        )


# -- spikes and crossings -------------------------------------------------------------------------


def _slivers(ring: RingWork, options: ReadOptions) -> None:
    """Near duplicates and spikes: removed only when accepted."""
    metres, count = ring.metres, len(ring.points)
    drop: set[int] = set()
    accepted = "E123" in options.accepted
    for i in range(count):
        step = float(np.hypot(*(metres[(i + 1) % count] - metres[i])))
        if SAME_CORNER_M <= step < NEAR_CORNER_M:
            drop.add((i + 1) % count)
            ring.remarks.append(
                remark(
                    "E123-near",
                    place=ring.points[i].place,
                    applied=accepted,
                    corners=f"{ring.name(i)}、{ring.name(i + 1)}",
                    distance=f"{step:.2f}",
                )
            )
            continue
        angle = _angle(metres[i - 1], metres[i], metres[(i + 1) % count])
        if angle < SPIKE_DEGREES:
            drop.add(i)
            ring.remarks.append(
                remark(
                    "E123-spike",
                    place=ring.points[i].place,
                    applied=accepted,
                    corner=ring.name(i),
                    angle=f"{angle:.1f}",
                )
            )
    if accepted and drop and count - len(drop) >= 3:
        ring.keep([i for i in range(count) if i not in drop])


def _angle(before: FloatArray, at: FloatArray, after: FloatArray) -> float:
    one, two = before - at, after - at
    cross, dot = one[0] * two[1] - one[1] * two[0], float(one @ two)
    return abs(float(np.degrees(np.arctan2(cross, dot))))


def _report_crossing(ring: RingWork, options: ReadOptions) -> None:
    crossing = find_crossing(ring.lonlat)
    proposal = propose_order(ring.lonlat)
    place = ring.points[crossing.first].place if crossing else ring.points[0].place
    first, second = (crossing.first, crossing.second) if crossing else (0, 0)
    words: dict[str, Any] = {
        "first": ring.edge(first),
        "second": ring.edge(second),
        "crossing": _where(ring.system, crossing.point if crossing else tuple(ring.lonlat[0])),
    }
    before = Polygon(ring.lonlat)
    if proposal is None:
        ring.remarks.append(remark("E124", place=place, before=before, **words))
        return
    order = list(proposal.order)
    after = Polygon(ring.lonlat[order])
    accepted = "E124" in options.accepted
    found = remark(
        "E124-order",
        place=place,
        applied=accepted,
        before=before,
        after=after,
        proposal=proposal.label,
        order=listed(ring.name(i) for i in order),
        **words,
    )
    if accepted:
        ring.remarks.append(found)
        ring.keep(order)
        return
    ring.remarks.append(replace(found, level=Level.BLOCKING))
    ring.alternatives.append(
        _alternative(
            ring, order, proposal.label, replace(options, accepted=options.accepted | {"E124"})
        )
    )


def _where(system: CoordinateSystem, point: tuple[float, ...]) -> Text:
    """A place in the system of the table, so that it can be found there."""
    x, y = from_lonlat(system, np.array([point]))[0]
    if system.is_projected:
        return Text(f"北 {y:.2f}、东 {x:.2f}", f"north {y:.2f}, east {x:.2f}")
    return Text(f"经度 {x:.6f}°、纬度 {y:.6f}°", f"{x:.6f}° E, {y:.6f}° N")
