"""Arithmetic relations in the text: shares, growth and decline, yearly amounts."""

from __future__ import annotations

from minplan.core.document.building import document
from minplan.core.document.quantities import scanner
from minplan.core.quality.check import Example
from minplan.core.quality.consistency import reckoning, relations
from minplan.core.quality.consistency.named_rows import named_totals
from minplan.core.quality.consistency.percentages import percentages
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.selected import selected_totals
from minplan.core.quality.consistency.telling import (
    AGREEMENT,
    MEND,
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
from minplan.core.quality.consistency.values import show
from minplan.core.quality.consistency.works import works_totals


def _plan(*text: str) -> dict[str, object]:
    return {"documents": [document("第一章 现状", *text)]}


def _fault(ctx: Context, found: Relation, rule: Text) -> Fault:
    place = where(found.said.spot)
    others = "、".join(printed(item) for item in found.others)
    should = f"{show(found.should)} {found.unit}"
    return contradiction(
        ctx,
        Text(
            f"{place.zh}“{named(found.said)}”为 {printed(found.said)}，"
            f"按 {others} {rule.zh} {should}",
            f"{place.en}: “{named(found.said)}” is {printed(found.said)}; by {others} {rule.en} "
            f"{should}",
        ),
        (found.said.spot, *(item.spot for item in found.others)),
        value=printed(found.said),
        limit=should,
        sure=found.sure,
    )


@check(
    "Q-TX-03",
    Text("占比与数值相符", "Shares fit the figures"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=2.0,
    basis=AGREEMENT,
    explanation=Text(
        "“A 个，占 B 总数 x%”：以文中 B 的总数核算，末位取舍之外不符的为矛盾；占全省、全国的，"
        "同一句写明总数才核算。“占比分别为”“降幅”“修复率”等以同一段的数核算：各种读法都不符而有一种"
        "接近时，为矛盾。",
        "“A, x% of all B” is worked out with the number of B that the document gives; shares of "
        "the province or country only where the sentence gives the whole. Shares told one after "
        "the other, growth and rates are worked out with the figures of the paragraph: where no "
        "reading fits and one nearly does, that is a contradiction.",
    ),
    mend=MEND,
    examples=(
        Example(
            Text("相符", "fits"),
            0,
            _plan("全市矿山企业 291 个。", "大中型矿山 119 个，占矿山总数 41%。"),
        ),
        Example(
            Text("应为 41%", "should be 41 %"),
            1,
            _plan("全市矿山企业 291 个。", "大中型矿山 119 个，占矿山总数 46%。"),
        ),
        Example(
            Text("52 种是 125 种的 41.6%", "52 of 125 are 41.6 %"),
            1,
            _plan("全市发现矿产 52 种，占全省已发现 125 种矿产的 43.6%。"),
        ),
    ),
)
def shares(ctx: Context) -> Iterator[Fault]:
    """Shares of a whole that is in the document."""
    for plan in documents(ctx):
        for found in percentages(plan, scanner(plan)):
            yield _fault(ctx, found, Text("核算为", "it should be"))


@check(
    "Q-TX-04",
    Text("增减、余数与数值相符", "Changes and remainders fit the figures"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=2.0,
    basis=AGREEMENT,
    explanation=Text(
        "“由 A 增加到（压减到）B，增长 x%（减少 C）”：方向与两数的大小、幅度与两数之差应相符。"
        "“其余”“剩余”“净减”“前者…后者…”“某年至某年累计”“折合”以同一段的数（累计以表的各年）核算；点名的"
        "几行（“石墨 2 处，面积…”）以旁边的表核算，几项工程的总投资以各项核算：各种读法都不符而有"
        "一种接近时，为矛盾。",
        "“from A up (down) to B, by x % (or C)”: direction and size must fit the two figures. "
        "Remainders, net changes, the former and the latter, and totals of years are worked out "
        "with the figures of the paragraph (or the rows of the years), rows that a clause names "
        "with the table beside it, the money of several works with that of each: where no reading "
        "fits and one nearly does, that is a contradiction.",
    ),
    mend=MEND,
    examples=(
        Example(Text("相符", "fits"), 0, _plan("矿山企业由 334 个压减到 291 个，减少 43 个。")),
        Example(
            Text("差额不符", "wrong difference"),
            1,
            _plan("矿山企业由 334 个压减到 291 个，减少 45 个。"),
        ),
        Example(Text("方向不符", "wrong direction"), 1, _plan("矿山企业由 291 个压减到 334 个。")),
        Example(
            Text("剩余应为 316.4 公顷", "316.4 ha remain"),
            1,
            _plan("历史遗留损毁土地 1276.4 公顷，规划期内修复 960 公顷，剩余 336.4 公顷。"),
        ),
        Example(
            Text("两项工程共 16130 万元", "the two works are 161.3 million"),
            1,
            _plan(
                "实施两项重大工程，总投资 17130 万元：",
                "1. 修复工程，投资 6500 万元；",
                "2. 勘查工程，投资 9630 万元。",
            ),
        ),
    ),
)
def changes(ctx: Context) -> Iterator[Fault]:
    """Changes from one figure to another."""
    for plan in documents(ctx):
        told = list(relations.changes(plan))
        for found in told:
            yield _fault(ctx, found, Text("核算与之不符：", "this does not fit:"))
        known = {item.said.spot for item in told}
        worked = (reckoning.differences, named_totals, selected_totals, works_totals)
        for found in (item for reckon in worked for item in reckon(plan)):
            if found.said.spot not in known:
                known.add(found.said.spot)
                yield _fault(ctx, found, Text("核算为", "it should be"))


@check(
    "Q-TX-05",
    Text("每年数与总数相符", "Yearly amounts fit their total"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=1.0,
    basis=AGREEMENT,
    explanation=Text(
        "“每年 A，共 B”：A 乘以写明的年数（没有写的，按规划期年数）与 B 应当相等，"
        "有“约”的相差不超过 about。",
        "“A a year, B in all”: A times the years told (or the years of the plan) must be B, "
        "within the share `about` where either is 约.",
    ),
    mend=MEND,
    parameters={"about": 0.1},
    examples=(
        Example(
            Text("五年相符", "five years fit"),
            0,
            _plan("规划期为2021—2025年。", "每年调查面积约 16 平方公里，共约 80 平方公里。"),
        ),
        Example(
            Text("相当于七年半", "seven years and a half"),
            1,
            _plan("规划期为2021—2025年。", "每年调查面积约 16 平方公里，共约 120 平方公里。"),
        ),
    ),
)
def yearly(ctx: Context) -> Iterator[Fault]:
    """Yearly amounts and totals in one sentence."""
    for plan in documents(ctx):
        for found in relations.yearly(plan, share_of(ctx, "about")):
            yield _fault(ctx, found, Text("核算为", "it should be"))
