"""The review as plain data: what is stored, shown by programs, and compared on replay.

Floats keep their shortest exact form and keys a fixed order, so that two runs with equal
references give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from minplan.core.geometry.layer import LayerVersion
from minplan.core.geometry.remainder import CompliantPart
from minplan.core.review.engine import Review
from minplan.core.review.finding import Evidence, Finding, Quantity
from minplan.core.text import Text

RECORD_VERSION = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """How the coordinates were understood: one sentence, its source, and what was remarked."""

    sentence: Text
    source: str = ""
    remarks: tuple[Text, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the reading as plain data."""
        return {
            "sentence": self.sentence.to_dict(),
            "source": self.source,
            "remarks": [item.to_dict() for item in self.remarks],
        }


def review_to_dict(review: Review) -> dict[str, Any]:
    """Everything a review says, without the proposal's own attributes (the caller adds them)."""
    return {
        "record": RECORD_VERSION,
        "date": review.date.isoformat(),
        "verdict": review.verdict.value,
        "verdict_text": review.verdict.word.to_dict(),
        "plan": {
            "id": review.plan.plan.id,
            "name": review.plan.plan.name.to_dict(),
            "version": review.plan.plan.version,
            "sha256": review.plan.sha256,
        },
        "layers": [_layer(item) for item in review.layers],
        "rule_edition": review.rule_edition,
        "geometry_fingerprint": review.proposal.geometry.fingerprint,
        "areas_m2": {method.value: area for method, area in review.areas.items()},
        "findings": [finding_to_dict(item) for item in review.findings],
        "suggestion": _suggestion(review.suggestion),
        "suggestion_verdict": review.suggestion_verdict and review.suggestion_verdict.value,
        "suggestion_conflicts": list(review.suggestion_conflicts),
    }


def findings_digest(record: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of the findings, verdict and suggestion of a record."""
    told = {key: record[key] for key in ("verdict", "findings", "suggestion", "areas_m2")}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    return {
        "rule": finding.rule,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "message": finding.message.to_dict(),
        "measured": _quantity(finding.measured),
        "limit": _quantity(finding.limit),
        "evidence": [_evidence(item) for item in finding.evidence],
        "mend": _text(finding.mend),
        "missing": [item.to_dict() for item in finding.missing],
        "decides": finding.decides,
        "reading_note": _text(finding.reading_note),
        "waived_by": finding.waived_by,
        "certain": finding.certain,
    }


def _text(text: Text | None) -> dict[str, str] | None:
    return text.to_dict() if text else None


def _quantity(quantity: Quantity | None) -> dict[str, Any] | None:
    if quantity is None:
        return None
    return {"value": quantity.value, "unit": quantity.unit, "operator": quantity.operator}


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "layer": item.layer,
        "feature": item.feature,
        "name": item.name,
        "area_m2": item.area_m2,
        "share_of_block": item.share_of_block,
        "share_of_feature": item.share_of_feature,
        "distance_m": item.distance_m,
        "vertical_gap_m": item.vertical_gap_m,
        "sliver": item.sliver,
        "schematic": item.schematic,
        "geometry": shapely.to_wkt(item.geometry, rounding_precision=9) if item.geometry else None,
    }


def _layer(version: LayerVersion) -> dict[str, Any]:
    return {
        "name": version.name,
        "sha256": version.sha256,
        "act": version.act,
        "effective_from": version.effective_from and version.effective_from.isoformat(),
        "effective_to": version.effective_to and version.effective_to.isoformat(),
        "source": version.source,
        "feature_count": version.feature_count,
        "schematic": version.schematic,
    }


def _suggestion(part: CompliantPart | None) -> dict[str, Any] | None:
    if part is None:
        return None
    return {
        "geometry": shapely.to_wkt(part.polygonal.geometry, rounding_precision=9),
        "area_m2": part.area_m2,
        "lost_m2": part.lost_m2,
        "lost_share": part.lost_share,
    }
