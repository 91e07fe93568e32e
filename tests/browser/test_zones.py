"""Zones and blocks in a browser: table and map, edits to effect, split, steps of a block."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect
from tests.browser.conftest import PHONE

BLOCK = "/zones/KAIGHQK/KQ009-1"


def ready(page: Any, identifier: str) -> None:
    page.locator(f"#{identifier}[data-ready=true]").wait_for(timeout=30_000)


def pixel(page: Any, lon: float, lat: float) -> tuple[float, float]:
    """Where a position of the edit map is on the screen."""
    page.locator("#edit-map").scroll_into_view_if_needed()
    x, y = page.evaluate(
        "([lon, lat]) => { const h = window.zoneMap; h.map.renderSync();"
        " return h.map.getPixelFromCoordinate(h.fromLonLat([lon, lat])); }",
        [lon, lat],
    )
    box = page.locator("#edit-map").bounding_box()
    return box["x"] + x, box["y"] + y


def test_table_and_map_are_twins(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit("licheng", "/zones/JZKCQ?county=黎城县")
    ready(page, "zone-map")
    expect(page.get_by_text("筛选出 5 行（共 21 行）")).to_be_visible()
    page.locator("tr[data-key=CS009] td").nth(3).click()
    expect(page.locator("tr[data-key=CS009]")).to_have_class(re.compile("selected"))
    assert page.url.endswith("#sel=CS009")
    page.wait_for_timeout(600)
    box = page.locator("#zone-map").bounding_box()
    page.keyboard.press("Escape")
    expect(page.locator("tr.selected")).to_have_count(0)
    # the map has zoomed to the area: a click in its middle selects the row again
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("tr[data-key=CS009]")).to_have_class(re.compile("selected"))
    look(page, "zones-table")
    assert faults_of(page) == []


def test_an_attribute_from_draft_to_history(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit("licheng", f"{BLOCK}/edit")
    ready(page, "edit-map")
    page.get_by_label("备注").fill("县级调整建议")
    page.get_by_label("依据文件").fill("黎自然资字〔2026〕2号")
    expect(page.locator("#checks[data-checked]")).to_be_visible(timeout=20_000)
    look(page, "zone-edit")
    assert faults_of(page) == []
    page.get_by_role("button", name="存入批次").click()
    page.wait_for_url(re.compile(r"/changesets/\d+$"))
    address = page.url
    page.get_by_role("button", name="检查并提交").click()
    expect(page.get_by_text("等待另一位有")).to_be_visible()
    look(page, "changeset")
    assert faults_of(page) == []
    city = visit("guihua", address)
    city.get_by_role("button", name="批准").click()
    city.get_by_role("button", name="生效").click()
    expect(city.locator(".badge", has_text="已生效")).to_be_visible()
    city.goto(BLOCK)
    history = city.locator("#history")
    expect(history.get_by_text("黎自然资字〔2026〕2号").first).to_be_visible()
    expect(history.locator("ins", has_text="县级调整建议").first).to_be_visible()
    city.wait_for_timeout(1500)
    look(city, "zone-card")
    assert faults_of(city) == []


def test_a_block_is_split_by_a_drawn_line(visit: Any, look: Any) -> None:
    page = visit("licheng", "/zones/KAIGHQK/KQ007-1/edit")
    ready(page, "edit-map")
    page.wait_for_timeout(800)
    west, south, east, north = page.evaluate(
        "() => { const c = JSON.parse(document.querySelector('#geometry').value).coordinates[0];"
        " const x = c.map(p => p[0]), y = c.map(p => p[1]);"
        " return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)]; }"
    )
    page.get_by_role("button", name="分割").click()
    middle, room = (west + east) / 2, (north - south) * 0.1
    page.mouse.click(*pixel(page, middle, north + room))
    page.wait_for_timeout(400)
    page.mouse.dblclick(*pixel(page, middle, south - room))
    expect(page.get_by_text("分割后 KQ007-1 终止，新设 2 个")).to_be_visible(timeout=20_000)
    look(page, "zone-split")
    page.get_by_label("依据文件").fill("黎自然资字〔2026〕3号")
    page.get_by_role("button", name="存入批次").click()
    page.wait_for_url(re.compile(r"/changesets/\d+$"))
    for key in ("KQ007-1-1", "KQ007-1-2"):
        expect(page.get_by_role("link", name=key, exact=True)).to_be_visible()


def test_another_countys_block_offers_no_edit(visit: Any) -> None:
    page = visit("qinyuan", BLOCK)
    expect(page.get_by_role("heading", name="基本情况")).to_be_visible()
    expect(page.get_by_role("link", name="编辑", exact=True)).to_have_count(0)
    page.goto(f"{BLOCK}/edit")
    expect(page.get_by_text("当前账号不管理黎城县").first).to_be_visible()
    expect(page.get_by_role("button", name="存入批次")).to_have_count(0)


def test_the_steps_of_a_block(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit("kuangquan", "/zones/KAIGHQK/KQ001-1")
    for label, document in (("登记论证", "核查意见 3 号"), ("登记出让", "成交确认书 7 号")):
        page.locator("summary", has_text="登记下一步").click()
        option = page.locator("select[name=state] option", has_text=label)
        page.get_by_label("步骤").select_option(option.get_attribute("value"))
        page.get_by_label("日期 *").fill("2026-03-01")
        page.get_by_label("依据文件").fill(document)
        page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".zn-life li.here")).to_contain_text("已出让")
    expect(page.get_by_text("成交确认书 7 号").first).to_be_visible()
    assert faults_of(page) == []
    look(page, "block-life")
    page.goto("/zones/quotas?county=沁源县")
    expect(page.get_by_text("拟设 2 个，已出让 1 个，尚可出让 1 个")).to_be_visible()
    look(page, "quotas")
    assert faults_of(page) == []


def test_on_a_phone(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit("guihua", "/zones", size=PHONE)
    for path, name in (
        ("/zones", "zones"),
        ("/zones/JZKCQ", "zones-table"),
        ("/zones/JZKCQ/CS009", "zone-card"),
        (f"{BLOCK}/edit", "zone-edit"),
        ("/zones/quotas", "quotas"),
        ("/changesets", "changesets"),
    ):
        page.goto(path)
        page.wait_for_timeout(800)
        look(page, name)
        assert faults_of(page) == [], path
