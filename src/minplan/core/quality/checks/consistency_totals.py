"""Totals of tables: what is printed as a total is the sum of the rows or columns it stands for."""

from __future__ import annotations

from typing import Final

from minplan.core.document.building import document, table
from minplan.core.quality.check import Example
from minplan.core.quality.consistency.grids import Sum, grid, sums
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
    where,
)
from minplan.core.quality.consistency.values import show

_HEAD: Final = ["县（区）", "图斑数（个）", "面积（公顷）"]


def _plan(total: str, area: str = "30.51") -> dict[str, object]:
    rows = [_HEAD, ["东县", "12", "10.25"], ["西县", "8", "20.26"], ["合计", total, area]]
    return {"documents": [document("第一章 现状", table("表1", "图斑", rows))]}


@check(
    "Q-TX-01",
    Text("表中合计等于分项之和", "Totals of tables are the sums of their parts"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=3.0,
    basis=AGREEMENT,
    explanation=Text(
        "对每个表，找出合计、小计、总计的行和列，与各种可能的分项之和相比，取多数行列相符的那种"
        "读法；不符的为矛盾。差在末位取舍之内的为提示。",
        "In each table the rows and columns of totals are compared with every sum they may stand "
        "for; the reading that most rows or columns fit is taken, the others contradict it. A "
        "difference within rounding is a hint.",
    ),
    mend=MEND,
    examples=(
        Example(Text("合计相符", "totals fit"), 0, _plan("20")),
        Example(Text("合计差 1", "a total is off by 1"), 1, _plan("21")),
        Example(Text("差 0.01 属取位", "0.01 is rounding"), 1, _plan("20", "30.52")),
    ),
)
def table_totals(ctx: Context) -> Iterator[Fault]:
    """Every total of every table."""
    for plan in documents(ctx):
        for _, item in plan.tables():
            made = grid(item)
            if made is None:
                continue
            for found in sums(made):
                if not found.equal:
                    yield _fault(ctx, item.label, found)


def _fault(ctx: Context, label: str, found: Sum) -> Fault:
    rounded = found.rounded
    sure = SURE["certain"] if found.fits > 1 or rounded else SURE["likely"]
    place = where(found.cell.spot)
    difference = show(abs(found.total - found.computed))
    why = Text("，属取位", ", within rounding") if rounded else Text("", "")
    return contradiction(
        ctx,
        Text(
            f"{place.zh}“{found.heading}”合计 {show(found.total)}，{len(found.parts)} 个分项之和为"
            f" {show(found.computed)}，差 {difference}{why.zh}",
            f"{place.en}: the total of “{found.heading}” is {show(found.total)}, the sum of its "
            f"{len(found.parts)} parts {show(found.computed)}, off by {difference}{why.en}",
        ),
        (found.cell.spot, found.parts[0].spot, found.parts[-1].spot),
        value=show(found.total),
        limit=show(found.computed),
        sure=sure,
        level=Level.INFO if rounded else Level.ERROR,
        layer=label,
    )
