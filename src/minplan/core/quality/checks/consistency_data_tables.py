"""Annexed tables against layers: the same features, and the same names, minerals and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from minplan.core.quality.check import Example, Family, Found, NotApplicable, Scope, check
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import quality
from minplan.core.quality.submission import Context
from minplan.core.quality.tables import Row, differ, rows_of
from minplan.core.quality.words import dictionary
from minplan.core.text import Text

_BASIS: Final = quality("图文表库一致")
_BLOCK: Final = "KAIGHQK"
_TABLE: Final = "KAIQKB"


def _relations(ctx: Context) -> Iterator[Mapping[str, Any]]:
    """The relations of tables and layers of which both are in the submission."""
    asked = False
    for told in dictionary()["table"]:
        if ctx.of(told["table"]) and any(ctx.of(code) for code in told["layers"]):
            asked = True
            yield told
    if not asked:
        raise NotApplicable


def _features(ctx: Context, told: Mapping[str, Any]) -> dict[str, Row]:
    wanted = {*told["text"].values(), *told["set"].values(), *told["figure"].values(), "MC"}
    return {
        row.key: row
        for code in told["layers"]
        for row in rows_of(ctx, code, sorted(wanted))
        if row.key
    }


def _listed(ctx: Context, told: Mapping[str, Any]) -> dict[str, Row]:
    wanted = {told["key"], *told["text"], *told["set"], *told["figure"]}
    listed: dict[str, Row] = {}
    for row in rows_of(ctx, told["table"], sorted(wanted)):
        listed.setdefault(row.text(told["key"]), row)
    return listed


def tell(ctx: Context, row: Row, message: Text, **where: Any) -> Fault:
    """A fault at a row of a table."""
    return ctx.at(row.view, row.index, message, **where)


@check(
    "Q-CO-01",
    Text("图层中的区块、分区都列在附表中", "Features of layers are listed in the tables"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "规划区块表、分区表等附表应列出对应图层的全部要素，按标识码对应。",
        "The tables of blocks and of zones list every feature of their layers, by identifier.",
    ),
    mend=Text("在附表补列，或从图层删去", "add it to the table, or drop it from the layer"),
    examples=(
        Example(Text("都列了", "all are listed"), 0),
        Example(
            Text("图层有 2 个区块，表中 1 个", "2 blocks, 1 row"),
            1,
            {"layers": {_BLOCK: [{}, {"MC": "二号"}], _TABLE: [{}]}},
        ),
    ),
)
def unlisted(ctx: Context) -> Iterator[Found]:
    """Features that their table does not list."""
    for told in _relations(ctx):
        listed = _listed(ctx, told)
        missing = [row for key, row in _features(ctx, told).items() if key not in listed]

        def make(number: int, rows: list[Row] = missing, table: str = told["table"]) -> Fault:
            row = rows[number]
            named = row.text("MC") or row.key
            return tell(
                ctx,
                row,
                Text(f"“{named}”没有列在 {table} 中", f"{named!r} is not listed in {table}"),
                value=row.key,
            )

        yield from ctx.each(np.arange(len(missing)), make)


@check(
    "Q-CO-02",
    Text("附表所列的区块、分区在图层中", "Rows of the tables are features of the layers"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "附表中每一行按标识码都能在对应图层找到；标准已规定引用关系的由引用检查指出。",
        "Every row of a table is found in its layers by identifier; where the standard has a "
        "reference, that check tells.",
    ),
    mend=Text("补画图形，或从附表删去", "draw it, or drop the row"),
    examples=(
        Example(
            Text("都在图层中", "all are there"),
            0,
            {"layers": {"ZLQB": [{"FQBSM": "ZDZLQ001", "FQMC": "示例1"}], "ZDZLQ": [{}]}},
        ),
        Example(
            Text("治理区没有图形", "a remediation zone without a feature"),
            1,
            {"layers": {"ZLQB": [{"FQBSM": "没有"}], "ZDZLQ": [{}]}},
        ),
    ),
)
def undrawn(ctx: Context) -> Iterator[Found]:
    """Rows that no feature of their layers has."""
    for told in _relations(ctx):
        spec = ctx.edition.find(told["table"])
        if spec is not None and any(item.field == told["key"] for item in spec.references):
            continue
        known = _features(ctx, told)
        missing = [row for key, row in _listed(ctx, told).items() if key and key not in known]

        def make(number: int, rows: list[Row] = missing, told: Mapping[str, Any] = told) -> Fault:
            key = rows[number].text(told["key"])
            layers = "、".join(told["layers"])
            return tell(
                ctx,
                rows[number],
                Text(f"“{key}”不在图层 {layers} 中", f"{key!r} is in none of {layers}"),
                field=told["key"],
                value=key,
            )

        yield from ctx.each(np.arange(len(missing)), make)


@check(
    "Q-CO-03",
    Text("附表与图层的名称、矿种、面积等一致", "Tables and layers say the same"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "按标识码逐项比较；矿种、县区按集合比较，不计次序；数值在末位取舍之内算一致。"
        "一方空缺的不比较。",
        "Item by item; minerals and counties as sets, figures within their last decimal; what one "
        "side leaves empty is not compared.",
    ),
    mend=Text("改成同一个值", "make both the same"),
    examples=(
        Example(
            Text("一致，矿种次序不同", "the same, minerals in another order"),
            0,
            {
                "layers": {
                    _BLOCK: [{"MC": "示例1", "ZYKZ": "煤炭、铁矿", "MJ": 1.0}],
                    _TABLE: [{"ZYKZ": "铁矿、煤炭", "MJ": 1.0}],
                }
            },
        ),
        Example(
            Text("名称和面积都不同", "another name and area"),
            2,
            {
                "layers": {
                    _BLOCK: [{"MC": "东山", "MJ": 1.0}],
                    _TABLE: [{"QKMC": "西山", "MJ": 1.5}],
                }
            },
        ),
    ),
)
def values(ctx: Context) -> Iterator[Found]:
    """Values of tables that differ from those of the layer."""
    for told in _relations(ctx):
        features = _features(ctx, told)
        found = [
            (row, features[key], *item)
            for key, row in _listed(ctx, told).items()
            if key in features
            for item in _differences(ctx, told, row, features[key])
        ]

        def make(number: int, found: list[Any] = found) -> Fault:
            row, feature, name, one, other = found[number]
            layer = feature.source.spec.code
            return tell(
                ctx,
                row,
                Text(
                    f"{name}：表中“{one}”，图层 {layer} 中“{other}”",
                    f"{name}: {one!r} in the table, {other!r} in {layer}",
                ),
                field=name,
                key=feature.key,
                value=one,
                limit=other,
            )

        yield from ctx.each(np.arange(len(found)), make)


def _differences(
    ctx: Context, told: Mapping[str, Any], row: Row, feature: Row
) -> Iterator[tuple[str, str, str]]:
    for name, code in told["text"].items():
        if row.text(name) and feature.text(code) and row.text(name) != feature.text(code):
            yield name, row.text(name), feature.text(code)
    for name, code in told["set"].items():
        if row.names(name) and feature.names(code) and row.names(name) != feature.names(code):
            yield name, row.text(name), feature.text(code)
    spec = ctx.edition.find(told["table"])
    for name, code in told["figure"].items():
        item = spec.field(name) if spec is not None else None
        one, other = row.figure(name), feature.figure(code)
        if differ(one, other, item.decimals if item is not None else 0):
            yield name, row.text(name), feature.text(code)
