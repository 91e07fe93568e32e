"""Shared fixtures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real notices, formats, mines and boundaries kept beside the checkout."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real data (shared/data beside the checkout) is absent: nothing to read")
    return folder


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo workspace, built once a run and shared by the processes of a run."""
    from filelock import FileLock

    from minplan.demo.build import build
    from minplan.workspace import Workspace

    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    folder = base / "demo" / "workspace"
    with FileLock(base / "demo.lock"):
        build(Workspace(folder), lambda *_: None)
    return folder


@pytest.fixture
def demo_workspace(built_demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo workspace that a test may write into, in a folder of its own."""
    return Path(shutil.copytree(built_demo, tmp_path / "workspace"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines, loudly, that half of the database tests did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    missing = [item for item in skipped if "PostgreSQL/PostGIS unavailable" in str(item.longrepr)]
    if missing:
        title = "PostgreSQL/PostGIS 不可用 / unavailable"
        terminalreporter.write_sep("!", title, red=True, bold=True)
        terminalreporter.write_line(
            f"数据库测试只在 SQLite 上做了一半，{len(missing)} 项未测；"
            "原因见 python tools/postgres.py\n"
            f"Only the SQLite half of the database tests ran, {len(missing)} did not;"
            " python tools/postgres.py tells why",
            red=True,
        )
