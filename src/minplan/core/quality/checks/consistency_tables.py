"""Text against tables: how many rows there are, what their areas and columns add up to."""

from __future__ import annotations

from typing import Final

from minplan.core.document.building import document, table
from minplan.core.quality.check import Example
from minplan.core.quality.consistency import tables
from minplan.core.quality.consistency.counting import Counted, counted
from minplan.core.quality.consistency.named_rows import named_cells
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.tables import Against
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

_ZONES: Final = table(
    "专栏1",
    "国家规划矿区表",
    [
        ["序号", "名称", "主要矿种", "面积（平方公里）"],
        ["1", "东山煤炭国家规划矿区", "煤", "10.5"],
        ["2", "西山煤炭国家规划矿区", "煤", "20.25"],
        ["3", "南山铁矿国家规划矿区", "铁矿", "5"],
    ],
)
_PATCHES: Final = table(
    "表1",
    "历史遗留矿山修复任务",
    [
        ["县（区）", "图斑数（个）", "修复面积（公顷）"],
        ["东县", "12", "10.25"],
        ["西县", "8", "20.26"],
        ["南县", "5", "3.5"],
    ],
)


def _plan(*parts: object) -> dict[str, object]:
    return {"documents": [document("第一章 布局", *parts)]}  # type: ignore[arg-type]


def _fault(ctx: Context, found: Against) -> Fault:
    place = where(found.said.spot)
    should = f"{show(found.should)} {found.unit}"
    label = found.table.label
    return contradiction(
        ctx,
        Text(
            f"{place.zh}“{named(found.said)}”为 {printed(found.said)}，"
            f"{label}的{found.what}为 {should}",
            f"{place.en}: “{named(found.said)}” is {printed(found.said)}, {label} gives {should}",
        ),
        (found.said.spot, *found.spots),
        value=printed(found.said),
        limit=should,
        sure=found.sure,
        layer=label,
    )


def _misprinted(ctx: Context, found: Relation) -> Fault:
    place, other = where(found.said.spot), where(found.others[0].spot)
    return contradiction(
        ctx,
        Text(
            f"{place.zh}“{named(found.said)}”为 {printed(found.said)}，"
            f"{other.zh}为 {printed(found.others[0])}",
            f"{place.en}: “{named(found.said)}” is {printed(found.said)}, "
            f"{printed(found.others[0])} in {other.en}",
        ),
        (found.said.spot, found.others[0].spot),
        value=printed(found.said),
        limit=printed(found.others[0]),
        sure=found.sure,
    )


def _miscounted(ctx: Context, found: Counted) -> Fault:
    place, label = where(found.spot), found.table.label
    return contradiction(
        ctx,
        Text(
            f"{place.zh}称“{found.spot.quote}”，{label}的{found.what}为 {found.should}",
            f"{place.en} counts “{found.spot.quote}”, {label} has {found.should}",
        ),
        (found.spot, found.table.spot),
        value=str(found.said),
        limit=str(found.should),
        sure=found.sure,
        layer=label,
    )


@check(
    "Q-TX-07",
    Text("正文个数与表中行数相符", "Counts in the text fit the rows of tables"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=2.0,
    basis=AGREEMENT,
    explanation=Text(
        "正文写某类规划分区有几个（可按矿种、县），与列出该类分区的表中行数相比；有几个表时，"
        "与其中一个相符即可。",
        "How many zones of a kind the text counts (of a mineral, in a county) is compared with the "
        "rows of the tables that list them; one table that fits is enough.",
    ),
    mend=MEND,
    examples=(
        Example(
            Text("相符", "fits"),
            0,
            _plan("落实国家规划矿区 3 个，其中煤炭 2 个，铁矿 1 个。", _ZONES),
        ),
        Example(Text("表中 3 行", "three rows"), 1, _plan("落实国家规划矿区 4 个。", _ZONES)),
    ),
)
def rows_counted(ctx: Context) -> Iterator[Fault]:
    """Counts of zones and of whatever else the tables list."""
    for plan in documents(ctx):
        told: set[tuple[str, int | None]] = set()
        for against in tables.rows_counted(plan):
            told.add((against.said.spot.clause, against.said.spot.start))
            yield _fault(ctx, against)
        for found in counted(plan):
            if (found.spot.clause, found.spot.start) not in told:
                yield _miscounted(ctx, found)


@check(
    "Q-TX-08",
    Text("正文面积与表中面积之和相符", "Areas in the text fit the sums of tables"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=2.0,
    basis=AGREEMENT,
    explanation=Text(
        "正文写某类规划分区的总面积，与列出该类分区的表中面积之和相比。",
        "The area of all zones of a kind in the text is compared with the sum of the table that "
        "lists them.",
    ),
    mend=MEND,
    examples=(
        Example(
            Text("相符", "fits"),
            0,
            _plan("设置国家规划矿区 3 个，总面积 35.75 平方公里。", _ZONES),
        ),
        Example(
            Text("差 1 平方公里", "1 km² off"),
            1,
            _plan("设置国家规划矿区 3 个，总面积 36.75 平方公里。", _ZONES),
        ),
    ),
)
def areas_summed(ctx: Context) -> Iterator[Fault]:
    """Areas of zones."""
    for plan in documents(ctx):
        for found in tables.areas_summed(plan):
            yield _fault(ctx, found)


@check(
    "Q-TX-09",
    Text("正文数值与同节表格合计相符", "Figures fit the totals of the tables beside them"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=2.0,
    basis=AGREEMENT,
    explanation=Text(
        "同一节正文中与表格某栏属性、单位相同，数值与该栏合计（没有合计的，各行之和）相近"
        "（close 以内）而不等的，视为同一个数，两者矛盾。句中点名表中一行的，与该行的数对照。",
        "A figure of the same section with the attribute and unit of a column, within the share "
        "`close` of its total (or the sum of its rows) but not equal to it, contradicts it. What "
        "the text says of a row that it names is held against that row.",
    ),
    mend=MEND,
    parameters={"close": 0.2},
    examples=(
        Example(Text("相符", "fits"), 0, _plan("修复图斑 25 处，修复面积 34.01 公顷。", _PATCHES)),
        Example(
            Text("图斑数不符", "patches differ"),
            1,
            _plan("修复图斑 27 处，修复面积 34.01 公顷。", _PATCHES),
        ),
    ),
)
def columns_summed(ctx: Context) -> Iterator[Fault]:
    """Totals of columns."""
    for plan in documents(ctx):
        for found in tables.columns_summed(plan, share_of(ctx, "close")):
            yield _fault(ctx, found)
        for cell in named_cells(plan):
            yield _misprinted(ctx, cell)
