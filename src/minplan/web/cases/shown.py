"""A stored review as the pages show it: groups of findings, facts, places for the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from django.urls import NoReverseMatch, reverse
from shapely.geometry import mapping

from minplan.core.access import Access
from minplan.core.access.sight import sees_constraint
from minplan.core.basis import Basis
from minplan.core.review.finding import Outcome, Severity, Verdict
from minplan.core.review.missing import layer_names
from minplan.core.text import Text
from minplan.web.rules.registry import rules_by_id
from minplan.web.words import said, t

#: The look of a verdict: the result its colour and sign stand for.
LOOKS: Final[Mapping[str, str]] = {
    Verdict.CONFORMS: "clear",
    Verdict.CONDITIONAL: "attention",
    Verdict.NOT_CONFORMING: "conflict",
    Verdict.INSUFFICIENT: "not-checked",
    Verdict.EXEMPT: "not-applicable",
}
#: Groups in the order of weight; those shown closed at first.
ORDER: Final = (
    Outcome.CONFLICT,
    Outcome.ATTENTION,
    Outcome.NOT_CHECKED,
    Outcome.CLEAR,
    Outcome.NOT_APPLICABLE,
)
_CLOSED: Final = (Outcome.CLEAR, Outcome.NOT_APPLICABLE)
#: Evidence over more of the block than this is drawn when it is asked for only.
_WHOLE: Final = 0.999
_DRAWN: Final = (Outcome.CONFLICT, Outcome.ATTENTION, Outcome.NOT_CHECKED)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause a finding rests on, with the address of its text where the plan holds it."""

    label: str
    quote: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A layer a finding rests on and the date it is of."""

    name: str
    date: str
    schematic: bool
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as a page shows it; ``place`` is its number in the record."""

    place: int
    rule: str
    title: str
    outcome: Outcome
    severity: str
    message: str
    measured: str
    limit: str
    mend: str
    note: str
    decides: bool
    waived: str
    clauses: tuple[Clause, ...]
    sources: tuple[Source, ...]
    missing: tuple[str, ...]
    located: bool
    opinion: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    """Findings with one outcome."""

    outcome: Outcome
    key: int
    closed: bool
    findings: tuple[Shown, ...] = field(default=())

    @property
    def deciding(self) -> int:
        """How many of them decide on the review date."""
        return sum(item.decides for item in self.findings)


def groups(
    record: Mapping[str, Any], access: Access, opinions: Mapping[int, Any] | None = None
) -> tuple[Group, ...]:
    """The findings of a record by outcome, the gravest first; ``opinions`` by their number."""
    layers = {item["name"]: item for item in record["layers"]}
    held = opinions or {}
    shown = [
        _shown(place, item, record, layers=layers, access=access, opinion=held.get(place))
        for place, item in enumerate(record["findings"])
    ]
    return tuple(
        Group(
            outcome,
            key,
            outcome in _CLOSED,
            tuple(sorted((f for f in shown if f.outcome is outcome), key=lambda f: not f.decides)),
        )
        for key, outcome in enumerate(ORDER, start=1)
    )


def verdict(key: str) -> dict[str, str]:
    """A verdict's word and look."""
    if not key:
        return {"key": "", "word": "", "look": ""}
    return {"key": key, "word": said(Verdict(key).word), "look": LOOKS[key]}


def counts(record: Mapping[str, Any]) -> dict[str, int]:
    """How many deciding findings have each outcome."""
    found = {outcome.value: 0 for outcome in ORDER}
    for item in record["findings"]:
        if item["decides"]:
            found[item["outcome"]] += 1
    return found


def worst(record: Mapping[str, Any], limit: int = 2) -> tuple[dict[str, str], ...]:
    """The gravest deciding findings: outcome, title, message."""
    rank = {outcome.value: number for number, outcome in enumerate(ORDER)}
    weight = {severity.value: number for number, severity in enumerate(Severity)}
    hits = [
        item
        for item in record["findings"]
        if item["decides"] and item["outcome"] in (o.value for o in _DRAWN)
    ]
    hits.sort(key=lambda item: (rank[item["outcome"]], weight[item["severity"]]))
    return tuple(
        {
            "outcome": item["outcome"],
            "word": said(Outcome(item["outcome"]).word),
            "rule": item["rule"],
            "title": _title(item["rule"]),
            "message": said(item["message"]),
        }
        for item in hits[:limit]
    )


def places(record: Mapping[str, Any], access: Access) -> dict[str, Any]:
    """The block, the evidence of each finding and the suggestion, as GeoJSON for the map."""
    geometry = record["proposal"]["geometry"]
    evidence = {
        place: [
            {"type": "Feature", "properties": {}, "geometry": _geojson(piece["geometry"])}
            for piece in item["evidence"]
            if piece["geometry"] and sees_constraint(access, piece["layer"])
        ]
        for place, item in enumerate(record["findings"])
        if item["outcome"] in (o.value for o in _DRAWN)
    }
    suggestion = record.get("suggestion")
    return {
        "block": {"type": geometry["type"], "coordinates": geometry["coordinates"]},
        "evidence": {
            str(place): {
                "outcome": record["findings"][place]["outcome"],
                "whole": all(
                    (piece["share_of_block"] or 0.0) > _WHOLE
                    for piece in record["findings"][place]["evidence"]
                ),
                "geo": {"type": "FeatureCollection", "features": features},
            }
            for place, features in evidence.items()
            if features
        },
        "suggestion": _geojson(suggestion["geometry"]) if suggestion else None,
    }


