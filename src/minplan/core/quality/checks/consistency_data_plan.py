"""The hand-in against the database, and names and codes across its layers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from minplan.core.plan.model import Zone
from minplan.core.quality.check import Example, Family, Found, NotApplicable, Scope, check
from minplan.core.quality.checks.consistency_data_tables import tell
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import DIVISIONS, database, quality
from minplan.core.quality.submission import Context
from minplan.core.quality.tables import Row, differ, rows_of
from minplan.core.quality.view import View, plain
from minplan.core.quality.words import dictionary
from minplan.core.standard.model import LayerSpec
from minplan.core.text import Text

_BASIS: Final = quality("图文表库一致")
_BLOCK: Final = "KAIGHQK"
_IDENTITY: Final = "GHXX"
#: Fields of a zone's layer that say the same as the database, with their decimals.
_ZONE_FIELDS: Final = ("MC", "MJ", "ZYKZ")


def _zone(**more: Any) -> dict[str, Any]:
    return {"code": "KAIGHQK001", "kind": "mining-block", "name": "示例1", **more}


def _pairs(ctx: Context) -> Iterator[tuple[str, dict[str, Row], dict[str, Zone]]]:
    """By layer of zones: its features and the zones of the database, both by code."""
    plan = ctx.submission.plan
    if plan is None:
        raise NotApplicable
    for spec in ctx.edition.layers:
        if not spec.zone_kind or not ctx.of(spec.code):
            continue
        zones = {item.code: item for item in plan.zones if item.kind.value == spec.zone_kind}
        fields = [code for code in _ZONE_FIELDS if spec.field(code)]
        rows = {row.key: row for row in rows_of(ctx, spec.code, fields) if row.key}
        yield spec.code, rows, zones


@check(
    "Q-CO-08",
    Text("图层与数据库中的分区、区块相同", "Layers hold the zones and blocks of the database"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "按标识码与库中现行规划比较：库中有而成果没有、成果有而库中没有的逐一列出；一层没有一个"
        "标识码相同的，只报一条。调整方案中的增减属正常，请核对。",
        "By identifier against the plan in the database: what only one of them has is told, once "
        "for a layer that shares no identifier. An adjustment adds and drops on purpose.",
    ),
    mend=Text("核对是否漏交或应先办理调整", "see whether it was forgotten or needs an adjustment"),
    examples=(
        Example(
            Text("相同", "the same"),
            0,
            {"plan": {"zones": [_zone()]}, "layers": {"XZQ": None, "KCGHQK": None}},
        ),
        Example(
            Text("库中多一个，成果多一个", "one more on either side"),
            2,
            {
                "plan": {"zones": [_zone(code="旧")]},
                "layers": {"XZQ": None, "KCGHQK": None},
            },
        ),
        Example(
            Text("没有一个标识码相同", "no identifier is shared"),
            1,
            {
                "plan": {"zones": [_zone(code="旧")]},
                "layers": {"XZQ": None, "KCGHQK": None, "KAIGHQK": [{}, {}]},
            },
        ),
    ),
)
def same_zones(ctx: Context) -> Iterator[Found]:
    """Zones that only the hand-in or only the database has."""
    for code, rows, zones in _pairs(ctx):
        gone = [item for key, item in zones.items() if key not in rows]
        fresh = [row for key, row in rows.items() if key not in zones]
        source = ctx.of(code)[0]
        if len(fresh) == len(rows) > 1:
            told = _nothing_shared(len(rows), len(zones))
            yield ctx.fault(told, source=source)
            continue
        for zone in gone:
            yield ctx.fault(
                Text(
                    f"库中的“{zone.name or zone.code}”不在成果中",
                    f"{zone.code} is in the database only",
                ),
                source=source,
                key=zone.code,
            )

        def make(number: int, fresh: list[Row] = fresh) -> Fault:
            row = fresh[number]
            named = row.text("MC") or row.key
            return tell(
                ctx,
                row,
                Text(f"“{named}”不在数据库中", f"{named!r} is not in the database"),
                value="+",
            )

        yield from ctx.each(np.arange(len(fresh)), make)


def _nothing_shared(rows: int, zones: int) -> Text:
    if not zones:
        return Text(
            f"数据库中没有这一层的分区、区块，成果有 {rows} 个",
            f"the database holds none of this layer, the hand-in {rows}",
        )
    return Text(
        f"成果 {rows} 个、数据库 {zones} 个，没有一个标识码相同",
        f"{rows} in the hand-in, {zones} in the database, no identifier is shared",
    )


@check(
    "Q-CO-09",
    Text("图层与数据库的名称、面积、矿种一致", "Layers say the same as the database"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "标识码相同的分区、区块，名称、印刷面积和矿种应与库中一致。",
        "Zones and blocks of one identifier have the name, area and minerals of the database.",
    ),
    mend=Text(
        "核对是否有意变更，变更应走调整程序",
        "see whether the change is meant; it needs an adjustment",
    ),
    examples=(
        Example(
            Text("一致", "the same"),
            0,
            {"plan": {"zones": [_zone(minerals=["煤炭"])]}, "layers": {_BLOCK: [{"ZYKZ": "煤炭"}]}},
        ),
        Example(
            Text("名称和面积不同", "another name and area"),
            2,
            {
                "plan": {"zones": [_zone(area_km2="1.5")]},
                "layers": {_BLOCK: [{"MC": "别名", "MJ": 1.0}]},
            },
        ),
    ),
)
def same_values(ctx: Context) -> Iterator[Found]:
    """Zones that the hand-in and the database describe in different ways."""
    for _, rows, zones in _pairs(ctx):
        for key, row in rows.items():
            if key in zones:
                for name, one, other in _unlike(row, zones[key]):
                    yield tell(
                        ctx,
                        row,
                        Text(
                            f"{name}：成果“{one}”，库中“{other}”",
                            f"{name}: {one!r} here, {other!r} in the database",
                        ),
                        field=name,
                        value=one,
                        limit=other,
                    )


def _unlike(row: Row, zone: Zone) -> Iterator[tuple[str, str, str]]:
    if zone.name and row.text("MC") and row.text("MC") != zone.name:
        yield "MC", row.text("MC"), zone.name
    if zone.area_km2 is not None and differ(row.figure("MJ"), float(zone.area_km2), 4):
        yield "MJ", row.text("MJ"), str(zone.area_km2)
    minerals = frozenset(zone.mineral_names)
    if minerals and row.names("ZYKZ") and row.names("ZYKZ") != minerals:
        yield "ZYKZ", row.text("ZYKZ"), "、".join(zone.mineral_names)


@check(
    "Q-CO-10",
    Text("标识码在各图层之间不混用", "Identifiers are not shared between layers"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.WARNING,
    basis=database("标识码"),
    explanation=Text(
        "不同图层的要素用同一标识码时，附表的引用不知指哪一个。",
        "Where features of two layers have one identifier, a reference to it is ambiguous.",
    ),
    mend=Text("改其中一个标识码", "change one of the identifiers"),
    examples=(
        Example(Text("不混用", "apart"), 0),
        Example(
            Text("两个图层用了同一个码", "one identifier in two layers"),
            1,
            {"layers": {_BLOCK: [{"BSM": "K1"}], "KCGHQK": [{"BSM": "K1"}], "KAIQKB": None}},
        ),
    ),
)
def shared_keys(ctx: Context) -> Iterator[Found]:
    """Identifiers that features of another layer have."""
    first: dict[str, str] = {}
    for source, spec in ctx.spatial():
        view = ctx.take(source)
        yield from _shared(ctx, view, spec, first)
        for key in view.key_set():
            first.setdefault(key, spec.code)


def _shared(ctx: Context, view: View, spec: LayerSpec, known: dict[str, str]) -> Iterator[Found]:
    column = view.column(spec.key)
    found = np.flatnonzero(column.select(lambda v: known.get(plain(v), spec.code) != spec.code))

    def make(index: int) -> Fault:
        key = view.key(index)
        other = known[key]
        message = Text(f"标识码“{key}”也用在 {other}", f"identifier {key!r} is in {other} too")
        return ctx.at(view, index, message, value=other)

    yield from ctx.each(found, make)


@check(
    "Q-CO-11",
    Text("规划信息与行政区图层一致", "The plan's identity agrees with the divisions"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=(DIVISIONS, _BASIS),
    explanation=Text(
        "规划信息表只有一行；行政区图层的代码都属于规划的行政区；同一代码只有一个名称。",
        "The identity has one row; the codes of the divisions belong to the region of the plan; a "
        "code has one name.",
    ),
    mend=Text("更正规划信息或行政区代码", "mend the identity or the codes"),
    examples=(
        Example(Text("一致", "they agree"), 0),
        Example(Text("规划信息有两行", "two rows"), 1, {"layers": {_IDENTITY: [{}, {}]}}),
        Example(
            Text("混入外市的县", "a county of another city"),
            1,
            {"layers": {"XZQ": [{"XZQDM": "999901", "XZQMC": "外县"}]}},
        ),
    ),
)
def identity(ctx: Context) -> Iterator[Found]:
    """The identity of the plan against the layer of divisions."""
    sources = ctx.of(_IDENTITY)
    count = sum(item.count for item in sources)
    if sources and count != 1:
        yield ctx.fault(
            Text(f"规划信息有 {count} 行，应为 1 行", f"{count} rows of identity, not 1"),
            source=sources[0],
            value=str(count),
            limit="1",
        )
    plan = ctx.submission.identity
    spec = ctx.edition.layer_of_kind(dictionary()["kinds"]["divisions"][0])
    if plan is None or spec is None or not ctx.of(spec.code):
        if not sources:
            raise NotApplicable
        return
    code, name = dictionary()["divisions"]["code"], dictionary()["divisions"]["name"]
    stem = plan.region_code.rstrip("0")
    stem += "0" * (len(stem) % 2)
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(ctx, spec.code, [code, name]):
        told = row.text(code)
        if told and not told.startswith(stem):
            yield tell(
                ctx,
                row,
                Text(
                    f"行政区 {told} 不属于 {plan.region_name}（{plan.region_code}）",
                    f"division {told} is not of {plan.region_code}",
                ),
                field=code,
                value=told,
                limit=f"{stem}…",
            )
        names[told].add(row.text(name))
        if len(names[told] - {""}) > 1:
            shown = "、".join(sorted(names[told] - {""}))
            yield tell(
                ctx,
                row,
                Text(f"代码 {told} 有几个名称：{shown}", f"{told} has several names: {shown}"),
                field=name,
                value=shown,
            )
