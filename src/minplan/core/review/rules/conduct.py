"""Conduct of extraction (开采行为): use of good stone, three rates, gas, licensed scale."""

from __future__ import annotations

from minplan.core.basis import Basis
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.missing import NotChecked, fact_word
from minplan.core.review.proposal import MiningMethod
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import existing_mine, mining, names, new_mining, of_mineral
from minplan.core.review.sources import of_plan
from minplan.core.standard.tables import Row, rows_at
from minplan.core.text import Text
from minplan.core.tolerances import OVER_PRODUCTION

_ROCKS = ("石灰岩", "白云岩")
_PLAIN_STONE = ("建筑石料用灰岩", "建筑用白云岩")
_OXIDES = {"cao": "CaO", "mgo": "MgO", "sio2": "SiO2"}


def _as_aggregate(ctx: Context) -> bool:
    """Limestone or dolomite taken as plain building stone."""
    known = names(ctx)
    use = ctx.proposal.facts.get("ore_use")
    return bool(set(known) & set(_ROCKS)) and (
        use == "建筑石料" or (use is None and known[0] in _PLAIN_STONE)
    )


@rule(
    "R-AT-15",
    Text("优质灰岩、白云岩不得作普通石料", "Good limestone and dolomite are not aggregate"),
    family=Family.CONDUCT,
    severity=Severity.PROHIBIT,
    basis=(
        of_plan("第三章一（二）", "禁止将优质石灰岩、白云岩等作为普通建筑石料", "c3-1-2"),
        Basis("DZ/T 0213", "一般工业指标", certain=False),
    ),
    explanation=Text(
        "用作建筑石料而化学成分达到水泥、熔剂或冶镁指标的命中；指标表未核对原文，只提示。",
        "Stone for building whose composition serves cement, flux or magnesium is a hit; the "
        "figures are unverified, so it only calls for attention.",
    ),
    applies=lambda ctx: new_mining(ctx) and _as_aggregate(ctx),
    facts=("ore_use", "cao", "mgo", "sio2"),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("品位达不到工业指标", "poor stone"),
            facts={"cao": 38, "mgo": 9, "sio2": 8},
        ),
        Example(
            Outcome.CONFLICT,
            Text("达到水泥用指标", "good enough for cement"),
            facts={"cao": 51, "mgo": 1.2, "sio2": 2},
        ),
        Example(Outcome.NOT_CHECKED, Text("没有化验数据", "no assay"), facts={"cao": 50}),
    ),
)
def good_stone_as_aggregate(ctx: Context) -> Finding:
    """Composition of plain stone against the figures of better uses."""
    rock = next(name for name in names(ctx) if name in _ROCKS)
    hits = [row for row in rows_at("stone_quality", ctx.date, rock=rock) if _reaches(ctx, row)]
    shown = "、".join(
        f"{_OXIDES[key]} {float(ctx.proposal.facts[key]):g}%"
        for key in _OXIDES
        if key in ctx.proposal.facts
    )
    if not hits:
        return ctx.clear(
            Text(f"{shown}，未达到更优用途的工业指标。", f"{shown}: no better use by composition.")
        )
    uses = "、".join(str(row["use"]) for row in hits)
    english = ", ".join(str(row["use_en"]) for row in hits)
    return ctx.conflict(
        Text(
            f"{shown}，达到{uses}用指标，不得作普通建筑石料。",
            f"{shown}: good enough for {english}, not to be used as aggregate.",
        ),
        mend=Text(f"按{uses}用途确定矿种，优质优用。", f"Fix the kind for {english}."),
    )


def _reaches(ctx: Context, row: Row) -> bool:
    """Whether all figures of a row hold; NotChecked when one cannot be told."""
    missing = []
    for name, limit in row.values.items():
        key, _, side = name.partition("_")
        if key not in _OXIDES:
            continue
        if key not in ctx.proposal.facts:
            missing.append(fact_word(key))
            continue
        value = float(ctx.proposal.facts[key])
        if value < limit if side == "from" else value > limit:
            return False
    if missing:
        raise NotChecked(*missing)
    return True


_COAL = {"minerals": ("煤炭",), "method": "underground", "scale": 150}
_RATES = {
    "coal_seam_thickness": 2.5,
    "mining_recovery": 82,
    "processing_recovery": 90,
    "comprehensive_utilisation": 80,
}


