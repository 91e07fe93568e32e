"""Quality checks in a browser: a submission is uploaded, its faults are found on the map."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import DESKTOP, PHONE
from tests.submissions import LAYER, block, layer


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A hand-in whose two blocks lie on one another."""
    made = tmp_path / "成果.zip"
    with zipfile.ZipFile(made, "w") as written:
        written.writestr(LAYER, layer(block("1", 113.0), block("2", 113.005)))
    return made


def checked(page: Any, archive: Path) -> None:
    page.get_by_label("要检查的成果、图层或规划文本").set_input_files(archive)
    page.get_by_role("button", name="开始检查").click()
    page.get_by_role("link", name="查看结果").click(timeout=90_000)
    page.wait_for_url("**/quality/ZJ-*")


def test_check_find_on_the_map_and_waive(visit: Any, look: Any, archive: Path) -> None:
    page = visit("guihua", "/quality")
    checked(page, archive)
    page.locator("#map[data-ready]").wait_for()
    row = page.locator("tr", has_text="Q-TO-01").first
    row.get_by_role("button", name="定位").click()
    look(page, "quality-result")
    row.get_by_text("豁免", exact=True).click()
    row.get_by_label("理由").fill("相邻区块边界待勘测")
    row.get_by_role("button", name="豁免这处缺陷").click()
    page.wait_for_url("**#waivers")
    assert page.locator("#waivers").get_by_text("相邻区块边界待勘测").is_visible()
    page.locator("#text").fill("规划文本")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**text=*")
    assert page.locator(".qc-table tbody tr").count() >= 1


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_are_accessible_and_fit(
    visit: Any, look: Any, faults_of: Any, archive: Path, size: dict[str, int]
) -> None:
    page = visit("guihua", "/quality", size=size)
    checked(page, archive)
    result = page.url
    found = {}
    for name, address in {
        "quality-result": result,
        "quality": "/quality",
        "quality-checks": "/quality/checks",
        "quality-check": "/quality/checks/Q-TO-01",
    }.items():
        page.goto(address)
        look(page, name)
        if faults := faults_of(page):
            found[name] = faults
    assert found == {}
