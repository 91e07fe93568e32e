"""Plan documents from literal values: for examples, tests and notebooks.

::

    plan = document(
        "第一章 现状",
        "一、概况",
        "全市矿山企业 12 个，其中煤炭 8 个、铁矿 4 个。",
        table("表1", "矿山企业", [["矿种", "数量（个）"], ["煤炭", "8"], ["合计", "12"]]),
    )
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from minplan.core.document.model import (
    Block,
    Cell,
    Paragraph,
    PlanDocument,
    Section,
    Spot,
    Table,
    TableKind,
)

_HAN: Final = "一二三四五六七八九十百"
_SHAPES: Final = (
    re.compile(rf"^(第[{_HAN}\d]+章)\s*(.*)$"),
    re.compile(rf"^([{_HAN}]+)、(.*)$"),
    re.compile(rf"^([（(][{_HAN}]+[)）])\s*(.*)$"),
    re.compile(r"^(\d{1,2})[.．](?!\d)\s*(.*)$"),
)
_LONGEST_TITLE: Final = 40


def table(
    label: str,
    title: str,
    rows: Sequence[Sequence[str]],
    *,
    head: int = 1,
    unit: str = "",
) -> Table:
    """A table of literal texts; ``label`` is ``表1``, ``专栏2`` or empty.

    Raises ValueError when the rows differ in length.
    """
    if len({len(row) for row in rows}) > 1:
        raise ValueError("the rows of a table must have one length")
    kind, number = TableKind.PLAIN, ""
    for candidate in (TableKind.TABLE, TableKind.BOX):
        if label.startswith(candidate.word.zh):
            kind, number = candidate, label.removeprefix(candidate.word.zh).strip()
    spot = Spot(label, quote=f"{label} {title}".strip())
    cells = tuple(
        tuple(Cell(text, Spot(label, row=r, column=c, quote=text)) for c, text in enumerate(row, 1))
        for r, row in enumerate(rows, 1)
    )
    return Table(kind, number, title, spot, cells, head, unit)


def document(*parts: str | Table, name: str = "规划文本", title: str = "") -> PlanDocument:
    """A document of literal headings, paragraphs and tables, in order.

    A short text that begins with ``第一章``, ``一、``, ``（一）`` or ``1.`` and ends without a full
    stop is a heading. Lines are counted from 1, a table takes one line.
    """
    root = _Draft("", "", 0, Spot())
    open_: list[_Draft] = [root]
    for line, part in enumerate(parts, 1):
        if isinstance(part, Table):
            open_[-1].blocks.append(_at_line(part, line))
            continue
        level, number, rest = _heading(part)
        if level:
            while open_[-1].level >= level:
                open_.pop()
            path = ("" if open_[-1].level == 0 else open_[-1].path) + number
            draft = _Draft(number, rest, level, Spot(path, line=line, quote=part), path)
            open_[-1].children.append(draft)
            open_.append(draft)
        else:
            spot = Spot(open_[-1].path, line=line, quote=part)
            open_[-1].blocks.append(Paragraph(part, spot))
    sections = tuple(child.close() for child in root.children)
    return PlanDocument(name, title, tuple(root.blocks), sections)


@dataclass
class _Draft:
    number: str
    title: str
    level: int
    spot: Spot
    path: str = ""
    blocks: list[Block] = field(default_factory=list)
    children: list[_Draft] = field(default_factory=list)

    def close(self) -> Section:
        return Section(
            self.number,
            self.title,
            self.level,
            self.path,
            self.spot,
            tuple(self.blocks),
            tuple(child.close() for child in self.children),
        )


def _heading(text: str) -> tuple[int, str, str]:
    if len(text) > _LONGEST_TITLE or text.rstrip().endswith(("。", "；")):
        return 0, "", text
    for level, shape in enumerate(_SHAPES, 1):
        if match := shape.match(text.strip()):
            return level, match[1], match[2].strip()
    return 0, "", text


def _at_line(made: Table, line: int) -> Table:
    cells = tuple(
        tuple(replace(cell, spot=replace(cell.spot, line=line)) for cell in row)
        for row in made.cells
    )
    return replace(made, spot=replace(made.spot, line=line), cells=cells)
