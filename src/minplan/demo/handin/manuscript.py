"""The text of a plan as a manuscript, written as DOCX (headings, merged cells, boxes) and TXT."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from minplan.reports.word import with_fixed_dates

#: The time written into documents: equal contents are equal files.
EPOCH: Final = dt.datetime(2000, 1, 1)
_FONT: Final = "SimSun"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table or box with its caption; cells equal to the one above are merged in columns
    ``merged``. The first row is the head, a last row that begins with 合计 the total.
    """

    caption: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[int, ...] = ()
    unit: str = ""


Block = Heading | Words | Grid


def write_docx(path: Path, title: str, blocks: Iterable[Block]) -> None:
    """Write a manuscript as DOCX; equal manuscripts give equal files."""
    file = docx.Document()
    file.core_properties.created = file.core_properties.modified = EPOCH
    file.core_properties.title = title
    file.core_properties.author = ""
    normal = file.styles["Normal"]
    normal.font.name = _FONT
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    file.add_paragraph(title, style="Title")
    for block in blocks:
        _write(file, block)
    buffer = BytesIO()
    file.save(buffer)
    path.write_bytes(with_fixed_dates(buffer))


def _write(file: Any, block: Block) -> None:
    if isinstance(block, Heading):
        file.add_heading(block.text, block.level)
    elif isinstance(block, Words):
        file.add_paragraph(block.text)
    else:
        caption = file.add_paragraph(block.caption)
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if block.unit:
            file.add_paragraph(f"单位：{block.unit}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _table(file, block)


def _table(file: Any, grid: Grid) -> None:
    table = file.add_table(len(grid.rows), len(grid.rows[0]), style="Table Grid")
    for row, cells in zip(table.rows, grid.rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    for column in grid.merged:
        for first, last in _runs([row[column] for row in grid.rows]):
            for row in range(first + 1, last + 1):
                table.cell(row, column).text = ""
            merged = table.cell(first, column).merge(table.cell(last, column))
            merged.text = grid.rows[first][column]


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First and last row of equal words, head left out."""
    start = 1
    for row in range(2, len(words) + 1):
        if row == len(words) or words[row] != words[start]:
            if row - 1 > start:
                yield start, row - 1
            start = row


def write_txt(path: Path, title: str, blocks: Iterable[Block]) -> None:
    """Write a manuscript as UTF-8 text, cells of tables apart by tabs."""
    lines = [title, ""]
    for block in blocks:
        if isinstance(block, Grid):
            lines += [block.caption, *([f"单位：{block.unit}"] if block.unit else [])]
            lines += ["\t".join(row) for row in block.rows]
            lines.append("")
        else:
            lines += [block.text, ""]
    path.write_text("\n".join(lines), encoding="utf-8")
