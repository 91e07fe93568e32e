"""Numbers of sections, tables and rows, and mentions of tables that are not there."""

from __future__ import annotations

from typing import Final

from minplan.core.document.building import document, table
from minplan.core.quality.check import Example
from minplan.core.quality.consistency import numbering
from minplan.core.quality.consistency.numbering import Misnumbered, Rows
from minplan.core.quality.consistency.telling import (
    ORDER,
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

_MEND: Final = Text("改正编号，连同引用它的地方", "correct the number, and where it is mentioned")
_KINDS: Final = {
    "repeated": Text("重复", "repeated"),
    "missing": Text("不连续", "not consecutive"),
    "order": Text("次序颠倒", "out of order"),
}


def _plan(*parts: object) -> dict[str, object]:
    return {"documents": [document(*parts)]}  # type: ignore[arg-type]


def _small(label: str) -> object:
    return table(label, "基地", [["名称", "级别"], ["东山", "省级"]])


def _fault(ctx: Context, found: Misnumbered, things: Text) -> Fault:
    kind = _KINDS[found.kind]
    missing = "、".join(str(number) for number in found.missing)
    gap = Text(f"，缺 {missing}", f", {missing} missing") if missing else Text("", "")
    if found.candidate is not None:
        place = where(found.candidate)
        gap = Text(
            f"{gap.zh}（其间有一个未编号的表，{place.zh}）",
            f"{gap.en} (an unnumbered table stands between, {place.en})",
        )
    before = found.before or "无"
    return contradiction(
        ctx,
        Text(
            f"{things.zh}编号{kind.zh}：“{before}”之后是“{found.after}”{gap.zh}",
            f"numbers of {things.en} {kind.en}: “{found.after}” follows “{before}”{gap.en}",
        ),
        found.spots if found.candidate is None else (*found.spots, found.candidate),
        value=found.after,
        limit=found.before,
    )


@check(
    "Q-TX-13",
    Text("章节编号连续", "Sections are numbered one after the other"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=1.0,
    basis=ORDER,
    explanation=Text(
        "同一章节之下、同一写法的编号应逐一递增：重复、跳号、颠倒都指出。",
        "Numbers of one shape under one heading must go up one by one.",
    ),
    mend=_MEND,
    examples=(
        Example(
            Text("连续", "consecutive"),
            0,
            _plan("第一章 现状", "一、概况", "有矿。", "二、形势", "向好。"),
        ),
        Example(
            Text("两个“二”", "二 twice"),
            1,
            _plan("第一章 现状", "一、概况", "二、形势", "二、要求", "严格。"),
        ),
    ),
)
def section_numbers(ctx: Context) -> Iterator[Fault]:
    """Numbers of chapters, sections and items."""
    for plan in documents(ctx):
        for found in numbering.sections(plan):
            yield _fault(ctx, found, Text("章节", "sections"))


@check(
    "Q-TX-14",
    Text("表和专栏编号连续", "Tables and boxes are numbered one after the other"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=1.0,
    basis=ORDER,
    explanation=Text(
        "表、专栏各自从 1 起逐一编号；缺号处若有一个没有编号的表，一并指出。",
        "Tables and boxes are numbered from 1 each; an unnumbered table in the gap is named.",
    ),
    mend=_MEND,
    examples=(
        Example(
            Text("连续", "consecutive"), 0, _plan("第一章 布局", _small("专栏1"), _small("专栏2"))
        ),
        Example(
            Text("缺专栏2", "box 2 missing"), 1, _plan("第一章", _small("专栏1"), _small("专栏3"))
        ),
    ),
)
def table_numbers(ctx: Context) -> Iterator[Fault]:
    """Numbers of tables and boxes."""
    for plan in documents(ctx):
        for found in numbering.tables(plan):
            yield _fault(ctx, found, Text("图表", "tables"))


@check(
    "Q-TX-15",
    Text("引用的表存在", "Tables that are mentioned are there"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=1.0,
    basis=ORDER,
    explanation=Text(
        "正文提到“表N”“专栏N”的，文中应有该表。",
        "Where the text names 表N or 专栏N, the document must have it.",
    ),
    mend=Text("补上该表，或改正引用", "add the table or correct the mention"),
    examples=(
        Example(Text("有表1", "table 1 is there"), 0, _plan("第一章", "见表1。", _small("表1"))),
        Example(Text("没有表3", "no table 3"), 1, _plan("第一章", "详见表3。", _small("表1"))),
    ),
)
def mentions(ctx: Context) -> Iterator[Fault]:
    """Mentions of tables."""
    for plan in documents(ctx):
        for found in numbering.mentions(plan):
            place = where(found.spot)
            yield contradiction(
                ctx,
                Text(
                    f"{place.zh}提到{found.name}，文中没有",
                    f"{place.en} names {found.name}, which is not in the document",
                ),
                (found.spot,),
                value=found.name,
                sure=SURE["likely"],
            )


def _rows(*serials: str) -> object:
    return table("表1", "分区", [["序号", "名称"], *[[number, "区"] for number in serials]])


@check(
    "Q-TX-16",
    Text("表中行号连续", "Rows of tables are numbered one after the other"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=0.5,
    basis=ORDER,
    explanation=Text(
        "“序号”栏应从 1 起逐一递增；带字母的编号，同一字头应连续。",
        "Serial numbers go up from 1; codes with letters must be consecutive for each lead.",
    ),
    mend=_MEND,
    examples=(
        Example(Text("连续", "consecutive"), 0, _plan("第一章", _rows("1", "2", "3"))),
        Example(Text("从 11 起", "from 11"), 1, _plan("第一章", _rows("11", "12", "13"))),
        Example(Text("跳号", "one skipped"), 1, _plan("第一章", _rows("1", "2", "4"))),
    ),
)
def row_numbers(ctx: Context) -> Iterator[Fault]:
    """Serial numbers and codes of rows."""
    for plan in documents(ctx):
        for found in numbering.rows(plan):
            yield _row_fault(ctx, found)


def _row_fault(ctx: Context, found: Rows) -> Fault:
    printed = "、".join(found.printed[:9]) + ("…" if len(found.printed) > 9 else "")
    label = found.table.label or found.table.title or found.table.spot.clause
    return contradiction(
        ctx,
        Text(
            f"{label}的编号 {printed} 不是逐一递增",
            f"the rows of {label} are numbered {printed}, not one after the other",
        ),
        found.wrong,
        value=printed,
        layer=label,
    )
