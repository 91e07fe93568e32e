"""Intake in a browser: paste, fix, draw, drag, submit; bad inputs and lost connections."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import PHONE

CONFLICT = """坐标系：2000国家大地坐标系，3度带
1	4047627.19	38452054.63
2	4047627.19	38450954.63
3	4048727.19	38450954.63
4	4048727.19	38452054.63
"""
SWAPPED = """1	38452054.63	4047627.19
2	38450954.63	4047627.19
3	38450954.63	4048727.19
4	38452054.63	4048727.19
"""
BOW_TIE = """1	4047627.19	38452054.63
2	4048727.19	38450954.63
3	4047627.19	38450954.63
4	4048727.19	38452054.63
"""


def paste(page: Any, text: str) -> None:
    """What Ctrl+V anywhere on the page does."""
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            document.body.dispatchEvent(
                new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
        }""",
        text,
    )


def fill_in(page: Any) -> None:
    """What a review cannot do without."""
    page.get_by_role("tab", name=re.compile("属性")).click()
    page.get_by_label("项目名称").fill("黎城县石料矿（示意）")
    page.get_by_label("类型").select_option("mining-right")
    page.get_by_label("业务").select_option("new")
    page.get_by_label("矿种（主矿种在前）").fill("建筑石料用灰岩")
    page.keyboard.press("Enter")


def verdict(page: Any, words: str | re.Pattern[str]) -> None:
    page.locator("#verdict", has_text=words).wait_for(timeout=60_000)


def saved(page: Any) -> None:
    page.locator("#save-state", has_text="已保存").wait_for(timeout=60_000)


@pytest.fixture
def desk(visit: Any) -> Any:
    """The empty page of a mining-rights officer."""
    page = visit("kuangquan", "/cases/new")
    page.set_default_timeout(90_000)
    page.locator("#map canvas").first.wait_for(timeout=60_000)
    return page


# -- reading --------------------------------------------------------------------------------------


def test_paste_anywhere_understand_and_submit(desk: Any, look: Any, faults_of: Any) -> None:
    look(desk, "intake-empty")
    assert faults_of(desk) == []
    paste(desk, CONFLICT)
    desk.locator("#reading", has_text="38带").wait_for()
    assert desk.locator("#corners tbody tr").count() == 4
    verdict(desk, "填写")
    fill_in(desk)
    verdict(desk, "不符合规划")
    desk.get_by_role("tab", name=re.compile("核查结果")).click()
    assert desk.get_by_text("避让生态保护红线").is_visible()
    saved(desk)
    look(desk, "intake-findings")
    assert faults_of(desk) == []
    desk.get_by_role("button", name="提交审查").click()
    desk.wait_for_url(re.compile(r"/cases/K\d{4}-\d+$"), timeout=60_000)


def test_swapped_axes_are_mended_and_said(desk: Any) -> None:
    desk.locator("#text").fill(SWAPPED)
    desk.locator(".intake-remark[data-code=E101]", has_text="已处理").wait_for()
    first = desk.get_by_label("第1点 X 北").input_value()
    assert first == "4047627.19"


def test_a_wrong_zone_is_mended_with_one_click(desk: Any, look: Any) -> None:
    desk.locator("#text").fill(CONFLICT.replace("\t384", "\t374"))
    wrong = desk.locator(".intake-remark[data-code=E104]")
    wrong.wait_for()
    look(desk, "intake-zone")
    wrong.get_by_role("button", name=re.compile("改用|采用")).click()
    desk.locator(".intake-remark[data-code=E104].confirmed").wait_for()
    assert desk.get_by_label("所在县（区）").input_value() == "黎城县"


def test_a_bow_tie_shows_the_order_that_mends_it(desk: Any, look: Any) -> None:
    desk.locator("#text").fill(BOW_TIE)
    crossed = desk.locator(".intake-remark[data-code=E124]")
    crossed.wait_for()
    assert "相交" in crossed.inner_text()
    assert desk.locator("#text").input_value() == BOW_TIE
    look(desk, "intake-bow-tie")
    crossed.get_by_role("button", name="采用").click()
    desk.locator("#corners tbody tr").nth(3).wait_for()
    verdict(desk, "1.2099 km²")


def test_two_readings_are_shown_with_their_areas(desk: Any, look: Any) -> None:
    desk.locator("#text").fill(
        "1 113.2000 36.3000\n2 113.2030 36.3000\n3 113.2030 36.3030\n4 113.2000 36.3030\n"
    )
    readings = desk.locator(".intake-alternative")
    readings.nth(1).wait_for()
    look(desk, "intake-readings")
    area = re.search(r"[\d.]+ km²", readings.nth(1).inner_text())
    assert area is not None
    readings.nth(1).click()
    verdict(desk, area[0])


