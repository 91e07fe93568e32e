"""Procedure: which actions need a plan check, release plans and the yearly adjustment of blocks."""

from __future__ import annotations

import datetime as dt

from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.proposal import Action
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import PLAN_NOTICE_2024, of_act, of_plan
from minplan.core.standard.tables import rows_at
from minplan.core.text import Text


def exempt_actions(date: dt.date) -> frozenset[Action]:
    """Actions that need no plan check (规划审核) on ``date``."""
    return frozenset(Action(name) for row in rows_at("plan_check", date) for name in row["actions"])


@rule(
    "R-LAW-06",
    Text("免予规划审核的事项", "Actions exempt from the plan check"),
    family=Family.PROCEDURE,
    severity=Severity.HINT,
    basis=of_act(PLAN_NOTICE_2024, "", "无需进行规划审核"),
    explanation=Text(
        "矿业权延续、转让变更、矿业权人名称变更等登记事项，自 2024-03-12 起无需规划审核；"
        "各项规则仍给出提示，不影响结论。",
        "Since 2024-03-12 renewals, transfers and changes of name need no plan check; the rules "
        "still say what they find, without effect on the conclusion.",
    ),
    applies=lambda ctx: ctx.proposal.action in exempt_actions(ctx.date) | {Action.CHANGE},
    effective_from=dt.date(2024, 3, 12),
    overrides=("R-TT-12",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("延续", "a renewal"),
            given={"action": "renewal"},
        ),
        Example(
            Outcome.ATTENTION,
            Text("变更范围、矿种、规模仍须审核", "a change of extent, mineral or scale"),
            given={"action": "change"},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("2024-03-12 前无此规定", "before 2024-03-12"),
            given={"action": "renewal"},
            date="2024-03-11",
        ),
    ),
)
def exempt_from_plan_check(ctx: Context) -> Finding:
    """Say that the action needs no plan check, or that a change of extent still does."""
    word = ctx.proposal.action.word
    if ctx.proposal.action in exempt_actions(ctx.date):
        return ctx.clear(
            Text(
                f"{word.zh}事项无需进行规划审核（{PLAN_NOTICE_2024}），以下各项仅供参考。",
                f"No plan check is needed for this action ({word.en}); all else is information.",
            )
        )
    return ctx.attention(
        Text(
            f"{word.zh}不在免审之列，仍须规划审核。",
            f"This action ({word.en}) still needs the plan check.",
        )
    )


@rule(
    "R-TT-12",
    Text("审批、出让、变更、延续须符合规划", "Approval, grant, change and renewal must conform"),
    family=Family.PROCEDURE,
    severity=Severity.HINT,
    basis=of_plan("第七章五", "矿业权的审批、出让、变更和延续等必须符合规划", "c7-5"),
    explanation=Text(
        "规划口径：四类事项都须符合规划，适用全部规则；2024-03-12 起延续、转让、更名按部文免审。",
        "The plan's reading: all four kinds of action must conform; since 2024-03-12 renewals, "
        "transfers and changes of name are exempt by the ministry's notice.",
    ),
    applies=lambda ctx: ctx.proposal.action not in (Action.CANCELLATION, Action.ADJUSTMENT),
    examples=(
        Example(Outcome.CLEAR, Text("新立", "a new right")),
        Example(
            Outcome.ATTENTION,
            Text("延续也须符合规划", "a renewal must conform too"),
            given={"action": "renewal"},
            date="2024-01-15",
        ),
    ),
)
def must_conform(ctx: Context) -> Finding:
    """All four kinds of action must conform to the plan."""
    word = ctx.proposal.action.word
    if ctx.proposal.action in (Action.RENEWAL, Action.TRANSFER, Action.RENAME):
        return ctx.attention(
            Text(
                f"按规划口径，{word.zh}也须符合规划，应核对已设矿业权与现行规划是否一致。",
                f"By the plan this action ({word.en}) must conform too: check the existing right.",
            )
        )
    return ctx.clear(
        Text(
            f"{word.zh}属须符合规划的事项，已适用全部规则。",
            f"This action ({word.en}) must conform; all rules were applied.",
        )
    )


