"""``minplan serve`` as a program: first start, health, graceful stop."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-c", "from minplan.cli.main import main; main()"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(workspace: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [*PROGRAM, "--lang", "zh", "--workspace", str(workspace), "serve", *arguments]
    return subprocess.run(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_without_accounts_and_terminal_it_says_how_to_make_one(tmp_path: Path) -> None:
    done = run(tmp_path, "--port", str(free_port()))
    assert done.returncode == 5
    assert "E845" in done.stderr
    assert "MINPLAN_ADMIN_USER" in done.stderr


@pytest.mark.slow
def test_first_start_background_health_and_stop(tmp_path: Path) -> None:
    port = free_port()
    given = {"MINPLAN_ADMIN_USER": "admin", "MINPLAN_ADMIN_PASSWORD": "Sheshi-2026-ok"}
    started = run(tmp_path, "--port", str(port), "--background", "--workers", "1", **given)
    assert started.returncode == 0, started.stderr
    address = started.stdout.strip()
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
            assert json.load(answer)["status"] == "alive"
        with urllib.request.urlopen(f"{address}/login", timeout=10) as answer:
            assert "登录" in answer.read().decode()
        again = run(tmp_path, "--port", str(port), "--background")
        assert again.stdout.strip() == address
    finally:
        stopped = run(tmp_path, "--stop")
    assert stopped.returncode == 0
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{address}/health", timeout=10)
    lines = (tmp_path / "serve.log").read_text("utf-8").splitlines()
    requests = [json.loads(line) for line in lines if '"minplan.request"' in line]
    assert {"path", "status", "milliseconds", "request"} <= requests[0].keys()


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    given = {"MINPLAN_ADMIN_USER": "admin", "MINPLAN_ADMIN_PASSWORD": "Sheshi-2026-ok"}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(tmp_path, "--port", str(taken.getsockname()[1]), **given)
    assert done.returncode == 5
    assert "E846" in done.stderr
