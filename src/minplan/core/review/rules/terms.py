"""Term of rights (矿业权期限)."""

from __future__ import annotations

from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.proposal import Action
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import mine_scale, mining
from minplan.core.review.sources import MINERAL_LAW, of_act
from minplan.core.standard.tables import rows_at
from minplan.core.text import Text


@rule(
    "R-LAW-04",
    Text("矿业权期限", "Term of the right"),
    family=Family.RESERVES_AND_LIFE,
    severity=Severity.PROHIBIT,
    basis=of_act(MINERAL_LAW, "第二十四条"),
    explanation=Text(
        "采矿权期限不超过 30 年并与服务年限一致；探矿权 5 年，可延续 3 次、每次不超过 5 年。"
        "2025-07-01 前按大型 30 年、中型 20 年、小型 10 年。",
        "A mining right lasts at most 30 years and no longer than the service life; an exploration "
        "right 5 years, renewed up to three times. Before 2025-07-01: 30, 20 or 10 years by scale.",
    ),
    applies=lambda ctx: (
        not ctx.proposal.right.is_block
        and (mining(ctx) or not ctx.proposal.right.is_mining)
        and ctx.proposal.action is not Action.TRANSFER
    ),
    facts=("renewals_so_far",),
    required=False,
    examples=(
        Example(
            Outcome.CLEAR,
            Text("申请 10 年、服务 10 年", "10 years for a life of 10"),
            given={"term": 10},
        ),
        Example(
            Outcome.CONFLICT,
            Text("申请 40 年", "40 years"),
            given={"term": 40, "service_life": 45},
        ),
        Example(
            Outcome.CONFLICT,
            Text("探矿权第四次延续", "fourth renewal of an exploration right"),
            given={"right": "exploration-right", "action": "renewal", "term": 5},
            facts={"renewals_so_far": 3},
        ),
        Example(
            Outcome.ATTENTION,
            Text("申请年限长于服务年限", "longer than the service life"),
            given={"term": 20, "service_life": 10},
        ),
        Example(
            Outcome.CONFLICT,
            Text("2025 年 7 月前小型矿山申请 12 年", "a small mine, 12 years, before July 2025"),
            given={"term": 12, "scale": 8, "service_life": 15},
            date="2024-06-01",
        ),
        Example(Outcome.NOT_CHECKED, Text("没有填申请年限", "no term given")),
    ),
)
def term_of_right(ctx: Context) -> Finding:
    """The term applied for against the longest the law allows, and against the service life."""
    kind = "mining" if ctx.proposal.right.is_mining else "exploration"
    rows = rows_at("right_terms", ctx.date, right=kind)
    if any("scale" in row.values for row in rows):
        grade = mine_scale(ctx)
        rows = tuple(row for row in rows if row.get("scale") == grade.value)
    if not rows:
        return ctx.not_applicable(Text("该日期没有期限规定。", "No limit of terms at this date."))
    row, term = rows[0], float(ctx.need("term"))
    longest = float(row["years"])
    found = {"measured": Quantity(term, "年"), "limit": Quantity(longest, "年", "≤")}
    if term > longest:
        return ctx.conflict(
            Text(
                f"申请年限 {term:g} 年，超过 {longest:g} 年（{row.source}）。",
                f"{term:g} years applied for, more than {longest:g}.",
            ),
            mend=Text(f"申请年限不超过 {longest:g} 年。", f"Apply for {longest:g} years or less."),
            **found,
        )
    if kind == "exploration" and ctx.proposal.action is Action.RENEWAL:
        done, most = float(ctx.fact("renewals_so_far")), float(row["renewals"])
        if done >= most:
            return ctx.conflict(
                Text(
                    f"探矿权已延续 {done:g} 次，最多延续 {most:g} 次。",
                    f"Renewed {done:g} times already; {most:g} at most.",
                ),
                measured=Quantity(done + 1, "次"),
                limit=Quantity(most, "次", "≤"),
            )
    life = ctx.proposal.service_life
    if kind == "mining" and life is not None and term > life:
        return ctx.attention(
            Text(
                f"申请年限 {term:g} 年，长于设计服务年限 {life:g} 年。",
                f"{term:g} years applied for, longer than the service life of {life:g}.",
            ),
            mend=Text(f"申请年限改为 {life:g} 年以内。", f"Apply for {life:g} years or less."),
            **found,
        )
    return ctx.clear(
        Text(
            f"申请年限 {term:g} 年，不超过 {longest:g} 年。", f"{term:g} years, within {longest:g}."
        ),
        **found,
    )
