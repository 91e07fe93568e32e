"""Zones and blocks of the upper plan that the lower plan must carry over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from minplan.core.geometry.area import cut_area
from minplan.core.plan.model import PlanSnapshot, Zone
from minplan.core.quality.check import (
    Example,
    Family,
    Found,
    NotApplicable,
    NotChecked,
    Scope,
    check,
)
from minplan.core.quality.coverage import beyond
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import LEVELS, quality
from minplan.core.quality.submission import Context, LayerSource, SubmissionKind
from minplan.core.quality.tables import Row, rows_of
from minplan.core.quality.words import dictionary
from minplan.core.standard.model import LayerSpec
from minplan.core.text import Text
from minplan.core.tolerances import NEAR_EDGE_M, RIGHT_IN_ZONE_SHARE

_BASIS: Final = (LEVELS, quality("上下级衔接"))
_BLOCK: Final = "KAIGHQK"
_ZONE: Final = "ZDKCQ"
#: Ground that the region must share with an upper zone for it to concern the plan (share).
_CONCERNS: Final = 0.01


def upper_plan(ctx: Context) -> PlanSnapshot:
    """The plan of the level above; NotChecked when it is not at hand."""
    if ctx.submission.upper is not None:
        return ctx.submission.upper
    if ctx.submission.kind is not SubmissionKind.PACKAGE:
        raise NotApplicable
    raise NotChecked(Text("没有上级规划", "the plan of the level above is not at hand"))


def _upper(**more: Any) -> dict[str, Any]:
    given = {"code": "Z1", "kind": "key-exploration-area", "name": "甲重点勘查区"}
    return {"zones": [{**given, **more}]}


def _concerned(ctx: Context, zone: Zone) -> bool:
    """Whether a zone of the upper plan lies in this plan's region, by ground or by name."""
    region, ground = ctx.submission.region, zone.geometry
    if region is not None and ground is not None:
        shared = cut_area([shapely.intersection(ground.geometry, region)])[0]
        return bool(shared >= _CONCERNS * cut_area([ground.geometry])[0])
    plan = ctx.submission.identity
    if plan is None:
        return False
    names = {plan.region_name}
    codes = ctx.edition.code_lists.get(dictionary()["divisions"]["list"])
    if codes is not None:
        stem = plan.region_code[:4] if plan.region_code.endswith("00") else plan.region_code
        names |= {item.name.zh for item in codes.codes if item.code.startswith(stem)}
    return bool(names & set(zone.counties)) or any(name in zone.region for name in names)


@dataclass(frozen=True, slots=True)
class _Carried:
    """A zone of the upper plan, the layer that should hold it, and the feature that does."""

    zone: Zone
    source: LayerSource | None
    spec: LayerSpec
    row: Row | None


def _carried(ctx: Context, kinds: list[str]) -> Iterator[_Carried]:
    """The upper zones of some kinds that concern the plan, each with the feature that has it.

    A feature is found by code, then by name, then by sharing most of the ground.
    """
    zones = [
        item for item in upper_plan(ctx).zones if item.kind.value in kinds and _concerned(ctx, item)
    ]
    if not zones:
        raise NotApplicable
    for kind in dict.fromkeys(item.kind.value for item in zones):
        spec = ctx.edition.layer_of_kind(kind)
        if spec is None:
            continue
        sources = ctx.of(spec.code)
        rows = list(rows_of(ctx, spec.code, ["MC", "GHBH"]))
        for zone in zones:
            if zone.kind.value == kind:
                yield _Carried(zone, sources[0] if sources else None, spec, _find(zone, rows))


