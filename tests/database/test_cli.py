"""``minplan database``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["--lang", "en", *map(str, arguments)])


def test_init_info_verify_and_move(built_demo: Path, tmp_path: Path) -> None:
    source, target = built_demo / "planning.sqlite", tmp_path / "moved.sqlite"
    shown = json.loads(run("database", "info", source, "--json").stdout)
    assert shown["rows"]["Feature"] > 100
    assert run("database", "move", source, target).exit_code == 0
    moved = json.loads(run("database", "info", target, "--json").stdout)
    assert moved["rows"] == shown["rows"]
    done = run("database", "verify", target)
    assert done.exit_code == 0
    assert "0 faults" in done.stderr
    again = run("database", "move", source, target)
    assert again.exit_code == 5
    assert "E817" in again.stderr


def test_init_may_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        assert run("database", "init", tmp_path / "new.sqlite").exit_code == 0
    assert "Plans" in run("database", "info", tmp_path / "new.sqlite").stdout


@pytest.mark.parametrize("what", ["info", "verify"])
def test_a_missing_file_is_told_and_not_made(tmp_path: Path, what: str) -> None:
    done = run("database", what, tmp_path / "none.sqlite")
    assert done.exit_code == 5
    assert "E801" in done.stderr
    assert not (tmp_path / "none.sqlite").exists()


def test_verify_tells_what_was_tampered_with(tmp_path: Path) -> None:
    import sqlite3

    target = tmp_path / "new.sqlite"
    run("database", "init", target)
    connection = sqlite3.connect(target)
    connection.execute("DROP TRIGGER minplan_lock_minplan_feature_delete")
    connection.close()
    done = run("database", "verify", target)
    assert done.exit_code == 5
    assert "triggers" in done.stdout
