"""Tables that reckon: totals are the sums of their parts, columns follow from other columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from minplan.core.document.building import document, table
from minplan.core.quality.check import Example
from minplan.core.quality.consistency.column_formulas import Kind
from minplan.core.quality.consistency.columns import Break, breaks
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


def _goals(change: str) -> dict[str, object]:
    rows = [
        ["指标", "单位", "2020年", "2025年", "增减"],
        ["矿山数量", "个", "96", "85", "-11"],
        ["大中型矿山比例", "%", "62.5", "80.0", "17.5"],
        ["铝土矿年开采量", "万吨", "186.4", "200", change],
        ["绿色矿山数量", "个", "28", "60", "32"],
        ["矿山总产值", "亿元", "—", "≥150", "—"],
    ]
    return {"documents": [document("第一章 目标", table("表1", "主要指标", rows))]}


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
        "读法；不符的为矛盾。差在末位取舍之内的为提示。再看各列之间：增减、相邻列之和、增减幅度、占比、"
        "人均等，凡多数行都合乎一个算式、不会是巧合的，其余行也应合乎它；只差取舍的不算，上下限和“—”"
        "不参与。",
        "In each table the rows and columns of totals are compared with every sum they may stand "
        "for; the reading that most rows or columns fit is taken, the others contradict it. A "
        "difference within rounding is a hint. Columns are compared with one another as well: "
        "where nearly all rows follow one formula (differences, sums of neighbours, changes, "
        "shares, averages) and not by chance, the others must too; rounding is no contradiction, "
        "limits and dashes do not take part.",
    ),
    mend=MEND,
    examples=(
        Example(Text("合计相符", "totals fit"), 0, _plan("20")),
        Example(Text("合计差 1", "a total is off by 1"), 1, _plan("21")),
        Example(Text("差 0.01 属取位", "0.01 is rounding"), 1, _plan("20", "30.52")),
        Example(Text("增减等于两年之差", "changes are the differences"), 0, _goals("13.6")),
        Example(Text("增减多了 1", "a change is 1 too much"), 1, _goals("14.6")),
    ),
)
def table_totals(ctx: Context) -> Iterator[Fault]:
    """Every total of every table, and every figure that follows from others of its row."""
    for plan in documents(ctx):
        for _, item in plan.tables():
            made = grid(item)
            if made is None:
                continue
            wrong = [found for found in sums(made) if not found.equal]
            yield from (_fault(ctx, item.label, found) for found in wrong)
            told = {found.cell for found in wrong}
            for broken in breaks(made):
                if told.isdisjoint((broken.cell, *broken.cells[: len(broken.names)])):
                    yield _column_fault(ctx, item.label, broken)


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


def _column_fault(ctx: Context, label: str, found: Break) -> Fault:
    place, said = where(found.cell.spot), _reckoned(found)
    printed = found.cell.text.strip()
    return contradiction(
        ctx,
        Text(
            f"{place.zh}“{found.heading}”{printed}，按{said.zh}为 {found.should}"
            f"（{found.of} 行中 {found.holds} 行相符）",
            f"{place.en}: “{found.heading}” is {printed}, but {found.should} by {said.en} "
            f"({found.holds} of {found.of} rows agree)",
        ),
        (found.cell.spot, *(cell.spot for cell in found.cells)),
        value=printed,
        limit=found.should,
        sure=SURE["certain"] if found.of - found.holds == 1 else SURE["likely"],
        layer=label,
    )


def _reckoned(found: Break) -> Text:
    """How a figure follows from others: “2020年”减“2015年”."""
    formula, names = found.formula, [f"“{name}”" for name in found.names]
    last, first = names[-1], names[0]
    match formula.kind:
        case Kind.DIFFERENCE if formula.dropped:
            return Text(f"{first}与{last}之差", f"the difference of {first} and {last}")
        case Kind.DIFFERENCE | Kind.SUM:
            return _added(names, formula.signs)
        case Kind.CHANGE:
            fall = formula.signs[0] > 0
            word = Text("减幅", "decrease") if fall else Text("增减幅度", "change")
            return Text(f"{first}到{last}的{word.zh}", f"the {word.en} from {first} to {last}")
        case Kind.SHARE:
            return Text(f"{last}占{first}的比例", f"the share of {last} in {first}")
        case Kind.PORTION:
            return Text(f"{first}占合计的比例", f"the share of {first} in its total")
        case Kind.QUOTIENT:
            return Text(f"{last}除以{first}", f"{last} divided by {first}")


def _added(names: Sequence[str], signs: Sequence[int]) -> Text:
    terms = sorted(zip(signs, names, strict=True), key=lambda term: term[0] < 0)
    zh = "".join(f"{'加' if sign > 0 else '减'}{name}" for sign, name in terms)
    en = " ".join(f"{'plus' if sign > 0 else 'less'} {name}" for sign, name in terms)
    return Text(zh.removeprefix("加"), en.removeprefix("plus "))
