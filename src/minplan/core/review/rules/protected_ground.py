"""Ground the plan protects: heritage, cultivated land, environment protection areas."""

from __future__ import annotations

from collections.abc import Iterator

from minplan.core.basis import Basis
from minplan.core.plan.model import ZoneKind
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.ground import (
    NONE_ALLOWED,
    SHRINK,
    clear_of,
    evidence_of,
    extent,
    hits,
    keep_out,
    layer_title,
    needs,
    no_real_hit,
    overlap_words,
    zone_word,
    zones_evidence,
    zones_met,
    zones_overlap,
)
from minplan.core.review.missing import layer_word
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import of_plan
from minplan.core.standard.minerals import find_mineral
from minplan.core.text import Text

HERITAGE = "heritage-protection-area"
CONTROL = "heritage-control-zone"
CULTIVATED = "cultivated-land"

_EAST = {"box": (500, -100, 1100, 1100), "name": "示例保护范围"}
_AWAY = {"box": (2000, 0, 3000, 1000), "name": "远处"}
_PA = {"kind": "environment-protection-area", "code": "PA-1", "name": "示例保护区"}
_PV = {"kind": "environment-prevention-area", "code": "PV-1", "name": "示例预防区"}
_WHERE = {"box": (500, -100, 1100, 1100)}
_FAR = {"box": (2000, 0, 3000, 1000)}
_MISS = Text("图层在，无重叠", "the layers are there, no overlap")


