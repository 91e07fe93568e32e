"""The review: a function of (proposal, plan, layers, date) that gives findings and a verdict.

Rules are evaluated one by one; what is missing becomes *not checked*. Where a later rule replaces
the reading of an earlier one, the review date decides and the other reading stays visible. The
verdict is never *conforms* while a required rule was not checked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import minplan.core.review.rules  # noqa: F401  (registers the rules)
from minplan.core.geometry.area import AreaMatch, AreaMethod, areas_by_method, match_stated_area
from minplan.core.geometry.layer import ConstraintLayer, LayerVersion
from minplan.core.geometry.remainder import CompliantPart
from minplan.core.plan.model import PlanSnapshot
from minplan.core.review.context import Context, Measurements, not_checked
from minplan.core.review.edition import rule_edition
from minplan.core.review.finding import Finding, Outcome, Severity, Verdict
from minplan.core.review.missing import NotChecked
from minplan.core.review.proposal import Proposal
from minplan.core.review.rule import Rule, registered
from minplan.core.review.rules.procedure import exempt_actions
from minplan.core.review.suggestion import suggest
from minplan.core.text import Text

_HITS = (Outcome.CONFLICT, Outcome.ATTENTION)


@dataclass(frozen=True, kw_only=True)
class Review:
    """A proposal with what every rule says of it (审查).

    It depends on nothing but its four references: the proposal, the plan snapshot (by hash), the
    layer versions (by hash) and the rule edition (by hash); run again it gives equal findings.
    ``areas`` are in m² by method; ``suggestion`` is the largest compliant part where an area
    conflict can be cut away, ``suggestion_verdict`` what the review says of that part and
    ``suggestion_conflicts`` the rules it still breaks.
    """

    proposal: Proposal
    plan: PlanSnapshot
    date: dt.date
    findings: tuple[Finding, ...]
    verdict: Verdict
    layers: tuple[LayerVersion, ...]
    rule_edition: str
    rules: Mapping[str, Rule] = field(repr=False)
    areas: Mapping[AreaMethod, float]
    area_match: AreaMatch | None = None
    suggestion: CompliantPart | None = None
    suggestion_verdict: Verdict | None = None
    suggestion_conflicts: tuple[str, ...] = ()

    def of(self, *outcomes: Outcome, deciding: bool | None = None) -> tuple[Finding, ...]:
        """Findings with one of the outcomes; ``deciding`` True or False narrows them further."""
        return tuple(
            item
            for item in self.findings
            if item.outcome in outcomes and deciding in (None, item.decides)
        )

    @property
    def notes(self) -> tuple[Text, ...]:
        """What the reader must know of the references: a plan whose period has ended."""
        plan = self.plan.plan
        if self.date.year <= plan.last_year:
            return ()
        period = f"{plan.first_year}–{plan.last_year}"
        note = Text(
            f"规划期（{period}）已满；新一轮规划批准前沿用本规划。",
            f"The plan's period ({period}) has ended; it is used until the next plan is approved.",
        )
        return (note,)

    def count(self, outcome: Outcome) -> int:
        """Number of deciding findings with an outcome."""
        return len(self.of(outcome, deciding=True))


def review(
    proposal: Proposal,
    plan: PlanSnapshot,
    layers: Mapping[str, ConstraintLayer],
    date: dt.date,
    *,
    rules: Sequence[Rule] | None = None,
    suggestions: bool = True,
) -> Review:
    """Judge ``proposal`` against ``plan`` and ``layers`` as of ``date``.

    ``layers`` maps layer names to the version in force; a layer that is not there makes the rules
    that need it *not checked*. ``rules`` defaults to all registered rules.
    """
    chosen = tuple(rules) if rules is not None else registered()
    measured = Measurements(proposal, plan, layers)
    findings = _all_findings(chosen, proposal, plan, date, measured)
    verdict = judge(findings, chosen, proposal, date)
    stated = proposal.stated_area_km2
    result = Review(
        proposal=proposal,
        plan=plan,
        date=date,
        findings=findings,
        verdict=verdict,
        layers=tuple(layers[name].version for name in sorted(layers)),
        rule_edition=rule_edition(),
        rules={item.id: item for item in chosen},
        areas=areas_by_method(proposal.geometry),
        area_match=match_stated_area(proposal.geometry, stated) if stated else None,
    )
    if not suggestions or verdict is not Verdict.NOT_CONFORMING:
        return result
    return _with_suggestion(result, layers, chosen)


def _with_suggestion(
    result: Review, layers: Mapping[str, ConstraintLayer], rules: Sequence[Rule]
) -> Review:
    """Add the largest compliant part, and what the review says of it."""
    part = suggest(result.proposal, result.plan, result.findings)
    if part is None:
        return result
    smaller = replace(result.proposal, geometry=part.polygonal, stated_area_km2="")
    again = review(smaller, result.plan, layers, result.date, rules=rules, suggestions=False)
    broken = (f.rule for f in again.of(Outcome.CONFLICT, deciding=True) if not f.waived_by)
    return replace(
        result,
        suggestion=part,
        suggestion_verdict=again.verdict,
        suggestion_conflicts=tuple(dict.fromkeys(broken)),
    )


def _all_findings(
    rules: Iterable[Rule],
    proposal: Proposal,
    plan: PlanSnapshot,
    date: dt.date,
    measured: Measurements,
) -> tuple[Finding, ...]:
    rules = tuple(rules)
    in_pairs = {name for item in rules for name in (item.overrides and (item.id, *item.overrides))}
    found: dict[str, tuple[Finding, ...]] = {}
    for item in rules:
        if not item.in_force(date) and item.id not in in_pairs:
            found[item.id] = (_out_of_force(item, date),)
            continue
        answers = evaluate(item, Context(item, proposal, plan, date, measured))
        found[item.id] = tuple(_finish(f, item, proposal, date) for f in answers)
    return tuple(f for item in rules for f in _readings(item, rules, found, date))


def evaluate(rule: Rule, context: Context) -> tuple[Finding, ...]:
    """Run one rule; what it misses becomes a finding *not checked* beside what it found before."""
    found: list[Finding] = []
    try:
        if not rule.applies(context):
            message = Text("本事项不涉及该规则。", "The rule does not concern this proposal.")
            return (context.not_applicable(message),)
        answer = rule.evaluate(context)
        found.extend((answer,) if isinstance(answer, Finding) else answer)
    except NotChecked as gap:
        found.append(not_checked(rule, gap.missing))
    return tuple(found)


def _finish(finding: Finding, rule: Rule, proposal: Proposal, date: dt.date) -> Finding:
    """Cap what an unverified basis can say, and mark what an exemption covers."""
    if not rule.certain and finding.outcome is Outcome.CONFLICT:
        note = Text(
            "依据待核实，核实前不作为否决理由。", "Basis unverified: no veto until verified."
        )
        finding = replace(finding, outcome=Outcome.ATTENTION, reading_note=note)
    if finding.outcome in _HITS:
        for item in proposal.exemptions:
            if item.covers(rule.id, proposal.mineral, date):
                return replace(finding, waived_by=item.basis)
    return finding


def _readings(
    rule: Rule, rules: Sequence[Rule], found: Mapping[str, tuple[Finding, ...]], date: dt.date
) -> tuple[Finding, ...]:
    """The rule's findings, marked where another reading decides at the review date."""
    own = found[rule.id]
    if not rule.in_force(date):
        return tuple(_yielding(f, _validity(rule, date)) for f in own)
    for other in rules:
        if rule.id not in other.overrides or not other.in_force(date):
            continue
        if all(f.outcome is Outcome.NOT_APPLICABLE for f in found[other.id]):
            continue
        note = Text(
            f"本审查日期以 {other.id}“{other.title.zh}”为准，此为《规划》口径。",
            f"On the review date {other.id} “{other.title.en}” decides; this is the plan's.",
        )
        return tuple(_yielding(f, note) for f in own)
    return own


