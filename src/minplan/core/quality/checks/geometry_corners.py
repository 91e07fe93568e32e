"""Vertices of geometry: doubled ones, short edges, spikes, too many of them, heights, precision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from minplan.core.quality.check import Example, Family, NotApplicable, NotChecked, Scope, check
from minplan.core.quality.checks.geometry_validity import spatial
from minplan.core.quality.corners import by_feature, corners, sharp, steps
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.sources import AREA_NOTICE, quality
from minplan.core.quality.submission import Context
from minplan.core.quality.view import FloatArray
from minplan.core.text import Text
from minplan.core.tolerances import (
    CORNER_DECIMALS,
    MANY_VERTICES,
    NEAR_CORNER_M,
    SAME_CORNER_M,
    SECOND_DECIMALS,
    SPIKE_DEGREES,
)

_BASIS: Final = quality("图形质量")
_BLOCK: Final = "KAIGHQK"
#: Fewer vertices than this say nothing about the precision of a layer.
_ENOUGH: Final = 8


def _block(*ring: tuple[float, float]) -> dict[str, object]:
    return {"layers": {_BLOCK: [{"polygon": [list(ring)]}]}}


@check(
    "Q-GE-04",
    Text("没有重复节点", "No vertex is doubled"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "相邻两个节点的距离小于容差（缺省 1 厘米）算重复。",
        "Two neighbouring vertices nearer than the tolerance (1 cm) are the same.",
    ),
    mend=Text("删去重复节点", "remove the doubled vertex"),
    parameters={"metres": SAME_CORNER_M},
    examples=(
        Example(Text("节点分明", "distinct vertices"), 0),
        Example(
            Text("角上两个节点", "two vertices at a corner"),
            1,
            _block((0, 0), (900, 0), (900, 0.001), (900, 900)),
        ),
    ),
)
def doubled(ctx: Context) -> Iterator[Fault | More]:
    """Neighbouring vertices at the same place."""
    spatial(ctx)
    view = ctx.view
    length, end = steps(view)
    hits = end[length < ctx.parameters["metres"]]
    lonlat, _, ring = view.points
    owner = view.rings[1]
    yield from by_feature(
        ctx,
        view,
        owner[ring[hits]],
        lonlat[hits],
        lambda count: Text(f"有 {count} 个重复节点", f"{count} doubled vertices"),
    )


@check(
    "Q-GE-20",
    Text("没有过短的边", "No edge is too short"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.INFO,
    basis=_BASIS,
    explanation=Text(
        "短于 0.5 米而不算重复节点的边，多是捕捉不准留下的。",
        "Edges below 0.5 m that are no doubled vertices come from bad snapping.",
    ),
    mend=Text("核对是否应为同一个节点", "see whether both ends should be one vertex"),
    parameters={"metres": NEAR_CORNER_M, "same_metres": SAME_CORNER_M},
    examples=(
        Example(Text("边长正常", "edges of ordinary length"), 0),
        Example(
            Text("20 厘米的边", "an edge of 20 cm"),
            1,
            _block((0, 0), (900, 0), (900, 0.2), (0, 900)),
        ),
    ),
)
def short_edges(ctx: Context) -> Iterator[Fault | More]:
    """Edges that are shorter than the tolerance and no doubled vertices."""
    spatial(ctx)
    view = ctx.view
    length, end = steps(view)
    short = (length >= ctx.parameters["same_metres"]) & (length < ctx.parameters["metres"])
    lonlat, _, ring = view.points
    hits = end[short]
    yield from by_feature(
        ctx,
        view,
        view.rings[1][ring[hits]],
        lonlat[hits],
        lambda count: Text(f"有 {count} 条过短的边", f"{count} very short edges"),
    )


@check(
    "Q-GE-05",
    Text("没有尖锐角", "No spikes"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "节点处的夹角小于容差（缺省 1 度）时，边线去而复返，多为误点。",
        "Where the edges at a vertex enclose less than the tolerance (1°), the line runs out and "
        "back, mostly by a slip.",
    ),
    mend=Text("删去伸出的节点", "remove the vertex at the tip"),
    parameters={"degrees": SPIKE_DEGREES, "same_metres": SAME_CORNER_M},
    examples=(
        Example(Text("角度正常", "ordinary angles"), 0),
        Example(
            Text("伸出一根刺", "a spike"),
            1,
            _block((0, 0), (900, 0), (900, 450), (1800, 452), (900, 454), (900, 900), (0, 900)),
        ),
    ),
)
def spikes(ctx: Context) -> Iterator[Fault | More]:
    """Corners at which the line turns back."""
    spatial(ctx)
    view = ctx.view
    found = corners(view, ctx.parameters["same_metres"])
    hits = sharp(found, ctx.parameters["degrees"])
    limit = ctx.parameters["degrees"]
    yield from by_feature(
        ctx,
        view,
        found.feature[hits],
        found.lonlat[hits],
        lambda count: Text(
            f"有 {count} 处夹角小于 {limit:g}°", f"{count} corners below {limit:g}°"
        ),
    )


@check(
    "Q-GE-18",
    Text("节点数不过多", "Not too many vertices"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "单个要素节点过多（缺省 10 万）时，各种软件处理都很慢。",
        "A feature of very many vertices (100,000) is slow in every program.",
    ),
    mend=Text("拆分要素，或按精度要求抽稀", "divide the feature, or thin it within its precision"),
    parameters={"vertices": MANY_VERTICES},
    examples=(
        Example(Text("节点不多", "few vertices"), 0),
        Example(
            Text("12 万个节点", "120,000 vertices"),
            1,
            {
                "layers": {
                    _BLOCK: [{"geometry": shapely.segmentize(shapely.box(0, 0, 900, 900), 0.03)}]
                }
            },
        ),
    ),
)
def many_vertices(ctx: Context) -> Iterator[Fault | More]:
    """Features with very many vertices."""
    spatial(ctx)
    counts = shapely.get_num_coordinates(ctx.view.shapes)
    most = int(ctx.parameters["vertices"])

    def make(index: int) -> Fault:
        message = Text(f"有 {counts[index]} 个节点", f"{counts[index]} vertices")
        return ctx.at(ctx.view, index, message, value=str(counts[index]), limit=f"≤ {most}")

    yield from ctx.each(np.flatnonzero(counts > most), make)


@check(
    "Q-GE-17",
    Text("图形不带高程和量测值", "Geometry has no heights or measures"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.INFO,
    basis=_BASIS,
    explanation=Text(
        "规划图层为平面图形，Z、M 值入库时去掉；标高应填在字段里。",
        "Layers of a plan are flat; Z and M are dropped on import, elevations belong in fields.",
    ),
    mend=Text("导出时不带 Z、M", "export without Z and M"),
    examples=(
        Example(Text("平面图形", "flat"), 0),
        Example(
            Text("节点带高程", "vertices with heights"),
            1,
            {"layers": {_BLOCK: [{"polygon": [[(0, 0, 9), (900, 0, 9), (900, 900, 9)]]}]}},
        ),
    ),
)
def raised(ctx: Context) -> Iterator[Fault | More]:
    """Layers with heights or measures."""
    spatial(ctx)
    shapes = ctx.data.drawn if ctx.data.drawn is not None else ctx.data.geometry
    if shapes is None:
        raise NotApplicable
    count = int((shapely.has_z(shapes) | shapely.has_m(shapes)).sum())
    if count:
        yield ctx.fault(
            Text(f"{count} 个要素带高程或量测值", f"{count} features have heights or measures"),
            value=str(count),
        )


@check(
    "Q-GE-19",
    Text("坐标取位达到要求", "Coordinates are given finely enough"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=AREA_NOTICE,
    explanation=Text(
        "平面坐标应有 2 位小数（米），经纬度应精确到 0.001 秒；整层坐标都更粗时指出。"
        "整秒的经纬度（如基本区块）不算。",
        "Metres should have 2 decimals, seconds 3; told where a whole layer is coarser. Whole "
        "seconds, as of basic blocks, are not meant.",
    ),
    mend=Text(
        "从原始数据重新导出，保留足够小数", "export again from the source with more decimals"
    ),
    examples=(
        Example(
            Text("米取两位小数", "centimetres"),
            0,
            {"layers": {_BLOCK: {"rows": [{}, {}], "system": "zone", "digits": 2}}},
        ),
        Example(
            Text("坐标取到整米", "whole metres"),
            1,
            {"layers": {_BLOCK: {"rows": [{}, {}], "system": "zone", "digits": 0}}},
        ),
        Example(
            Text("经纬度取 5 位小数", "degrees with 5 decimals"),
            1,
            {"layers": {_BLOCK: {"rows": [{}, {}], "digits": 5}}},
        ),
    ),
)
def coarse(ctx: Context) -> Iterator[Fault | More]:
    """Layers whose coordinates are all coarser than allowed."""
    spatial(ctx)
    if ctx.data.drawn is None or ctx.source.system is None:
        raise NotChecked(Text("不知道图层的坐标系", "the coordinate system is not known"))
    coords = shapely.get_coordinates(ctx.data.drawn)
    coords = coords[np.isfinite(coords).all(axis=1)]
    if len(coords) < _ENOUGH:
        return
    if ctx.source.system.is_projected:
        step, unit = 10.0 ** (1 - CORNER_DECIMALS), "米"
    else:
        if _on_grid(coords, 1 / 3600):
            return
        # decimals of a degree that are surely coarser than the seconds asked for
        step, unit = 10.0 ** (1 - SECOND_DECIMALS - 4), "度"
    if _on_grid(coords, step):
        yield ctx.fault(
            Text(f"全部坐标都只取到 {step:g} {unit}", f"all coordinates are multiples of {step:g}"),
            value=f"{step:g} {unit}",
        )


def _on_grid(coords: FloatArray, step: float) -> bool:
    """Whether all coordinates are multiples of a step, but for the noise of floats."""
    scaled = coords / step
    return bool(np.all(np.abs(scaled - np.round(scaled)) < 1e-4))
