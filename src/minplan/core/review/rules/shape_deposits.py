"""Deposits (矿床, 矿产地) are explored and mined as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from minplan.core.geometry.graticule import basic_block_area
from minplan.core.geometry.overlay import Overlap
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import (
    evidence_of,
    hits,
    layer_title,
    name_list,
    no_new_ground,
    no_real_hit,
    square_metres,
)
from minplan.core.review.missing import NotChecked, fact_word
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import mine_scale
from minplan.core.review.sources import of_plan
from minplan.core.standard.scales import MineScale
from minplan.core.text import Text
from minplan.core.tolerances import DEPOSIT_SPLIT_SHARE

DEPOSIT = "mineral-deposit"
_EXPLORE = {"right": "exploration-right", "minerals": ("铝土矿",), "method": None}
_GAP = Text("没有矿产地图层", "the layer is absent")
_WHOLE = {"box": (100, 100, 900, 900), "name": "示例矿床", "mineral": "铝土矿", "size": "大型"}
_SPLIT = {**_WHOLE, "box": (500, 100, 1500, 900)}
_ANOMALY = {**_SPLIT, "kind": "物化探异常"}
_AWAY = {**_WHOLE, "box": (3000, 0, 4000, 1000)}
_AROUND = {**_WHOLE, "box": (-3000, -3000, 4000, 4000)}


def _not_exploration(ctx: Context) -> Finding | None:
    if ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("该条仅对勘查。", "The clause speaks of exploration."))
    return no_new_ground(ctx)


@rule(
    "R-SP-09",
    Text("单矿床、完整勘查信息不得分割", "One deposit or survey result is not split"),
    family=Family.SHAPE,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章一（三）1（6）", "单矿床不可分割设置勘查规划区块", "c4-1-3-1-6"),
    explanation=Text(
        "范围只含矿床一部分、其余部分已被其他区块或矿业权占用的为冲突；其余部分未设的须关注；"
        "物化探异常被分割的为须关注。",
        "A conflict when the block takes part of a deposit whose rest is taken by another block or "
        "right; attention when the rest is free, or when an anomaly is split.",
    ),
    layers=(DEPOSIT,),
    facts=("deposit_rest_taken",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("矿床全部在内", "the deposit lies inside"),
            given=_EXPLORE,
            layers={DEPOSIT: (_WHOLE,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("切割矿床，其余已占", "split, the rest is taken"),
            given=_EXPLORE,
            facts={"deposit_rest_taken": True},
            layers={DEPOSIT: (_SPLIT,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("切割矿床，其余未设", "split, the rest is free"),
            given=_EXPLORE,
            facts={"deposit_rest_taken": False},
            layers={DEPOSIT: (_SPLIT,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("切割物化探异常", "an anomaly is split"),
            given=_EXPLORE,
            layers={DEPOSIT: (_ANOMALY,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("切割矿床，未申报其余部分", "split, nothing declared of the rest"),
            given=_EXPLORE,
            layers={DEPOSIT: (_SPLIT,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP, given=_EXPLORE),
    ),
)
def one_deposit(ctx: Context) -> Iterator[Finding]:
    """A deposit (矿床) or survey result is not split between exploration blocks."""
    if answer := _not_exploration(ctx):
        yield answer
        return
    found = hits(ctx, DEPOSIT)
    split = [i for i in found.real if i.share_of_feature < 1 - DEPOSIT_SPLIT_SHARE]
    if not split:
        yield ctx.clear(Text("没有切割矿床或异常。", "No deposit or anomaly is split."))
        return
    anomalies = [item for item in split if "异常" in str(item.attributes.get("kind") or "")]
    deposits = [item for item in split if item not in anomalies]
    if anomalies:
        yield _split_answer(ctx, anomalies, Text("物化探异常被切割", "an anomaly is split"))
    if deposits:
        if "deposit_rest_taken" not in ctx.proposal.facts:
            yield ctx.not_checked(fact_word("deposit_rest_taken"))
        elif ctx.fact("deposit_rest_taken"):
            yield _split_answer(
                ctx, deposits, Text("其余部分已被占用，属分割设置", "the rest is taken"), True
            )
        else:
            yield _split_answer(
                ctx, deposits, Text("其余部分未设，应一并划入", "the rest is free: take it in")
            )


def _split_answer(
    ctx: Context, found: list[Overlap], reason: Text, broken: bool = False
) -> Finding:
    worst = min(found, key=lambda item: item.share_of_feature)
    names = name_list(str(item.attributes.get("name") or item.feature) for item in found)
    share = worst.share_of_feature
    return (ctx.conflict if broken else ctx.attention)(
        Text(
            f"只含“{names}”的 {share:.2%}，{reason.zh}。",
            f"Holds {share:.2%} of {names}: {reason.en}.",
        ),
        measured=Quantity(round(share * 100, 2), "%"),
        limit=Quantity(round((1 - DEPOSIT_SPLIT_SHARE) * 100, 2), "%", "≥"),
        evidence=evidence_of(ctx, DEPOSIT, found),
        mend=Text("请将完整矿床划入一个区块。", "Take the whole deposit into one block."),
    )


@rule(
    "R-SP-10",
    Text("禁止将完整矿床肢解为零星小矿开采", "No fragmentation of a whole deposit"),
    family=Family.SHAPE,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章四（一）", "严禁将完整矿床（体）肢解为零星小矿开采", "c4-4-1"),
    explanation=Text(
        "同一矿床内另有采矿权人，且本次生产规模等级低于矿床规模等级的为冲突；等级相当的须关注；"
        "整合方案批复的须关注。",
        "A conflict when others mine the same deposit and the mine's scale is below the deposit's "
        "size; attention when the scales match or an approved merger covers it.",
    ),
    layers=(DEPOSIT,),
    facts=("other_holders_in_deposit",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("矿床内没有其他采矿权人", "nobody else mines it"),
            facts={"other_holders_in_deposit": 0},
            layers={DEPOSIT: (_WHOLE,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("大型矿床另有采矿权人，本次为小型", "another holder, a small mine"),
            given={"minerals": ("铝土矿",), "scale": 5, "method": "underground"},
            facts={"other_holders_in_deposit": 1},
            layers={DEPOSIT: (_WHOLE,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("另有采矿权人，规模相当", "another holder, a large mine"),
            given={"minerals": ("铝土矿",), "scale": 300, "method": "underground"},
            facts={"other_holders_in_deposit": 1},
            layers={DEPOSIT: (_WHOLE,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("未申报其他采矿权人数", "other holders not declared"),
            layers={DEPOSIT: (_WHOLE,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def fragmentation(ctx: Context) -> Finding:
    """A whole deposit is not broken up into small mines (肢解)."""
    if not ctx.proposal.right.is_mining:
        return ctx.not_applicable(Text("该条仅对开采。", "The clause speaks of mining."))
    if answer := no_new_ground(ctx):
        return answer
    found = hits(ctx, DEPOSIT)
    if answer := no_real_hit(ctx, found):
        return answer
    others, names = int(ctx.fact("other_holders_in_deposit")), found.names
    if others == 0:
        return ctx.clear(
            Text(f"矿床“{names}”内没有其他采矿权人。", f"Nobody else mines {names}."),
            evidence=evidence_of(ctx, DEPOSIT, found.real),
        )
    sizes = [MineScale.of_word(str(item.attributes.get("size") or "")) for item in found.real]
    size = max((item for item in sizes if item), key=lambda item: item.rank, default=None)
    if size is None:
        raise NotChecked(Text("矿床规模（大型、中型、小型）", "the size of the deposit"))
    grade = mine_scale(ctx)
    facts = {
        "measured": Quantity(grade.word.zh),
        "limit": Quantity(size.word.zh, operator="≥"),
        "evidence": evidence_of(ctx, DEPOSIT, found.real),
    }
    state = Text(
        f"{size.word.zh}矿床“{names}”内另有 {others} 个采矿权人，本次为{grade.word.zh}",
        f"{others} other holders in the {size.word.en} deposit {names}; this mine is "
        f"{grade.word.en}",
    )
    merged = ctx.attachment("integration-plan") is not None
    if grade.rank < size.rank and not merged:
        return ctx.conflict(
            Text(f"{state.zh}，属肢解矿床。", f"{state.en}: the deposit is broken up."),
            mend=Text("请整体开发或按整合方案办理。", "Develop it as a whole, or merge."),
            **facts,
        )
    return ctx.attention(
        Text(f"{state.zh}，须说明整体开发安排。", f"{state.en}: explain the whole."), **facts
    )


@rule(
    "R-SP-24",
    Text("大、中型矿产地内不得零星勘查", "No scattered exploration in large deposits"),
    family=Family.SHAPE,
    severity=Severity.RESTRICT,
    basis=of_plan("第三章一（一）", "限制在大、中型矿产地内进行以零星开采为目的", "c3-1-1"),
    explanation=Text(
        "范围在大、中型矿产地内且面积小于 1 个基本单位区块的勘查须关注。",
        "Exploration inside a large or medium deposit on less than one basic block needs a look.",
    ),
    layers=(DEPOSIT,),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("不在矿产地内", "not in a deposit"),
            given=_EXPLORE,
            layers={DEPOSIT: (_AWAY,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("大型矿产地内 1 平方公里", "1 km² in a large deposit"),
            given=_EXPLORE,
            layers={DEPOSIT: (_AROUND,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("面积够 1 个基本单位区块", "larger than one basic block"),
            given={**_EXPLORE, "box": (0, 0, 2000, 2000)},
            layers={DEPOSIT: (_AROUND,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("矿产地没有规模", "a deposit without size"),
            given=_EXPLORE,
            layers={DEPOSIT: ({**_AROUND, "size": ""},)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP, given=_EXPLORE),
    ),
)
def scattered(ctx: Context) -> Finding:
    """No scattered exploration inside large and medium deposits (大、中型矿产地)."""
    if answer := _not_exploration(ctx):
        return answer
    within = [i for i in hits(ctx, DEPOSIT).real if i.share_of_block >= 1 - DEPOSIT_SPLIT_SHARE]
    block = ctx.measured.block
    area, cell = block.area_m2, basic_block_area(block.geometry.centroid.y)
    if not within or area >= cell:
        return ctx.clear(
            Text("不属于在矿产地内的零星勘查。", "No scattered exploration inside a deposit.")
        )
    sizes = [MineScale.of_word(str(item.attributes.get("size") or "")) for item in within]
    if None in sizes:
        return ctx.not_checked(Text("矿产地规模", "the size of the deposit"))
    if all(size is MineScale.SMALL for size in sizes):
        return ctx.clear(Text("矿产地为小型。", "The deposit is small."))
    title = layer_title(DEPOSIT)
    return ctx.attention(
        Text(
            f"位于大、中型{title.zh}内，面积 {area / 1e6:.4f} 平方公里，不足 1 个基本单位区块。",
            f"Inside a large or medium {title.en}, {area / 1e6:.4f} km²: below one basic block.",
        ),
        measured=square_metres(area),
        limit=square_metres(cell, "≥"),
        evidence=evidence_of(ctx, DEPOSIT, within),
    )
