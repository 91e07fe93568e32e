"""Plain words as queries."""

from __future__ import annotations

import pytest
from tests.core.query.making import MINES

from minplan.core.errors import InputError
from minplan.core.query.phrase import understand
from minplan.core.query.serial import query_to_dict

COUNTIES = {"黎城县": "黎城县", "黎城": "黎城县", "Licheng": "黎城县", "沁源县": "沁源县"}


def read(text: str, fallback: str = "") -> tuple[list[tuple[str, str, list[object]]], list[str]]:
    found = understand(text, (MINES,), COUNTIES, fallback)
    conditions = query_to_dict(found.query).get("conditions", [])
    told = [(item["field"], item["operator"], item["values"]) for item in conditions]
    return told, [*found.unknown]


@pytest.mark.parametrize("text", ["黎城 矿山 煤炭", "黎城县矿山煤炭", "Licheng coal mines"])
def test_blanks_and_language_do_not_matter(text: str) -> None:
    assert read(text) == (
        [("SZXZQ", "contains", ["黎城县"]), ("ZYKZ", "in", ["煤炭"])],
        [],
    )


def test_figures_are_compared() -> None:
    assert read("矿山 规模>=30") == ([("GM", ">=", [30.0])], [])
    assert read("矿山 面积≥0.5平方公里") == ([("_area", ">=", [0.5])], [])


def test_unknown_words_are_looked_for_in_names_and_told() -> None:
    assert read("矿山 红旗") == ([("MC", "contains", ["红旗"])], ["红旗"])


def test_the_layer_in_view_serves_where_none_is_named() -> None:
    assert read("黎城", MINES.id)[0] == [("SZXZQ", "contains", ["黎城县"])]
    with pytest.raises(InputError) as refused:
        read("黎城")
    assert refused.value.code == "E879"