def _yielding(finding: Finding, note: Text) -> Finding:
    if finding.outcome is Outcome.NOT_APPLICABLE:
        return finding
    return replace(finding, decides=False, reading_note=note)


def _validity(rule: Rule, date: dt.date) -> Text:
    if rule.effective_from is not None and date < rule.effective_from:
        day = rule.effective_from.isoformat()
        return Text(
            f"该口径自 {day} 起施行，仅供参考。", f"In force from {day} only; for information."
        )
    day = rule.effective_to.isoformat() if rule.effective_to else ""
    return Text(f"该口径至 {day} 止，仅供参考。", f"In force until {day} only; for information.")


def _out_of_force(rule: Rule, date: dt.date) -> Finding:
    return Finding(
        rule=rule.id,
        outcome=Outcome.NOT_APPLICABLE,
        severity=rule.severity,
        message=_validity(rule, date),
        certain=rule.certain,
    )


def judge(
    findings: Iterable[Finding], rules: Iterable[Rule], proposal: Proposal, date: dt.date
) -> Verdict:
    """The verdict over all deciding findings (rules A.5).

    An action that needs no plan check at the date is exempt; else any conflict that is not waived
    decides; else any required rule not checked leaves the conclusion open; else restrictions and
    waived conflicts make it conditional. Hints never change the verdict.
    """
    if proposal.action in exempt_actions(date):
        return Verdict.EXEMPT
    required = {item.id for item in rules if item.required}
    deciding = [item for item in findings if item.decides]
    if any(f.outcome is Outcome.CONFLICT and not f.waived_by for f in deciding):
        return Verdict.NOT_CONFORMING
    if any(f.outcome is Outcome.NOT_CHECKED and f.rule in required for f in deciding):
        return Verdict.INSUFFICIENT
    if any(f.outcome in _HITS and f.severity is not Severity.HINT for f in deciding):
        return Verdict.CONDITIONAL
    return Verdict.CONFORMS