def _find(zone: Zone, rows: list[Row]) -> Row | None:
    for row in rows:
        if zone.code in (row.key, row.text("GHBH")):
            return row
    for row in rows:
        if zone.name and row.text("MC") == zone.name:
            return row
    if zone.geometry is None or not rows:
        return None
    ground = zone.geometry.geometry
    shapes = np.array([row.view.sound[row.index] for row in rows], dtype=object)
    whole = np.minimum(cut_area([ground])[0], np.nan_to_num(cut_area(shapes)))
    shared = np.nan_to_num(cut_area(shapely.intersection(shapes, ground)))
    share = np.divide(shared, whole, out=np.zeros(len(rows)), where=whole > 0)
    best = int(share.argmax())
    return rows[best] if share[best] >= RIGHT_IN_ZONE_SHARE else None


def _missing(ctx: Context, kinds: list[str]) -> Iterator[Found]:
    for item in _carried(ctx, kinds):
        if item.row is None:
            named = item.zone.name or item.zone.code
            kind = item.zone.kind.word
            yield ctx.fault(
                Text(
                    f"没有落实上级规划的{kind.zh}“{named}”（{item.zone.code}）",
                    f"{kind.en} {named!r} ({item.zone.code}) of the upper plan is missing",
                ),
                layer=item.spec.code,
                file=item.source.file if item.source else "",
                key=item.zone.code,
                geometry=item.zone.geometry.geometry if item.zone.geometry else None,
            )


@check(
    "Q-UP-01",
    Text("落实上级规划的分区", "Zones of the upper plan are carried over"),
    family=Family.CONVEYANCE,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "上级规划中位于本规划区的能源资源基地、国家规划矿区、战略性矿产资源保护区、重点勘查区、"
        "重点开采区，本级图层都应有；依次按代码、名称、图形查找。",
        "Energy bases, national planned mining areas, strategic reserve areas, key exploration and "
        "mining areas of the upper plan in this region are in the layers; found by code, name or "
        "ground.",
    ),
    mend=Text("按上级规划补划分区", "add the zone as the upper plan has it"),
    examples=(
        Example(
            Text("已落实", "carried over"),
            0,
            {
                "upper": _upper(box=(0, 0, 900, 900)),
                "layers": {_ZONE: [{"MC": "甲重点勘查区", "box": (0, 0, 900, 900)}]},
            },
        ),
        Example(
            Text("没有落实", "forgotten"),
            1,
            {"upper": _upper(box=(0, 0, 900, 900)), "layers": {_ZONE: []}},
        ),
        Example(
            Text("在规划区外，与本规划无关", "elsewhere"),
            0,
            {"upper": _upper(box=(90_000, 0, 90_900, 900)), "layers": {_ZONE: []}},
        ),
        Example(
            Text("只写了县名的，按县名判断", "known by its county only"),
            1,
            {"upper": _upper(counties=["{county1_name}"]), "layers": {_ZONE: []}},
        ),
        Example(Text("没有上级规划", "no upper plan"), 0),
    ),
)
def zones(ctx: Context) -> Iterator[Found]:
    """Zones of the upper plan that the lower plan does not have."""
    yield from _missing(ctx, dictionary()["kinds"]["conveyed"])


@check(
    "Q-UP-02",
    Text("落实上级规划的区块", "Blocks of the upper plan are carried over"),
    family=Family.CONVEYANCE,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "上级规划划定的、位于本规划区的勘查、开采规划区块，本级图层都应有。",
        "Exploration and mining blocks of the upper plan in this region are in the layers.",
    ),
    mend=Text("按上级规划补划区块", "add the block as the upper plan has it"),
    examples=(
        Example(
            Text("按图形找到", "found by its ground"),
            0,
            {
                "upper": _upper(kind="mining-block", box=(0, 0, 900, 900)),
                "layers": {_BLOCK: [{"box": (0, 0, 890, 900)}]},
            },
        ),
        Example(
            Text("没有落实", "forgotten"),
            1,
            {"upper": _upper(kind="mining-block", box=(3000, 5000, 3900, 5900))},
        ),
    ),
)
def blocks(ctx: Context) -> Iterator[Found]:
    """Blocks of the upper plan that the lower plan does not have."""
    yield from _missing(ctx, dictionary()["kinds"]["blocks"])


