"""Geometries of MapGIS files: points, lines, and areas put together from the arcs around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import FloatArray
from minplan.formats.mapgis.layout import (
    AREA,
    LINE,
    POINT,
    TOPOLOGY,
    Kind,
    Layout,
    Records,
    refusal,
)
from minplan.formats.mapgis.place import Ground
from minplan.formats.vct.rings import polygon_of

#: Ends of arcs closer than this share of the extent are the same node.
_SAME: Final = 1e-9
_PAIR: Final = 16
Rows = NDArray[np.int64]


class Shapes:
    """The objects of a file: ``rows`` are the numbers of those that are not deleted, from 1."""

    def __init__(self, layout: Layout, ground: Ground) -> None:
        """Check the objects; InputError E161 when something is not as expected."""
        self._layout = layout
        self._ground = ground
        self._extent = np.asarray(layout.parameters["extent"], dtype=np.float64)
        match layout.kind:
            case Kind.POINTS:
                self._objects = layout.records(0, POINT, "点")
            case Kind.LINES:
                self._objects = layout.records(0, LINE, "线")
                self._check_lines(self._objects)
            case Kind.AREAS:
                self._objects = layout.records(8, AREA, "区")
                self._arcs = layout.records(0, LINE, "弧段")
                self._check_lines(self._arcs)
                self._check_topology()
        flags = self._objects["flag"]
        if (flags > 1).any():
            raise refusal(layout.name, "图元标志不认识", "flags of objects are not known")
        self.rows: Rows = np.flatnonzero(flags == 1).astype(np.int64) + 1
        self._check_count()

    @property
    def count(self) -> int:
        """The number of objects, deleted ones included."""
        return len(self._objects)

    @property
    def texts(self) -> int:
        """The number of points that are text on the map."""
        if self._layout.kind is not Kind.POINTS:
            return 0
        return int((self._objects["text"][self.rows - 1] > 0).sum())

    def build(self, rows: Sequence[int]) -> list[BaseGeometry]:
        """The geometries of objects, in coordinates on the ground."""
        if self._layout.kind is Kind.POINTS:
            own = self._objects[np.asarray(rows, dtype=np.int64) - 1]
            points = self._placed(np.column_stack([own["x"], own["y"]]))
            return list(shapely.points(points))
        if self._layout.kind is Kind.LINES:
            return [shapely.linestrings(self._points(self._objects, row - 1)) for row in rows]
        return [self._area(row) for row in rows]

    def _check_count(self) -> None:
        at = {Kind.LINES: 0, Kind.AREAS: 4}.get(self._layout.kind)
        if at is None:
            return
        stated = int(self._layout.parameters["counts"][at])
        if stated not in (len(self.rows), self.count):
            raise refusal(
                self._layout.name,
                f"文件头写明 {stated} 个图元，实有 {self.count} 个",
                f"the head states {stated} objects, there are {self.count}",
            )

    def _check_lines(self, lines: Records) -> None:
        counts = lines["count"].astype(np.int64)
        offsets = lines["offset"].astype(np.int64)
        size = len(self._layout.section(1))
        used = lines["flag"] == 1
        wrong = (counts < 2) | (offsets < 0) | (offsets + counts * _PAIR > size)
        if (wrong & used).any():
            raise refusal(self._layout.name, "线的坐标超出数据区", "a line leaves its section")
        if (used & (lines["curve"] != 0)).any():
            raise refusal(self._layout.name, "含有曲线（贝塞尔）", "there are Bézier curves")

    def _check_topology(self) -> None:
        self._topology = self._layout.records(3, TOPOLOGY, "拓扑")
        sides = np.stack([self._topology["left"], self._topology["right"]])
        if len(self._topology) != len(self._arcs) or (sides < 0).any():
            raise refusal(self._layout.name, "弧段拓扑不一致", "the topology of arcs disagrees")
        if (sides > len(self._objects)).any():
            raise refusal(self._layout.name, "弧段指向没有的区", "an arc bounds no known area")
        bounding = (sides[0] != sides[1]) & (self._arcs["flag"] == 1)
        arcs = np.flatnonzero(bounding)
        areas = np.concatenate([sides[0][arcs], sides[1][arcs]])
        both = np.concatenate([arcs, arcs])
        order = np.argsort(areas, kind="stable")
        self._bounds = np.searchsorted(areas[order], np.arange(len(self._objects) + 2))
        self._around = both[order]

    def _area(self, row: int) -> BaseGeometry:
        """An area from the arcs that have it on one side only, whatever their direction."""
        arcs = self._around[self._bounds[row] : self._bounds[row + 1]]
        lines = [self._points(self._arcs, int(arc)) for arc in arcs]
        rings = chain(lines, self._reach)
        if not rings:
            raise refusal(
                self._layout.name,
                f"第 {row} 个区的弧段围不成圈",
                f"the arcs of area {row} do not close",
            )
        return polygon_of(rings)

    @property
    def _reach(self) -> float:
        corners = self._ground.convert(self._extent.reshape(2, 2))
        return float(np.abs(corners).max() * _SAME)

    def _points(self, lines: Records, index: int) -> FloatArray:
        count, offset = int(lines["count"][index]), int(lines["offset"][index])
        raw = self._layout.section(1)[offset : offset + count * _PAIR].tobytes()
        return self._placed(np.frombuffer(raw, dtype="<f8").reshape(-1, 2))

    def _placed(self, points: FloatArray) -> FloatArray:
        """Points on the ground; those outside the extent of the head show a wrong reading."""
        west, south, east, north = self._extent
        slack = 1e-6 * max(abs(self._extent).max(), 1.0)
        low, high = np.array([west, south]) - slack, np.array([east, north]) + slack
        if not np.isfinite(points).all() or (points < low).any() or (points > high).any():
            raise refusal(
                self._layout.name,
                "坐标超出文件头写明的范围",
                "coordinates lie outside the extent that the head states",
            )
        return self._ground.convert(np.asarray(points, dtype=np.float64))


def chain(lines: Sequence[FloatArray], reach: float) -> list[FloatArray]:
    """Closed rings from lines in any order and direction; none when some do not close."""
    rings = []
    ends = np.array([[line[0], line[-1]] for line in lines]).reshape(-1, 2, 2)
    free = np.ones(len(lines), dtype=bool)
    for first, line in enumerate(lines):
        if not free[first]:
            continue
        free[first] = False
        ring = [line]
        while np.abs(line[0] - ring[-1][-1]).max() > reach or sum(map(len, ring)) < 4:
            near = (np.abs(ends - ring[-1][-1]).max(axis=2) <= reach) & free[:, None]
            if not near.any():
                return []
            index, side = (int(at) for at in np.argwhere(near)[0])
            free[index] = False
            ring.append((lines[index] if side == 0 else lines[index][::-1])[1:])
        rings.append(np.concatenate(ring))
        rings[-1][-1] = rings[-1][0]
    return rings
