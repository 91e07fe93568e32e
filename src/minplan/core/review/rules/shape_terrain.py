"""Quarries and the terrain: in view of main roads, along ridges, deep ore."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import shapely

from minplan.core.basis import Basis
from minplan.core.geometry.measure import LocalPlane
from minplan.core.review.context import Context
from minplan.core.review.finding import Evidence, Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import (
    evidence_of,
    ground,
    hits,
    needs,
    no_new_ground,
    no_real_hit,
)
from minplan.core.review.proposal import MiningMethod
from minplan.core.review.rule import Example, Family, LayerNeed, rule
from minplan.core.review.sources import of_plan
from minplan.core.text import Text
from minplan.core.tolerances import RIDGE_BUFFER_M, RIDGE_RUN_M, RIDGE_SHARE, VISIBLE_SHARE

VIEW = "road-visible-range"
RIDGE = "ridge-line"
#: A new building-stone mine in ore shallower than this (m) may not go underground.
SHALLOW_M = 200.0

_VIEW_NOTICE = "http://www.www35383.com/hd/wxszsjh/lyxd/202111/t20211103_2197920.html"
_SAND_NOTICE = Basis(
    "自然资发〔2023〕57号", "", "", "http://xjgyky.com/index.php/wap/zcfg/2652.html", certain=False
)
_IN_VIEW = {"box": (500, -100, 1100, 1100), "name": "示例可视范围"}
_BARELY = {"box": (970, -100, 1100, 1100), "name": "示例可视范围"}
_AWAY = {"box": (3000, 0, 4000, 1000), "name": "远处"}
_ALONG = {"line": ((-200, 1005), (1200, 1005)), "name": "示例山脊"}
_ACROSS = {"line": ((500, -500), (500, 1500)), "name": "示例山脊"}
_WHOLE = {"whole_hill": True}
_PART = {"whole_hill": False}
_UNDERGROUND = {"method": "underground", "minerals": ("铁矿",)}


def _open_pit(ctx: Context) -> Finding | None:
    """Not applicable but for new open-pit mining."""
    if not ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("该条仅对开采。", "The clause speaks of mining."))
    if answer := no_new_ground(ctx):
        return answer
    if ctx.need("method") in (MiningMethod.UNDERGROUND, MiningMethod.WELL):
        return ctx.not_applicable(Text("不是露天开采。", "Not an open pit."))
    return None


@rule(
    "R-SP-14",
    Text("“两高”及重点道路可视范围内不得整山开发", "No whole-hill quarry in view of main roads"),
    family=Family.SHAPE,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章二（一）5", "重点道路可视范围内不能以整山整体开发", "c4-2-1-5"),
    explanation=Text(
        "可视范围为预先计算的视域面（图层）；可见面积超过范围的 5% 且整山整体开发的为冲突，"
        "非整山开发须有遮挡方案。规划没有给出距离和比例，5% 为设计取值。",
        "The range in view is a layer computed beforehand. Over 5 % of the block in view and a "
        "whole hill quarried is a conflict; otherwise a screening plan is needed. The plan gives "
        "neither distance nor share; 5 % is our choice.",
    ),
    layers=(VIEW,),
    facts=("whole_hill",),
    examples=(
        Example(Outcome.CLEAR, Text("不可见", "out of view"), layers={VIEW: (_AWAY,)}),
        Example(
            Outcome.CONFLICT,
            Text("可见且整山开发", "in view, a whole hill"),
            facts=_WHOLE,
            layers={VIEW: (_IN_VIEW,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("可见，非整山，缺遮挡方案", "in view, not a whole hill, no plan"),
            facts=_PART,
            layers={VIEW: (_IN_VIEW,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("可见，非整山，有遮挡方案", "in view, with the plan"),
            facts=_PART,
            attachments=("screening-plan",),
            layers={VIEW: (_IN_VIEW,)},
        ),
        Example(Outcome.CLEAR, Text("可见不足 5%", "3 % in view"), layers={VIEW: (_BARELY,)}),
        Example(
            Outcome.NOT_CHECKED,
            Text("可见，未申报是否整山", "in view, whole hill not declared"),
            layers={VIEW: (_IN_VIEW,)},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("井工开采", "underground"),
            given=_UNDERGROUND,
            layers={VIEW: (_IN_VIEW,)},
        ),
        Example(Outcome.NOT_CHECKED, Text("没有可视范围图层", "the layer is absent")),
    ),
)
def in_view(ctx: Context) -> Finding:
    """No whole-hill quarry in view of high-speed rail, expressways and key roads (可视范围)."""
    if answer := _open_pit(ctx):
        return answer
    found = hits(ctx, VIEW)
    if answer := no_real_hit(ctx, found):
        return answer
    share = ground(ctx, found.real)[1]
    facts = {
        "measured": Quantity(round(share * 100, 2), "%"),
        "limit": Quantity(round(VISIBLE_SHARE * 100, 2), "%", "≤"),
        "evidence": evidence_of(ctx, VIEW, found.real),
    }
    state = Text(f"{share:.2%} 位于重要道路可视范围内", f"{share:.2%} in view of main roads")
    if share <= VISIBLE_SHARE:
        return ctx.clear(Text(f"{state.zh}，不足 5%。", f"{state.en}, below 5 %."), **facts)
    if ctx.fact("whole_hill"):
        return ctx.conflict(
            Text(f"{state.zh}，不得整山整体开发。", f"{state.en}: no whole-hill quarry."),
            mend=Text(
                "请避开可视范围，或改变开发方式。", "Keep out of view, or change the way of mining."
            ),
            **facts,
        )
    return needs(ctx, "screening-plan", state, **facts)


@rule(
    "R-LAW-24",
    Text("“直观可视范围”的口径", "What counts as in view"),
    family=Family.SHAPE,
    severity=Severity.HINT,
    basis=Basis(
        "陕西省关于“直观可视范围”的答复",
        quote="没有山体、自然地形等障碍物遮挡",
        url=_VIEW_NOTICE,
        certain=False,
    ),
    explanation=Text(
        "可视指与道路之间没有山体、自然地形遮挡。山西没有统一定义，"
        "R-SP-14 的可视范围图层应按此口径计算并注明。",
        "In view means that no hill or natural relief stands between. Shanxi has no definition of "
        "its own; the layer that R-SP-14 reads should be computed in this way and say so.",
    ),
    layers=(VIEW,),
    examples=(
        Example(Outcome.CLEAR, Text("不可见", "out of view"), layers={VIEW: (_AWAY,)}),
        Example(
            Outcome.ATTENTION,
            Text("在可视范围内，请核对口径", "in view: check how it was computed"),
            layers={VIEW: (_IN_VIEW,)},
        ),
        Example(Outcome.NOT_CHECKED, Text("没有图层", "the layer is absent")),
    ),
)
def view_definition(ctx: Context) -> Finding:
    """How the range in view was computed decides R-SP-14 (直观可视范围)."""
    if answer := _open_pit(ctx):
        return answer
    found = hits(ctx, VIEW)
    if answer := no_real_hit(ctx, found):
        return answer
    quality = ctx.measured.layer(VIEW).version.quality
    how = Text(f"图层说明：{quality}", quality) if quality else Text("图层未注明算法", "no note")
    return ctx.attention(
        Text(
            f"在可视范围内。口径为与道路之间无山体、自然地形遮挡（陕西口径）；{how.zh}。",
            f"In view. Taken as: no hill or relief between (Shaanxi's reading); layer: {how.en}.",
        ),
        evidence=evidence_of(ctx, VIEW, found.real),
    )


# -- ridges -----------------------------------------------------------------------------------


def along_ridge(ctx: Context) -> tuple[float, float, tuple[Evidence, ...]]:
    """Share of the boundary along ridge lines, the longest single run in metres, the ridges."""
    near = ctx.near(RIDGE, RIDGE_BUFFER_M)
    if not near:
        return 0.0, 0.0, ()
    block = ctx.measured.block
    plane = LocalPlane.around(block.bounds)
    edge = plane.forward(block.geometry.boundary)
    lines = plane.forward(np.array([item.geometry for item in near], dtype=object))
    close = shapely.intersection(edge, shapely.union_all(shapely.buffer(lines, RIDGE_BUFFER_M)))
    runs = shapely.length(shapely.get_parts(_merged(close)))
    evidence = tuple(
        Evidence(
            layer=RIDGE,
            feature=str(item.feature),
            name=str(item.attributes.get("name") or ""),
            distance_m=item.distance_m,
            geometry=item.geometry,
        )
        for item in near
    )
    return float(runs.sum() / shapely.length(edge)), float(runs.max(initial=0.0)), evidence


def _merged(close: shapely.Geometry) -> shapely.Geometry:
    lines = shapely.get_parts(close)
    lines = lines[shapely.get_dimensions(lines) == 1]
    return shapely.line_merge(shapely.multilinestrings(lines) if len(lines) else close)


def _ridge_answer(ctx: Context) -> Finding:
    share, run, evidence = along_ridge(ctx)
    facts = {
        "measured": Quantity(round(share * 100, 2), "%"),
        "limit": Quantity(round(RIDGE_SHARE * 100, 2), "%", "≤"),
        "evidence": evidence,
    }
    state = Text(
        f"边界 {share:.2%} 沿山脊线（两侧 {RIDGE_BUFFER_M:g} 米内），最长一段 {run:.0f} 米",
        f"{share:.2%} of the boundary along ridges (within {RIDGE_BUFFER_M:g} m), the longest run "
        f"{run:.0f} m",
    )
    if share > RIDGE_SHARE or run > RIDGE_RUN_M:
        return ctx.conflict(
            Text(f"{state.zh}，不得以山脊为界。", f"{state.en}: a ridge may not be the boundary."),
            mend=Text(
                "请将边界移离山脊线，或将整座山体划入。",
                "Move the boundary off the ridge, or take in the whole hill.",
            ),
            **facts,
        )
    return ctx.clear(Text(f"{state.zh}。", f"{state.en}."), **facts)


@rule(
    "R-SP-15",
    Text("整山开发不得以山脊为界", "Whole-hill quarries are not bounded by a ridge"),
    family=Family.SHAPE,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章二（一）6", "不能以山脊为界划定矿区范围", "c4-2-1-6"),
    explanation=Text(
        "露天整山整体开发的，边界在山脊线两侧 20 米内的长度超过 15%，或连续超过 200 米为冲突；"
        "数值为设计取值。井工、地热、矿泉水不适用。",
        "For whole-hill open pits: more than 15 % of the boundary within 20 m of ridge lines, or "
        "one run above 200 m, is a conflict (our figures). Not for underground mines and wells.",
    ),
    layers=(LayerNeed(RIDGE, RIDGE_BUFFER_M),),
    facts=("whole_hill",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("山脊横穿，不沿边界", "the ridge crosses the block"),
            facts=_WHOLE,
            layers={RIDGE: (_ACROSS,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("北边界沿山脊", "the northern boundary follows the ridge"),
            facts=_WHOLE,
            layers={RIDGE: (_ALONG,)},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("不是整山开发", "not a whole hill"),
            facts=_PART,
            layers={RIDGE: (_ALONG,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("未申报是否整山", "whole hill not declared"),
            layers={RIDGE: (_ALONG,)},
        ),
        Example(Outcome.NOT_CHECKED, Text("没有山脊线图层", "the layer is absent"), facts=_WHOLE),
    ),
)
def ridge_boundary(ctx: Context) -> Finding:
    """A whole-hill quarry is not bounded by a ridge (以山脊为界)."""
    if answer := _open_pit(ctx):
        return answer
    if not ctx.fact("whole_hill"):
        return ctx.not_applicable(Text("不是整山整体开发。", "Not a whole-hill quarry."))
    return _ridge_answer(ctx)


@rule(
    "R-LAW-16",
    Text("建筑用砂石：山脊划界与浅埋矿体地下开采", "Building stone: ridges and shallow ore"),
    family=Family.SHAPE,
    severity=Severity.PROHIBIT,
    basis=(
        _SAND_NOTICE,
        Basis("晋发〔2024〕10号", url="https://mp.zgkyb.com/m/news/95430", certain=False),
    ),
    explanation=Text(
        "普通建筑用砂石露天开采不得以山脊划界；矿体埋深不足 200 米的新建建筑石料矿不得地下开采。",
        "Open pits for building stone are not bounded by a ridge; a new building-stone mine in ore "
        "shallower than 200 m does not go underground.",
    ),
    layers=(LayerNeed(RIDGE, RIDGE_BUFFER_M),),
    facts=("burial_depth",),
    effective_from=dt.date(2023, 4, 1),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("露天，边界不沿山脊", "open pit off the ridge"),
            layers={RIDGE: (_ACROSS,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("露天，边界沿山脊", "open pit along the ridge"),
            layers={RIDGE: (_ALONG,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("埋深 80 米的石料地下开采", "underground in ore 80 m deep"),
            given={"method": "underground"},
            facts={"burial_depth": 80},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("地下开采，未申报埋深", "underground, depth not declared"),
            given={"method": "underground"},
        ),
        Example(Outcome.NOT_CHECKED, Text("没有山脊线图层", "the layer is absent")),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("不是建筑用砂石", "not building stone"),
            given={"minerals": ("铁矿",)},
            layers={RIDGE: (_ALONG,)},
        ),
    ),
)
def building_stone(ctx: Context) -> Iterator[Finding]:
    """Building stone (普通建筑用砂石): no ridge as boundary, no underground mine in shallow ore."""
    if ctx.mineral.group != "sand-stone" or not ctx.proposal.right.is_mining:
        yield ctx.not_applicable(Text("不是开采建筑用砂石。", "Not mining of building stone."))
        return
    if answer := no_new_ground(ctx):
        yield answer
        return
    method = ctx.need("method")
    if method is not MiningMethod.UNDERGROUND:
        yield _ridge_answer(ctx)
    if method is not MiningMethod.OPEN_PIT:
        yield _depth_answer(ctx)


def _depth_answer(ctx: Context) -> Finding:
    depth = float(ctx.fact("burial_depth"))
    facts = {"measured": Quantity(depth, "m"), "limit": Quantity(SHALLOW_M, "m", "≥")}
    state = Text(f"矿体埋深 {depth:g} 米", f"The ore lies {depth:g} m deep")
    if depth < SHALLOW_M:
        return ctx.conflict(
            Text(
                f"{state.zh}，不足 {SHALLOW_M:g} 米，不得地下开采。",
                f"{state.en}, less than {SHALLOW_M:g} m: no underground mine.",
            ),
            mend=Text("请改为露天开采。", "Mine it in an open pit."),
            **facts,
        )
    return ctx.clear(Text(f"{state.zh}。", f"{state.en}."), **facts)
