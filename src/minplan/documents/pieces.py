"""What readers of a format hand over: lines and pieces of tables in the order of the document.

What these mean (a heading, a caption, the rest of a paragraph of the page before) is decided by
:mod:`minplan.documents.outline` and :mod:`minplan.documents.tables`, the same for all formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from minplan.core.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """A line or paragraph of text with its place.

    ``level`` is the heading level a style of the format gives it (1 = chapter), None without.
    ``whole`` is True where the format says that the paragraph ends here; otherwise a page
    break may have cut it. ``contents`` is True for a line of the contents page.
    """

    text: str
    page: int | None = None
    line: int | None = None
    level: int | None = None
    whole: bool = False
    contents: bool = False


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the format gives it; ``up`` and ``left``: the rest of the cell above, before it."""

    text: str
    up: bool = False
    left: bool = False

    @property
    def is_rest(self) -> bool:
        """Whether it is the rest of a merged cell."""
        return self.up or self.left


EMPTY = RawCell("")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of cells with its place; ``head`` where the format marks it as a heading row."""

    cells: tuple[RawCell, ...]
    page: int | None = None
    line: int | None = None
    head: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the cells."""
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Piece:
    """A table, or the part of one that stands on a page.

    ``exact`` is True where the format tells which cells are merged; in plain text merged cells
    come as empty ones. ``edges`` are the places of its column edges on the page, where known.
    """

    rows: tuple[RawRow, ...]
    exact: bool = False
    #: lines of a caption that belongs to it by its format (a title inside the frame)
    notes: tuple[str, ...] = field(default=())
    edges: tuple[float, ...] = ()

    @property
    def width(self) -> int:
        """The greatest number of cells of a row."""
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader could not read: it becomes a remark of the document."""

    text: Text


Raw = Line | Piece | Note
