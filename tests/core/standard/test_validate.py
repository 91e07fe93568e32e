"""Values against the data dictionary: what suits is normalised, what does not is named."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shapely import Point, box

from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.load import edition
from minplan.core.standard.validate import (
    validate,
    validate_feature,
    validate_layer,
    validate_references,
)
from minplan.core.standard.values import cut_to_bytes, gbk_length

EDITION = edition("2021-2025")
BLOCK = {"BSM": "KQ001", "MC": "示例区块"}


def checked(layer: str = "KAIGHQK", date: dt.date | None = None, **values: Any) -> Any:
    return validate(EDITION, layer, {**BLOCK, **values}, date=date)


def codes(result: Any) -> list[str]:
    return [item.code for item in result.faults]


@pytest.mark.parametrize(
    ("field", "given_value", "stored"),
    [
        ("MC", "  示例 ", "示例"),
        ("BSM", 1001.0, "1001"),
        ("GHQSN", "2021", 2021),
        ("GHQSN", 2021.0, 2021),
        ("MJ", "2.45678", 2.4568),
        ("MJ", 2, 2.0),
        ("KCFS", "露天", "1"),
        ("KCFS", 1.0, "1"),
        ("ZYKZ", "原煤，水泥用石灰岩", "煤炭、水泥用灰岩"),
        ("GHJB", "市级", "3"),
        ("SFSY", "是", True),
        ("SFSY", 0, False),
    ],
)
def test_values_are_brought_into_the_stored_form(field: str, given_value: Any, stored: Any) -> None:
    result = checked(**{field: given_value})
    assert codes(result) == []
    assert result.attributes[field] == stored
    assert type(result.attributes[field]) is type(stored)


@pytest.mark.parametrize(
    "written",
    [dt.date(2023, 4, 1), dt.datetime(2023, 4, 1), "2023-4-1", "20230401", "2023年4月1日"],
)
def test_dates_become_iso(written: Any) -> None:
    assert checked("STBHHX", HDSJ=written).attributes["HDSJ"] == "2023-04-01"


@pytest.mark.parametrize("empty", [None, "", "  ", float("nan")])
def test_empty_values_are_left_out(empty: Any) -> None:
    assert "BZ" not in checked(BZ=empty).attributes


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"NOSUCH": 1}, "E712"),
        ({"MC": None}, "E713"),
        ({"NSGM": 30}, "E713"),  # its unit is required with it
        ({"MJ": "约2"}, "E714"),
        ({"MJ": True}, "E714"),
        ({"GHQSN": 2021.5}, "E714"),
        ({"MC": "区" * 61}, "E715"),  # 61 characters fit 120, their 122 bytes do not
        ({"KCFS": "爆破"}, "E716"),
        ({"MJ": -1}, "E718"),
        ({"GHQSN": 20210}, "E718"),
        ({"MJ": 1.7, "MJWB": "1.80"}, "E719"),
        ({"MJWB": "1.80"}, "E719"),
    ],
)
def test_every_fault_has_its_code_place_and_hint(values: dict[str, Any], code: str) -> None:
    result = checked(**values)
    assert codes(result) == [code]
    fault = result.faults[0]
    assert fault.hint is not None
    assert (fault.place.layer or "").startswith("KAIGHQK")
    assert fault.place.field is not None


def test_printed_figures_keep_their_decimals() -> None:
    result = checked(MJ=1.7, MJWB="1.70")
    assert result.faults == ()
    assert result.attributes["MJWB"] == "1.70"


def test_a_code_must_be_in_force() -> None:
    assert codes(checked(date=dt.date(2016, 1, 1), XZQDM="140403")) == ["E717"]
    assert codes(checked(date=dt.date(2023, 1, 1), XZQDM="140403")) == []


def test_a_near_word_is_offered() -> None:
    hint = checked(ZYKZ="建筑石料用灰石").faults[0].hint
    assert hint is not None
    assert "建筑石料用灰岩" in hint.zh


def test_geometry_and_key_of_a_feature() -> None:
    sound = FeatureValue("KAIGHQK", "KQ001", BLOCK, box(113, 36, 113.01, 36.01))
    assert validate_feature(EDITION, sound)[1] == ()
    wrong = FeatureValue("KAIGHQK", "KQ002", BLOCK, Point(113, 36))
    assert [item.code for item in validate_feature(EDITION, wrong)[1]] == ["E722", "E723"]
    row = FeatureValue("GLCS", "M-1", {"BSM": "M-1", "FQLB": "集中开采区"}, Point(113, 36))
    assert [item.code for item in validate_feature(EDITION, row)[1]] == ["E722"]


def test_a_key_that_is_there_twice_names_both_rows() -> None:
    twice = [FeatureValue("KAIGHQK", "KQ001", BLOCK)] * 2
    (fault,) = validate_layer(EDITION, "KAIGHQK", twice).faults
    assert (fault.code, fault.place.row) == ("E720", 2)
    assert "第 1 行" in fault.message.zh


def test_references_between_tables() -> None:
    mineral = {"BSM": "KQ001|煤炭", "FQBSM": "KQ001", "KZ": "煤炭"}
    row = FeatureValue("FQKZ", "KQ001|煤炭", mineral)
    assert [item.code for item in validate_references(EDITION, [row])] == ["E721"]
    block = FeatureValue("KAIGHQK", "KQ001", BLOCK)
    assert validate_references(EDITION, [row, block]) == ()


@given(st.text(max_size=300), st.integers(0, 254))
def test_cut_texts_fit_and_are_beginnings(text: str, room: int) -> None:
    cut = cut_to_bytes(text, room)
    assert gbk_length(cut) <= room
    assert text.startswith(cut)


@given(
    st.dictionaries(st.sampled_from([f.code for f in EDITION.spec("KAIGHQK").fields]), st.text())
)
@example({"ZYKZ": "|"})
def test_what_is_stored_is_stored_the_same_again(values: dict[str, str]) -> None:
    first = validate(EDITION, "KAIGHQK", values)
    again = validate(EDITION, "KAIGHQK", first.attributes)
    assert again.attributes == first.attributes
