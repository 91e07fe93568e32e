"""Concentrated mining areas with their quotas, key exploration and mining areas."""

from __future__ import annotations

import datetime as dt

from minplan.core.geometry.overlay import Overlap, overlaps, prepare
from minplan.core.plan.model import MineralQuota, Zone, ZoneKind
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import (
    as_hint,
    lists_mineral,
    no_new_ground,
    no_zone_of,
    same_mineral,
    zones_evidence,
    zones_met,
)
from minplan.core.review.missing import NotChecked, fact_word, layer_word
from minplan.core.review.relations import MINING, as_date, lapsed
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import mine_scale
from minplan.core.review.sources import of_plan
from minplan.core.standard.minerals import find_mineral
from minplan.core.standard.scales import MineScale
from minplan.core.text import Text
from minplan.core.tolerances import INSIDE_BLOCK_SHARE, RIGHT_IN_ZONE_SHARE

_AROUND = {"box": (-100, -100, 1100, 1100)}
_FAR = {"box": (3000, 0, 4000, 1000)}
_STONE = ({"mineral": "建筑石料用灰岩", "planned_rights": 1},)
_CS = {"kind": "concentrated-mining-area", "code": "CS007", "name": "示例集中开采区"}


_INSIDE = {**_CS, **_AROUND, "minerals": _STONE}
_GRANTED = {
    "box": (-90, -90, -10, 1000),
    "name": "示例已设采矿权",
    "mineral": "建筑石料用灰岩",
    "granted": "2022-05-01",
    "expiry": "2032-05-01",
}
_OLD = {**_GRANTED, "granted": "2015-05-01"}
_UNDATED = {**_GRANTED, "granted": ""}


