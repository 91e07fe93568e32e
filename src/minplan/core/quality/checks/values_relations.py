"""Fields that must agree with one another, with the plan's period and with the standard."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import numpy as np

from minplan.core.plan.model import Plan
from minplan.core.quality.check import Example, Family, NotApplicable, NotChecked, Scope, check
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.sources import DIVISIONS, database
from minplan.core.quality.submission import Context
from minplan.core.quality.view import figure, plain
from minplan.core.quality.words import Order, dictionary, orders
from minplan.core.standard.model import CodeList, LayerSpec
from minplan.core.standard.values import plain_value
from minplan.core.text import Text

_BASIS: Final = database("属性值")
_BLOCK: Final = "KAIGHQK"
_RIGHT: Final = "CKQ"
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20|21)\d{2}(?!\d)")
_SEVERAL: Final = re.compile(r"[、，,;；/|]")


def _in_order(ctx: Context, kind: str) -> Iterator[Fault | More]:
    """Faults for pairs of fields of one kind that stand in the wrong order."""
    held = [item for item in orders(kind) if ctx.spec.field(item.low) and ctx.spec.field(item.high)]
    if not held:
        raise NotApplicable
    for item in held:
        found = ctx.view.together(item.low, item.high).select(partial(_above, ctx, item))
        yield from ctx.each(found, _order_fault(ctx, item))


def _above(ctx: Context, order: Order, low: Any, high: Any) -> bool:
    if order.kind == "date":
        first, last = _day(ctx, order.low, low), _day(ctx, order.high, high)
        return first is not None and last is not None and first > last
    return figure(low) > figure(high)


def _day(ctx: Context, code: str, value: Any) -> str | None:
    item = ctx.spec.field(code)
    assert item is not None
    try:
        return str(plain_value(item, value))
    except ValueError:
        return None


def _order_fault(ctx: Context, order: Order) -> Callable[[int], Fault]:
    names = [ctx.spec.field(code) for code in (order.low, order.high)]
    low_name, high_name = (item.name.zh if item else "" for item in names)

    def make(index: int) -> Fault:
        low, high = (_shown(ctx.view.column(code).value(index)) for code in (order.low, order.high))
        message = Text(
            f"{low_name} {low} 大于{high_name} {high}",
            f"{order.low} {low} is above {order.high} {high}",
        )
        return ctx.at(ctx.view, index, message, field=order.low, value=low, limit=f"≤ {high}")

    return make


def _shown(value: Any) -> str:
    return value.isoformat()[:10] if isinstance(value, dt.date) else plain(value)


@check(
    "Q-VA-11",
    Text("起始年不晚于末年", "First years are not after last years"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "规划起始年、基准年不晚于规划末年。", "The first year of the period is not after its last."
    ),
    mend=Text("更正年份", "mend the years"),
    examples=(
        Example(Text("2021—2025", "in order"), 0),
        Example(
            Text("末年早于起始年", "the other way round"),
            1,
            {"layers": {_BLOCK: [{"GHQSN": 2025, "GHMZN": 2021}]}},
        ),
    ),
)
def years(ctx: Context) -> Iterator[Fault | More]:
    """First years after last years."""
    yield from _in_order(ctx, "year")


@check(
    "Q-VA-12",
    Text("标高上限高于下限", "Upper elevations are above lower ones"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "开采标高下限不得高于上限，上下限填反时最常见。",
        "The lower mining elevation is not above the upper one; they are often swapped.",
    ),
    mend=Text("对调上下限，或更正数值", "swap them, or mend the figures"),
    examples=(
        Example(
            Text("1300—1100 米", "in order"),
            0,
            {"layers": {_BLOCK: [{"BGSX": 1300.0, "BGXX": 1100.0}]}},
        ),
        Example(
            Text("填反", "swapped"), 1, {"layers": {_BLOCK: [{"BGSX": 1100.0, "BGXX": 1300.0}]}}
        ),
    ),
)
def elevations(ctx: Context) -> Iterator[Fault | More]:
    """Lower elevations above upper ones."""
    yield from _in_order(ctx, "elevation")


@check(
    "Q-VA-13",
    Text("起止日期顺序正确", "Dates stand in order"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "有效期起、发证日期不晚于有效期止。", "A licence does not begin after it ends."
    ),
    mend=Text("更正日期", "mend the dates"),
    examples=(
        Example(
            Text("先起后止", "in order"),
            0,
            {"layers": {_RIGHT: [{"YXQQ": dt.date(2020, 1, 1), "YXQZ": "2030-01-01"}]}},
        ),
        Example(
            Text("先止后起", "the other way round"),
            1,
            {"layers": {_RIGHT: [{"YXQQ": "2030年1月1日", "YXQZ": "2020-01-01"}]}},
        ),
    ),
)
def dates(ctx: Context) -> Iterator[Fault | More]:
    """Dates in the wrong order."""
    yield from _in_order(ctx, "date")


@check(
    "Q-VA-14",
    Text("上下限数值顺序正确", "Lower figures are not above upper ones"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "控制总量等区间数值，下限不大于上限。",
        "Of a range the lower figure is not above the upper.",
    ),
    mend=Text("更正上下限", "mend the figures"),
    examples=(
        Example(Text("100—120", "in order"), 0, {"layers": {"ZLKZ": [{"XX": 100.0, "SX": 120.0}]}}),
        Example(Text("120—100", "swapped"), 1, {"layers": {"ZLKZ": [{"XX": 120.0, "SX": 100.0}]}}),
    ),
)
def figures(ctx: Context) -> Iterator[Fault | More]:
    """Lower figures above upper ones."""
    yield from _in_order(ctx, "figure")


@check(
    "Q-VA-15",
    Text("年份与规划期一致", "Years agree with the period of the plan"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "图层的规划起始年、末年与规划信息相同；投放时序中的年份都在规划期内。",
        "First and last year of a layer are those of the plan; years of release lie in its period.",
    ),
    mend=Text("更正年份", "mend the years"),
    examples=(
        Example(Text("一致", "they agree"), 0, {"layers": {_BLOCK: [{"TFSX": "2023-2024"}]}}),
        Example(
            Text("末年写成 2035", "another last year"), 1, {"layers": {_BLOCK: [{"GHMZN": 2035}]}}
        ),
        Example(
            Text("2028 年投放", "released after the period"),
            1,
            {"layers": {_BLOCK: [{"TFSX": "2028年"}]}},
        ),
    ),
)
def period(ctx: Context) -> Iterator[Fault | More]:
    """Years that do not agree with the plan's period."""
    plan = ctx.submission.identity
    if plan is None:
        raise NotChecked(
            Text("成果没有规划信息，不知道规划期", "the period of the plan is not known")
        )
    told = dictionary()["period"]
    tests: list[tuple[str, Callable[[Any], bool]]] = [
        *((code, partial(_other_year, plan.first_year)) for code in told["first"]),
        *((code, partial(_other_year, plan.last_year)) for code in told["last"]),
        *((code, partial(_outside, plan)) for code in told["within"]),
    ]
    for code, wrong in tests:
        if ctx.spec.field(code) is None:
            continue
        found = np.flatnonzero(ctx.view.column(code).select(wrong))
        yield from ctx.each(found, _year_fault(ctx, code, plan))


