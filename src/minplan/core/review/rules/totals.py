"""Totals of output and numbers of mines of the city (开采总量、矿山总数)."""

from __future__ import annotations

from collections.abc import Iterator

from minplan.core.review.cap_findings import (
    OUTPUT,
    Tally,
    added_output,
    finding,
    mend_output,
    mine_count,
    output_total,
)
from minplan.core.review.caps import amount, caps, overall, state
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.missing import NotChecked
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import canonical, new_mining
from minplan.core.review.sources import of_plan
from minplan.core.standard.minerals import find_mineral
from minplan.core.text import Text


def quota(subject: str, high: float, unit: str, **more: object) -> dict[str, object]:
    """A cap for an example."""
    return {"subject": subject, "low": high, "high": high, "unit": unit, **more}


_STONE = "建筑石料用灰岩"
_CLAY = {"minerals": ("陶瓷土",), "scale": 10}
_CLAY_PLAN = {
    "quotas": (
        quota("output", 20, "万吨/年", mineral="陶瓷土", place="表4"),
        quota("output", 50, "万吨/年", mineral="陶瓷土", place="正文", modality="about"),
    ),
    "status": ({"subject": "output", "mineral": "陶瓷土", "value": 15, "unit": "万吨/年"},),
}


def _stone_plan(have: float) -> dict[str, object]:
    return {
        "quotas": (quota("output", 1900, "万吨/年", mineral=_STONE),),
        "status": ({"subject": "output", "mineral": _STONE, "value": have, "unit": "万吨/年"},),
    }


@rule(
    "R-TT-01",
    Text("开采总量（分矿种）", "Total output by mineral"),
    family=Family.TOTALS,
    severity=Severity.RESTRICT,
    basis=(
        of_plan("第四章三（一）", "进行有效调控", "c4-3-1"),
        of_plan("第四章三（二）", "新设采矿权必须符合规划准入条件", "c4-3-2"),
    ),
    explanation=Text(
        "现状产量（没有产量取证载规模）加本项目规模，与规划控制数比较；上位矿种合计同样比较。"
        "“左右”按 ±5%；口径矛盾的从严并列出；达到 95% 提示；现状缺失则未核查。",
        "Present output, or licensed capacity, plus the proposal against the plan's cap, and the "
        "same for the wider mineral; about means ±5 %; of contradicting readings the strictest "
        "decides; above 95 % calls for attention; without a state it is not checked.",
    ),
    applies=new_mining,
    examples=(
        Example(Outcome.CLEAR, Text("总量有余", "room is left"), plan=_stone_plan(1450)),
        Example(Outcome.ATTENTION, Text("接近控制数", "near the cap"), plan=_stone_plan(1750)),
        Example(Outcome.CONFLICT, Text("超过控制数", "above the cap"), plan=_stone_plan(1850)),
        Example(
            Outcome.CONFLICT,
            Text("表 20、正文 50，从严取 20", "20 in the table, 50 in the text: 20 decides"),
            given=_CLAY,
            plan=_CLAY_PLAN,
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有现状", "no state known"),
            plan={"quotas": (quota("output", 1900, "万吨/年", mineral=_STONE),)},
        ),
        Example(Outcome.NOT_APPLICABLE, Text("规划没有控制数", "the plan sets no cap")),
    ),
)
def output_by_mineral(ctx: Context) -> Iterator[Finding]:
    """Each cap on the mineral and on the wider mineral; a missing state is named."""
    found = [*caps(ctx, "output"), *caps(ctx, "capacity")]
    for cap in found:
        try:
            yield output_total(ctx, cap)
        except NotChecked as gap:
            yield ctx.not_checked(gap.missing)
    if not found:
        name = ctx.mineral
        yield ctx.not_applicable(
            Text(f"规划没有{name.name}的开采总量控制数。", f"No cap on {name.english} in the plan.")
        )


@rule(
    "R-TT-02",
    Text("市级发证矿种开采总量", "Total output of city-licensed minerals"),
    family=Family.TOTALS,
    severity=Severity.HINT,
    basis=of_plan("第四章三（一）", "开采总量控制在3000万吨左右", "c4-3-1"),
    explanation=Text(
        "市级发证矿种现状合计加本项目，与总量控制数（左右，±5%）比较。",
        "The state of all city-licensed minerals plus the proposal against the cap (about, ±5 %).",
    ),
    applies=lambda ctx: new_mining(ctx) and city_mineral(ctx),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("合计有余", "room is left"),
            plan={
                **_stone_plan(2000),
                "quotas": (quota("output", 3000, "万吨/年", modality="about"),),
                "plan": {"city_minerals": (_STONE,)},
            },
        ),
        Example(
            Outcome.ATTENTION,
            Text("合计超过", "above the cap"),
            plan={
                **_stone_plan(3100),
                "quotas": (quota("output", 3000, "万吨/年", modality="about"),),
                "plan": {"city_minerals": (_STONE,)},
            },
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("现状不全", "some states unknown"),
            plan={
                **_stone_plan(2000),
                "quotas": (quota("output", 3000, "万吨/年", modality="about"),),
                "plan": {"city_minerals": (_STONE, "石英岩")},
            },
        ),
    ),
)
def output_of_city_minerals(ctx: Context) -> Finding:
    """All city-licensed minerals together; a hint, never a veto."""
    cap = overall(ctx, "output")
    if cap is None:
        return ctx.not_applicable(Text("规划没有合计控制数。", "The plan sets no overall cap."))
    have, missing = _city_total(ctx, cap.unit)
    total = have + added_output(ctx, cap.unit)
    words = Text(
        f"市级发证矿种已知现状加本项目合计 {total:g} {cap.unit}，控制数 {cap.figure:g}。",
        f"Known state of city-licensed minerals plus the proposal {total:g}, cap {cap.figure:g}.",
    )
    if missing and total <= cap.band:
        zh = "、".join(missing)
        return ctx.not_checked(
            Text(f"{zh}的产量现状", f"present output of {zh}"),
            Text(f"{words.zh}{zh}的现状未知。", f"{words.en} Unknown: {zh}."),
        )
    outcome = Outcome.CLEAR if cap.judge(total) is Outcome.CLEAR else Outcome.ATTENTION
    return finding(ctx, cap, Tally(total, outcome, words, mend_output(cap, total)))


