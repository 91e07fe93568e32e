"""The one map in a browser: layers, identify, measure, links, swipe, search, keys."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect
from tests.browser.conftest import PHONE

#: The view of the concentrated mining area CS001 (schematic ground of the demo).
CS001 = "#v=12.50/36.54600/112.46800&l=JZKCQ,KAIGHQK.60"


def opened(visit: Any, fragment: str = "", user: str = "guihua", **options: Any) -> Any:
    page = visit(user, f"/map{fragment}", **options)
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    page.wait_for_selector("body[data-map=ready]", state="attached")
    return page


def click_middle(page: Any) -> None:
    page.wait_for_timeout(1500)
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_the_map_opens_and_layers_are_switched(visit: Any, look: Any, faults_of: Any) -> None:
    page = opened(visit)
    expect(page.get_by_label("集中开采区 21")).to_be_checked()
    page.get_by_label("重点勘查区 3").check()
    expect(page).to_have_url(re.compile("l=[^&]*ZDKCQ"))
    page.get_by_role("button", name="只看开采规划区块").click()
    expect(page).to_have_url(re.compile("l=KAIGHQK(&|$)"))
    page.get_by_role("button", name="生态保护红线：来源、透明度").click()
    expect(page.get_by_text("示意，不得量算")).to_be_visible()
    page.get_by_placeholder("筛选图层").fill("红线")
    expect(page.get_by_label("集中开采区 21")).to_be_hidden()
    page.get_by_placeholder("筛选图层").fill("")
    look(page, "map")
    assert faults_of(page) == []


def test_on_a_phone(visit: Any, look: Any, faults_of: Any) -> None:
    page = opened(visit, size=PHONE)
    expect(page.locator("#om-readout")).to_be_in_viewport()
    page.locator("#om-tool-layers").click()
    expect(page.get_by_label("集中开采区 21")).to_be_visible()
    look(page, "map-layers")
    page.locator("#om-tool-layers").click()
    look(page, "map")
    assert faults_of(page) == []


def test_identify_gives_the_clause_and_a_link_restores_it(
    visit: Any, look: Any, faults_of: Any
) -> None:
    page = opened(visit, CS001)
    click_middle(page)
    panel = page.locator("#om-panel")
    expect(panel.get_by_text("集中开采区 001").first).to_be_visible()
    expect(panel.get_by_role("link", name="专栏6").first).to_have_attribute(
        "href", "/plans/changzhi-2021-2025/text#box-6"
    )
    expect(page).to_have_url(re.compile("sel=JZKCQ:CS001"))
    look(page, "map-identify")
    assert faults_of(page) == []

    again = opened(visit, page.url[page.url.index("#") :])
    expect(again.locator("#om-panel").get_by_text("集中开采区 001").first).to_be_visible()
    expect(again.get_by_label("开采规划区块 27")).to_be_checked()
    expect(again.get_by_label("生态保护红线 12")).not_to_be_checked()
    expect(again.locator(".map-scale")).to_have_text(page.locator(".map-scale").inner_text())

    panel.get_by_role("button", name="关闭").click()
    expect(page).not_to_have_url(re.compile("sel="))
    page.go_back()
    expect(page.locator("#om-panel").get_by_text("集中开采区 001").first).to_be_visible()


def test_measure_gives_the_statutory_area(visit: Any) -> None:
    page = opened(visit, CS001)
    page.wait_for_timeout(1500)
    page.locator("#om-tool-area").click()
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((-100, -100), (100, -100), (100, 100)):
        page.mouse.click(x + dx, y + dy)
        page.wait_for_timeout(400)
    page.mouse.move(x - 100, y + 100)
    live = page.locator(".om-live")
    expect(live).to_have_text(re.compile(r"km²"))
    page.mouse.dblclick(x - 100, y + 100)
    expect(page.get_by_text(re.compile(r"椭球面积（TD/T 1055-2019），[\d.]+ m²"))).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#om-panel").get_by_role("button", name="关闭").click()
    expect(page.locator("#om-tool-area")).to_have_attribute("aria-pressed", "false")


def test_what_applies_in_an_uploaded_file(visit: Any, look: Any, faults_of: Any) -> None:
    page = opened(visit, CS001)
    page.locator("#om-tool-applies").click()
    ring = "[[112.44,36.52],[112.49,36.52],[112.49,36.57],[112.44,36.57],[112.44,36.52]]"
    text = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
    page.get_by_label("或上传坐标、图形文件").set_input_files(
        {"name": "a.geojson", "mimeType": "application/json", "buffer": text.encode()}
    )
    row = page.locator('#om-panel tr[data-id="JZKCQ:CS001"]')
    expect(row).to_contain_text("2.4500 km²")
    expect(page.get_by_role("heading", name="矿业权")).to_be_visible()
    look(page, "map-applies")
    assert faults_of(page) == []
    page.get_by_label("或上传坐标、图形文件").set_input_files(
        {"name": "a.geojson", "mimeType": "application/json", "buffer": b"{}"}
    )
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("#map")).to_be_visible()


def test_swipe_compares_two_dates_and_ends(visit: Any, look: Any, faults_of: Any) -> None:
    page = opened(visit, f"{CS001}&swipe=2020-01-01|2026-11-01&pos=0.30")
    slider = page.get_by_label("卷帘位置")
    expect(slider).to_have_value("30")
    expect(page.locator(".om-swipe-left")).to_have_text("2020-01-01")
    look(page, "map-swipe")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"pos=0\.31"))
    assert faults_of(page) == []
    page.locator("#om-tool-swipe").click()
    expect(slider).to_have_count(0)
    expect(page).not_to_have_url(re.compile("swipe="))
    expect(page.get_by_label("集中开采区 21")).to_be_checked()


def test_search_goes_to_a_feature_and_to_coordinates(visit: Any) -> None:
    page = opened(visit)
    search = page.get_by_label("在图上找")
    search.fill("KQ001-1")
    page.locator("#om-found button").first.click()
    expect(page.locator("#om-panel h2")).to_have_text(re.compile("KQ001-1"))
    search.fill("113.2, 36.3")
    search.press("Enter")
    expect(page).to_have_url(re.compile(r"/36\.30000/113\.20000"))


def test_the_past_is_marked(visit: Any, look: Any, faults_of: Any) -> None:
    page = opened(visit, f"{CS001}&date=2024-06-01")
    strip = page.locator("#om-past")
    expect(strip).to_contain_text("历史视图")
    expect(strip).to_contain_text("2024-06-01")
    look(page, "map-past")
    assert faults_of(page) == []
    strip.get_by_role("button", name="回到现在").click()
    page.wait_for_selector("body[data-map=ready]", state="attached")
    expect(page.locator("#om-past")).to_be_hidden()


def test_everything_by_keys(visit: Any, look: Any, faults_of: Any) -> None:
    page = opened(visit, CS001)
    page.locator("#map").focus()
    page.keyboard.press("t")
    table = page.locator("#om-table")
    expect(table.get_by_role("button", name="集中开采区 001")).to_be_visible()
    table.get_by_role("button", name="集中开采区 001").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#om-panel h2")).to_have_text("集中开采区 001")
    look(page, "map-table")
    assert faults_of(page) == []
    page.locator("#map").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#om-panel")).to_be_hidden()
    page.keyboard.press("l")
    expect(page.locator("#om-layers")).to_be_hidden()
    page.keyboard.press("p")
    expect(page.get_by_label("编制单位")).to_be_visible()
    page.locator("#map").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page).to_have_url(re.compile(r"#v=(8|9|10)\."))
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile(r"#v=1[1-6]\."))


def test_a_view_is_printed_to_pdf(visit: Any) -> None:
    page = opened(visit, CS001)
    page.locator("#om-tool-print").click()
    page.get_by_label("编制单位").fill("某局（示意）")
    page.get_by_label("比例尺").select_option("50000")
    page.get_by_role("button", name="生成 PDF").click()
    link = page.get_by_role("link", name="下载 PDF")
    expect(link).to_be_visible(timeout=180_000)
    with page.expect_download() as caught:
        link.click()
    assert caught.value.path().read_bytes()[:5] == b"%PDF-"


def test_a_county_account_sees_its_own_layers(visit: Any) -> None:
    page = opened(visit, user="licheng")
    expect(page.get_by_label("永久基本农田 1422")).to_be_visible()
    expect(page.get_by_label("文物保护范围 24")).to_have_count(0)