@rule(
    "R-SP-13",
    Text(
        "砂石采矿权在集中开采区内且不超拟设数", "Quarries inside concentrated areas, within quota"
    ),
    family=Family.PLANNING_ZONES,
    severity=Severity.RESTRICT,
    basis=of_plan("第三章三（二）2", "合理划定集中开采区", "c3-3-2-2"),
    explanation=Text(
        "规划列入集中开采区的矿种和砂石类，新设采矿权应在集中开采区内；区内规划期已设数加本次不得超过拟设数。"
        "已设数由采矿权图层的设立日期或申报事实得出。",
        "New rights to the minerals of the concentrated areas lie inside one; rights granted there "
        "since the base year plus this one may not exceed the planned number. The number granted "
        "comes from the dates in the layer of mining rights or from a declared fact.",
    ),
    layers=(MINING,),
    facts=("rights_granted_in_zone",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("区内尚无新设，拟设 1 个", "none granted yet, one planned"),
            zones=(_INSIDE,),
            layers={MINING: (_OLD,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("区内已设 1 个，拟设 1 个", "one granted, one planned"),
            zones=(_INSIDE,),
            layers={MINING: (_GRANTED,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("申报已设 1 个", "one granted by declaration"),
            facts={"rights_granted_in_zone": 1},
            zones=(_INSIDE,),
        ),
        Example(
            Outcome.ATTENTION,
            Text("在集中开采区外", "outside the areas"),
            zones=({**_CS, **_FAR, "minerals": _STONE},),
            layers={MINING: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("整合区未列拟设数", "a merged area without a planned number"),
            zones=({**_INSIDE, "minerals": ("建筑石料用灰岩",)},),
            layers={MINING: ()},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("陶瓷土区外布设", "ceramic clay lies elsewhere"),
            given={"minerals": ("陶瓷土",)},
            zones=(_INSIDE,),
            layers={MINING: ()},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("已设采矿权没有设立日期", "a right without a date of grant"),
            zones=(_INSIDE,),
            layers={MINING: (_UNDATED,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有采矿权图层，也未申报", "no layer, nothing declared"),
            zones=(_INSIDE,),
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("集中开采区没有图形", "no geometry of the areas"),
            zones=({**_CS, "minerals": _STONE},),
            layers={MINING: ()},
        ),
    ),
)
def concentrated_area(ctx: Context) -> Finding:
    """New quarries lie in a concentrated mining area (集中开采区), within its quota."""
    kind = ZoneKind.CONCENTRATED_MINING_AREA
    areas = ctx.plan.zones_of(kind)
    if not ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("该条仅对开采。", "The clause speaks of mining."))
    if answer := no_new_ground(ctx):
        return answer
    if not areas:
        return no_zone_of(ctx, kind)
    listed = any(lists_mineral(zone.mineral_names, ctx.mineral) for zone in areas)
    if not listed and ctx.mineral.group != "sand-stone":
        return ctx.not_applicable(
            Text(
                f"{ctx.mineral.name}不在集中开采区矿种之列。",
                f"{ctx.mineral.english} is no mineral of the concentrated areas.",
            )
        )
    found = zones_met(ctx, kind)
    if not found or found[0][1].share_of_block < INSIDE_BLOCK_SHARE:
        share = found[0][1].share_of_block if found else 0.0
        return ctx.attention(
            Text(
                f"{share:.2%} 位于集中开采区内，应在区内布设；区外的须有依据。",
                f"{share:.2%} inside a concentrated area; outside it needs a basis.",
            ),
            measured=Quantity(round(share * 100, 2), "%"),
            limit=Quantity(round(INSIDE_BLOCK_SHARE * 100, 2), "%", "≥"),
            evidence=zones_evidence(found),
            mend=Text(
                "请移入集中开采区，或附区外布设的依据。", "Move it inside, or attach the basis."
            ),
        )
    return _zone_quota(ctx, *found[0])


def _zone_quota(ctx: Context, zone: Zone, hit: Overlap) -> Finding:
    label, evidence = zone.name or zone.code, zones_evidence(((zone, hit),))
    quota = next(
        (q for q in zone.minerals if same_mineral(find_mineral(q.mineral), ctx.mineral)), None
    )
    if quota is None or quota.planned_rights is None:
        reason = _no_quota(zone, quota)
        return ctx.attention(
            Text(f"位于{label}内，{reason.zh}。", f"Inside {label}: {reason.en}."),
            evidence=evidence,
        )
    granted, planned = _granted(ctx, zone), quota.planned_rights
    facts = {
        "measured": Quantity(granted + 1, "个"),
        "limit": Quantity(planned, "个", "≤"),
        "evidence": evidence,
    }
    text = Text(
        f"位于{label}内，{quota.mineral}拟设采矿权 {planned} 个，规划期已设 {granted} 个",
        f"Inside {label}: {planned} rights planned, {granted} granted in the period",
    )
    if granted + 1 > planned:
        return ctx.conflict(
            Text(f"{text.zh}，本次超出。", f"{text.en}; this one exceeds the number."),
            mend=Text("请改在有余量的集中开采区。", "Choose an area with room left."),
            **facts,
        )
    return ctx.clear(Text(f"{text.zh}。", f"{text.en}."), **facts)


def _no_quota(zone: Zone, quota: MineralQuota | None) -> Text:
    if quota is None:
        named = "、".join(zone.mineral_names)
        return Text(f"区内矿种为{named}", f"its minerals are {named}")
    note = f"（{zone.note}）" if zone.note else ""
    return Text(f"规划未列拟设采矿权数{note}", "the plan gives no planned number")


def _granted(ctx: Context, zone: Zone) -> int:
    """Rights to the same mineral granted in a zone after the base year, this one not counted."""
    declared = ctx.proposal.facts.get("rights_granted_in_zone")
    if declared is not None:
        return int(declared)
    if not ctx.measured.has_layer(MINING):
        raise NotChecked(layer_word(MINING), fact_word("rights_granted_in_zone"))
    assert zone.geometry is not None
    start = dt.date(ctx.plan.plan.base_year, 12, 31)
    number = 0
    for item in overlaps(prepare(zone.geometry), ctx.measured.layer(MINING)):
        attributes = item.attributes
        own = str(attributes.get("licence") or "-") == ctx.proposal.licence
        mineral = find_mineral(str(attributes.get("mineral") or ""))
        other = mineral is not None and not same_mineral(mineral, ctx.mineral)
        if (
            own
            or other
            or item.share_of_feature < RIGHT_IN_ZONE_SHARE
            or lapsed(attributes, ctx.date)
        ):
            continue
        granted = as_date(attributes.get("granted"))
        if granted is None:
            raise NotChecked(fact_word("rights_granted_in_zone"))
        number += granted > start
    return number


# -- key areas --------------------------------------------------------------------------------


_KEY = {"kind": "key-exploration-area", "code": "KZ001", "minerals": ("铝土矿",)}
_CZ = {"kind": "key-mining-area", "code": "CZ001", "minerals": ("铁矿",)}
_BAUXITE = {"right": "exploration-right", "minerals": ("铝土矿",), "method": None}
_IRON = {"minerals": ("铁矿",), "method": "underground"}


@rule(
    "R-SP-22",
    Text("勘查规划区块优先设在重点勘查区", "Key exploration areas first"),
    family=Family.PLANNING_ZONES,
    severity=Severity.HINT,
    basis=of_plan("第四章一（三）3", "勘查规划区块优先设置在重点勘查区", "c4-1-3-3"),
    explanation=Text(
        "同矿种有重点勘查区的，区内为优先，区外为提示，不影响结论。",
        "Where the plan has a key area of the mineral, inside is preferred; outside is a hint.",
    ),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("在重点勘查区内", "inside"),
            given=_BAUXITE,
            zones=({**_KEY, **_AROUND},),
        ),
        Example(
            Outcome.ATTENTION,
            Text("在重点勘查区外", "outside"),
            given=_BAUXITE,
            zones=({**_KEY, **_FAR},),
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("重点勘查区没有图形", "no geometry"),
            given=_BAUXITE,
            zones=(_KEY,),
        ),
    ),
)
def key_exploration(ctx: Context) -> Finding:
    """Exploration goes first to key exploration areas (重点勘查区)."""
    if ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("该条仅对勘查。", "The clause speaks of exploration."))
    kind, mineral = ZoneKind.KEY_EXPLORATION_AREA, ctx.mineral
    if not any(lists_mineral(z.mineral_names, mineral) for z in ctx.plan.zones_of(kind)):
        return ctx.not_applicable(
            Text("规划没有该矿种的重点勘查区。", "No key area of this mineral.")
        )
    found = zones_met(ctx, kind, select=lambda z: lists_mineral(z.mineral_names, mineral))
    if found:
        name = found[0][0].name or found[0][0].code
        return ctx.clear(
            Text(f"位于重点勘查区“{name}”，优先。", f"In the key area {name}: preferred."),
            evidence=zones_evidence(found),
        )
    return ctx.attention(
        Text("不在该矿种的重点勘查区内。", "Outside the key areas of this mineral.")
    )


@rule(
    "R-SP-23",
    Text("重点开采区内引导规模化", "Key mining areas favour large mines"),
    family=Family.PLANNING_ZONES,
    severity=Severity.HINT,
    basis=of_plan("第三章三（一）5", "鼓励规划区内大型矿山企业兼并整合", "c3-3-1-5"),
    explanation=Text(
        "重点开采区内的小型规模为提示：鼓励大型矿山整合中小矿山。",
        "A small mine in a key mining area is a hint: large mines are to take over small ones.",
    ),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("区内大型", "a large mine inside"),
            given={**_IRON, "scale": 300},
            zones=({**_CZ, **_AROUND},),
        ),
        Example(
            Outcome.ATTENTION,
            Text("区内小型", "a small mine inside"),
            given={**_IRON, "scale": 5},
            zones=({**_CZ, **_AROUND},),
        ),
        Example(Outcome.NOT_CHECKED, Text("没有图形", "no geometry"), given=_IRON, zones=(_CZ,)),
    ),
)
def key_mining(ctx: Context) -> Finding:
    """Key mining areas (重点开采区) favour large mines."""
    if not ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("该条仅对开采。", "The clause speaks of mining."))
    if not ctx.plan.zones_of(ZoneKind.KEY_MINING_AREA):
        return no_zone_of(ctx, ZoneKind.KEY_MINING_AREA)
    found = zones_met(ctx, ZoneKind.KEY_MINING_AREA)
    if not found:
        return ctx.clear(Text("不在重点开采区内。", "Outside the key mining areas."))
    grade, name = mine_scale(ctx), found[0][0].name or found[0][0].code
    facts = {
        "measured": Quantity(grade.word.zh),
        "limit": Quantity(MineScale.MEDIUM.word.zh, operator="≥"),
        "evidence": zones_evidence(found),
    }
    if grade is MineScale.SMALL:
        return as_hint(
            ctx.attention(
                Text(
                    f"位于重点开采区“{name}”，生产规模为小型，鼓励由大型矿山整合。",
                    f"A small mine in the key area {name}: to be taken over by a large one.",
                ),
                **facts,
            )
        )
    return ctx.clear(
        Text(f"位于重点开采区“{name}”，{grade.word.zh}。", f"In {name}, {grade.word.en}."),
        **facts,
    )
