"""Findings on a cap of the plan: the state plus what the proposal adds (开采总量、矿山数控制)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from minplan.core.plan.model import Status
from minplan.core.review.caps import Cap, amount, need_state, state
from minplan.core.review.finding import Finding, Outcome, Quantity
from minplan.core.review.missing import NotChecked, fact_word
from minplan.core.review.proposal import Action
from minplan.core.review.scope import designed_scale
from minplan.core.text import Text
from minplan.core.tolerances import FRESH_STATE_DAYS

if TYPE_CHECKING:
    from minplan.core.review.context import Context

#: Where the state of output is looked up; licensed capacity stands in for missing output.
OUTPUT: Final = ("output", "capacity")


@dataclass(frozen=True, slots=True)
class Tally:
    """A total held against a cap: its outcome, the sentence for it, and what would mend it."""

    total: float
    outcome: Outcome
    words: Text
    mend: Text


def finding(ctx: Context, cap: Cap, tally: Tally, base: Status | None = None) -> Finding:
    """The finding of a tally; a state too old to decide turns a conflict into attention."""
    found = {
        "measured": Quantity(tally.total, cap.unit),
        "limit": Quantity(cap.figure, cap.unit, "≤"),
    }
    if tally.outcome is Outcome.CLEAR:
        return ctx.clear(tally.words, **found)
    if tally.outcome is not Outcome.CONFLICT:
        return ctx.attention(tally.words, mend=tally.mend, **found)
    if base is None or (ctx.date - base.date).days <= FRESH_STATE_DAYS:
        return ctx.conflict(tally.words, mend=tally.mend, **found)
    year = base.date.year
    return ctx.attention(
        Text(
            f"{tally.words.zh}现状为 {year} 年数据，须以登记库现状核对后再定。",
            f"{tally.words.en} The state dates from {year}: check it against the register first.",
        ),
        mend=tally.mend,
        **found,
    )


def added_output(ctx: Context, unit: str) -> float:
    """Yearly output the proposal adds, in ``unit``: the designed scale less the present one.

    NotChecked when the scale is missing, or a density is needed to convert it.
    """
    figures = designed_scale(ctx, unit)
    if max(figures) > min(figures):
        raise NotChecked(fact_word("density"))
    if ctx.proposal.action is not Action.CHANGE:
        return figures[0]
    present = float(ctx.fact("existing_capacity")) / float(ctx.need("scale"))
    return figures[0] * (1 - present)


def output_total(ctx: Context, cap: Cap, county: str | None = None) -> Finding:
    """State plus what the proposal adds against a cap on output or capacity."""
    subjects = ("capacity",) if cap.strictest.subject == "capacity" else OUTPUT
    base = need_state(ctx, subjects, cap.mineral, county)
    have = amount(float(base.value), base.unit, cap.unit, cap.mineral)
    added = added_output(ctx, cap.unit)
    total, note = have + added, cap.note(ctx)
    outcome = cap.judge(total)
    if outcome is Outcome.CLEAR and _licensed_exceeds(ctx, cap, county, added):
        outcome = Outcome.ATTENTION
        note = Text(
            f"{note.zh}；证载规模合计已超过控制数", f"{note.en}; licensed capacity is above it"
        )
    above = have > cap.band
    words = Text(
        f"{county or ctx.plan.plan.region_name}{cap.mineral}现状 {have:g}（{base.date.year} 年），"
        f"加本项目 {added:g}，合计 {total:g} {cap.unit}，控制数 {cap.figure:g}{note.zh}"
        f"{'；现状已超过控制数，须先压减' if above else ''}。",
        f"{cap.mineral}: {have:g} ({base.date.year}) plus {added:g} makes {total:g}, the cap is "
        f"{cap.figure:g} {cap.unit}{note.en}{'; the state is above it already' if above else ''}.",
    )
    return finding(ctx, cap, Tally(total, outcome, words, mend_output(cap, total)), base)


def mend_output(cap: Cap, total: float) -> Text:
    """What would bring a total of output under its cap, or how much room is left."""
    over = total - cap.band
    if over > 0:
        return Text(
            f"压减 {over:g} {cap.unit} 以上，或先关闭、整合同矿种矿山后再投放。",
            f"Reduce by {over:g} {cap.unit} or more, or close or merge mines of the mineral first.",
        )
    return Text(f"余量 {-over:g} {cap.unit}，注意控制后续投放。", f"{-over:g} {cap.unit} are left.")


def _licensed_exceeds(ctx: Context, cap: Cap, county: str | None, added: float) -> bool:
    licensed = state(ctx, ("capacity",), cap.mineral, county)
    if licensed is None:
        return False
    have = amount(float(licensed.value), licensed.unit, cap.unit, cap.mineral)
    return have + added > cap.band


def mine_count(ctx: Context, cap: Cap, county: str | None = None) -> Finding:
    """Mines existing plus new less closed at the same time against a cap on their number.

    Closing more mines than are added is attention while the number stays above the cap.
    """
    base = need_state(ctx, ("mines",), cap.mineral, county)
    have, closing = float(base.value), float(ctx.proposal.facts.get("closing_mines", 0))
    new = 0 if ctx.proposal.action is Action.CHANGE else 1
    total, note = have + new - closing, cap.note(ctx)
    outcome = cap.judge_count(total)
    if outcome is Outcome.CONFLICT and total < have:
        outcome = Outcome.ATTENTION
    where, name = county or ctx.plan.plan.region_name, cap.mineral or "各矿种"
    above = "；现状已超过控制数" if have > cap.band else ""
    words = Text(
        f"{where}{name}现有矿山 {have:g} 个（{base.date.year} 年），新设 {new}、注销 {closing:g}，"
        f"合计 {total:g} 个，控制数 {cap.figure:g} 个{note.zh}{above}。",
        f"{name}: {have:g} mines ({base.date.year}), {new} new, {closing:g} closed, {total:g} in "
        f"all; the cap is {cap.figure:g}{note.en}.",
    )
    need = max(1.0, total - cap.figure)
    mend = Text(
        f"先关后建：再注销（整合）{need:g} 个同类矿山，并填报“拟同步注销的采矿权数”。",
        f"Close or merge {need:g} more mines first and declare how many are closed.",
    )
    return finding(ctx, cap, Tally(total, outcome, words, mend), base)
