"""The verdict of a ground as it is drawn and dragged: ``POST /cases/live``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
from django.http import HttpRequest, HttpResponse, JsonResponse
from shapely.geometry.base import BaseGeometry

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

#: Of more features than this the largest are drawn.
_MOST_EVIDENCE: Final = 60
_SHOWN: Final = (Outcome.CONFLICT, Outcome.ATTENTION, Outcome.NOT_CHECKED, Outcome.CLEAR)


@requires(Permission.REVIEW)
def live(request: HttpRequest) -> HttpResponse:
    """What the review says of ``geometry`` with ``attributes`` as of ``date``; nothing is stored.

    ``suggest`` adds the largest part that would pass, which takes longer than all else; ``drag``
    leaves out all ground but that of conflicts. ``known`` names findings the page holds: of those
    only the key comes back.
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
    drag = bool(body.get("drag"))
    review = desk.review(proposal_of(polygonal, values), suggestions=bool(body.get("suggest")))
    known = frozenset(body.get("known") or ())
    drawn = (Outcome.CONFLICT,) if drag else (Outcome.CONFLICT, Outcome.ATTENTION)
    found = described(review, request.access, known, drawn)
    return JsonResponse({**told, "needs": [], **found}, json_dumps_params={"ensure_ascii": False})


def described(
    review: Review,
    access: Access,
    known: frozenset[str] = frozenset(),
    drawn: tuple[Outcome, ...] = (Outcome.CONFLICT, Outcome.ATTENTION),
) -> dict[str, Any]:
    """A review in the language of the request, compact.

    ``geometries`` holds GeoJSON texts that evidence names by number: many findings rest on the same
    ground. Only findings with an outcome of ``drawn`` name one, and none the reader may not see.
    """
    told = _Teller(access, known, drawn)
    match = review.area_match
    findings = [
        told.finding(item, review.rules[item.rule])
        for item in review.findings
        if item.outcome in _SHOWN
    ]
    return {
        "verdict": {"key": review.verdict.value, "text": said(review.verdict.word)},
        "counts": {outcome.value: review.count(outcome) for outcome in Outcome},
        "areas": {method.value: area for method, area in review.areas.items()},
        "area_match": said(match.message) if match else "",
        "county": county_of(review.plan, review.proposal.geometry),
        "findings": findings,
        "geometries": told.geometries(),
        "missing": _missing(review),
        "suggestion": _suggestion(review),
    }


class _Teller:
    """Tells the findings of one review, each piece of ground once."""

    def __init__(self, access: Access, known: frozenset[str], drawn: tuple[Outcome, ...]) -> None:
        self._known = known
        self._drawn = drawn
        may_see = access.may(Permission.READ_RESTRICTED)
        self._hidden = frozenset() if may_see else restricted_layers()
        self._places: dict[int, int] = {}
        self._shapes: list[BaseGeometry] = []

    def finding(self, finding: Finding, rule: Rule) -> dict[str, Any]:
        draws = finding.outcome in self._drawn
        key = _key(finding, draws)
        if key in self._known:
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
            "schematic": any(item.schematic for item in finding.evidence),
            "evidence": [self._evidence(item) for item in _shown(finding)] if draws else [],
        }

    def _evidence(self, item: Evidence) -> dict[str, Any]:
        layer = layer_names().get(item.layer)
        told: dict[str, Any] = {"layer": said(layer) if layer else item.layer}
        if item.layer in self._hidden:
            return {**told, "restricted": True}
        if item.geometry is not None:
            told["place"] = self._place(item.geometry)
        return {
            **told,
            "name": item.name or item.feature,
            "area_m2": item.area_m2,
            "share": item.share_of_block,
            "distance_m": item.distance_m,
            "sliver": item.sliver,
        }

    def _place(self, geometry: BaseGeometry) -> int:
        if id(geometry) not in self._places:
            self._places[id(geometry)] = len(self._shapes)
            self._shapes.append(geometry)
        return self._places[id(geometry)]

    def geometries(self) -> list[str]:
        """GeoJSON in lon/lat to the centimetre, in the order in which they are named."""
        if not self._shapes:
            return []
        shapes = np.array(self._shapes, dtype=object)
        rounded = shapely.transform(shapes, lambda points: points.round(7))
        found: list[str] = shapely.to_geojson(rounded).tolist()
        return found


def _shown(finding: Finding) -> tuple[Evidence, ...]:
    return finding.evidence[:_MOST_EVIDENCE]


def _key(finding: Finding, draws: bool) -> str:
    """Tells whether a finding is still what it was, with the ground it names if it names any."""
    mend = finding.mend.zh if finding.mend else ""
    note = finding.reading_note.zh if finding.reading_note else ""
    told = (finding.rule, finding.outcome.value, finding.message.zh, mend, note, finding.waived_by)
    digest = hashlib.blake2b("\0".join(map(str, told)).encode(), digest_size=6)
    shapes = [item.geometry for item in _shown(finding) if item.geometry is not None]
    if draws and shapes:
        for piece in shapely.to_wkb(np.array(shapes, dtype=object)):
            digest.update(piece)
    return digest.hexdigest()


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
