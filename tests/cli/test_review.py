"""``minplan review``, ``replay`` and ``demo`` as an officer runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli

DAY = ("--as-of", "2025-11-03")
QUICK = (*DAY, "--report", "none", "--no-save")


def run(workspace: Path, *words: str | Path) -> Result:
    arguments = ["--lang", "zh", "--workspace", str(workspace), *map(str, words)]
    return CliRunner().invoke(cli, arguments)


def record(result: Result) -> dict[str, Any]:
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [("1-clear", 0, "符合规划"), ("2-attention", 0, "原则符合"), ("3-conflict", 1, "不符合规划")],
)
def test_the_exit_code_follows_the_verdict(
    built_demo: Path, name: str, code: int, words: str
) -> None:
    result = run(built_demo, "review", built_demo / "proposals" / f"{name}.toml", *QUICK)
    assert result.exit_code == code, result.output
    assert words in result.stdout


def test_a_bare_corner_list_is_reviewed_with_what_is_stated(built_demo: Path) -> None:
    result = run(
        built_demo,
        "review",
        built_demo / "proposals" / "3-conflict.txt",
        "--mineral",
        "煤炭",
        "--scale",
        "90",
        "--degree",
        "详查",
        *QUICK,
        "--json",
    )
    found = {f["rule"]: f["outcome"] for f in record(result)["findings"] if f["decides"]}
    assert found["R-AT-01"] == "conflict"
    # since 2023 the ministry asks for detailed exploration of large and medium coal only
    assert "R-AT-12" not in found
    assert found["R-LAW-12"] == "not-checked"
    assert found["R-AT-25"] == "not-checked"


def test_options_beat_the_file(built_demo: Path) -> None:
    file = built_demo / "proposals" / "3-conflict.toml"
    raised = record(run(built_demo, "review", file, "--scale", "60", *QUICK, "--json"))
    assert {f["outcome"] for f in raised["findings"] if f["rule"] == "R-AT-05"} == {"clear"}


def test_a_review_is_stored_reported_and_replayed(demo_workspace: Path) -> None:
    file = demo_workspace / "proposals" / "3-conflict.toml"
    result = run(demo_workspace, "review", file, *DAY, "--report", "geojson", "--json")
    told = record(result)
    stored = demo_workspace / "reviews" / told["number"] / "review.json"
    assert Path(told["files"]["geojson"]).is_file()
    replay = run(demo_workspace, "replay", stored)
    assert replay.exit_code == 0
    assert "一致" in replay.stdout


def test_a_review_after_the_period_says_so(built_demo: Path) -> None:
    file = built_demo / "proposals" / "1-clear.toml"
    result = run(
        built_demo, "review", file, "--as-of", "2026-03-01", "--report", "none", "--no-save"
    )
    assert "规划期（2021–2025）已满" in result.stdout


def test_one_bad_file_does_not_stop_the_others(built_demo: Path, tmp_path: Path) -> None:
    bad = tmp_path / "masked.txt"
    bad.write_text("1 ****002.38 ****117.20\n2 ****102.38 ****217.20\n3 ****202.38 ****317.20\n")
    good = built_demo / "proposals" / "1-clear.toml"
    result = run(built_demo, "review", bad, good, *QUICK)
    assert result.exit_code == 3
    assert "E115" in result.stderr
    assert "符合规划" in result.stdout


def test_without_a_workspace_the_way_to_one_is_told(tmp_path: Path) -> None:
    result = run(tmp_path, "review", "1 2 3", *QUICK)
    assert result.exit_code == 5
    assert "minplan demo" in result.stderr


def test_the_real_coal_mines_are_reviewed_in_one_command(
    built_demo: Path, shared_data: Path
) -> None:
    mines = shared_data / "mines" / "coal_mine_boundaries_changzhi.geojson"
    result = run(
        built_demo, "review", mines, "--mineral", "煤炭", "--scale", "120", *QUICK, "--json"
    )
    records = json.loads(result.stdout)
    assert len(records) == 20
    assert result.exit_code == 1
    # two of the twenty lie outside the city: nothing may be said to be clear of layers there
    verdicts = [item["verdict"] for item in records]
    assert "conforms" not in verdicts
    overlapped = [
        item
        for item in records
        if any(f["rule"] == "R-SP-06" and f["outcome"] == "conflict" for f in item["findings"])
    ]
    assert overlapped
    for item in records:
        for finding in item["findings"]:
            for evidence in finding["evidence"]:
                assert (evidence["share_of_block"] or 0) <= 1 + 1e-6
