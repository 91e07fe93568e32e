"""Faults of areas."""

from __future__ import annotations

from dataclasses import replace

from shapely.geometry import box

from minplan.core.text import Text
from minplan.demo.handin.plants.planting import At, Folder, plant


@plant("Q-AR-01", "图斑计算面积写错", "a computed area that is another")
def computed(folder: Folder) -> At:
    """Half as much again."""
    with folder.layer("LSYLTB") as layer:
        key = layer.identifiers()[3]
        layer.set(key, JSMJ=round(layer.value(key, "JSMJ") * 1.5 + 0.01, 4))
    return At(layer="LSYLTB", key=key, field="JSMJ")


@plant("Q-AR-02", "采矿权登记面积写错", "a stated area that is another")
def stated(folder: Folder) -> At:
    """A fifth more than is drawn."""
    with folder.layer("CKQ") as layer:
        key = layer.identifiers()[3]
        area = round(layer.value(key, "MJ") * 1.2, 4)
        layer.set(key, MJ=area, MJWB=f"{area:.4f}")
    return At(layer="CKQ", key=key, field="MJ")


@plant("Q-AR-03", "采矿权面积填成公顷", "an area in hectares")
def unit(folder: Folder) -> At:
    """A hundred times as much."""
    with folder.layer("CKQ") as layer:
        key = layer.identifiers()[3]
        area = round(layer.value(key, "MJ") * 100, 4)
        layer.set(key, MJ=area, MJWB=f"{area:.4f}")
    return At(layer="CKQ", key=key, field="MJ")


@plant(
    "Q-AR-04",
    "各县面积之和与规划区不等",
    "the counties do not add up to the region",
    also=("Q-TO-02",),
    reason=Text("规划区内没有县的地方就是缝隙", "ground of the region without a county is a gap"),
)
def divisions(folder: Folder) -> At:
    """The region reaches into a corner of its bounds, where no county is."""
    held = folder.held.references(folder.names.plan)
    assert held.region is not None
    west, south, east, north = held.region.bounds
    corner = box(west, south, (3 * west + east) / 4, (3 * south + north) / 4)
    region = held.region.union(corner)
    folder.hold(references=lambda _: replace(held, region=region))
    return At()
