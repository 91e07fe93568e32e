"""Lines and pieces of tables put together: paragraphs over page breaks, the tree of sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from minplan.core.document.model import Block, Paragraph, PlanDocument, Section, Spot
from minplan.core.text import Text
from minplan.documents.captions import (
    is_contents_entry,
    is_contents_title,
    part_unit,
    read_caption,
    read_unit,
)
from minplan.documents.numbering import Number, is_heading_shape, read_number
from minplan.documents.pieces import Line, Note, Piece, Raw
from minplan.documents.tables import TableMaker
from minplan.documents.wording import plain

_END: Final = re.compile(r"[。！？；：.!?;:][”’\"）)】》]*\s*$")
_INSIDE: Final = re.compile(r"[。；]")
_CLAUSES: Final = re.compile(r"[，。；、,;]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_LONGEST_RUN_IN: Final = 30
_CHAPTER: Final = 10
#: nothing is joined to a paragraph longer than this
_LONGEST_PARAGRAPH: Final = 20_000
#: the end of a text that tells whether its sentence ends
_TAIL: Final = 20
#: a chapter title far longer than this is a sentence that begins with 第…章
_LONGEST_CHAPTER: Final = 45


@dataclass(slots=True)
class _Open:
    """A section that is still being filled."""

    number: str
    title: str
    rank: int
    path: str
    spot: Spot
    blocks: list[Block] = field(default_factory=list)
    children: list[_Open] = field(default_factory=list)

    def close(self, level: int) -> Section:
        children = tuple(child.close(level + 1) for child in self.children)
        return Section(
            self.number, self.title, level, self.path, self.spot, tuple(self.blocks), children
        )


class Outliner:
    """Takes the raw parts of a document one by one, gives the document at the end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._front: list[Block] = []
        self._roots: list[_Open] = []
        self._stack: list[_Open] = []
        self._text: Line | None = None
        self._tables = TableMaker()
        self._pages: int | None = None
        self._remarks: list[Text] = []
        #: whether the latest item of a rank was a sentence
        self._sentences: dict[int, bool] = {}

    def add(self, raw: Raw) -> None:
        """Take the next part."""
        if isinstance(raw, Piece):
            self._end_paragraph()
            self._put_all(self._tables.add(raw, self._path))
        elif isinstance(raw, Note):
            self._remarks.append(raw.text)
        else:
            self._add_line(raw)

    def _add_line(self, line: Line) -> None:
        text = plain(line.text)
        if not text:
            return
        if line.page is not None:
            self._pages = max(self._pages or 0, line.page)
        line = Line(text, line.page, line.line, line.level, line.whole)
        bare, unit = part_unit(text)
        caption, unit = read_caption(bare), unit or read_unit(text)
        if caption or unit:
            self._end_paragraph()
            done = self._tables.announce(line, caption, unit, self._path)
            self._put_all(done)
            return
        number = read_number(text) if line.level is None or line.level else None
        if self._continues(line, number):
            assert self._text is not None
            self._text = Line(
                joined(self._text.text, text),
                self._text.page,
                self._text.line,
                self._text.level,
                line.whole,
            )
            return
        self._end_paragraph()
        self._put_all(self._tables.finish(self._path))
        self._text = line

    def _continues(self, line: Line, number: Number | None) -> bool:
        """Whether the line is the rest of the paragraph before, cut by a page or line break."""
        before = self._text
        if before is None or before.whole or line.level is not None or before.level is not None:
            return False
        if len(before.text) > _LONGEST_PARAGRAPH:
            return False
        if number is not None and not (_is_cut_hard(before.text) or "." in number.printed):
            return False
        own = read_number(before.text)
        if own is not None and not _INSIDE.search(before.text) and is_heading_shape(own.rest):
            # a heading with a comma, or the first line of an item among items that are sentences
            return _is_cut_hard(before.text) or self._sentences.get(own.rank, False)
        return is_cut(before.text)

    def _end_paragraph(self) -> None:
        line, self._text = self._text, None
        if line is None:
            return
        line = replace(line, text=plain(line.text))  # a page break may have cut a formula
        number = read_number(line.text)
        if number is not None and _is_section(number, line):
            self._open(number, line)
        elif line.level is not None and is_heading_shape(line.text):
            self._open(Number((line.level) * 10, "", 0, line.text), line)
        else:
            self._put(Paragraph(line.text, Spot(self._path, line.page, line.line)))

    def _open(self, number: Number, line: Line) -> None:
        path = self._nested(number)
        self._sentences = {k: v for k, v in self._sentences.items() if k <= number.rank}
        self._sentences[number.rank] = not is_heading_shape(number.rest)
        spot = Spot(path, line.page, line.line, quote=line.text[:40])
        title, text = _title(number.rest)
        section = _Open(number.printed, title, number.rank, path, spot)
        (self._stack[-1].children if self._stack else self._roots).append(section)
        self._stack.append(section)
        if text:
            section.blocks.append(Paragraph(text, Spot(path, line.page, line.line)))

    def _nested(self, number: Number) -> str:
        """Leave the sections that end before this number; the path of the new one.

        ``1.2`` is in ``1`` by its own words and repeats it: its path has it once.
        """
        prefix = number.printed.rpartition(".")[0]
        for index in range(len(self._stack) - 1, -1, -1):
            if prefix and self._stack[index].number == prefix:
                del self._stack[index + 1 :]
                return self._stack[index].path.removesuffix(prefix) + number.printed
        ends = (index for index, part in enumerate(self._stack) if part.rank >= number.rank)
        del self._stack[next(ends, len(self._stack)) :]
        return (self._stack[-1].path if self._stack else "") + number.printed

    @property
    def _path(self) -> str:
        return self._stack[-1].path if self._stack else ""

    def _put(self, block: Block) -> None:
        (self._stack[-1].blocks if self._stack else self._front).append(block)

    def _put_all(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self._put(block)

    def close(self, pages: int | None = None) -> PlanDocument:
        """The document."""
        self._end_paragraph()
        self._put_all(self._tables.finish(self._path))
        sections = tuple(item.close(1) for item in self._roots)
        return PlanDocument(
            name=self._name,
            title=_document_title(self._front, sections) or self._name,
            front=tuple(self._front),
            sections=sections,
            pages=pages if pages is not None else self._pages,
            remarks=(*self._remarks, *self._tables.remarks),
        )


def _is_section(number: Number, line: Line) -> bool:
    """Chapters must look like headings; below them a numbered sentence is an item of its own."""
    if number.rank <= _CHAPTER * 3:
        return number.rank == _CHAPTER * 3 or (
            len(number.rest) <= _LONGEST_CHAPTER and is_heading_shape(number.rest or "章")
        )
    return bool(number.rest)


def _title(text: str) -> tuple[str, str]:
    """Title and running text: a heading has no text, an item perhaps a run-in title."""
    if is_heading_shape(text):
        return text, ""
    found = re.match(r"^([^。：；，]{2,}?)[。：:]", text)
    if found and len(found[1]) <= _LONGEST_RUN_IN and len(found[0]) < len(text):
        return found[1], text
    return "", text


def is_cut(text: str) -> bool:
    """Whether a paragraph stops in the middle of a sentence.

    Titles and headings stop without a full stop too, but have no commas either.
    """
    return _is_cut_hard(text) or (not _END.search(text[-_TAIL:]) and bool(_CLAUSES.search(text)))


def _is_cut_hard(text: str) -> bool:
    return text.endswith(("，", "、", ",", "（", "(", "《", "“"))


def joined(before: str, after: str) -> str:
    """Two parts of a paragraph; a space only between Latin words."""
    space = " " if _LATIN.match(before[-1:]) and _LATIN.match(after[:1]) else ""
    return before + space + after


def _document_title(front: list[Block], sections: tuple[Section, ...]) -> str:
    named = [
        block.text
        for block in front
        if isinstance(block, Paragraph)
        and "规划" in block.text
        and len(block.text) <= 60
        and not re.search(r"[。，；：]|通知$|^关于", block.text)
    ]
    return re.sub(r"\s+", "", named[0]) if named else ""


def without_contents(raws: Iterable[Raw]) -> Iterator[Raw]:
    """Leave out the contents pages (目录): their title, and the entries after it.

    Entries with page numbers end where a line has none; entries without end where a line is no
    heading, or where the first of them comes again.
    """
    first, inside, led = "", False, False
    for raw in raws:
        if not isinstance(raw, Line):
            inside = inside and isinstance(raw, Note)
            yield raw
            continue
        text = raw.text.strip()
        numbered = read_number(text) is not None
        if raw.contents or (numbered and is_contents_entry(raw.text)):
            led = True
            continue
        if is_contents_title(text):
            first, inside, led = "", True, False
            continue
        if inside and text:
            entry = numbered and not led and is_heading_shape(text) and text != first
            if entry or is_contents_entry(raw.text):
                first = first or text
                continue
            inside = False
        yield raw