def test_the_corners_of_a_real_notice(desk: Any, shared_data: Path) -> None:
    notices = json.loads((shared_data / "notices" / "notices.json").read_text("utf-8"))
    notice = next(item for item in notices if item["id"] == "SX-XIAXIAN-3")
    rows = [f"{i}\t{x:.0f}\t{y:.0f}" for i, (x, y) in enumerate(notice["rings"][0], 1)]
    paste(desk, "\n".join(["2000国家大地坐标系", "点号\tX\tY", *rows]))
    desk.locator("#reading", has_text="37带").wait_for()
    assert desk.locator("#corners tbody tr").count() == len(rows)
    outside = desk.locator(".intake-remark[data-code=E151]")
    assert "以外" in outside.inner_text()
    desk.get_by_label("申报面积").fill(notice["stated_area_km2"])
    verdict(desk, "0.3223 km²")


# -- drawing and dragging -------------------------------------------------------------------------


def centre(page: Any) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_draw_a_block_and_review_it(desk: Any) -> None:
    fill_in(desk)
    desk.locator("#snap").uncheck()
    desk.get_by_role("toolbar").get_by_role("button", name="绘制").click()
    x, y = centre(desk)
    for dx, dy in ((-60, -40), (60, -40), (60, 40)):
        desk.mouse.click(x + dx, y + dy)
        desk.wait_for_timeout(350)  # two clicks at once would end the drawing
    desk.mouse.dblclick(x - 60, y + 40)
    verdict(desk, re.compile("符合|资料不足"))
    assert desk.locator("#corners tbody tr").count() == 4
    desk.get_by_role("button", name="撤销", exact=True).click()
    assert desk.locator("#corners-section").is_hidden()


def degrees(text: str) -> float:
    """``113°27′29.75″`` as a number."""
    whole, minutes, seconds = map(float, re.findall(r"[\d.]+", text)[:3])
    return whole + minutes / 60 + seconds / 3600


def pixel_of(page: Any, lon: float, lat: float) -> tuple[float, float]:
    """Where a position is on the screen, from what the map says of two others."""
    x, y = centre(page)
    told = []
    for at in ((x - 150, y - 150), (x + 150, y + 150)):
        page.mouse.move(*at)
        page.wait_for_timeout(150)
        text = page.locator("#map .map-place").inner_text()
        east, north = text.split("E", 1)
        told.append((degrees(east), degrees(north.split("N", 1)[0])))
    (west, top), (right, low) = told
    return (
        x - 150 + 300 * (lon - west) / (right - west),
        y - 150 + 300 * (lat - top) / (low - top),
    )


def test_dragging_a_corner_changes_the_verdict(desk: Any, look: Any) -> None:
    paste(desk, CONFLICT)
    fill_in(desk)
    verdict(desk, "不符合规划")
    before = desk.locator("#verdict").inner_text()
    desk.locator("#snap").uncheck()
    desk.locator("#corner-system").select_option("lonlat")
    lon = float(desk.get_by_label("第1点 经度").input_value())
    lat = float(desk.get_by_label("第1点 纬度").input_value())
    desk.locator("#corner-system").select_option("38")
    desk.wait_for_timeout(800)  # the map has come to rest
    x, y = pixel_of(desk, lon, lat)
    desk.mouse.move(x, y)
    desk.mouse.down()
    desk.mouse.move(x + 30, y + 60, steps=6)
    desk.wait_for_function(
        "before => document.getElementById('verdict').innerText !== before", arg=before
    )
    desk.mouse.up()
    look(desk, "intake-dragged")
    assert desk.get_by_label("第1点 X 北").input_value() != "4047627.19"
    desk.get_by_role("button", name="撤销", exact=True).click()
    assert desk.get_by_label("第1点 X 北").input_value() == "4047627.19"


def test_a_corner_typed_over_and_the_suggested_ground(desk: Any) -> None:
    paste(desk, CONFLICT)
    fill_in(desk)
    desk.get_by_role("tab", name=re.compile("核查结果")).click()
    desk.get_by_role("button", name="采用建议范围").click(timeout=60_000)
    desk.locator("#corners tbody tr").nth(4).wait_for()
    desk.get_by_role("button", name="撤销", exact=True).click()
    box = desk.get_by_label("第1点 X 北")
    box.fill("4047000.00")
    box.press("Enter")
    box.blur()
    verdict(desk, re.compile(r"1\.\d{4} km²"))
    assert desk.get_by_label("第1点 X 北").input_value() == "4047000.00"


def test_a_planning_block_by_its_code(desk: Any) -> None:
    desk.get_by_role("tab", name="引用").click()
    desk.locator("#refer-found button", has_text="开采规划区块").first.click(timeout=60_000)
    desk.locator("#corners tbody tr").first.wait_for()
    assert desk.get_by_label("规划区块编号").input_value()


# -- bad inputs: what to do is said, nothing is lost ----------------------------------------------


def upload(page: Any, *files: dict[str, Any] | str) -> None:
    page.locator("#files").set_input_files([*files])


def test_wrong_files(desk: Any) -> None:
    fill_in(desk)
    upload(desk, {"name": "图.dwg", "mimeType": "", "buffer": b"AC1032" + bytes(200)})
    desk.locator("#problems", has_text="DXF").wait_for()
    assert desk.get_by_label("项目名称").input_value() == "黎城县石料矿（示意）"


