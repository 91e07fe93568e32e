"""Extent in basic blocks (基本单位区块): the least and the largest exploration area."""

from __future__ import annotations

from minplan.core.basis import Basis
from minplan.core.geometry.graticule import basic_block_area, cover
from minplan.core.plan.model import Modality
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import (
    no_new_ground,
    square_metres,
)
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import of_plan
from minplan.core.text import Text

#: Largest registered area in basic blocks by mineral group (勘查区块登记管理办法 第三条).
LARGEST_BLOCKS = {
    "water": 10,
    "metal": 40,
    "non-metal": 40,
    "sand-stone": 40,
    "geothermal": 200,
    "coal": 200,
    "coal-bed-methane": 2500,
    "oil-gas": 2500,
}

_EXPLORE = {"right": "exploration-right", "minerals": ("铝土矿",), "method": None}
_ONE_BLOCK = {
    "thresholds": (
        {
            "subject": "minimum-area",
            "value": "1",
            "unit": "基本单位区块",
            "modality": "in-principle",
        },
    )
}
_FIRM = {"thresholds": ({**_ONE_BLOCK["thresholds"][0], "modality": "firm"},)}


def _not_exploration(ctx: Context) -> Finding | None:
    if ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("该条仅对勘查。", "The clause speaks of exploration."))
    return no_new_ground(ctx)


def _cell(ctx: Context) -> float:
    return basic_block_area(ctx.measured.block.geometry.centroid.y)


@rule(
    "R-SP-08",
    Text("勘查区块面积不小于 1 个基本单位区块", "At least one basic block"),
    family=Family.SHAPE,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章一（三）1（5）", "面积原则上不小于1个基本单位区块", "c4-1-3-1-5"),
    explanation=Text(
        "以范围质心纬度处 1′×1′ 的椭球面积为 1 个基本单位区块；"
        "“原则上”可凭夹缝、深部、整合等理由论证。",
        "One basic block is the ellipsoidal area of 1′×1′ at the latitude of the centroid; “in "
        "principle” may be argued away for gaps, depth or mergers.",
    ),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("2 km × 2 km 大于 1 个基本单位区块", "2 km × 2 km"),
            given={**_EXPLORE, "box": (0, 0, 2000, 2000)},
            plan=_ONE_BLOCK,
        ),
        Example(
            Outcome.ATTENTION,
            Text("1 km × 1 km 不足", "1 km × 1 km is too small"),
            given=_EXPLORE,
            plan=_ONE_BLOCK,
        ),
        Example(
            Outcome.CONFLICT,
            Text("规划写“不得小于”时为冲突", "a conflict where the plan is firm"),
            given=_EXPLORE,
            plan=_FIRM,
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("规划没有面积下限", "the plan gives no minimum"),
            given=_EXPLORE,
        ),
        Example(Outcome.NOT_APPLICABLE, Text("采矿权不适用", "not for mining"), plan=_ONE_BLOCK),
    ),
)
def minimum_area(ctx: Context) -> Finding:
    """Exploration ground is at least one basic block (基本单位区块)."""
    if answer := _not_exploration(ctx):
        return answer
    limits = ctx.plan.thresholds_of("minimum-area")
    if not limits:
        return ctx.not_checked(Text("规划规定的最小面积", "the plan's minimum area"))
    area, cell = ctx.measured.block.area_m2, _cell(ctx)
    floor = float(limits[0].value) * cell
    cells = cover(ctx.measured.block.geometry)
    facts = {"measured": square_metres(area), "limit": square_metres(floor, "≥")}
    state = Text(
        f"面积 {area / 1e6:.4f} 平方公里，相当于 {area / cell:.2f} 个基本单位区块"
        f"（涉及 {len(cells)} 格，其中整格 {cells.whole_count} 个；"
        f"该纬度一格 {cell / 1e6:.4f} 平方公里）",
        f"{area / 1e6:.4f} km², {area / cell:.2f} basic blocks ({len(cells)} cells touched, "
        f"{cells.whole_count} whole; one cell is {cell / 1e6:.4f} km² here)",
    )
    if area >= floor:
        return ctx.clear(Text(f"{state.zh}。", f"{state.en}."), **facts)
    firm = limits[0].modality is Modality.FIRM
    how = Text("不得小于", "at least") if firm else Text("原则上不小于", "in principle at least")
    return (ctx.conflict if firm else ctx.attention)(
        Text(
            f"{state.zh}，{how.zh} {limits[0].value} 个基本单位区块。",
            f"{state.en}; {how.en} {limits[0].value}.",
        ),
        mend=Text(
            "请扩大范围，或就夹缝、深部、整合残块提出论证。",
            "Enlarge the extent, or argue a gap, depth or merger.",
        ),
        **facts,
    )


@rule(
    "R-LAW-26",
    Text("勘查登记面积上限", "Largest registered exploration area"),
    family=Family.SHAPE,
    severity=Severity.RESTRICT,
    basis=Basis(
        "矿产资源勘查区块登记管理办法（国务院令第240号）",
        "第三条",
        "允许登记的最大范围",
        "https://github.com/LawRefBook/Laws",
    ),
    explanation=Text(
        "矿泉水 10 个、金属和非金属 40 个、地热煤和水气 200 个、石油天然气 2500 个基本单位区块。"
        "煤层气按油气计（待核实）。",
        "10 basic blocks for mineral water, 40 for metals and non-metals, 200 for geothermal "
        "energy, coal and gases in water, 2500 for oil and gas; coal-bed methane is taken as gas.",
    ),
    examples=(
        Example(Outcome.CLEAR, Text("小于 40 格", "below 40 blocks"), given=_EXPLORE),
        Example(
            Outcome.ATTENTION,
            Text("矿泉水 6 km × 6 km 大于 10 格", "mineral water over 36 km²"),
            given={**_EXPLORE, "minerals": ("矿泉水",), "box": (0, 0, 6000, 6000)},
        ),
    ),
)
def largest_area(ctx: Context) -> Finding:
    """Exploration ground stays below the registered maximum for its mineral."""
    if answer := _not_exploration(ctx):
        return answer
    most, area, cell = LARGEST_BLOCKS[ctx.mineral.group], ctx.measured.block.area_m2, _cell(ctx)
    number = area / cell
    facts = {"measured": Quantity(round(number, 2), "格"), "limit": Quantity(most, "格", "≤")}
    state = Text(
        f"面积相当于 {number:.2f} 个基本单位区块，{ctx.mineral.name}上限 {most} 个",
        f"{number:.2f} basic blocks, at most {most} for {ctx.mineral.english}",
    )
    if number <= most:
        return ctx.clear(Text(f"{state.zh}。", f"{state.en}."), **facts)
    return ctx.attention(
        Text(f"{state.zh}，超出。", f"{state.en}: too large."),
        mend=Text("请缩小范围或分设。", "Reduce or divide the extent."),
        **facts,
    )
