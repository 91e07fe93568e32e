"""The same quantity in several places, under one name or two, and the kinds of one mineral."""

from __future__ import annotations

from decimal import Decimal

from minplan.core.document.building import document, table
from minplan.core.document.model import Spot
from minplan.core.quality.check import Example
from minplan.core.quality.consistency import repeats
from minplan.core.quality.consistency.echoes import echoes
from minplan.core.quality.consistency.repeats import FamilySum, Pair, Renamed
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
from minplan.core.quality.consistency.values import Agreement, show


def _plan(row: tuple[str, str], *text: str, year: str = "2025 年") -> dict[str, object]:
    made = table("表1", "规划主要指标", [["年开采总量", year], list(row)])
    return {"documents": [document("第一章 目标", made, "第二章 开发", *text)]}


@check(
    "Q-TX-10",
    Text("同一数值各处一致", "The same quantity is the same everywhere"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=3.0,
    basis=AGREEMENT,
    explanation=Text(
        "属性、对象（矿种、分区）、县、年份、量纲和限定词都相同的数，在正文和各表中应当一致。"
        "写法精度不同而取舍后相同的算一致；有“左右”而在 about 以内的为提示。词语或年份不完全相同的"
        "，只在数值相近（close 以内）时提出，把握较低。口径相近的两个属性不同的，作为提示。",
        "Figures with one attribute, subject, county, year, dimension and the same narrowing words "
        "must agree in text and tables. Equal after rounding is equal; within `about` of a figure "
        "with 左右 is a hint. Where words or years differ in part, only near figures (share "
        "`close`) are told, and less surely. Neighbour attributes that differ are hints.",
    ),
    mend=MEND,
    parameters={"about": 0.05, "close": 0.2},
    examples=(
        Example(
            Text("一致", "the same"),
            0,
            _plan(("陶瓷土（万吨）", "20"), "到 2025 年，陶瓷土年开采量控制在 20 万吨左右。"),
        ),
        Example(
            Text("精度不同", "rounded"),
            0,
            _plan(("煤炭（亿吨）", "1.2"), "到 2025 年，煤炭开采总量控制在 12123.63 万吨。"),
        ),
        Example(
            Text("表中 20，正文 50", "20 in the table, 50 in the text"),
            1,
            _plan(("陶瓷土（万吨）", "20"), "到 2025 年，陶瓷土年开采量控制在 50 万吨左右。"),
        ),
        Example(
            Text("左右之内为提示", "within 左右: a hint"),
            1,
            _plan(("石英岩（万吨）", "168"), "到 2025 年，石英岩年开采总量控制在 170 万吨左右。"),
        ),
    ),
)
def repeated(ctx: Context) -> Iterator[Fault]:
    """One quantity, two figures."""
    about, close = share_of(ctx, "about"), share_of(ctx, "close")
    for plan in documents(ctx):
        told: set[Spot] = set()
        for pair in repeats.pairs(plan, about, close):
            told.update((*pair.one.spots, *pair.other.spots))
            yield _pair(ctx, pair)
        for pair in echoes(plan, about, close):
            if told.isdisjoint((pair.one.quantity.spot, pair.other.quantity.spot)):
                yield _pair(ctx, pair)
        for pair in repeats.twins(plan, about):
            yield _pair(ctx, pair)


def _pair(ctx: Context, pair: Pair) -> Fault:
    one, other = pair.one.quantity, pair.other.quantity
    level = Level.ERROR if pair.sure >= SURE["likely"] else Level.WARNING
    note = Text("", "")
    if pair.agreement is Agreement.ABOUT:
        level, note = Level.INFO, Text("（在“左右”之内）", " (within 左右)")
    if pair.kin:
        level = Level.INFO
        note = Text("（名称相近，口径可能不同）", " (neighbour terms, they may count differently)")
    first, second = where(one.spot), where(other.spot)
    twin = f"“{named(other)}”" if pair.kin else ""
    return contradiction(
        ctx,
        Text(
            f"“{named(one)}”：{first.zh}为 {printed(one)}，"
            f"{second.zh}{twin}为 {printed(other)}{note.zh}",
            f"“{named(one)}”: {printed(one)} in {first.en}, "
            f"{printed(other)} in {second.en}{twin}{note.en}",
        ),
        (one.spot, other.spot, *pair.one.also, *pair.other.also),
        value=printed(one),
        limit=printed(other),
        sure=pair.sure,
        level=level,
    )


@check(
    "Q-TX-11",
    Text("矿种与其细类之和相符", "A mineral is the sum of its kinds"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=2.0,
    basis=AGREEMENT,
    explanation=Text(
        "文中给出某矿种（如石灰岩）的数，而表中列出其细类（水泥用、熔剂用…）的同一属性：两者相近"
        "（close 以内）而不等的为矛盾。",
        "Where the text gives a mineral (limestone) and a table its kinds, figures within the "
        "share `close` that are not equal contradict each other.",
    ),
    mend=MEND,
    parameters={"close": 0.12},
    examples=(
        Example(
            Text("相符", "fits"),
            0,
            {
                "documents": [
                    document(
                        "第一章 现状",
                        "截至 2020 年，全市共有石灰岩矿山企业 86 个。",
                        table(
                            "表1",
                            "2020 年矿山企业",
                            [
                                ["矿产名称", "水泥用灰岩", "建筑石料用灰岩"],
                                ["矿山数量", "6", "80"],
                            ],
                        ),
                    )
                ]
            },
        ),
        Example(
            Text("差 1 个", "off by one"),
            1,
            {
                "documents": [
                    document(
                        "第一章 现状",
                        "截至 2020 年，全市共有石灰岩矿山企业 87 个。",
                        table(
                            "表1",
                            "2020 年矿山企业",
                            [
                                ["矿产名称", "水泥用灰岩", "建筑石料用灰岩"],
                                ["矿山数量", "6", "80"],
                            ],
                        ),
                    )
                ]
            },
        ),
    ),
)
def families(ctx: Context) -> Iterator[Fault]:
    """Minerals and their kinds."""
    for plan in documents(ctx):
        for found in repeats.families(plan, share_of(ctx, "close")):
            yield _family(ctx, found)


def _family(ctx: Context, found: FamilySum) -> Fault:
    ratio = (found.whole.base_low or Decimal(1)) / (found.whole.low or Decimal(1))
    total = f"{show((found.total / ratio).normalize())} {found.whole.unit}"
    place = where(found.whole.spot)
    kinds = "＋".join(f"{part.subject} {printed(part)}" for part in found.parts)
    return contradiction(
        ctx,
        Text(
            f"{place.zh}“{named(found.whole)}”为 {printed(found.whole)}，"
            f"{found.parts[0].spot.clause}中 {kinds} 之和为 {total}",
            f"{place.en}: “{named(found.whole)}” is {printed(found.whole)}, its kinds in "
            f"{found.parts[0].spot.clause} add up to {total}",
        ),
        (found.whole.spot, *(part.spot for part in found.parts)),
        value=printed(found.whole),
        limit=total,
        sure=SURE["likely"],
    )


@check(
    "Q-TX-12",
    Text("同一数值名称一致", "One figure has one name"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.INFO,
    weight=0.5,
    basis=AGREEMENT,
    explanation=Text(
        "同一年、同一矿种的同一数值在两处用了口径不同的名称（如探明储量与查明资源量），且不止一个"
        "矿种如此。",
        "The same figures of the same year and minerals are given under two names that count "
        "differently (proved reserves, identified resources), for two minerals or more.",
    ),
    mend=Text("统一名称，按标准的术语填写", "use one term, that of the standard"),
    examples=(
        Example(
            Text("名称相同", "one name"),
            0,
            {"documents": [document("第一章 目标", "到 2025 年，煤炭查明资源量 4 亿吨。")]},
        ),
        Example(
            Text("两种名称", "two names"),
            1,
            {
                "documents": [
                    document(
                        "第一章 目标",
                        "到 2025 年，新增探明储量：煤炭 4 亿吨、铁矿 3000 万吨。",
                        table(
                            "表1",
                            "指标",
                            [
                                ["新增查明资源量", "2025 年"],
                                ["煤炭（亿吨）", "4"],
                                ["铁矿（万吨）", "3000"],
                            ],
                        ),
                    )
                ]
            },
        ),
    ),
)
def renamed(ctx: Context) -> Iterator[Fault]:
    """One set of figures, two names."""
    for plan in documents(ctx):
        for found in repeats.renamed(plan):
            yield _renamed(ctx, found)


def _renamed(ctx: Context, found: Renamed) -> Fault:
    one, other = found.pairs[0]
    names = "、".join(first.subject for first, _ in found.pairs)
    first, second = where(one.spot), where(other.spot)
    return contradiction(
        ctx,
        Text(
            f"{names}的数值相同，{first.zh}称“{found.first}”，{second.zh}称“{found.second}”",
            f"the same figures of {names} are “{found.first}” in {first.en} and "
            f"“{found.second}” in {second.en}",
        ),
        tuple(item.spot for pair in found.pairs for item in pair),
        value=found.first,
        limit=found.second,
        sure=SURE["likely"],
    )
