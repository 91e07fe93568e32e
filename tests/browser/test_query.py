"""Queries in a browser: words, conditions, ground, groups, export, saved queries, tokens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import PHONE

from minplan.formats.features import open_features

COAL = {
    "source": "plan/KAIGHQK",
    "conditions": [{"field": "ZYKZ", "operator": "in", "values": ["煤炭"]}],
}


def address(query: dict[str, Any]) -> str:
    return f"/query?query={json.dumps(query)}"


def test_words_fill_the_builder_and_find_rows(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit("guihua", "/query")
    page.get_by_label("用一句话查").fill("黎城 开采规划区块 未投放")
    page.locator("#text-form button").click()
    page.get_by_text("7 条", exact=True).wait_for()
    assert page.locator(".q-chip").count() == 3
    assert page.locator(".q-table tbody tr").count() == 7
    assert page.get_by_label("条件 1 的值").input_value() == "黎城县"
    assert (faults := faults_of(page)) == [], faults
    look(page, "query")
    # the address carries the query
    again = visit("guihua", page.url.partition("/query")[1] + page.url.partition("/query")[2])
    again.get_by_text("7 条", exact=True).wait_for()


def test_on_a_phone(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit("licheng", address({"source": "plan/JZKCQ"}), size=PHONE)
    page.locator(".q-table tbody tr").first.wait_for()
    assert (faults := faults_of(page)) == [], faults
    look(page, "query")


def test_nothing_found_offers_to_drop_the_condition(visit: Any) -> None:
    page = visit("guihua", address(COAL))
    page.get_by_text("没有符合全部条件的记录").wait_for()
    page.get_by_role("button", name="去掉这一条").click()
    page.get_by_text("27 条", exact=True).wait_for()


def test_conditions_by_hand_and_a_county_as_area(visit: Any) -> None:
    page = visit("guihua", "/query")
    page.get_by_label("图层或登记表").select_option("layer/mining-right")
    page.get_by_label("范围的种类").select_option("county")
    page.get_by_label("县区", exact=True).select_option(label="黎城县")
    page.get_by_label("至少占要素面积").fill("50")
    page.get_by_role("button", name="加条件").click()
    page.get_by_label("条件 1 的字段").select_option("mineral")
    page.get_by_label("条件 1 的值").fill("铁矿")
    page.locator("#build button.btn-primary").click()
    page.get_by_text(re.compile(r"与黎城县相交（至少 50 %）")).wait_for()
    page.locator(".q-totals").wait_for()
    assert page.locator(".q-table tbody tr").count() > 0
    page.get_by_role("button", name="椭球面积").click()
    page.locator("th[aria-sort=ascending]").wait_for()


def test_a_slow_answer_does_not_undo_what_was_chosen_since(visit: Any) -> None:
    """The fields of the first layer come when another is chosen and conditions are set."""
    page = visit("guihua", "/")
    slow: list[Any] = []
    fields = re.compile("/query/source[?]source=.*KAIGHQK")

    def hold(route: Any) -> None:
        slow.append(route)

    page.route(fields, hold)
    page.goto("/query")
    page.get_by_label("图层或登记表").select_option("layer/mining-right")
    page.get_by_label("范围的种类").select_option("county")
    page.get_by_label("县区", exact=True).select_option(label="黎城县")
    with page.expect_response(fields):
        (late,) = slow
        late.continue_()
    page.locator("#build button.btn-primary").click()
    page.get_by_text(re.compile("与黎城县相交")).wait_for()
    assert page.get_by_label("图层或登记表").input_value() == "layer/mining-right"


def test_groups_have_a_chart_and_its_figures(visit: Any, look: Any, faults_of: Any) -> None:
    query = {"source": "layer/mining-right", "pivot": {"rows": "mineral", "columns": "", "sum": ""}}
    page = visit("guihua", address(query))
    page.locator(".q-chart canvas").wait_for()
    total = page.locator("tfoot td").last.inner_text()
    assert total == "291"
    assert (faults := faults_of(page)) == [], faults
    look(page, "query-groups")


@pytest.mark.parametrize(("format", "suffix"), [("gpkg", ".gpkg"), ("shp", ".shp.zip")])
def test_an_export_is_read_back(visit: Any, tmp_path: Path, format: str, suffix: str) -> None:
    page = visit("guihua", address({"source": "plan/KAIGHQK"}))
    page.locator(".q-totals").wait_for()
    page.get_by_label("格式").select_option(format)
    page.get_by_label("坐标系", exact=True).select_option("zone")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").click()
    name = download.value.suggested_filename
    assert name == f"开采规划区块{suffix}"
    file = tmp_path / name
    download.value.save_as(file)
    with open_features(file) as source:
        assert sum(len(batch) for batch in source.batches(source.layers[0])) == 27


def test_a_query_is_kept_and_opened_again(visit: Any) -> None:
    page = visit("guihua", address(COAL))
    page.get_by_text("没有符合全部条件的记录").wait_for()
    answers = iter(["煤炭区块"])
    page.on("dialog", lambda dialog: dialog.accept(next(answers, "")))
    with page.expect_response("**/query/saved"):
        page.get_by_role("button", name="保存查询").click()
    page.get_by_role("button", name="清空").click()
    page.get_by_role("button", name="我的查询").click()
    page.get_by_role("button", name="煤炭区块", exact=True).click()
    page.get_by_text("没有符合全部条件的记录").wait_for()


def test_tokens_and_the_page_of_the_interface(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit("guihua", "/account/tokens")
    page.get_by_label("名称（给哪个程序用）").fill("报表程序")
    page.get_by_role("button", name="新建令牌").click()
    assert page.locator("#token").inner_text().startswith("mp_")
    assert (faults := faults_of(page)) == [], faults
    look(page, "tokens")
    page.goto("/api/docs")
    page.locator(".opblock").first.wait_for()
    look(page, "api")