def _other_year(year: int, value: Any) -> bool:
    return value is not None and plain(value) != str(year)


def _outside(plan: Plan, value: Any) -> bool:
    years = [int(item) for item in _YEAR.findall(plain(value))]
    return any(not plan.first_year <= year <= plan.last_year for year in years)


def _year_fault(ctx: Context, code: str, plan: Plan) -> Callable[[int], Fault]:
    item = ctx.spec.field(code)
    assert item is not None
    span = f"{plan.first_year}—{plan.last_year}"

    def make(index: int) -> Fault:
        value = plain(ctx.view.column(code).value(index))
        message = Text(
            f"{item.name.zh}“{value}”与规划期 {span} 不一致",
            f"{code} {value!r} does not agree with the period {span}",
        )
        return ctx.at(ctx.view, index, message, field=code, value=value, limit=span)

    return make


def _divisions(ctx: Context) -> CodeList:
    codes = ctx.edition.code_lists.get(dictionary()["divisions"]["list"])
    if codes is None:
        raise NotApplicable
    return codes


@check(
    "Q-VA-16",
    Text("行政区代码与名称一致", "Division codes fit their names"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=DIVISIONS,
    explanation=Text(
        "行政区代码和名称应是同一个行政区。", "Code and name are of the same division."
    ),
    mend=Text("更正代码或名称", "mend the code or the name"),
    examples=(
        Example(Text("一致", "they agree"), 0),
        Example(
            Text("代码是另一个县的", "the code of another county"),
            1,
            {"layers": {_BLOCK: [{"XZQDM": "{county2}", "XZQMC": "{county1_name}"}]}},
        ),
    ),
)
def division_codes(ctx: Context) -> Iterator[Fault | More]:
    """Codes of divisions with the name of another one."""
    told, codes = dictionary()["divisions"], _divisions(ctx)
    if ctx.spec.field(told["code"]) is None or ctx.spec.field(told["name"]) is None:
        raise NotApplicable

    def wrong(code: Any, name: Any) -> bool:
        one, other = codes.find(plain(code)), codes.find(plain(name))
        return one is not None and one is not other

    def make(index: int) -> Fault:
        code, name = (plain(ctx.view.column(told[x]).value(index)) for x in ("code", "name"))
        right = codes.find(code)
        limit = right.name.zh if right else ""
        message = Text(f"代码 {code} 是{limit}，不是“{name}”", f"{code} is {limit}, not {name!r}")
        return ctx.at(ctx.view, index, message, field=told["name"], value=name, limit=limit)

    found = ctx.view.together(told["code"], told["name"]).select(wrong)
    yield from ctx.each(found, make)


@check(
    "Q-VA-19",
    Text("县区名称是行政区", "Counties named are divisions"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=DIVISIONS,
    explanation=Text(
        "“所在县区”等字段中的每个名称都应在行政区划代码表中。",
        "Every name in a field of counties is one of the list of divisions.",
    ),
    mend=Text("写行政区的规范名称，多个用“、”分隔", "use the names of the list, joined by 、"),
    examples=(
        Example(
            Text("两个县都认得", "two known counties"),
            0,
            {"layers": {_BLOCK: [{"SZXZQ": "{county1_name}、{county2_name}"}]}},
        ),
        Example(
            Text("“某某县”", "an unknown county"),
            1,
            {"layers": {_BLOCK: [{"SZXZQ": "{county1_name}、某某县"}]}},
        ),
    ),
)
def county_names(ctx: Context) -> Iterator[Fault | More]:
    """Names of counties that no division has."""
    told, codes = dictionary()["divisions"], _divisions(ctx)

    def unknown(value: Any) -> list[str]:
        names = [item.strip() for item in _SEVERAL.split(plain(value))]
        return [name for name in names if name and codes.find(name) is None]

    for code in told["names"]:
        item = ctx.spec.field(code)
        if item is None:
            continue
        column = ctx.view.column(code)
        answers = column.map(unknown)
        found = np.flatnonzero(column.select(lambda v: bool(v is not None and unknown(v))))

        def make(index: int, code: str = code, answers: Any = answers) -> Fault:
            names = "、".join(answers[index])
            message = Text(f"“{names}”不是行政区", f"{names!r} is no division")
            return ctx.at(ctx.view, index, message, field=code, value=names)

        yield from ctx.each(found, make)


@check(
    "Q-VA-20",
    Text("要素代码与图层一致", "Element codes fit the layer"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=database("要素分类与代码"),
    explanation=Text(
        "要素代码应是标准给该图层的代码。",
        "The element code is the one the standard gives the layer.",
    ),
    mend=Text("填标准规定的要素代码", "use the code of the standard"),
    examples=(
        Example(Text("代码正确", "the right code"), 0),
        Example(
            Text("别的图层的代码", "another layer's code"),
            1,
            {"layers": {_BLOCK: [{"YSDM": "1000000000"}]}},
        ),
    ),
)
def element_codes(ctx: Context) -> Iterator[Fault | More]:
    """Element codes of another layer."""
    code = dictionary()["element"]["field"]
    spec = ctx.spec
    if not isinstance(spec, LayerSpec) or not spec.element_code or spec.field(code) is None:
        raise NotApplicable
    right = spec.element_code
    column = ctx.view.column(code)
    found = np.flatnonzero(column.select(lambda v: v is not None and plain(v) != right))

    def make(index: int) -> Fault:
        value = plain(column.value(index))
        message = Text(f"要素代码 {value}，应为 {right}", f"element code {value}, not {right}")
        return ctx.at(ctx.view, index, message, field=code, value=value, limit=right)

    yield from ctx.each(found, make)
