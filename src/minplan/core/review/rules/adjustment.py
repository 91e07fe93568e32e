"""Adjustment of planning blocks (区块动态调整): once a year, strategic minerals at any time."""

from __future__ import annotations

import datetime as dt

from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.proposal import Action
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import PLAN_NOTICE_2024, of_act, of_plan
from minplan.core.text import Text

_BLOCK = {"right": "mining-block", "action": "adjustment"}


def _adjustment(ctx: Context) -> bool:
    return ctx.proposal.action is Action.ADJUSTMENT


def _once_a_year(ctx: Context) -> Finding:
    """Attention when this year's adjustment has been made already."""
    if ctx.fact("adjustment_this_year"):
        return ctx.attention(
            Text(
                "本年度已开展集中调整，原则上每年集中调整一次，应并入下一批次。",
                "This year's adjustment has been made; it goes into the next one.",
            ),
            mend=Text("并入下一年度集中调整批次。", "Put it into next year's batch."),
        )
    return ctx.clear(
        Text("本年度尚未开展集中调整。", "This year's adjustment has not been made yet.")
    )


rule(
    "R-TT-11",
    Text("区块每年集中调整一次", "Blocks are adjusted once a year"),
    family=Family.PROCEDURE,
    severity=Severity.RESTRICT,
    basis=of_plan("第七章六", "原则上实行集中动态调整，每年集中调整一次", "c7-6"),
    explanation=Text(
        "新增或调整规划区块，原则上每年集中一次；同年已有批次的提示并入下一批。",
        "New or changed planning blocks come together once a year in principle.",
    ),
    applies=_adjustment,
    facts=("adjustment_this_year",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("本年度首次", "the first this year"),
            given=_BLOCK,
            facts={"adjustment_this_year": False},
        ),
        Example(
            Outcome.ATTENTION,
            Text("本年度已调整", "already adjusted this year"),
            given=_BLOCK,
            facts={"adjustment_this_year": True},
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared"), given=_BLOCK),
    ),
)(_once_a_year)


@rule(
    "R-LAW-05",
    Text("区块动态调整：部口径", "Adjustment of blocks: the ministry's reading"),
    family=Family.PROCEDURE,
    severity=Severity.RESTRICT,
    basis=of_act(PLAN_NOTICE_2024, "", "原则上1年可以集中调整一次"),
    explanation=Text(
        "战略性矿产可随时调整；非金属矿产仅涉及亚矿种变更的不需调整；其他原则上一年一次，"
        "经原审批机关检查通过后上图入库。",
        "Strategic minerals may be adjusted at any time; a change of kind of a non-metal needs no "
        "adjustment; all else once a year in principle, after the approving authority's check.",
    ),
    applies=_adjustment,
    facts=("adjustment_this_year", "only_kind_changes"),
    effective_from=dt.date(2024, 3, 12),
    overrides=("R-TT-11",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("战略性矿产随时可调", "a strategic mineral, at any time"),
            given={**_BLOCK, "minerals": ("铝土矿",)},
            facts={"adjustment_this_year": True},
        ),
        Example(
            Outcome.CLEAR,
            Text("仅亚矿种变更", "a change of kind only"),
            given={**_BLOCK, "minerals": ("水泥用灰岩",)},
            facts={"adjustment_this_year": True, "only_kind_changes": True},
        ),
        Example(
            Outcome.CLEAR,
            Text("原审批机关已检查通过", "passed by the approving authority"),
            given=_BLOCK,
            attachments=("block-adjustment-approval",),
        ),
        Example(
            Outcome.ATTENTION,
            Text("非战略性矿产同年第二次", "the second time in a year"),
            given=_BLOCK,
            facts={"adjustment_this_year": True},
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared"), given=_BLOCK),
    ),
)
def adjustment_by_ministry(ctx: Context) -> Finding:
    """The ministry's reading since 2024-03-12."""
    name = ctx.mineral
    if name.is_strategic(ctx.date):
        return ctx.clear(
            Text(
                f"{name.name}属战略性矿产，区块可根据需要随时调整。",
                f"{name.english} is strategic: its blocks may be adjusted at any time.",
            )
        )
    non_metal = name.group in ("non-metal", "sand-stone")
    if non_metal and ctx.proposal.facts.get("only_kind_changes"):
        return ctx.clear(
            Text(
                "非金属矿产仅涉及亚矿种变更，不需调整规划区块。",
                "Only the kind of a non-metal changes: no adjustment is needed.",
            )
        )
    paper = ctx.attachment("block-adjustment-approval")
    if paper is not None:
        return ctx.clear(
            Text(
                f"原审批机关已检查通过（{paper.number}）。",
                f"The approving authority has passed it ({paper.number}).",
            )
        )
    return _once_a_year(ctx)
