"""Faults of single shapes: invalid, spiky, small, misplaced, in another system."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from pyproj import CRS
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.text import Text
from minplan.demo.handin.plants.planting import At, Folder, changed, plant

_METRE = 1 / 111_000.0  # of latitude, in degrees
#: A layer that no other layer is held against: areas of abandoned mines.
_LAYER = "LSYLTB"


def _change(folder: Folder, code: str, make: object, number: int = 3) -> At:
    with folder.layer(code) as layer:
        key = layer.identifiers()[number]
        layer.draw(key, make)
    return At(layer=code, key=key)


def _ring(shape: BaseGeometry) -> list[tuple[float, float]]:
    return list(shape.exterior.coords)


@plant("Q-GE-01", "矿产地没有图形", "a feature without geometry")
def missing(folder: Folder) -> At:
    """A deposit that is nowhere."""
    return _change(folder, "KCD", lambda _: None)


@plant("Q-GE-02", "图斑自相交", "an area that crosses itself")
def crossing(folder: Folder) -> At:
    """A small loop on a side."""
    return _change(folder, _LAYER, looped)


def looped(shape: BaseGeometry) -> BaseGeometry:
    """An area with a small loop on a side, which hardly changes its size."""
    (x, y), (end_x, end_y) = _ring(shape)[5:7]
    along = np.array([end_x - x, end_y - y])
    aside = 0.2 * np.array([along[1], -along[0]])
    start = np.array([x, y])
    corners = [
        start + 0.4 * along,
        start + 0.6 * along + aside,
        start + 0.4 * along + aside,
        start + 0.6 * along,
    ]
    return Polygon(_insert(shape, 6, *((float(a), float(b)) for a, b in corners)))


@plant("Q-GE-03", "图斑的环不闭合", "a ring that is not closed")
def unclosed(folder: Folder) -> At:
    """The program that wrote the layer did not close a ring."""
    folder.within = changed(_LAYER, lambda data: replace(data, unclosed=(4,)))
    return At(layer=_LAYER)


@plant("Q-GE-04", "图斑有重复节点", "a corner is there twice")
def corner_twice(folder: Folder) -> At:
    """The fifth corner again."""
    return _change(folder, _LAYER, lambda shape: Polygon(_insert(shape, 5, _ring(shape)[5])))


def _insert(shape: BaseGeometry, place: int, *corners: tuple[float, float]) -> list[object]:
    ring: list[object] = [*_ring(shape)]
    ring[place:place] = corners
    return ring


@plant("Q-GE-05", "图斑有尖锐角", "a spike")
def spike(folder: Folder) -> At:
    """A needle of 8 metres out of a side."""

    def make(shape: BaseGeometry) -> BaseGeometry:
        ring = _ring(shape)
        (x, y), (end_x, end_y) = ring[5], ring[6]
        middle = ((x + end_x) / 2, (y + end_y) / 2)
        outward = (middle[0] - shape.centroid.x, middle[1] - shape.centroid.y)
        length = float(np.hypot(*outward))
        reach = 8 * _METRE / length
        far = (middle[0] + reach * outward[0], middle[1] + reach * outward[1])
        near = (
            middle[0] + 0.001 * (end_x - middle[0]),
            middle[1] + 0.001 * (end_y - middle[1]),
        )
        return Polygon(_insert(shape, 6, middle, far, near))

    return _change(folder, _LAYER, make)


def _resized(folder: Folder, key: str, code: str = _LAYER) -> None:
    """Let the areas of a changed patch follow its shape."""
    with folder.layer(code) as layer:
        area = float(ellipsoidal_area(np.array([layer.shape(key)], dtype=object))[0])
        layer.set(key, MJ=round(area / 1e4, 4), JSMJ=round(area / 1e6, 4))


@plant("Q-GE-06", "图斑为狭长面", "a sliver")
def sliver(folder: Folder) -> At:
    """A strip of 700 by 2 metres."""

    def make(shape: BaseGeometry) -> BaseGeometry:
        x, y = shape.centroid.coords[0]
        return shapely.box(x, y, x + 900 * _METRE, y + 2 * _METRE)

    at = _change(folder, _LAYER, make)
    _resized(folder, at.key)
    return at


@plant("Q-GE-07", "图斑不足 100 平方米", "an area that is too small")
def micro(folder: Folder) -> At:
    """A square of 6 metres."""

    def make(shape: BaseGeometry) -> BaseGeometry:
        x, y = shape.centroid.coords[0]
        return shapely.box(x, y, x + 7 * _METRE, y + 6 * _METRE)

    at = _change(folder, _LAYER, make)
    _resized(folder, at.key)
    return at


@plant("Q-GE-08", "图斑有细碎岛洞", "a hole that is too small")
def hole(folder: Folder) -> At:
    """A hole of 4 by 3 metres."""

    def make(shape: BaseGeometry) -> BaseGeometry:
        x, y = shape.centroid.coords[0]
        inner = shapely.box(x, y, x + 4 * _METRE, y + 3 * _METRE).exterior.reverse()
        return Polygon(shape.exterior.coords, [inner.coords])

    at = _change(folder, _LAYER, make)
    _resized(folder, at.key)
    return at


@plant("Q-GE-09", "开采规划区块由两部分组成", "a block of two parts")
def multipart(folder: Folder) -> At:
    """A block cut by a strip, whose area hardly changes."""

    def make(shape: BaseGeometry) -> BaseGeometry:
        west, south, east, north = shape.bounds
        x = (west + east) / 2
        strip = LineString([(x, south - 1), (x, north + 1)]).buffer(0.1 * _METRE, cap_style="flat")
        return MultiPolygon(list(shape.difference(strip).geoms))

    return _change(folder, "KCGHQK", make)


@plant("Q-GE-10", "岛洞方向与外环相同", "a hole in the direction of its ring")
def direction(folder: Folder) -> At:
    """A large hole drawn the way of the ring around it."""

    def make(shape: BaseGeometry) -> BaseGeometry:
        inner = list(affinity.scale(shape, 0.2, 0.2).exterior.coords)
        return Polygon(shape.exterior.coords, [inner])

    at = _change(folder, _LAYER, make)
    _resized(folder, at.key)
    return at


@plant("Q-GE-11", "两个矿产地图形相同", "two features with one geometry")
def shape_twice(folder: Folder) -> At:
    """A patch drawn where another is."""
    with folder.layer(_LAYER) as layer:
        first, second = layer.identifiers()[:2]
        shape = layer.shape(first)
        layer.draw(second, lambda _: shape)
        layer.set(second, MJ=layer.value(first, "MJ"), JSMJ=layer.value(first, "JSMJ"))
    return At(layer=_LAYER)


def _system(folder: Folder, number: int, name: str, wkt: str, organisation: str = "EPSG") -> None:
    with folder.layer("KCD") as layer:
        layer.sql(
            "INSERT OR REPLACE INTO gpkg_spatial_ref_sys"
            " (srs_name, srs_id, organization, organization_coordsys_id, definition, description)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            name, number, organisation, number, wkt, name,
        )  # fmt: skip
        layer.sql("UPDATE gpkg_geometry_columns SET srs_id=?", number)
        layer.sql("UPDATE gpkg_contents SET srs_id=?", number)


@plant("Q-GE-13", "矿产地是没有说明的独立坐标", "a layer in a system that nobody knows")
def system_missing(folder: Folder) -> At:
    """Metres from a corner of the mine, and no word of it."""
    with folder.layer("KCD") as layer:
        layer.sql("UPDATE gpkg_geometry_columns SET srs_id=-1")
        layer.sql("UPDATE gpkg_contents SET srs_id=-1")
        for key in layer.identifiers():
            layer.draw(key, lambda p: Point((p.x - 112) * 90_000, (p.y - 35) * 111_000))
        layer.sql("UPDATE gpkg_contents SET min_x=0, min_y=0, max_x=180000, max_y=250000")
    return At(layer="KCD")


@plant(
    "Q-GE-14",
    "矿产地为 WGS 84",
    "a layer in WGS 84",
    also=("Q-MD-05",),
    reason=Text("元数据写的坐标系与图层不同", "the metadata name another system than the layer"),
)
def system_other(folder: Folder) -> At:
    """The system of navigation instead of the national one."""
    _system(folder, 4326, "WGS 84 geodetic", CRS(4326).to_wkt("WKT1_GDAL"))
    return At(layer="KCD")


@plant(
    "Q-GE-15",
    "矿产地经纬度写反",
    "a layer with swapped axes",
    also=("Q-MD-03",),
    reason=Text("写反的图层在元数据范围之外", "the layer lies outside the bounds of the metadata"),
)
def axes_swapped(folder: Folder) -> At:
    """Latitude first."""
    with folder.layer("KCD") as layer:
        for key in layer.identifiers():
            layer.draw(key, lambda point: Point(point.y, point.x))
    return At(layer="KCD")


@plant("Q-GE-16", "一个矿产地在规划区外", "a feature outside the region")
def outside(folder: Folder) -> At:
    """A deposit in a corner of the bounds, where the city does not reach."""
    told = folder.metadata()
    west, south = float(told["XBJD"]), float(told["NBWD"])
    with folder.layer("KCD") as layer:
        key = layer.identifiers()[3]
        layer.draw(key, lambda _: Point(west + 0.02, south + 0.02))
        layer.set(key, XZQDM=folder.names.plan.region_code, XZQMC=folder.names.plan.region_name)
    return At(layer="KCD", key=key)


@plant("Q-GE-17", "矿产地带高程值", "coordinates with heights")
def heights(folder: Folder) -> At:
    """Deposits at 900 metres."""
    folder.within = changed(
        "KCD", lambda data: replace(data, drawn=shapely.force_3d(data.geometry, 900.0))
    )
    return At(layer="KCD")


@plant("Q-GE-18", "产业重点发展区节点过多", "an area with too many corners")
def corners_many(folder: Folder) -> At:
    """Corners every few metres, more than a hundred thousand."""

    def make(shape: BaseGeometry) -> BaseGeometry:
        ring = shape.exterior
        return Polygon(ring.segmentize(ring.length / 100_500))

    return _change(folder, "ZYFZQ", make, 0)


@plant("Q-GE-19", "探矿权坐标只有三位小数", "coordinates with three decimals")
def coarse(folder: Folder) -> At:
    """Deposits on a grid of a hundred metres."""
    with folder.layer("KCD") as layer:
        for key in layer.identifiers():
            layer.draw(key, lambda point: Point(round(point.x, 3), round(point.y, 3)))
    return At(layer="KCD")


@plant("Q-GE-20", "图斑有过短的边", "a very short side")
def short_side(folder: Folder) -> At:
    """A corner 2 cm from another, on the same side."""

    def make(shape: BaseGeometry) -> BaseGeometry:
        (x, y), (end_x, end_y) = _ring(shape)[5:7]
        share = 0.02 * _METRE / float(np.hypot(end_x - x, end_y - y))
        return Polygon(_insert(shape, 6, (x + share * (end_x - x), y + share * (end_y - y))))

    return _change(folder, _LAYER, make)
