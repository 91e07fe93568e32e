"""Edges that neighbours share, and lines that end just before another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from minplan.core.geometry.layer import GeometryArray
from minplan.core.quality.check import Example, Family, Found, NotApplicable, Scope, check
from minplan.core.quality.checks.geometry_validity import spatial
from minplan.core.quality.coverage import misfits
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import quality
from minplan.core.quality.submission import Context, LayerSource
from minplan.core.quality.topology import sources_of
from minplan.core.quality.view import IndexArray, View
from minplan.core.text import Text
from minplan.core.tolerances import NEAR_EDGE_M, SAME_CORNER_M

_BASIS: Final = quality("拓扑关系")
_BLOCK: Final = "KAIGHQK"
_ROAD: Final = "KCD"


def _blocks(*shapes: list[tuple[float, float]]) -> dict[str, object]:
    return {"layers": {_BLOCK: [{"polygon": [shape]} for shape in shapes]}}


@check(
    "Q-TO-07",
    Text("公共边重合", "Neighbours share their edge"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYERS,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "不得重叠或须铺满的图层中，相邻要素的公共边应重合；相距 1 厘米至 1 米的是捕捉不准留下的"
        "细缝或细叠。多一个节点而边线重合的不算。",
        "In layers that must not overlap or must tile, neighbours share their edge; edges that lie "
        "apart by 1 cm to 1 m were snapped badly. A further vertex on a common edge is no fault.",
    ),
    mend=Text("把节点捕捉到相邻要素的边线上", "snap the vertices to the neighbour's edge"),
    parameters={"metres": NEAR_EDGE_M, "same_metres": SAME_CORNER_M},
    examples=(
        Example(
            Text("边线重合，一侧多一个节点", "a common edge with a vertex more on one side"),
            0,
            _blocks(
                [(0, 0), (900, 0), (900, 900), (0, 900)],
                [(900, 0), (1800, 0), (1800, 900), (900, 900), (900, 450)],
            ),
        ),
        Example(
            Text("节点差 30 厘米", "a vertex off by 30 cm"),
            1,
            _blocks(
                [(0, 0), (900, 0), (900, 900), (0, 900)],
                [(900, 0), (1800, 0), (1800, 900), (900, 900), (900.3, 450)],
            ),
        ),
        Example(
            Text("相隔 50 米，不是公共边", "50 m apart"),
            0,
            _blocks(
                [(0, 0), (900, 0), (900, 900), (0, 900)],
                [(950, 0), (1800, 0), (1800, 900), (950, 900)],
            ),
        ),
    ),
)
def shared_edges(ctx: Context) -> Iterator[Found]:
    """Features whose edge runs close beside that of a neighbour."""
    codes = dict.fromkeys(
        rule.layer for rule in ctx.edition.topology if rule.kind in ("no-overlap", "no-gap")
    )
    sources = [source for code in codes for source in sources_of(ctx, code)]
    if not sources:
        raise NotApplicable
    for source in sources:
        yield from _misfits(ctx, source)


def _misfits(ctx: Context, source: LayerSource) -> Iterator[Found]:
    view = ctx.take(source)
    near, same = ctx.parameters["metres"], ctx.parameters["same_metres"]
    found = misfits(view, near, same)

    def make(number: int) -> Fault:
        second, away = int(found.second[number]), f"{found.away_m[number]:.2f}"
        named = view.key(second) or f"第 {view.data.rows[second]} 行"
        return ctx.at(
            view,
            int(found.first[number]),
            Text(
                f"与“{named}”的公共边相距 {away} 米", f"lies {away} m beside the edge of {named!r}"
            ),
            value=f"{named} {away} m",
            limit=f"≤ {same:g} m",
            geometry=view.to_lonlat(found.edge[number]),
        )

    yield from ctx.each(np.arange(len(found)), make)


@check(
    "Q-TO-06",
    Text("线与线相接，没有悬挂", "Lines meet and do not dangle"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "线的端点离另一条线不到 1 米而没有接上的，是悬挂。独立的端点不算。",
        "An end of a line that is less than 1 m off another line without meeting it dangles; free "
        "ends do not.",
    ),
    mend=Text("延伸或裁剪到另一条线上", "extend or trim it to the other line"),
    parameters={"metres": NEAR_EDGE_M, "same_metres": SAME_CORNER_M},
    examples=(
        Example(
            Text("端点接上", "they meet"),
            0,
            {
                "geometry": {_ROAD: "line"},
                "layers": {_ROAD: [{"line": ((0, 0), (900, 0))}, {"line": ((500, 0), (500, 900))}]},
            },
        ),
        Example(
            Text("差 40 厘米", "40 cm short"),
            1,
            {
                "geometry": {_ROAD: "line"},
                "layers": {
                    _ROAD: [{"line": ((0, 0), (900, 0))}, {"line": ((500, 0.4), (500, 900))}]
                },
            },
        ),
    ),
)
def dangles(ctx: Context) -> Iterator[Found]:
    """Ends of lines that almost meet another line."""
    spatial(ctx)
    view = ctx.view
    if not len(view.lines):
        raise NotApplicable
    ends, feature = _ends(view)
    lines = view.plane[view.lines]
    end, line = shapely.STRtree(lines).query(
        ends, predicate="dwithin", distance=ctx.parameters["metres"]
    )
    foreign = view.lines[line] != feature[end]
    end, line = end[foreign], line[foreign]
    nearest = np.full(len(ends), np.inf)
    np.minimum.at(nearest, end, shapely.distance(ends[end], lines[line]))
    open_ones = np.flatnonzero(np.isfinite(nearest) & (nearest > ctx.parameters["same_metres"]))

    def make(number: int) -> Fault:
        message = Text(
            f"端点离另一条线 {nearest[number]:.2f} 米", f"an end is {nearest[number]:.2f} m short"
        )
        return ctx.at(
            view,
            int(feature[number]),
            message,
            value=f"{nearest[number]:.2f} m",
            geometry=view.to_lonlat(ends[number]),
        )

    yield from ctx.each(open_ones, make)


def _ends(view: View) -> tuple[GeometryArray, IndexArray]:
    """First and last points of all lines that are not closed, with their features."""
    parts, owner = shapely.get_parts(view.plane[view.lines], return_index=True)
    open_ones = ~shapely.is_closed(parts)
    parts, owner = parts[open_ones], view.lines[owner[open_ones]]
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    return ends, np.concatenate([owner, owner])
