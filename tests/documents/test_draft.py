"""A draft of a plan package from a small plan of another city: nothing is tied to one plan."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.documents.conftest import Read

from minplan.core.errors import InputError
from minplan.core.plan.model import ZoneKind
from minplan.documents.draft import Draft, draft_package, write_draft
from minplan.documents.draft.comparing import Likeness, likeness
from minplan.formats.plan_package import load_plan

PLAN = """临汾市自然资源局文件

临自然资发〔2022〕7号

临汾市自然资源局

2022年3月1日

临汾市矿产资源总体规划（2021—2025年）

本规划以2020年为基期，规划期为2021至2025年。

第一章 现状

截至2020年底，全市共有矿山企业120个，其中煤炭80个。

第二章 布局

一、规划分区

专栏 1 临汾市重点开采区表\t\t\t\t
序号\t名称\t所在县（区）\t主要矿种\t面积（公顷）
1\t乡宁煤炭重点开采区\t乡宁县\t煤\t1500
2\t塔儿山铁矿重点开采区\t襄汾县、曲沃县\t铁矿、不明矿\t200

管理措施：鼓励整合；严格准入。

专栏 2 临汾市集中开采区表\t\t\t
编号\t名称\t主要矿种\t拟设采矿权总数
JK1\t第一集中开采区\t建筑石料用灰岩\t2
\t\t砖瓦用粘土\t1
JK2\t第二集中开采区\t建筑石料用灰岩\t3

第三章 指标

表 1 主要指标

指标\t\t单位\t2025年\t属性
资源\t新增查明资源量\t万吨\t300\t预期性
开发\t大中型矿山比例\t%\t60\t约束性

到2025年，煤炭开采总量控制在5000万吨/年以内，矿山数控制在70个。

