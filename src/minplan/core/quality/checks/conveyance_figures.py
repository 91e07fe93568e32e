"""Targets, minimum scales and caps of the upper plan that the lower plan must keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from minplan.core.plan.model import Operator
from minplan.core.quality.check import Example, Family, Found, NotApplicable, Scope, check
from minplan.core.quality.checks.conveyance_zones import upper_plan
from minplan.core.quality.fault import Level
from minplan.core.quality.sources import LEVELS, quality
from minplan.core.quality.submission import Context
from minplan.core.quality.tables import Row, number_in, rows_of
from minplan.core.quality.words import dictionary
from minplan.core.text import Text

_BASIS: Final = (LEVELS, quality("上下级衔接"))
_ABOVE: Final = (Operator.AT_LEAST, Operator.RISING)


def _region(ctx: Context) -> str:
    plan = ctx.submission.identity
    if plan is None:
        raise NotApplicable
    return plan.region_name


@check(
    "Q-UP-05",
    Text("承接上级下达的指标", "Targets given by the upper plan are met"),
    family=Family.CONVEYANCE,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "上级规划分解给本行政区的指标，规划指标表中应有同名指标，目标不得放宽："
        "“不低于”的不得更低，“不超过”的不得更高。",
        "An indicator that the upper plan gives to this region is in the table of indicators, and "
        "its target is not weaker.",
    ),
    mend=Text(
        "补列指标，或按上级要求调整目标值", "add the indicator, or set the target of the upper plan"
    ),
    examples=(
        Example(
            Text("目标更高", "a stronger target"),
            0,
            {
                "upper": {
                    "indicators": [
                        {
                            "id": "I1",
                            "name": "绿色矿山比例",
                            "target": "80",
                            "county": "{city_name}",
                        }
                    ]
                },
                "layers": {"GHZB": [{"ZBMC": "绿色矿山比例", "MBZ": "85"}]},
            },
        ),
        Example(
            Text("目标更低，另一项没有列", "a weaker target, and one forgotten"),
            2,
            {
                "upper": {
                    "indicators": [
                        {
                            "id": "I1",
                            "name": "绿色矿山比例",
                            "target": "80",
                            "county": "{city_name}",
                        },
                        {"id": "I2", "name": "修复面积", "target": "10", "county": "{city_name}"},
                        {"id": "I3", "name": "别市的指标", "target": "10", "county": "别市"},
                    ]
                },
                "layers": {"GHZB": [{"ZBMC": "绿色矿山比例", "MBZ": "75"}]},
            },
        ),
    ),
)
def targets(ctx: Context) -> Iterator[Found]:
    """Targets of the upper plan for this region that are missing or weaker."""
    told, region = dictionary()["split"], _region(ctx)
    given = [item for item in upper_plan(ctx).indicators if item.county == region]
    if not given:
        raise NotApplicable
    table, name, target = told["target_table"], told["name"], told["target"]
    held: dict[str, Row] = {}
    for row in rows_of(ctx, table, [name, target, "XQMC"]):
        if not row.text("XQMC"):
            held.setdefault(row.text(name), row)
    for item in given:
        found = held.get(item.name)
        if found is None:
            message = Text(f"规划指标没有“{item.name}”", f"no indicator {item.name!r}")
            yield ctx.fault(message, layer=table, key=item.id, limit=item.target)
            continue
        one, other = number_in(found.text(target)), number_in(item.target)
        if one is None or other is None or not _weaker(item.operator, one, other):
            continue
        asked = f"{item.operator.value} {item.target}"
        yield ctx.at(
            found.view,
            found.index,
            Text(
                f"“{item.name}”目标 {found.text(target)}，上级要求 {asked}",
                f"{item.name!r}: {found.text(target)}, the upper plan asks {asked}",
            ),
            field=target,
            value=found.text(target),
            limit=asked,
        )


def _weaker(operator: Operator, own: float, upper: float) -> bool:
    if operator in _ABOVE:
        return own < upper
    if operator is Operator.AT_MOST:
        return own > upper
    return operator is Operator.EQUAL and abs(own - upper) > 1e-9 * max(1.0, abs(upper))


@check(
    "Q-UP-06",
    Text("最低开采规模不低于上级", "Minimum scales are not below those of the upper plan"),
    family=Family.CONVEYANCE,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "同一矿种的最低开采规模不得低于上级规划；单位不同的不比较，适用条件不同的请人工核对。",
        "The minimum scale of a mineral is not below that of the upper plan; other units are not "
        "compared.",
    ),
    mend=Text("提高到上级规划的规模", "raise it to that of the upper plan"),
    examples=(
        Example(
            Text("与上级相同", "the same"),
            0,
            {
                "upper": {
                    "thresholds": [
                        {
                            "subject": "minimum-scale",
                            "mineral": "煤炭",
                            "value": "60",
                            "unit": "万吨/年",
                        }
                    ]
                },
                "layers": {"ZDKCGM": [{"KZ": "煤炭", "ZDGM": 60.0, "DW": "万吨/年"}]},
            },
        ),
        Example(
            Text("低于上级", "below"),
            1,
            {
                "upper": {
                    "thresholds": [
                        {
                            "subject": "minimum-scale",
                            "mineral": "煤炭",
                            "value": "60",
                            "unit": "万吨/年",
                        }
                    ]
                },
                "layers": {"ZDKCGM": [{"KZ": "煤炭", "ZDGM": 45.0, "DW": "万吨/年"}]},
            },
        ),
        Example(
            Text("没有规定这个矿种", "no figure for the mineral"),
            1,
            {
                "upper": {
                    "thresholds": [
                        {
                            "subject": "minimum-scale",
                            "mineral": "煤炭",
                            "value": "60",
                            "unit": "万吨/年",
                        }
                    ]
                },
                "layers": {"ZDKCGM": [{"KZ": "铁矿", "ZDGM": 45.0, "DW": "万吨/年"}]},
            },
        ),
    ),
)
def minimum_scales(ctx: Context) -> Iterator[Found]:
    """Minimum scales below those of the upper plan, or not given at all."""
    told = dictionary()["minimum"]
    limits = [
        item
        for item in upper_plan(ctx).thresholds
        if item.subject == "minimum-scale" and item.mineral and number_in(item.value) is not None
    ]
    if not limits or not ctx.of(told["table"]):
        raise NotApplicable
    fields = [told["mineral"], told["figure"], told["unit"], "SYTJ"]
    held: dict[str, list[Any]] = {}
    for row in rows_of(ctx, told["table"], fields):
        held.setdefault(row.text(told["mineral"]), []).append(row)
    for item in limits:
        floor = number_in(item.value)
        assert floor is not None
        rows = held.get(item.mineral or "", [])
        if not rows and not item.condition:
            yield ctx.fault(
                Text(
                    f"没有规定{item.mineral}的最低开采规模，上级为 {item.value} {item.unit}",
                    f"no minimum scale of {item.mineral}; the upper plan has {item.value}",
                ),
                layer=told["table"],
                key=item.mineral or "",
                level=Level.WARNING,
                limit=f"{item.value} {item.unit}",
            )
        for row in rows:
            same = row.text(told["unit"]) == item.unit and row.text("SYTJ") == item.condition
            if same and row.figure(told["figure"]) < floor:
                given = row.text(told["figure"])
                yield ctx.at(
                    row.view,
                    row.index,
                    Text(
                        f"{item.mineral}最低开采规模 {given} {item.unit}，上级为 {item.value}",
                        f"minimum scale of {item.mineral}: {given}, above it is {item.value}",
                    ),
                    field=told["figure"],
                    value=given,
                    limit=f"≥ {item.value} {item.unit}",
                )


@check(
    "Q-UP-07",
    Text("控制总量不突破上级下达的数", "Caps given by the upper plan are kept"),
    family=Family.CONVEYANCE,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    weight=2.0,
    basis=_BASIS,
    explanation=Text(
        "上级规划下达给本行政区的开采总量、矿山数等上限，本级同一事项、矿种、年份的数不得突破。",
        "Caps on output or numbers of mines that the upper plan gives to this region are not "
        "exceeded by the plan's own.",
    ),
    mend=Text("降到上级下达的总量", "lower it to the cap given"),
    examples=(
        Example(
            Text("没有突破", "kept"),
            0,
            {
                "upper": {
                    "quotas": [
                        {
                            "subject": "output",
                            "mineral": "煤炭",
                            "county": "{city_name}",
                            "low": "100",
                            "high": "100",
                            "unit": "万吨",
                        }
                    ]
                },
                "layers": {"ZLKZ": [{"KZ": "煤炭", "XQMC": None, "SX": 90.0}]},
            },
        ),
        Example(
            Text("突破 20", "exceeded by 20"),
            1,
            {
                "upper": {
                    "quotas": [
                        {
                            "subject": "output",
                            "mineral": "煤炭",
                            "county": "{city_name}",
                            "low": "100",
                            "high": "100",
                            "unit": "万吨",
                        }
                    ]
                },
                "layers": {"ZLKZ": [{"KZ": "煤炭", "XQMC": None, "SX": 120.0}]},
            },
        ),
    ),
)
def caps(ctx: Context) -> Iterator[Found]:
    """Caps above those that the upper plan gives to this region."""
    told, region = dictionary()["caps"], _region(ctx)
    given = [
        item
        for item in upper_plan(ctx).quotas
        if item.county == region and item.operator in (Operator.AT_MOST, Operator.EQUAL)
    ]
    codes = ctx.edition.code_lists.get("KZSX")
    if not given or not ctx.of(told["table"]) or codes is None:
        raise NotApplicable
    limits = {(item.subject, item.mineral or "", str(item.year)): item for item in given}
    names = ("subject", "mineral", "year", "county", "upper", "unit")
    for row in rows_of(ctx, told["table"], [told[name] for name in names]):
        entry = codes.find(row.text(told["subject"]))
        group = (entry.value if entry else "", row.text(told["mineral"]), row.text(told["year"]))
        limit = limits.get(group)
        if row.text(told["county"]) or limit is None or row.text(told["unit"]) != limit.unit:
            continue
        if row.figure(told["upper"]) > float(limit.high):
            shown = row.text(told["upper"])
            yield ctx.at(
                row.view,
                row.index,
                Text(
                    f"{' '.join(filter(None, group[1:]))}控制数 {shown}，上级下达 {limit.high}",
                    f"the cap is {shown}, the upper plan gives {limit.high}",
                ),
                field=told["upper"],
                value=shown,
                limit=f"≤ {limit.high} {limit.unit}",
            )