@rule(
    "R-TT-06",
    Text("列入年度投放计划", "In the yearly release plan"),
    family=Family.PROCEDURE,
    severity=Severity.RESTRICT,
    basis=(
        of_plan("第四章一（三）3", "制订探矿权年度投放计划，做到有序投放", "c4-1-3-3"),
        of_plan("第四章二（二）3", "制定计划，有序投放开采规划区块", "c4-2-2-3"),
    ),
    explanation=Text(
        "出让、新立须列入当年投放计划；国务院批准的重点建设项目协议出让除外。",
        "Grants and new rights must be in this year's release plan, save projects approved by the "
        "State Council.",
    ),
    applies=lambda ctx: ctx.proposal.action in (Action.GRANT, Action.NEW),
    facts=("in_release_plan", "agreement_case"),
    examples=(
        Example(
            Outcome.CLEAR, Text("列入当年计划", "in the plan"), facts={"in_release_plan": True}
        ),
        Example(
            Outcome.CLEAR,
            Text("国务院批准的重点建设项目", "a project approved by the State Council"),
            facts={"agreement_case": "国务院批准的重点建设项目"},
        ),
        Example(
            Outcome.ATTENTION, Text("未列入", "not in the plan"), facts={"in_release_plan": False}
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared")),
    ),
)
def in_release_plan(ctx: Context) -> Finding:
    """In the release plan by a document or by declaration."""
    paper = ctx.attachment("release-plan")
    if paper is not None:
        return ctx.clear(
            Text(
                f"已列入年度投放计划（{paper.number}）。", f"In the release plan ({paper.number})."
            )
        )
    if ctx.proposal.facts.get("agreement_case") == "国务院批准的重点建设项目":
        return ctx.clear(
            Text(
                "国务院批准的重点建设项目，不受年度投放计划限制。",
                "A project approved by the State Council is outside the release plan.",
            )
        )
    if ctx.fact("in_release_plan"):
        return ctx.clear(Text("已列入当年投放计划。", "In this year's release plan."))
    return ctx.attention(
        Text("未列入当年投放计划。", "Not in this year's release plan."),
        mend=Text(
            "列入年度投放计划后再出让，或报请调整计划。", "Put it into the release plan first."
        ),
    )


@rule(
    "R-TT-08",
    Text("财政出资勘查成果优先", "State-funded results come first"),
    family=Family.PROCEDURE,
    severity=Severity.HINT,
    basis=of_plan("第四章一（三）1（4）", "财政出资的地质勘查项目成果优先纳入规划", "c4-1-3-1-4"),
    explanation=Text(
        "财政出资勘查成果而尚未列入投放计划的，提示优先安排。",
        "State-funded results not yet in the release plan should come first.",
    ),
    applies=lambda ctx: bool(ctx.proposal.facts.get("state_funded")),
    facts=("state_funded", "in_release_plan"),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("已安排", "already arranged"),
            facts={"state_funded": True, "in_release_plan": True},
        ),
        Example(
            Outcome.ATTENTION,
            Text("尚未安排", "not yet arranged"),
            facts={"state_funded": True, "in_release_plan": False},
        ),
    ),
)
def state_funded_first(ctx: Context) -> Finding:
    """Say that state-funded results come first."""
    if ctx.fact("in_release_plan"):
        return ctx.clear(
            Text("财政出资成果，已列入投放计划。", "State-funded and in the release plan.")
        )
    return ctx.attention(
        Text("财政出资成果，应优先纳入规划和投放。", "State-funded: it should come first.")
    )


@rule(
    "R-TT-09",
    Text("战略性矿产可直接划定勘查区块", "Strategic minerals get exploration blocks directly"),
    family=Family.PROCEDURE,
    severity=Severity.HINT,
    basis=of_plan("第四章一（三）1（2）", "战略性矿产，直接划定勘查规划区块", "c4-1-3-1-2"),
    explanation=Text(
        "有找矿信息的战略性矿产可直接划定；其他矿产须已有规划区块。",
        "Strategic minerals with signs of ore get blocks directly; others need a planning block.",
    ),
    applies=lambda ctx: not ctx.proposal.right.is_mining and ctx.proposal.action.sets_new_ground,
    examples=(
        Example(
            Outcome.CLEAR,
            Text("铝土矿", "bauxite"),
            given={"right": "exploration-block", "minerals": ("铝土矿",)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("白云岩没有规划区块", "dolomite without a planning block"),
            given={"right": "exploration-right", "minerals": ("白云岩",)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("矿种不可识别", "an unknown mineral"),
            given={"right": "exploration-right", "minerals": ("某矿",)},
        ),
    ),
)
def strategic_blocks(ctx: Context) -> Finding:
    """Whether an exploration block may be set without one in the plan."""
    name = ctx.mineral
    if name.is_strategic(ctx.date):
        return ctx.clear(
            Text(
                f"{name.name}属战略性矿产，有找矿信息的可直接划定勘查区块。",
                f"{name.english} is strategic: a block may be set directly.",
            )
        )
    if ctx.proposal.block_code:
        return ctx.clear(
            Text(
                f"依据规划区块 {ctx.proposal.block_code}。",
                f"On planning block {ctx.proposal.block_code}.",
            )
        )
    return ctx.attention(
        Text(
            f"{name.name}不属战略性矿产，不能直接划定，须有勘查规划区块。",
            f"{name.english} is not strategic: a planning block is needed.",
        ),
        mend=Text(
            "填报规划区块编号，或先办理区块调整。", "Give the block's code, or adjust first."
        ),
    )
