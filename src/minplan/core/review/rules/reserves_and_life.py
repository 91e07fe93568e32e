"""Scale, reserves and service life must match (规模、储量、服务年限)."""

from __future__ import annotations

from collections.abc import Iterator

from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import (
    deposit_size,
    existing_mine,
    for_mineral,
    group,
    mine_scale,
    new_mining,
)
from minplan.core.review.service_life import ServiceLife, computed_life, declared_life, is_solid
from minplan.core.review.sources import of_plan
from minplan.core.standard.scales import MineScale
from minplan.core.text import Text
from minplan.core.tolerances import SERVICE_LIFE_ATTENTION, SERVICE_LIFE_HIT, SERVICE_LIFE_SEVERE

_PARAMETERS = {"mining_recovery": 95, "dilution": 0}


@rule(
    "R-AT-10",
    Text("规模、储量与服务年限相匹配", "Scale, reserves and service life must match"),
    family=Family.RESERVES_AND_LIFE,
    severity=Severity.PROHIBIT,
    basis=(
        of_plan("第四章二（一）3", "服务年限必须与资源储量规模相匹配", "c4-2-1-3"),
        of_plan("第四章五（二）", "保有资源量、矿山生产规模、服务年限相互匹配", "c4-5-2"),
    ),
    explanation=Text(
        "煤 N=Q·η/(A·K)，其他固体矿产 N=Q·α/(A·(1−ρ))；推断资源量乘可信度系数。"
        "偏差超过 10% 提示，超过 30% 命中；未申报的参数取惯例值并注明，此时只提示不否决。",
        "Coal N=Q·η/(A·K), other solids N=Q·α/(A·(1−ρ)); inferred resources count by their factor. "
        "More than 10 % off calls for attention, more than 30 % is a hit; parameters not declared "
        "are assumed, said so, and never decide.",
    ),
    applies=lambda ctx: new_mining(ctx) and is_solid(group(ctx)),
    facts=("mining_recovery", "dilution", "reserve_coefficient", "inferred_factor"),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("1300 万吨、100 万吨/年、12 年", "13 Mt at 1 Mt a year for 12 years"),
            given={"service_life": 12},
            facts=_PARAMETERS,
        ),
        Example(
            Outcome.ATTENTION,
            Text("申报 10 年，公式 12.4 年", "10 years declared, 12.4 by formula"),
            given={"service_life": 10},
            facts=_PARAMETERS,
        ),
        Example(
            Outcome.CONFLICT,
            Text("申报 20 年，公式 12.4 年", "20 years declared, 12.4 by formula"),
            given={"service_life": 20},
            facts=_PARAMETERS,
        ),
        Example(
            Outcome.ATTENTION,
            Text("参数未申报，只提示", "parameters assumed: attention only"),
            given={"service_life": 20},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有资源储量", "no reserves given"),
            given={"reserves": {}},
            facts=_PARAMETERS,
        ),
    ),
)
def scale_matches_reserves(ctx: Context) -> Finding:
    """Hold the declared service life against the formula."""
    life, declared = computed_life(ctx), declared_life(ctx)
    off = life.deviation(declared)
    found = {"measured": Quantity(declared, "年"), "limit": Quantity(life.figure, "年", "≈")}
    note = _assumptions(life)
    shown = Text(
        f"申报服务年限 {declared:g} 年，按资源量与规模计算 {life.figure} 年，"
        f"偏差 {off:.0%}{note.zh}。",
        f"{declared:g} years declared, {life.figure} by reserves: {off:.0%} off{note.en}.",
    )
    too_short = _below_plan(ctx, declared)
    if too_short is not None:
        return too_short
    if off <= SERVICE_LIFE_ATTENTION:
        return ctx.clear(shown, **found)
    answer = ctx.conflict if off > SERVICE_LIFE_HIT and not life.assumed else ctx.attention
    fitting = float(ctx.need("scale")) * (life.low + life.high) / 2 / declared
    return answer(
        shown,
        mend=Text(
            f"将服务年限改为约 {life.figure} 年，或将规模调整为约 {fitting:.3g} "
            f"{ctx.proposal.scale_unit}；并申报设计回采率等参数。",
            f"Declare about {life.figure} years, or a scale of about {fitting:.3g}; declare the "
            "designed recovery and other parameters.",
        ),
        **found,
    )


