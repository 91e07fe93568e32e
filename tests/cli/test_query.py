"""``minplan query``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from minplan.cli.main import cli
from minplan.formats.features import open_features


def run(workspace: Path, *words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["--lang", "zh", "--workspace", str(workspace), *words])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def workspace(built_demo: Path) -> Path:
    return built_demo


def test_what_can_be_asked(workspace: Path) -> None:
    code, out, _ = run(workspace, "query")
    assert code == 0
    assert "plan/KAIGHQK" in out
    assert "layer/mining-right" in out


def test_words_give_rows_and_totals(workspace: Path) -> None:
    code, out, err = run(workspace, "query", "黎城", "开采规划区块", "未投放")
    assert code == 0
    assert "开采规划区块，所在县区 包含 黎城县；区块状态 为 拟设、已论证" in err
    assert "共 7 条" in err
    assert "KQ006-1" in out


def test_a_query_as_json(workspace: Path) -> None:
    query = {"source": "plan/KAIGHQK", "sort": [{"field": "_area", "descending": True}]}
    code, out, _ = run(workspace, "query", json.dumps(query), "--limit", "3", "--json")
    told = json.loads(out)
    areas = [row["values"]["_area"] for row in told["rows"]]
    assert code == 0
    assert areas == sorted(areas, reverse=True)
    assert (len(areas), told["totals"]["count"]) == (3, 27)
    assert told["next"]


def test_a_file_in_the_zone_asked_for(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "区块.shp.zip"
    code, out, _ = run(
        workspace, "query", "开采规划区块", "-o", str(file), "--crs", "38", "--encoding", "GBK"
    )
    assert (code, out.strip()) == (0, str(file))
    with open_features(file) as source:
        told = source.describe(source.layers[0])
        assert sum(len(batch) for batch in source.batches(source.layers[0])) == 27
    assert told.system is not None
    assert (told.system.zone, told.encoding) == (38, "GBK")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("query", "红旗"), "E879"),
        (("query", '{"source": "plan/NO"}'), "E870"),
        (("query", "开采规划区块", "-o", "x.doc"), "E876"),
    ],
)
def test_what_cannot_be_asked(workspace: Path, words: tuple[str, ...], code: str) -> None:
    exit_code, _, err = run(workspace, *words)
    assert exit_code == 3
    assert code in err
