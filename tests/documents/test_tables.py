"""Tables of plain text, where merged cells are lost and pages cut tables into pieces."""

from __future__ import annotations

from tests.documents.conftest import Read, texts

from minplan.core.document.model import Table, TableKind
from minplan.documents.records import records


def _only(read: Read, text: str) -> Table:
    ((_, table),) = read("第一章 总则\n\n" + text).tables()
    return table


def test_title_unit_and_places(read: Read) -> None:
    table = _only(read, "表 3 治理面积\n\n单位: 平方公里\n\n县(区)\t面积\n甲县\t2.5\n乙县\t3\n")
    assert (table.kind, table.number, table.title, table.unit) == (
        TableKind.TABLE,
        "3",
        "治理面积",
        "平方公里",
    )
    cell = table.cells[1][1]
    assert (cell.spot.clause, cell.spot.line, cell.spot.row, cell.spot.column) == ("表3", 8, 2, 2)
    assert cell.spot.quote == "2.5"


def test_a_box_has_its_title_in_the_first_row(read: Read) -> None:
    table = _only(read, "专栏 2 规划矿区\t\t\n序号\t名称\t面积\n1\t甲矿区\t5\n")
    assert (table.label, table.title, table.head) == ("专栏2", "规划矿区", 1)


def test_the_box_goes_on_after_a_page_break(read: Read) -> None:
    text = "专栏 2 矿区\t\t\n序号\t名称\t面积\n\n1\t甲矿区\t5\n\n2\t乙矿区\t6\n\n正文。"
    assert len(_only(read, text).body) == 2


def test_a_continued_table_repeats_title_and_heading(read: Read) -> None:
    text = (
        "表1 产量\n县\t产量\n甲县\t5\n\n续表1\n县\t产量\n乙县\t6\n\n表1 产量\n县\t产量\n丙县\t7\n"
    )
    assert texts(_only(read, text)) == [["县", "产量"], ["甲县", "5"], ["乙县", "6"], ["丙县", "7"]]


def test_a_table_with_another_heading_is_another_table(read: Read) -> None:
    document = read("第一章 总则\n专栏 7 工作\t\n任务\t面积\n调查\t5\n\n序号\t名称\n1\t甲\n2\t乙\n")
    assert [table.label for _, table in document.tables()] == ["专栏7", ""]


def test_a_caption_without_a_table_stays_in_the_text(read: Read) -> None:
    document = read("第一章 总则\n表 9 见附件\n正文。")
    assert not list(document.tables())
    assert "表 9 见附件" in [getattr(block, "text", "") for block in document.sections[0].blocks]


def test_two_heading_rows(read: Read) -> None:
    table = _only(
        read, "表3 面积\n县\t总面积\t治理面积\t\t\n\t\t在建\t历史\t合计\n甲县\t9\t1\t2\t3\n"
    )
    assert table.head == 2
    assert table.headings == ("县", "总面积", "治理面积 在建", "治理面积 历史", "治理面积 合计")


def test_a_page_break_between_two_heading_rows(read: Read) -> None:
    text = "表3 面积\n县\t总面积\t治理面积\t\n\n\t\t在建\t历史\n\n甲县\t9\t1\t2\n"
    assert _only(read, text).headings == ("县", "总面积", "治理面积 在建", "治理面积 历史")


def test_an_empty_leading_cell_means_that_the_group_goes_on(read: Read) -> None:
    text = (
        "专栏6 集中开采区\t\t\t\n编号\t面积\t主要矿种\t拟设总数\n"
        "CS1\t7.65\t建筑用白云岩\t1\n\t\t建筑石料用灰岩\t2\nCS2\t3\t建筑石料用灰岩\t1\n"
    )
    assert texts(_only(read, text))[2] == ["^CS1", "^7.65", "建筑石料用灰岩", "2"]


_DISTRICTS = "专栏6 开采区\t\t\n编号\t面积\t所在行政区\n"


def test_a_district_stands_in_the_first_row_of_its_group(read: Read) -> None:
    rows = "A1\t1\t甲县\nA2\t2\t\nA3\t3\t乙县\nA4\t4\t\n"
    table = _only(read, _DISTRICTS + rows)
    assert [row[2] for row in texts(table)[1:]] == ["甲县", "^甲县", "乙县", "^乙县"]


def test_a_district_stands_in_the_middle_row_of_its_group(read: Read) -> None:
    rows = "A1\t1\t\nA2\t2\t甲县\nA3\t3\t\nA4\t4\t乙县\nA5\t5\t\nA6\t6\t丙县\nA7\t7\t\n"
    table = _only(read, _DISTRICTS + rows)
    assert [cell.text for row in table.body for cell in row[2:]] == [
        *["甲县"] * 3, "乙县", *["丙县"] * 3,
    ]  # fmt: skip


