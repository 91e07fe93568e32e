"""The data of the checks names fields, layers, codes and checks that exist."""

from __future__ import annotations

import pytest

from minplan.core.plan.model import ZoneKind
from minplan.core.quality.check import registered
from minplan.core.quality.naming import parsed
from minplan.core.quality.words import constraint_names, dictionary, orders
from minplan.core.standard.load import edition

EDITION = edition("2021-2025")
FIELDS = {item.code for spec in EDITION.specs for item in spec.fields}


@pytest.mark.parametrize("kind", ["year", "elevation", "date", "figure"])
def test_ordered_fields_stand_together_in_a_layer_or_table(kind: str) -> None:
    assert orders(kind)
    for item in orders(kind):
        assert any(spec.field(item.low) and spec.field(item.high) for spec in EDITION.specs), item


def test_tables_and_layers_have_the_fields_they_are_compared_by() -> None:
    for told in dictionary()["table"]:
        table = EDITION.spec(told["table"])
        assert table.field(told["key"]) is not None
        for pairs in (told["text"], told["set"], told["figure"]):
            for name, code in pairs.items():
                assert table.field(name) is not None, name
                assert any(EDITION.spec(layer).field(code) for layer in told["layers"]), code


def test_totals_name_fields_that_exist() -> None:
    for part in ("quota", "counts", "split", "caps", "minimum"):
        told = dictionary()[part]
        table = EDITION.spec(told["table"])
        named = [
            value
            for key, value in told.items()
            if isinstance(value, str) and key not in ("table", "target_table", "layers")
        ]
        for code in named:
            assert code in FIELDS, code
        assert table.fields


def test_kinds_and_control_layers_are_known() -> None:
    told = dictionary()
    kinds = {item.value for item in ZoneKind}
    assert {
        *told["kinds"]["blocks"],
        *told["kinds"]["conveyed"],
        *told["kinds"]["bounded"],
    } <= kinds
    for item in told["straddle"]:
        assert {item["block"], *item["zones"]} <= kinds
    ids = {item.id for item in registered()}
    for item in told["control"]:
        assert item["check"] in ids
        assert set(item["layers"]) <= set(constraint_names())


def test_metadata_items_are_those_of_the_edition() -> None:
    known = {item.code for item in EDITION.metadata}
    assert set(dictionary()["metadata"].values()) <= known


def test_fields_of_areas_and_periods_exist() -> None:
    told = dictionary()
    named = [*told["area"]["computed"], *told["area"]["stated"], told["area"]["schematic"]]
    named += [code for codes in told["period"].values() for code in codes]
    named += [told["divisions"]["code"], told["divisions"]["name"], *told["divisions"]["names"]]
    assert set(named) <= FIELDS


def test_a_name_is_taken_apart_by_its_pattern() -> None:
    found = parsed("{code6}{level}{layer}{year}", "1404003KAIGHQK2025")
    assert found == {"code6": "140400", "level": "3", "layer": "KAIGHQK", "year": "2025"}
    assert parsed("{code6}{level}{layer}{year}", "开采区块") is None
