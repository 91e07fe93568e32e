"""Many blocks of a hand-in one by one: a bad one is told with its reason and stops no other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from minplan.core.errors import MinplanError, Place
from minplan.core.review.proposal import Proposal
from minplan.formats.archive import unpack
from minplan.formats.declared import declared
from minplan.formats.detect import Kind, detect
from minplan.formats.excel import read_sheets
from minplan.formats.fields import attribute_of
from minplan.formats.proposal_file import is_proposal_file, read_proposal, to_proposal
from minplan.formats.read import is_passed_over, members, read_input
from minplan.formats.reading import InputBlock, InputOptions
from minplan.formats.tables import pieces
from minplan.formats.tabular import piece_blocks


@dataclass(frozen=True, slots=True)
class Met:
    """A block that was met: where, and the proposal it makes, or why there is none.

    ``beside`` marks files of an archive that hold no block at all (a letter, a picture).
    """

    source: str
    block: InputBlock | None = None
    proposal: Proposal | None = None
    error: MinplanError | None = None
    beside: bool = False
    place: Place = field(default_factory=Place)


def each_proposal(
    path: Path, options: InputOptions | None = None, stated: Mapping[str, Any] | None = None
) -> Iterator[Met]:
    """Every block of a file or an archive, as a proposal or with the reason why it is none.

    ``stated`` are values under the names of :func:`~minplan.formats.declared.declared` for
    attributes that a block does not tell by itself. Nothing is raised for a single block; what is
    wrong with the whole archive (damaged, a password, too large) is.
    """
    options = options or InputOptions()
    if detect(path) is not Kind.ARCHIVE:
        yield from _file(path, path.name, options, stated or {})
        return
    with tempfile.TemporaryDirectory(prefix="minplan-") as name:
        folder = Path(name)
        unpack(path, folder, name=path.name)
        for member in members(folder):
            called = f"{path.name}/{member.relative_to(folder)}"
            yield from _file(member, called, options, stated or {})


def _file(path: Path, name: str, options: InputOptions, stated: Mapping[str, Any]) -> Iterator[Met]:
    try:
        if is_proposal_file(path):
            read = read_proposal(path, options)
            for proposal, block in zip(read.proposals, read.reading.blocks, strict=True):
                yield Met(name, block, proposal)
            return
        found = _sheets(path, name, options) if detect(path) is Kind.EXCEL else None
        if found is None:
            found = [Met(name, block) for block in read_input(path, options).blocks]
    except MinplanError as error:
        yield Met(name, error=error, beside=is_passed_over(path, error), place=error.place)
        return
    for met in found:
        yield _proposed(met, stated)


def _sheets(path: Path, name: str, options: InputOptions) -> list[Met]:
    """The blocks of a workbook, sheet by sheet and row by row."""
    found: list[Met] = []
    for sheet in read_sheets(path, name):
        try:
            cut = pieces(sheet)
        except MinplanError as error:
            found.append(Met(f"{name} · {sheet.title}", error=error, beside=error.code == "E110"))
            continue
        for piece in cut:
            called = f"{name} · {sheet.title} · {piece.name}"
            try:
                found += [Met(called, block) for block in piece_blocks(piece, path.name, options)]
            except MinplanError as error:
                empty = error.code == "E110" and len(cut) == 1
                found.append(Met(called, error=error, beside=empty, place=error.place))
    return found


def _proposed(met: Met, stated: Mapping[str, Any]) -> Met:
    if met.block is None:
        return met
    try:
        own = {attribute_of(name) for name in met.block.attributes}
        given, _ = declared(stated, Place())
        missing = {key: value for key, value in given.items() if key not in own}
        proposal, block = to_proposal(met.block, missing)
    except MinplanError as error:
        return Met(met.source, met.block, error=error, place=error.place)
    return Met(met.source, block, proposal, place=block.place)
