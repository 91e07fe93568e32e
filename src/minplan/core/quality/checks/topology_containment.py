"""Blocks in zones, zones in divisions, and divisions that features say they lie in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from minplan.core.geometry.layer import GeometryArray
from minplan.core.geometry.measure import sum_by
from minplan.core.quality.check import (
    Example,
    Family,
    Found,
    NotApplicable,
    NotChecked,
    Scope,
    check,
)
from minplan.core.quality.coverage import areal, beyond, overlaps_between
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import DIVISIONS, quality
from minplan.core.quality.submission import Context, LayerSource, SubmissionKind
from minplan.core.quality.view import plain
from minplan.core.quality.words import dictionary
from minplan.core.standard.model import LayerSpec
from minplan.core.text import Text
from minplan.core.tolerances import INSIDE_BLOCK_SHARE, NEAR_EDGE_M, NOISE_AREA_M2

_BASIS: Final = quality("图层间关系")
_BLOCK: Final = "KAIGHQK"


def _divisions(ctx: Context) -> tuple[LayerSource, ...]:
    """The layer of divisions; NotChecked in a package that has none."""
    spec = ctx.edition.layer_of_kind(dictionary()["kinds"]["divisions"][0])
    if spec is None:
        raise NotApplicable
    held = tuple(item for item in ctx.of(spec.code) if item.geometry_type)
    if held:
        return held
    if ctx.submission.kind is SubmissionKind.PACKAGE:
        raise NotChecked(Text(f"没有{spec.name.zh}图层", f"no layer of {spec.name.en}"))
    raise NotApplicable


@check(
    "Q-TO-08",
    Text("规划分区在行政区内", "Planning zones lie in the divisions"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "标准没有另行规定范围规则的分区图层，也应在行政区范围内；1 米以内的出入不算。",
        "Layers of zones for which the standard has no rule of its own lie in the divisions too; "
        "up to 1 m does not count.",
    ),
    mend=Text("裁到行政区边界，或核对坐标", "cut it at the border, or check its coordinates"),
    parameters={"metres": NEAR_EDGE_M},
    examples=(
        Example(Text("在行政区内", "inside"), 0, {"layers": {"ZDKCQ": [{}]}}),
        Example(
            Text("重点勘查区伸出 200 米", "200 m outside"),
            1,
            {"layers": {"ZDKCQ": [{"box": (-200, 0, 900, 900)}]}},
        ),
    ),
)
def zones_in_divisions(ctx: Context) -> Iterator[Found]:
    """Zones that reach out of the divisions."""
    divisions = _divisions(ctx)
    ruled = {rule.layer for rule in ctx.edition.topology if rule.kind == "within"}
    left = dictionary()["kinds"]["divisions"]
    views = [ctx.take(item) for item in divisions]
    ground = np.concatenate([item.sound[areal(item)] for item in views])
    asked = False
    for source, spec in ctx.spatial():
        if not spec.zone_kind or spec.zone_kind in left or spec.code in ruled:
            continue
        if source.geometry_type:
            asked = True
            yield from _beyond(ctx, source, ground)
    if not asked:
        raise NotApplicable


def _beyond(ctx: Context, source: LayerSource, ground: GeometryArray) -> Iterator[Found]:
    view = ctx.take(source)
    found = beyond(view, ground, ctx.parameters["metres"])

    def make(number: int) -> Fault:
        area, share = found.area_m2[number], found.share[number]
        return ctx.at(
            view,
            int(found.feature[number]),
            Text(
                f"有 {area:.2f} 平方米（{share:.2%}）在行政区之外",
                f"{area:.2f} m² ({share:.2%}) outside the divisions",
            ),
            value=f"{area:.2f} m²",
            geometry=found.piece[number],
        )

    yield from ctx.each(np.arange(len(found)), make)


@check(
    "Q-TO-09",
    Text("区块不跨分区边界", "Blocks do not straddle the border of a zone"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYERS,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "开采规划区块与集中开采区、重点开采区（勘查区块与重点勘查区）相交时，应全部在内或在外；"
        "在内不足 99% 又不是边线误差的指出。",
        "A mining block that meets a concentrated or key mining area (an exploration block a key "
        "exploration area) should lie wholly inside or outside.",
    ),
    mend=Text("调整区块边界，或说明理由", "change the block, or state why"),
    parameters={"share": INSIDE_BLOCK_SHARE, "square_metres": NOISE_AREA_M2},
    examples=(
        Example(
            Text("全部在内", "inside"),
            0,
            {
                "layers": {
                    _BLOCK: [{"box": (100, 100, 900, 900)}],
                    "JZKCQ": [{"box": (0, 0, 1000, 1000)}],
                }
            },
        ),
        Example(
            Text("一半在内", "half of it inside"),
            1,
            {
                "layers": {
                    _BLOCK: [{"box": (500, 0, 1500, 900)}],
                    "JZKCQ": [{"box": (0, 0, 1000, 1000)}],
                }
            },
        ),
    ),
)
def straddling(ctx: Context) -> Iterator[Found]:
    """Blocks that lie partly in a zone."""
    asked = False
    for told in dictionary()["straddle"]:
        for block in _of_kind(ctx, told["block"]):
            for kind in told["zones"]:
                for zone in _of_kind(ctx, kind):
                    asked = True
                    yield from _straddling(ctx, block, zone)
    if not asked:
        raise NotApplicable


def _of_kind(ctx: Context, kind: str) -> list[LayerSource]:
    spec = ctx.edition.layer_of_kind(kind)
    if spec is None:
        return []
    return [item for item in ctx.of(spec.code) if item.geometry_type]


def _straddling(ctx: Context, block: LayerSource, zone: LayerSource) -> Iterator[Found]:
    view, other = ctx.take(block), ctx.take(zone, ["MC"])
    found = overlaps_between(view, other, ctx.parameters["square_metres"])
    share = found.area_m2 / view.area_m2[found.first]
    partly = np.flatnonzero(share < ctx.parameters["share"])
    kind = zone.spec.name if isinstance(zone.spec, LayerSpec) else Text(zone.name, zone.name)

    def make(number: int) -> Fault:
        second = int(found.second[number])
        named = plain(other.column("MC").value(second)) or other.key(second)
        return ctx.at(
            view,
            int(found.first[number]),
            Text(
                f"{share[number]:.1%} 在{kind.zh}“{named}”内，其余在外",
                f"{share[number]:.1%} lies in {kind.en} {named!r}, the rest outside",
            ),
            value=f"{named} {share[number]:.1%}",
            geometry=found.piece[number],
        )

    yield from ctx.each(partly, make)


@check(
    "Q-TO-10",
    Text("要素在其行政区代码所指的行政区内", "Features lie in the division of their code"),
    family=Family.TOPOLOGY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=(DIVISIONS, _BASIS),
    explanation=Text(
        "要素的行政区代码是某县区的，图形应主要（过半）在该县区内；代码为上级行政区的不检查。",
        "A feature with the code of a county lies in that county for the most part; codes of the "
        "level above are not looked at.",
    ),
    mend=Text("更正行政区代码，或核对坐标", "mend the code, or check the coordinates"),
    parameters={"share": 0.5},
    examples=(
        Example(Text("代码与位置一致", "code and place agree"), 0),
        Example(
            Text("在甲县而代码是乙县", "in one county with the code of another"),
            1,
            {
                "layers": {
                    _BLOCK: [
                        {
                            "box": (100, 100, 900, 900),
                            "XZQDM": "{county2}",
                            "XZQMC": "{county2_name}",
                        }
                    ]
                }
            },
        ),
    ),
)
def division_of_place(ctx: Context) -> Iterator[Found]:
    """Features that lie in another division than their code says."""
    code = dictionary()["divisions"]["code"]
    divisions = _divisions(ctx)
    left = dictionary()["kinds"]["divisions"]
    asked = False
    for source, spec in ctx.spatial():
        if spec.zone_kind in left or spec.field(code) is None or not source.geometry_type:
            continue
        for division in divisions:
            asked = True
            yield from _elsewhere(ctx, source, division, code)
    if not asked:
        raise NotApplicable


def _elsewhere(
    ctx: Context, source: LayerSource, division: LayerSource, code: str
) -> Iterator[Found]:
    view, other = ctx.take(source, [code]), ctx.take(division, [code])
    names = other.column(code).map(plain)
    known = {name for name in names if name}
    said = view.column(code).map(plain)
    found = overlaps_between(view, other, NOISE_AREA_M2)
    if not len(found):
        return
    same = names[found.second] == said[found.first]
    count = len(view)
    whole = sum_by(found.first, found.area_m2, count)
    inside = sum_by(found.first, np.where(same, found.area_m2, 0.0), count)
    stated = np.array([name in known for name in said])
    wrong = stated & (whole > 0) & (inside < ctx.parameters["share"] * whole)
    # the last of equal features in the order of area is the division with most of its ground
    order = np.argsort(found.area_m2, kind="stable")
    mostly = np.full(count, "", dtype=object)
    mostly[found.first[order]] = names[found.second[order]]

    def make(index: int) -> Fault:
        return ctx.at(
            view,
            index,
            Text(
                f"行政区代码 {said[index]}，图形主要在 {mostly[index]}",
                f"code {said[index]}, but it lies in {mostly[index]}",
            ),
            field=code,
            value=said[index],
            limit=mostly[index],
            geometry=view.shapes[index],
        )

    yield from ctx.each(np.flatnonzero(wrong), make)
