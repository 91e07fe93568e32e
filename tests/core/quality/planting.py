"""Contradictions planted in a document: one marked figure is changed, the rest stays.

Places are marked in texts as ``«class:figure»``; classes are ``sum`` (parts, wholes, totals),
``repeat`` (the same quantity elsewhere) and ``count`` (against rows or listed items).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import minplan.core.quality.checks  # noqa: F401  registers the checks
from minplan.core.document.model import Block, Paragraph, PlanDocument, Section, Table
from minplan.core.quality.check import Check, NotApplicable, NotChecked, registered
from minplan.core.quality.fault import Fault
from minplan.core.quality.sandbox import submission
from minplan.core.quality.submission import Context

MARK = re.compile(r"«(?P<kind>[a-z]+):(?P<figure>[^»]+)»")
CHINESE = "零一二三四五六七八九十"
CLASSES = ("sum", "repeat", "count")


@dataclass(frozen=True)
class Site:
    """A figure of a document: the number of its block, the cell (row, column), its place there."""

    kind: str
    block: int
    cell: tuple[int, int] | None
    start: int
    end: int
    figure: str

    def changed(self, rng: random.Random) -> str:
        """Another figure of the same shape: one more, or 3 to 15 per cent off."""
        if self.figure in CHINESE:
            return CHINESE[CHINESE.index(self.figure) + 1]
        low, _, rest = self.figure.partition("-")
        value = Decimal(low)
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        digit = Decimal(1).scaleb(exponent)
        off = (value * Decimal(rng.randint(30, 150)) / 1000).quantize(digit)
        sign = rng.choice((1, -1)) if value > 2 * digit else 1
        new = value + sign * max(off, digit)
        return f"{new}-{rest}" if rest else str(new)


def bare(marked: str) -> str:
    """The text without its marks."""
    return MARK.sub(lambda match: match["figure"], marked)


def marks(marked: str) -> Iterator[tuple[str, int, int, str]]:
    """Kind, start, end and figure of each mark, in the text without marks."""
    shift = 0
    for match in MARK.finditer(marked):
        start = match.start() - shift
        end = start + len(match["figure"])
        yield match["kind"], start, end, match["figure"]
        shift += len(match.group()) - len(match["figure"])


def blocks_of(document: PlanDocument) -> list[Block]:
    return [block for _, block in document.blocks()]


def changed(document: PlanDocument, site: Site, figure: str) -> PlanDocument:
    """The document with another figure at one place."""
    target = blocks_of(document)[site.block]

    def put(text: str) -> str:
        assert text[site.start : site.end] == site.figure, (text, site)
        return text[: site.start] + figure + text[site.end :]

    def of(block: Block) -> Block:
        if block is not target:
            return block
        if isinstance(block, Paragraph):
            return replace(block, text=put(block.text))
        assert site.cell is not None
        rows = [list(row) for row in block.cells]
        cell = rows[site.cell[0]][site.cell[1]]
        text = put(cell.text)
        rows[site.cell[0]][site.cell[1]] = replace(
            cell, text=text, spot=replace(cell.spot, quote=text)
        )
        return replace(block, cells=tuple(tuple(row) for row in rows))

    def section(item: Section) -> Section:
        return replace(
            item,
            blocks=tuple(of(block) for block in item.blocks),
            children=tuple(section(child) for child in item.children),
        )

    return replace(
        document,
        front=tuple(of(block) for block in document.front),
        sections=tuple(section(item) for item in document.sections),
    )


def checks() -> list[Check]:
    return [item for item in registered() if item.id.startswith("Q-TX-")]


def faults(document: PlanDocument) -> list[Fault]:
    """What all checks of plan documents say."""
    given = submission({"documents": [document], "region": None})
    found: list[Fault] = []
    for check in checks():
        try:
            told = check.evaluate(Context(given, check, check.parameters))
            found.extend(item for item in told if isinstance(item, Fault))
        except (NotApplicable, NotChecked):
            continue
    return found


def said(found: Sequence[Fault]) -> set[str]:
    return {f"{item.check} {item.message.zh}" for item in found}


def is_found(document: PlanDocument, before: set[str], site: Site, figure: str) -> bool:
    """Whether the changed figure brings a contradiction that names its place."""
    target = blocks_of(document)[site.block]
    clause = target.spot.clause
    new = [
        item
        for item in faults(changed(document, site, figure))
        if f"{item.check} {item.message.zh}" not in before
    ]
    return any(spot.clause == clause for item in new for spot in item.spots)


@dataclass
class Score:
    """How many of the planted contradictions of each class were found."""

    planted: dict[str, int]
    found: dict[str, int]
    missed: list[str]

    def recall(self, kind: str) -> float:
        return self.found[kind] / self.planted[kind]


def measure(
    document: PlanDocument, sites: Sequence[Site], rng: random.Random, most: int | None = None
) -> Score:
    """Plant at each site (or at most ``most`` of each class), one at a time."""
    before = said(faults(document))
    score = Score(dict.fromkeys(CLASSES, 0), dict.fromkeys(CLASSES, 0), [])
    for kind in CLASSES:
        chosen = [site for site in sites if site.kind == kind]
        if most is not None and len(chosen) > most:
            chosen = rng.sample(chosen, most)
        for site in chosen:
            figure = site.changed(rng)
            score.planted[kind] += 1
            if is_found(document, before, site, figure):
                score.found[kind] += 1
            else:
                block = blocks_of(document)[site.block]
                text = block.text if isinstance(block, Paragraph) else f"{block.label} {site.cell}"
                near = text[max(0, site.start - 14) : site.end + 6]
                score.missed.append(f"{kind} {block.spot.clause} {near!r} → {figure}")
    return score


def sites_of_marked(document: PlanDocument, snippets: Sequence[str]) -> list[Site]:
    """The sites that marked snippets name; blanks do not count. Each must be in the text once."""
    held = blocks_of(document)
    sites = []
    for snippet in snippets:
        letters = re.sub(r"\s", "", bare(snippet).replace(",", "，"))
        pattern = re.compile(r"\s*".join("[，,]" if c == "，" else re.escape(c) for c in letters))
        hits = [
            (number, match)
            for number, block in enumerate(held)
            if isinstance(block, Paragraph)
            for match in pattern.finditer(block.text)
        ]
        assert len(hits) == 1, (snippet, len(hits))
        number, match = hits[0]
        text = match.group()
        at = 0
        for kind, start, _, figure in marks(re.sub(r"\s", "", snippet)):
            begin = _after(text, start)
            at = match.start() + begin
            sites.append(Site(kind, number, None, at, at + len(figure), figure))
    return sites


def _after(text: str, count: int) -> int:
    """Where the ``count``-th character that is no blank stands."""
    seen = 0
    for at, letter in enumerate(text):
        if letter.isspace():
            continue
        if seen == count:
            return at
        seen += 1
    raise AssertionError(text)


def table_sites(
    document: PlanDocument, label: str, kind: str, columns: Sequence[int]
) -> list[Site]:
    """All figures below the headings of some columns of a table."""
    sites = []
    for number, block in enumerate(blocks_of(document)):
        if isinstance(block, Table) and block.label == label:
            for row in range(block.head, len(block.cells)):
                for column in columns:
                    cell = block.cells[row][column]
                    if (
                        not cell.merged
                        and re.fullmatch(r"\d+(\.\d+)?", cell.text)
                        and float(cell.text)
                    ):
                        sites.append(
                            Site(kind, number, (row, column), 0, len(cell.text), cell.text)
                        )
    return sites
