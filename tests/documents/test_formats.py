"""The same plan as text, DOCX and PDF gives the same sections, paragraphs and tables."""

from __future__ import annotations

import random
import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from tests.documents.conftest import texts
from tests.documents.making import small, small_docx, small_pdf
from tests.documents.rendering import as_docx, as_pdf

from minplan.core.document.model import Paragraph, PlanDocument
from minplan.documents import read_document
from minplan.documents.wording import folded

_PAGES = 300
#: bytes it may take
_LONG_MEMORY = 300 << 20


def _outline(document: PlanDocument) -> list[tuple[str, str]]:
    return [(section.path, folded(section.title)) for section in document.walk()]


def _paragraphs(document: PlanDocument) -> list[str]:
    return [folded(b.text) for _, b in document.blocks() if isinstance(b, Paragraph)]


def _tables(document: PlanDocument) -> list[Any]:
    return [
        (
            table.label,
            folded(table.title),
            table.unit,
            table.head,
            [[(folded(cell.text), cell.merged) for cell in row] for row in table.cells],
        )
        for _, table in document.tables()
    ]


def _same(one: PlanDocument, other: PlanDocument) -> None:
    assert _outline(other) == _outline(one)
    assert _paragraphs(other) == _paragraphs(one)
    assert _tables(other) == _tables(one)


def test_small_documents_are_the_same_in_all_formats(tmp_path: Path) -> None:
    _same(small(), read_document(small_docx(tmp_path / "规划.docx")))
    printed = read_document(small_pdf(tmp_path / "规划.pdf"))
    assert _outline(printed) == _outline(small())
    assert _tables(printed) == _tables(small())
    # one page cannot tell a running head from the text
    assert _paragraphs(printed) == ["矿产资源总体规划文本", *_paragraphs(small())]


def test_the_plan_as_docx(plan: PlanDocument, tmp_path: Path) -> None:
    _same(plan, read_document(as_docx(plan, tmp_path / "规划.docx")))


def test_the_plan_as_pdf_with_contents_and_running_heads(
    plan: PlanDocument, tmp_path: Path
) -> None:
    document = read_document(as_pdf(plan, tmp_path / "规划.pdf", contents=True))
    _same(plan, document)
    assert document.pages is not None
    assert document.pages > 20
    pages = [section.spot.page for section in document.sections]
    assert None not in pages
    assert pages == sorted(pages, key=lambda page: page or 0)


@pytest.mark.parametrize("seed", range(3))
def test_page_breaks_elsewhere_give_the_same_plan(
    plan: PlanDocument, plan_text: Path, tmp_path: Path, seed: int
) -> None:
    """Tables and paragraphs of the text cut at other places than the printer cut them."""
    chance = random.Random(seed)
    out: list[str] = []
    for line in plan_text.read_text("utf-8").split("\n"):
        is_row = "\t" in line
        if is_row and out and "\t" in out[-1] and chance.random() < 0.15:
            out.append("")
        middle = len(line) // 2
        inside = not is_row and len(line) > 60 and "，" in line[:middle]
        if inside and line[0] not in "（(" and line[middle - 1] not in "。；：":
            out += [line[:middle], "", line[middle:]]
        else:
            out.append(line)
    path = tmp_path / "规划.txt"
    path.write_text("\n".join(out), "utf-8")
    _same(plan, read_document(path))


def test_numbers_that_word_prints_by_itself(tmp_path: Path) -> None:
    made = docx.Document()
    _numbering(made, [("chineseCountingThousand", "第%1章"), ("chineseCounting", "（%2）")])
    for level, words in ((0, "总则"), (1, "目的"), (1, "依据"), (0, "布局"), (1, "分区")):
        _numbered(made.add_paragraph(words), level)
    made.add_paragraph("全市划定三个分区。")
    made.save(str(tmp_path / "规划.docx"))
    document = read_document(tmp_path / "规划.docx")
    assert [section.path for section in document.walk()] == [
        "第一章", "第一章（一）", "第一章（二）", "第二章", "第二章（一）",
    ]  # fmt: skip


