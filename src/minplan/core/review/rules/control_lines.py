"""Control lines (三条控制线): ecological red line, permanent basic farmland, urban boundary."""

from __future__ import annotations

from collections.abc import Iterator

from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.ground import (
    NONE_ALLOWED,
    SHRINK,
    exempt_fluid,
    ground,
    keep_out,
    layer_title,
    no_new_ground,
    overlap_words,
    square_metres,
)
from minplan.core.review.missing import layer_word
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import of_plan
from minplan.core.text import Text

RED = "ecological-red-line"
FARMLAND = "permanent-basic-farmland"
URBAN = "urban-development-boundary"
RESERVE = "nature-reserve"

_NO_NEW_RIGHT = Text("不得新设矿业权", "no new right may be set")
_QUOTE = "边界内不得新设置矿业权"
_PLAN = (
    of_plan("第三章一（二）", _QUOTE, "c3-1-2"),
    of_plan("第四章一（三）1（7）", "按相关规定避让", "c4-1-3-1-7"),
    of_plan("第四章二（一）7", "按相关规定避让", "c4-2-1-7"),
)

_EAST_HALF = {"box": (500, -100, 1100, 1100), "name": "示例图斑"}
_CORE = {**_EAST_HALF, "kind": "核心区"}
_OTHER = {**_EAST_HALF, "kind": "其他"}
_AWAY = {"box": (2000, 0, 3000, 1000), "name": "远处图斑"}
_EDGE = {"box": (-500, -100, 1, 1100), "name": "边缘图斑"}
_HIT = Text("东半部重叠", "the eastern half overlaps")
_MISS = Text("图层在，无重叠", "the layer is there, no overlap")
_GAP = Text("没有图层", "the layer is absent")


def _plan_examples(layer: str) -> tuple[Example, ...]:
    return (
        Example(Outcome.CLEAR, _MISS, layers={layer: (_AWAY,)}),
        Example(Outcome.CONFLICT, _HIT, layers={layer: (_EAST_HALF,)}),
        Example(
            Outcome.ATTENTION,
            Text("只有宽 1 米的窄条", "only a sliver one metre wide"),
            layers={layer: (_EDGE,)},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("矿泉水除外", "mineral water is exempt"),
            given={"minerals": ("矿泉水",), "method": "well"},
            layers={layer: (_EAST_HALF,)},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("延续不新设", "a renewal takes no new ground"),
            given={"action": "renewal"},
            layers={layer: (_EAST_HALF,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    )


def _plan_line(ctx: Context, layer: str) -> Finding:
    return no_new_ground(ctx) or exempt_fluid(ctx) or keep_out(ctx, layer, _NO_NEW_RIGHT)


@rule(
    "R-SP-01",
    Text("避让生态保护红线", "Ecological red line"),
    family=Family.CONTROL_LINES,
    severity=Severity.PROHIBIT,
    basis=_PLAN,
    explanation=Text(
        "新设矿业权、规划区块不得与生态保护红线重叠；地热、矿泉水除外。窄于 2 米的重叠按提示处理。",
        "A new right or block may not overlap the ecological red line; geothermal energy and "
        "mineral water are exempt. Overlaps narrower than 2 m are hints.",
    ),
    layers=(RED,),
    examples=_plan_examples(RED),
)
def red_line(ctx: Context) -> Finding:
    """New ground keeps out of the ecological red line (生态保护红线)."""
    return _plan_line(ctx, RED)


@rule(
    "R-SP-02",
    Text("避让永久基本农田", "Permanent basic farmland"),
    family=Family.CONTROL_LINES,
    severity=Severity.PROHIBIT,
    basis=_PLAN,
    explanation=Text(
        "新设矿业权、规划区块不得与永久基本农田重叠；地热、矿泉水除外。"
        "2025-10-01 起以 R-LAW-02 为准。",
        "A new right or block may not overlap permanent basic farmland; geothermal energy and "
        "mineral water are exempt. From 2025-10-01 R-LAW-02 decides.",
    ),
    layers=(FARMLAND,),
    examples=_plan_examples(FARMLAND),
)
def farmland(ctx: Context) -> Finding:
    """New ground keeps out of permanent basic farmland (永久基本农田)."""
    return _plan_line(ctx, FARMLAND)


@rule(
    "R-SP-03",
    Text("避让城镇开发边界", "Urban development boundary"),
    family=Family.CONTROL_LINES,
    severity=Severity.PROHIBIT,
    basis=_PLAN,
    explanation=Text(
        "新设矿业权、规划区块不得与城镇开发边界（集中建设、弹性发展、特别用途三类区）重叠；"
        "地热、矿泉水除外。",
        "A new right or block may not overlap the urban development boundary, whatever its kind; "
        "geothermal energy and mineral water are exempt.",
    ),
    layers=(URBAN,),
    examples=_plan_examples(URBAN),
)
def urban_boundary(ctx: Context) -> Finding:
    """New ground keeps out of the urban development boundary (城镇开发边界)."""
    return _plan_line(ctx, URBAN)


@rule(
    "R-SP-25",
    Text("与国土空间规划衔接，调整坐标范围", "Adjust the extent to the territorial spatial plan"),
    family=Family.CONTROL_LINES,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章二（二）3", "要对坐标范围进行必要调整", "c4-2-2-3"),
    explanation=Text(
        "开采规划区块和采矿权范围与三条控制线交叉的，应当调整坐标范围并重算面积和储量。",
        "A mining block or right that crosses a control line is to be adjusted; its area and "
        "reserves are computed again.",
    ),
    layers=(RED, FARMLAND, URBAN),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={RED: (_AWAY,), FARMLAND: (_AWAY,), URBAN: (_AWAY,)}),
        Example(
            Outcome.ATTENTION,
            Text("与红线交叉，须调整", "crosses the red line, to be adjusted"),
            layers={RED: (_EAST_HALF,), FARMLAND: (), URBAN: ()},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("缺永久基本农田图层", "the farmland layer is absent"),
            layers={RED: (_AWAY,), URBAN: (_AWAY,)},
        ),
    ),
)
def territorial_plan(ctx: Context) -> Iterator[Finding]:
    """A mining extent that crosses the territorial spatial plan is adjusted (国土空间规划衔接)."""
    if not ctx.proposal.right.is_mining:
        yield ctx.not_applicable(
            Text("该条仅对开采规划区块和采矿权。", "The clause speaks of mining blocks and rights.")
        )
        return
    if answer := no_new_ground(ctx):
        yield answer
        return
    crossed = False
    for layer in (RED, FARMLAND, URBAN):
        if not ctx.measured.has_layer(layer):
            crossed = True
            yield ctx.not_checked(layer_word(layer))
        elif found := ctx.overlaps(layer):
            crossed = True
            words = overlap_words(ctx, layer_title(layer), found)
            yield ctx.attention(
                Text(
                    f"{words.zh}，须调整坐标范围并重算面积、储量。",
                    f"{words.en}: adjust the corners; compute area and reserves again.",
                ),
                measured=square_metres(ground(ctx, found)[0]),
                limit=NONE_ALLOWED,
                evidence=ctx.evidence(layer),
                mend=SHRINK,
            )
    if not crossed:
        yield ctx.clear(Text("与三条控制线无交叉，范围不需调整。", "No control line is crossed."))
