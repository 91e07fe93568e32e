"""A server of its own for every module, looked at in the system's Chromium.

Every page a test opens fails the test when it asks anybody but our own server for anything, and
when a script of it fails.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.sites import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: Where screenshots go when MINPLAN_SCREENSHOTS names a folder.
SCREENSHOTS = os.environ.get("MINPLAN_SCREENSHOTS")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its address and its workspace."""

    address: str
    workspace: Path


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program; where it cannot be had the tests are skipped, loudly, and fail in CI."""
    spec = importlib.util.spec_from_file_location("minplan_chromium", ROOT / "tools/chromium.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    from filelock import FileLock

    with FileLock(Path("/tmp/minplan-chromium.lock")):
        try:
            return str(tool.find())
        except tool.Unavailable as error:
            if os.environ.get("CI") == "true":
                pytest.fail(f"Chromium is needed here: {error}")
            pytest.skip(f"Chromium unavailable: {error}")


@pytest.fixture(scope="module")
def browser(chromium: str, built_site: Path) -> Iterator[Any]:
    """One browser a process; the site comes first, Django works in no thread with an event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=[*_ARGUMENTS])
        yield started
        started.close()


@pytest.fixture(scope="module")
def served(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with a worker on a workspace of its own."""
    folder = Path(shutil.copytree(built_site, tmp_path_factory.mktemp("served") / "workspace"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "minplan.web", "serve", "--bind", f"127.0.0.1:{port}"]
    environment = {**os.environ, "MINPLAN_WORKSPACE": str(folder)}
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--workers", "1", "--threads", "4"],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _await(address, process, folder / "serve.log")
        yield Served(address, folder)
    finally:
        process.terminate()
        process.wait(60)


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1500):  # a busy machine takes its time
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except OSError:
            assert process.poll() is None, log.read_text("utf-8")
            time.sleep(0.2)
    pytest.fail(f"the server did not start: {log.read_text('utf-8')}")


OpenPage = Callable[..., Any]


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[OpenPage]:
    """``page = visit("kuangquan", "/map")``: a page of an account (None: nobody).

    ``size`` is DESKTOP unless given. In the end every page must have asked our server only, and
    none of its scripts may have failed.
    """
    contexts: list[Any] = []
    strangers: list[str] = []
    failures: list[str] = []

    def open_page(
        username: str | None, path: str = "/", *, size: dict[str, int] | None = None, **options: Any
    ) -> Any:
        context = browser.new_context(
            viewport=size or DESKTOP, locale="zh-CN", base_url=served.address, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _note(request.url))
        page.on("pageerror", lambda error: failures.append(str(error)))
        if username is not None:
            page.goto("/login")
            page.get_by_label("账号").fill(username)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url(lambda url: "/login" not in url)
        page.goto(path)
        return page

    def _note(url: str) -> None:
        if not url.startswith((served.address, "data:", "blob:", "about:")):
            strangers.append(url)

    yield open_page
    for context in contexts:
        context.close()
    assert not strangers, f"asked others: {strangers}"
    assert not failures, f"scripts failed: {failures}"


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Callable[[Any, str], None]:
    """``look(page, "map")`` keeps a screenshot where MINPLAN_SCREENSHOTS names a folder."""

    def keep(page: Any, name: str) -> None:
        if SCREENSHOTS:
            width = page.viewport_size["width"]
            Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{width}.png")

    return keep


@pytest.fixture(scope="session")
def faults_of() -> Callable[[Any], list[str]]:
    """``faults_of(page)``: serious accessibility faults axe-core finds, and sideways overflow."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def check(page: Any) -> list[str]:
        found = axe.run(page).response["violations"]
        faults = [
            f"{item['id']}: {node['html'][:160]}"
            for item in found
            if item["impact"] in ("serious", "critical")
            for node in item["nodes"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
        return [*faults, *(["the page is wider than the window"] if wide else [])]

    return check