def test_headings_by_style_without_numbers(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("总则", level=1)
    made.add_heading("目的", level=2)
    made.add_paragraph("为了发展，特编制本规划。")
    made.add_heading("布局", level=1)
    made.save(str(tmp_path / "规划.docx"))
    document = read_document(tmp_path / "规划.docx")
    assert [(s.title, s.level) for s in document.walk()] == [("总则", 1), ("目的", 2), ("布局", 1)]


def test_contents_and_deleted_text_of_word_are_left_out(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("目录")
    made.styles.add_style("toc 1", 1)
    made.add_paragraph("第一章 总则\t3", style="toc 1")
    made.add_heading("第一章 总则", level=1)
    paragraph = made.add_paragraph("开采总量为")
    _revision(paragraph, "w:del", "w:delText", "150")
    _revision(paragraph, "w:ins", "w:t", "160")
    paragraph.add_run("万吨。")
    made.save(str(tmp_path / "规划.docx"))
    document = read_document(tmp_path / "规划.docx")
    assert [section.path for section in document.walk()] == ["第一章"]
    assert _paragraphs(document) == ["开采总量为160万吨。"]


def test_a_table_continued_on_the_next_page_of_a_word_document(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("第一章 总则", level=1)
    for title, county in (("表1 产量", "甲县"), ("续表1", "乙县")):
        made.add_paragraph(title)
        grid = made.add_table(2, 2)
        for cell, text in zip(grid._cells, ("县", "产量", county, "5"), strict=True):
            cell.text = text
    made.save(str(tmp_path / "规划.docx"))
    ((_, table),) = read_document(tmp_path / "规划.docx").tables()
    assert texts(table) == [["县", "产量"], ["甲县", "5"], ["乙县", "5"]]


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("第一章 总则", level=1)
    run, box, inner = (OxmlElement(tag) for tag in ("w:r", "w:pict", "w:txbxContent"))
    inner.append(made.add_paragraph("框里的字")._p)
    box.append(inner)
    run.append(box)
    made.add_paragraph("正文。")._p.append(run)
    made.save(str(tmp_path / "规划.docx"))
    document = read_document(tmp_path / "规划.docx")
    assert _paragraphs(document) == ["正文。"]
    assert "1 个文本框" in document.remarks[0].zh

    writer = pypdf.PdfWriter(clone_from=small_pdf(tmp_path / "规划.pdf"))
    writer.append(_picture(tmp_path / "图.pdf"))
    writer.write(tmp_path / "附图.pdf")
    assert "第 2 页" in read_document(tmp_path / "附图.pdf").remarks[-1].zh


def _picture(path: Path) -> Path:
    from matplotlib import pyplot

    figure = pyplot.figure()
    figure.figimage([[0.0, 1.0], [1.0, 0.0]])
    figure.savefig(path)
    pyplot.close(figure)
    return path


@pytest.mark.slow
def test_a_document_of_300_pages_in_bounded_memory(tmp_path: Path) -> None:
    (chapter,) = small().sections
    chapters = tuple(
        replace(chapter, number=f"第{n}章", title=f"总则{n}") for n in range(1, _PAGES + 1)
    )
    path = as_pdf(replace(small(), sections=chapters), tmp_path / "长.pdf", pages=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    document = read_document(path)
    assert document.pages == _PAGES
    assert [section.spot.page for section in document.sections] == list(range(1, _PAGES + 1))
    assert len(list(document.tables())) == _PAGES
    assert document.front == ()
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < _LONG_MEMORY


def _numbering(made: Any, levels: list[tuple[str, str]]) -> None:
    root = made.part.numbering_part.element
    kind = OxmlElement("w:abstractNum")
    kind.set(qn("w:abstractNumId"), "90")
    for index, (shape, words) in enumerate(levels):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(index))
        for name, value in (("w:start", "1"), ("w:numFmt", shape), ("w:lvlText", words)):
            item = OxmlElement(name)
            item.set(qn("w:val"), value)
            level.append(item)
        kind.append(level)
    root.insert(0, kind)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "90")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "90")
    number.append(link)
    root.append(number)


def _numbered(paragraph: Any, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = 90


def _revision(paragraph: Any, tag: str, inner: str, words: str) -> None:
    change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
    text.text = words
    run.append(text)
    change.append(run)
    paragraph._p.append(change)
