"""``minplan read`` and the manners of the command line: streams, language, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.formats import samples

from minplan.cli.main import cli

NORTH_EAST = "\n".join(f"{number} {y} {x}" for number, (x, y) in enumerate(samples.CORNERS, 1))
PACKED = "112.5540,36.1234\n112.5600,36.1234\n112.5600,36.1300\n"


def run(*arguments: str, text: str | None = None, lang: str = "zh") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, *arguments], input=text)


def script(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from minplan.cli.main import main; main()", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LANG": "zh_CN.UTF-8", **environment},
        check=False,
        timeout=120,
    )


def test_a_corner_list_is_explained_with_corners_areas_and_remarks(tmp_path: Path) -> None:
    path = tmp_path / "拐点.txt"
    path.write_text(NORTH_EAST, encoding="utf-8")
    result = run("read", str(path), "--stated-area", "0.7204")
    assert result.exit_code == 0, result.output
    assert "38带" in result.stdout
    assert "38400900.50" in result.stdout
    assert "112°53′" in result.stdout
    assert "与申报一致" in result.stdout
    assert "E141" in result.stdout
    assert result.stderr == ""


def test_the_same_in_english_from_standard_input() -> None:
    result = run("read", "-", text=NORTH_EAST, lang="en")
    assert result.exit_code == 0
    assert "zone 38" in result.stdout
    assert "longitude" in result.stdout


def test_json_is_one_object_with_exact_figures(tmp_path: Path) -> None:
    result = run("read", str(samples.geopackage(tmp_path)), "--json")
    record = json.loads(result.stdout)
    (block,) = record["blocks"]
    assert record["kind"] == "geopackage"
    assert block["systems"][0]["epsg"] == 4526
    assert block["corners"][0].keys() >= {"number", "lon", "lat", "east", "north", "printed"}
    assert block["areas_m2"]["planar"] == pytest.approx(samples.AREA_M2, abs=0.01)
    assert block["attributes"]["矿种"] == "建筑石料用灰岩"


def test_statements_of_the_user(tmp_path: Path) -> None:
    plain = NORTH_EAST.replace(" 38", " ")
    assert run("read", plain).exit_code == 3
    for statement in (["--region", "140400"], ["--region", "长治"], ["--crs", "38"]):
        result = run("read", plain, *statement)
        assert result.exit_code == 0, result.output
        assert "38带" in result.stdout
    bounds = run("read", plain, "--region", "111.9,35.8,113.8,37.2", "--json")
    assert json.loads(bounds.stdout)["blocks"][0]["systems"][0]["epsg"] in (4526, 4547)


def test_old_datums_need_parameters() -> None:
    old = f"1980西安坐标系\n{NORTH_EAST}"
    refused = run("read", old)
    assert refused.exit_code == 3
    assert "E141" in refused.stderr
    assert run("read", old, "--keep-datum").exit_code == 0
    shifted = run("read", old, "--shift", "xian80:2,115")
    assert "dE=115" in shifted.stdout
    seven = run("read", old, "--crs", "xian80-38", "--shift", "1,2,3,0,0,0,1")
    assert seven.exit_code == 0, seven.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["read"],
        ["read", "1", "--shift", "1,2,3"],
        ["read", "1", "--shift", "xian80:1,2,x"],
        ["read", "1", "--shift", "xian80:1"],
        ["read", "1", "--order", "sideways"],
        ["raed", "1"],
        ["--nonsense"],
    ],
)
def test_wrong_use_is_exit_code_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["read", "没有这个.zip"], "E201"),
        (["read", "只是一句话"], "E110"),
        (["read", "1", "--crs", "火星"], "E214"),
        (["read", "1", "--region", "月球"], "E217"),
        (["read", NORTH_EAST, "--stated-area", "很大"], "E152"),
    ],
)
def test_what_cannot_be_read_is_exit_code_3_with_a_way_out(arguments: list[str], code: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 3
    assert f"[{code}]" in result.stderr
    assert "办法" in result.stderr
    assert result.stdout == ""


def test_several_readings_are_shown_to_choose_from() -> None:
    result = run("read", PACKED)
    assert result.exit_code == 3
    assert "读法 2" in result.stderr
    assert run("read", PACKED, "--notation", "packed").exit_code == 0


def test_an_error_is_json_too_where_json_was_asked_for() -> None:
    result = run("read", "没有这个.zip", "--json")
    assert json.loads(result.stdout)["error"]["code"] == "E201"


def test_every_block_of_a_file_is_shown(tmp_path: Path) -> None:
    path = samples.write(
        tmp_path / "a.gpkg", [samples.BLOCK, samples.NEXT], "GPKG", "EPSG:4526", attributes={}
    )
    output = run("read", str(path)).stdout
    assert "a 1" in output
    assert "a 2" in output
    assert "E162" in output


# -- a real process ---------------------------------------------------------------------------


def test_streams_and_exit_codes_of_the_process(tmp_path: Path) -> None:
    path = tmp_path / "拐点.txt"
    path.write_text(NORTH_EAST, encoding="gbk")
    good = script("read", str(path), "--json", PYTHONIOENCODING="ascii")
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout)["blocks"][0]["name"] == "拐点"
    bad = script("read", str(tmp_path / "没有.zip"))
    assert (bad.returncode, bad.stdout) == (3, "")
    assert "[E201]" in bad.stderr
    wrong = script("raed")
    assert wrong.returncode == 2
    assert "没有这个命令" in wrong.stderr
    english = script("raed", LANG="en_GB.UTF-8")
    assert "No such command" in english.stderr


def test_a_defect_names_its_log(tmp_path: Path) -> None:
    code = (
        "import minplan.formats.read as module, sys\n"
        "def broken(*_): raise ZeroDivisionError\n"
        "module.read_input = broken\n"
        "sys.argv = ['minplan', 'read', 'x']\n"
        "from minplan.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LANG": "en_GB.UTF-8", "TMPDIR": str(tmp_path)},
        check=False,
        timeout=120,
    )
    assert done.returncode == 70
    (log,) = tmp_path.glob("minplan-*.log")
    assert str(log) in done.stderr
    assert "ZeroDivisionError" in log.read_text("utf-8")


def test_help_needs_no_geometry() -> None:
    code = (
        "import sys; sys.argv = ['minplan', '--help']\n"
        "from minplan.cli.main import main\n"
        "try: main()\n"
        "finally: print(sorted({'shapely', 'numpy', 'pyogrio', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert done.stdout.strip().endswith("[]")
    assert "read" in done.stdout
