"""Minimum scale of new mines (最低开采规模): the plan's figures, the province's, the classes.

The figures of the plan come from its thresholds, those of the province from a dated table.
"""

from __future__ import annotations

import datetime as dt

from minplan.core.plan.model import Modality, Threshold
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.missing import NotChecked, fact_word
from minplan.core.review.proposal import Action
from minplan.core.review.rule import Applies, Example, Family, rule
from minplan.core.review.scope import (
    canonical,
    designed_scale,
    existing_mine,
    for_mineral,
    names,
    new_mining,
    of_mineral,
)
from minplan.core.review.sources import (
    SHANXI_SAFETY_2024,
    of_act,
    of_plan,
)
from minplan.core.standard.scales import scale_limits
from minplan.core.standard.tables import Row, rows_at, table
from minplan.core.text import Text

#: Rule, mineral, its English name, quotation; for the examples a scale below and the minimum.
_MINERALS = (
    ("R-AT-01", "煤炭", "coal", "煤炭不得低于 120 万吨/年", 90, 120),
    ("R-AT-02", "铁矿", "iron", "铁矿 5 万吨/年", 3, 5),
    ("R-AT-03", "水泥用灰岩", "limestone for cement", "水泥用灰岩 30 万吨/年", 20, 30),
    ("R-AT-04", "建筑用白云岩", "dolomite for building", "建筑用白云岩 10 万吨/年", 8, 10),
    (
        "R-AT-05",
        "建筑石料用灰岩",
        "limestone for aggregate",
        "建筑石料用灰岩不低于 50 万吨/年",
        30,
        50,
    ),
    ("R-AT-06", "陶瓷土", "ceramic clay", "陶瓷土 10 万吨/年", 6, 10),
    ("R-AT-07", "石英岩", "quartzite", "石英岩 10 万吨/年", 9, 10),
)
_PLAN_MINIMUM = Text("最低开采规模", "the minimum")
_LISTED = tuple(item[1] for item in _MINERALS)


def judge_minimum_scale(ctx: Context) -> Finding:
    """Hold the designed scale against the plan's minimum for the mineral; the strictest decides."""
    limits = for_mineral(ctx, _plan_minima(ctx))
    if not limits:
        name = ctx.mineral.name
        raise NotChecked(Text(f"规划中{name}的最低开采规模", f"the plan's minimum scale of {name}"))
    findings = [_against(ctx, float(item.value), item.unit, item.modality) for item in limits]
    return min(findings, key=lambda item: list(Outcome).index(item.outcome))


def _plan_minima(ctx: Context) -> tuple[Threshold, ...]:
    return tuple(item for item in ctx.plan.thresholds if item.subject == "minimum-scale")


def _against(
    ctx: Context,
    limit: float,
    unit: str,
    modality: Modality = Modality.FIRM,
    kind: Text = _PLAN_MINIMUM,
) -> Finding:
    """One minimum against the designed scale, in the unit of the minimum; ``kind`` names it."""
    figures = designed_scale(ctx, unit)
    low, high = min(figures), max(figures)
    if low < limit <= high:
        raise NotChecked(fact_word("density"))
    name, english = ctx.mineral.name, ctx.mineral.english
    shown = f"{low:g} {unit}"
    found = {
        "measured": Quantity(low, unit),
        "limit": Quantity(limit, unit, "≥"),
    }
    if low >= limit:
        return ctx.clear(
            Text(
                f"{name}设计规模 {shown}，不低于{kind.zh} {limit:g} {unit}。",
                f"Designed scale of {english} {shown}: not below {kind.en} {limit:g} {unit}.",
            ),
            **found,
        )
    answer = ctx.attention if modality is Modality.IN_PRINCIPLE else ctx.conflict
    return answer(
        Text(
            f"{name}设计规模 {shown}，低于{kind.zh} {limit:g} {unit}，差 {limit - low:g} {unit}。",
            f"Designed scale of {english} {shown} is {limit - low:g} {unit} below {kind.en} "
            f"{limit:g} {unit}.",
        ),
        mend=Text(
            f"将设计规模提高到 {limit:g} {unit}以上，并核对资源储量与服务年限是否匹配。",
            f"Raise the designed scale to at least {limit:g} {unit} and check reserves and life.",
        ),
        **found,
    )


def _threshold(mineral: str, value: float) -> dict[str, object]:
    return {
        "subject": "minimum-scale",
        "mineral": mineral,
        "value": f"{value:g}",
        "unit": "万吨/年",
        "clause": "c4-5-2",
    }


