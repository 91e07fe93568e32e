"""Ground that was drawn or dragged on a map: its rings are known, its shape must still hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.polygon import orient

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners.crossing import find_crossing
from minplan.core.geometry.corners.model import CHINA
from minplan.core.geometry.crs import CoordinateSystem, FloatArray, from_lonlat
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.text import Text


def drawn(geometry: Mapping[str, Any], system: CoordinateSystem, source: str = "") -> Polygonal:
    """The ground of a GeoJSON polygon in lon/lat whose edges are straight in ``system``.

    Raises InputError: E129 (fewer than three corners, no area), E124 (edges cross: which, where),
    E127 (a hole that lies outside), E109 (not GeoJSON, or not in China).
    """
    parts = _parts(geometry)
    polygons = [_part(rings, system, number) for number, rings in enumerate(parts, 1)]
    whole = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    if not whole.is_valid:
        raise InputError(
            "E124",
            Text("两个部分互相重叠", "two parts overlap"),
            hint=Text("请移开拐点，或合并为一个部分", "move the corners apart, or join the parts"),
        )
    return Polygonal(whole, system, source)


def _parts(geometry: Mapping[str, Any]) -> list[list[FloatArray]]:
    try:
        kind, coordinates = geometry["type"], geometry["coordinates"]
        parts: Sequence[Any] = [coordinates] if kind == "Polygon" else coordinates
        found = [[_ring(ring) for ring in rings] for rings in parts if rings]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise _no_shape() from error
    if kind not in ("Polygon", "MultiPolygon") or not found:
        raise _no_shape()
    return found


def _ring(ring: Any) -> FloatArray:
    points = np.array([[float(x), float(y)] for x, y, *_ in ring], dtype=np.float64).reshape(-1, 2)
    west, south, east, north = CHINA.bounds
    inside = (points >= (west, south)) & (points <= (east, north))
    if not inside.all():  # NaN compares false as well
        raise _no_shape()
    if len(points) > 1 and (points[0] == points[-1]).all():
        points = points[:-1]
    kept = np.ones(len(points), dtype=bool)
    kept[1:] = (points[1:] != points[:-1]).any(axis=1)
    return points[kept]


def _part(rings: Sequence[FloatArray], system: CoordinateSystem, number: int) -> Polygon:
    for ring in rings:
        _check(ring, system)
    polygon = Polygon(rings[0], rings[1:])
    if not polygon.is_valid:
        raise InputError(
            "E127",
            Text(
                f"第 {number} 部分的扣除圈与外圈相交或不在其内",
                f"a hole of part {number} crosses its outer ring or lies outside",
            ),
            hint=Text("请把扣除圈的拐点移到外圈以内", "move the hole's corners inside"),
        )
    return orient(polygon, sign=-1.0)


def _check(ring: FloatArray, system: CoordinateSystem) -> None:
    # the signed area of a bow-tie may be zero, that of its hull is not
    if len(ring) < 3 or shapely.convex_hull(shapely.multipoints(ring)).area == 0:
        raise InputError(
            "E129",
            Text(f"只有 {len(ring)} 个拐点，不能成面", f"{len(ring)} corners bound no area"),
            hint=Text("请补足拐点，至少 3 点且不在一条线上", "at least 3 corners, not in a line"),
        )
    if shapely.is_valid(Polygon(ring)):
        return
    crossing = find_crossing(ring)
    if crossing is None:
        raise _no_shape()
    count = len(ring)
    first, second = (
        f"{index + 1}–{(index + 1) % count + 1}" for index in (crossing.first, crossing.second)
    )
    x, y = from_lonlat(system, np.array([crossing.point]))[0]
    where = (
        Text(f"北 {y:.2f}、东 {x:.2f}", f"north {y:.2f}, east {x:.2f}")
        if system.is_projected
        else Text(f"经度 {x:.6f}°、纬度 {y:.6f}°", f"{x:.6f}° E, {y:.6f}° N")
    )
    raise InputError(
        "E124",
        Text(
            f"边界自相交：边 {first} 与边 {second} 相交于{where.zh}",
            f"the boundary crosses itself: edges {first} and {second} meet at {where.en}",
        ),
        place=Place(corner=str(crossing.first + 1)),
        hint=Text("请移动这两条边的拐点，或撤销上一步", "move their corners, or undo"),
    )


def _no_shape() -> InputError:
    return InputError(
        "E109",
        Text("图形不是中国范围内的面", "the shape is no area within China"),
        hint=Text("请重新绘制，或粘贴坐标", "draw it again, or paste its coordinates"),
    )
