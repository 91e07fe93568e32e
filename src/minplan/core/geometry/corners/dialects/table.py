"""Corner tables, pasted or from a sheet: any separators, headings, order, several columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from minplan.core.geometry.corners.declared import (
    ELEVATION_WORDS,
    declared_in,
    elevation_in,
    heading_of,
    stated_area_in,
    without_declarations,
)
from minplan.core.geometry.corners.dialects.lines import Line, Mode, choose_mode, lines_of, unfold
from minplan.core.geometry.corners.dialects.splitting import Splitter
from minplan.core.geometry.corners.dialects.triples import fuse
from minplan.core.geometry.corners.draft import Block, Declared, Draft, Ring
from minplan.core.geometry.corners.model import CornersRefused, Notation, Remark
from minplan.core.geometry.corners.remarks import listed, remark
from minplan.core.geometry.corners.tokens import Row, plain, rows_of_text
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.text import Text

NAME: Final = Text("拐点表", "corner table")
_NOT_COORDINATES: Final = re.compile(r"电话|手机|传真|联系|证号|邮编|账号|户名")


def read(text: str) -> Draft:
    """Read pasted text as a corner table."""
    return read_rows(rows_of_text(text))


def read_rows(rows: Sequence[Row]) -> Draft:
    """Read rows as a corner table. Raises :class:`CornersRefused` when no corners are found."""
    rows = fuse([_without_phone(row) for row in rows])
    _refuse_masked(rows)
    mode = choose_mode(rows)
    if mode is None:
        raise CornersRefused((remark("E110"),))
    lines = lines_of(unfold(rows, mode), mode)
    _refuse_broken(lines)
    text = "\n".join(plain(row.text) for row in rows)
    declared = _headings(lines, declared_in(text), mode)
    splitter = Splitter(declared, mode)
    for line in lines:
        splitter.take(line)
    rings = splitter.finish()
    remarks = [
        *_mended(lines),
        *splitter.remarks,
        *_elevations(lines),
        *_spare(lines),
        *_unused(lines),
    ]
    return Draft(
        NAME,
        (_block(rings, lines, text),),
        splitter.declared,
        remarks=tuple(remarks),
    )


def _without_phone(row: Row) -> Row:
    """Telephone and certificate numbers are long figures, too."""
    long = sum(1 for token in row.tokens if token.value and abs(token.number) >= 10_000)
    if long >= 4 or not _NOT_COORDINATES.search(row.text):
        return row
    return replace(row, tokens=())


def _refuse_masked(rows: Sequence[Row]) -> None:
    masked = [
        (row.place, token.text)
        for row in rows
        for token in row.tokens
        if token.kind == "masked" and sum(c.isdigit() for c in token.text) >= 2
    ]
    if masked:
        raise CornersRefused(
            (
                remark(
                    "E115",
                    place=masked[0][0],
                    rows=listed(place.row for place, _ in masked),
                    text=listed(text for _, text in masked[:3]),
                ),
            )
        )


def _refuse_broken(lines: Sequence[Line]) -> None:
    found: list[Remark] = []
    broken = [line.row for line in lines if line.row.broken_angle]
    if broken:
        found.append(
            remark(
                "E112",
                place=broken[0].place,
                rows=listed(row.place.row for row in broken),
                text=listed(row.broken_angle for row in broken[:3]),
            )
        )
    single = [line.row for line in lines if line.kind == "single"]
    if single:
        found.append(
            remark(
                "E109",
                place=single[0].place,
                rows=listed(row.place.row for row in single),
                text=listed(" ".join(row.text.split())[:30] for row in single[:3]),
            )
        )
    if found:
        raise CornersRefused(tuple(found))


def _headings(lines: Sequence[Line], declared: Declared, mode: Mode) -> Declared:
    """Add what the column headings say; a heading may span two rows."""
    for line in lines:
        if line.kind == "points":
            continue
        found = heading_of(plain(line.row.text))
        if found is not None and len(line.row.text) <= 120:
            return replace(declared, heading=found[0], order=found[1])
    if mode is Mode.ANGLE:
        return replace(declared, notation=Notation.DMS)
    return declared


def _mended(lines: Sequence[Line]) -> list[Remark]:
    mended = [line.row for line in lines if line.row.mended and line.kind == "points"]
    if not mended:
        return []
    old, new = mended[0].mended or ("", "")
    return [
        remark(
            "E114",
            place=mended[0].place,
            rows=listed(row.place.row for row in mended),
            old=old,
            new=new,
        )
    ]


def _elevations(lines: Sequence[Line]) -> list[Remark]:
    return [
        remark(
            "E131",
            place=line.row.place,
            rows=line.row.place.row,
            upper=f"{line.elevation.upper:g}",
            lower=f"{line.elevation.lower:g}",
        )
        for line in lines
        if line.elevation is not None
    ]


def _spare(lines: Sequence[Line]) -> list[Remark]:
    spare = [line for line in lines if line.spare]
    if not spare:
        return []
    return [
        remark(
            "E133-spare",
            place=spare[0].row.place,
            rows=listed(line.row.place.row for line in spare),
            text=listed(line.spare for line in spare[:3]),
        )
    ]


def _unused(lines: Sequence[Line]) -> list[Remark]:
    """Name rows that hold figures nobody used, so that nothing is dropped silently."""
    unused = [
        line.row
        for line in lines
        if line.kind == "other"
        and any(token.kind == "number" for token in line.row.tokens)
        and any(c.isdigit() for c in without_declarations(plain(line.row.text)))
        and stated_area_in(plain(line.row.text)) is None
    ]
    if not unused:
        return []
    shown = "；".join(f"{row.place.row}“{' '.join(row.text.split())[:24]}”" for row in unused[:5])
    if len(unused) > 5:
        shown += f"…（{len(unused)}）"
    return [remark("E133", place=unused[0].place, text=shown)]


def _block(rings: Sequence[Ring], lines: Sequence[Line], text: str) -> Block:
    """Join the rings; one elevation row for several rings belongs to all of them."""
    ranges = [line.elevation for line in lines if line.elevation is not None]
    whole: ElevationRange | None = None
    if not ranges:
        whole = _stated_elevation(text)
    elif len(ranges) == 1:
        whole = ranges[0]
    return Block(tuple(rings), stated_area=stated_area_in(text), elevation=whole)


def _stated_elevation(text: str) -> ElevationRange | None:
    for line in text.splitlines():
        match = ELEVATION_WORDS.search(line)
        if match and (found := elevation_in(line[match.end() : match.end() + 60])):
            return found
    return None