@check(
    "Q-UP-03",
    Text("落实的分区、区块名称与上级一致", "What is carried over keeps its name"),
    family=Family.CONVEYANCE,
    scope=Scope.LAYERS,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "按代码或图形找到的分区、区块，名称应与上级规划相同。",
        "A zone or block that is found by code or ground has the name of the upper plan.",
    ),
    mend=Text("采用上级规划的名称", "use the name of the upper plan"),
    examples=(
        Example(
            Text("名称相同", "the same name"),
            0,
            {
                "upper": _upper(box=(0, 0, 900, 900)),
                "layers": {_ZONE: [{"MC": "甲重点勘查区", "box": (0, 0, 900, 900)}]},
            },
        ),
        Example(
            Text("改了名称", "another name"),
            1,
            {
                "upper": _upper(box=(0, 0, 900, 900)),
                "layers": {_ZONE: [{"MC": "乙勘查区", "box": (0, 0, 900, 900)}]},
            },
        ),
    ),
)
def names(ctx: Context) -> Iterator[Found]:
    """Zones and blocks that lost the name of the upper plan."""
    kinds = dictionary()["kinds"]
    for item in _carried(ctx, [*kinds["conveyed"], *kinds["blocks"]]):
        if item.row is None or not item.zone.name:
            continue
        given = item.row.text("MC")
        if given != item.zone.name:
            yield ctx.at(
                item.row.view,
                item.row.index,
                Text(
                    f"名称“{given}”，上级规划为“{item.zone.name}”",
                    f"{given!r} is {item.zone.name!r} in the upper plan",
                ),
                field="MC",
                value=given,
                limit=item.zone.name,
            )


@check(
    "Q-UP-04",
    Text("落实的范围不超出上级规划", "What is carried over stays inside the upper geometry"),
    family=Family.CONVEYANCE,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "本级分区、区块的图形应在上级对应图形之内；1 米（可调）以内的出入不算。"
        "上级没有图形或为示意的不比较。",
        "The geometry lies inside that of the upper plan, give or take 1 m (may be set); not "
        "compared where the upper plan has none or a schematic one.",
    ),
    mend=Text("按上级范围修改图形", "cut it at the border of the upper plan"),
    parameters={"metres": NEAR_EDGE_M},
    examples=(
        Example(
            Text("在上级范围内", "inside"),
            0,
            {
                "upper": _upper(box=(0, 0, 900, 900)),
                "layers": {_ZONE: [{"MC": "甲重点勘查区", "box": (0, 0, 800, 900)}]},
            },
        ),
        Example(
            Text("超出 100 米", "100 m beyond"),
            1,
            {
                "upper": _upper(box=(0, 0, 900, 900)),
                "layers": {_ZONE: [{"MC": "甲重点勘查区", "box": (0, 0, 1000, 900)}]},
            },
        ),
    ),
)
def extents(ctx: Context) -> Iterator[Found]:
    """Zones and blocks that reach out of the upper plan's."""
    kinds = dictionary()["kinds"]
    for item in _carried(ctx, [*kinds["conveyed"], *kinds["blocks"]]):
        if item.row is None or item.zone.geometry is None or item.zone.schematic:
            continue
        ground = np.array([item.zone.geometry.geometry], dtype=object)
        found = beyond(item.row.view, ground, ctx.parameters["metres"])
        for number in np.flatnonzero(found.feature == item.row.index):
            yield _extent_fault(ctx, item, found.area_m2[number], found.piece[number])


def _extent_fault(ctx: Context, item: _Carried, area: float, piece: Any) -> Fault:
    assert item.row is not None
    return ctx.at(
        item.row.view,
        item.row.index,
        Text(
            f"有 {area:.2f} 平方米超出上级规划“{item.zone.name or item.zone.code}”的范围",
            f"{area:.2f} m² outside {item.zone.name or item.zone.code!r} of the upper plan",
        ),
        value=f"{area:.2f} m²",
        geometry=piece,
    )
