"""Reading the plan, searching, rules and layers in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from tests.browser.conftest import DESKTOP, PHONE

PLAN = "/plans/changzhi-2021-2025"
PAGES = {
    "plans": "/plans",
    "plan": PLAN,
    "plan-text": f"{PLAN}/text?q=可视范围",
    "plan-tables": f"{PLAN}/tables",
    "plan-versions": f"{PLAN}/versions",
    "deliverables": f"{PLAN}/deliverables",
    "hand-in": "/plans/hand-in",
    "sources": "/data/sources",
    "source": "/data/sources/ecological-red-line",
    "rules": "/rules",
    "rule": "/rules/R-SP-01",
    "help": "/help",
    "help-errors": "/help/errors",
    "help-error": "/help/errors/E103",
    "search": "/search?q=黎城",
}


def test_search_a_clause_and_read_it_with_its_rules(visit: Any, look: Any) -> None:
    page = visit("guihua", "/")
    page.get_by_label("查找", exact=True).fill("可視範圍")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    page.keyboard.press("ArrowDown")
    page.get_by_role("link", name="可视范围内不整山开发").first.click()
    page.wait_for_url("**/text#c4-2-1-5")
    clause = page.locator("#c4-2-1-5")
    assert clause.is_visible()
    page.wait_for_function("document.activeElement.id === 'c4-2-1-5'")
    page.locator(".mp-tree a.here", has_text="可视范围内不整山开发").wait_for()
    look(page, "clause")
    clause.get_by_role("link", name="R-SP-14").click()
    page.get_by_role("link", name="打开条款").click()
    page.wait_for_url("**/text#c4-2-1-5")


def test_verify_a_deliverable(visit: Any, tmp_path: Any) -> None:
    file = tmp_path / "规划文本.pdf"
    file.write_bytes(b"%PDF-1.7 text")
    page = visit("guihua", f"{PLAN}/deliverables")
    page.get_by_label("版本").fill("报批稿")
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_role("button", name="登记").click()
    page.get_by_role("cell", name="规划文本.pdf").first.wait_for()
    page.get_by_role("button", name="核对").click()
    page.get_by_text("与登记一致").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 规划文本.pdf").click()
    assert download.value.suggested_filename == "规划文本.pdf"


def test_single_keys_can_be_switched_off(visit: Any) -> None:
    page = visit("licheng", "/help")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.get_by_label("在这台电脑上启用单键快捷键").uncheck()
    page.goto("/rules")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_are_accessible_and_fit(
    visit: Any, look: Any, faults_of: Any, size: dict[str, int]
) -> None:
    page = visit("guihua", "/plans", size=size)
    found = {}
    for name, address in PAGES.items():
        page.goto(address)
        look(page, name)
        if faults := faults_of(page):
            found[name] = faults
    assert found == {}