def _new_mine_of(mineral: str) -> Applies:
    return lambda ctx: new_mining(ctx) and of_mineral(mineral)(ctx)


for _id, _mineral, _english, _quote, _low, _high in _MINERALS:
    _plan = {"thresholds": (_threshold(_mineral, _high),)}
    rule(
        _id,
        Text(f"最低开采规模：{_mineral}", f"Minimum scale: {_english}"),
        family=Family.MINIMUM_SCALE,
        severity=Severity.PROHIBIT,
        basis=of_plan("第四章五（二）", _quote, "c4-5-2"),
        explanation=Text(
            "新设采矿权的设计规模不得低于规划规定的最低开采规模；数值取自规划的准入指标表。",
            "The designed scale of a new mining right must reach the plan's minimum; the figure is "
            "read from the plan's thresholds.",
        ),
        applies=_new_mine_of(_mineral),
        examples=(
            Example(
                Outcome.CLEAR,
                Text("达到最低规模", "the minimum is reached"),
                given={"minerals": (_mineral,), "scale": _high},
                plan=_plan,
            ),
            Example(
                Outcome.CONFLICT,
                Text("低于最低规模", "below the minimum"),
                given={"minerals": (_mineral,), "scale": _low},
                plan=_plan,
            ),
            Example(
                Outcome.NOT_CHECKED,
                Text("没有填设计规模", "no designed scale given"),
                given={"minerals": (_mineral,), "scale": None},
                plan=_plan,
            ),
        ),
    )(judge_minimum_scale)


@rule(
    "R-AT-09",
    Text("规划未列最低规模的矿种", "Minerals without a minimum scale in the plan"),
    family=Family.MINIMUM_SCALE,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章五（二）", "严格执行矿山开采最低规模要求", "c4-5-2"),
    explanation=Text(
        "规划的清单没有列出该矿种时，取上级规划规定的数值；没有数值则不下结论，"
        "并给出全国生产规模分级作参考。",
        "Where the plan's list leaves a mineral out, the upper plan's figure is used; without one "
        "nothing is concluded and the national classes are shown for reference.",
    ),
    applies=lambda ctx: new_mining(ctx) and not set(names(ctx)) & set(_LISTED),
    facts=("upper_minimum_scale",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("填报了上级规划的最低规模", "the upper plan's minimum is declared"),
            given={"minerals": ("熔剂用灰岩",), "scale": 60},
            facts={"upper_minimum_scale": 30},
        ),
        Example(
            Outcome.CONFLICT,
            Text("规划列有数值而不达标", "a plan that has a figure, not reached"),
            given={"minerals": ("石膏",), "scale": 8},
            plan={"thresholds": (_threshold("石膏", 10),)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有任何数值", "no figure at all"),
            given={"minerals": ("熔剂用灰岩",), "scale": 60},
        ),
    ),
)
def minimum_scale_of_other_minerals(ctx: Context) -> Finding:
    """Minerals the plan's list leaves out: another figure, or not checked with a hint."""
    if for_mineral(ctx, _plan_minima(ctx)):
        return judge_minimum_scale(ctx)
    if "upper_minimum_scale" in ctx.proposal.facts:
        limit = float(ctx.fact("upper_minimum_scale"))
        return _against(ctx, limit, ctx.proposal.scale_unit)
    name, english = ctx.mineral.name, ctx.mineral.english
    hint = _national_hint(ctx)
    return ctx.not_checked(
        fact_word("upper_minimum_scale"),
        Text(
            f"规划未规定{name}的最低开采规模，不能判定。{hint.zh}",
            f"The plan sets no minimum scale for {english}: not checked. {hint.en}",
        ),
    )


def _national_hint(ctx: Context) -> Text:
    limits = scale_limits(ctx.mineral.name, "", ctx.date)
    if not limits:
        return Text(
            "全国生产规模分级表也没有该矿种。", "The national table has no row for it either."
        )
    row = limits[0]
    return Text(
        f"参考：{row.source}“{row.entry}”大型 ≥ {row.large_from:g}、中型 ≥ {row.medium_from:g} "
        f"{row.unit}。",
        f"For reference: large ≥ {row.large_from:g}, medium ≥ {row.medium_from:g} {row.unit} "
        "nationally.",
    )


def _provincial(ctx: Context) -> Row | None:
    """The province's row for the mineral; before it is in force, the row that will hold."""
    wanted = canonical(ctx.proposal.mineral)
    rows = rows_at("provincial_minimum", ctx.date, mineral=wanted)
    later = [row for row in table("provincial_minimum") if row["mineral"] == wanted]
    return next(iter([*rows, *later]), None)


