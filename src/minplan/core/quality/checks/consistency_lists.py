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
        "数“A、B、C等 3 个”“3 个（A、B、C）”“3 种：A、B、C”中列出的项，与所写的个数相比。有“等”"
        "而列出的较少时，只在差一项（列得多的，差五分之一以内）时提出。",
        "The items of “A, B and C, 3 in all”, “3 (A, B, C)” and “3: A, B, C” are counted. With 等 "
        "(and others) a shorter list is told only where one is missing, or a fifth of a long one.",
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
    doubtful = found.open and len(found.items) < found.count
    place = where(found.count_spot)
    shown = "、".join(found.items[:4]) + ("…" if len(found.items) > 4 else "")
    return contradiction(
        ctx,
        Text(
            f"{place.zh}写 {found.count_spot.quote}，列出 {len(found.items)} 项（{shown}）",
            f"{place.en} says {found.count_spot.quote} and lists {len(found.items)} ({shown})",
        ),
        (found.count_spot, found.list_spot),
        value=str(found.count),
        limit=str(len(found.items)),
        sure=SURE["possible"] if doubtful else found.sure,
        level=Level.WARNING if doubtful else Level.ERROR,
    )
