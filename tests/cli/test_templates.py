"""Workbooks to fill in come from the standard and go straight into the database."""

from __future__ import annotations

import sqlite3
from importlib import resources
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli
from minplan.core.standard.load import edition
from minplan.handin.templates import headings


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--lang", "zh", "--workspace", str(workspace), *arguments])


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    with resources.as_file(resources.files("minplan.demo") / "changzhi" / "plan") as package:
        assert run(folder, "import", str(package)).exit_code == 0
    return folder


def test_a_filled_template_is_taken_in(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "填报.xlsx"
    assert run(workspace, "standard", "template", "ZDXM", "KCD", "-o", str(file)).exit_code == 0
    book = openpyxl.load_workbook(file)
    for code, values in (
        ("ZDXM", {"标识码": "X1", "项目名称": "绿色矿山", "投资": 1200.5}),
        ("KCD", {"标识码": "D1", "名称": "矿点", "矿床规模": "大型", "WKT": "POINT (113.1 36.2)"}),
    ):
        sheet = book[code]
        columns = {cell.value: cell.column for cell in sheet[1]}
        for name, value in values.items():
            sheet.cell(2, columns[name], value)
    book.save(file)
    said = ("--kind", "adjustment", "--effective", "2025-01-01", "--yes", "--json")
    result = run(workspace, "import", str(file), *said)
    assert result.exit_code == 0, result.output
    assert '"ZDXM": 1' in result.stdout
    assert '"KCD": 1' in result.stdout


def test_the_template_offers_the_code_lists(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "填报.xlsx"
    run(workspace, "standard", "template", "KAIGHQK", "-o", str(file))
    book = openpyxl.load_workbook(file)
    spec = edition("2021-2025").spec("KAIGHQK")
    names = [cell.value for cell in book["KAIGHQK"][1]]
    assert names == [*headings(spec).values(), "WKT"]
    column = names.index("开采方式") + 1
    letter = openpyxl.utils.get_column_letter(column)
    (rule,) = [
        item
        for item in book["KAIGHQK"].data_validations.dataValidation
        if str(item.sqref).startswith(f"{letter}2:")
    ]
    sheet, _, place = rule.formula1.partition("!")
    offered = [cell.value for (cell,) in book[sheet][place.replace("$", "")]]
    assert offered == [item.name.zh for item in edition("2021-2025").code_lists["KCFS"].codes]


def test_all_tables_and_unknown_layers(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "全部.xlsx"
    assert run(workspace, "standard", "template", "-o", str(file)).exit_code == 0
    visible = [s.title for s in openpyxl.load_workbook(file) if s.sheet_state == "visible"]
    assert visible == [table.code for table in edition("2021-2025").tables]
    assert run(workspace, "standard", "template", "NICHTS", "-o", str(file)).exit_code == 3


def test_views_are_made_by_command(workspace: Path) -> None:
    result = run(workspace, "database", "views")
    assert result.exit_code == 0, result.output
    assert "ghzb_2021_2025" in result.stdout.split()
    with sqlite3.connect(workspace / "planning.sqlite") as connection:
        (count,) = connection.execute("SELECT count(*) FROM ghzb_2021_2025").fetchone()
    assert count > 0
