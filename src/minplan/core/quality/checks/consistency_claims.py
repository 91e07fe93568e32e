"""What the document claims of its own figures, and what its figures say."""

from __future__ import annotations

from typing import Final

from minplan.core.document.building import document, table
from minplan.core.document.quantities import scanner
from minplan.core.quality.check import Example
from minplan.core.quality.consistency import claims
from minplan.core.quality.consistency.claims import Room, Unmet
from minplan.core.quality.consistency.telling import (
    AGREEMENT,
    MEND,
    SURE,
    Context,
    Family,
    Fault,
    Iterator,
    Level,
    Scope,
    Text,
    check,
    contradiction,
    documents,
    named,
    printed,
    share_of,
    where,
)

_PERIOD: Final = "本规划以 2020 年为基期，2021 至 2025 年为规划期。"


def _plan(*parts: object) -> dict[str, object]:
    return {"documents": [document(_PERIOD, "第一章 现状", *parts)]}  # type: ignore[arg-type]


def _results(done: str) -> object:
    rows = [
        ["年开采总量", "上轮规划目标", "完成情况"],
        ["铁矿（万吨）", "≥160", done],
        ["石膏（万吨）", "≥50", "60"],
    ]
    return table("表1", "上轮规划主要指标完成情况", rows)


@check(
    "Q-TX-20",
    Text("目标完成的结论与表中数值相符", "Claims that goals are met fit the tables"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=1.0,
    basis=AGREEMENT,
    explanation=Text(
        "正文说各项指标全面落实（全部完成），而目标与完成情况对照的表中有未达到目标的行。",
        "The text says that all goals are met, but rows of a table of goals and results fall "
        "short.",
    ),
    mend=Text("如实表述完成情况", "say which goals were met"),
    examples=(
        Example(Text("均达到", "all met"), 0, _plan("各项指标全面落实。", _results("170"))),
        Example(Text("铁矿未达到", "iron short"), 1, _plan("各项指标全面落实。", _results("150"))),
    ),
)
def goals_met(ctx: Context) -> Iterator[Fault]:
    """Claims of goals."""
    for plan in documents(ctx):
        for found in claims.unmet(plan):
            yield _unmet(ctx, found)


def _unmet(ctx: Context, found: Unmet) -> Fault:
    rows = "；".join(
        f"{done.subject}{done.attribute} {printed(done)}（目标 {printed(goal)}）"
        for goal, done in found.rows[:6]
    )
    place, count = where(found.claim), len(found.rows)
    return contradiction(
        ctx,
        Text(
            f"{place.zh}称“{found.claim.quote}”，{found.table.label}有 {count} 行未达到：{rows}",
            f"{place.en} says “{found.claim.quote}”, {count} rows of {found.table.label} fall "
            f"short: {rows}",
        ),
        (found.claim, *(done.spot for _, done in found.rows)),
        value=found.claim.quote,
        limit=rows,
        sure=SURE["likely"],
        layer=found.table.label,
    )


@check(
    "Q-TX-21",
    Text("有回采率的矿种应有矿山和产量", "A mineral with a recovery is mined"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=0.5,
    basis=AGREEMENT,
    explanation=Text(
        "现状中给出平均回采率的矿种，产量却为 0；或文中按矿种列出矿山（5 种以上）而没有该矿种。",
        "A mineral has a mean recovery but no output, or is missing where the mines are listed by "
        "mineral (five or more).",
    ),
    mend=MEND,
    examples=(
        Example(
            Text("有产量", "with output"),
            0,
            _plan("2020 年铝土矿回采率 86%，铝土矿产量 90 万吨。"),
        ),
        Example(
            Text("产量为 0", "no output"),
            1,
            _plan("2020 年铝土矿产量 0 万吨。", "铝土矿回采率 86%。"),
        ),
    ),
)
def recoveries(ctx: Context) -> Iterator[Fault]:
    """Recoveries without mines."""
    for plan in documents(ctx):
        for found in claims.recoveries(plan):
            place = where(found.said.spot)
            if found.zero is None:
                why = Text("，而所列矿山中没有该矿种", ", but no mine of it is listed")
            else:
                other = where(found.zero.spot)
                why = Text(
                    f"，而{other.zh}产量为 {printed(found.zero)}",
                    f", but {other.en} gives an output of {printed(found.zero)}",
                )
            spots = (found.said.spot,) if found.zero is None else (found.said.spot, found.zero.spot)
            yield contradiction(
                ctx,
                Text(
                    f"{place.zh}{found.said.subject}回采率为 {printed(found.said)}{why.zh}",
                    f"{place.en}: recovery of {found.said.subject} is {printed(found.said)}"
                    f"{why.en}",
                ),
                spots,
                value=printed(found.said),
                sure=SURE["possible"],
            )


@check(
    "Q-TX-22",
    Text("矿山数控制目标与现有、新设和产量相容", "Caps on mines leave room"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.INFO,
    weight=0.5,
    basis=AGREEMENT,
    explanation=Text(
        "某矿种期末矿山数少于现有加新设区块，或按目标产量每个矿山平均规模为现状的 factor 倍以上："
        "应说明哪些矿山退出。",
        "The cap on mines of a mineral is below those there are plus the new blocks, or the mean "
        "mine must grow more than `factor` times for the output: say which mines close.",
    ),
    mend=Text("说明现有矿山的去留，或改正控制数", "say which mines close, or correct the cap"),
    parameters={"factor": 3.0},
    examples=(
        Example(
            Text("相容", "room enough"),
            0,
            _plan("2020 年石膏矿山 9 个。", "到 2025 年，石膏矿山数控制在 8 个。"),
        ),
        Example(
            Text("1 个矿山要产 6 个的量", "one mine for six"),
            1,
            _plan(
                "2020 年石英岩矿山 6 个，石英岩生产规模 138 万吨/年。",
                "到 2025 年，石英岩开采总量 170 万吨，石英岩矿山数控制在 1 个。",
            ),
        ),
    ),
)
def rooms(ctx: Context) -> Iterator[Fault]:
    """Caps on mines."""
    for plan in documents(ctx):
        for found in claims.rooms(plan, share_of(ctx, "factor")):
            yield _room(ctx, found)


def _room(ctx: Context, found: Room) -> Fault:
    place, now = where(found.cap.spot), where(found.now.spot)
    new = found.new
    others = [found.now] + ([] if new is None else [new]) + list(found.outputs or ())
    extra = "" if new is None else f"，新设区块 {printed(new)}"
    if found.outputs is not None:
        extra += f"，产量由 {printed(found.outputs[0])} 到 {printed(found.outputs[1])}"
    return contradiction(
        ctx,
        Text(
            f"{place.zh}{found.cap.subject}矿山数控制在 {printed(found.cap)}，{now.zh}现有 "
            f"{printed(found.now)}{extra}",
            f"{place.en} caps the mines of {found.cap.subject} at {printed(found.cap)}; "
            f"{now.en} has {printed(found.now)}{extra}",
        ),
        (found.cap.spot, *(item.spot for item in others)),
        value=printed(found.cap),
        limit=printed(found.now),
        sure=SURE["hint"] if found.outputs is None else SURE["possible"],
        level=Level.INFO if found.outputs is None else Level.WARNING,
    )


_ZONE_ROWS: Final = [
    ["序号", "分区名称", "主要问题"],
    ["1", "东县矿区重点治理区", "东县矿区开采造成地面塌陷。"],
    ["2", "西县矿区重点治理区", "{}矿区开采造成地面塌陷。"],
]


def _zone_table(county: str) -> object:
    counties = table("表2", "面积", [["县（区）", "面积（公顷）"], ["东县", "1"], ["西县", "2"]])
    rows = [[cell.format(county) for cell in row] for row in _ZONE_ROWS]
    return document("第一章 布局", counties, table("表1", "治理分区", rows))


@check(
    "Q-TX-23",
    Text("表中各行的名称与说明所指的县相同", "Names and descriptions of rows are of one county"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=0.5,
    basis=AGREEMENT,
    explanation=Text(
        "同一行中，名称提到的县与说明文字提到的县完全不同，多为抄错行。",
        "The counties in the name of a row and in its description have none in common: often a "
        "copied line.",
    ),
    mend=MEND,
    examples=(
        Example(Text("相同", "the same"), 0, {"documents": [_zone_table("西县")]}),
        Example(Text("抄错", "copied"), 1, {"documents": [_zone_table("东县")]}),
    ),
)
def misplaced(ctx: Context) -> Iterator[Fault]:
    """Rows of two minds."""
    for plan in documents(ctx):
        for found in claims.misplaced(plan, scanner(plan)):
            place = where(found.name)
            named_as, described = "、".join(found.named), "、".join(found.described)
            yield contradiction(
                ctx,
                Text(
                    f"{place.zh}名称为{named_as}，说明为{described}",
                    f"{place.en} is named for {named_as}, its description is of {described}",
                ),
                (found.name, found.text),
                value=named_as,
                limit=described,
                sure=SURE["possible"],
                layer=found.table.label,
            )


_PLACES: Final = table(
    "专栏1",
    "集中开采区表",
    [
        ["序号", "名称", "主要矿种", "所在行政区"],
        ["1", "集中开采区 001", "建筑石料用灰岩", "东县"],
        ["2", "集中开采区 002", "建筑石料用灰岩", "西县"],
    ],
)


@check(
    "Q-TX-24",
    Text("正文所说分区中的区块在表中有其矿种", "Blocks said to be in zones are in the table"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=0.5,
    basis=AGREEMENT,
    explanation=Text(
        "“在某县某类分区规划若干个某矿种区块”，而表中该县的这类分区没有这种矿种。",
        "Blocks of a mineral are said to lie in the zones of a county, where the table has none "
        "of that mineral.",
    ),
    mend=MEND,
    examples=(
        Example(
            Text("有", "there"),
            0,
            _plan("在东县集中开采区规划 1 个建筑石料用灰岩开采区块。", _PLACES),
        ),
        Example(
            Text("没有", "not there"),
            1,
            _plan("在东县集中开采区规划 1 个角闪岩开采区块。", _PLACES),
        ),
    ),
)
def absent(ctx: Context) -> Iterator[Fault]:
    """Zones without the mineral."""
    for plan in documents(ctx):
        for found in claims.absent(plan):
            place = where(found.said.spot)
            yield contradiction(
                ctx,
                Text(
                    f"{place.zh}“{named(found.said)}”为 {printed(found.said)}，"
                    f"{found.table.label}中"
                    f"{found.said.region}的{found.zone}没有{found.said.subject}",
                    f"{place.en}: “{named(found.said)}” is {printed(found.said)}; "
                    f"{found.table.label} has no {found.said.subject} in {found.said.region}",
                ),
                (found.said.spot, found.table.spot),
                value=printed(found.said),
                limit="0",
                sure=0.7,
                layer=found.table.label,
            )
