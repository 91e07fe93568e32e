"""Word documents (.docx): paragraphs with styles and numbers, tables with merged cells."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from minplan.core.text import Text
from minplan.documents.errors import damaged, empty
from minplan.documents.pieces import Line, Note, Piece, Raw, RawCell, RawRow
from minplan.documents.word_numbers import AutoNumbers
from minplan.documents.wording import cell_text

_TEXT: Final = qn("w:t")
_TABS: Final = (qn("w:tab"), qn("w:ptab"))
_BREAKS: Final = (qn("w:br"), qn("w:cr"))
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX: Final = qn("w:txbxContent")
#: text that stands apart from the paragraph it hangs on, or is struck out
_APART: Final = (
    _BOX,
    qn("w:del"),
    qn("w:moveFrom"),
    _FALLBACK,
)
#: styles of the entries of a contents page
_CONTENTS: Final = ("toc", "目录")
_OUTLINE_TEXT: Final = 9
_DAMAGE: Final = (
    OpcError,
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    KeyError,
    ValueError,
    AttributeError,
    EOFError,
    OSError,
)


def read_word_file(path: Path, name: str) -> Iterator[Raw]:
    """The paragraphs and tables of a document in reading order.

    Raises InputError E972 for a damaged document and E976 for one without text.
    """
    try:
        document = docx.Document(str(path))
        raws = _Reader(document)
    except _DAMAGE as error:
        raise damaged(name) from error
    some = False
    try:
        for raw in raws.read():
            some = True
            yield raw
    except (KeyError, ValueError, AttributeError) as error:
        raise damaged(name) from error
    if not some:
        raise empty(name)


class _Reader:
    """Goes through the body; styles are looked up once."""

    def __init__(self, document: Any) -> None:
        self._body = document.element.body
        self._styles = {style.style_id: style for style in document.styles}
        self._numbers = AutoNumbers(document)

    def read(self) -> Iterator[Raw]:
        yield from self._inside(self._body)
        boxes = [
            box
            for box in self._body.iter(_BOX)
            if text_of(box).strip() and next(box.iterancestors(_FALLBACK), None) is None
        ]
        if boxes:
            count = len(boxes)
            zh = f"{count} 个文本框里的文字未读，请移入正文"
            yield Note(Text(zh, f"the text of {count} text boxes was not read: move it"))

    def _inside(self, parent: Any) -> Iterator[Raw]:
        for child in parent:
            if child.tag == qn("w:p"):
                line = self._line(child)
                if line.text.strip():
                    yield line
            elif child.tag == qn("w:tbl"):
                piece = _piece(child)
                if piece.rows:
                    yield piece
            elif child.tag == qn("w:sdt"):
                if not _is_contents(child):
                    for inner in child.findall(qn("w:sdtContent")):
                        yield from self._inside(inner)
            elif child.tag in (qn("w:ins"), qn("w:moveTo"), qn("w:customXml")):
                yield from self._inside(child)

    def _line(self, paragraph: Any) -> Line:
        style = self._style(paragraph)
        words = text_of(paragraph)
        label = self._numbers.label(paragraph, style) if words.strip() else ""
        listed = style is not None and (style.name or "").lower().startswith(_CONTENTS)
        level = self._level(paragraph, style)
        return Line(label + words.strip(), level=level, whole=True, contents=listed)

    def _style(self, paragraph: Any) -> Any:
        properties = paragraph.pPr
        named = (
            properties.pStyle.val
            if properties is not None and properties.pStyle is not None
            else None
        )
        return self._styles.get(named)

    def _level(self, paragraph: Any, style: Any) -> int | None:
        """The heading level of a paragraph: its own outline level, or that of its style."""
        told = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        seen = 0
        while told is None and style is not None and seen < 10:
            told = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if told is None and (level := _level_of_name(style.name or "")):
                return level
            style, seen = style.base_style, seen + 1
        if told is None:
            return None
        value = int(told.get(qn("w:val")) or _OUTLINE_TEXT)
        return value + 1 if value < _OUTLINE_TEXT else None


def _level_of_name(name: str) -> int | None:
    for start in ("heading ", "标题 ", "标题"):
        rest = name.lower().removeprefix(start)
        if rest != name.lower() and rest.strip().isdigit():
            return int(rest)
    return None


def _is_contents(block: Any) -> bool:
    gallery = block.find(f".//{qn('w:docPartGallery')}")
    return gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"


def text_of(element: Any) -> str:
    """The text of a paragraph or cell; inserted text counts, deleted text does not."""
    parts: list[str] = []
    for child in element:
        if child.tag in _APART:
            continue
        if child.tag == _TEXT:
            parts.append(child.text or "")
        elif child.tag in _TABS and child.getparent().tag == qn("w:r"):
            parts.append("\t")
        elif child.tag in _BREAKS:
            parts.append(" ")
        elif child.tag == qn("w:p") and parts:
            parts.append(" " + text_of(child))
        elif isinstance(child.tag, str):
            parts.append(text_of(child))
    return "".join(parts)


def _piece(table: Any) -> Piece:
    rows = tuple(row for item in table.iter(qn("w:tr")) if (row := _row(item, table)) is not None)
    width = max((len(row.cells) for row in rows), default=0)
    full = tuple(
        RawRow(row.cells + (RawCell(""),) * (width - len(row.cells)), head=row.head) for row in rows
    )
    return Piece(full, exact=True)


def _row(row: Any, table: Any) -> RawRow | None:
    """A row of this table (None for one of a table inside a cell)."""
    if next(row.iterancestors(qn("w:tbl"))) is not table:
        return None
    properties = row.find(qn("w:trPr"))
    head, before = False, 0
    if properties is not None:
        mark = properties.find(qn("w:tblHeader"))
        head = mark is not None and mark.get(qn("w:val")) not in ("0", "false", "off")
        skipped = properties.find(qn("w:gridBefore"))
        before = int(skipped.get(qn("w:val")) or 0) if skipped is not None else 0
    cells = [RawCell("")] * before
    for cell in row.iter(qn("w:tc")):
        if next(cell.iterancestors(qn("w:tr"))) is row:
            cells.extend(_cells(cell))
    return RawRow(tuple(cells), head=head)


def _cells(cell: Any) -> Iterator[RawCell]:
    properties = cell.find(qn("w:tcPr"))
    span, up = 1, False
    if properties is not None:
        wide = properties.find(qn("w:gridSpan"))
        span = int(wide.get(qn("w:val")) or 1) if wide is not None else 1
        merge = properties.find(qn("w:vMerge"))
        up = merge is not None and merge.get(qn("w:val")) in (None, "continue")
    words = "" if up else cell_text(text_of(cell))
    yield RawCell(words, up=up)
    for _ in range(span - 1):
        yield RawCell("", up=up, left=True)