def _under_provincial_minimum(ctx: Context) -> bool:
    """New mines, and from a date of the table also renewals."""
    row = _provincial(ctx)
    if row is None:
        return False
    renewal = existing_mine(ctx) and ctx.proposal.action is Action.RENEWAL
    return new_mining(ctx) or (renewal and ctx.date >= row["renewals_from"])


@rule(
    "R-LAW-14",
    Text("山西非煤矿山最低规模与服务年限", "Shanxi: least scale and life of non-coal mines"),
    family=Family.MINIMUM_SCALE,
    severity=Severity.PROHIBIT,
    basis=of_act(SHANXI_SAFETY_2024, "", "最低生产规模和服务年限", certain=False),
    explanation=Text(
        "铁、铝土、铜 30 万吨/年，磷 50 万吨/年，服务年限不少于 5 年（不含基建期）；"
        "比规划严的，以此为准；规模已低于规划下限的，由规划规则判定。"
        "2025 年底仍不达标的，不再延续。",
        "Iron, bauxite and copper 300 000 t, phosphate 500 000 t a year, and five years of life "
        "without construction; it decides where it is stricter than the plan. Mines that still "
        "miss it at the end of 2025 are not renewed.",
    ),
    applies=_under_provincial_minimum,
    effective_from=dt.date(2024, 3, 14),
    overrides=("R-AT-02", "R-AT-09"),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("铁矿 30 万吨/年、8 年", "iron of 300 000 t a year, eight years"),
            given={"minerals": ("铁矿",), "scale": 30, "service_life": 8},
            plan={"thresholds": (_threshold("铁矿", 5),)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("铁矿 10 万吨/年", "iron of 100 000 t a year"),
            given={"minerals": ("铁矿",), "scale": 10, "service_life": 8},
            plan={"thresholds": (_threshold("铁矿", 5),)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("服务年限只有 4 年", "a life of four years only"),
            given={"minerals": ("铝土矿",), "scale": 40, "service_life": 4},
        ),
        Example(
            Outcome.CONFLICT,
            Text("2026 年起不达标的不再延续", "not renewed from 2026"),
            given={"minerals": ("铁矿",), "scale": 10, "action": "renewal"},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("已低于规划下限，由 R-AT-02 判定", "below the plan's own minimum already"),
            given={"minerals": ("铁矿",), "scale": 3},
            plan={"thresholds": (_threshold("铁矿", 5),)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有填服务年限", "no service life given"),
            given={"minerals": ("铁矿",), "scale": 30, "service_life": None},
            plan={"thresholds": (_threshold("铁矿", 5),)},
        ),
    ),
)
def provincial_minimum(ctx: Context) -> Finding:
    """Least scale and life of the province, unless the plan's own minimum already fails."""
    row = _provincial(ctx)
    if row is None:
        return ctx.not_applicable(Text("省口径未列该矿种。", "The province lists no figure."))
    limit, unit, years = float(row["scale"]), str(row["unit"]), float(row["service_life"])
    minima = for_mineral(ctx, _plan_minima(ctx))
    if minima and judge_minimum_scale(ctx).outcome is Outcome.CONFLICT:
        return ctx.not_applicable(
            Text(
                f"设计规模已低于规划下限，由规划规则判定；省口径为 {limit:g} {unit}。",
                f"Already below the plan's minimum, which decides (province: {limit:g} {unit}).",
            )
        )
    kind = Text("省最低生产规模", "the province's minimum")
    finding = _against(ctx, limit, unit, kind=kind)
    if finding.outcome is not Outcome.CLEAR:
        return finding
    life = float(ctx.need("service_life"))
    found = {"measured": Quantity(life, "年"), "limit": Quantity(years, "年", "≥")}
    if life < years:
        return ctx.conflict(
            Text(
                f"设计服务年限 {life:g} 年，低于省口径 {years:g} 年（不含基建期）。",
                f"A service life of {life:g} years is below the {years:g} years asked.",
            ),
            mend=Text(
                f"核实资源储量或调整规模，使服务年限不少于 {years:g} 年。",
                f"Verify reserves or adjust the scale so that the life reaches {years:g} years.",
            ),
            **found,
        )
    return ctx.clear(
        Text(
            f"设计规模与服务年限达到省口径（{limit:g} {unit}、{years:g} 年）。",
            f"Scale and life reach the province's {limit:g} {unit} and {years:g} years.",
        ),
        **found,
    )
