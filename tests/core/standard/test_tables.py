"""Dated tables of law and policy."""

from __future__ import annotations

import datetime as dt

import pytest

from minplan.core.review.missing import dictionary
from minplan.core.standard.minerals import find_mineral
from minplan.core.standard.tables import rows_at, table

NAMES = (
    "agreement_cases",
    "coal_stops",
    "plan_check",
    "provincial_minimum",
    "right_terms",
    "service_life",
    "stone_quality",
    "three_rates",
)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_source_and_a_validity(name: str) -> None:
    for row in table(name):
        assert row.source
        assert row.valid_to is None or row.valid_from <= row.valid_to
        if "mineral" in row.values:
            found = find_mineral(row["mineral"])
            assert found is not None
            assert found.name == row["mineral"]


def test_the_date_decides_which_rows_hold() -> None:
    old = rows_at("right_terms", dt.date(2025, 6, 30), right="mining")
    new = rows_at("right_terms", dt.date(2025, 7, 1), right="mining")
    assert [row["years"] for row in old] == [30, 20, 10]
    assert [row["years"] for row in new] == [30]


def test_hazards_of_coal_stops_are_declared_facts() -> None:
    facts = dictionary("facts")
    assert {key for row in table("coal_stops") for key in row["hazards"]} <= facts.keys()


def test_cases_of_agreement_are_choices_of_the_form() -> None:
    choices = dictionary("facts")["agreement_case"]["choices"]
    assert {row["case"] for row in table("agreement_cases")} <= set(choices)