def test_remarks_are_not_filled(read: Read) -> None:
    table = _only(read, "专栏5 区\t\t\n编号\t所在县\t备注\nA1\t甲县\t整合\nA2\t\t\n")
    assert texts(table)[2] == ["A2", "^甲县", ""]


_INDICATORS = """表 4 主要指标

规划指标\t\t2025 年\t属性
勘查\t新增资源量\t主要矿种\t新增资源量
\t\t煤炭（亿吨）\t4
\t\t铁矿（万吨）\t3000
\t铝土矿（万吨）\t2000\t
\t大中型矿山比例\t40%\t
修复\t修复面积（公顷）\t\t447.81
"""


def test_shifted_cells_go_under_their_columns(read: Read) -> None:
    document = read("第一章 总则\n\n" + _INDICATORS)
    ((_, table),) = document.tables()
    assert texts(table) == [
        ["规划指标", "^规划指标", "^规划指标", "2025 年", "属性"],
        ["勘查", "新增资源量", "主要矿种", "新增资源量", ""],
        ["^勘查", "^新增资源量", "煤炭（亿吨）", "4", ""],
        ["^勘查", "^新增资源量", "铁矿（万吨）", "3000", ""],
        ["^勘查", "^新增资源量", "铝土矿（万吨）", "2000", ""],
        ["^勘查", "大中型矿山比例", "^大中型矿山比例", "40%", ""],
        ["修复", "修复面积（公顷）", "^修复面积（公顷）", "447.81", ""],
    ]
    assert "第 5、6 行" in document.remarks[0].zh


def test_a_narrower_piece_after_a_page_break_is_put_under_the_columns(read: Read) -> None:
    text = (
        "表1 上轮\n指标\t\t上轮目标\t\t完成情况\t\n"
        "开采\t总量\t主要矿种\t开采总量\t新发现\t开采总量\n"
        "\t\t煤（亿吨/年）\t≤1\t\t1.4\n\t\t铁矿（万吨/年）\t≥160\t\t170\n\n"
        "\t石膏(万吨/年)\t≥ 50\t0\n转型\t达标率\t80%\t85%\n"
    )
    rows = texts(_only(read, text))
    assert rows[-2] == ["^开采", "^总量", "石膏(万吨/年)", "≥ 50", "", "0"]
    assert rows[-1] == ["转型", "达标率", "^达标率", "80%", "", "85%"]


def test_records_stand_under_headings_and_sub_headings(read: Read) -> None:
    found = records(_only(read, _INDICATORS))
    assert [heading for heading, _ in found[0].fields] == [
        "规划指标",
        "规划指标",
        "规划指标 主要矿种",
        "2025 年 新增资源量",
        "属性",
    ]
    assert found[-1].texts == ("修复", "修复面积（公顷）", "447.81", "")
    assert [heading for heading, _ in found[-1].fields] == [
        "规划指标",
        "规划指标",
        "2025 年",
        "属性",
    ]


def test_a_table_that_runs_across_is_turned(read: Read) -> None:
    text = (
        "表2 矿山\n矿产名称\t煤炭\t铁矿\t合计\n矿山数量\t113\t35\t\n"
        "矿产名称\t石膏\t砂岩\t158\n矿山数量\t9\t1\t\n"
    )
    found = records(_only(read, text))
    assert [record.texts for record in found] == [
        ("煤炭", "113"),
        ("铁矿", "35"),
        ("石膏", "9"),
        ("砂岩", "1"),
        ("合计", "158"),
    ]
    assert [record.total for record in found] == [False] * 4 + [True]


def test_totals_are_marked(read: Read) -> None:
    table = _only(read, "表5 任务\n序号\t县（区）\t图斑数\n1\t甲县\t18\n2\t乙县\t2\n合计\t\t20\n")
    assert [record.total for record in records(table)] == [False, False, True]


def test_a_row_cut_by_a_page_break_is_put_together(read: Read) -> None:
    text = (
        "专栏9 分区\t\t\n编号\t主要问题\t面积\n"
        "A1\t矿山地质灾害较多，排矸场地占用破坏土\t3\n\n\t地资源以及含水层。\t\nA2\t轻微\t4\n"
    )
    rows = texts(_only(read, text))
    assert rows[1] == ["A1", "矿山地质灾害较多，排矸场地占用破坏土地资源以及含水层。", "3"]
    assert len(rows) == 3


def test_the_unit_may_stand_behind_the_title(read: Read) -> None:
    table = _only(read, "表 3 治理面积  单位：平方公里\n县\t面积\n甲县\t2.5\n")
    assert (table.title, table.unit) == ("治理面积", "平方公里")
    boxed = _only(read, "专栏 3 治理面积（单位：公顷）\t\n县\t面积\n甲县\t2.5\n")
    assert (boxed.title, boxed.unit) == ("治理面积", "公顷")
