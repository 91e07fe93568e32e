"""The same figure with another make-up."""

from __future__ import annotations

from minplan.core.document.building import document
from minplan.core.quality.check import Example
from minplan.core.quality.consistency.makeup import makeups
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
    printed,
    where,
)
from minplan.core.quality.consistency.values import show


def _plan(count: int) -> dict[str, object]:
    return {
        "documents": [
            document(
                "第一章 目标",
                "包括省内 18 个图幅和与邻省接壤的 3 个图幅共 8727 平方公里。",
                "第二章 部署",
                f"部署 {count} 个图幅，面积 8727 平方公里。",
            )
        ]
    }


@check(
    "Q-TX-25",
    Text("同一数值的构成一致", "One figure has one make-up"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=0.5,
    basis=AGREEMENT,
    explanation=Text(
        "两处写了同一面积（四位以上数字），所说的个数却不同（如图幅 21 个与 18 个）。",
        "Two places give the same area (four digits or more), but another number of what it is "
        "made of (21 sheets and 18).",
    ),
    mend=MEND,
    examples=(
        Example(Text("相同", "the same"), 0, _plan(21)),
        Example(Text("21 个与 18 个", "21 and 18"), 1, _plan(18)),
    ),
)
def one_makeup(ctx: Context) -> Iterator[Fault]:
    """Areas and the number of things they are of."""
    for plan in documents(ctx):
        for one, other in makeups(plan):
            first, second = where(one.area.spot), where(other.area.spot)
            area, noun = printed(one.area), one.noun.removesuffix("数")
            yield contradiction(
                ctx,
                Text(
                    f"同为 {area}，{first.zh}为 {show(one.count)} 个{noun}，"
                    f"{second.zh}为 {show(other.count)} 个",
                    f"{area} is of {show(one.count)} {noun} in {first.en}, of {show(other.count)} "
                    f"in {second.en}",
                ),
                (one.area.spot, other.area.spot, *(q.spot for q in (*one.counts, *other.counts))),
                value=show(one.count),
                limit=show(other.count),
                sure=SURE["possible"],
            )
