"""Findings as GeoJSON (RFC 7946): the block, the suggestion and the evidence of every finding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import AreaMethod
from minplan.core.review.finding import Evidence, Finding
from minplan.reports.particulars import Particulars

if TYPE_CHECKING:
    from minplan.core.review.engine import Review

NOTE: Final = (
    "坐标为2000国家大地坐标系（CGCS2000）经纬度，先经度后纬度；RFC 7946 不写 crs。"
    " / Coordinates are CGCS2000 longitude, latitude; RFC 7946 has no crs member."
)
#: Decimals of degrees: eleven keep the area to a hundredth of a square metre.
_DECIMALS: Final = 11


def feature_collection(review: Review, particulars: Particulars) -> dict[str, Any]:
    """The review as a FeatureCollection with rings in the order of RFC 7946."""
    return {
        "type": "FeatureCollection",
        "note": NOTE,
        "review": particulars.number,
        "date": review.date.isoformat(),
        "verdict": review.verdict.value,
        "plan_sha256": review.plan.sha256,
        "rule_edition": review.rule_edition,
        "features": list(_features(review)),
    }


def _features(review: Review) -> Iterator[dict[str, Any]]:
    proposal = review.proposal
    about = {
        "kind": "block",
        "name": proposal.name,
        "right": proposal.right.value,
        "action": proposal.action.value,
        "minerals": list(proposal.minerals),
        "area_m2": round(review.areas[AreaMethod.ELLIPSOID], 2),
        "verdict": review.verdict.value,
    }
    yield _feature(proposal.geometry.geometry, about)
    if review.suggestion is not None:
        verdict = review.suggestion_verdict
        suggested = {
            "kind": "suggestion",
            "area_m2": round(review.suggestion.area_m2, 2),
            "verdict": verdict.value if verdict else None,
        }
        yield _feature(review.suggestion.polygonal.geometry, suggested)
    for finding in review.findings:
        yield from _finding_features(finding, review)


def _finding_features(finding: Finding, review: Review) -> Iterator[dict[str, Any]]:
    """One feature per piece of evidence; a finding without any has a null geometry."""
    rule = review.rules[finding.rule]
    about = {
        "kind": "finding",
        "rule": finding.rule,
        "title": rule.title.to_dict(),
        "family": rule.family.value,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "decides": finding.decides,
        "certain": finding.certain,
        "message": finding.message.to_dict(),
        "mend": finding.mend.to_dict() if finding.mend else None,
        "measured": str(finding.measured) if finding.measured else None,
        "limit": str(finding.limit) if finding.limit else None,
        "basis": [str(item) for item in rule.basis],
        "missing": [item.to_dict() for item in finding.missing],
    }
    if not finding.evidence:
        yield _feature(None, about)
    for item in finding.evidence:
        yield _feature(item.geometry, {**about, **_evidence_properties(item)})


def _evidence_properties(item: Evidence) -> dict[str, Any]:
    def rounded(value: float | None, decimals: int) -> float | None:
        return None if value is None else round(value, decimals)

    return {
        "layer": item.layer,
        "feature": item.feature,
        "feature_name": item.name,
        "area_m2": rounded(item.area_m2, 2),
        "share_of_block": rounded(item.share_of_block, 6),
        "share_of_feature": rounded(item.share_of_feature, 6),
        "distance_m": rounded(item.distance_m, 2),
        "vertical_gap_m": rounded(item.vertical_gap_m, 2),
        "sliver": item.sliver,
        "schematic": item.schematic,
    }


def _feature(geometry: BaseGeometry | None, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": _geometry(geometry)}


def _geometry(geometry: BaseGeometry | None) -> dict[str, Any] | None:
    if geometry is None or geometry.is_empty:
        return None
    ordered = shapely.orient_polygons(geometry)
    rounded = shapely.transform(ordered, lambda c: c.round(_DECIMALS))
    return json.loads(json.dumps(mapping(rounded)))  # type: ignore[no-any-return]


def write_geojson(review: Review, target: Path, particulars: Particulars) -> None:
    """Write the findings to ``target`` as UTF-8 GeoJSON."""
    data = feature_collection(review, particulars)
    target.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