@rule(
    "R-SP-04",
    Text("避让文物保护范围和建设控制地带", "Heritage areas and control zones"),
    family=Family.PROTECTED_GROUND,
    severity=Severity.PROHIBIT,
    basis=(
        of_plan("第四章一（三）1（7）", "避让文物保护范围、建设控制地带", "c4-1-3-1-7"),
        of_plan("第四章二（一）7", "避让文物保护范围、建设控制地带", "c4-2-1-7"),
        Basis("《文物保护法》", "关于保护范围和建设控制地带的各条", certain=True),
    ),
    explanation=Text(
        "与文物保护范围重叠为冲突，依文物保护法报经批准的转为须关注；与建设控制地带重叠须有文物部门同意意见。",
        "Overlapping a heritage protection area is a conflict, attention once approved under the "
        "heritage law; a control zone needs the heritage authority's consent.",
    ),
    layers=(HERITAGE, CONTROL),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={HERITAGE: (_AWAY,), CONTROL: ()}),
        Example(
            Outcome.CONFLICT,
            Text("保护范围内", "in a protection area"),
            layers={HERITAGE: (_EAST,), CONTROL: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("保护范围内，已报批", "in a protection area, approved"),
            attachments=("heritage-approval",),
            layers={HERITAGE: (_EAST,), CONTROL: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("建设控制地带，缺同意意见", "in a control zone, consent missing"),
            layers={HERITAGE: (), CONTROL: (_EAST,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("建设控制地带，有同意意见", "in a control zone, with consent"),
            attachments=("heritage-approval",),
            layers={HERITAGE: (), CONTROL: (_EAST,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("缺建设控制地带图层", "the control-zone layer is absent"),
            layers={HERITAGE: ()},
        ),
    ),
)
def heritage(ctx: Context) -> Iterator[Finding]:
    """Heritage protection areas (文物保护范围) and control zones (建设控制地带)."""
    for layer in (HERITAGE, CONTROL):
        if not ctx.measured.has_layer(layer):
            yield ctx.not_checked(layer_word(layer))
            continue
        found = hits(ctx, layer)
        if answer := no_real_hit(ctx, found):
            yield answer
            continue
        state = overlap_words(ctx, layer_title(layer), found.real)
        measured, evidence = extent(ctx, found.real), evidence_of(ctx, layer, found.real)
        if layer == CONTROL:
            yield needs(ctx, "heritage-approval", state, measured=measured, evidence=evidence)
        elif approval := ctx.attachment("heritage-approval"):
            yield ctx.attention(
                Text(
                    f"{state.zh}，已报文物行政部门审批（{approval.number}），须按批准要求执行。",
                    f"{state.en}; approved ({approval.number}), to be carried out as approved.",
                ),
                measured=measured,
                evidence=evidence,
            )
        else:
            yield ctx.conflict(
                Text(f"{state.zh}，应当避让。", f"{state.en}: to be avoided."),
                measured=measured,
                limit=NONE_ALLOWED,
                evidence=evidence,
                mend=SHRINK,
            )


@rule(
    "R-SP-16",
    Text("禁止在耕地上开采砖瓦粘土", "No brick clay on cultivated land"),
    family=Family.PROTECTED_GROUND,
    severity=Severity.PROHIBIT,
    basis=of_plan("第三章一（二）", "禁止在耕地上开采砖瓦粘土", "c3-1-2"),
    explanation=Text(
        "主矿种为砖瓦用粘土的，与耕地（国土变更调查 01 类）重叠即为冲突。",
        "Where the main mineral is brick clay, any overlap with cultivated land is a conflict.",
    ),
    layers=(CULTIVATED,),
    examples=(
        Example(
            Outcome.CLEAR,
            _MISS,
            given={"minerals": ("砖瓦用粘土",)},
            layers={CULTIVATED: (_AWAY,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("耕地上采砖瓦粘土", "brick clay on cultivated land"),
            given={"minerals": ("砖瓦用粘土",)},
            layers={CULTIVATED: (_EAST,)},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("其他矿种", "another mineral"),
            layers={CULTIVATED: (_EAST,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("缺耕地图层", "the layer is absent"),
            given={"minerals": ("砖瓦用粘土",)},
        ),
    ),
)
def brick_clay(ctx: Context) -> Finding:
    """Brick clay (砖瓦用粘土) is not dug on cultivated land (耕地)."""
    if ctx.mineral is not find_mineral("砖瓦用粘土") or not ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("不是开采砖瓦用粘土。", "Not the extraction of brick clay."))
    return keep_out(ctx, CULTIVATED, Text("耕地上不得开采砖瓦粘土", "no brick clay here"))


@rule(
    "R-SP-17",
    Text("矿山地质环境保护区禁止勘查开采", "Environment protection areas"),
    family=Family.PROTECTED_GROUND,
    severity=Severity.PROHIBIT,
    basis=of_plan("第六章三", "保护区内禁止矿产资源勘查和开采活动", "c6-3"),
    explanation=Text(
        "矿山地质环境保护区内禁止勘查和开采；已设矿业权列入清理。规划未列保护区名称和图形的，须补充图形。",
        "No exploration or mining in environment protection areas; existing rights are to be "
        "cleared. Where the plan gives no geometry, it has to be added.",
    ),
    examples=(
        Example(Outcome.CLEAR, Text("在区外", "outside the areas"), zones=({**_PA, **_FAR},)),
        Example(
            Outcome.CONFLICT, Text("与保护区重叠", "overlaps an area"), zones=({**_PA, **_WHERE},)
        ),
        Example(
            Outcome.ATTENTION,
            Text("已设采矿权延续，列入清理", "a renewal, to be cleared"),
            given={"action": "renewal"},
            zones=({**_PA, **_WHERE},),
        ),
        Example(
            Outcome.NOT_CHECKED, Text("保护区没有图形", "no geometry of the areas"), zones=(_PA,)
        ),
        Example(Outcome.NOT_CHECKED, Text("规划数据没有保护区", "no area in the plan data")),
    ),
)
def environment_protection(ctx: Context) -> Finding:
    """No exploration or mining in environment protection areas (矿山地质环境保护区)."""
    kind = ZoneKind.ENVIRONMENT_PROTECTION_AREA
    what = zone_word(kind)
    if not ctx.plan.zones_of(kind):
        return ctx.not_checked(Text(f"{what.zh}的范围图形", f"geometry of {what.en}"))
    found = zones_met(ctx, kind)
    if not found:
        return clear_of(ctx, what)
    words = zones_overlap(ctx, found)
    measured, evidence = extent(ctx, [i for _, i in found]), zones_evidence(found)
    if not ctx.proposal.action.sets_new_ground:
        return ctx.attention(
            Text(f"{words.zh}，已设矿业权应列入清理。", f"{words.en}: to be cleared."),
            measured=measured,
            evidence=evidence,
        )
    return ctx.conflict(
        Text(f"{words.zh}，区内禁止勘查和开采。", f"{words.en}: nothing is allowed there."),
        measured=measured,
        limit=NONE_ALLOWED,
        evidence=evidence,
        mend=SHRINK,
    )


@rule(
    "R-SP-18",
    Text("矿山地质环境预防区须有预防措施", "Environment prevention areas"),
    family=Family.PROTECTED_GROUND,
    severity=Severity.HINT,
    basis=of_plan("第六章三", "预防区的范围为已划定的矿产资源重点开采区", "c6-3"),
    explanation=Text(
        "预防区内采矿须有矿山环境保护与土地复垦方案。预防区没有图形的，按规划所称范围即重点开采区判定。",
        "Mining in a prevention area needs a plan for environment protection and restoration. "
        "Areas without geometry count as the key mining areas, which the plan says they are.",
    ),
    examples=(
        Example(Outcome.CLEAR, Text("在区外", "outside"), zones=({**_PV, **_FAR},)),
        Example(
            Outcome.ATTENTION,
            Text("在预防区，缺方案", "inside, the plan is missing"),
            zones=({**_PV, **_WHERE},),
        ),
        Example(
            Outcome.CLEAR,
            Text("在预防区，有方案", "inside, with the plan"),
            attachments=("environment-restoration-plan",),
            zones=({**_PV, **_WHERE},),
        ),
        Example(
            Outcome.ATTENTION,
            Text("预防区没有图形，在重点开采区内", "no geometry, inside a key mining area"),
            zones=(_PV, {"kind": "key-mining-area", "code": "CZ1", **_WHERE}),
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("预防区和重点开采区都没有图形", "no geometry of either"),
            zones=(_PV, {"kind": "key-mining-area", "code": "CZ1"}),
        ),
    ),
)
def environment_prevention(ctx: Context) -> Finding:
    """Mining in an environment prevention area (矿山地质环境预防区) needs measures."""
    kind = ZoneKind.ENVIRONMENT_PREVENTION_AREA
    what = zone_word(kind)
    if not ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("该条仅对采矿。", "The clause speaks of mining."))
    if not ctx.plan.zones_of(kind):
        return ctx.not_checked(Text(f"{what.zh}的范围图形", f"geometry of {what.en}"))
    mapped = any(zone.geometry is not None for zone in ctx.plan.zones_of(kind))
    found = zones_met(ctx, kind if mapped else ZoneKind.KEY_MINING_AREA)
    if not found:
        return clear_of(ctx, what)
    return needs(
        ctx,
        "environment-restoration-plan",
        zones_overlap(ctx, found),
        evidence=zones_evidence(found),
    )
