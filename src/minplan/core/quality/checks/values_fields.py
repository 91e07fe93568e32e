"""Values of single fields against the data dictionary: required, coded, in range, readable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Final

import numpy as np

from minplan.core.quality.check import Example, Family, NotApplicable, Scope, check
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.judging import faults_of
from minplan.core.quality.sources import database
from minplan.core.quality.submission import Context
from minplan.core.quality.view import plain
from minplan.core.standard.model import Condition, FieldSpec
from minplan.core.text import Text

_BASIS: Final = database("属性值")
_DOMAINS: Final = database("属性值代码")
_BLOCK: Final = "KAIGHQK"


@check(
    "Q-VA-01",
    Text("必填项都已填写", "Required values are there"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "必填字段的每个要素都应有值；空格、NULL 算没有填写。缺整列的由结构检查指出。",
        "Every feature has a value in a required field; blanks are none. Missing columns are told "
        "by the checks of the structure.",
    ),
    mend=Text("补填", "fill it in"),
    examples=(
        Example(Text("都已填写", "all filled"), 0),
        Example(Text("名称为空格", "a blank name"), 1, {"layers": {_BLOCK: [{"MC": "  "}, {}]}}),
    ),
)
def required(ctx: Context) -> Iterator[Fault | More]:
    """Features without a value in a required field."""
    for item in ctx.spec.fields:
        if item.required and ctx.view.has(item.code):
            empty = np.flatnonzero(ctx.view.column(item.code).empty)
            yield from ctx.each(empty, _missing(ctx, item))


def _asks(condition: Condition, value: Any) -> bool:
    return value is not None and (not condition.values or plain(value) in condition.values)


def _missing(ctx: Context, item: FieldSpec, why: Text | None = None) -> Callable[[int], Fault]:
    told = why or Text("", "")
    message = Text(
        f"{told.zh}{item.name.zh}（{item.code}）没有填写", f"{item.code} is empty{told.en}"
    )

    def make(index: int) -> Fault:
        return ctx.at(ctx.view, index, message, field=item.code)

    return make


@check(
    "Q-VA-02",
    Text("条件必填项都已填写", "Values required under a condition are there"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "例如填了资源量就应填资源量单位；条件取自标准。",
        "For example, a figure of resources needs its unit; the conditions are the standard's.",
    ),
    mend=Text("补填，或删去作为条件的值", "fill it in, or remove the value that asks for it"),
    examples=(
        Example(
            Text("规模和单位都有", "output with its unit"),
            0,
            {"layers": {_BLOCK: [{"NSGM": 100.0, "GMDW": "万吨/年"}]}},
        ),
        Example(
            Text("有规模没有单位", "output without unit"),
            1,
            {"layers": {_BLOCK: [{"NSGM": 100.0}]}},
        ),
    ),
)
def conditional(ctx: Context) -> Iterator[Fault | More]:
    """Features without a value that another value asks for."""
    for item in ctx.spec.fields:
        condition = item.required_when
        if condition is None or not ctx.view.has(condition.field):
            continue
        asked = ctx.view.column(condition.field).select(partial(_asks, condition))
        found = np.flatnonzero(asked & ctx.view.column(item.code).empty)
        why = Text(f"已填 {condition.field}，", f" where {condition.field} is given")
        yield from ctx.each(found, _missing(ctx, item, why))


@check(
    "Q-VA-03",
    Text("代码在值域内", "Codes are those of the code lists"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    weight=2.0,
    basis=_DOMAINS,
    explanation=Text(
        "有值域的字段只能填值域中的代码或名称；多值字段逐个检查。",
        "A field with a code list holds its codes or names only; of several values each is looked "
        "at.",
    ),
    mend=Text("换成值域中的代码", "use a code of the list"),
    examples=(
        Example(
            Text("代码和矿种都认得", "a known code and mineral"),
            0,
            {"layers": {_BLOCK: [{"KCFS": "1", "ZYKZ": "煤炭"}]}},
        ),
        Example(Text("开采方式“9”", "an unknown code"), 1, {"layers": {_BLOCK: [{"KCFS": "9"}]}}),
        Example(
            Text("多个矿种中有一个不认得", "one unknown mineral of two"),
            1,
            {"layers": {_BLOCK: [{"ZYKZ": "煤炭、某某石"}]}},
        ),
    ),
)
def domains(ctx: Context) -> Iterator[Fault | More]:
    """Values that the code list does not have."""
    yield from faults_of(ctx, "E716")


@check(
    "Q-VA-04",
    Text("代码在检查日期有效", "Codes are in force on the date"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_DOMAINS,
    explanation=Text(
        "代码有起止日期的（如行政区划调整后的代码），按检查日期判断。",
        "Codes with dates, such as those of divisions after a reform, are judged on the date of "
        "the check.",
    ),
    mend=Text("换成当时有效的代码", "use a code in force on that day"),
    examples=(
        Example(Text("现行代码", "codes in force"), 0),
        Example(
            Text("检查日期早于代码启用", "a date before the code came into force"),
            2,
            {"date": "2000-01-01", "layers": {"KCGHQK": [], "KAIGHQK": []}},
        ),
    ),
)
def codes_in_force(ctx: Context) -> Iterator[Fault | More]:
    """Codes that are not in force on the date of the check."""
    if ctx.submission.date is None:
        raise NotApplicable
    yield from faults_of(ctx, "E717")


@check(
    "Q-VA-05",
    Text("数值和日期能读出", "Figures and dates can be read"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "数值字段中的“约100”“1,200万”、日期字段中的“2025.13”等读不成值。",
        "Words in a field of figures, or a 13th month in a date, are no values.",
    ),
    mend=Text("只写数字或规范日期", "write plain figures and dates"),
    examples=(
        Example(Text("数值正常", "plain figures"), 0, {"layers": {_BLOCK: [{"FWNX": "10.5"}]}}),
        Example(
            Text("服务年限“约10年”", "about ten"), 1, {"layers": {_BLOCK: [{"FWNX": "约10年"}]}}
        ),
    ),
)
def readable(ctx: Context) -> Iterator[Fault | More]:
    """Values that are not of the type of their field."""
    yield from faults_of(ctx, "E714")


@check(
    "Q-VA-06",
    Text("内容不超过字段长度", "Values are not longer than the field"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "文本长度按 GBK 字节计，一个汉字两个字节。", "Texts are measured in bytes of GBK."
    ),
    mend=Text(
        "缩短内容，全文放长文本表", "shorten it, keep the whole text in the table of long texts"
    ),
    examples=(
        Example(Text("长度合适", "short enough"), 0),
        Example(
            Text("名称 130 字节", "a name of 130 bytes"),
            1,
            {"layers": {_BLOCK: [{"MC": "名" * 65}]}},
        ),
    ),
)
def lengths(ctx: Context) -> Iterator[Fault | More]:
    """Texts that are longer than the field."""
    yield from faults_of(ctx, "E715")


@check(
    "Q-VA-07",
    Text("数值在合理范围", "Figures are in range"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "不小于标准规定的最小值，整数位数不超过字段宽度。",
        "Not below the least value of the standard, and no more digits than the field has.",
    ),
    mend=Text("核对数字和单位", "check the figure and its unit"),
    examples=(
        Example(Text("在范围内", "in range"), 0, {"layers": {_BLOCK: [{"MJ": 1.0, "XH": 3}]}}),
        Example(Text("面积为负", "a negative area"), 1, {"layers": {_BLOCK: [{"MJ": -1.0}]}}),
    ),
)
def ranges(ctx: Context) -> Iterator[Fault | More]:
    """Figures out of range."""
    yield from faults_of(ctx, "E718")


@check(
    "Q-VA-08",
    Text("原文数字与数值一致", "Figures as printed are the figures"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "“面积原文”等字段保存印刷的写法，应与数值字段是同一个数。",
        "A field that keeps the printed spelling must be the same figure as its number.",
    ),
    mend=Text("两处改成同一个数", "make both the same figure"),
    examples=(
        Example(
            Text("2.40 就是 2.4", "2.40 is 2.4"),
            0,
            {"layers": {_BLOCK: [{"MJ": 2.4, "MJWB": "2.40"}]}},
        ),
        Example(
            Text("2.4 与 2.5", "2.4 and 2.5"), 1, {"layers": {_BLOCK: [{"MJ": 2.4, "MJWB": "2.5"}]}}
        ),
    ),
)
def printed(ctx: Context) -> Iterator[Fault | More]:
    """Printed figures that differ from the number."""
    for item in ctx.spec.fields:
        if not item.printed_of or not ctx.view.has(item.code):
            continue
        of = ctx.spec.field(item.printed_of)
        digits = of.decimals if of is not None else 0
        pairs = ctx.view.together(item.code, item.printed_of)
        found = pairs.select(partial(_differ, digits))
        yield from ctx.each(found, _unlike(ctx, item))


def _unlike(ctx: Context, item: FieldSpec) -> Callable[[int], Fault]:
    def make(index: int) -> Fault:
        text = plain(ctx.view.column(item.code).value(index))
        number = plain(ctx.view.column(item.printed_of).value(index))
        return ctx.at(
            ctx.view,
            index,
            Text(
                f"{item.name.zh}“{text}”与 {item.printed_of} 的 {number} 不一致",
                f"{item.code} says {text!r}, {item.printed_of} {number}",
            ),
            field=item.code,
            value=text,
            limit=number,
        )

    return make


def _differ(digits: int, text: Any, number: Any) -> bool:
    """Whether they are two figures at the decimals of the field."""
    try:
        return abs(Decimal(str(text)) - Decimal(str(number))) >= Decimal(1).scaleb(-digits)
    except InvalidOperation:
        return True