def city_mineral(ctx: Context) -> bool:
    """Whether the city licenses the mineral, by the plan."""
    return canonical(ctx.proposal.mineral) in {canonical(n) for n in ctx.plan.plan.city_minerals}


def _city_total(ctx: Context, unit: str) -> tuple[float, list[str]]:
    """Sum of the known states of city-licensed minerals, and the minerals without one.

    A wider mineral with a state stands for its kinds.
    """
    wanted = [canonical(name) or name for name in ctx.plan.plan.city_minerals]
    known = {name: item for name in wanted if (item := state(ctx, OUTPUT, name))}
    total, missing = 0.0, []
    for name in wanted:
        found = find_mineral(name)
        parent = found.parent if found else ""
        children = [w for w in wanted if (m := find_mineral(w)) and m.parent == name]
        if name in known and parent not in known:
            total += amount(float(known[name].value), known[name].unit, unit, name)
        elif name not in known and parent not in known and not any(c in known for c in children):
            missing.append(name)
    return total, missing


@rule(
    "R-TT-03",
    Text("矿山总数（分矿种）", "Number of mines by mineral"),
    family=Family.TOTALS,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章三（二）", "矿山总数控制在 80 个左右", "c4-3-2"),
    explanation=Text(
        "现有矿山数加新设、减同步注销，与规划控制数比较；现状已超控制数的，先关后建，"
        "注销后仍超但不增加的提示。",
        "Mines existing plus new less closed at the same time against the cap; where the state is "
        "above it, closing comes first; still above but not growing calls for attention.",
    ),
    applies=new_mining,
    facts=("closing_mines",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("石灰岩 70 个加 1 个，控制 80 个", "70 and one more, the cap is 80"),
            plan={
                "quotas": (quota("mines", 80, "个", mineral="石灰岩", modality="about"),),
                "status": ({"subject": "mines", "mineral": "石灰岩", "value": 70, "unit": "个"},),
            },
        ),
        Example(
            Outcome.CONFLICT,
            Text("石英岩已有 6 个，控制 1 个", "six quartzite mines, the cap is one"),
            given={"minerals": ("冶金用石英岩",), "scale": 30},
            plan={
                "quotas": (quota("mines", 1, "个", mineral="石英岩"),),
                "status": ({"subject": "mines", "mineral": "石英岩", "value": 6, "unit": "个"},),
            },
        ),
        Example(
            Outcome.ATTENTION,
            Text("同步注销 3 个，仍超控制数", "three closed at the same time, still above"),
            given={"minerals": ("冶金用石英岩",), "scale": 30},
            facts={"closing_mines": 3},
            plan={
                "quotas": (quota("mines", 1, "个", mineral="石英岩"),),
                "status": ({"subject": "mines", "mineral": "石英岩", "value": 6, "unit": "个"},),
            },
        ),
        Example(
            Outcome.ATTENTION,
            Text("现状是 2020 年数据，不据以否决", "the state of 2020 is too old to decide"),
            plan={
                "quotas": (quota("mines", 80, "个", mineral="石灰岩", modality="about"),),
                "status": (
                    {
                        "subject": "mines",
                        "mineral": "石灰岩",
                        "value": 86,
                        "unit": "个",
                        "date": "2020-12-31",
                    },
                ),
            },
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有现状", "no state known"),
            plan={"quotas": (quota("mines", 80, "个", mineral="石灰岩"),)},
        ),
    ),
)
def mines_by_mineral(ctx: Context) -> Iterator[Finding]:
    """Each cap on the number of mines of the mineral and of the wider mineral."""
    found = list(caps(ctx, "mines"))
    for cap in found:
        try:
            yield mine_count(ctx, cap)
        except NotChecked as gap:
            yield ctx.not_checked(gap.missing)
    if not found:
        name = ctx.mineral
        yield ctx.not_applicable(
            Text(f"规划没有{name.name}的矿山数控制。", f"No cap on mines of {name.english}.")
        )
