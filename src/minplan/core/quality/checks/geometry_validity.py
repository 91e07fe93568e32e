"""Geometry that is missing, empty or invalid, rings that are not closed, shapes there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.quality.check import Example, Family, NotApplicable, Scope, check
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.judging import first_rows
from minplan.core.quality.sources import quality
from minplan.core.quality.submission import Context
from minplan.core.quality.view import IndexArray, View
from minplan.core.quality.words import dictionary
from minplan.core.standard.model import LayerSpec
from minplan.core.text import Text

_BASIS: Final = quality("图形质量")
_BLOCK: Final = "KAIGHQK"
_BOW: Final = [(0, 0), (1000, 1000), (1000, 0), (0, 1000)]
_PLACE: Final = re.compile(r"(.*?)\[([-\d.e+]+) ([-\d.e+]+)")
_REASONS: Final = {
    "Self-intersection": Text("边线自相交", "edges cross"),
    "Ring Self-intersection": Text("环自相交（自接触）", "a ring touches itself"),
    "Hole lies outside shell": Text("岛环在外环之外", "a hole lies outside"),
    "Nested shells": Text("部分之间互相包含", "parts lie in one another"),
    "Nested holes": Text("岛环互相包含", "holes lie in one another"),
    "Holes are nested": Text("岛环互相包含", "holes lie in one another"),
    "Interior is disconnected": Text("内部不连通", "the inside falls apart"),
    "Duplicate Rings": Text("环重复", "a ring is there twice"),
    "Too few points in geometry component": Text("节点太少", "too few vertices"),
}


def spatial(ctx: Context) -> LayerSpec:
    """The layer's specification; NotApplicable for tables and for layers without geometry."""
    if not isinstance(ctx.spec, LayerSpec) or not ctx.source.geometry_type:
        raise NotApplicable
    return ctx.spec


@check(
    "Q-GE-01",
    Text("要素都有图形", "Every feature has a geometry"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "空图形、无坐标、坐标不是数的要素；规划分区可以只有文字范围，列为警告。",
        "Features without geometry or with coordinates that are no numbers; planning zones may be "
        "described by words alone, which is a warning.",
    ),
    mend=Text("补画图形，或删去该要素", "draw it, or drop the feature"),
    examples=(
        Example(Text("都有图形", "all drawn"), 0),
        Example(
            Text("一个区块没有图形", "a block without geometry"),
            1,
            {"layers": {_BLOCK: [{"void": 1}]}},
        ),
        Example(
            Text("空面", "an empty polygon"), 1, {"layers": {_BLOCK: [{}, {"geometry": Polygon()}]}}
        ),
    ),
)
def missing(ctx: Context) -> Iterator[Fault | More]:
    """Features without a usable geometry."""
    spec = spatial(ctx)
    blocks = dictionary()["kinds"]["blocks"]
    soft = bool(spec.zone_kind) and spec.zone_kind not in blocks
    level = Level.WARNING if soft else ctx.check.level
    found = np.setdiff1d(np.arange(len(ctx.view)), ctx.view.present)
    drawn = ctx.data.drawn
    if ctx.data.geometry is None and drawn is not None:  # drawn in a system that is not known
        found = np.flatnonzero(shapely.is_missing(drawn) | shapely.is_empty(drawn))
    told = Text("没有图形", "no geometry")
    yield from ctx.each(found, lambda index: ctx.at(ctx.view, index, told, level=level))


@check(
    "Q-GE-02",
    Text("图形有效，不自相交", "Geometry is valid and does not cross itself"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "按 OGC 简单要素规则判断：边线自相交、环自接触、岛在外环之外等，给出位置。",
        "By the rules of OGC simple features: crossing edges, holes outside, …, with the place.",
    ),
    mend=Text(
        "在指出的位置改正节点；点序读错时重新读入",
        "mend the vertices there; check the order of the points",
    ),
    examples=(
        Example(Text("有效", "valid"), 0),
        Example(Text("“8”字形", "a bow tie"), 1, {"layers": {_BLOCK: [{"polygon": [_BOW]}]}}),
    ),
)
def invalid(ctx: Context) -> Iterator[Fault | More]:
    """Invalid geometry with the place and the reason."""
    spatial(ctx)
    view = ctx.view
    found = view.present[~view.valid[view.present]]
    yield from ctx.each(found, lambda index: invalid_fault(ctx, view, index))