def test_a_file_of_300_megabytes(desk: Any, tmp_path: Path) -> None:
    huge = tmp_path / "整层.gpkg"
    with huge.open("wb") as stream:
        stream.truncate(300_000_000)
    fill_in(desk)
    upload(desk, str(huge))
    desk.locator("#problems", has_text="200 MB").wait_for()
    assert "只导出要核查的区块" in desk.locator("#problems").inner_text()
    assert desk.get_by_label("项目名称").input_value() == "黎城县石料矿（示意）"


def test_half_a_shapefile(desk: Any, tmp_path: Path) -> None:
    import geopandas
    import shapely

    ground = geopandas.GeoDataFrame(
        {"名称": ["示意"]}, geometry=[shapely.box(113.45, 36.55, 113.46, 36.56)], crs=4490
    )
    ground.to_file(tmp_path / "a.shp", encoding="utf-8")
    upload(desk, str(tmp_path / "a.shp"))
    desk.locator(".intake-remark[data-code=E212]", has_text=".dbf").wait_for()
    assert desk.locator("#corners tbody tr").count() == 4
    upload(desk, str(tmp_path / "a.dbf"))
    desk.locator("#problems", has_text="ZIP").wait_for()
    assert desk.locator("#corners tbody tr").count() == 4


def test_missing_attributes_are_listed_and_lead_to_their_fields(
    desk: Any, look: Any, faults_of: Any
) -> None:
    paste(desk, CONFLICT)
    desk.locator("#corners tbody tr").first.wait_for()
    desk.get_by_role("button", name="提交审查").click()
    summary = desk.locator("#intake-errors")
    summary.get_by_text("没有填写项目名称").wait_for()
    look(desk, "intake-missing")
    assert faults_of(desk) == []
    summary.get_by_role("link", name="没有填写项目名称").click()
    assert desk.evaluate("document.activeElement.name") == "name"
    assert desk.locator("#text").input_value() == CONFLICT


def test_an_expired_session_loses_nothing(desk: Any) -> None:
    paste(desk, CONFLICT)
    saved(desk)
    desk.context.clear_cookies(name="minplan_session")
    desk.get_by_label("项目名称").fill("会话过期后填写的名称")
    desk.locator("#save-state", has_text="登录已过期").wait_for(timeout=60_000)
    other = desk.context.new_page()
    other.goto("/login")
    other.get_by_label("账号").fill("kuangquan")
    other.get_by_label("密码").fill("Sheshi-2026-ok")
    other.get_by_role("button", name="登录", exact=True).click()
    other.wait_for_url(lambda url: "/login" not in url)
    saved(desk)
    desk.reload()
    assert desk.get_by_label("项目名称").input_value() == "会话过期后填写的名称"


def test_a_lost_network_loses_nothing(desk: Any) -> None:
    paste(desk, CONFLICT)
    saved(desk)
    desk.context.set_offline(True)
    desk.get_by_label("项目名称").fill("断网时填写的名称")
    desk.locator("#save-state", has_text="网络中断").wait_for(timeout=60_000)
    desk.context.set_offline(False)
    saved(desk)
    desk.reload()
    assert desk.get_by_label("项目名称").input_value() == "断网时填写的名称"


def test_what_was_not_saved_is_put_back_after_a_reload(desk: Any) -> None:
    desk.route("**/cases/draft", lambda route: route.abort())
    desk.locator("#text").fill(CONFLICT)
    desk.locator("#save-state", has_text="网络中断").wait_for(timeout=60_000)
    desk.unroute("**/cases/draft")
    desk.reload()
    desk.get_by_text("已恢复").wait_for()
    assert desk.locator("#text").input_value() == CONFLICT


def test_a_draft_changed_elsewhere_is_not_overwritten(desk: Any) -> None:
    paste(desk, CONFLICT)
    saved(desk)
    other = desk.context.new_page()
    other.goto(desk.url)
    other.get_by_label("项目名称").fill("另一个窗口的名称")
    saved(other)
    other.locator("#intake-title", has_text="另一个窗口的名称").wait_for(timeout=60_000)
    desk.get_by_label("项目名称").fill("本窗口的名称")
    desk.locator("#save-state", has_text="在别处改过").wait_for(timeout=60_000)
    desk.get_by_role("button", name="用本页的覆盖").click()
    saved(desk)
    assert desk.get_by_label("项目名称").input_value() == "本窗口的名称"


# -- other sizes and languages --------------------------------------------------------------------


def test_on_a_phone(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit("licheng", "/cases/new", size=PHONE)
    page.locator("#text").fill(CONFLICT)
    page.locator("#corners tbody tr").first.wait_for()
    fill_in(page)
    verdict(page, "不符合规划")
    saved(page)
    look(page, "intake")
    assert faults_of(page) == []


def test_in_english(visit: Any, look: Any) -> None:
    page = visit("kuangquan", "/cases/new?lang=en")
    page.locator("#text").fill(CONFLICT)
    page.locator("#reading", has_text="zone 38").wait_for()
    look(page, "intake-en")
    for part in ("#reading", "#verdict", ".intake-head"):
        assert not re.search(r"[\u4e00-\u9fff]", page.locator(part).inner_text())
