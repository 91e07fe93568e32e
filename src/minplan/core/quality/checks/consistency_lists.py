"""Counts against the items listed beside them."""

from __future__ import annotations

from minplan.core.document.building import document
from minplan.core.quality.check import Example
from minplan.core.quality.consistency.lists import Listed, listed
from minplan.core.quality.consistency.telling import (
    AGREEMENT,
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
    where,
)


def _plan(text: str) -> dict[str, object]:
    return {"documents": [document("第一章 现状", text)]}


@check(
    "Q-TX-06",
    Text("个数与列出的各项相符", "Counts fit what is listed"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=2.0,
    basis=AGREEMENT,
    explanation=Text(
        "数“A、B、C等 3 个”“甲县、乙县、丙县 3 个县”“3 个（A、B、C）”“3 种：A、B、C”“三个问题："
        "一是…二是…三是…”“四项原则：…；…；…；…”“一区两带：…”中列出的项，与所写的个数相比。每一种读法"
        "都试，有一种相符就不提；都不相符时，只提差一项（列得多的，差五分之一以内）而不能作别的理解的。"
        "说在哪里、是什么矿的（石岭县、临溪县 3 个区块），不是所列的项。",
        "The items of “A, B and C, 3 in all”, “counties A, B, C, 3 counties”, “3 (A, B, C)”, "
        "“3: A, B, C”, “three problems: first… second… third…”, “four principles: …; …; …; …” and "
        "“one area, two belts: …” are counted. Every reading is tried, one that fits settles it; "
        "what is told misses by one (a fifth of a long list) and cannot be meant otherwise. Words "
        "that only say where or of which mineral are no list.",
    ),
    mend=Text("补全所列的项，或改正个数", "complete the list or correct the count"),
    examples=(
        Example(Text("相符", "fits"), 0, _plan("规划图幅 3 个（东镇、西镇、南镇）。")),
        Example(
            Text("“等”可以不列全", "等 need not list all"),
            0,
            _plan("涉及东县、西县、南县等 6 个县区。"),
        ),
        Example(
            Text("说在哪里的不是所列的", "what says where is no list"),
            0,
            _plan("在石岭县、临溪县 3 个区块开展普查，划定磷矿、锂矿 3 个重点勘查区。"),
        ),
        Example(
            Text("项中另有顿号", "items with a list of their own"),
            0,
            _plan("坚持 3 项原则：坚持生态优先、绿色发展；坚持保障安全、强化供给；坚持改革创新。"),
        ),
        Example(
            Text("分条说的少一条", "one of numbered sentences is missing"),
            1,
            _plan("存在四个方面的突出问题。一是资源接续不足。二是小型矿山多。三是历史欠账较多。"),
        ),
        Example(
            Text("所列的县多一个", "one county more than the count"),
            1,
            _plan("包括新源区、城北区、登峪市、石岭县 3 个县（市、区）。"),
        ),
        Example(
            Text("格局与所列的区、带不符", "a layout and the areas named for it"),
            1,
            _plan("构建“一区三带”格局：北部铅锌找矿区；沿江铁铜成矿带；沿山萤石成矿带。"),
        ),
        Example(
            Text("少列一个", "one is missing"), 1, _plan("规划图幅 4 个（东镇、西镇、南镇）。")
        ),
        Example(
            Text("列出的多于个数", "more than the count"),
            1,
            _plan("完成了东山铁矿、西山铁矿、南山铁矿等 2 个区块的勘查。"),
        ),
    ),
)
def counts_and_lists(ctx: Context) -> Iterator[Fault]:
    """Counts with a list before, behind or in brackets."""
    for plan in documents(ctx):
        for found in listed(plan):
            if not found.fits:
                yield _fault(ctx, found)


def _fault(ctx: Context, found: Listed) -> Fault:
    doubtful = found.open and found.size < found.count
    place = where(found.count_spot)
    shown = "、".join(found.items[:4]) + ("…" if len(found.items) > 4 else "")
    return contradiction(
        ctx,
        Text(
            f"{place.zh}写 {found.count_spot.quote}，列出 {found.size} 项（{shown}）",
            f"{place.en} says {found.count_spot.quote} and lists {found.size} ({shown})",
        ),
        (found.count_spot, found.list_spot),
        value=str(found.count),
        limit=str(found.size),
        sure=SURE["possible"] if doubtful else found.sure,
        level=Level.WARNING if doubtful else Level.ERROR,
    )
