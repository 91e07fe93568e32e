"""PDF documents with text: pages one by one, their lines and the tables drawn with lines.

Only the texts of a page are kept when the next is read, so a long document takes little memory.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psparser import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from minplan.core.text import Text
from minplan.documents.errors import damaged, encrypted, no_text_layer
from minplan.documents.pdf_grid import piece_of
from minplan.documents.pdf_lines import Printed, Sheet, bare, paragraphs, printed_lines
from minplan.documents.pieces import Note, Piece, Raw

#: edges of cells closer than this, in points, are one
_SNAP: Final = 3.0
_TABLES: Final = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": _SNAP,
    "join_tolerance": _SNAP,
}
_DAMAGE: Final = (
    PdfminerException,
    MalformedPDFException,
    PDFSyntaxError,
    PSException,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    OverflowError,
    OSError,
)


def read_pdf_file(path: Path, name: str) -> Iterator[Raw]:
    """The paragraphs and tables of a PDF, without running heads and page numbers.

    Raises InputError E972 for a damaged file, E973 for one protected by a password, E974 for a
    scan without text.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    sheets: list[Sheet] = []
    try:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                sheets.append(_sheet(page))
                page.close()
    except _DAMAGE as error:
        if _asks_for_password(error):
            raise encrypted(name) from error
        raise damaged(name) from error
    if not sheets:
        raise damaged(name)
    if not any(sheet.items for sheet in sheets):
        raise no_text_layer(name, len(sheets))
    yield from paragraphs(bare(sheets))
    if pictures := [str(sheet.number) for sheet in sheets if sheet.is_picture]:
        pages = "、".join(pictures)
        yield Note(
            Text(
                f"第 {pages} 页只有图片，没有文字，未读",
                f"page {pages} holds pictures without text and was not read",
            )
        )


def count_pages(path: Path, name: str) -> int:
    """Number of pages of a PDF that opens, whatever is on them: a map or a scan has no text.

    Raises InputError E972 for a damaged file, E973 for one protected by a password.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(path) as document:
            pages = len(document.pages)
    except _DAMAGE as error:
        if _asks_for_password(error):
            raise encrypted(name) from error
        raise damaged(name) from error
    if not pages:
        raise damaged(name)
    return pages


def _asks_for_password(error: BaseException) -> bool:
    told: BaseException | None = error
    while told is not None:
        if isinstance(told, PDFPasswordIncorrect) or any(
            isinstance(item, PDFPasswordIncorrect) for item in told.args
        ):
            return True
        told = told.__cause__ or told.__context__
    return False


def _sheet(page: Any) -> Sheet:
    """The lines and tables of a page from top to bottom."""
    number = int(page.page_number)
    chars = [char for char in page.chars if char.get("upright", True)]
    items: list[tuple[float, Printed | Piece]] = []
    for table in page.find_tables(_TABLES) if page.rects or page.lines or page.curves else ():
        if len(table.cells) < 2:
            continue
        left, top, right, bottom = table.bbox
        inside = [char for char in chars if _is_in(char, left, top, right, bottom)]
        if not inside:
            continue
        items.append((top, piece_of(table.cells, inside, number)))
        taken = set(map(id, inside))
        chars = [char for char in chars if id(char) not in taken]
    items.extend((line.top, line) for line in printed_lines(chars, number))
    items.sort(key=lambda item: item[0])
    told = tuple(item for _, item in items)
    return Sheet(number, float(page.height), told, is_picture=not told and bool(page.images))


def _is_in(char: Any, left: float, top: float, right: float, bottom: float) -> bool:
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(left <= across <= right and top <= down <= bottom)
