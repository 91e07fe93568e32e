"""The mineral-relation matrix is whole, and neighbours are judged step by step."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from minplan.core.review.relations import (
    Relation,
    as_date,
    as_number,
    elevation_of,
    lapsed,
    matrix,
    relation_of,
)
from minplan.core.standard.minerals import find_mineral, minerals

GROUPS = sorted({item.group for item in minerals()})


@pytest.mark.parametrize("pair", list(itertools.combinations_with_replacement(GROUPS, 2)))
def test_every_pair_of_groups_has_a_relation(pair: tuple[str, str]) -> None:
    assert matrix()[frozenset(pair)].why.zh


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("煤炭", "煤层气", Relation.AGREEMENT),
        ("煤炭", "铝土矿", Relation.VERTICAL),
        ("煤炭", "建筑石料用灰岩", Relation.VERTICAL),
        ("水泥用灰岩", "建筑石料用灰岩", Relation.EXCLUSIVE),
        ("石灰岩", "水泥用灰岩", Relation.EXCLUSIVE),
        ("铁矿", "铁矿", Relation.EXCLUSIVE),
        ("铁矿", "铝土矿", Relation.VERTICAL),
        ("矿泉水", "煤炭", Relation.STUDY),
        ("地热", "煤层气", Relation.STUDY),
    ],
)
def test_relations_of_minerals(first: str, second: str, relation: Relation) -> None:
    one, two = find_mineral(first), find_mineral(second)
    assert one is not None
    assert two is not None
    assert relation_of(one, two).relation is relation
    assert relation_of(two, one).relation is relation


def test_lapsed_rights() -> None:
    day = dt.date(2026, 1, 15)
    assert lapsed({"expiry": "2026-01-14"}, day) is not None
    assert lapsed({"expiry": "2026-01-15"}, day) is None
    assert lapsed({"expiry": "", "status": "有效"}, day) is None
    assert lapsed({"status": "已注销"}, day) is not None


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-01-15", dt.date(2026, 1, 15)),
        ("2026/01/15 00:00:00", dt.date(2026, 1, 15)),
        (dt.datetime(2026, 1, 15, 12), dt.date(2026, 1, 15)),
        (dt.date(2026, 1, 15), dt.date(2026, 1, 15)),
        ("长期", None),
        (None, None),
    ],
)
def test_dates_as_layers_hold_them(value: Any, day: dt.date | None) -> None:
    assert as_date(value) == day


def test_numbers_as_layers_hold_them() -> None:
    assert as_number("1300") == pytest.approx(1300)
    assert as_number("") is None
    assert as_number(float("nan")) is None
    assert elevation_of({"upper": 900}) is None
