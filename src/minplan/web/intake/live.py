"""The verdict of a ground as it is drawn and dragged: ``POST /cases/live``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import shapely
from django.http import HttpRequest, HttpResponse, JsonResponse
from shapely.geometry import mapping

from minplan.core.access import Access, Permission
from minplan.core.access.model import restricted_layers
from minplan.core.geometry.area import areas_by_method
from minplan.core.plan.places import county_of
from minplan.core.review.engine import Review
from minplan.core.review.finding import Evidence, Finding, Outcome
from minplan.core.review.missing import layer_names, missing_key
from minplan.core.review.rule import Rule
from minplan.formats.stated import system_word
from minplan.web.access import requires
from minplan.web.desk import workspace
from minplan.web.intake.body import body_of, date_of, polygonal_of, proposal_of, values_of
from minplan.web.intake.reading import describe_here, shape
from minplan.web.words import said

#: Evidence beyond this many features of a finding is not drawn while a corner is dragged.
_MOST_EVIDENCE: Final = 60
_SHOWN: Final = (Outcome.CONFLICT, Outcome.ATTENTION, Outcome.NOT_CHECKED, Outcome.CLEAR)


@requires(Permission.REVIEW)
def live(request: HttpRequest) -> HttpResponse:
    """What the review says of ``geometry`` with ``attributes`` as of ``date``; nothing is stored.

    ``drag`` leaves the suggested part out, which costs a second review. ``known`` names findings
    the page holds: of those only the key comes back.
    """
    body = body_of(request)
    values, faults = values_of(body.get("attributes") or {})
    told = {"faults": [item for fault in faults for item in describe_here(fault)]}
    polygonal = polygonal_of(body)
    if polygonal is None:
        return JsonResponse({**told, "needs": ["geometry"]})
    desk = workspace().desk(date_of(body))
    needs = [name for name in ("right", "action") if name not in values]
    if needs:
        areas = {method.value: area for method, area in areas_by_method(polygonal).items()}
        county = county_of(desk.plan, polygonal)
        return JsonResponse({**told, "needs": needs, "areas": areas, "county": county})
    review = desk.review(proposal_of(polygonal, values), suggestions=not body.get("drag"))
    known = frozenset(body.get("known") or ())
    return JsonResponse({**told, "needs": [], **described(review, request.access, known)})


def described(
    review: Review, access: Access, known: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """A review in the language of the request, compact; hidden is what the reader may not see."""
    hidden = frozenset() if access.may(Permission.READ_RESTRICTED) else restricted_layers()
    match = review.area_match
    return {
        "verdict": {"key": review.verdict.value, "text": said(review.verdict.word)},
        "counts": {outcome.value: review.count(outcome) for outcome in Outcome},
        "areas": {method.value: area for method, area in review.areas.items()},
        "area_match": said(match.message) if match else "",
        "county": county_of(review.plan, review.proposal.geometry),
        "findings": [
            _finding(item, review.rules[item.rule], known, hidden)
            for item in review.findings
            if item.outcome in _SHOWN
        ],
        "missing": _missing(review),
        "suggestion": _suggestion(review),
    }


def _finding(
    finding: Finding, rule: Rule, known: frozenset[str], hidden: frozenset[str]
) -> dict[str, Any]:
    key = _key(finding)
    if key in known:
        return {"key": key}
    basis = rule.basis[0]
    return {
        "key": key,
        "rule": rule.id,
        "title": said(rule.title),
        "family": said(rule.family.word),
        "outcome": finding.outcome.value,
        "severity": said(finding.severity.word),
        "decides": finding.decides,
        "message": said(finding.message),
        "measured": str(finding.measured) if finding.measured else "",
        "limit": str(finding.limit) if finding.limit else "",
        "mend": said(finding.mend) if finding.mend else "",
        "note": said(finding.reading_note) if finding.reading_note else "",
        "basis": str(basis),
        "clause": basis.clause_id,
        "waived": finding.waived_by or "",
        "evidence": [_evidence(item, hidden) for item in finding.evidence[:_MOST_EVIDENCE]],
    }


def _key(finding: Finding) -> str:
    """Tells whether a finding is still what it was."""
    digest = hashlib.blake2b(digest_size=6)
    mend = finding.mend.zh if finding.mend else ""
    note = finding.reading_note.zh if finding.reading_note else ""
    told = (finding.rule, finding.outcome.value, finding.message.zh, mend, note, finding.waived_by)
    digest.update("\0".join(str(item) for item in told).encode())
    for item in finding.evidence:
        if item.geometry is not None:
            digest.update(shapely.to_wkb(item.geometry))
    return digest.hexdigest()


def _evidence(item: Evidence, hidden: frozenset[str]) -> dict[str, Any]:
    layer = layer_names().get(item.layer)
    told: dict[str, Any] = {"layer": said(layer) if layer else item.layer}
    if item.layer in hidden:
        return {**told, "restricted": True}
    if item.geometry is not None:
        told["geometry"] = mapping(shapely.transform(item.geometry, lambda points: points.round(7)))
    return {
        **told,
        "name": item.name or item.feature,
        "area_m2": item.area_m2,
        "share": item.share_of_block,
        "distance_m": item.distance_m,
        "sliver": item.sliver,
        "schematic": item.schematic,
    }


def _missing(review: Review) -> list[dict[str, Any]]:
    """What is to be filled in, with the rules that wait for it, those most waited for first."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in review.of(Outcome.NOT_CHECKED, deciding=True):
        for item in finding.missing:
            kind, key = missing_key(item) or ("other", item.zh)
            entry = found.setdefault(
                (kind, key), {"kind": kind, "key": key, "word": said(item), "rules": []}
            )
            entry["rules"].append(finding.rule)
    return sorted(found.values(), key=lambda entry: -len(entry["rules"]))


def _suggestion(review: Review) -> Mapping[str, Any] | None:
    part = review.suggestion
    if part is None:
        return None
    verdict = review.suggestion_verdict
    return {
        **shape(part.polygonal.geometry),
        "system": system_word(part.polygonal.edge_system),
        "area_m2": part.area_m2,
        "lost_share": part.lost_share,
        "verdict": said(verdict.word) if verdict else "",
        "conforming": not review.suggestion_conflicts,
        "still": [said(review.rules[item].title) for item in review.suggestion_conflicts],
    }
