"""Tables from their pieces: captions found, pieces joined, heading rows told, merged cells filled.

Pieces of one table follow each other with nothing but blank lines, a repeated caption (续表) or a
repeated heading between them. What stands in them is put right by :mod:`minplan.documents.mending`
(plain text, where merged cells come as empty ones) and by :mod:`minplan.documents.heading_rows`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from minplan.core.document.model import Block, Cell, Paragraph, Spot, Table, TableKind
from minplan.core.text import Text
from minplan.documents.captions import Caption, part_unit, read_caption, read_unit
from minplan.documents.heading_rows import count_heads, looks_like_head
from minplan.documents.mending import SAME_EDGE, mend
from minplan.documents.pieces import Line, Piece, RawCell, RawRow
from minplan.documents.wording import cell_text, folded


@dataclass(slots=True)
class _Growing:
    """A table that may still go on."""

    caption: Caption | None
    unit: str
    page: int | None
    line: int | None
    path: str
    pieces: list[Piece] = field(default_factory=list)

    def repeats(self, piece: Piece) -> int:
        """How many heading rows of the table a piece begins with once more."""
        first = self.pieces[0].rows
        count = 0
        for row, before in zip(piece.rows, first[: count_heads(first)], strict=False):
            if not _told(row) or _told(row) != _told(before):
                break
            count += 1
        return count


class TableMaker:
    """Takes captions and pieces in order and gives the tables that are complete."""

    def __init__(self) -> None:
        self._open: _Growing | None = None
        self._caption: tuple[Caption, Line] | None = None
        self._unit = ""
        self._again = False
        self.remarks: list[Text] = []

    def announce(
        self, line: Line, caption: Caption | None, unit: str, path: str
    ) -> tuple[Block, ...]:
        """Take a caption or unit line; give what was complete before it."""
        if caption is None:
            self._unit = unit
            return ()
        if self._open is not None and _goes_on(self._open.caption, caption):
            self._again = True
            return ()
        done = self.finish(path)
        self._caption, self._unit = (caption, line), unit
        return done

    def add(self, piece: Piece, path: str) -> tuple[Block, ...]:
        """Take a piece; give what was complete before it."""
        piece, caption, unit = _titled(piece)
        if not piece.rows:
            if caption is None:
                return ()
            row = piece.notes[0] if piece.notes else ""
            return self.announce(Line(row), caption, unit, path)
        self._unit = unit or self._unit
        done: tuple[Block, ...] = ()
        if caption is not None:
            if self._open is not None and _goes_on(self._open.caption, caption):
                self._again = True
            else:
                done = self.finish(path)
                self._caption = (caption, Line("", piece.rows[0].page, piece.rows[0].line))
        if self._open is not None and (self._again or not self._is_new(piece)):
            again = self._open.repeats(piece)
            self._open.pieces.append(replace(piece, rows=piece.rows[again:]))
            self._again, self._unit = False, ""
            return done
        done += self._close_open()
        first = piece.rows[0]
        said = self._caption
        self._open = _Growing(
            said[0] if said else None,
            self._unit,
            said[1].page if said else first.page,
            said[1].line if said else first.line,
            path,
            [piece],
        )
        self._caption, self._unit, self._again = None, "", False
        return done

    def _is_new(self, piece: Piece) -> bool:
        """Whether a piece without a caption of its own begins a table."""
        assert self._open is not None
        if self._caption is not None:
            return True
        if self._open.repeats(piece):
            return False
        last = self._open.pieces[-1]
        if piece.exact and piece.width != last.width and not _in_one_frame(last, piece):
            return True
        return looks_like_head(piece.rows[0].texts) and len(self._open.pieces[0].rows) > 1

    def finish(self, path: str) -> tuple[Block, ...]:
        """Give what is complete: text that is no table comes next."""
        done = self._close_open()
        if self._caption is not None:  # a caption with no table below it is a line of text
            caption, line = self._caption
            self._caption = None
            label = f"{caption.kind.word.zh}{caption.number} {caption.title}"
            done += (Paragraph(line.text or label, Spot(path, line.page, line.line)),)
        return done

    def _close_open(self) -> tuple[Block, ...]:
        growing, self._open = self._open, None
        if growing is None:
            return ()
        table, remarks = build(growing)
        self.remarks.extend(remarks)
        return (table,)


def _goes_on(before: Caption | None, caption: Caption) -> bool:
    if caption.again:
        return before is None or caption.number in ("", before.number)
    return (
        before is not None
        and (before.kind, before.number) == (caption.kind, caption.number)
        and folded(before.title) == folded(caption.title)
    )


def _titled(piece: Piece) -> tuple[Piece, Caption | None, str]:
    """Take a title and a unit off the top of a piece, where they stand in the frame."""
    rows, caption, unit = list(piece.rows), None, ""
    notes: list[str] = list(piece.notes)
    while rows:
        told = [cell.text for cell in rows[0].cells if cell.text and not cell.is_rest]
        if len(told) != 1 or (len(rows[0].cells) > 1 and not rows[0].cells[0].text):
            break
        bare, measured = part_unit(told[0])
        found, measured = read_caption(bare), measured or read_unit(told[0])
        if found is not None and caption is None:
            caption, unit = found, measured or unit
        elif measured:
            unit = measured
        else:
            break
        notes.append(told[0])
        rows.pop(0)
    return replace(piece, rows=tuple(rows), notes=tuple(notes)), caption, unit


def _told(row: RawRow) -> tuple[str, ...]:
    return tuple(folded(text) for text in row.texts if text)


def _in_one_frame(before: Piece, piece: Piece) -> bool:
    """Whether two pieces have the same outer edges on their pages."""
    if not before.edges or not piece.edges:
        return False
    return all(abs(before.edges[end] - piece.edges[end]) <= SAME_EDGE for end in (0, -1))


def build(growing: _Growing) -> tuple[Table, tuple[Text, ...]]:
    """The table of some pieces, and what is not certain about it."""
    caption = growing.caption
    kind = caption.kind if caption else TableKind.PLAIN
    number = caption.number if caption else ""
    title = caption.title if caption else ""
    label = f"{kind.word.zh}{number}" if caption else growing.path
    mended = mend(growing.pieces)
    cells = tuple(
        tuple(
            Cell(
                text,
                Spot(label, row.page, row.line, index, column, quote=cell.text),
                cell.is_rest,
            )
            for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True), start=1)
        )
        for index, (row, texts) in enumerate(
            zip(mended.rows, filled(mended.rows), strict=True), start=1
        )
    )
    spot = Spot(label, growing.page, growing.line, quote=title)
    return Table(kind, number, title, spot, cells, mended.head, growing.unit), mended.remarks(label)


def filled(rows: Sequence[RawRow]) -> list[list[str]]:
    """The texts of the rows with merged cells filled from the cell they belong to."""
    told: list[list[str]] = []
    for row in rows:
        texts: list[str] = []
        for column, cell in enumerate(row.cells):
            texts.append(_text(cell, column, texts, told))
        told.append(texts)
    return told


def _text(cell: RawCell, column: int, before: Sequence[str], above: Sequence[list[str]]) -> str:
    if cell.text or not cell.is_rest:
        return cell_text(cell.text)
    if cell.up and above and column < len(above[-1]):
        return above[-1][column]
    return before[column - 1] if cell.left and column else ""