@rule(
    "R-AT-20",
    Text("“三率”达到规定", "The three rates"),
    family=Family.CONDUCT,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章四（一）", "“三率”能达到规定要求", "c4-4-1"),
    explanation=Text(
        "开采回采率、选矿回收率、综合利用率不低于该矿种最低指标；煤炭按煤层厚度取采区回采率，"
        "其他矿种由审查人员对照规范申报。",
        "Recovery, processing and utilisation against the minimum of the mineral; for coal by seam "
        "thickness, for others declared after comparison with the standard.",
    ),
    applies=new_mining,
    facts=(
        "three_rates_met",
        "coal_seam_thickness",
        "mining_recovery",
        "processing_recovery",
        "comprehensive_utilisation",
    ),
    examples=(
        Example(Outcome.CLEAR, Text("煤炭达标", "coal, reached"), given=_COAL, facts=_RATES),
        Example(
            Outcome.ATTENTION,
            Text("中厚煤层采区回采率 75%", "75 % in a medium seam"),
            given=_COAL,
            facts={**_RATES, "mining_recovery": 75},
        ),
        Example(
            Outcome.ATTENTION,
            Text("申报不达标", "declared as not reached"),
            facts={"three_rates_met": False},
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared")),
    ),
)
def three_rates(ctx: Context) -> Finding:
    """The three rates by the table for coal, by declaration for other minerals."""
    if ctx.mineral.group == "coal":
        return _coal_rates(ctx)
    if ctx.fact("three_rates_met"):
        return ctx.clear(Text("申报“三率”达到最低指标。", "Declared as reached."))
    return ctx.attention(
        Text("“三率”未达到该矿种最低指标。", "The three rates are not reached."),
        mend=Text("优化采选工艺，达到最低指标。", "Improve extraction and processing."),
    )


def _coal_rates(ctx: Context) -> Finding:
    thickness = float(ctx.fact("coal_seam_thickness"))
    method = MiningMethod(ctx.need("method"))
    rows = [
        row
        for row in rows_at("three_rates", ctx.date, mineral=ctx.mineral.name, method=method.value)
        if row.get("thickness_from", 0) <= thickness < row.get("thickness_to", float("inf"))
    ]
    if not rows:
        raise NotChecked(Text(f"{method.word.zh}的三率指标", f"three rates for {method.word.en}"))
    row = rows[0]
    pairs = (
        ("mining_recovery", "采区回采率", "recovery"),
        ("processing_recovery", "原煤入选率", "processing"),
        ("comprehensive_utilisation", "综合利用率", "utilisation"),
    )
    low = [
        (word, column, value, float(row[column]))
        for key, word, column in pairs
        if (value := float(ctx.fact(key))) < float(row[column])
    ]
    if not low:
        return ctx.clear(
            Text(f"三率达到最低指标（{row.source}）。", "The three rates reach the minimum.")
        )
    zh = "、".join(f"{word} {value:g}% 低于 {least:g}%" for word, _, value, least in low)
    en = ", ".join(f"{column} {value:g} % below {least:g} %" for _, column, value, least in low)
    return ctx.attention(
        Text(f"{zh}（{row.source}）。", f"{en}."),
        measured=Quantity(low[0][2], "%"),
        limit=Quantity(low[0][3], "%", "≥"),
        mend=Text("优化采选设计，达到最低指标。", "Improve the design to reach the minimum."),
    )


_GAS_PLAN = {
    "thresholds": ({"subject": "vented-methane", "mineral": "煤层气", "value": "30", "unit": "%"},)
}


@rule(
    "R-AT-27",
    Text("禁止直接排放高浓度瓦斯", "No venting of rich gas"),
    family=Family.CONDUCT,
    severity=Severity.PROHIBIT,
    basis=of_plan("第六章一（二）", "禁止甲烷浓度大于30%瓦斯直接排放", "c6-1-2"),
    explanation=Text(
        "甲烷浓度高于规划限值的瓦斯不得直接排放。",
        "Gas richer in methane than the plan's limit must not be vented.",
    ),
    applies=lambda ctx: mining(ctx) and of_mineral("煤炭", "煤层气")(ctx),
    facts=("vented_methane",),
    required=False,
    examples=(
        Example(
            Outcome.CLEAR,
            Text("不直接排放", "nothing vented"),
            given=_COAL,
            facts={"vented_methane": 0},
            plan=_GAS_PLAN,
        ),
        Example(
            Outcome.CONFLICT,
            Text("排放浓度 35%", "35 % vented"),
            given=_COAL,
            facts={"vented_methane": 35},
            plan=_GAS_PLAN,
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared"), given=_COAL, plan=_GAS_PLAN),
    ),
)
def vented_gas(ctx: Context) -> Finding:
    """Methane of gas vented directly against the plan's limit."""
    rows = [item for item in ctx.plan.thresholds if item.subject == "vented-methane"]
    if not rows:
        raise NotChecked(Text("规划的瓦斯排放浓度限值", "the plan's limit on vented methane"))
    limit, value = min(float(item.value) for item in rows), float(ctx.fact("vented_methane"))
    found = {"measured": Quantity(value, "%"), "limit": Quantity(limit, "%", "≤")}
    if value > limit:
        return ctx.conflict(
            Text(
                f"直接排放瓦斯甲烷浓度 {value:g}%，超过 {limit:g}%。",
                f"Gas with {value:g} % methane is vented; the limit is {limit:g} %.",
            ),
            mend=Text("建设抽采利用设施，高浓度瓦斯全部利用。", "Capture and use the gas."),
            **found,
        )
    return ctx.clear(
        Text(f"直接排放甲烷浓度不超过 {limit:g}%。", f"Nothing richer than {limit:g} % is vented."),
        **found,
    )


_RUNNING = {"action": "renewal"}


@rule(
    "R-TT-05",
    Text("按许可规模生产", "Produce within the licensed scale"),
    family=Family.CONDUCT,
    severity=Severity.HINT,
    basis=of_plan("第四章三（一）", "要严格按照采矿许可规模进行生产", "c4-3-1"),
    explanation=Text(
        "上年度产量超过证载规模的提示，超过 10% 的建议移交查处；已批准核增产能的除外。",
        "Output above the licensed scale is said, more than 10 % is to be handed over; an approved "
        "increase is excepted.",
    ),
    applies=existing_mine,
    facts=("last_year_output", "existing_capacity", "capacity_increase_approved"),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("未超规模", "within the scale"),
            given=_RUNNING,
            facts={"last_year_output": 90, "existing_capacity": 100},
        ),
        Example(
            Outcome.ATTENTION,
            Text("超规模 20%", "20 % above"),
            given=_RUNNING,
            facts={"last_year_output": 120, "existing_capacity": 100},
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared"), given=_RUNNING),
    ),
)
def within_licensed_scale(ctx: Context) -> Finding:
    """Last year's output against the licensed scale."""
    output, licensed = float(ctx.fact("last_year_output")), float(ctx.fact("existing_capacity"))
    if licensed <= 0:
        raise NotChecked(fact_word("existing_capacity"))
    unit = ctx.proposal.scale_unit
    found = {"measured": Quantity(output, unit), "limit": Quantity(licensed, unit, "≤")}
    if output <= licensed or ctx.proposal.facts.get("capacity_increase_approved"):
        return ctx.clear(
            Text("上年度产量未超许可规模。", "Last year's output was within the licence."), **found
        )
    share = output / licensed - 1
    more = "，应移交查处" if output > licensed * OVER_PRODUCTION else ""
    return ctx.attention(
        Text(
            f"上年度产量 {output:g} {unit}，超过证载规模 {share:.0%}{more}。",
            f"Last year's output was {share:.0%} above the licensed scale.",
        ),
        **found,
    )


@rule(
    "R-LAW-31",
    Text("高速、国道两侧直观可视范围露天禁采", "No open pits in view of main roads"),
    family=Family.CONDUCT,
    severity=Severity.HINT,
    basis=Basis("各省公路沿线露天矿山管理规定", certain=False),
    explanation=Text(
        "多省禁止在高速公路、国道两侧直观可视范围内露天采矿，依据未核实，只提示。",
        "Several provinces ban open pits in direct view of expressways and national roads; "
        "unverified, a hint only.",
    ),
    applies=lambda ctx: (
        new_mining(ctx) and ctx.proposal.method in (MiningMethod.OPEN_PIT, MiningMethod.BOTH)
    ),
    layers=("road-visible-range",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("不在可视范围", "out of view"),
            layers={"road-visible-range": ({"box": (2000, 0, 3000, 1000)},)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("一半在可视范围", "half in view"),
            layers={"road-visible-range": ({"box": (500, 0, 3000, 1000), "name": "示例高速"},)},
        ),
        Example(Outcome.NOT_CHECKED, Text("没有图层", "no layer")),
    ),
)
def open_pit_in_view(ctx: Context) -> Finding:
    """Open pits that overlap the range visible from main roads."""
    hits = ctx.overlaps()
    if not hits:
        return ctx.clear(Text("不在重要道路可视范围内。", "Out of view of main roads."))
    area = ctx.measured.ground_m2(hits)
    return ctx.attention(
        Text(
            f"露天开采范围有 {area:,.0f} 平方米在重要道路可视范围内。",
            f"{area:,.0f} m² of the open pit are in view of main roads.",
        ),
        measured=Quantity(area, "平方米"),
        evidence=ctx.evidence(),
        mend=Text("调整范围，或采取遮挡措施。", "Change the extent or screen it."),
    )
