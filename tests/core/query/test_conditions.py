"""What conditions find, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from shapely import box
from tests.core.query.making import MINES, ROWS, Memory

from minplan.core.errors import InputError
from minplan.core.query.model import Ground, Query, Relation
from minplan.core.query.rows import matching
from minplan.core.query.serial import checked, query_from_dict, query_from_json, query_to_dict
from minplan.core.query.words import query_words


def found(*conditions: tuple[str, str, Any], match: str = "all", ground: Any = None) -> str:
    """The keys of the rows that hold the conditions."""
    told = {
        "source": MINES.id,
        "match": match,
        "conditions": [
            {"field": f, "operator": o, "values": v if isinstance(v, list) else [v]}
            for f, o, v in conditions
        ],
    }
    query = checked(query_from_dict(told), MINES)
    shape = None
    if ground is not None:
        query = Query(query.source, query.conditions, ground=ground)
        shape = ground.shape
    keys = [
        key
        for rows in Memory(ROWS).batches()
        for key in rows.keys[np.flatnonzero(matching(query, MINES, rows, shape))]
    ]
    return "".join(keys)


@pytest.mark.parametrize(
    ("condition", "keys"),
    [
        (("MC", "contains", "号矿"), "abcdef"),
        (("MC", "=", "一号矿"), "a"),
        (("MC", "starts", "="), "d"),
        (("SZXZQ", "in", ["黎城县", "潞州区"]), "abf"),
        (("SZXZQ", "!=", "黎城县"), "cde"),
        (("SZXZQ", "empty", []), "e"),
        (("ZYKZ", "in", ["铁矿"]), "bcf"),
        (("ZYKZ", "not-in", ["煤炭"]), "cdf"),
        (("GM", ">=", 45), "aef"),
        (("GM", "between", [50, 30]), "bef"),
        (("GM", "!=", 45), "abcd"),
        (("GM", "filled", []), "abdef"),
        (("YXQZ", "<=", "2026-12-31"), "ade"),
        (("SFSY", "=", True), "be"),
        (("_area", ">", 0.9), "abcde"),
    ],
)
def test_each_operator(condition: tuple[str, str, Any], keys: str) -> None:
    assert found(condition) == keys


def test_all_or_one() -> None:
    both = [("SZXZQ", "=", "黎城县"), ("GM", ">", 100)]
    assert found(*both) == "a"
    assert found(*both, match="any") == "abf"


def test_ground_counts_shared_area_not_touching() -> None:
    # the western half of b; a and b meet along a line
    west = box(112.9, 35, 113.015, 37)
    assert found(ground=Ground(shape=west)) == "ab"
    assert found(ground=Ground(shape=west, share=0.6)) == "a"
    assert found(ground=Ground(Relation.WITHIN, shape=west)) == "a"
    beside = box(113.03, 35, 113.1, 37)
    assert found(ground=Ground(shape=beside)) == ""
    assert found(ground=Ground(Relation.TOUCHES, shape=beside)) == "c"


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (("NO", "=", 1), "E871"),
        (("GM", "contains", "4"), "E872"),
        (("GM", "=", "vierzig"), "E873"),
        (("GM", "between", [1]), "E873"),
        (("YXQZ", "=", "2026-13-01"), "E873"),
    ],
)
def test_what_does_not_fit_is_refused(condition: tuple[str, str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        found(condition)
    assert refused.value.code == code
    assert refused.value.hint is not None


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"source": "x", "more": 1}',
        '{"source": "x", "match": "none"}',
        '{"source": "x", "ground": {"share": 2, "layer": "XZQ", "key": "1"}}',
        '{"source": "x", "ground": {"shape": {"type": "Point", "coordinates": [1, 2]}}}',
        '{"source": "x", "ground": {"shape": {"type": "Polygon", "coordinates": '
        "[[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}}",
    ],
)
def test_what_is_no_query(text: str) -> None:
    with pytest.raises(InputError) as refused:
        query_from_json(text)
    assert refused.value.code == "E875"


def test_there_and_back() -> None:
    told = {
        "source": "plan/MINES",
        "conditions": [{"field": "GM", "operator": ">", "values": [1.5]}],
        "match": "any",
        "ground": {"relation": "within", "layer": "XZQ", "key": "140426", "name": "黎城县"},
        "columns": ["MC"],
        "sort": [{"field": "GM", "descending": True}],
        "pivot": {"rows": "SZXZQ", "columns": "", "sum": "GM"},
        "date": "2026-11-01",
    }
    assert query_to_dict(query_from_dict(told)) == told


def test_a_sentence_in_both_languages() -> None:
    told = {
        "source": MINES.id,
        "conditions": [
            {"field": "ZYKZ", "operator": "in", "values": ["煤炭"]},
            {"field": "GM", "operator": ">=", "values": [30]},
        ],
        "ground": {"layer": "XZQ", "key": "1", "name": "黎城县", "share": 0.5},
        "sort": [{"field": "GM", "descending": True}],
    }
    words = query_words(query_from_dict(told), MINES)
    assert words.zh == "矿山，矿种 为 煤炭；规模 ≥ 30，与黎城县相交（至少 50 %），按规模从大到小"
    assert words.en == (
        "mines, where mineral is coal and scale ≥ 30, overlapping 黎城县 (at least 50 %),"
        " by scale descending"
    )
