"""Strategic reserves, energy bases and national planned mining areas."""

from __future__ import annotations

import datetime as dt

from minplan.core.plan.model import ZoneKind
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import (
    NONE_ALLOWED,
    SHRINK,
    clear_of,
    extent,
    lists_mineral,
    needs,
    no_new_ground,
    no_zone_of,
    zone_word,
    zones_evidence,
    zones_met,
    zones_overlap,
)
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import designed_scale, for_mineral
from minplan.core.review.sources import PLAN_NOTICE_2024, of_act, of_plan
from minplan.core.text import Text

_HERE = {"box": (500, -100, 1100, 1100)}
_FAR = {"box": (3000, 0, 4000, 1000)}
_RESERVE = {"kind": "strategic-reserve-area", "code": "SR-1", "minerals": ("煤炭",)}
_NATIONAL = {"kind": "national-planned-mining-area", "code": "NPA-1", "minerals": ("煤炭",)}
_COAL = {"minerals": ("煤炭",), "method": "underground", "scale": 150}
_EXPLORE_COAL = {"right": "exploration-right", "minerals": ("煤炭",), "method": None}
_OUTSIDE = Text("在区外", "outside")


@rule(
    "R-SP-19",
    Text("战略性矿产资源保护（储备）区", "Strategic reserve areas"),
    family=Family.PLANNING_ZONES,
    severity=Severity.PROHIBIT,
    basis=of_plan("第三章三（一）3", "科学组织论证、严格规范审批后", "c3-3-1-3"),
    explanation=Text(
        "储备矿种未经论证审批转化不得开采；其他矿种须论证不压覆储备资源。",
        "The reserved mineral is not mined before the area is converted; other minerals must show "
        "that they do not overlay it.",
    ),
    examples=(
        Example(Outcome.CLEAR, _OUTSIDE, given=_COAL, zones=({**_RESERVE, **_FAR},)),
        Example(
            Outcome.CONFLICT,
            Text("储备区内采煤，未转化", "coal in the area, not converted"),
            given=_COAL,
            zones=({**_RESERVE, **_HERE},),
        ),
        Example(
            Outcome.ATTENTION,
            Text("有转化审批文件", "with the approval to convert"),
            given=_COAL,
            attachments=("reserve-conversion-approval",),
            zones=({**_RESERVE, **_HERE},),
        ),
        Example(
            Outcome.ATTENTION,
            Text("储备区内煤炭勘查", "exploration for coal"),
            given=_EXPLORE_COAL,
            zones=({**_RESERVE, **_HERE},),
        ),
        Example(
            Outcome.ATTENTION,
            Text("储备区内采石，缺压覆论证", "stone, the study is missing"),
            zones=({**_RESERVE, **_HERE},),
        ),
        Example(
            Outcome.CLEAR,
            Text("储备区内采石，有压覆论证", "stone, with the study"),
            attachments=("mineral-overlay-report",),
            zones=({**_RESERVE, **_HERE},),
        ),
        Example(Outcome.NOT_CHECKED, Text("没有图形", "no geometry"), zones=(_RESERVE,)),
    ),
)
def strategic_reserve(ctx: Context) -> Finding:
    """Reserve areas of strategic minerals (战略性矿产资源保护区)."""
    kind = ZoneKind.STRATEGIC_RESERVE_AREA
    if answer := no_new_ground(ctx):
        return answer
    if not ctx.plan.zones_of(kind):
        return no_zone_of(ctx, kind)
    found = zones_met(ctx, kind)
    if not found:
        return clear_of(ctx, zone_word(kind))
    words, evidence = zones_overlap(ctx, found), zones_evidence(found)
    if not any(lists_mineral(zone.mineral_names, ctx.mineral) for zone, _ in found):
        return needs(ctx, "mineral-overlay-report", words, evidence=evidence)
    approval = ctx.attachment("reserve-conversion-approval")
    if approval is None and ctx.proposal.right.is_mining:
        return ctx.conflict(
            Text(
                f"{words.zh}，储备区未经论证审批转化，不得开采储备矿种。",
                f"{words.en}: the reserved mineral is not mined before conversion.",
            ),
            measured=extent(ctx, [item for _, item in found]),
            limit=NONE_ALLOWED,
            evidence=evidence,
            mend=SHRINK,
        )
    state = "按转化审批文件执行" if approval is not None else "勘查须报批并服从储备管理"
    state_en = "as the approval says" if approval is not None else "exploration needs approval"
    return ctx.attention(
        Text(f"{words.zh}，{state}。", f"{words.en}: {state_en}."), evidence=evidence
    )