def _assumptions(life: ServiceLife) -> Text:
    if not life.assumed:
        return Text("", "")
    zh = "、".join(item.zh for item in life.assumed)
    en = ", ".join(item.en for item in life.assumed)
    return Text(f"（{zh}未申报，取惯例值）", f" ({en} assumed)")


def _below_plan(ctx: Context, declared: float) -> Finding | None:
    """Conflict where the plan sets a least service life and the declared one is shorter."""
    rows = [item for item in ctx.plan.thresholds if item.subject == "minimum-service-life"]
    for item in for_mineral(ctx, rows):
        if declared < float(item.value):
            return ctx.conflict(
                Text(
                    f"申报服务年限 {declared:g} 年，低于规划的最低服务年限 {item.value} 年。",
                    f"{declared:g} years declared, below the plan's minimum {item.value}.",
                ),
                measured=Quantity(declared, "年"),
                limit=Quantity(float(item.value), "年", "≥"),
            )
    return None


@rule(
    "R-AT-11",
    Text("三者极不匹配且无后备资源的到期关闭", "Close at expiry when grossly mismatched"),
    family=Family.RESERVES_AND_LIFE,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章五（二）", "采矿证到期即应关闭", "c4-5-2"),
    explanation=Text(
        "已设采矿权的资源量、规模、服务年限偏差超过 50%，且无后备资源、不能扩界延深的，"
        "建议到期关闭。",
        "An existing mine more than 50 % off, without backup reserves or room to extend, should "
        "close when its licence expires.",
    ),
    applies=lambda ctx: existing_mine(ctx) and is_solid(group(ctx)),
    facts=("backup_reserves", "can_extend"),
    required=False,
    examples=(
        Example(
            Outcome.CLEAR,
            Text("三者匹配", "they match"),
            given={"action": "renewal", "service_life": 12},
            facts=_PARAMETERS,
        ),
        Example(
            Outcome.ATTENTION,
            Text("极不匹配，无后备资源", "grossly mismatched, no backup"),
            given={"action": "renewal", "service_life": 40},
            facts={**_PARAMETERS, "backup_reserves": False, "can_extend": False},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("未申报后备资源", "backup reserves not declared"),
            given={"action": "renewal", "service_life": 40},
            facts=_PARAMETERS,
        ),
    ),
)
def close_at_expiry(ctx: Context) -> Finding:
    """Recommend closing an existing mine that is grossly mismatched and cannot be extended."""
    life, declared = computed_life(ctx), declared_life(ctx)
    off = life.deviation(declared)
    found = {
        "measured": Quantity(round(off * 100, 1), "%"),
        "limit": Quantity(SERVICE_LIFE_SEVERE * 100, "%", "≤"),
    }
    if off <= SERVICE_LIFE_SEVERE:
        return ctx.clear(
            Text(f"三者偏差 {off:.0%}，不属极不匹配。", f"{off:.0%} off: not gross."), **found
        )
    if ctx.fact("backup_reserves") or ctx.fact("can_extend"):
        return ctx.clear(
            Text(
                f"三者偏差 {off:.0%}，但有后备资源或可扩界延深。",
                f"{off:.0%} off, with backup reserves or room to extend.",
            ),
            **found,
        )
    return ctx.attention(
        Text(
            f"三者偏差 {off:.0%}，且无后备资源、不能扩界延深，规划要求采矿证到期关闭。",
            f"{off:.0%} off, no backup reserves or room to extend: it closes at expiry.",
        ),
        mend=Text(
            "核实资源量并重新编制方案，或列入到期关闭计划。",
            "Verify reserves, or plan the closure.",
        ),
        **found,
    )


_SMALL_MINE = {"minerals": ("水泥用灰岩",), "scale": 30}


