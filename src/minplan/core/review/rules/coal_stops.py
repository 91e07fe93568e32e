"""New or enlarged coal mines that are no longer approved: a dated table of hazards and scales."""

from __future__ import annotations

import datetime as dt

from minplan.core.basis import Basis
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.missing import fact_word
from minplan.core.review.proposal import Action
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import designed_scale, new_mining, of_mineral
from minplan.core.review.sources import SHANXI_SAFETY_2024, of_act
from minplan.core.standard.tables import Row, table
from minplan.core.text import Text

_HAZARDS = {"rock_burst": False, "outburst": False, "high_gas": False}
_SAFE = {**_HAZARDS, "complex_hydrogeology": False, "mining_depth": 600}
_COAL = {"minerals": ("煤炭",), "method": "underground", "scale": 180}


def _coal_mine(ctx: Context) -> bool:
    return new_mining(ctx) and of_mineral("煤炭")(ctx)


def _judge(ctx: Context) -> Finding:
    """Conflict with the first stop that meets the mine; clear when all are known not to."""
    enlarged = ctx.proposal.action is Action.CHANGE
    action = "enlarged" if enlarged else "new"
    scale = max(designed_scale(ctx, "万吨/年"))
    unknown: dict[str, Text] = {}
    for row in table("coal_stops"):
        if row["rule"] != ctx.rule.id or action not in row["actions"]:
            continue
        met = _meets(ctx, row, scale, unknown)
        if met:
            return _stopped(ctx, row, scale)
    if unknown:
        return ctx.not_checked(tuple(unknown.values()))
    word = "改扩建" if enlarged else "新建"
    return ctx.clear(
        Text(f"{word}煤矿不属停批情形。", "The coal mine is not one that is no longer approved.")
    )


def _meets(ctx: Context, row: Row, scale: float, unknown: dict[str, Text]) -> bool:
    """Whether a stop meets the mine; facts that would decide but are missing go to ``unknown``."""
    if "below" in row.values and scale >= row["below"]:
        return False
    if "above" in row.values and scale <= row["above"]:
        return False
    facts = ctx.proposal.facts
    if "deeper" in row.values:
        if "mining_depth" not in facts:
            unknown["mining_depth"] = fact_word("mining_depth")
            return False
        return float(facts["mining_depth"]) > float(row["deeper"])
    if not row["hazards"]:
        return True
    unknown.update({key: fact_word(key) for key in row["hazards"] if key not in facts})
    return any(facts.get(key) for key in row["hazards"])


def _stopped(ctx: Context, row: Row, scale: float) -> Finding:
    hazards = [fact_word(key) for key in row["hazards"] if ctx.proposal.facts.get(key)]
    reasons = [word.zh.removeprefix("是否") for word in hazards]
    if "below" in row.values:
        reasons.append(f"规模 {scale:g} 万吨/年低于 {row['below']:g}")
    if "above" in row.values:
        reasons.append(f"规模 {scale:g} 万吨/年超过 {row['above']:g}")
    if "deeper" in row.values:
        reasons.append(f"采深超过 {row['deeper']:g} 米")
    figures = {key: row[key] for key in ("below", "above", "deeper") if key in row.values}
    return ctx.conflict(
        Text(
            f"属停止审批情形：{'、'.join(reasons)}（{row.source}）。",
            "Such mines are no longer approved: "
            + ", ".join([*row["hazards"], *(f"{k} {v:g}" for k, v in figures.items())])
            + ".",
        ),
        mend=Text(
            "调整规模或采深避开停批情形，否则不予受理。",
            "Change the scale or depth; otherwise the application is not accepted.",
        ),
    )


rule(
    "R-LAW-30",
    Text("灾害严重的小规模新建煤矿停批", "No small new coal mines with severe hazards"),
    family=Family.MINIMUM_SCALE,
    severity=Severity.PROHIBIT,
    basis=Basis("厅字〔2023〕21号"),
    explanation=Text(
        "煤与瓦斯突出、冲击地压、水文地质类型极复杂的新建煤矿，规模低于 90 万吨/年的停止审批。",
        "New coal mines prone to outbursts or rock bursts, or of extremely complex hydrogeology, "
        "are not approved below 900 000 t a year.",
    ),
    applies=_coal_mine,
    facts=("outburst", "rock_burst", "complex_hydrogeology"),
    effective_from=dt.date(2023, 9, 6),
    examples=(
        Example(Outcome.CLEAR, Text("无严重灾害", "no severe hazard"), given=_COAL, facts=_SAFE),
        Example(
            Outcome.CONFLICT,
            Text("突出矿井 60 万吨/年", "outburst-prone, 600 000 t a year"),
            given={**_COAL, "scale": 60},
            facts={**_SAFE, "outburst": True},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("规模不足而灾害未填", "small, hazards not declared"),
            given={**_COAL, "scale": 60},
        ),
    ),
)(_judge)

rule(
    "R-LAW-15",
    Text("山西煤矿停批条件", "Shanxi: coal mines no longer approved"),
    family=Family.MINIMUM_SCALE,
    severity=Severity.PROHIBIT,
    basis=of_act(SHANXI_SAFETY_2024, certain=False),
    explanation=Text(
        "停批：冲击地压矿井；改扩建后低于 120 万吨/年；突出矿井超过 500、高瓦斯矿井超过 800 "
        "万吨/年；采深新建超过 1000 米、改扩建超过 1200 米。",
        "Not approved: mines with rock bursts; below 1.2 Mt a year after enlarging; above 5 Mt "
        "with outbursts or 8 Mt when gassy; deeper than 1000 m (new) or 1200 m (enlarged).",
    ),
    applies=_coal_mine,
    facts=("rock_burst", "outburst", "high_gas", "mining_depth"),
    effective_from=dt.date(2024, 3, 14),
    examples=(
        Example(Outcome.CLEAR, Text("不属停批情形", "no stop meets it"), given=_COAL, facts=_SAFE),
        Example(
            Outcome.CONFLICT,
            Text("采深 1100 米", "1100 m deep"),
            given=_COAL,
            facts={**_SAFE, "mining_depth": 1100},
        ),
        Example(
            Outcome.CONFLICT,
            Text("改扩建后 90 万吨/年", "900 000 t a year after enlarging"),
            given={**_COAL, "action": "change", "scale": 90},
            facts=_SAFE,
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("采深等未填", "depth and hazards not declared"),
            given=_COAL,
        ),
    ),
)(_judge)