def sources(record: Mapping[str, Any], access: Access) -> list[dict[str, Any]]:
    """The layers a review rests on, with act, date and hash."""
    return [
        {
            **item,
            "word": _layer_word(item["name"]),
            "restricted": not sees_constraint(access, item["name"]),
        }
        for item in record["layers"]
    ]


def suggestion(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """What would be left of the block, and what the review says of that."""
    part = record.get("suggestion")
    if not part:
        return None
    key = record.get("suggestion_verdict") or ""
    return {
        **part,
        "percent": f"{part['lost_share'] * 100:.1f}",
        "verdict": verdict(key),
        "still": [_title(rule) for rule in record.get("suggestion_conflicts") or ()],
    }


def mends(found: Iterable[Group]) -> tuple[tuple[Shown, ...], tuple[Shown, ...]]:
    """Findings that say how to mend what stands against a clean verdict, each advice once.

    First those that must be mended (conflicts; without any, what needs attention), then the rest.
    """
    told: set[str] = set()
    kept: list[Shown] = []
    for item in (f for group in found if group.outcome in _DRAWN for f in group.findings):
        if item.mend and item.decides and item.mend not in told:
            told.add(item.mend)
            kept.append(item)
    first = next((item.outcome for item in kept), None)
    return (
        tuple(item for item in kept if item.outcome is first),
        tuple(item for item in kept if item.outcome is not first),
    )


def _shown(
    place: int,
    item: Mapping[str, Any],
    record: Mapping[str, Any],
    *,
    layers: Mapping[str, Mapping[str, Any]],
    access: Access,
    opinion: Any,
) -> Shown:
    rule = rules_by_id().get(item["rule"])
    seen = [piece for piece in item["evidence"] if sees_constraint(access, piece["layer"])]
    named = [piece["layer"] for piece in item["evidence"]]
    needed = [need.name for need in rule.layers] if rule and not named else []
    return Shown(
        place=place,
        rule=item["rule"],
        title=_title(item["rule"]),
        outcome=Outcome(item["outcome"]),
        severity=said(Severity(item["severity"]).word),
        message=said(item["message"]),
        measured=_quantity(item["measured"]),
        limit=_quantity(item["limit"]),
        mend=said(item["mend"]) if item["mend"] else "",
        note=said(item["reading_note"]) if item["reading_note"] else "",
        decides=item["decides"],
        waived=item["waived_by"] or "",
        clauses=tuple(_clause(basis, record) for basis in rule.basis) if rule else (),
        sources=tuple(_source(name, layers, access) for name in dict.fromkeys(named + needed)),
        missing=tuple(said(text) for text in item["missing"]),
        located=item["outcome"] in (o.value for o in _DRAWN)
        and any(piece["geometry"] for piece in seen),
        opinion=opinion,
    )


def _title(rule: str) -> str:
    known = rules_by_id().get(rule)
    return said(known.title) if known else rule


def _clause(basis: Basis, record: Mapping[str, Any]) -> Clause:
    address = ""
    if basis.clause_id:
        try:
            address = f"{reverse('plan-text', args=[record['plan']['id']])}#{basis.clause_id}"
        except NoReverseMatch:
            address = ""
    return Clause(str(basis), basis.quote, address)


def _source(name: str, layers: Mapping[str, Mapping[str, Any]], access: Access) -> Source:
    held = layers.get(name)
    if held is None:
        return Source(_layer_word(name), "", False)
    return Source(
        _layer_word(name),
        held["effective_from"] or "",
        held["schematic"],
        not sees_constraint(access, name),
    )


def _layer_word(name: str) -> str:
    known: Text | None = layer_names().get(name) or _zone_words().get(name)
    return said(known) if known else name


def _zone_words() -> Mapping[str, Text]:
    from minplan.core.plan.model import ZoneKind  # noqa: PLC0415 (the model is large)

    return {kind.value: kind.word for kind in ZoneKind}


def _quantity(told: Mapping[str, Any] | None) -> str:
    if told is None:
        return ""
    value, unit = told["value"], told["unit"]
    if unit == "m²" and isinstance(value, int | float):
        value, unit = f"{value / 1e4:.4f}", t("公顷", "ha")
    elif isinstance(value, float):
        value = format(value, ".10g")
    return " ".join(str(part) for part in (told["operator"], value, unit) if part not in ("", None))


def _geojson(wkt: str) -> dict[str, Any]:
    shape = shapely.transform(shapely.from_wkt(wkt), lambda points: points.round(7))
    found: dict[str, Any] = mapping(shape)
    return found


def opinions_of(steps: Sequence[Any], review: str) -> dict[int, Any]:
    """The latest opinion on each finding of a review; taken back ones are gone."""
    held: dict[int, Any] = {}
    for step in steps:
        if step.action != "opinion" or step.content.get("review") != review:
            continue
        place = int(step.content["finding"])
        if step.content.get("outcome"):
            word = Outcome(step.content["outcome"])
            held[place] = {"outcome": word, "reason": step.reason, "who": step.actor_name}
        else:
            held.pop(place, None)
    return held