@rule(
    "R-SP-21",
    Text("国家规划矿区最低规模、年限与准入", "National planned mining areas"),
    family=Family.PLANNING_ZONES,
    severity=Severity.RESTRICT,
    basis=of_plan("第三章三（一）2", "合理划定矿区最低开采规模、最低服务年限", "c3-3-1-2"),
    explanation=Text(
        "国家规划矿区内从严。规划没有给出数值，由规划参数（国家规划矿区最低规模）或矿区总体规划核对意见补充。",
        "Stricter inside national planned mining areas. The plan gives no figures: they come from "
        "a threshold added to the plan data, or from a check against the area's master plan.",
    ),
    examples=(
        Example(Outcome.CLEAR, _OUTSIDE, given=_COAL, zones=({**_NATIONAL, **_FAR},)),
        Example(
            Outcome.CLEAR,
            Text("达到规划参数", "meets the figure added"),
            given=_COAL,
            zones=({**_NATIONAL, **_HERE},),
            plan={
                "thresholds": (
                    {
                        "subject": "minimum-scale-national-area",
                        "mineral": "煤炭",
                        "value": "120",
                        "unit": "万吨/年",
                    },
                )
            },
        ),
        Example(
            Outcome.ATTENTION,
            Text("低于规划参数", "below the figure added"),
            given={**_COAL, "scale": 60},
            zones=({**_NATIONAL, **_HERE},),
            plan={
                "thresholds": (
                    {
                        "subject": "minimum-scale-national-area",
                        "mineral": "煤炭",
                        "value": "120",
                        "unit": "万吨/年",
                    },
                )
            },
        ),
        Example(
            Outcome.CLEAR,
            Text("有矿区总体规划核对意见", "checked against the master plan"),
            given=_COAL,
            attachments=("mining-area-master-plan",),
            zones=({**_NATIONAL, **_HERE},),
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有数值也没有核对意见", "neither figure nor check"),
            given=_COAL,
            zones=({**_NATIONAL, **_HERE},),
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("非战略性矿产见 R-LAW-07", "other minerals: see R-LAW-07"),
            zones=({**_NATIONAL, **_HERE},),
        ),
    ),
)
def national_area(ctx: Context) -> Finding:
    """Scale, life and admission in national planned mining areas (国家规划矿区)."""
    kind = ZoneKind.NATIONAL_PLANNED_MINING_AREA
    if not ctx.mineral.is_strategic(ctx.date) or not ctx.proposal.right.is_mining:
        return ctx.not_applicable(
            Text("该条对战略性矿产的开采。", "The clause speaks of mining strategic minerals.")
        )
    if answer := no_new_ground(ctx):
        return answer
    if not ctx.plan.zones_of(kind):
        return no_zone_of(ctx, kind)
    found = zones_met(ctx, kind)
    if not found:
        return clear_of(ctx, zone_word(kind))
    words, evidence = zones_overlap(ctx, found), zones_evidence(found)
    subject = "minimum-scale-national-area"
    limits = for_mineral(ctx, [item for item in ctx.plan.thresholds if item.subject == subject])
    if limits:
        figures = designed_scale(ctx, limits[0].unit)
        floor = float(limits[0].value)
        facts = {
            "measured": Quantity(min(figures), limits[0].unit),
            "limit": Quantity(floor, limits[0].unit, "≥"),
            "evidence": evidence,
        }
        if min(figures) >= floor:
            return ctx.clear(
                Text(f"{words.zh}，达到矿区最低规模。", f"{words.en}: large enough."), **facts
            )
        return ctx.attention(
            Text(f"{words.zh}，低于矿区最低规模。", f"{words.en}: below the minimum."), **facts
        )
    kind_name = "mining-area-master-plan"
    if ctx.attachment(kind_name) is not None:
        return needs(ctx, kind_name, words, evidence=evidence)
    return ctx.not_checked(
        (
            Text("国家规划矿区最低规模、最低服务年限", "the area's minimum scale and life"),
            ctx.attachment_name(kind_name),
        )
    )


@rule(
    "R-LAW-07",
    Text("能源基地、国家规划矿区内新设非战略性矿产须论证", "Other minerals in strategic areas"),
    family=Family.PLANNING_ZONES,
    severity=Severity.RESTRICT,
    basis=of_act(PLAN_NOTICE_2024, certain=False),
    explanation=Text(
        "在能源资源基地、国家规划矿区内新设非战略性矿产矿业权，须论证不影响战略性矿产勘查开采。",
        "A new right to a mineral that is not strategic, inside an energy base or national planned "
        "mining area, needs a study that strategic minerals are not affected.",
    ),
    effective_from=dt.date(2024, 3, 12),
    examples=(
        Example(Outcome.CLEAR, _OUTSIDE, zones=({**_NATIONAL, **_FAR},)),
        Example(
            Outcome.ATTENTION,
            Text("区内新设石料，缺论证", "stone inside, the study is missing"),
            zones=({**_NATIONAL, **_HERE},),
        ),
        Example(
            Outcome.CLEAR,
            Text("区内新设石料，有论证", "stone inside, with the study"),
            attachments=("strategic-impact-study",),
            zones=({**_NATIONAL, **_HERE},),
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("煤炭是战略性矿产", "coal is strategic"),
            given=_COAL,
            zones=({**_NATIONAL, **_HERE},),
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("有分区没有图形", "an area without geometry"),
            zones=(_NATIONAL, {"kind": "energy-base", "code": "EB-1", **_FAR}),
        ),
    ),
)
def other_minerals(ctx: Context) -> Finding:
    """Minerals that are not strategic inside energy bases and national planned areas."""
    if ctx.mineral.is_strategic(ctx.date):
        return ctx.not_applicable(Text("主矿种为战略性矿产。", "The mineral is strategic."))
    if answer := no_new_ground(ctx):
        return answer
    document = ctx.attachment("strategic-impact-study")
    if document is not None:
        return ctx.clear(
            Text(
                f"已有不影响战略性矿产的论证（{document.number or '无文号'}）。",
                f"The study was handed in ({document.number or 'no number'}).",
            )
        )
    found = zones_met(ctx, ZoneKind.ENERGY_BASE, ZoneKind.NATIONAL_PLANNED_MINING_AREA)
    if not found:
        return ctx.clear(
            Text(
                "不在能源资源基地和国家规划矿区内。",
                "Outside the energy bases and national planned mining areas.",
            )
        )
    return needs(
        ctx,
        "strategic-impact-study",
        zones_overlap(ctx, found),
        evidence=zones_evidence(found),
    )
