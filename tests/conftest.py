"""Shared fixtures."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Run Django with the settings of the web face, so that one process can test everything.

    The workspace they name is an empty one; tests of pages choose their own (tests/web/conftest).
    """
    import django
    from django.conf import settings

    folder = tempfile.mkdtemp(prefix="minplan-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    # the browser's driver keeps an event loop in the thread of the tests, which write all the same
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINPLAN_WORKSPACE", folder)
        from minplan.web import settings as ours

        settings.configure(**{name: getattr(ours, name) for name in dir(ours) if name.isupper()})
        django.setup()


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


_UNAVAILABLE = {
    "PostgreSQL/PostGIS": (
        "数据库测试只在 SQLite 上做了一半，{count} 项未测；原因见 python tools/postgres.py\n"
        "Only the SQLite half of the database tests ran, {count} did not;"
        " python tools/postgres.py tells why"
    ),
    "Chromium": (
        "网页在浏览器中的 {count} 项测试没有做；原因见 python tools/chromium.py\n"
        "{count} tests of pages in a browser did not run; python tools/chromium.py tells why"
    ),
}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines, loudly, which kinds of tests did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    for name, told in _UNAVAILABLE.items():
        missing = [item for item in skipped if f"{name} unavailable" in str(item.longrepr)]
        if missing:
            terminalreporter.write_sep("!", f"{name} 不可用 / unavailable", red=True, bold=True)
            terminalreporter.write_line(told.format(count=len(missing)), red=True)


@pytest.fixture(scope="session")
def built_site(built_demo: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo workspace with accounts, made once a run; copy it before writing."""
    from filelock import FileLock
    from tests.sites import make_site

    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    folder = base / "site" / "workspace"
    with FileLock(base / "site.lock"):
        if not (folder / ".ready").exists():
            make_site(built_demo, folder)
            (folder / ".ready").touch()
    return folder
