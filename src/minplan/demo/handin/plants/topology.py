"""Faults between shapes: overlaps, gaps, what reaches out, what lies elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.standard.model import GeometryType, LayerSpec
from minplan.core.text import Text
from minplan.demo.handin.plants.geopackage import GeoPackage
from minplan.demo.handin.plants.planting import At, Folder, plant
from minplan.formats.features import Column, ColumnType, FeatureTable, write_features
from minplan.formats.features import GeometryType as FileGeometry
from minplan.core.geometry.crs import CoordinateSystem

_METRE = 1 / 111_000.0


def onto(layer: GeoPackage, key: str, place: BaseGeometry) -> None:
    """Move a shape so that its middle lies on a point."""
    point = place.representative_point()

    def make(shape: BaseGeometry) -> BaseGeometry:
        middle = shape.centroid
        return affinity.translate(shape, point.x - middle.x, point.y - middle.y)

    layer.draw(key, make)


def _grown(layer: GeoPackage, key: str, near: str, metres: float) -> None:
    """Draw a corner of a shape into another one, by some metres."""
    other = layer.shape(near)

    def make(shape: BaseGeometry) -> BaseGeometry:
        return shape.union(other.boundary.buffer(metres * _METRE).intersection(other))

    layer.draw(key, make)


@plant("Q-TO-01", "两个采矿权重叠", "two rights overlap")
def overlap(folder: Folder) -> At:
    """A right moved half over another of its county."""
    with folder.layer("CKQ") as layer:
        keys = layer.keys()
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
        keys = layer.keys()
        shape = layer.shape(keys[0])
        common = max(
            (shape.boundary.intersection(layer.shape(key).boundary) for key in keys[1:]),
            key=lambda line: line.length,
        )
        line = max(shapely.get_parts(shapely.line_merge(common)), key=lambda part: part.length)
        notch = line.interpolate(0.5, normalized=True).buffer(20 * _METRE)
        layer.draw(keys[0], lambda held: held.difference(notch))
    return At(layer="XZQ")


@plant("Q-TO-03", "集中开采区伸出市界", "an area reaches out of the divisions")
def out_of_divisions(folder: Folder) -> At:
    """A patch of half a metre."""
    return At(layer="JZKCQ")


@plant("Q-TO-04", "重点与一般治理区重叠", "key and general remediation zones overlap")
def overlap_between(folder: Folder) -> At:
    """A key zone takes a strip of a general one."""
    with folder.layer("YBZLQ") as layer:
        other = layer.shape(layer.keys()[0])
    with folder.layer("ZDZLQ") as layer:
        key = min(layer.keys(), key=lambda item: layer.shape(item).distance(other))
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
        key = layer.keys()[3]

        def make(shape: BaseGeometry) -> BaseGeometry:
            ring = list(shape.exterior.coords)
            ring[9], ring[10] = ring[10], ring[9]
            return Polygon(ring)

        layer.draw(key, make)
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
        name, (Column("BSM", ColumnType.TEXT, length=60), Column("MC", ColumnType.TEXT, length=120)),
        {"BSM": words, "MC": words}, geometry=np.array(lines, dtype=object),
        geometry_type=FileGeometry.LINE, system=CoordinateSystem(),
    )  # fmt: skip
    write_features(path / f"{name}.gpkg", [table], driver="gpkg")
    return At(layer="JXX")


@plant("Q-TO-07", "两县公共边不重合", "a common border is drawn twice")
def edge(folder: Folder) -> At:
    """A vertex of a common border 30 cm off on one side."""
    return At(layer="XZQ")


@plant("Q-TO-08", "重点开采区伸出市界", "a zone reaches out of the city")
def zone_outside(folder: Folder) -> At:
    """A protection area at the border of the city grows over it."""
    with folder.layer("XZQ") as layer:
        city = shapely.union_all([layer.shape(key) for key in layer.keys()])
    with folder.layer("BHQ") as layer:
        key = min(layer.keys(), key=lambda item: layer.shape(item).distance(city.boundary))
        shape = layer.shape(key)
        tip = shapely.shortest_line(shape, city.boundary)
        strip = LineString(tip.coords).buffer(60 * _METRE)
        layer.draw(key, lambda held: held.union(strip))
    return At(layer="BHQ", key=key)


@plant("Q-TO-09", "开采规划区块跨重点开采区边界", "a block lies across the border of a zone")
def across(folder: Folder) -> At:
    """A provincial block moved onto the border of a key mining area."""
    return At(layer="KAIGHQK")


@plant("Q-TO-10", "采矿权的行政区代码是另一县的", "a right with the code of another county")
def elsewhere(folder: Folder) -> At:
    """Code and name of a county where it does not lie."""
    with folder.layer("XZQ") as layer:
        counties = [(layer.value(key, "XZQDM"), layer.value(key, "MC")) for key in layer.keys()]
    with folder.layer("CKQ") as layer:
        key = layer.keys()[3]
        code, name = next(item for item in counties if item[0] != layer.value(key, "XZQDM"))
        layer.set(key, XZQDM=code, XZQMC=name)
    return At(layer="CKQ", key=key)
