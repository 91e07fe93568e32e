"""Plain text and Markdown: lines, and tables as lines with tabs or pipes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minplan.documents.captions import is_page_number
from minplan.documents.errors import damaged, empty, no_document
from minplan.documents.pieces import Line, Piece, Raw, RawCell, RawRow
from minplan.documents.wording import cell_text

_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_HEADING: Final = re.compile(r"^(#{1,6})\s+(?P<text>.*)$")
_RULE: Final = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_DASHES: Final = re.compile(r"^[-—_=\s]{4,}$")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
#: bytes that tell whether a text without a mark is UTF-16
_SAMPLE: Final = 4000
#: more control characters than this share are no text
_BINARY_SHARE: Final = 0.01


def read_text_file(path: Path, name: str) -> Iterator[Raw]:
    """The lines and tables of a text file in UTF-8, GBK or UTF-16.

    Raises InputError E971 for what is no text, E972 for text cut in the middle of a character of
    UTF-16, E976 for an empty file.
    """
    return _raws(decode(path.read_bytes(), name))


def decode(data: bytes, name: str) -> str:
    """The text of a file; UTF-16 by its mark or by its zero bytes, else UTF-8, else GBK."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise empty(name)
    text = _wide(data, name) if _is_wide(data) else _narrow(data, name)
    if not text.strip():
        raise empty(name)
    if len(_CONTROL.findall(text)) > len(text) * _BINARY_SHARE:
        raise no_document(name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_wide(data: bytes) -> bool:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    head = data[:_SAMPLE]
    if b"\x00" not in head:
        return False
    try:
        text = data.decode("utf-16-le")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text[:_SAMPLE])


def _wide(data: bytes, name: str) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise damaged(name) from error


def _narrow(data: bytes, name: str) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise no_document(name)


def _raws(text: str) -> Iterator[Raw]:
    """Lines and pieces; a form feed begins a page, page numbers on lines of their own are left out.

    A table is one piece up to a line without cells.
    """
    rows: list[RawRow] = []
    page = 1 if "\f" in text else None
    for number, printed in enumerate(text.split("\n"), start=1):
        if page is not None:
            page += printed.count("\f")
        line = printed.replace("\f", "")
        if _DASHES.match(line) or is_page_number(line):
            line = ""
        cells = _cells(line)
        if cells is not None:
            told = tuple(RawCell(cell_text(cell)) for cell in cells)
            rows.append(RawRow(told, page, number))
            continue
        if _is_rule(line):
            continue
        if rows:
            yield Piece(tuple(rows))
            rows = []
        if line.strip():
            yield _line(line, page, number)
    if rows:
        yield Piece(tuple(rows))


def _is_rule(line: str) -> bool:
    """Whether the line rules off the heading of a Markdown table."""
    return "|" in line and bool(_RULE.match(line))


def _cells(line: str) -> list[str] | None:
    if "\t" in line.strip("\n") and line.strip():
        if line.count("\t") == len(line) - len(line.lstrip("\t")) == 1:
            return None  # an indented paragraph
        return line.split("\t")
    bare = line.strip()
    if bare.startswith("|") and bare.endswith("|") and len(bare) > 2 and not _RULE.match(bare):
        return [cell.strip() for cell in bare[1:-1].split("|")]
    return None


def _line(line: str, page: int | None, number: int) -> Line:
    if found := _HEADING.match(line.strip()):
        return Line(found["text"], page, number, level=len(found[1]))
    return Line(line, page, number)
