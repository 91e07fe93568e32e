"""Faults between shapes: overlaps, gaps, what reaches out, what lies elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.standard.model import GeometryType, LayerSpec
from minplan.core.text import Text
from minplan.demo.handin.plants.geometry import looped
from minplan.demo.handin.plants.geopackage import GeoPackage
from minplan.demo.handin.plants.planting import At, Folder, plant
from minplan.formats.features import Column, ColumnType, FeatureTable, write_features
from minplan.formats.features import GeometryType as FileGeometry

_METRE = 1 / 111_000.0
_RIGHTS = ("mining-right", "exploration-right", "mineral-deposit")


def onto(layer: GeoPackage, key: str, place: BaseGeometry) -> None:
    """Move a shape so that its middle lies on a point."""
    point = place.representative_point()

    def make(shape: BaseGeometry) -> BaseGeometry:
        middle = shape.centroid
        return moved(shape, point.x - middle.x, point.y - middle.y)

    layer.draw(key, make)


def moved(shape: BaseGeometry, dx: float, dy: float) -> BaseGeometry:
    """A shape at another place (degrees away), of the same ellipsoidal area there."""
    there = affinity.translate(shape, dx, dy)
    areas = ellipsoidal_area(np.array([shape, there], dtype=object))
    factor = float(np.sqrt(areas[0] / areas[1]))
    return affinity.scale(there, factor, factor)


@plant("Q-TO-01", "两个采矿权重叠", "two rights overlap")
def overlap(folder: Folder) -> At:
    """A right moved half over another of its county."""
    with folder.layer("CKQ") as layer:
        keys = layer.identifiers()
        first = keys[3]
        second = next(
            key for key in keys[4:]
            if layer.value(key, "XZQDM") == layer.value(first, "XZQDM")
        )  # fmt: skip
        onto(layer, second, layer.shape(first))
    return At(layer="CKQ")


@plant("Q-TO-02", "两县之间有缝隙", "a gap between counties")
def gap(folder: Folder) -> At:
    """A notch of 5 by 60 metres in a county, at the middle of a common border."""
    with folder.layer("XZQ") as layer:
        keys = layer.identifiers()
        middle = _common(layer, keys).interpolate(0.5, normalized=True)
        notch = middle.buffer(30 * _METRE, quad_segs=1)
        layer.draw(keys[0], lambda held: held.difference(notch))
    return At(layer="XZQ")


@plant("Q-TO-03", "开采规划区块伸出市界", "a block reaches out of the divisions")
def out_of_divisions(folder: Folder) -> At:
    """A block of the city moved to its border, a little over it."""
    with folder.layer("XZQ") as layer:
        city = shapely.union_all([layer.shape(key) for key in layer.identifiers()])
    return _moved(folder, city.exterior, city, (0.001, 0.008))


def _moved(
    folder: Folder, line: LineString, ground: BaseGeometry, shares: tuple[float, float]
) -> At:
    """Move a block that only this plan has to a line, where it touches nothing else.

    ``shares`` are the least and the most of it that may lie outside ``ground``.
    """
    plan = folder.names.plan
    with folder.layer("KAIGHQK") as layer:
        key = next(key for key in layer.identifiers() if key.startswith("CC"))
        shape = layer.shape(key)
        for step in np.linspace(0.01, 0.99, 400):
            point = line.interpolate(step, normalized=True)
            for turn in np.linspace(0, 2 * np.pi, 24, endpoint=False):
                for far in np.linspace(0.0, 0.009, 19):
                    dx = point.x + far * np.cos(turn) - shape.centroid.x
                    dy = point.y + far * np.sin(turn) - shape.centroid.y
                    there = moved(shape, dx, dy)
                    outside = there.difference(ground).area / there.area
                    if shares[0] < outside < shares[1] and _is_free(folder, there, line):
                        layer.draw(key, lambda _, made=there: made)
                        layer.set(key, XZQDM=plan.region_code, XZQMC=plan.region_name)
                        return At(layer="KAIGHQK", key=key)
    raise ValueError("no free place")


def _is_free(folder: Folder, shape: BaseGeometry, line: BaseGeometry) -> bool:
    """Whether a place touches no control line, right or block, and no border but a line."""
    for held in folder.held.controls.values():
        found = held.candidates(shape.bounds).geometry
        if bool(np.any(shapely.intersects(found, shape))) and held.version.name not in _RIGHTS:
            return False
    for code in ("CKQ", "KAIGHQK", "KCGHQK", "LSYLTB", "ZDKCQ", "ZDKAIQ", "ZLXKCBHQ", "JZKCQ"):
        with folder.layer(code) as layer:
            shapes = [layer.shape(key) for key in layer.identifiers()]
        borders = shapely.boundary(np.array(shapes, dtype=object))
        touched = shapely.intersects(borders, shape) & ~shapely.intersects(borders, line)
        if bool(np.any(touched)):
            return False
    return True


@plant("Q-TO-04", "重点与一般治理区重叠", "key and general remediation zones overlap")
def overlap_between(folder: Folder) -> At:
    """A key zone takes a strip of a general one."""
    with folder.layer("YBZLQ") as layer:
        other = layer.shape(layer.identifiers()[0])
    with folder.layer("ZDZLQ") as layer:
        key = min(layer.identifiers(), key=lambda item: layer.shape(item).distance(other))
        strip = _bridge(layer.shape(key), other)
        layer.draw(key, lambda shape: shape.union(strip))
    return At(layer="ZDZLQ", key=key)


def _bridge(shape: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """A strip from a shape some way into another."""
    line = shapely.shortest_line(shape, other)
    (x, y), (end_x, end_y) = line.coords
    length = float(np.hypot(end_x - x, end_y - y))
    share = 60 * _METRE / length
    path = LineString(
        [(x - share * (end_x - x), y - share * (end_y - y)),
         (end_x + share * (end_x - x), end_y + share * (end_y - y))]
    )  # fmt: skip
    return path.buffer(25 * _METRE, cap_style="flat")


@plant(
    "Q-TO-05",
    "规则要求有效的图层中有自相交",
    "an invalid shape in a layer that a rule wants valid",
    also=("Q-GE-02",),
    reason=Text("图形无效本身就是图形缺陷", "an invalid shape is a fault by itself"),
)
def rule_valid(folder: Folder) -> At:
    """A rule of the bureau for patches, and a patch that crosses itself."""
    edition = folder.edition
    rule = replace(edition.topology[0], id="T-90", kind="valid", layer="LSYLTB", other="")
    held = replace(edition, topology=(*edition.topology, rule))
    folder.hold(load=lambda _: held)
    with folder.layer("LSYLTB") as layer:
        key = layer.identifiers()[3]

        layer.draw(key, looped)
    return At(layer="LSYLTB", key=key)


@plant("Q-TO-06", "线图层有悬挂线", "a line that almost meets another")
def dangle(folder: Folder) -> At:
    """A layer of lines that a bureau adds, with an end half a metre short of the next line."""
    edition = folder.edition
    model = edition.layer("KCD")
    assert model is not None
    spec: LayerSpec = replace(
        model, code="JXX", name=Text("界线", "lines"), geometry=GeometryType.LINE, levels=(),
        aliases=(), fields=tuple(item for item in model.fields if item.code in ("BSM", "MC")),
    )  # fmt: skip
    held = replace(edition, layers=(*edition.layers, spec))
    folder.hold(load=lambda _: held)
    x, y = 113.0, 36.4
    lines = [
        LineString([(x, y), (x + 0.01, y)]),
        LineString([(x + 0.005, y + 0.01), (x + 0.005, y + 0.5 * _METRE)]),
    ]
    path = folder.root / folder.names.folder_of("layers")
    name = folder.names.of("layer", layer=spec.code)
    words = np.array(["1", "2"], dtype=object)
    table = FeatureTable(
        name,
        (Column("BSM", ColumnType.TEXT, length=60), Column("MC", ColumnType.TEXT, length=120)),
        {"BSM": words, "MC": words}, geometry=np.array(lines, dtype=object),
        geometry_type=FileGeometry.LINE, system=CoordinateSystem(),
    )  # fmt: skip
    write_features(path / f"{name}.gpkg", [table], driver="gpkg")
    return At(layer="JXX")


@plant("Q-TO-07", "相邻采矿权的公共边相距 30 厘米", "neighbours whose common edge lies apart")
def edge(folder: Folder) -> At:
    """A right is cut in two by a strip of 30 cm; the other half goes to another right."""
    with folder.layer("CKQ") as layer:
        first, second = layer.identifiers()[3:5]
        shape = shapely.get_parts(layer.shape(first))[0]
        west, south, east, north = shape.bounds
        middle = (west + east) / 2
        line = LineString([(middle, south - 1), (middle, north + 1)])
        strip = line.buffer(0.15 * _METRE / np.cos(np.radians(south)), cap_style="flat")
        halves = shapely.get_parts(shape.difference(strip))
        for key, half in zip((first, second), halves, strict=True):
            layer.draw(key, lambda _, half=half: half)
            area = round(float(ellipsoidal_area(np.array([half], dtype=object))[0]) / 1e6, 4)
            layer.set(key, MJ=area, MJWB=f"{area:.4f}", JSMJ=area)
        division = {code: layer.value(first, code) for code in ("XZQDM", "XZQMC")}
        layer.set(second, **division)
    return At(layer="CKQ")


def _common(layer: GeoPackage, keys: list[str]) -> LineString:
    """The longest common border of the first county."""
    shape = layer.shape(keys[0])
    common = max(
        (shape.boundary.intersection(layer.shape(key).boundary) for key in keys[1:]),
        key=lambda line: line.length,
    )
    return max(shapely.get_parts(shapely.line_merge(common)), key=lambda part: part.length)


@plant("Q-TO-08", "保护区伸出市界", "a zone reaches out of the city")
def zone_outside(folder: Folder) -> At:
    """A protection area at the border of the city grows over it."""
    with folder.layer("XZQ") as layer:
        city = shapely.union_all([layer.shape(key) for key in layer.identifiers()])
    with folder.layer("BHQ") as layer:
        key = min(layer.identifiers(), key=lambda item: layer.shape(item).distance(city.boundary))
        shape = layer.shape(key)
        strip = _bridge(shape, city.boundary)
        layer.draw(key, lambda held: held.union(strip))
    return At(layer="BHQ", key=key)


@plant("Q-TO-09", "开采规划区块跨重点开采区边界", "a block lies across the border of a zone")
def across(folder: Folder) -> At:
    """A block of the city moved onto the border of a key mining area."""
    with folder.layer("ZDKAIQ") as layer:
        zone = shapely.get_parts(layer.shape(layer.identifiers()[1]))[0]
    return _moved(folder, zone.exterior, zone, (0.3, 0.7))


@plant("Q-TO-10", "采矿权的行政区代码是另一县的", "a right with the code of another county")
def elsewhere(folder: Folder) -> At:
    """Code and name of a county where it does not lie."""
    with folder.layer("XZQ") as layer:
        counties = [
            (layer.value(key, "XZQDM"), layer.value(key, "MC")) for key in layer.identifiers()
        ]
    with folder.layer("CKQ") as layer:
        key = layer.identifiers()[3]
        code, name = next(item for item in counties if item[0] != layer.value(key, "XZQDM"))
        layer.set(key, XZQDM=code, XZQMC=name)
    return At(layer="CKQ", key=key)
