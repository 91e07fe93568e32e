"""The fields of layers and tables: there, of the right type, long enough, known, once."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from typing import Final

from minplan.core.quality.check import Example, Family, Scope, check
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.sources import database
from minplan.core.quality.submission import Column, Context
from minplan.core.standard.model import FieldSpec, FieldType
from minplan.core.text import Text

_BASIS: Final = database("属性数据结构定义")
_TYPE_NAMES: Final = {
    "text": Text("文本", "text"),
    "integer": Text("整数", "whole number"),
    "real": Text("小数", "decimal number"),
    "date": Text("日期", "date"),
    "boolean": Text("是/否", "yes/no"),
}
#: Types of a file that can hold a field without loss; formats without yes/no use the others.
_FITTING: Final = {
    FieldType.CHAR: ("text",),
    FieldType.TEXT: ("text",),
    FieldType.INT: ("integer",),
    FieldType.FLOAT: ("real",),
    FieldType.DATE: ("date",),
    FieldType.BOOL: ("boolean", "integer", "text"),
}


def _matched(ctx: Context) -> Iterator[tuple[Column, FieldSpec]]:
    for column in ctx.source.columns:
        item = ctx.spec.field(column.field) if column.field else None
        if item is not None:
            yield column, item


def _name(item: FieldSpec) -> str:
    return f"{item.name.zh}（{item.code}）"


@check(
    "Q-ST-01",
    Text("必填字段都在", "Every required field is there"),
    family=Family.STRUCTURE,
    scope=Scope.LAYER,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "标准规定必填的字段在文件中应有对应的列。",
        "A field that the standard requires must have a column in the file.",
    ),
    mend=Text("补上字段，或指定哪一列是它", "add the field, or say which column it is"),
    examples=(
        Example(Text("字段齐全", "all fields"), 0),
        Example(
            Text("缺标识码", "no identifier"),
            1,
            {"layers": {"CKQ": {"rows": [{}], "drop": ["BSM"]}}},
        ),
    ),
)
def required_fields(ctx: Context) -> Iterator[Fault | More]:
    """Required fields without a column."""
    held = {column.field for column in ctx.source.columns}
    for item in ctx.spec.fields:
        if item.required and item.code not in held:
            yield ctx.fault(
                Text(f"缺少必填字段 {_name(item)}", f"required field {item.code} is missing"),
                field=item.code,
            )


@check(
    "Q-ST-02",
    Text("其余字段都在", "Every other field is there"),
    family=Family.STRUCTURE,
    scope=Scope.LAYER,
    level=Level.INFO,
    basis=_BASIS,
    explanation=Text(
        "标准中的非必填字段也应保留列，内容可为空。",
        "Fields that may be empty should have their columns all the same.",
    ),
    mend=Text("补上空字段", "add the field, it may be empty"),
    examples=(
        Example(Text("字段齐全", "all fields"), 0),
        Example(
            Text("缺备注", "no remarks"), 1, {"layers": {"CKQ": {"rows": [{}], "drop": ["BZ"]}}}
        ),
    ),
)
def optional_fields(ctx: Context) -> Iterator[Fault | More]:
    """Fields that are not required and have no column."""
    held = {column.field for column in ctx.source.columns}
    for item in ctx.spec.fields:
        if not item.required and item.code not in held:
            yield ctx.fault(
                Text(f"缺少字段 {_name(item)}", f"field {item.code} is missing"), field=item.code
            )


@check(
    "Q-ST-03",
    Text("没有标准之外的字段", "No field is beyond the standard"),
    family=Family.STRUCTURE,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "认不出的列不入库；相近的字段名一并提示。软件自动生成的 FID、OBJECTID、SHAPE 等列不计。",
        "A column that is no field is not imported. Columns that software makes are not counted.",
    ),
    mend=Text("改成标准字段名，或删去该列", "rename the column, or remove it"),
    examples=(
        Example(Text("没有多余字段", "no others"), 0),
        Example(
            Text("软件生成的列不算", "columns of software"),
            0,
            {"layers": {"CKQ": {"rows": [{}], "more_columns": [{"name": "OBJECTID"}]}}},
        ),
        Example(
            Text("“备注2”不是标准字段", "a field of their own"),
            1,
            {"layers": {"CKQ": {"rows": [{}], "more_columns": [{"name": "备注2"}]}}},
        ),
    ),
)
def unknown_fields(ctx: Context) -> Iterator[Fault | More]:
    """Columns that are no field of the standard."""
    known = [item.code for item in ctx.spec.fields]
    for column in ctx.source.columns:
        if column.field or column.name.upper() in _OF_SOFTWARE:
            continue
        near = difflib.get_close_matches(column.name.upper(), known, n=1)
        asked = Text(f"，是否为 {near[0]}", f"; is it {near[0]}?") if near else Text("", "")
        yield ctx.fault(
            Text(
                f"标准没有字段“{column.name}”{asked.zh}",
                f"unknown column {column.name!r}{asked.en}",
            ),
            field=column.name,
            limit=near[0] if near else "",
        )


_OF_SOFTWARE: Final = frozenset(
    {"FID", "OBJECTID", "OID", "OGC_FID", "SHAPE", "GEOM", "GEOMETRY", "SHAPE_LENG", "SHAPE_AREA"}
    | {"SHAPE_LENGTH", "SHAPE_LE_1", "ID", "INDEX"}
)


def _fits(column: Column, item: FieldSpec) -> bool:
    if column.type == "real" and item.type is FieldType.INT:
        return column.decimals == 0
    if column.type == "integer" and item.type is FieldType.FLOAT:
        return item.decimals == 0
    return column.type in _FITTING[item.type]


@check(
    "Q-ST-04",
    Text("字段类型符合标准", "Fields have the type of the standard"),
    family=Family.STRUCTURE,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "比较文件中列的类型与标准的字段类型；整列为空的不比较。日期存为文本的只作警告。",
        "The type of the column against that of the field; columns without any value are left "
        "out. Dates held as text are a warning only.",
    ),
    mend=Text("把列改成标准的类型", "give the column the type of the standard"),
    examples=(
        Example(Text("类型一致", "the types agree"), 0),
        Example(
            Text("面积存成了文本", "an area held as text"),
            1,
            {"layers": {"CKQ": {"rows": [{"MJ": "1.0"}], "columns": {"MJ": {"type": "text"}}}}},
        ),
    ),
)
def types(ctx: Context) -> Iterator[Fault | More]:
    """Columns with another type than their field."""
    for column, item in _matched(ctx):
        if _fits(column, item) or ctx.view.column(item.code).empty.all():
            continue
        told, right = _TYPE_NAMES[column.type], _TYPE_NAMES[_FITTING[item.type][0]]
        soft = item.type is FieldType.DATE and column.type == "text"
        yield ctx.fault(
            Text(
                f"{_name(item)} 的类型为{told.zh}，应为{right.zh}",
                f"{item.code} is {told.en}, not {right.en}",
            ),
            level=Level.WARNING if soft else ctx.check.level,
            field=item.code,
            value=told.zh,
            limit=right.zh,
        )


@check(
    "Q-ST-05",
    Text("字段长度不小于标准", "Fields are as long as in the standard"),
    family=Family.STRUCTURE,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "列比标准短时，较长的内容会被截断。", "A column that is too short cuts off what it holds."
    ),
    mend=Text("把列加长到标准长度", "make the column as long as in the standard"),
    examples=(
        Example(Text("长度足够", "long enough"), 0),
        Example(
            Text("名称只有 20 字节", "a name of 20 bytes"),
            1,
            {"layers": {"CKQ": {"rows": [{}], "columns": {"MC": {"length": 20}}}}},
        ),
    ),
)
def lengths(ctx: Context) -> Iterator[Fault | More]:
    """Columns that are shorter than their field."""
    for column, item in _matched(ctx):
        if column.length is not None and 0 < column.length < item.length and _fits(column, item):
            yield ctx.fault(
                Text(
                    f"{_name(item)} 长度 {column.length}，标准为 {item.length}",
                    f"{item.code} has length {column.length}, the standard {item.length}",
                ),
                field=item.code,
                value=str(column.length),
                limit=str(item.length),
            )


@check(
    "Q-ST-06",
    Text("小数位数不少于标准", "Fields have the decimals of the standard"),
    family=Family.STRUCTURE,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "小数位数少于标准时，面积等数值会被舍入。", "With fewer decimals, areas are rounded off."
    ),
    mend=Text("把小数位数改成标准值", "give the column the decimals of the standard"),
    examples=(
        Example(Text("位数足够", "enough decimals"), 0),
        Example(
            Text("面积只有 2 位小数", "an area with 2 decimals"),
            1,
            {"layers": {"CKQ": {"rows": [{}], "columns": {"MJ": {"decimals": 2}}}}},
        ),
    ),
)
def decimals(ctx: Context) -> Iterator[Fault | More]:
    """Columns with fewer decimals than their field."""
    for column, item in _matched(ctx):
        if item.type is not FieldType.FLOAT or column.type != "real" or column.decimals is None:
            continue
        if column.decimals < item.decimals:
            yield ctx.fault(
                Text(
                    f"{_name(item)} 有 {column.decimals} 位小数，标准为 {item.decimals} 位",
                    f"{item.code} has {column.decimals} decimals, the standard {item.decimals}",
                ),
                field=item.code,
                value=str(column.decimals),
                limit=str(item.decimals),
            )


@check(
    "Q-ST-10",
    Text("一个字段只有一列", "A field has one column"),
    family=Family.STRUCTURE,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "两列对应同一字段时，入库取哪一列不确定。",
        "Where two columns are one field, it is open which of them counts.",
    ),
    mend=Text("删去或改名其中一列", "remove or rename one of them"),
    examples=(
        Example(Text("一一对应", "one column each"), 0),
        Example(
            Text("名称有两列", "two columns for the name"),
            1,
            {"layers": {"CKQ": {"rows": [{}], "more_columns": [{"name": "名称", "field": "MC"}]}}},
        ),
    ),
)
def field_twice(ctx: Context) -> Iterator[Fault | More]:
    """Fields that several columns were matched to."""
    counted = Counter(column.field for column in ctx.source.columns if column.field)
    for code, number in counted.items():
        if number > 1:
            names = "、".join(item.name for item in ctx.source.columns if item.field == code)
            yield ctx.fault(
                Text(f"{code} 有 {number} 列：{names}", f"{code} has {number} columns: {names}"),
                field=code,
                value=names,
            )
