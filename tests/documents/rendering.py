"""A plan document printed as DOCX and PDF, with true merged cells, to be read back."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import docx
import typst
from docx.oxml import OxmlElement

from minplan.core.document.model import Paragraph, PlanDocument, Section, Table, TableKind
from minplan.reports.typeface import font_folder

#: a cell of a printed table: text, rows it goes over, columns it goes over
Span = tuple[int, int, str, int, int]


def spans(table: Table) -> list[Span]:
    """The cells to print: row, column, text, rows and columns they go over."""
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(table.cells):
        for c, cell in enumerate(row):
            owner[r, c] = (r, c)
            if not cell.merged:
                continue
            if r and table.cells[r - 1][c].text == cell.text:
                owner[r, c] = owner[r - 1, c]
            elif c and row[c - 1].text == cell.text:
                owner[r, c] = owner[r, c - 1]
    found = []
    for r, c in sorted(set(owner.values())):
        mine = [place for place, of in owner.items() if of == (r, c)]
        rows, columns = max(p[0] for p in mine) - r + 1, max(p[1] for p in mine) - c + 1
        found.append((r, c, table.cells[r][c].text, rows, columns))
    return found


def numbered(section: Section) -> str:
    """The number as printed before a heading."""
    number = section.number
    if number.startswith("第"):
        return f"{number} "
    if number[:1] in "（①②③④⑤⑥⑦⑧⑨⑩":
        return number
    return f"{number}. " if number.isdigit() else f"{number}、"


def lines(document: PlanDocument) -> list[tuple[str, str | Table, int]]:
    """What is printed in order: kind (heading, text, table), content, level."""
    out: list[tuple[str, str | Table, int]] = []

    def _blocks(blocks: Any, before: str = "") -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                out.append(("text", before + block.text, 0))
                before = ""
            else:
                out.append(("table", block, 0))

    _blocks(document.front)
    for section in document.walk():
        first = section.blocks[0] if section.blocks else None
        runs_in = isinstance(first, Paragraph) and (
            not section.title
            or first.text.startswith(f"{section.title}。")
            or first.text.startswith(f"{section.title}：")
        )
        if runs_in:
            _blocks(section.blocks, numbered(section))
        else:
            out.append(("heading", numbered(section) + section.title, section.level))
            _blocks(section.blocks)
    return out


def caption(table: Table) -> str:
    return "" if table.kind is TableKind.PLAIN else f"{table.label} {table.title}"


def as_docx(document: PlanDocument, path: Path) -> Path:
    """Headings by style, boxes with their title inside the frame, cells truly merged."""
    made = docx.Document()
    for kind, content, level in lines(document):
        if isinstance(content, Table):
            _word_table(made, content)
        elif kind == "heading":
            made.add_heading(content, level=min(level, 9))
        else:
            made.add_paragraph(content)
    made.save(str(path))
    return path


def _word_table(made: Any, table: Table) -> None:
    boxed = table.kind is TableKind.BOX
    if table.kind is TableKind.TABLE:
        made.add_paragraph(caption(table))
    if table.unit:
        made.add_paragraph(f"单位：{table.unit}")
    rows, columns = len(table.cells), len(table.cells[0])
    grid = made.add_table(rows + boxed, columns)
    if boxed:
        grid.cell(0, 0).merge(grid.cell(0, columns - 1)).text = caption(table)
    for r, c, text, down, across in spans(table):
        cell = grid.cell(r + boxed, c)
        if down > 1 or across > 1:
            cell = cell.merge(grid.cell(r + boxed + down - 1, c + across - 1))
        cell.text = text
    for r in range(table.head + boxed if table.head > 1 else 0):
        mark = OxmlElement("w:tblHeader")
        grid.rows[r]._tr.get_or_add_trPr().append(mark)


_TYPST = """
#set page(paper: "a4", margin: (x: 2.6cm, y: 3cm),
  header: align(center, text(size: 9pt)[矿产资源总体规划文本]),
  footer: context align(center)[— #counter(page).display() —])
#set text(font: "Minplan Sans SC", size: 11pt, lang: "zh")
#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 0.8em)
#let parts = json("parts.json")
#for part in parts {
  if part.kind == "break" { pagebreak(weak: true) }
  else if part.kind == "heading" { block(text(weight: "bold", part.text)) }
  else if part.kind == "text" { par(part.text) }
  else if part.kind == "contents" {
    par(part.text + box(width: 1fr, repeat[.]) + part.page) }
  else {
    if part.caption != "" { align(center, text(size: 10pt, part.caption)) }
    if part.unit != "" { align(right, text(size: 10pt, "单位：" + part.unit)) }
    let cell(c) = table.cell(x: c.x, y: c.y, rowspan: c.down, colspan: c.across,
      text(size: 8pt, c.text))
    set par(first-line-indent: 0pt, justify: false)
    let head = part.cells.filter(c => c.y < part.head).map(cell)
    let body = part.cells.filter(c => c.y >= part.head).map(cell)
    table(columns: part.columns.map(n => n * 1fr), table.header(..head), ..body)
  }
}
"""


def as_pdf(
    document: PlanDocument, path: Path, *, contents: bool = False, pages: bool = False
) -> Path:
    """Running heads and page numbers, headings of tables repeated on every page.

    ``pages`` begins every chapter on a new page.
    """
    parts: list[dict[str, Any]] = []
    if contents:
        parts.append({"kind": "heading", "text": "目 录"})
        parts += [
            {"kind": "contents", "text": numbered(s) + s.title, "page": str(3 + i)}
            for i, s in enumerate(document.walk())
            if s.level <= 2
        ]
    for kind, content, level in lines(document):
        if pages and level == 1:
            parts.append({"kind": "break"})
        if isinstance(content, Table):
            parts.append(_typst_table(content))
        else:
            parts.append({"kind": kind, "text": content})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.typ").write_text(_TYPST, "utf-8")
        (folder / "parts.json").write_text(json.dumps(parts, ensure_ascii=False), "utf-8")
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(font_folder())],
        )
        compiler = typst.Compiler(str(folder / "main.typ"), root=str(folder), font_paths=fonts)
        path.write_bytes(compiler.compile(format="pdf"))
    return path


def _typst_table(table: Table) -> dict[str, Any]:
    cells = [
        {"x": c, "y": r, "down": down, "across": across, "text": text}
        for r, c, text, down, across in spans(table)
    ]
    longest = [max(len(row[c].text) for row in table.cells) for c in range(len(table.cells[0]))]
    return {
        "kind": "table",
        "caption": caption(table),
        "unit": table.unit,
        "head": table.head,
        "columns": [min(max(length, 4), 20) for length in longest],
        "cells": cells,
    }
