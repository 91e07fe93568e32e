"""Cells become values; what cannot be read is a fault with its place, never a crash."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from minplan.core.errors import MinplanError
from minplan.core.plan.model import Operator
from minplan.core.plan.rows import Cells, Row


def cell(text: str) -> tuple[Cells, list[MinplanError]]:
    faults: list[MinplanError] = []
    return Cells(Row("zones.csv", 7, {"x": text}), faults), faults


def test_a_printed_figure_keeps_its_decimals() -> None:
    cells, faults = cell(" 2.50 ")
    assert str(cells.number("x")) == "2.50"
    assert not faults


@given(st.decimals(min_value=0, allow_nan=False, allow_infinity=False))
def test_every_figure_is_read_as_printed(value: Decimal) -> None:
    cells, faults = cell(str(value))
    assert cells.number("x") == value
    assert not faults


@pytest.mark.parametrize("text", ["1,900", "约5", "inf", "NaN", "5万吨", "１２a"])
def test_what_is_not_a_figure_is_a_fault(text: str) -> None:
    cells, faults = cell(text)
    cells.number("x")
    assert [(item.code, item.place.row, item.place.field) for item in faults] == [("E408", 7, "x")]
    assert not cells.sound


def test_an_empty_cell_is_none_not_nought() -> None:
    cells, _ = cell("  ")
    assert cells.number("x") is None
    assert cells.integer("x") is None
    assert cells.date("x") is None
    assert cells.number("absent") is None


@pytest.mark.parametrize(
    "text", ["东山县、西河县", "东山县|西河县", "东山县；西河县", "东山县; 西河县、"]
)
def test_names_are_separated_by_the_signs_people_use(text: str) -> None:
    assert cell(text)[0].names("x") == ("东山县", "西河县")


@example("¹")  # a digit to str.isdigit, no number to int
@given(st.text())
def test_no_text_crashes_a_reader(text: str) -> None:
    cells, faults = cell(text)
    cells.number("x", minimum=None)
    cells.integer("x")
    cells.year("x")
    cells.date("x")
    cells.flag("x")
    cells.names("x")
    cells.choice("x", Operator)
    assert all(item.hint for item in faults)
