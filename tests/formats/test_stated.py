"""What is stated of an input survives as plain data."""

from __future__ import annotations

import pytest

from minplan.core.errors import InputError
from minplan.core.geometry.corners import Notation, Order, ReadOptions
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.formats.reading import InputOptions
from minplan.formats.stated import options_from_dict, options_to_dict, system_word


def test_there_and_back() -> None:
    corners = ReadOptions(
        system=CoordinateSystem(Datum.XIAN80, 3, 37),
        order=Order.EAST_NORTH,
        notation=Notation.KILOMETRES,
        reading="columns",
        constants=(3_000_000.0, 38_000_000.0),
        accepted=frozenset({"E104"}),
        declined=frozenset({"E122"}),
        keep_datum=True,
    )
    options = InputOptions(corners, layer="范围", encoding="GBK")
    assert options_from_dict(options_to_dict(options)) == options


def test_nothing_stated_is_nothing_written() -> None:
    assert options_to_dict(InputOptions()) == {}
    assert options_from_dict({"system": "", "layer": None}) == InputOptions()


@pytest.mark.parametrize("word", ["38", "6-19", "xian80-37", "beijing54-6-19", "lonlat", "wgs84"])
def test_words_of_systems(word: str) -> None:
    system = options_from_dict({"system": word}).corners.system
    assert system is not None
    assert system_word(system) == word


@pytest.mark.parametrize(
    "data", [{"colour": "red"}, {"order": "up"}, {"constants": 5}, {"constants": ["a", "b"]}]
)
def test_what_cannot_be_used_is_named(data: dict[str, object]) -> None:
    with pytest.raises(InputError) as refused:
        options_from_dict(data)
    assert refused.value.code == "E512"
    assert refused.value.place.field == next(iter(data))
