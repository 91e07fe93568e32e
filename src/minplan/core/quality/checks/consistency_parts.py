"""Parts and wholes in the text: what is listed after 其中, or by size, adds up."""

from __future__ import annotations

from decimal import Decimal

from minplan.core.document.building import document
from minplan.core.quality.check import Example
from minplan.core.quality.consistency.partition import Partition
from minplan.core.quality.consistency.parts import partitions
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
from minplan.core.quality.consistency.values import show


def _plan(text: str) -> dict[str, object]:
    return {"documents": [document("第一章 现状", text)]}


@check(
    "Q-TX-02",
    Text("分项之和等于总数", "Parts add up to the whole"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=3.0,
    basis=AGREEMENT,
    explanation=Text(
        "“其中”之后（或按大中小型）列出的同类数相加，与前面的总数相比：超过总数为矛盾；列全了"
        "（有“其他”，或与总数只差 short 以内）而不足的也是矛盾；差在取舍之内为提示。",
        "The figures after 其中 (or by size) are added and compared with the whole before them: "
        "more than the whole contradicts it, less does where the list is complete (it has 其他, or "
        "lacks at most the share `short`). A difference within rounding is a hint.",
    ),
    mend=MEND,
    parameters={"short": 0.15},
    examples=(
        Example(
            Text("分项相符", "parts fit"),
            0,
            _plan("全市持证矿山企业 12 个，其中煤炭 8 个、铁矿 4 个。"),
        ),
        Example(
            Text("只列一部分", "only some are listed"),
            0,
            _plan("全市持证矿山企业 120 个，其中煤炭 30 个、铁矿 14 个。"),
        ),
        Example(
            Text("分项多出 1 个", "one too many"),
            1,
            _plan("全市持证矿山企业 12 个，其中煤炭 8 个、铁矿 5 个。"),
        ),
        Example(
            Text("面积之和不符", "areas do not add up"),
            1,
            _plan("勘查面积 548.159 平方公里，其中煤炭 440 平方公里、铁矿 107.659 平方公里。"),
        ),
    ),
)
def parts_and_whole(ctx: Context) -> Iterator[Fault]:
    """Every whole with its parts."""
    for plan in documents(ctx):
        for found in partitions(plan, share_of(ctx, "short")):
            if found.difference == 0 or (found.difference > 0 and not found.complete):
                continue
            yield _fault(ctx, found)


def _fault(ctx: Context, found: Partition) -> Fault:
    rounded = abs(found.difference) <= found.rounding
    sure = SURE["certain"] if found.difference < 0 or rounded else SURE["likely"]
    ratio = (found.whole.base_low or Decimal(1)) / (found.whole.low or Decimal(1))
    total = show((found.total / ratio).normalize())
    why = Text("，属取位", ", within rounding") if rounded else Text("", "")
    place = where(found.whole.spot)
    listed = "＋".join(printed(part) for part in found.parts)
    return contradiction(
        ctx,
        Text(
            f"{place.zh}“{named(found.whole)}”为 {printed(found.whole)}，{found.word}所列 "
            f"{listed} 之和为 {total} {found.whole.unit}{why.zh}",
            f"{place.en}: “{named(found.whole)}” is {printed(found.whole)}, its parts {listed} "
            f"add up to {total} {found.whole.unit}{why.en}",
        ),
        (found.whole.spot, *(part.spot for part in found.parts)),
        value=printed(found.whole),
        limit=f"{total} {found.whole.unit}",
        sure=sure,
        level=Level.INFO if rounded else Level.ERROR,
    )
