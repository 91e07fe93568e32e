"""Accounts from the terminal."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from minplan.cli.main import cli

GOOD = "Sheshi-2026-ok"


def run(workspace: Path, *arguments: str, typed: str = "") -> Result:
    command = ["--lang", "zh", "--workspace", str(workspace), "accounts", *arguments]
    return CliRunner().invoke(cli, command, input=typed)


def test_add_list_close(tmp_path: Path) -> None:
    made = run(
        tmp_path, "add", "licheng", "--role", "county", "--area", "黎城县", "--password-stdin",
        typed=f"{GOOD}\n",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    (account,) = json.loads(run(tmp_path, "list", "--json").stdout)
    assert account["username"] == "licheng"
    assert (account["roles"], account["areas"]) == (["county"], ["黎城县"])
    assert run(tmp_path, "close", "licheng").exit_code == 0
    (account,) = json.loads(run(tmp_path, "list", "--json").stdout)
    assert account["is_active"] is False
    assert "县区" in run(tmp_path, "list").output


def test_weak_passwords_are_refused_with_the_reason(tmp_path: Path) -> None:
    made = run(
        tmp_path, "add", "guihua", "--role", "planning", "--password-stdin", typed="guihua12\n"
    )
    assert made.exit_code == 3
    assert "至少 10 位" in made.output
    assert json.loads(run(tmp_path, "list", "--json").stdout) == []


def test_a_reset_password_must_be_changed(tmp_path: Path) -> None:
    from minplan.database import accounts, use
    from minplan.workspace import Workspace

    arguments = ("add", "guihua", "--role", "planning", "--password-stdin")
    run(tmp_path, *arguments, typed=f"{GOOD}\n")
    new = "Xinde-mima-2027"
    assert run(tmp_path, "password", "guihua", "--password-stdin", typed=f"{new}\n").exit_code == 0
    with use(Workspace(tmp_path).database):
        assert accounts.authenticate("guihua", GOOD) is None
        held = accounts.authenticate("guihua", new)
        assert held is not None
        assert held.must_change_password
