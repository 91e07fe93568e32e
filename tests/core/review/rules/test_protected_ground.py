"""Protected ground: the table is whole, and special laws read it as written."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Verdict
from minplan.core.review.missing import dictionary, layer_names

RULES = "minplan.core.review.rules"
ROWS = tomllib.loads((resources.files(RULES) / "protected_ground.toml").read_text("utf-8"))[
    "ground"
]
WORDS = {"forbidden", "consent", "condition", "free"}
HALF = {"box": (500, -100, 1100, 1100), "name": "示例"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['rule']}-{row['zh']}")
def test_rows_speak_of_known_things(row: dict[str, Any]) -> None:
    assert row["layer"] in layer_names()
    assert row["document"] in dictionary("attachments")
    assert {row["mining"], row["exploration"]} <= WORDS
    assert row["source"].startswith(("《", "矿产资源法"))
    assert row.get("fact", "discharges_pollutants") in dictionary("facts")


@pytest.mark.parametrize("pair", sorted({(row["rule"], row["layer"]) for row in ROWS}))
def test_every_feature_falls_under_some_row(pair: tuple[str, str]) -> None:
    rows = [row for row in ROWS if (row["rule"], row["layer"]) == pair]
    kinds = {row["attribute"] for row in rows}
    assert len(kinds) == 1
    assert not rows[-1]["match"], "the last row takes the rest"


def test_kinds_of_one_layer_get_one_finding_each(judge: Any) -> None:
    west = {"box": (-100, -100, 300, 1100), "kind": "风景名胜区", "name": "甲"}
    east = {"box": (700, -100, 1100, 1100), "kind": "一般控制区", "name": "乙"}
    result = judge(
        "R-LAW-23",
        layers={
            "nature-reserve": (west, east),
            "military-and-airport": (),
            "public-welfare-forest": (),
        },
    )
    outcomes = sorted(item.outcome.value for item in result.findings)
    assert outcomes == ["attention", "clear", "clear", "conflict"]
    conflict = result.of(Outcome.CONFLICT)[0]
    assert [item.name for item in conflict.evidence] == ["甲"]
    assert "《风景名胜区条例》第二十六条" in conflict.message.zh


def test_what_is_found_stays_beside_what_is_missing(judge: Any) -> None:
    result = judge(
        "R-LAW-22",
        layers={
            "water-project": ({**HALF, "kind": "大坝"},),
            "drinking-water-source": ({**HALF, "level": "二级"},),
        },
    )
    outcomes = {item.outcome for item in result.findings}
    assert outcomes == {Outcome.CONFLICT, Outcome.NOT_CHECKED}
    assert result.verdict is Verdict.NOT_CONFORMING


def layers_of_the_old_law(**more: Any) -> dict[str, Any]:
    names = (
        "military-and-airport",
        "water-project",
        "railway",
        "highway",
        "nature-reserve",
        "heritage-protection-area",
    )
    return {**dict.fromkeys(names, ()), **more}


def test_the_old_law_yields_to_the_new_one(judge: Any) -> None:
    layers = layers_of_the_old_law(**{"nature-reserve": (HALF,)})
    old = judge("R-LAW-34", layers=layers, date="2025-06-30")
    new = judge("R-LAW-34", layers=layers, date="2025-07-01")
    assert old.verdict is Verdict.NOT_CONFORMING
    assert new.verdict is Verdict.CONFORMS


def test_a_county_road_is_free_under_the_old_law(judge: Any) -> None:
    road = {"line": ((-100, 500), (1100, 500)), "grade": "县道"}
    layers = layers_of_the_old_law(highway=(road,))
    assert judge("R-LAW-34", layers=layers, date="2025-06-01").verdict is Verdict.CONFORMS
    layers = layers_of_the_old_law(highway=({**road, "grade": "国道"},))
    (found,) = judge("R-LAW-34", layers=layers, date="2025-06-01").of(Outcome.CONFLICT)
    assert found.measured.unit == "m"
    assert found.measured.value == pytest.approx(1000, rel=1e-3)
    assert found.message.zh.startswith("公路穿越")
