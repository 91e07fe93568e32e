"""``minplan convert`` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shapely.geometry import Point
from tests.formats.drivers import tables

from minplan.cli.main import cli
from minplan.core.geometry.crs import CoordinateSystem
from minplan.formats.features import GeometryType, write_features


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["convert", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    write_features(tmp_path / "plan.gpkg", [tables.plan_table()])
    return tmp_path / "plan.gpkg"


@pytest.mark.parametrize(
    "key", ["shp", "gdb", "geojson", "kml", "dxf", "csv", "xlsx", "fgb", "guotu", "registry"]
)
def test_every_format_is_written_beside_the_input(plan: Path, key: str) -> None:
    result = run(plan, "-t", key)
    assert result.exit_code == 0, result.output
    written = Path(result.stdout.splitlines()[-1])
    assert written.exists()
    (found, *_) = tables.read_all(written)
    assert len(found) >= 2


def test_another_system_and_encoding(plan: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.shp"
    result = run(plan, "-t", "shp", "--crs", "lonlat", "--encoding", "GBK", "-o", output)
    assert result.exit_code == 0, result.output
    (found,) = tables.read_all(output)
    assert found.system == CoordinateSystem()
    assert output.with_suffix(".cpg").read_text() == "GBK"


def test_rights_become_exchange_files_of_their_own(plan: Path, tmp_path: Path) -> None:
    result = run(plan, "-t", "baopan", "-o", tmp_path / "rights")
    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "rights").iterdir())) == 2
    result = run(plan, "-t", "baopan", "-o", tmp_path / "one.txt")
    assert result.exit_code == 3
    assert "E220" in result.stderr


def test_mixed_layers_are_split_by_kind(tmp_path: Path) -> None:
    shapes = [tables.SQUARE, None, Point(38400000, 4040000)]
    write_features(tmp_path / "a.gpkg", [tables.named(shapes, GeometryType.MIXED)])
    result = run(tmp_path / "a.gpkg", "-t", "gdb")
    assert result.exit_code == 0, result.output
    found = {table.name: len(table) for table in tables.read_all(tmp_path / "a.gdb")}
    assert found == {"GHQK_polygon": 2, "GHQK_point": 1}


def test_what_exists_is_kept(plan: Path, tmp_path: Path) -> None:
    assert run(plan, "-t", "csv", "--corners").exit_code == 0
    again = run(plan, "-t", "csv")
    assert again.exit_code == 3
    assert "E221" in again.stderr
    assert run(plan, "-t", "csv", "--overwrite").exit_code == 0


def test_what_is_lost_is_said(plan: Path) -> None:
    result = run(plan, "-t", "dxf")
    assert "DXF 不带属性" in result.stderr