@rule(
    "R-AT-17",
    Text("严禁大矿小开、一矿多开、富矿低卖", "No large deposit in a small mine, no cheap grant"),
    family=Family.RESERVES_AND_LIFE,
    severity=Severity.PROHIBIT,
    basis=(
        of_plan("第四章二（二）3", "严禁大矿小开，一矿多开，富矿低卖", "c4-2-2-3"),
        of_plan("第四章四（一）", "严禁大矿小开、一矿多开、富矿贱卖", "c4-4-1"),
    ),
    explanation=Text(
        "储量规模为大型而生产规模为小型的命中，相差一级提示；同一矿床还有其他采矿权人的命中；"
        "出让起始价低于市场基准价的命中。",
        "A large deposit with a small mine is a hit, one class apart calls for attention; so are "
        "other mining-right holders in the deposit and a starting price below the benchmark.",
    ),
    applies=new_mining,
    facts=("deposit_size", "other_holders_in_deposit", "starting_price", "benchmark_price"),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("中型矿床、大型生产规模", "a medium deposit, a large mine"),
            given={"minerals": ("水泥用灰岩",), "scale": 120},
            facts={"deposit_size": "中型"},
        ),
        Example(
            Outcome.CONFLICT,
            Text("大型矿床、小型生产规模", "a large deposit, a small mine"),
            given=_SMALL_MINE,
            facts={"deposit_size": "大型"},
        ),
        Example(
            Outcome.CONFLICT,
            Text("起始价低于基准价", "starting price below the benchmark"),
            given={"minerals": ("水泥用灰岩",), "scale": 120, "action": "grant"},
            facts={"deposit_size": "大型", "starting_price": 800, "benchmark_price": 1000},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("未申报储量规模", "size of the deposit not declared"),
            given=_SMALL_MINE,
        ),
    ),
)
def no_large_deposit_in_small_mine(ctx: Context) -> Iterator[Finding]:
    """Class of the deposit against the class of the mine; holders; price."""
    others = float(ctx.proposal.facts.get("other_holders_in_deposit", 0))
    if others > 0:
        yield ctx.conflict(
            Text(
                f"同一矿床内还有其他采矿权人 {others:g} 个，属一矿多开。",
                f"{others:g} other mining-right holders are in the same deposit.",
            ),
            mend=Text("先整合为一个采矿权主体。", "Merge the rights under one holder first."),
        )
    if "starting_price" in ctx.proposal.facts:
        yield _price(ctx)
    yield _classes(ctx, deposit_size(ctx), mine_scale(ctx))


def _classes(ctx: Context, deposit: MineScale, mine: MineScale) -> Finding:
    found = {
        "measured": Quantity(mine.word.zh),
        "limit": Quantity(deposit.word.zh, operator="≈"),
    }
    words = Text(
        f"储量规模{deposit.word.zh}，生产规模{mine.word.zh}",
        f"A {deposit.word.en} deposit with a {mine.word.en} mine",
    )
    apart = deposit.rank - mine.rank
    mend = Text("提高设计规模，与储量规模相适应。", "Raise the scale to suit the deposit.")
    if apart >= 2:
        return ctx.conflict(
            Text(f"{words.zh}，属大矿小开。", f"{words.en}: too small."), mend=mend, **found
        )
    if apart == 1:
        return ctx.attention(
            Text(f"{words.zh}，低一级，须说明理由。", f"{words.en}: a class lower, give reasons."),
            mend=mend,
            **found,
        )
    return ctx.clear(Text(f"{words.zh}，相适应。", f"{words.en}: suitable."), **found)


def _price(ctx: Context) -> Finding:
    price, benchmark = float(ctx.fact("starting_price")), float(ctx.fact("benchmark_price"))
    found = {"measured": Quantity(price, "万元"), "limit": Quantity(benchmark, "万元", "≥")}
    if price < benchmark:
        return ctx.conflict(
            Text(
                f"出让起始价 {price:g} 万元，低于按基准价计算的 {benchmark:g} 万元。",
                f"Starting price {price:g} below the benchmark {benchmark:g} (10⁴ yuan).",
            ),
            mend=Text(f"起始价不低于 {benchmark:g} 万元。", f"Start at {benchmark:g} or more."),
            **found,
        )
    return ctx.clear(
        Text("出让起始价不低于市场基准价。", "The starting price reaches the benchmark."), **found
    )
