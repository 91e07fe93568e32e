"""Caps of counties, and the share of large mines (分县调控、大中型比例)."""

from __future__ import annotations

from collections.abc import Iterator

from minplan.core.plan.model import Operator
from minplan.core.review.cap_findings import mine_count, output_total
from minplan.core.review.caps import caps, overall
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.missing import NotChecked
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.rules.totals import city_mineral, quota
from minplan.core.review.scope import mine_scale, new_mining
from minplan.core.review.sources import of_plan
from minplan.core.standard.scales import MineScale
from minplan.core.text import Text


@rule(
    "R-TT-04",
    Text("分县（区）矿山数与产量", "Caps of the county"),
    family=Family.TOTALS,
    severity=Severity.RESTRICT,
    basis=(
        of_plan("第四章三（一）", "进行矿山总数和年开采总量调控", "c4-3-1"),
        of_plan("第八章", "", "c8"),
    ),
    explanation=Text(
        "与所在县（区）的产量、矿山数控制数比较；规划文本没有该县分县规划的，未核查。",
        "Held against the county's caps; where the plan's text omits the county it is not checked.",
    ),
    applies=new_mining,
    required=False,
    examples=(
        Example(
            Outcome.CLEAR,
            Text("县内矿山数未满", "the county has room"),
            plan={
                "quotas": (quota("mines", 6, "个", county="示例县"),),
                "status": ({"subject": "mines", "county": "示例县", "value": 4, "unit": "个"},),
            },
        ),
        Example(
            Outcome.CONFLICT,
            Text("县内矿山数已满", "the county is full"),
            plan={
                "quotas": (quota("mines", 6, "个", county="示例县"),),
                "status": ({"subject": "mines", "county": "示例县", "value": 6, "unit": "个"},),
            },
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("规划文本没有该县", "the plan's text omits the county"),
            plan={"quotas": (quota("mines", 6, "个", county="另一县"),)},
        ),
    ),
)
def county_caps(ctx: Context) -> Iterator[Finding]:
    """The county's caps on output of the mineral and on mines, of the mineral and in all."""
    county = str(ctx.need("county"))
    if not any(item.county == county for item in ctx.plan.quotas):
        raise NotChecked(
            Text(f"{county}的分县规划控制数", f"caps of the plan for {county}"),
        )
    total = overall(ctx, "mines", county)
    counts = [*caps(ctx, "mines", county), *([total] if total else [])]
    checks = [(output_total, cap) for cap in caps(ctx, "output", county)]
    checks += [(mine_count, cap) for cap in counts]
    for check, cap in checks:
        try:
            yield check(ctx, cap, county)
        except NotChecked as gap:
            yield ctx.not_checked(gap.missing)
    if not checks:
        yield ctx.not_applicable(
            Text(f"{county}没有该矿种的控制数。", f"{county} has no cap for the mineral.")
        )


@rule(
    "R-TT-07",
    Text("大中型矿山比例", "Share of large and medium mines"),
    family=Family.TOTALS,
    severity=Severity.HINT,
    basis=of_plan("表4", "大中型矿山比例（市级发证矿种）", "table-4"),
    explanation=Text(
        "新设小型矿山会降低大中型比例，提示；不改变结论。",
        "A new small mine lowers the share of large and medium mines: a hint only.",
    ),
    applies=lambda ctx: new_mining(ctx) and city_mineral(ctx),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("新设大型矿山", "a large mine"),
            plan={"plan": {"city_minerals": ("建筑石料用灰岩",)}},
        ),
        Example(
            Outcome.ATTENTION,
            Text("新设小型矿山", "a small mine"),
            given={"scale": 8},
            plan={"plan": {"city_minerals": ("建筑石料用灰岩",)}},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有填规模", "no scale given"),
            given={"scale": None},
            plan={"plan": {"city_minerals": ("建筑石料用灰岩",)}},
        ),
    ),
)
def share_of_large_mines(ctx: Context) -> Finding:
    """Say when the proposal lowers the share the plan wants raised."""
    grade = mine_scale(ctx)
    goals = [
        item
        for item in ctx.plan.quotas_of("share-large-medium")
        if item.operator is Operator.AT_LEAST
    ]
    goal = f"（目标 {goals[0].low:g}{goals[0].unit}）" if goals else ""
    if grade is MineScale.SMALL:
        return ctx.attention(
            Text(
                f"新设小型矿山将降低市级发证矿种的大中型比例{goal}。",
                "A new small mine lowers the share of large and medium mines.",
            ),
            mend=Text("提高设计规模到中型以上。", "Raise the designed scale to medium or more."),
        )
    return ctx.clear(
        Text(
            f"属{grade.word.zh}，不降低大中型矿山比例{goal}。",
            f"A {grade.word.en} mine does not lower the share.",
        )
    )
