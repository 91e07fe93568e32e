"""Areas that fields state against those of the geometry: method, unit, totals."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.quality.check import (
    Example,
    Family,
    Found,
    NotApplicable,
    NotChecked,
    Scope,
    check,
)
from minplan.core.quality.checks.geometry_validity import spatial
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.methods import CONFUSED, ORDER, UNITS, Stated, compare
from minplan.core.quality.sources import AREA, AREA_NOTICE, quality
from minplan.core.quality.submission import Context
from minplan.core.quality.view import plain
from minplan.core.quality.words import dictionary
from minplan.core.standard.model import FieldSpec
from minplan.core.text import Text
from minplan.core.tolerances import AREA_SHARE

_BLOCK: Final = "KAIGHQK"
_DEFAULT_UNIT: Final = "km²"


def _stated(ctx: Context, which: str) -> list[tuple[FieldSpec, str, Stated]]:
    """The fields of areas of a kind, with their unit and their figures against the geometry."""
    spec = spatial(ctx)
    if spec.geometry.value != "polygon":
        raise NotApplicable
    held = []
    for code in dictionary()["area"][which]:
        item = spec.field(code)
        if item is not None and ctx.view.has(code):
            unit = item.unit or _DEFAULT_UNIT
            share = ctx.parameters["share"]
            told = compare(ctx.view, code, UNITS.get(unit, 1e6), item.decimals, share)
            held.append((item, unit, told))
    if not held:
        raise NotApplicable
    return held


def _area_fault(ctx: Context, field: tuple[FieldSpec, str], told: Stated, number: int) -> Fault:
    item, unit = field
    size = UNITS.get(unit, 1e6)
    areas = [(method.label, told.areas_m2[method][number] / size) for method in ORDER]
    zh = "，".join(f"{label.zh} {area:.{item.decimals}f}" for label, area in areas)
    en = ", ".join(f"{label.en} {area:.{item.decimals}f}" for label, area in areas)
    figure = f"{told.figure[number]:g}"
    return ctx.at(
        ctx.view,
        int(told.feature[number]),
        Text(
            f"{item.name.zh} {figure} {unit}，与椭球面积相差 {told.deviation[number]:+.2%}（{zh}）",
            f"{item.code} is {figure} {unit}, off by {told.deviation[number]:+.2%} ({en})",
        ),
        field=item.code,
        value=f"{figure} {unit}",
        limit=f"{areas[0][1]:.{item.decimals}f} {unit}",
    )


@check(
    "Q-AR-01",
    Text("计算面积与图形一致", "Computed areas are those of the geometry"),
    family=Family.AREA,
    scope=Scope.LAYER,
    level=Level.ERROR,
    weight=2.0,
    basis=(AREA, AREA_NOTICE),
    explanation=Text(
        "计算面积应为椭球面积；与图形的椭球面积相差超过 0.1%（可调）且超过末位取舍的指出，"
        "单位填错的由另一项指出。",
        "A computed area is the ellipsoidal one; told where it is off by more than 0.1 % (may be "
        "set) and more than its last decimal. Wrong units are told by another check.",
    ),
    mend=Text("按椭球面积公式重新计算", "compute it again by the ellipsoidal formula"),
    parameters={"share": AREA_SHARE},
    examples=(
        Example(Text("与图形一致", "they agree"), 0),
        Example(Text("少了 2%", "2 % short"), 1, {"layers": {_BLOCK: [{"JSMJ": 0.98}]}}),
        Example(Text("没有填", "not given"), 0, {"layers": {_BLOCK: [{"JSMJ": None}]}}),
        Example(
            Text("图形改了，面积没有重算", "the geometry was changed, the area was not"),
            1,
            {"layers": {_BLOCK: [{"box": (0, 0, 1000, 1100), "JSMJ": 1.0}]}},
        ),
    ),
)
def computed(ctx: Context) -> Iterator[Found]:
    """Computed areas that are not the ellipsoidal area."""
    for item, unit, told in _stated(ctx, "computed"):
        wrong = np.flatnonzero((told.method != 0) & (told.unit < 0))
        yield from ctx.each(wrong, partial(_area_fault, ctx, (item, unit), told))


@check(
    "Q-AR-02",
    Text("登记（印刷）面积与图形相符", "Stated areas fit the geometry"),
    family=Family.AREA,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=(AREA, AREA_NOTICE),
    explanation=Text(
        "面积依次与椭球、平面、球面三种算法比较：都不符的为警告；只符合平面或球面算法的，"
        "提示是按旧算法计算的。示意图形不比较。",
        "Areas are held against the ellipsoidal, the planar and the spherical method: none is a "
        "warning; another than the ellipsoidal one is told as info. Schematic geometry is left "
        "out.",
    ),
    mend=Text("核对面积和图形，改用椭球面积", "check area and geometry, use the ellipsoidal area"),
    parameters={"share": AREA_SHARE},
    examples=(
        Example(Text("与图形相符", "they agree"), 0, {"layers": {_BLOCK: [{"MJ": 1.0003}]}}),
        Example(
            Text("三种算法都不符", "none of the methods"), 1, {"layers": {_BLOCK: [{"MJ": 1.2}]}}
        ),
        Example(
            Text("示意图形不比较", "schematic geometry"),
            0,
            {"layers": {_BLOCK: [{"MJ": 1.2, "SFSY": True}]}},
        ),
    ),
)
def printed(ctx: Context) -> Iterator[Found]:
    """Stated areas that no method gives, and those that an old method gives."""
    for item, unit, told in _stated(ctx, "stated"):
        schematic = ctx.view.column(dictionary()["area"]["schematic"]).select(_is_yes)
        drawn = ~schematic[told.feature] & (told.unit < 0)

        def make(
            number: int, item: FieldSpec = item, unit: str = unit, told: Stated = told
        ) -> Fault:
            if told.method[number] < 0:
                return _area_fault(ctx, (item, unit), told, number)
            label = ORDER[int(told.method[number])].label
            return ctx.at(
                ctx.view,
                int(told.feature[number]),
                Text(
                    f"{item.name.zh} {told.figure[number]:g} {unit} 是{label.zh}",
                    f"{item.code} {told.figure[number]:g} {unit} is the area by {label.en}",
                ),
                level=Level.INFO,
                field=item.code,
                value=label.zh,
            )

        yield from ctx.each(np.flatnonzero(drawn & (told.method != 0)), make)


def _is_yes(value: object) -> bool:
    return value is not None and plain(value).lower() in ("true", "1", "是")


@check(
    "Q-AR-03",
    Text("面积单位正确", "Areas are in the right unit"),
    family=Family.AREA,
    scope=Scope.LAYER,
    level=Level.ERROR,
    weight=2.0,
    basis=AREA_NOTICE,
    explanation=Text(
        "面积约为图形面积的 100 倍、1500 倍或 100 万倍时，是把公顷、亩、平方米当成了平方公里。",
        "An area that is 100, 1500 or a million times that of the geometry was given in hectares, "
        "mu or square metres in a field of km².",
    ),
    mend=Text("换算成字段规定的单位", "convert it to the unit of the field"),
    parameters={"share": AREA_SHARE},
    examples=(
        Example(Text("单位正确", "the right unit"), 0),
        Example(Text("填成公顷", "hectares"), 1, {"layers": {_BLOCK: [{"MJ": 100.03}]}}),
        Example(Text("填成亩", "mu"), 1, {"layers": {_BLOCK: [{"JSMJ": 1500.5}]}}),
    ),
)
def units(ctx: Context) -> Iterator[Found]:
    """Areas in another unit than that of the field."""
    held = []
    for which in ("computed", "stated"):
        try:
            held += _stated(ctx, which)
        except NotApplicable:
            continue
    if not held:
        raise NotApplicable
    for item, unit, told in held:

        def make(
            number: int, item: FieldSpec = item, unit: str = unit, told: Stated = told
        ) -> Fault:
            name = CONFUSED[int(told.unit[number])][1]
            area = told.areas_m2[ORDER[0]][number] / UNITS.get(unit, 1e6)
            return ctx.at(
                ctx.view,
                int(told.feature[number]),
                Text(
                    f"{item.name.zh} {told.figure[number]:g} 像是{name.zh}，应为 {area:.4f} {unit}",
                    f"{item.code} {told.figure[number]:g} looks like {name.en}: {area:.4f} {unit}",
                ),
                field=item.code,
                value=f"{told.figure[number]:g} {name.zh}",
                limit=f"{area:.4f} {unit}",
            )

        yield from ctx.each(np.flatnonzero(told.unit >= 0), make)


@check(
    "Q-AR-04",
    Text("行政区面积之和等于规划区面积", "Divisions add up to the region"),
    family=Family.AREA,
    scope=Scope.LAYERS,
    level=Level.WARNING,
    basis=quality("面积汇总"),
    explanation=Text(
        "行政区图层的椭球面积之和与规划区范围的面积相差不超过 0.1%（可调）。",
        "The ellipsoidal areas of the divisions add up to the area of the region within 0.1 % "
        "(may be set).",
    ),
    mend=Text("核对是否缺行政区或界线有误", "look for a missing division or a wrong border"),
    parameters={"share": AREA_SHARE},
    examples=(
        Example(Text("相等", "they add up"), 0),
        Example(
            Text("缺一个行政区", "a division is missing"),
            1,
            {"layers": {"XZQ": [{"box": (0, 0, 5000, 10_000)}]}},
        ),
    ),
)
def totals(ctx: Context) -> Iterator[Found]:
    """The sum of the divisions against the area of the region."""
    spec = ctx.edition.layer_of_kind(dictionary()["kinds"]["divisions"][0])
    held = [item for item in ctx.of(spec.code) if item.geometry_type] if spec else []
    if not held:
        raise NotApplicable
    region = ctx.submission.region
    if region is None:
        raise NotChecked(Text("没有规划区范围", "the region of the plan is not at hand"))
    total = sum(float(np.nansum(ctx.take(item).area_m2)) for item in held)
    right = float(ellipsoidal_area([region])[0])
    if abs(total / right - 1) > ctx.parameters["share"]:
        yield ctx.fault(
            Text(
                f"行政区面积之和 {total / 1e6:.4f} 平方公里，规划区 {right / 1e6:.4f} 平方公里",
                f"the divisions have {total / 1e6:.4f} km², the region {right / 1e6:.4f} km²",
            ),
            source=held[0],
            value=f"{total / 1e6:.4f} km²",
            limit=f"{right / 1e6:.4f} km²",
        )