def invalid_fault(ctx: Context, view: View, index: int) -> Fault:
    """Why and where a geometry is invalid."""
    told = shapely.is_valid_reason(view.shapes[index])
    place = _PLACE.match(told)
    reason = place[1] if place else told
    words = _REASONS.get(reason.strip(), Text(f"图形无效（{reason}）", reason))
    where: BaseGeometry = view.shapes[index]
    at = Text("", "")
    if place:
        lon, lat = float(place[2]), float(place[3])
        where = Point(lon, lat)
        at = Text(f"，位于 {lon:.6f}°E {lat:.6f}°N", f" at {lon:.6f}°E {lat:.6f}°N")
    return ctx.at(
        view,
        index,
        Text(f"{words.zh}{at.zh}", f"{words.en}{at.en}"),
        value=reason,
        geometry=where,
    )


@check(
    "Q-GE-03",
    Text("面的环都闭合", "Rings are closed"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "文件中首末点不同的环，读入时补上了闭合线；由读取程序指出。",
        "Rings whose last vertex is not the first were closed when read; the reader tells them.",
    ),
    mend=Text(
        "核对是否漏了节点，闭合后重新导出", "look for missing vertices, close it, export again"
    ),
    examples=(
        Example(Text("闭合", "closed"), 0),
        Example(
            Text("首末点不同", "not closed"),
            1,
            {"layers": {_BLOCK: {"rows": [{}, {}], "unclosed": [2]}}},
        ),
    ),
)
def unclosed(ctx: Context) -> Iterator[Fault | More]:
    """Features whose rings the file does not close."""
    spatial(ctx)
    found = np.flatnonzero(np.isin(ctx.view.data.rows, ctx.view.data.unclosed))
    told = Text("环没有闭合", "a ring is not closed")
    yield from ctx.each(
        found, lambda index: ctx.at(ctx.view, index, told, geometry=ctx.view.shapes[index])
    )


@check(
    "Q-GE-11",
    Text("没有重复的图形", "No geometry is there twice"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "同一图层内图形完全相同的要素（起点、方向不同的也算），多为重复导入。",
        "Features of a layer with the same geometry, whatever its first vertex and direction.",
    ),
    mend=Text("删去重复的要素", "drop the repeated feature"),
    examples=(
        Example(Text("图形各不相同", "all differ"), 0, {"layers": {_BLOCK: [{}, {}]}}),
        Example(
            Text("同一范围画了两次", "one place twice"),
            1,
            {
                "layers": {
                    _BLOCK: [
                        {"polygon": [[(0, 0), (900, 0), (900, 900)]]},
                        {"polygon": [[(900, 900), (0, 0), (900, 0)]]},
                    ]
                }
            },
        ),
    ),
)
def twice(ctx: Context) -> Iterator[Fault | More]:
    """Features with the geometry of an earlier one."""
    spatial(ctx)
    view = ctx.view
    groups = _same_ground(view)
    rows = first_rows(view, groups)
    again = np.flatnonzero(pd.Series(groups).duplicated().to_numpy() & (groups >= 0))

    def make(index: int) -> Fault:
        first = rows[int(groups[index])]
        return ctx.at(
            view,
            index,
            Text(f"图形与第 {first} 行相同", f"has the geometry of row {first}"),
            value=str(first),
            geometry=view.shapes[index],
        )

    yield from ctx.each(again, make)


def _same_ground(view: View) -> IndexArray:
    """A number for every geometry that is there more than once, −1 for the others."""
    groups = np.full(len(view), -1, dtype=np.int64)
    if not len(view.present):
        return groups
    shapes = view.shapes[view.present]
    frame = pd.DataFrame(np.round(shapely.bounds(shapes), 9))
    frame["vertices"] = shapely.get_num_coordinates(shapes)
    alike = np.flatnonzero(frame.duplicated(keep=False).to_numpy())
    normal = shapely.normalize(shapely.set_precision(shapes[alike], 1e-9, mode="pointwise"))
    codes, _ = pd.factorize(np.array(shapely.to_wkb(normal), dtype=object))
    several = np.bincount(codes, minlength=1)[codes] > 1 if len(codes) else codes.astype(bool)
    groups[view.present[alike[several]]] = codes[several]
    return groups
