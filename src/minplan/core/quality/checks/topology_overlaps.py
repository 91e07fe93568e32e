"""Overlaps that the rules of the edition forbid: within a layer, between two layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from minplan.core.quality.check import (
    Example,
    Family,
    Found,
    Scope,
    check,
)
from minplan.core.quality.coverage import (
    overlaps_between,
    overlaps_within,
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
    "Q-TO-01",
    Text("层内图形不重叠", "Features of a layer do not overlap"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "按标准的拓扑规则逐层检查；重叠面积按椭球面积计，小于规则容差的不算。",
        "Layer by layer as the rules of the standard say; overlaps below the tolerance of the "
        "rule do not count.",
    ),
    mend=Text("以正确的边界裁去重叠部分", "cut the overlap away along the right border"),
    examples=(
        Example(
            Text("相邻不重叠", "side by side"),
            0,
            {"layers": {_BLOCK: [{"box": (0, 0, 900, 900)}, {"box": (900, 0, 1800, 900)}]}},
        ),
        Example(
            Text("重叠 10 米宽的一条", "a strip of 10 m in common"),
            1,
            {"layers": {_BLOCK: [{"box": (0, 0, 900, 900)}, {"box": (890, 0, 1800, 900)}]}},
        ),
    ),
)
def no_overlap(ctx: Context) -> Iterator[Found]:
    """Pairs of features of one layer that overlap."""
    for rule, source in rules_of(ctx, "no-overlap"):
        yield from _overlaps(ctx, rule, source)


def _overlaps(ctx: Context, rule: TopologyRule, source: LayerSource) -> Iterator[Found]:
    view = ctx.take(source)
    found = overlaps_within(view, rule.tolerance_m2)

    def make(index: int) -> Fault:
        first, second = int(found.first[index]), int(found.second[index])
        other = view.key(second) or f"第 {view.data.rows[second]} 行"
        area = f"{found.area_m2[index]:.2f}"
        return ctx.at(
            view,
            first,
            Text(
                f"与“{other}”重叠 {area} 平方米（{rule.name.zh}）",
                f"overlaps {other!r} by {area} m² ({rule.name.en})",
            ),
            level=Level(rule.severity),
            value=f"{other} {area} m²",
            limit=f"≤ {rule.tolerance_m2:g} m²",
            geometry=found.piece[index],
        )

    yield from ctx.each(np.arange(len(found)), make)


@check(
    "Q-TO-04",
    Text("与规定的图层不重叠", "Features keep off another layer"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "两个图层之间不得重叠的规则，例如重点与一般治理区；另一图层没有提交时不检查。",
        "Rules between two layers, such as key and general remediation zones; not looked at where "
        "the other layer is not handed in.",
    ),
    mend=Text("裁去重叠部分，或调整范围", "cut the overlap away, or change the extent"),
    examples=(
        Example(
            Text("互不重叠", "apart"),
            0,
            {
                "layers": {
                    "ZDZLQ": [{"box": (0, 0, 900, 900)}],
                    "YBZLQ": [{"box": (900, 0, 1800, 900)}],
                }
            },
        ),
        Example(
            Text("重叠", "overlapping"),
            1,
            {
                "layers": {
                    "ZDZLQ": [{"box": (0, 0, 900, 900)}],
                    "YBZLQ": [{"box": (800, 0, 1800, 900)}],
                }
            },
        ),
    ),
)
def no_overlap_with(ctx: Context) -> Iterator[Found]:
    """Features that overlap those of a layer they must keep off."""
    for rule, source in rules_of(ctx, "no-overlap-with"):
        yield from _off(ctx, rule, source)


def _off(ctx: Context, rule: TopologyRule, source: LayerSource) -> Iterator[Found]:
    others = others_of(ctx, rule)
    if not isinstance(others, list):
        if others is not None:
            yield others
        return
    for item in others:
        yield from _between(ctx, rule, source, item)


def _between(
    ctx: Context, rule: TopologyRule, source: LayerSource, item: LayerSource
) -> Iterator[Found]:
    view, other = ctx.take(source), ctx.take(item)
    found = overlaps_between(view, other, rule.tolerance_m2)

    def make(index: int) -> Fault:
        second = int(found.second[index])
        named = other.key(second) or f"第 {other.data.rows[second]} 行"
        area = f"{found.area_m2[index]:.2f}"
        return ctx.at(
            view,
            int(found.first[index]),
            Text(
                f"与 {rule.other}“{named}”重叠 {area} 平方米（{rule.name.zh}）",
                f"overlaps {rule.other} {named!r} by {area} m² ({rule.name.en})",
            ),
            level=Level(rule.severity),
            value=f"{rule.other} {named} {area} m²",
            limit=f"≤ {rule.tolerance_m2:g} m²",
            geometry=found.piece[index],
        )

    yield from ctx.each(np.arange(len(found)), make)
