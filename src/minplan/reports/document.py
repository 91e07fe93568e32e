"""The document model: what a report says, before any writer decides how it looks.

Both the DOCX and the PDF writer render these values and nothing else, so that the two never
differ. Every value is plain text, already in one language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from minplan.core.text import Language

Align = Literal["left", "center", "right"]
PartKind = Literal["letter", "report"]
ParagraphStyle = Literal["body", "plain", "verdict", "note", "right", "small"]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Head of the letter: the office in red, the number and the date below it."""

    office: str
    number: str


@dataclass(frozen=True, slots=True)
class Title:
    """Title of a part; ``note`` is a smaller line below it."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the highest within a part."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``lead`` is an emphasised beginning, ``mark`` an outcome shown before it."""

    text: str
    style: ParagraphStyle = "body"
    lead: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, share of the table's width, alignment of its cells."""

    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; ``mark`` is an outcome (colours of the result palette), ``strong`` a row heading."""

    text: str
    mark: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the heading row repeats on every page when ``headed``."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    headed: bool = True
    row_height_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture by its file name, with its width in millimetres and its caption."""

    file: str
    caption: str
    width_mm: float


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Letterhead | Title | Heading | Paragraph | Table | Figure | PageBreak


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the document with type sizes of its own; it begins on a new page."""

    kind: PartKind
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; ``footer`` stands beside the page number."""

    title: str
    language: Language
    footer: str
    parts: tuple[Part, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in order."""
        return tuple(b for p in self.parts for b in p.blocks if isinstance(b, Figure))

    def to_dict(self) -> dict[str, Any]:
        """Plain data for the PDF template: each block with its ``kind``."""
        return {
            "title": self.title,
            "language": self.language,
            "footer": self.footer,
            "parts": [
                {"kind": part.kind, "blocks": [_block_dict(block) for block in part.blocks]}
                for part in self.parts
            ],
        }

    def texts(self) -> Iterator[str]:
        """Every piece of text that a writer prints."""
        yield self.title
        yield self.footer
        for part in self.parts:
            for block in part.blocks:
                yield from _strings(_block_dict(block))

    def outline(self) -> str:
        """The document as plain text, one line per paragraph or row: for tests and diffs."""
        lines: list[str] = []
        for part in self.parts:
            lines.append(f"== {part.kind} ==")
            for block in part.blocks:
                lines.extend(_outline(block))
        return "\n".join(lines) + "\n"


def checksum(parts: tuple[Part, ...]) -> str:
    """Check code (校验码) of a document's content: 16 hexadecimal digits of its SHA-256."""
    blocks = [[part.kind, [_block_dict(block) for block in part.blocks]] for part in parts]
    text = json.dumps(blocks, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _block_dict(block: Block) -> dict[str, Any]:
    return {"kind": type(block).__name__.lower(), **asdict(block)}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in ("kind", "file"):
                yield from _strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)


def _outline(block: Block) -> Iterator[str]:
    if isinstance(block, Letterhead):
        yield f"[letterhead] {block.office} | {block.number}"
    elif isinstance(block, Title):
        yield f"[title] {block.text}" + (f" | {block.note}" if block.note else "")
    elif isinstance(block, Heading):
        yield f"{'#' * block.level} {block.text}"
    elif isinstance(block, Paragraph):
        mark = f"[{block.mark}] " if block.mark else ""
        yield f"({block.style}) {mark}{block.lead}{block.text}"
    elif isinstance(block, Table):
        yield f"[table] {block.caption}"
        if block.headed:
            yield "  | " + " | ".join(column.title for column in block.columns)
        for row in block.rows:
            yield "  - " + " | ".join(cell.text.replace("\n", " / ") for cell in row)
    elif isinstance(block, Figure):
        yield f"[figure] {block.file} | {block.caption} | {block.width_mm:g} mm"
    else:
        yield "[page break]"
