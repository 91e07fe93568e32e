"""The sandbox of examples: a square kilometre, plain values made into the real types."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from minplan.core.geometry.overlay import prepare
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.plan.model import Modality, ZoneKind
from minplan.core.review.finding import Outcome
from minplan.core.review.missing import dictionary, layer_names
from minplan.core.review.proposal import Action
from minplan.core.review.rule import Example, registered
from minplan.core.review.sandbox import layers_of, plan_of, proposal_of
from minplan.core.text import Text

NOTE = Text("示例", "example")


def test_the_block_is_a_square_kilometre() -> None:
    proposal = proposal_of(Example(Outcome.CLEAR, NOTE))
    assert prepare(proposal.geometry).area_m2 == pytest.approx(1e6, rel=1e-6)


def test_plain_values_become_the_real_types() -> None:
    example = Example(
        Outcome.CLEAR,
        NOTE,
        given={"action": "renewal", "elevation": (900, 1200)},
        attachments=("degree-argument", {"kind": "release-plan", "date": "2024-05-01"}),
        zones=({"kind": "county", "code": "C", "area_km2": 2.45, "minerals": ("煤炭",)},),
        plan={"thresholds": ({"subject": "minimum-scale", "value": "5"},), "plan": {"id": "x"}},
    )
    proposal, plan = proposal_of(example), plan_of(example)
    assert proposal.action is Action.RENEWAL
    assert proposal.elevation == ElevationRange(1200, 900)
    assert proposal.attachments[0].geometry_hash == proposal.geometry.fingerprint
    assert proposal.attachments[1].date == dt.date(2024, 5, 1)
    assert plan.plan.id == "x"
    assert plan.thresholds[0].modality is Modality.FIRM
    zone = plan.zones[0]
    assert zone.kind is ZoneKind.COUNTY
    assert zone.area_km2 == Decimal("2.45")
    assert zone.mineral_names == ("煤炭",)
    assert zone.geometry is None


def test_only_the_layers_named_are_there() -> None:
    example = Example(Outcome.CLEAR, NOTE, layers={"highway": ({"line": ((0, 0), (9, 9))},)})
    assert list(layers_of(example)) == ["highway"]


@pytest.mark.parametrize("rule", [pytest.param(item, id=item.id) for item in registered()])
def test_rules_name_layers_facts_and_documents_that_exist(rule: object) -> None:
    assert {need.name for need in rule.layers} <= set(layer_names())  # type: ignore[attr-defined]
    assert set(rule.facts) <= set(dictionary("facts"))  # type: ignore[attr-defined]
    for example in rule.examples:  # type: ignore[attr-defined]
        assert set(example.layers) <= set(layer_names())
        assert set(example.facts) <= set(dictionary("facts"))
        kinds = {item if isinstance(item, str) else item["kind"] for item in example.attachments}
        assert kinds <= set(dictionary("attachments"))


def test_the_words_of_facts_and_attachments_are_whole() -> None:
    for entry in dictionary("facts").values():
        assert entry["zh"]
        assert entry["en"]
        assert entry["type"] in {"bool", "number", "text", "choice", "date"}
        assert (entry["type"] == "choice") == ("choices" in entry)
    for entry in dictionary("attachments").values():
        assert entry["zh"]
        assert entry["en"]
