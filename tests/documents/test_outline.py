"""Paragraphs over page breaks, headings among items, contents pages, places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.documents.conftest import Read

from minplan.core.document.model import Paragraph
from minplan.documents.captions import read_unit
from minplan.documents.outline import Outliner
from minplan.documents.pieces import Line


def test_a_paragraph_cut_by_a_page_break_is_joined(read: Read) -> None:
    document = read("第一章 总则\n\n以2020年为基期，展望到\n\n2035年，适用于全市。\n\n下一段。")
    (chapter,) = document.sections
    assert [b.text for b in chapter.blocks if isinstance(b, Paragraph)] == [
        "以2020年为基期，展望到2035年，适用于全市。",
        "下一段。",
    ]
    assert chapter.blocks[0].spot.line == 3


def test_a_heading_with_a_comma_is_not_joined_with_its_text(read: Read) -> None:
    document = read("第七章 措施\n\n一、加强领导，建立制度\n\n各县区要负责。")
    section = document.sections[0].children[0]
    assert section.title == "加强领导，建立制度"
    assert section.blocks[0] == Paragraph("各县区要负责。", section.blocks[0].spot)


def test_an_item_that_is_a_sentence_is_cut_where_its_neighbours_are_sentences(read: Read) -> None:
    document = read(
        "第四章 勘查\n\n1. 不得重叠。\n\n2. 第二类以上矿产，根据地质\n\n资料划定区块。\n\n3. 优先。"
    )
    items = document.sections[0].children
    assert [item.blocks[0].text for item in items if isinstance(item.blocks[0], Paragraph)] == [
        "不得重叠。",
        "第二类以上矿产，根据地质资料划定区块。",
        "优先。",
    ]
    assert all(item.title == "" for item in items)


def test_a_title_that_runs_into_its_text_is_told(read: Read) -> None:
    document = read("第一章 现状\n\n1. 以沉积矿产为主。煤最为丰富，其余较少。")
    item = document.sections[0].children[0]
    assert item.title == "以沉积矿产为主"
    assert isinstance(item.blocks[0], Paragraph)
    assert item.blocks[0].text == "以沉积矿产为主。煤最为丰富，其余较少。"


def test_contents_pages_are_left_out(read: Read) -> None:
    contents = "目 录\n第一章 总则……………1\n一、目的.......2\n第二章 布局……………5\n\n"
    document = read(contents + "第一章 总则\n一、目的\n为了发展。\n第二章 布局\n略。")
    assert [section.path for section in document.walk()] == ["第一章", "第一章一", "第二章"]


def test_contents_without_page_numbers_end_where_the_first_entry_comes_again(read: Read) -> None:
    document = read("目录\n第一章 总则\n第二章 布局\n第一章 总则\n为了发展。\n第二章 布局\n略。")
    assert [section.path for section in document.walk()] == ["第一章", "第二章"]


def test_a_repeated_number_stays_as_printed(read: Read) -> None:
    document = read("第五章 修复\n（四）治理\n甲。\n（四）分区\n乙。")
    assert [s.path for s in document.sections[0].children] == ["第五章（四）", "第五章（四）"]


def test_a_sentence_about_a_chapter_is_no_chapter(read: Read) -> None:
    document = read("第一章 总则\n第二章规定的指标由市局解释；未尽事宜另行通知。")
    assert [section.path for section in document.walk()] == ["第一章"]


def test_degrees_in_formulas_become_plain(read: Read) -> None:
    document = read("第一章 总则\n东经 $111^{\\circ}58'03''$ — $112^{\\circ}44'04''$ 。")
    assert isinstance(block := document.sections[0].blocks[0], Paragraph)
    assert block.text == "东经 111°58'03'' — 112°44'04'' 。"


def test_markdown_headings_and_tables(read: Read) -> None:
    document = read("# 第一章 总则\n\n表1 产量\n\n| 县 | 产量 |\n|---|---|\n| 甲县 | 5 |\n")
    ((section, table),) = document.tables()
    assert section is not None
    assert section.path == "第一章"
    assert [[cell.text for cell in row] for row in table.cells] == [["县", "产量"], ["甲县", "5"]]


def test_decimal_numbers_hold_their_parents(read: Read) -> None:
    document = read(
        "1. 总则\n1.1 目的\n为了发展。\n1.1.1 近期\n略。\n1.2 依据\n略。\n2. 布局\n2.1 分区\n略。"
    )
    assert [(section.path, section.level) for section in document.walk()] == [
        ("1", 1),
        ("1.1", 2),
        ("1.1.1", 3),
        ("1.2", 2),
        ("2", 1),
        ("2.1", 2),
    ]


_LINES = st.lists(
    st.text(st.sampled_from("第一二章节、（）1.2表专栏续单位：目录。，煤\t |-…$# "), max_size=25),
    max_size=25,
)


@given(_LINES)
def test_no_text_breaks_the_outline_and_nothing_is_lost(lines: list[str]) -> None:
    outliner = Outliner("规划")
    for line in lines:
        outliner.add(Line(line))
    document = outliner.close()
    for section in document.walk():
        assert section.path.endswith(section.number)
    told = "".join(
        [s.number + s.title for s in document.walk()]
        + [b.text for _, b in document.blocks() if isinstance(b, Paragraph)]
    )
    # captions alone become text, units and contents titles do not: what is kept is Chinese words
    for word in "煤":
        assert told.count(word) >= sum(line.count(word) for line in lines) - _dropped(lines, word)


def _dropped(lines: list[str], word: str) -> int:
    """Words in lines that are read as the unit of a table that never comes."""
    return sum(line.count(word) for line in lines if read_unit(line))


def test_a_line_of_a_million_characters_takes_no_time(read: Read) -> None:
    document = read(
        "第一章 总则\n" + " " * 300_000 + "1\n" + "·" * 300_000 + "\n" + "甲，" * 100_000
    )
    assert document.sections[0].blocks


def test_page_numbers_and_form_feeds_of_plain_text(read: Read) -> None:
    pages = (
        "第一章 总则\n以2020年为基期，展望到\n— 1 —\n",
        "2035年，适用于全市。\n- 2 -\n",
        "第二章 布局\n略。",
    )
    document = read("\f".join(pages))
    assert [section.spot.page for section in document.sections] == [1, 3]
    assert document.pages == 3
    assert isinstance(block := document.sections[0].blocks[0], Paragraph)
    assert block.text == "以2020年为基期，展望到2035年，适用于全市。"
