"""The mineral code list."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from minplan.core.standard.minerals import find_mineral, lineage, minerals

GROUPS = {
    "coal",
    "coal-bed-methane",
    "oil-gas",
    "metal",
    "non-metal",
    "sand-stone",
    "geothermal",
    "water",
}


def test_list_is_complete_and_consistent() -> None:
    items = minerals()
    assert len(items) >= 90
    names = {item.name for item in items}
    words = Counter(word for item in items for word in (item.name, *item.aliases))
    assert not [word for word, count in words.items() if count > 1]
    assert not [item.name for item in items if item.parent and item.parent not in names]
    assert {item.group for item in items} == GROUPS
    assert {item.category for item in items} == {1, 2, 3}
    assert {item.licensed_by for item in items} == {"ministry", "province", "city"}
    codes = Counter(item.code for item in items if item.code)
    assert not [code for code, count in codes.items() if count > 1]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("煤", "煤炭"),
        ("水泥用石灰岩", "水泥用灰岩"),
        ("熔剂用石灰岩", "熔剂用灰岩"),
        ("锰铁矿", "锰矿"),
        ("浅层地温能", "浅层地热能"),
        ("高纯石英岩", "高纯石英矿"),
        (" 铁矿 ", "铁矿"),
    ],
)
def test_names_in_use_are_found(word: str, name: str) -> None:
    found = find_mineral(word)
    assert found is not None
    assert found.name == name


def test_unknown_names_are_not_guessed() -> None:
    assert find_mineral("某某矿") is None


def test_twenty_four_minerals_are_strategic_since_the_plan_of_2016() -> None:
    before, after = dt.date(2016, 11, 1), dt.date(2016, 11, 2)
    assert not [item for item in minerals() if item.is_strategic(before)]
    assert len([item for item in minerals() if item.is_strategic(after)]) == 24


def test_fourteen_minerals_and_their_kin_are_the_ministrys() -> None:
    ministry = {item.name for item in minerals() if item.licensed_by == "ministry"}
    assert {"石油", "天然气", "稀土矿", "钨矿", "钾盐", "晶质石墨"} <= ministry
    assert {"煤炭", "煤层气", "铁矿", "铝土矿", "地热"}.isdisjoint(ministry)


def test_kinds_of_a_mineral_lead_to_the_wider_one() -> None:
    quartzite = find_mineral("冶金用石英岩")
    assert quartzite is not None
    assert lineage(quartzite) == ("冶金用石英岩", "石英岩")
    kinds = {item.name for item in minerals() if item.parent == "石灰岩"}
    assert {"建筑石料用灰岩", "水泥用灰岩", "熔剂用灰岩", "制碱用灰岩"} <= kinds


def test_geothermal_and_mineral_water_are_exempt_from_the_control_lines() -> None:
    exempt = {item.name for item in minerals() if item.is_fluid_exempt}
    assert {"地热", "矿泉水"} <= exempt
    assert "煤层气" not in exempt
