"""Admission of new mines and applicants (准入): green mines, safety, restoration, qualification."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.missing import NotChecked, fact_word
from minplan.core.review.proposal import RightKind
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import existing_mine, new_mining, of_mineral, with_applicant
from minplan.core.review.sources import MINERAL_LAW, of_act, of_plan
from minplan.core.text import Text

_RENEWAL = {"action": "renewal"}
_GREEN_PLAN = {
    "thresholds": ({"subject": "green-mine-months", "value": "12", "unit": "月"},),
}


@rule(
    "R-AT-21",
    Text("新建矿山须达到绿色矿山要求", "New mines to the green-mine standard"),
    family=Family.CONDUCT,
    severity=Severity.RESTRICT,
    basis=(
        of_plan("第四章五（五）", "新建矿山必须达到绿色矿山建设要求", "c4-5-5"),
        of_plan("第五章一（一）", "新建矿山必须达到绿色矿山建设要求", "c5-1-1"),
    ),
    explanation=Text(
        "新建矿山须有按绿色矿山标准建设的承诺或方案，并写入出让合同。",
        "A new mine needs a commitment or plan to the green-mine standard, part of the contract.",
    ),
    applies=new_mining,
    facts=("green_mine_commitment",),
    examples=(
        Example(Outcome.CLEAR, Text("已承诺", "committed"), facts={"green_mine_commitment": True}),
        Example(
            Outcome.ATTENTION,
            Text("没有承诺", "not committed"),
            facts={"green_mine_commitment": False},
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared")),
    ),
)
def green_mine_commitment(ctx: Context) -> Finding:
    """A commitment to the green-mine standard."""
    if ctx.fact("green_mine_commitment"):
        return ctx.clear(
            Text("已承诺按绿色矿山标准建设。", "Committed to the green-mine standard.")
        )
    return ctx.attention(
        Text("没有按绿色矿山标准建设的承诺或方案。", "No commitment to the green-mine standard."),
        mend=Text("在出让合同（方案）中写明绿色矿山建设要求。", "Write it into the contract."),
    )


@rule(
    "R-AT-22",
    Text("投产满一年须评估达标", "Assessed as a green mine within a year"),
    family=Family.CONDUCT,
    severity=Severity.HINT,
    basis=of_plan("第五章一（一）", "正常生产满1年后，须经评估达到", "c5-1-1"),
    explanation=Text(
        "投产满规划规定的月数而没有评估达标的，提示。",
        "Says when the months the plan gives have passed without an assessment.",
    ),
    applies=existing_mine,
    facts=("production_start", "green_mine_assessed"),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("已评估达标", "assessed"),
            given=_RENEWAL,
            facts={"green_mine_assessed": True, "production_start": "2022-01-01"},
            plan=_GREEN_PLAN,
        ),
        Example(
            Outcome.ATTENTION,
            Text("投产四年未评估", "four years without an assessment"),
            given=_RENEWAL,
            facts={"green_mine_assessed": False, "production_start": "2022-01-01"},
            plan=_GREEN_PLAN,
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared"), given=_RENEWAL),
    ),
)
def assessed_in_time(ctx: Context) -> Finding:
    """Whether an existing mine was assessed within the months the plan gives."""
    if ctx.fact("green_mine_assessed"):
        return ctx.clear(Text("已经评估达到绿色矿山标准。", "Assessed as a green mine."))
    months = _months(ctx)
    due = _later(_date(ctx, "production_start"), months)
    found = {
        "measured": Quantity(ctx.date.isoformat()),
        "limit": Quantity(due.isoformat(), "", "≤"),
    }
    if ctx.date > due:
        return ctx.attention(
            Text(
                f"投产已满 {months} 个月（{due.isoformat()}），尚未评估达到绿色矿山标准。",
                f"{months} months of production passed on {due.isoformat()} without an assessment.",
            ),
            mend=Text("组织第三方评估。", "Have the mine assessed."),
            **found,
        )
    return ctx.clear(
        Text(f"评估期限至 {due.isoformat()}。", f"To be assessed by {due.isoformat()}."), **found
    )


def _months(ctx: Context) -> int:
    rows = ctx.plan.thresholds_of("green-mine-months")
    if not rows:
        raise NotChecked(Text("规划的绿色矿山评估期限", "the plan's months for the assessment"))
    return int(float(rows[0].value))


def _date(ctx: Context, key: str) -> dt.date:
    """A declared date, given as a date or as ``2022-01-01``; NotChecked when it is neither."""
    value = ctx.fact(key)
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise NotChecked(fact_word(key)) from None


def _later(start: dt.date, months: int) -> dt.date:
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@rule(
    "R-AT-23",
    Text("安全设施“三同时”", "Safety facilities built together with the mine"),
    family=Family.CONDUCT,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章五（三）", "同时设计、同时施工、同时投入生产和使用", "c4-5-3"),
    explanation=Text(
        "新建矿山安全设施设计须经审查；规划审查阶段尚未办理的，列为未核查，开工前落实。",
        "The design of safety facilities must be approved; where that comes after the plan check "
        "it is listed as not checked and due before construction.",
    ),
    applies=lambda ctx: new_mining(ctx) and ctx.proposal.right is RightKind.MINING_RIGHT,
    required=False,
    examples=(
        Example(
            Outcome.CLEAR,
            Text("有审查意见", "approved"),
            attachments=("safety-facility-approval",),
        ),
        Example(
            Outcome.ATTENTION,
            Text("审查意见已过期", "the approval has expired"),
            attachments=({"kind": "safety-facility-approval", "valid_to": "2025-12-31"},),
        ),
        Example(Outcome.NOT_CHECKED, Text("没有审查意见", "no approval")),
    ),
)
def safety_facilities(ctx: Context) -> Finding:
    """The approval of the safety-facility design."""
    return _document(ctx, "safety-facility-approval")


def _document(ctx: Context, kind: str) -> Finding:
    """Clear with a valid document, attention with an expired one, else not checked."""
    word, paper = ctx.attachment_name(kind), ctx.attachment(kind)
    if paper is not None:
        return ctx.clear(
            Text(f"已附{word.zh}（{paper.number}）。", f"Attached: {word.en} ({paper.number}).")
        )
    expired = ctx.proposal.attachment(kind)
    if expired is None:
        raise NotChecked(word)
    return ctx.attention(
        Text(
            f"{word.zh}（{expired.number}）在审查日期已失效。",
            f"The {word.en} ({expired.number}) is no longer valid.",
        ),
        mend=Text(f"重新办理{word.zh}。", f"Renew the {word.en}."),
    )


@rule(
    "R-AT-24",
    Text("采前有规划、采后可修复", "A restoration plan before mining"),
    family=Family.CONDUCT,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章五（六）", "采前有规划，过程能控制，采后可修复", "c4-5-6"),
    explanation=Text(
        "须有矿区生态修复方案和恢复基金专户；规划审查阶段尚未办理的，列为未核查，开采前落实。",
        "A restoration plan and a fund account are needed before mining starts.",
    ),
    applies=lambda ctx: new_mining(ctx) and ctx.proposal.right is RightKind.MINING_RIGHT,
    facts=("restoration_fund_account",),
    required=False,
    examples=(
        Example(
            Outcome.CLEAR,
            Text("方案和专户齐全", "plan and account"),
            facts={"restoration_fund_account": True},
            attachments=("environment-restoration-plan",),
        ),
        Example(
            Outcome.ATTENTION,
            Text("没有专户", "no account"),
            facts={"restoration_fund_account": False},
            attachments=("environment-restoration-plan",),
        ),
        Example(Outcome.NOT_CHECKED, Text("没有方案", "no plan")),
    ),
)
def restoration_plan(ctx: Context) -> Finding:
    """The restoration plan, and the account of the restoration fund."""
    found = _document(ctx, "environment-restoration-plan")
    if found.outcome is not Outcome.CLEAR or ctx.fact("restoration_fund_account"):
        return found
    return ctx.attention(
        Text(
            "尚未设立矿山环境治理恢复基金专户。", "The restoration-fund account does not exist yet."
        ),
        mend=Text("开采前开设专户并按季足额提取。", "Open the account before mining starts."),
    )


@rule(
    "R-AT-25",
    Text("煤炭申请人须有煤炭开采经验", "Coal applicants need experience"),
    family=Family.CONDUCT,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章五（四）", "必须具备煤炭开采经验", "c4-5-4"),
    explanation=Text(
        "申请煤炭采矿权的企业须具备煤炭开采经验。",
        "A company asking for a coal mining right must have mined coal.",
    ),
    applies=lambda ctx: (
        with_applicant(ctx) and ctx.proposal.right.is_mining and of_mineral("煤炭")(ctx)
    ),
    facts=("coal_experience",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("有经验", "experienced"),
            given={"minerals": ("煤炭",)},
            facts={"coal_experience": True},
        ),
        Example(
            Outcome.CONFLICT,
            Text("没有经验", "without experience"),
            given={"minerals": ("煤炭",)},
            facts={"coal_experience": False},
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared"), given={"minerals": ("煤炭",)}),
    ),
)
def coal_experience(ctx: Context) -> Finding:
    """Experience of a coal applicant."""
    if ctx.fact("coal_experience"):
        return ctx.clear(Text("申请人具备煤炭开采经验。", "The applicant has mined coal."))
    return ctx.conflict(
        Text("申请人不具备煤炭开采经验。", "The applicant has never mined coal."),
        mend=Text("由具备煤炭开采经验的主体申请。", "Let a company with experience apply."),
    )


@rule(
    "R-AT-26",
    Text("申请人资质与信用", "Qualification and credit of the applicant"),
    family=Family.CONDUCT,
    severity=Severity.PROHIBIT,
    basis=of_plan("第七章五", "严格审查矿业权申请人的资质条件", "c7-5"),
    explanation=Text(
        "在勘查开采异常名录或严重失信名单中的，不予受理；移出后可申请。",
        "Applicants on a list of abnormal or dishonest holders are refused until removed from it.",
    ),
    applies=with_applicant,
    facts=("applicant_on_list",),
    examples=(
        Example(Outcome.CLEAR, Text("不在名单", "on no list"), facts={"applicant_on_list": False}),
        Example(Outcome.CONFLICT, Text("在名单中", "on a list"), facts={"applicant_on_list": True}),
        Example(Outcome.NOT_CHECKED, Text("未核实", "not looked up")),
    ),
)
def applicant_credit(ctx: Context) -> Finding:
    """Lists of abnormal or dishonest holders."""
    if ctx.fact("applicant_on_list"):
        return ctx.conflict(
            Text(
                "申请人在异常名录或严重失信名单中。",
                "The applicant is on a list of abnormal or dishonest holders.",
            ),
            mend=Text("办理移出后再申请。", "Apply after being removed from the list."),
        )
    return ctx.clear(
        Text("申请人不在异常名录和严重失信名单中。", "The applicant is on no such list.")
    )


@rule(
    "R-LAW-35",
    Text("生态修复与三率的法律责任", "Liability for restoration and the three rates"),
    family=Family.CONDUCT,
    severity=Severity.HINT,
    basis=of_act(MINERAL_LAW, "第四十六、六十八、七十一条"),
    explanation=Text(
        "开采前修复方案须随开采方案批准；三率不达标可处罚款，不修复的按修复费用倍数处罚。",
        "The restoration plan is approved with the extraction plan before mining; missing the "
        "three rates or restoration is fined.",
    ),
    applies=lambda ctx: (
        ctx.proposal.right is RightKind.MINING_RIGHT and (new_mining(ctx) or existing_mine(ctx))
    ),
    effective_from=dt.date(2025, 7, 1),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("两个方案齐全", "both plans"),
            attachments=("extraction-plan", "environment-restoration-plan"),
        ),
        Example(
            Outcome.ATTENTION, Text("没有修复方案", "no plans"), attachments=("extraction-plan",)
        ),
        Example(
            Outcome.ATTENTION,
            Text("三率不达标", "three rates not reached"),
            facts={"three_rates_met": False},
            attachments=("extraction-plan", "environment-restoration-plan"),
        ),
    ),
)
def liability(ctx: Context) -> Finding:
    """Say what the law demands before mining and what missing it costs."""
    kinds = ("extraction-plan", "environment-restoration-plan")
    missing = tuple(ctx.attachment_name(kind) for kind in kinds if ctx.attachment(kind) is None)
    if missing:
        zh, en = "、".join(w.zh for w in missing), ", ".join(w.en for w in missing)
        return ctx.attention(
            Text(
                f"开采前须批准{zh}；不履行修复义务的，处修复费用倍数罚款。",
                f"To be approved before mining: {en}; failing to restore is fined.",
            ),
            missing=missing,
        )
    if ctx.proposal.facts.get("three_rates_met") is False:
        return ctx.attention(
            Text(
                "“三率”不达标，可处十万元以上五十万元以下罚款。",
                "Missing the three rates is fined 100 000 to 500 000 yuan.",
            )
        )
    return ctx.clear(
        Text("开采方案与修复方案齐全。", "Extraction and restoration plans are there.")
    )
