"""Changing the ground of zones: split by a line, merge, cut a hole. Lon/lat in, lon/lat out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from minplan.core.errors import InputError
from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.standard.feature import rounded
from minplan.core.text import Text
from minplan.core.tolerances import NOISE_AREA_M2

#: A drawn line that ends this close (degrees, about 10 m) to the border is meant to reach it.
_REACH: Final = 1e-4


def split_by_line(ground: BaseGeometry, line: LineString) -> tuple[Polygon | MultiPolygon, ...]:
    """The pieces into which a line cuts a polygon, largest first.

    Parts that the line does not touch stay with the piece they are nearest to. Raises InputError
    E865 when the line does not cut through.
    """
    reaching = _prolonged(line)
    pieces: list[Polygon] = []
    whole: list[Polygon] = []
    for part in _parts(ground):
        cut = [item for item in split(part, reaching).geoms if _is_ground(item)]
        (pieces if len(cut) > 1 else whole).extend(cut)
    if len(pieces) < 2:
        raise InputError(
            "E865",
            Text("线没有穿过图形", "the line does not cut through"),
            hint=Text(
                "从图形外画到图形外，把它分成两块以上",
                "draw from outside to outside so that the ground falls apart",
            ),
        )
    joined: list[list[Polygon]] = [[item] for item in pieces]
    for part in whole:
        min(joined, key=lambda group: group[0].distance(part)).append(part)
    grounds = [_one(group) for group in joined]
    return tuple(sorted(grounds, key=lambda item: -float(ellipsoidal_area([item])[0])))


def merged(grounds: Iterable[BaseGeometry]) -> Polygon | MultiPolygon:
    """Several grounds as one; gaps between them stay, so that nothing is added silently."""
    return _one(_parts(shapely.union_all(list(grounds))))


def without(ground: BaseGeometry, hole: BaseGeometry) -> Polygon | MultiPolygon:
    """The ground without what lies inside ``hole`` (InputError E865: nothing left, or cut)."""
    left = [item for item in _parts(ground.difference(hole)) if _is_ground(item)]
    if not left or not ground.intersects(hole):
        raise InputError(
            "E865",
            Text("挖空范围不在图形内，或挖去了全部", "the hole lies outside, or takes everything"),
            hint=Text("在图形内部画挖空的范围", "draw the hole inside the ground"),
        )
    return _one(left)


def _prolonged(line: LineString) -> LineString:
    points = shapely.get_coordinates(line)
    if len(points) < 2:
        return line
    head = _beyond(points[1], points[0])
    tail = _beyond(points[-2], points[-1])
    return LineString([head, *points, tail])


def _beyond(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    east, north = end[0] - start[0], end[1] - start[1]
    length = (east**2 + north**2) ** 0.5 or 1.0
    return end[0] + east / length * _REACH, end[1] + north / length * _REACH


def _parts(ground: BaseGeometry) -> list[Polygon]:
    return [item for item in shapely.get_parts(ground).tolist() if isinstance(item, Polygon)]


def _is_ground(item: BaseGeometry) -> bool:
    return isinstance(item, Polygon) and float(ellipsoidal_area([item])[0]) > NOISE_AREA_M2


def _one(parts: list[Polygon]) -> Polygon | MultiPolygon:
    found = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    return rounded(found)
