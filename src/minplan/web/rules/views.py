"""Rules: the list by families, and one rule in plain words."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minplan.core.access import Permission
from minplan.core.plan.folding import fold, words
from minplan.core.review.finding import Severity
from minplan.core.review.missing import fact_word, layer_names
from minplan.core.review.rule import Family, Rule
from minplan.core.text import Text
from minplan.web.access import requires
from minplan.web.plans.reading import current_book
from minplan.web.rules.registry import rule_with, rules_by_id


@requires(Permission.READ)
def listing(request: HttpRequest) -> HttpResponse:
    """All rules, by family; narrowed by words, a family, a severity."""
    query = request.GET.get("q", "").strip()
    family, severity = request.GET.get("family", ""), request.GET.get("severity", "")
    found = [
        rule
        for rule in rules_by_id().values()
        if (not family or rule.family.value == family)
        and (not severity or rule.severity.value == severity)
        and _mentions(rule, query)
    ]
    groups = [(kind, [rule for rule in found if rule.family is kind]) for kind in Family]
    context = {
        "groups": [group for group in groups if group[1]],
        "count": len(found),
        "total": len(rules_by_id()),
        "families": list(Family),
        "severities": list(Severity),
        "query": query,
        "family": family,
        "severity": severity,
        "today": dt.date.today(),
    }
    return render(request, "rules/list.html", context)


@requires(Permission.READ)
def show(request: HttpRequest, identifier: str) -> HttpResponse:
    """One rule: what it asks, what it rests on, what it needs, how it judges."""
    rule = rule_with(identifier)
    known = layer_names()
    opened = current_book()
    figures = [
        item for item in (opened.snapshot.thresholds if opened else ()) if item.rule == rule.id
    ]
    context = {
        "rule": rule,
        "in_force": rule.in_force(dt.date.today()),
        "layers": [
            (need, known.get(need.name, Text(need.name, need.name))) for need in rule.layers
        ],
        "facts": [fact_word(key) for key in rule.facts],
        "figures": figures,
        "plan": opened.snapshot.plan if opened else None,
        "clauses": {clause.id: clause for clause in opened.snapshot.clauses} if opened else {},
        "keeps_open": rule.required and rule.severity is not Severity.HINT,
        "yields_to": [other for other in rules_by_id().values() if rule.id in other.overrides],
    }
    return render(request, "rules/show.html", context)


def _mentions(rule: Rule, query: str) -> bool:
    texts = (rule.id, rule.title.zh, rule.title.en, rule.explanation.zh, rule.explanation.en)
    text = fold(" ".join((*texts, *(str(item) for item in rule.basis))))
    return all(word in text for word in words(query))