新建煤矿最低开采规模不得低于90万吨/年。
"""


@pytest.fixture
def draft(read: Read) -> Draft:
    return draft_package(read(PLAN))


def _column(draft: Draft, file: str, *names: str) -> list[tuple[str, ...]]:
    return [tuple(row.fields[name] for name in names) for row in draft.files[file]]


def test_the_identity_comes_from_the_front_pages(draft: Draft) -> None:
    told = draft.identity.fields
    assert told["region_name"] == "临汾市"
    assert told["level"] == "city"
    assert (told["first_year"], told["last_year"], told["base_year"]) == ("2021", "2025", "2020")
    assert told["act"] == "临自然资发〔2022〕7号"
    assert (told["effective_from"], told["issuer"]) == ("2022-03-01", "临汾市自然资源局")


def test_what_the_text_does_not_tell_is_listed(draft: Draft) -> None:
    missing = [item.zh for item in draft.missing]
    assert any("region_code" in text for text in missing)
    assert any("乡宁县" in text for text in missing)
    unread = [item.what.zh for item in draft.unread]
    assert any("不明矿" in text for text in unread)


def test_zones_with_units_kinds_and_counties(draft: Draft) -> None:
    assert _column(draft, "zones.csv", "code", "kind", "counties", "area_km2") == [
        ("CZ-1", "key-mining-area", "乡宁县", "15"),
        ("CZ-2", "key-mining-area", "襄汾县、曲沃县", "2"),
        ("JK1", "concentrated-mining-area", "", ""),
        ("JK2", "concentrated-mining-area", "", ""),
    ]
    assert _column(draft, "zone_minerals.csv", "zone", "mineral", "planned_rights") == [
        ("CZ-1", "煤炭", ""),
        ("CZ-2", "铁矿", ""),
        ("JK1", "建筑石料用灰岩", "2"),
        ("JK1", "砖瓦用粘土", "1"),
        ("JK2", "建筑石料用灰岩", "3"),
    ]


def test_a_code_of_our_own_is_said_to_be_one(draft: Draft) -> None:
    first, third = draft.files["zones.csv"][0], draft.files["zones.csv"][2]
    assert first.note is not None
    assert "编号自拟" in first.note.zh
    assert first.sure < third.sure or third.note is not None


def test_measures_belong_to_the_kind_of_zone_beside_them(draft: Draft) -> None:
    assert _column(draft, "measures.csv", "applies_to", "text") == [
        ("key-mining-area", "鼓励整合"),
        ("key-mining-area", "严格准入"),
    ]


def test_indicators_with_a_column_of_units(draft: Draft) -> None:
    columns = ("group", "name", "unit", "operator", "target", "property")
    assert _column(draft, "indicators.csv", *columns) == [
        ("资源", "新增查明资源量", "万吨", ">=", "300", "expected"),
        ("开发", "大中型矿山比例", "%", ">=", "60", "binding"),
    ]


def test_indicators_with_serial_numbers_classes_and_base_values(read: Read) -> None:
    table = (
        "表 2 主要指标\n序号\t类别\t指标名称\t单位\t2020年\t2025年\t指标属性\n"
        "1\t开发\t煤炭开采总量\t万吨\t4800\t≤5000\t约束性\n"
        "2\t\t大中型矿山比例\t%\t41\t55-60\t预期性\n"
    )
    draft = draft_package(read(PLAN.split("第三章", maxsplit=1)[0] + "第三章 指标\n\n" + table))
    columns = ("group", "name", "unit", "base", "operator", "target", "property")
    assert _column(draft, "indicators.csv", *columns) == [
        ("开发", "煤炭开采总量", "万吨", "4800", "<=", "5000", "binding"),
        ("开发", "大中型矿山比例", "%", "41", "range", "55—60", "expected"),
    ]


def test_quotas_and_limits_from_running_text(draft: Draft) -> None:
    assert ("output", "煤炭", "<=", "5000", "c3") in _column(
        draft, "quotas.csv", "subject", "mineral", "operator", "high", "clause"
    )
    assert _column(draft, "thresholds.csv", "subject", "mineral", "value") == [
        ("minimum-scale", "煤炭", "90")
    ]
    assert ("mines", "煤炭", "80") in _column(draft, "status.csv", "subject", "mineral", "value")


def test_the_package_loads_when_a_person_has_added_what_is_missing(
    draft: Draft, tmp_path: Path
) -> None:
    folder = tmp_path / "草稿"
    write_draft(draft, folder)
    plan = folder / "plan.toml"
    plan.write_text(plan.read_text("utf-8") + 'region_code = "141000"\n', "utf-8")
    rows = list(csv.reader((folder / "counties.csv").read_text("utf-8").splitlines()))
    for number, row in enumerate(rows[1:], start=1):
        row[0] = f"1410{number:02d}"
    text = "\n".join(",".join(row) for row in rows) + "\n"
    (folder / "counties.csv").write_text(text, "utf-8")
    snapshot = load_plan(folder)
    assert [z.code for z in snapshot.zones if z.kind is ZoneKind.KEY_MINING_AREA] == [
        "CZ-1",
        "CZ-2",
    ]
    note = (folder / "草稿说明.md").read_text("utf-8")
    assert "专栏1 · 第 2 行第 2 列" in note
    assert "region_code" in note


def test_nothing_is_written_over_the_work_of_a_person(draft: Draft, tmp_path: Path) -> None:
    (tmp_path / "改过.csv").write_text("x", "utf-8")
    with pytest.raises(InputError, match="E978"):
        write_draft(draft, tmp_path)


@pytest.mark.parametrize(
    ("wanted", "found", "grade"),
    [
        (("煤炭", "98"), ("煤炭", "98.0"), Likeness.EXACT),
        (("煤炭", "98"), ("煤炭", "89"), Likeness.DIFFERENT),
        (("面积",), ("治理面积",), Likeness.SHORTENED),
        (("面积", "5"), ("治理面积",), Likeness.DIFFERENT),
        (("比例", "市级", "40"), ("比例（市级）", "", "40%"), Likeness.EXACT),
        (("比例", "40"), ("比例", "40", "预期性"), Likeness.DIFFERENT),
        (
            ("基地", "增储", "10-20"),
            ("1、基地", "形成" * 20, "新增10—20亿立方米"),
            Likeness.FIGURES,
        ),
        (
            ("基地", "增储", "10-21"),
            ("1、基地", "形成" * 20, "新增10—20亿立方米"),
            Likeness.DIFFERENT,
        ),
    ],
)
def test_how_rows_are_compared(
    wanted: tuple[str, ...], found: tuple[str, ...], grade: Likeness
) -> None:
    assert likeness(wanted, found) is grade
