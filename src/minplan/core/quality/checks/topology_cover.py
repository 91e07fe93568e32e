"""Rules of the edition on covering: no gaps, within another layer, valid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from minplan.core.quality.check import (
    Example,
    Family,
    Found,
    Scope,
    check,
)
from minplan.core.quality.checks.geometry_validity import invalid_fault
from minplan.core.quality.coverage import (
    areal,
    beyond,
    gaps,
)
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import quality
from minplan.core.quality.submission import Context, LayerSource
from minplan.core.quality.topology import others_of, rules_of
from minplan.core.standard.model import TopologyRule
from minplan.core.text import Text

_BASIS: Final = quality("拓扑关系")
_BLOCK: Final = "KAIGHQK"


@check(
    "Q-TO-02",
    Text("相邻要素之间无缝隙", "No gaps between neighbours"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "铺满规划区的图层（如行政区）不得有缝隙；有规划区范围时，未铺到的地方也算。",
        "A layer that tiles the region (such as divisions) has no gaps; with the region at hand, "
        "what it leaves uncovered counts too.",
    ),
    mend=Text("把缝隙并入相邻要素", "give the gap to a neighbour"),
    examples=(
        Example(Text("铺满", "no gap"), 0),
        Example(
            Text("两区之间空出 5 米", "5 m between two divisions"),
            1,
            {
                "layers": {
                    "XZQ": [{"box": (0, 0, 5000, 10_000)}, {"box": (5005, 0, 10_000, 10_000)}]
                }
            },
        ),
        Example(
            Text("没有规划区范围时看岛洞", "without the region, holes are looked at"),
            1,
            {
                "region": None,
                "layers": {
                    "XZQ": [
                        {
                            "polygon": [
                                [(0, 0), (9000, 0), (9000, 9000), (0, 9000)],
                                [(100, 100), (900, 100), (900, 900)],
                            ]
                        }
                    ]
                },
            },
        ),
    ),
)
def no_gap(ctx: Context) -> Iterator[Found]:
    """Gaps in layers that should tile the region."""
    for rule, source in rules_of(ctx, "no-gap"):
        yield from _gaps(ctx, rule, source)


def _gaps(ctx: Context, rule: TopologyRule, source: LayerSource) -> Iterator[Found]:
    view = ctx.take(source)
    pieces, areas = gaps(view, ctx.submission.region, rule.tolerance_m2)

    def make(index: int) -> Fault:
        area, place = areas[index], pieces[index].representative_point()
        return ctx.fault(
            Text(f"缝隙 {area:.2f} 平方米（{rule.name.zh}）", f"a gap of {area:.2f} m²"),
            source=source,
            level=Level(rule.severity),
            key=f"{place.x:.6f} {place.y:.6f}",
            value=f"{area:.2f} m²",
            limit=f"≤ {rule.tolerance_m2:g} m²",
            geometry=pieces[index],
        )

    yield from ctx.each(np.arange(len(pieces)), make)


@check(
    "Q-TO-03",
    Text("要素在规定的范围图层内", "Features lie within the layer they belong to"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "例如规划区块应在行政区内；超出部分的平均宽度不大于规则容差的不算。",
        "For example, planning blocks lie in the divisions; what reaches out is not counted up to "
        "the width the rule allows.",
    ),
    mend=Text("裁到范围图层的边界，或核对坐标", "cut it at the border, or check its coordinates"),
    examples=(
        Example(Text("在行政区内", "inside"), 0),
        Example(
            Text("伸出行政区 100 米", "100 m outside"),
            1,
            {"layers": {_BLOCK: [{"box": (-100, 0, 900, 900)}]}},
        ),
        Example(
            Text("跨两个行政区", "across two divisions"),
            0,
            {"layers": {_BLOCK: [{"box": (4500, 100, 5500, 900)}]}},
        ),
    ),
)
def within(ctx: Context) -> Iterator[Found]:
    """Features that reach out of the layer they should lie in."""
    for rule, source in rules_of(ctx, "within"):
        yield from _beyond(ctx, rule, source)


def _beyond(ctx: Context, rule: TopologyRule, source: LayerSource) -> Iterator[Found]:
    others = others_of(ctx, rule)
    if not isinstance(others, list):
        if others is not None:
            yield others
        return
    views = [ctx.take(item) for item in others]
    ground = np.concatenate([item.sound[areal(item)] for item in views])
    view = ctx.take(source)
    found = beyond(view, ground, rule.tolerance_m)

    def make(index: int) -> Fault:
        area, share = found.area_m2[index], found.share[index]
        return ctx.at(
            view,
            int(found.feature[index]),
            Text(
                f"有 {area:.2f} 平方米（{share:.2%}）在{rule.other}之外（{rule.name.zh}）",
                f"{area:.2f} m² ({share:.2%}) outside {rule.other} ({rule.name.en})",
            ),
            level=Level(rule.severity),
            value=f"{area:.2f} m²",
            geometry=found.piece[index],
        )

    yield from ctx.each(np.arange(len(found)), make)


@check(
    "Q-TO-05",
    Text("规则要求的图层图形有效", "Layers that a rule names are valid"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "标准的拓扑规则另行要求图形有效的图层，按规则的级别报告。",
        "Layers for which the standard has a rule of validity, at the level of that rule.",
    ),
    mend=Text("在指出的位置改正节点", "mend the vertices there"),
    examples=(
        Example(Text("有效", "valid"), 0, {"rules": [{"kind": "valid", "layer": _BLOCK}]}),
        Example(
            Text("自相交", "crossing itself"),
            1,
            {
                "rules": [{"kind": "valid", "layer": _BLOCK}],
                "layers": {_BLOCK: [{"polygon": [[(0, 0), (900, 900), (900, 0), (0, 900)]]}]},
            },
        ),
    ),
)
def valid(ctx: Context) -> Iterator[Found]:
    """Invalid geometry of layers for which the standard has a rule."""
    for rule, source in rules_of(ctx, "valid"):
        yield from _invalid(ctx, rule, source)


def _invalid(ctx: Context, rule: TopologyRule, source: LayerSource) -> Iterator[Found]:
    view = ctx.take(source)
    found = view.present[~view.valid[view.present]]

    def make(index: int) -> Fault:
        return replace(invalid_fault(ctx, view, index), level=Level(rule.severity))

    yield from ctx.each(found, make)
