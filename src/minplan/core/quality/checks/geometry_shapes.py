"""Shapes that are too thin, too small, in several parts, or wound the wrong way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.layer import GeometryArray
from minplan.core.geometry.measure import mean_widths
from minplan.core.quality.check import Example, Family, NotApplicable, Scope, check
from minplan.core.quality.checks.geometry_validity import spatial
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.sources import quality
from minplan.core.quality.submission import Context
from minplan.core.quality.view import FloatArray, IndexArray, View
from minplan.core.quality.words import dictionary
from minplan.core.text import Text
from minplan.core.tolerances import MICRO_AREA_M2, SLIVER_WIDTH_M

_BASIS: Final = quality("图形质量")
_BLOCK: Final = "KAIGHQK"


def _one(**place: object) -> dict[str, object]:
    return {"layers": {_BLOCK: [place]}}


def _parts(view: View) -> tuple[GeometryArray, IndexArray]:
    """The single polygons of a layer, each with the index of its feature."""
    if "parts" not in view.memo:
        parts, owner = shapely.get_parts(view.shapes[view.polygons], return_index=True)
        view.memo["parts"] = parts, view.polygons[owner]
    parts, feature = view.memo["parts"]
    return parts, feature


def _part_areas(view: View) -> FloatArray:
    """Their ellipsoidal areas in m²; where no feature has several parts, those of the features."""
    if "part areas" not in view.memo:
        parts, feature = _parts(view)
        single = len(parts) == len(view.polygons)
        view.memo["part areas"] = view.area_m2[feature] if single else ellipsoidal_area(parts)
    areas: FloatArray = view.memo["part areas"]
    return areas


@check(
    "Q-GE-06",
    Text("没有狭长面", "No slivers"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "平均宽度小于 2 米的面多为叠加切割的残余；宽度取同面积同周长的矩形的短边。",
        "Polygons of less than 2 m mean width are left over from overlays; the width is the short "
        "side of the rectangle with the same area and perimeter.",
    ),
    mend=Text("并入相邻要素，或删去", "merge it with a neighbour, or drop it"),
    parameters={"metres": SLIVER_WIDTH_M},
    examples=(
        Example(Text("宽度正常", "ordinary width"), 0),
        Example(Text("1 米宽的长条", "a strip of 1 m"), 1, _one(box=(0, 0, 1000, 1))),
    ),
)
def slivers(ctx: Context) -> Iterator[Fault | More]:
    """Polygons that are too narrow."""
    spatial(ctx)
    view = ctx.view
    parts, feature = _parts(view)
    if not len(parts):
        return
    widths = mean_widths(parts, view.latitude, _part_areas(view))
    limit = ctx.parameters["metres"]

    def make(index: int) -> Fault:
        message = Text(f"平均宽度 {widths[index]:.2f} 米", f"{widths[index]:.2f} m wide")
        return ctx.at(
            view,
            int(feature[index]),
            message,
            value=f"{widths[index]:.2f} 米",
            limit=f"≥ {limit:g} 米",
            geometry=parts[index],
        )

    yield from ctx.each(np.flatnonzero((widths < limit) & (shapely.area(parts) > 0)), make)


def _small(
    ctx: Context, shapes: GeometryArray, feature: IndexArray, areas: FloatArray, what: Text
) -> Iterator[Fault | More]:
    limit = ctx.parameters["square_metres"]

    def make(index: int) -> Fault:
        return ctx.at(
            ctx.view,
            int(feature[index]),
            Text(f"{what.zh} {areas[index]:.2f} 平方米", f"{what.en} of {areas[index]:.2f} m²"),
            value=f"{areas[index]:.2f} m²",
            limit=f"≥ {limit:g} m²",
            geometry=shapes[index],
        )

    yield from ctx.each(np.flatnonzero(areas < limit), make)


@check(
    "Q-GE-07",
    Text("没有细碎面", "No micro-areas"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "面积小于 100 平方米（可调）的面，或多部分要素中这样小的部分。",
        "Polygons, or parts of features, below 100 m² (may be set).",
    ),
    mend=Text("并入相邻要素，或删去", "merge it with a neighbour, or drop it"),
    parameters={"square_metres": MICRO_AREA_M2},
    examples=(
        Example(Text("面积正常", "ordinary areas"), 0),
        Example(
            Text("一个部分只有 25 平方米", "a part of 25 m²"),
            1,
            _one(boxes=[(0, 0, 900, 900), (950, 0, 955, 5)]),
        ),
    ),
)
def micro_areas(ctx: Context) -> Iterator[Fault | More]:
    """Polygons and parts that are very small."""
    spatial(ctx)
    parts, feature = _parts(ctx.view)
    what = Text("细碎面", "a micro-area")
    yield from _small(ctx, parts, feature, _part_areas(ctx.view), what)


@check(
    "Q-GE-08",
    Text("没有细碎岛洞", "No micro-holes"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "面中小于 100 平方米（可调）的洞多为漏填的缝隙。",
        "Holes below 100 m² (may be set) are mostly gaps that were not filled.",
    ),
    mend=Text("填掉小洞", "fill the hole"),
    parameters={"square_metres": MICRO_AREA_M2},
    examples=(
        Example(
            Text("大洞是真的", "a large hole"),
            0,
            _one(polygon=[[(0, 0), (900, 0), (900, 900)], [(500, 100), (600, 100), (600, 200)]]),
        ),
        Example(
            Text("8 平方米的洞", "a hole of 8 m²"),
            1,
            _one(polygon=[[(0, 0), (900, 0), (900, 900)], [(500, 100), (504, 100), (504, 104)]]),
        ),
    ),
)
def micro_holes(ctx: Context) -> Iterator[Fault | More]:
    """Holes that are very small."""
    spatial(ctx)
    view = ctx.view
    parts, feature = _parts(view)
    holed = np.flatnonzero(shapely.get_num_interior_rings(parts) > 0)
    rings, owner = shapely.get_rings(parts[holed], return_index=True)
    inner = np.append(False, owner[1:] == owner[:-1]) if len(owner) else np.zeros(0, dtype=bool)
    holes = shapely.polygons(rings[inner])
    what = Text("细碎岛洞", "a micro-hole")
    yield from _small(ctx, holes, feature[holed[owner[inner]]], ellipsoidal_area(holes), what)


@check(
    "Q-GE-09",
    Text("规划区块为单一图形", "Planning blocks are of one part"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=quality("图形质量"),
    explanation=Text(
        "一个规划区块应是一个连续的范围；多部分的应拆成几个区块或说明理由。",
        "A planning block is one piece of ground; several parts should be several blocks.",
    ),
    mend=Text("拆成单独的区块，或说明理由", "divide it into blocks, or state why"),
    examples=(
        Example(Text("一个部分", "one part"), 0),
        Example(
            Text("两个部分", "two parts"), 1, _one(boxes=[(0, 0, 900, 900), (1000, 0, 1900, 900)])
        ),
    ),
)
def multipart(ctx: Context) -> Iterator[Fault | More]:
    """Blocks of several parts."""
    if spatial(ctx).zone_kind not in dictionary()["kinds"]["blocks"]:
        raise NotApplicable
    view = ctx.view
    counts = shapely.get_num_geometries(view.shapes)

    def make(index: int) -> Fault:
        message = Text(f"有 {counts[index]} 个部分", f"{counts[index]} parts")
        return ctx.at(view, index, message, value=str(counts[index]), geometry=view.shapes[index])

    yield from ctx.each(np.flatnonzero(counts > 1), make)


@check(
    "Q-GE-10",
    Text("内外环方向相反", "Holes run the other way than outer rings"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.INFO,
    weight=0.5,
    basis=quality("图形质量"),
    explanation=Text(
        "外环与岛环同向时，个别软件会把岛当作面；只作提示。",
        "Some programs take a hole for an area when it runs the way of its outer ring.",
    ),
    mend=Text("导出时重排环的方向", "let the export orient the rings"),
    examples=(
        Example(
            Text("方向相反", "the other way"),
            0,
            _one(polygon=[[(0, 0), (900, 0), (900, 900)], [(500, 100), (600, 200), (600, 100)]]),
        ),
        Example(
            Text("方向相同", "the same way"),
            1,
            _one(polygon=[[(0, 0), (900, 0), (900, 900)], [(500, 100), (600, 100), (600, 200)]]),
        ),
    ),
)
def orientation(ctx: Context) -> Iterator[Fault | More]:
    """Polygons with a hole that runs the way of its outer ring."""
    spatial(ctx)
    view = ctx.view
    parts, feature = _parts(view)
    holed = np.flatnonzero(shapely.get_num_interior_rings(parts) > 0)
    if not len(holed):
        return
    rings, owner = shapely.get_rings(parts[holed], return_index=True)
    left = shapely.is_ccw(rings)
    first = np.append(True, owner[1:] != owner[:-1])
    wrong = np.unique(owner[~first & (left == left[first][owner])])
    found = np.unique(feature[holed[wrong]])
    told = Text("岛环与外环方向相同", "a hole runs the way of its outer ring")
    yield from ctx.each(found, lambda index: ctx.at(view, index, told, geometry=view.shapes[index]))
