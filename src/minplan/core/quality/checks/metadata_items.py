"""The metadata of a hand-in: items there, of the right kind, and true of the data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Final

import shapely

from minplan.core.quality.check import (
    Example,
    Family,
    Found,
    NotApplicable,
    NotChecked,
    Scope,
    check,
)
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import METADATA, quality
from minplan.core.quality.submission import Context
from minplan.core.quality.view import figure
from minplan.core.quality.words import dictionary
from minplan.core.standard.model import FieldType, MetadataItem
from minplan.core.text import Text

_COUNT: Final = re.compile(r"\s*(.+?)[\s（(：:]*(\d+)\s*[)）]?(?:\s*[个条])?\s*$")
_LISTED: Final = re.compile(r"[；;，,、\n]")


def _items(ctx: Context) -> Mapping[str, str]:
    if not ctx.edition.metadata:
        raise NotApplicable
    if ctx.submission.metadata is None:
        raise NotChecked(Text("成果没有元数据", "the hand-in has no metadata"))
    return ctx.submission.metadata


def _code(name: str) -> str:
    held: str = dictionary()["metadata"][name]
    return held


def _fault(ctx: Context, item: MetadataItem | None, code: str, message: Text, **more: str) -> Fault:
    name = item.name if item is not None else Text(code, code)
    told = Text(f"{name.zh}（{code}）{message.zh}", f"{name.en} ({code}): {message.en}")
    return ctx.fault(told, layer="metadata", key=code, field=code, **more)


def _spec(ctx: Context, code: str) -> MetadataItem | None:
    return next((item for item in ctx.edition.metadata if item.code == code), None)


@check(
    "Q-MD-01",
    Text("必填元数据项都已填写", "Required items of the metadata are there"),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    weight=2.0,
    basis=METADATA,
    explanation=Text(
        "标准规定必填的元数据项都应有内容。", "Every item that the standard requires has a value."
    ),
    mend=Text("补填该项", "fill it in"),
    examples=(
        Example(Text("都已填写", "all filled"), 0),
        Example(Text("没有摘要", "no abstract"), 1, {"metadata": {"ZY": None}}),
        Example(Text("联系单位为空", "an empty office"), 1, {"metadata": {"MDLXDW": " "}}),
        Example(Text("没有元数据文件", "no metadata"), 0, {"metadata": None}),
    ),
)
def required(ctx: Context) -> Iterator[Found]:
    """Required items without a value."""
    held = _items(ctx)
    for item in ctx.edition.metadata:
        if item.required and not held.get(item.code, "").strip():
            yield _fault(ctx, item, item.code, Text("没有填写", "is empty"))


@check(
    "Q-MD-02",
    Text("元数据的日期、数字和代码能读出", "Dates, figures and codes of the metadata are readable"),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=METADATA,
    explanation=Text(
        "日期写成 2025-12-31，数字不带单位，有值域的填值域中的代码；元数据日期不晚于检查日期。",
        "Dates as 2025-12-31, figures without units, codes of the list; the metadata is not dated "
        "after the check.",
    ),
    mend=Text("按要求改写", "write it as asked for"),
    examples=(
        Example(Text("都能读出", "all readable"), 0),
        Example(Text("13 月", "a 13th month"), 1, {"metadata": {"MDRQ": "2025-13-01"}}),
        Example(
            Text("经度带单位", "a longitude with a unit"), 1, {"metadata": {"XBJD": "东经113度"}}
        ),
        Example(Text("未来的日期", "a date to come"), 1, {"metadata": {"MDRQ": "2031-01-01"}}),
        Example(
            Text("不认识的行政区", "an unknown division"), 1, {"metadata": {"XZQDM": "000001"}}
        ),
    ),
)
def readable(ctx: Context) -> Iterator[Found]:
    """Items that are not of their type, and dates to come."""
    held = _items(ctx)
    for item in ctx.edition.metadata:
        value = held.get(item.code, "").strip()
        if not value:
            continue
        wrong = _wrong(ctx, item, value)
        if wrong is not None:
            yield _fault(ctx, item, item.code, wrong, value=value)


def _wrong(ctx: Context, item: MetadataItem, value: str) -> Text | None:
    if item.type is FieldType.DATE:
        day = _date(value)
        if day is None:
            return Text(f"“{value}”不是日期", f"{value!r} is no date")
        today, named = ctx.submission.date, _code("date")
        if item.code == named and today is not None and day > today:
            return Text(f"“{value}”晚于检查日期", f"{value} is after the date of the check")
    if item.type in (FieldType.INT, FieldType.FLOAT) and figure(value) != figure(value):
        return Text(f"“{value}”不是数字", f"{value!r} is no figure")
    codes = ctx.edition.code_lists.get(item.domain) if item.domain else None
    if codes is not None and codes.find(value) is None:
        return Text(f"“{value}”不在{codes.name.zh}中", f"{value!r} is not in {codes.id}")
    return None


def _date(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


@check(
    "Q-MD-03",
    Text("元数据范围与图层范围一致", "The bounds of the metadata are those of the data"),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=METADATA,
    explanation=Text(
        "西东南北四边应包住全部图形，且多出的不超过 0.05 度（可调）。",
        "West, east, south and north enclose all geometry, with no more than 0.05° to spare.",
    ),
    mend=Text("按图层实际范围改写四至", "write the real bounds"),
    parameters={"degrees": 0.05},
    examples=(
        Example(Text("一致", "they agree"), 0),
        Example(
            Text("东边经度少 1 度", "a degree short in the east"),
            1,
            {"metadata": {"DBJD": "112.3"}},
        ),
        Example(
            Text("南北颠倒", "south and north swapped"),
            2,
            {"metadata": {"NBWD": "36.590115", "BBWD": "36.5"}},
        ),
    ),
)
def bounds(ctx: Context) -> Iterator[Found]:
    """Bounds that differ from those of the geometry."""
    held = _items(ctx)
    found = (ctx.shelf.bounds(source) for source, _ in ctx.spatial())
    boxes = [item for item in found if item is not None]
    if not boxes:
        raise NotApplicable
    west, south, east, north = shapely.total_bounds(shapely.box(*zip(*boxes, strict=True)))
    slack = ctx.parameters["degrees"]
    sides = (("west", west, 1), ("south", south, 1), ("east", east, -1), ("north", north, -1))
    for name, real, sign in sides:
        code = _code(name)
        stated = figure(held.get(code, "") or None)
        beyond = (stated - real) * sign
        # rounding of the six decimals that people write
        if beyond > 1e-5 or beyond < -slack:
            yield _fault(
                ctx,
                _spec(ctx, code),
                code,
                Text(f"为 {stated:g}，图层为 {real:.6f}", f"is {stated:g}, the data {real:.6f}"),
                value=f"{stated:g}",
                limit=f"{real:.6f}",
            )


@check(
    "Q-MD-04",
    Text("元数据所列图层和个数与实际一致", "Layers and numbers of the metadata are the real ones"),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=METADATA,
    explanation=Text(
        "图层名称项列出的图层都应提交；写了个数的，与实际要素数相同。",
        "Layers that the metadata lists are handed in, with the numbers it states.",
    ),
    mend=Text("更正元数据", "mend the metadata"),
    examples=(
        Example(Text("一致", "they agree"), 0),
        Example(
            Text("个数不对", "another number"),
            1,
            {"metadata": {"TCMC": "行政区 12；开采规划区块 1"}},
        ),
        Example(
            Text("列了没有交的图层", "a layer that is not there"),
            1,
            {"metadata": {"TCMC": "行政区；采矿权 3"}},
        ),
    ),
)
def listed_layers(ctx: Context) -> Iterator[Found]:
    """Layers and numbers that the metadata states and the data does not have."""
    code = _code("layers")
    text = _items(ctx).get(code, "")
    names = {
        word: spec
        for spec in ctx.edition.specs
        for word in (spec.code, spec.name.zh, *spec.aliases)
    }
    for part in filter(None, (item.strip() for item in _LISTED.split(text))):
        found = _COUNT.match(part)
        name, stated = (found[1], int(found[2])) if found else (part, None)
        spec = names.get(name)
        if spec is None:
            continue
        sources = ctx.of(spec.code)
        count = sum(item.count for item in sources)
        if not sources or (stated is not None and stated != count):
            real = f"{count} 个" if sources else "没有"
            yield _fault(
                ctx,
                _spec(ctx, code),
                code,
                Text(f"写“{part}”，实际{real}", f"says {part!r}, there are {count}"),
                value=part,
                limit=str(count),
            )


@check(
    "Q-MD-05",
    Text("元数据的坐标系与图层一致", "The reference system of the metadata is that of the data"),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=METADATA,
    explanation=Text(
        "元数据写的大地坐标参照系统，应是各图层实际采用的。",
        "The geodetic reference system of the metadata is the one of the layers.",
    ),
    mend=Text("更正元数据，或转换图层", "mend the metadata, or transform the layer"),
    examples=(
        Example(Text("一致", "they agree"), 0),
        Example(
            Text("元数据写西安 80", "Xian 80 in the metadata"),
            1,
            {"metadata": {"DDZBCZ": "1980西安坐标系"}},
        ),
    ),
)
def system(ctx: Context) -> Iterator[Found]:
    """Layers in another reference system than the metadata says."""
    code = _code("datum")
    stated = _items(ctx).get(code, "").strip()
    if not stated:
        raise NotApplicable
    held = {
        source.system.datum
        for source, _ in ctx.spatial()
        if source.system is not None and source.geometry_type
    }
    for datum in sorted(held, key=lambda item: item.value):
        if _plain(datum.name_zh) not in _plain(stated) and _plain(datum.value) not in _plain(
            stated
        ):
            yield _fault(
                ctx,
                _spec(ctx, code),
                code,
                Text(
                    f"写“{stated}”，图层为{datum.name_zh}",
                    f"says {stated!r}, the data {datum.value}",
                ),
                value=stated,
                limit=datum.name_zh,
            )


def _plain(name: str) -> str:
    return name.upper().replace(" ", "").replace("年", "")


@check(
    "Q-MD-06",
    Text(
        "元数据的规划期、行政区与规划信息一致", "Period and region of the metadata are the plan's"
    ),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=(METADATA, quality("元数据")),
    explanation=Text(
        "起止时间的年份等于规划首末年，行政区代码等于规划的行政区。",
        "Begin and end are in the first and last year of the plan; the code is that of its region.",
    ),
    mend=Text("更正元数据", "mend the metadata"),
    examples=(
        Example(Text("一致", "they agree"), 0),
        Example(Text("终止时间为 2035 年", "another end"), 1, {"metadata": {"ZZSJ": "2035-12-31"}}),
        Example(
            Text("代码为县的", "the code of a county"), 1, {"metadata": {"XZQDM": "{county1}"}}
        ),
    ),
)
def period(ctx: Context) -> Iterator[Found]:
    """Period and code that differ from those of the plan."""
    held, plan = _items(ctx), ctx.submission.identity
    if plan is None:
        raise NotChecked(Text("成果没有规划信息", "the identity of the plan is not known"))
    told = (
        (_code("begin"), held.get(_code("begin"), "")[:4], str(plan.first_year)),
        (_code("end"), held.get(_code("end"), "")[:4], str(plan.last_year)),
        (_code("division"), held.get(_code("division"), "").strip(), plan.region_code),
    )
    for code, stated, right in told:
        if stated and stated != right:
            yield _fault(
                ctx,
                _spec(ctx, code),
                code,
                Text(f"为 {stated}，规划为 {right}", f"is {stated}, the plan has {right}"),
                value=stated,
                limit=right,
            )


@check(
    "Q-MD-07",
    Text("没有标准之外的元数据项", "No item is beyond the standard"),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.INFO,
    basis=METADATA,
    explanation=Text(
        "标准中没有的项不会入库，只作提示。", "Items that the standard does not have are not kept."
    ),
    mend=Text("改用标准的编号，或删去", "use the code of the standard, or drop it"),
    examples=(
        Example(Text("都是标准项", "all are of the standard"), 0),
        Example(Text("自编的项", "an item of one's own"), 1, {"metadata": {"ZDY": "1"}}),
    ),
)
def unknown(ctx: Context) -> Iterator[Found]:
    """Items that the standard does not have."""
    known = {item.code for item in ctx.edition.metadata}
    for code, value in _items(ctx).items():
        if code not in known:
            yield _fault(ctx, None, code, Text("不是标准项", "is not of the standard"), value=value)
