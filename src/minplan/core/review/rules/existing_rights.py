"""Existing rights (已设矿业权): may the proposal share ground with those that are there already.

Each neighbour is judged by :mod:`minplan.core.review.relations`; the rules here say which layers
and which pairs a clause speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator

from minplan.core.geometry.overlay import overlaps, prepare
from minplan.core.plan.model import ZoneKind
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import no_new_ground, zones_met
from minplan.core.review.missing import NotChecked, fact_word, layer_word
from minplan.core.review.neighbour_findings import neighbour_findings
from minplan.core.review.relations import (
    EXPLORATION,
    MINING,
    Relation,
    Step,
    lapsed,
    neighbours,
    relation_of,
    same_holder,
)
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import of_plan
from minplan.core.standard.minerals import find_mineral
from minplan.core.text import Text

_HALF = {
    "box": (500, -100, 1500, 1100),
    "name": "示例已设矿权",
    "licence": "C0001",
    "holder": "其他权利人",
    "expiry": "2035-12-31",
    "status": "有效",
}
_STONE = {**_HALF, "mineral": "建筑石料用灰岩", "upper": 1300, "lower": 1100}
_COAL = {**_HALF, "mineral": "煤炭", "upper": 750, "lower": 150}
_HIGH_COAL = {**_COAL, "upper": 1200, "lower": 900}
_BARE_COAL = {**_HALF, "mineral": "煤炭"}
_GAS = {**_HALF, "mineral": "煤层气"}
_LAPSED = {**_STONE, "expiry": "2020-01-01"}
_CANCELLED = {**_STONE, "status": "已注销"}
_UNNAMED = {**_HALF, "mineral": ""}
_OWN = {**_STONE, "holder": "示例申请人"}
_AWAY = {**_STONE, "box": (3000, 0, 4000, 1000)}
_EXPLORE = {"right": "exploration-right", "minerals": ("铝土矿",), "method": None}
_BAUXITE = {**_HALF, "mineral": "铝土矿"}
_ONE = {"thresholds": ({"subject": "holders-per-block", "value": "1", "unit": "个"},)}
_MISS = Text("图层在，无重叠", "the layers are there, no overlap")
_GAP = Text("没有图层", "a layer is absent")


def _per_layer(ctx: Context) -> Iterator[Finding]:
    """The whole judgement of the neighbours in every layer of the rule."""
    for need in ctx.rule.layers:
        if not ctx.measured.has_layer(need.name):
            yield ctx.not_checked(layer_word(need.name))
        else:
            yield from neighbour_findings(ctx, need.name, neighbours(ctx, need.name))


@rule(
    "R-SP-05",
    Text("勘查区块不得与现有矿业权重叠", "Exploration ground and existing rights"),
    family=Family.EXISTING_RIGHTS,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章一（三）1（1）", "不得与现有矿业权重叠", "c4-1-3-1-1"),
    explanation=Text(
        "平面重叠不等于冲突：依次看是否本人、是否已失效、矿种能否分设、协议或论证是否齐备。",
        "An overlap in plan view is not a conflict: own, lapsed, minerals that may be granted "
        "apart, agreement or study, in this order.",
    ),
    layers=(EXPLORATION, MINING),
    examples=(
        Example(Outcome.CLEAR, _MISS, given=_EXPLORE, layers={EXPLORATION: (_AWAY,), MINING: ()}),
        Example(
            Outcome.CONFLICT,
            Text("与他人铝土矿探矿权重叠", "over another's bauxite exploration right"),
            given=_EXPLORE,
            layers={EXPLORATION: (_BAUXITE,), MINING: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("与煤层气探矿权重叠，缺互保协议", "over coal-bed methane, no agreement"),
            given=_EXPLORE,
            layers={EXPLORATION: (_GAS,), MINING: ()},
        ),
        Example(
            Outcome.CLEAR,
            Text("与煤层气探矿权重叠，有互保协议", "over coal-bed methane, with the agreement"),
            given=_EXPLORE,
            attachments=("mutual-safety-agreement",),
            layers={EXPLORATION: (_GAS,), MINING: ()},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("缺采矿权图层", "the layer of mining rights is absent"),
            given=_EXPLORE,
            layers={EXPLORATION: ()},
        ),
    ),
)
def exploration_overlap(ctx: Context) -> Iterator[Finding]:
    """Exploration ground against existing exploration and mining rights."""
    if ctx.proposal.right.is_mining:
        yield ctx.not_applicable(Text("该条仅对勘查。", "The clause speaks of exploration."))
    elif answer := no_new_ground(ctx):
        yield answer
    else:
        yield from _per_layer(ctx)


@rule(
    "R-SP-06",
    Text("开采区块不得与现有采矿权重叠", "Mining ground and existing mining rights"),
    family=Family.EXISTING_RIGHTS,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章二（一）1", "不得与现有采矿权重叠", "c4-2-1-1"),
    explanation=Text(
        "同矿种（同类矿石）不同权利人重叠为冲突；可分设的矿种看标高区间和协议；"
        "已失效的、窄条重叠的为提示；整合区凭整合方案批复。",
        "Overlaps with another holder's right to the same mineral conflict; minerals that may be "
        "granted apart depend on elevations and agreement; lapsed rights and slivers are hints; "
        "merged areas need the approved plan.",
    ),
    layers=(MINING,),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={MINING: (_AWAY,)}),
        Example(
            Outcome.CONFLICT,
            Text("同矿种、他人", "the same mineral, another holder"),
            layers={MINING: (_STONE,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("已过有效期", "past its expiry"),
            layers={MINING: (_LAPSED,)},
        ),
        Example(Outcome.ATTENTION, Text("已注销", "cancelled"), layers={MINING: (_CANCELLED,)}),
        Example(
            Outcome.CLEAR,
            Text("本人许可证", "the applicant's own licence"),
            given={"licence": "C0001"},
            layers={MINING: (_STONE,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("同一权利人的另一采矿权", "another right of the same holder"),
            layers={MINING: (_OWN,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("下方煤矿，标高分离，缺论证", "coal below, apart, no study"),
            layers={MINING: (_COAL,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("下方煤矿，标高分离，有论证", "coal below, apart, with the study"),
            attachments=("vertical-separation-study",),
            layers={MINING: (_COAL,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("煤矿标高与石料重叠", "coal at the same elevation"),
            layers={MINING: (_HIGH_COAL,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("煤矿没有标高", "coal without elevations"),
            layers={MINING: (_BARE_COAL,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("已设矿权没有矿种", "a right without a mineral"),
            layers={MINING: (_UNNAMED,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("整合区，有整合方案批复", "merged area with the approved plan"),
            attachments=("integration-plan",),
            layers={MINING: (_STONE,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def mining_overlap(ctx: Context) -> Iterator[Finding]:
    """Mining ground against existing mining rights."""
    if not ctx.proposal.right.is_mining:
        yield ctx.not_applicable(Text("该条仅对开采。", "The clause speaks of mining."))
    elif answer := no_new_ground(ctx):
        yield answer
    else:
        yield from _per_layer(ctx)


@rule(
    "R-SP-07",
    Text("现有探矿权优先划定开采规划区块", "Existing exploration rights come first"),
    family=Family.EXISTING_RIGHTS,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章二（一）4", "现有探矿权优先划定开采规划区块", "c4-2-1-4"),
    explanation=Text(
        "开采范围与他人同矿种探矿权重叠，侵害其优先权；有探矿权人书面同意，或矿种可分设的除外。",
        "Mining ground over another's exploration right to the same mineral infringes the "
        "holder's priority, unless he consents in writing or the minerals may be granted apart.",
    ),
    layers=(EXPLORATION,),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={EXPLORATION: (_AWAY,)}),
        Example(
            Outcome.CONFLICT,
            Text("他人同矿种探矿权", "another's right to the same mineral"),
            layers={EXPLORATION: (_STONE,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("申请人即探矿权人", "the applicant holds the exploration right"),
            layers={EXPLORATION: (_OWN,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("他人同意", "the holder consents"),
            attachments=("exploration-holder-consent",),
            layers={EXPLORATION: (_STONE,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("煤层气探矿权，缺协议", "coal-bed methane exploration, no agreement"),
            layers={EXPLORATION: (_GAS,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def exploration_priority(ctx: Context) -> Iterator[Finding]:
    """The holder of an exploration right comes first for mining ground."""
    if not ctx.proposal.right.is_mining:
        yield ctx.not_applicable(Text("该条仅对开采。", "The clause speaks of mining."))
        return
    if answer := no_new_ground(ctx):
        yield answer
        return
    found = neighbours(ctx, EXPLORATION)
    consent = ctx.attachment("exploration-holder-consent")
    own = [item for item in found if item.step is Step.SAME_HOLDER]
    settled = [i for i in found if consent is not None and i.step is Step.EXCLUDED]
    rest = [item for item in found if item not in own and item not in settled]
    if own:
        yield ctx.clear(Text("申请人即现有探矿权人，优先。", "The applicant holds the right."))
    if settled and consent is not None:
        yield ctx.clear(
            Text(
                f"已有探矿权人书面同意（{consent.number or '无文号'}）。",
                f"The holder consents ({consent.number or 'no number'}).",
            )
        )
    if rest or not (own or settled):
        yield from neighbour_findings(ctx, EXPLORATION, rest)


@rule(
    "R-SP-11",
    Text("一个勘查规划区块只设一个勘查主体", "One exploration block, one holder"),
    family=Family.EXISTING_RIGHTS,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章一（三）3", "一个勘查规划区块原则上只设一个勘查主体", "c4-1-3-3"),
    explanation=Text(
        "统计所在勘查规划区块内其他有效的同类探矿权人；区块没有图形的，由申报事实“其他矿业权人数”补充。",
        "Counts other holders of valid exploration rights of that kind inside the block; without "
        "the block's geometry the declared number counts.",
    ),
    layers=(EXPLORATION,),
    facts=("other_holders_in_block",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("区块内没有其他权利人", "nobody else in the block"),
            given=_EXPLORE,
            plan=_ONE,
            zones=({"kind": "exploration-block", "code": "K1", "box": (-500, -500, 3000, 2000)},),
            layers={EXPLORATION: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("区块另一侧有他人探矿权", "another holder elsewhere in the block"),
            given=_EXPLORE,
            plan=_ONE,
            zones=({"kind": "exploration-block", "code": "K1", "box": (-500, -500, 3000, 2000)},),
            layers={EXPLORATION: ({**_BAUXITE, "box": (1500, 0, 2500, 1000)},)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("申报有一个其他权利人", "one other holder declared"),
            given=_EXPLORE,
            plan=_ONE,
            facts={"other_holders_in_block": 1},
            layers={EXPLORATION: ()},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有区块图形，也未申报", "no geometry of the block, nothing declared"),
            given=_EXPLORE,
            plan=_ONE,
            layers={EXPLORATION: ()},
        ),
    ),
)
def one_holder(ctx: Context) -> Finding:
    """In principle one holder in one exploration block (一个区块一个主体)."""
    if ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("该条仅对勘查。", "The clause speaks of exploration."))
    limits = ctx.plan.thresholds_of("holders-per-block")
    if not limits:
        return ctx.not_checked(
            Text("规划规定的一个区块勘查主体数", "the plan's number of holders per block")
        )
    others, allowed = _other_holders(ctx), int(limits[0].value)
    measured, limit = Quantity(others + 1, "个"), Quantity(allowed, "个", "≤")
    if others + 1 <= allowed:
        return ctx.clear(
            Text("区块内没有其他勘查主体。", "Nobody else holds a right in the block."),
            measured=measured,
            limit=limit,
        )
    return ctx.attention(
        Text(
            f"所在勘查规划区块内已有 {others} 个其他勘查主体，原则上只设 {allowed} 个。",
            f"{others} other holders in the exploration block; in principle {allowed}.",
        ),
        measured=measured,
        limit=limit,
        mend=Text("请说明理由，或合并勘查主体。", "Give the reason, or join the holders."),
    )


def _other_holders(ctx: Context) -> int:
    declared = ctx.proposal.facts.get("other_holders_in_block")
    layer = ctx.measured.layer(EXPLORATION)
    if declared is not None:
        return int(declared)
    blocks = zones_met(ctx, ZoneKind.EXPLORATION_BLOCK)
    if not blocks:
        raise NotChecked(
            Text("所在勘查规划区块的图形", "geometry of the exploration block"),
            fact_word("other_holders_in_block"),
        )
    holders = set()
    for zone, _ in blocks:
        assert zone.geometry is not None
        for item in overlaps(prepare(zone.geometry), layer):
            mineral = find_mineral(str(item.attributes.get("mineral") or ""))
            apart = mineral is not None and (
                relation_of(ctx.mineral, mineral).relation is not Relation.EXCLUSIVE
            )
            gone = lapsed(item.attributes, ctx.date) is not None
            if not (item.sliver or apart or gone or same_holder(ctx, item.attributes)):
                holders.add(str(item.attributes.get("holder") or item.feature))
    return len(holders)
