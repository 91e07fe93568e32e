"""The desk in a browser: paste, and the review begins."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import DESKTOP, PHONE

CORNERS = "1,4046000.00,38412000.00\n2,4046000.00,38412600.00\n3,4045400.00,38412600.00"


def test_typed_or_pasted_corners_open_a_new_review(visit: Any, look: Any) -> None:
    page = visit("kuangquan", "/")
    look(page, "desk")
    page.get_by_label("粘贴坐标，或输入证号、区块号").fill(CORNERS)
    page.get_by_role("button", name="新建审查").click()
    page.wait_for_url("**/cases/new?q=*")
    expect(page.locator("#text")).to_have_value(CORNERS)


def test_a_dropped_file_is_handed_to_the_new_review(visit: Any, tmp_path: Any) -> None:
    file = tmp_path / "拐点.txt"
    file.write_text(CORNERS, encoding="utf-8")
    page = visit("kuangquan", "/")
    with page.expect_request("**/cases/read") as read:
        page.locator("#files").set_input_files(file)
    assert read.value.method == "POST"
    assert "handed=1" in page.url


@pytest.mark.parametrize("username", ["guihua", "lingdao", "admin", "licheng"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_desk_is_accessible_and_fits(
    visit: Any, look: Any, faults_of: Any, username: str, size: dict[str, int]
) -> None:
    page = visit(username, "/", size=size)
    look(page, f"desk-{username}")
    assert faults_of(page) == []
