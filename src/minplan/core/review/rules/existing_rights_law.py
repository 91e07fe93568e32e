"""Existing rights in law and policy beside the plan: separable minerals, coal and gas, levels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from minplan.core.basis import Basis
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.ground import evidence_of, name_list, no_new_ground
from minplan.core.review.missing import layer_word
from minplan.core.review.neighbour_findings import neighbour_findings
from minplan.core.review.relations import (
    EXPLORATION,
    MINING,
    Neighbour,
    Relation,
    Step,
    neighbours,
)
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import MINERAL_LAW, of_act
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
_GAS = {**_HALF, "mineral": "煤层气"}
_AWAY = {**_STONE, "box": (3000, 0, 4000, 1000)}
_COAL_MINE = {"minerals": ("煤炭",), "method": "underground", "elevation": (750, 150)}
_MISS = Text("图层在，无重叠", "the layers are there, no overlap")
_GAP = Text("没有图层", "a layer is absent")


@rule(
    "R-LAW-03",
    Text("已登记区域内不得设其他矿业权", "No other right in registered ground"),
    family=Family.EXISTING_RIGHTS,
    severity=Severity.PROHIBIT,
    basis=of_act(MINERAL_LAW, "第二十三条", "不得设立其他矿业权"),
    explanation=Text(
        "已登记的勘查、开采区域内不得设立其他矿业权，按规定可以按不同矿种分别设立的除外。",
        "No other right in ground registered already, but for minerals that may be granted apart.",
    ),
    layers=(EXPLORATION, MINING),
    effective_from=dt.date(2025, 7, 1),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={EXPLORATION: (), MINING: (_AWAY,)}),
        Example(
            Outcome.CLEAR,
            Text("不同矿种可分别设立", "different minerals may be granted apart"),
            layers={EXPLORATION: (_GAS,), MINING: (_COAL,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("同矿种他人采矿权", "another's right to the same mineral"),
            layers={EXPLORATION: (), MINING: (_STONE,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP, layers={EXPLORATION: ()}),
    ),
)
def registered_ground(ctx: Context) -> Iterator[Finding]:
    """No other right in registered ground but for separable minerals (law of 2024, art. 23)."""
    if answer := no_new_ground(ctx):
        yield answer
        return
    for need in ctx.rule.layers:
        if not ctx.measured.has_layer(need.name):
            yield ctx.not_checked(layer_word(need.name))
            continue
        asked = (Step.EXCLUDED, Step.UNKNOWN_MINERAL)
        found = [item for item in neighbours(ctx, need.name) if item.step in asked]
        if found:
            yield from neighbour_findings(ctx, need.name, found)
        else:
            yield ctx.clear(
                Text(
                    "未与他人有效的同矿种矿业权重叠。",
                    "No valid right of another holder to the same mineral is met.",
                )
            )


def _pairs(ctx: Context, relation: Relation) -> Iterator[tuple[str, tuple[Neighbour, ...]]]:
    """Neighbours with a relation, by layer."""
    for need in ctx.rule.layers:
        found = neighbours(ctx, need.name)
        yield (
            need.name,
            tuple(i for i in found if i.entry is not None and i.entry.relation is relation),
        )


@rule(
    "R-LAW-10",
    Text("煤层气与煤炭重叠须有协议和时序", "Coal and coal-bed methane by agreement"),
    family=Family.EXISTING_RIGHTS,
    severity=Severity.RESTRICT,
    basis=(
        Basis(
            "《煤层气勘探开发管理规定》",
            "第十八条至第二十条",
            url="http://jycdxd.com/Laws/Trade/Coal/201307/317823_2.shtml",
            certain=False,
        ),
        Basis("山西省煤层气勘查开采管理办法（省政府令第273号）", certain=False),
    ),
    explanation=Text(
        "煤炭与煤层气矿业权平面重叠允许，须有安全互保协议，煤炭方告知规划区、准备区、生产区时序。",
        "Coal and coal-bed methane rights may overlap; they need a mutual safety agreement and "
        "the schedule of the coal mine's areas.",
    ),
    layers=(EXPLORATION, MINING),
    examples=(
        Example(Outcome.CLEAR, _MISS, given=_COAL_MINE, layers={EXPLORATION: (), MINING: (_AWAY,)}),
        Example(
            Outcome.ATTENTION,
            Text("与煤层气重叠，缺协议和时序", "no agreement, no schedule"),
            given=_COAL_MINE,
            layers={EXPLORATION: (_GAS,), MINING: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("有协议，缺时序", "the agreement alone"),
            given=_COAL_MINE,
            attachments=("mutual-safety-agreement",),
            layers={EXPLORATION: (_GAS,), MINING: ()},
        ),
        Example(
            Outcome.CLEAR,
            Text("协议和时序齐备", "agreement and schedule"),
            given=_COAL_MINE,
            attachments=("mutual-safety-agreement", "coal-gas-schedule"),
            layers={EXPLORATION: (_GAS,), MINING: ()},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("不是煤或煤层气", "neither coal nor methane"),
            layers={EXPLORATION: (_GAS,), MINING: ()},
        ),
        Example(Outcome.NOT_CHECKED, _GAP, given=_COAL_MINE),
    ),
)
def coal_and_gas(ctx: Context) -> Finding:
    """Coal and coal-bed methane (煤层气) share ground by agreement and schedule."""
    partner = {"coal": "coal-bed-methane", "coal-bed-methane": "coal"}.get(ctx.mineral.group)
    if partner is None:
        return ctx.not_applicable(
            Text("主矿种不是煤炭或煤层气。", "Neither coal nor coal-bed methane.")
        )
    if answer := no_new_ground(ctx):
        return answer
    met = [item for _, found in _pairs(ctx, Relation.AGREEMENT) for item in found]
    met = [item for item in met if _group(item) == partner]
    if not met:
        return ctx.clear(
            Text("没有须协议的煤炭、煤层气重叠。", "No overlap of coal and coal-bed methane.")
        )
    kinds = ("mutual-safety-agreement", "coal-gas-schedule")
    absent = [ctx.attachment_name(kind) for kind in kinds if ctx.attachment(kind) is None]
    names = name_list(item.label for item in met)
    evidence = tuple(e for i in met for e in evidence_of(ctx, i.layer, (i.overlap,)))
    if not absent:
        return ctx.clear(
            Text(f"与“{names}”重叠，协议和时序齐备。", f"Overlaps {names}, all documents in."),
            evidence=evidence,
        )
    zh, en = "、".join(t.zh for t in absent), ", ".join(t.en for t in absent)
    return ctx.attention(
        Text(f"与“{names}”重叠，须补充{zh}。", f"Overlaps {names}; needs {en}."),
        evidence=evidence,
        mend=Text(f"请补充：{zh}。", f"Add: {en}."),
    )


def _group(item: Neighbour) -> str:
    mineral = find_mineral(str(item.overlap.attributes.get("mineral") or ""))
    return mineral.group if mineral is not None else ""


@rule(
    "R-LAW-33",
    Text("上下叠置须标高分离", "Rights above each other keep apart by elevation"),
    family=Family.EXISTING_RIGHTS,
    severity=Severity.RESTRICT,
    basis=Basis(
        "《矿产资源开采登记管理办法》（国务院令第241号）",
        "第三十二条",
        "矿区范围，是指",
        certain=False,
    ),
    explanation=Text(
        "可分设的固体矿产上下叠置，开采标高区间不得相交，安全隔离矿柱厚度由论证给出；缺标高不判定。",
        "Solid minerals above each other: elevation ranges may not meet, the thickness of the "
        "safety pillar follows from a study; without elevations nothing is decided.",
    ),
    layers=(MINING,),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={MINING: (_AWAY,)}),
        Example(
            Outcome.CONFLICT,
            Text("标高相交", "the elevations meet"),
            layers={MINING: (_HIGH_COAL,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("标高分离，缺论证", "apart, the study is missing"),
            layers={MINING: (_COAL,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("缺标高", "an elevation is missing"),
            given={"elevation": None},
            layers={MINING: (_COAL,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def above_each_other(ctx: Context) -> Iterator[Finding]:
    """Solid minerals above each other are kept apart by elevation (上下叠置)."""
    if not ctx.proposal.right.is_mining:
        yield ctx.not_applicable(Text("勘查不登记标高。", "Exploration registers no elevation."))
        return
    if answer := no_new_ground(ctx):
        yield answer
        return
    for layer, found in _pairs(ctx, Relation.VERTICAL):
        if found:
            yield from neighbour_findings(ctx, layer, found)
        else:
            yield ctx.clear(Text("没有上下叠置的采矿权。", "No mining right above or below."))
