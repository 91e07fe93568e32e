"""The public view in a browser, asked by nobody in particular."""

from __future__ import annotations

from typing import Any

import pytest
from tests.browser.conftest import DESKTOP, PHONE, Served


@pytest.fixture(scope="session")
def built_site(built_site: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The site with the public view switched on."""
    import shutil

    folder = shutil.copytree(built_site, tmp_path_factory.mktemp("public") / "workspace")
    (folder / "web.toml").write_text("public-view = true\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_anybody_reads_the_plan_and_the_map(
    visit: Any, look: Any, faults_of: Any, served: Served, size: dict[str, int]
) -> None:
    page = visit(None, "/public", size=size)
    assert faults_of(page) == []
    look(page, "public")
    page.get_by_role("link", name="文本", exact=True).click()
    page.get_by_label("在规划中查找").fill("可视范围")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="可视范围内不整山开发").first.wait_for()
    assert faults_of(page) == []
    page.get_by_role("link", name="地图", exact=True).click()
    page.locator("#map canvas").first.wait_for()
    with page.expect_response("**/public/features/*") as answer:
        page.get_by_label("能源资源基地").or_(page.get_by_label("国家规划矿区")).last.check()
    assert answer.value.status == 200
    assert faults_of(page) == []
    look(page, "public-map")
