"""Rows of tokens seen as lines of a corner table: corners, elevation, title, blank or other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from minplan.core.geometry.corners.declared import (
    ELEVATION_WORDS,
    elevation_in,
    heading_of,
    is_zone,
    without_declarations,
)
from minplan.core.geometry.corners.draft import Value
from minplan.core.geometry.corners.tokens import Row, Token, plain
from minplan.core.geometry.polygonal import ElevationRange

LineKind = Literal["points", "single", "elevation", "title", "blank", "other"]


class Mode(StrEnum):
    """What tells a coordinate from other figures in this table."""

    PROJECTED = "projected"
    ANGLE = "angle"
    DEGREES = "degrees"
    KILOMETRES = "kilometres"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two coordinates, the small figures and labels before them, a zone number between them."""

    leads: tuple[Token, ...]
    values: tuple[Value, Value]
    zone: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table.

    ``second`` are pairs of the same corners in another notation, ``spare`` a value without a
    partner after the pairs.
    """

    kind: LineKind
    row: Row
    pairs: tuple[Pair, ...] = ()
    second: tuple[tuple[Value, Value], ...] = ()
    elevation: ElevationRange | None = None
    spare: str = ""


_PART: Final = re.compile(
    r"区块|采区|井田|矿体|矿段|块段|矿块|矿区[一二三四五六七八九十0-9]|部分|地块|[一二三四五六七八九十0-9]区"
    r"|第?[一二三四五六七八九十0-9]{1,2}\s*[圈环]|内圈|外圈|内环|外环|扣除|挖除|空白区|天窗|\bpart\b|\bring\b"
    r"|\bhole\b",
    re.IGNORECASE,
)
_HOLE: Final = re.compile(r"内圈|内环|扣除|挖除|空白区|天窗|\bhole\b", re.IGNORECASE)
_PROSE: Final = re.compile(r"面积|储量|规模|资源量|价|保证金|万吨|平方|年限|日期|公告|号文")


def is_coordinate(token: Token, mode: Mode) -> bool:
    """Whether a token is a coordinate in this mode."""
    value = token.value
    if value is None:
        return False
    if value.is_angle:
        return mode in (Mode.ANGLE, Mode.DEGREES)
    size = abs(value.number)
    if mode is Mode.PROJECTED:
        return size >= 10_000
    if mode in (Mode.ANGLE, Mode.DEGREES):
        return mode is Mode.DEGREES and value.decimals >= 1 and 3 <= size <= 180
    if mode is Mode.KILOMETRES:
        return value.decimals >= 1 and 100 <= size < 50_000
    return value.decimals >= 1 and size >= 100


def choose_mode(rows: Sequence[Row]) -> Mode | None:
    """Return the mode that explains most coordinates; None when the text holds none."""
    counts = {
        mode: sum(1 for row in rows for token in row.tokens if is_coordinate(token, mode))
        for mode in Mode
    }
    # Figures of other kinds look like degrees, too: plain numbers must be the majority.
    if 2 * counts[Mode.ANGLE] >= max(counts[Mode.DEGREES], 4):
        counts[Mode.DEGREES] = 0
    proper = [mode for mode in Mode if mode is not Mode.LOCAL]
    best = max(proper, key=lambda mode: counts[mode])
    if _is_kilometres(rows) and counts[Mode.PROJECTED] <= counts[Mode.KILOMETRES]:
        best = Mode.KILOMETRES
    if counts[best] >= 2:
        return best
    return Mode.LOCAL if counts[Mode.LOCAL] >= 2 else None


def _is_kilometres(rows: Sequence[Row]) -> bool:
    """Kilometres of easting with prefix pass for metres: look at whole rows."""
    hits = 0
    for row in rows:
        sizes = [t.number for t in row.tokens if is_coordinate(t, Mode.KILOMETRES)]
        north = any(1_800 <= size < 6_000 for size in sizes)
        east = any(100 <= size < 1_000 or 13_000 <= size < 46_000 for size in sizes)
        hits += len(sizes) >= 2 and north and east
    return hits >= 3


def unfold(rows: Sequence[Row], mode: Mode) -> list[Row]:
    """Make rows of a table whose cells were pasted one per line."""
    counts = [sum(is_coordinate(token, mode) for token in row.tokens) for row in rows]
    single, several = counts.count(1), sum(count >= 2 for count in counts)
    if single < 4 or several > 0:
        return list(rows)
    result: list[Row] = []
    buffer: list[Token] = []
    first = rows[0]
    seen = 0
    for row, count in zip(rows, counts, strict=True):
        if count == 0 and (not row.tokens or _is_words(row)):
            if buffer and not seen:
                result.append(replace(first, tokens=tuple(buffer), text=_text_of(buffer)))
                buffer = []
            result.append(row)
            continue
        for token in row.tokens:
            first = row if not buffer else first
            buffer.append(replace(token, cell=len(buffer)))
            seen += is_coordinate(token, mode)
            if seen == 2:
                result.append(replace(row, tokens=tuple(buffer), text=_text_of(buffer)))
                buffer, seen = [], 0
    if buffer:
        result.append(replace(first, tokens=tuple(buffer), text=_text_of(buffer)))
    return result


def _is_words(row: Row) -> bool:
    return all(token.kind == "word" and token.text != "*" for token in row.tokens)


def _text_of(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)


def lines_of(rows: Sequence[Row], mode: Mode) -> list[Line]:
    """Classify all rows."""
    lines: list[Line] = []
    seen = 0
    for row in rows:
        line = _line(_clean(row), mode, seen)
        seen += len(line.pairs)
        lines.append(line)
    return lines


def _clean(row: Row) -> Row:
    """Drop figures that belong to declarations (2000国家大地坐标系, 3度带)."""
    text = plain(row.text)
    cleaned = without_declarations(text)
    if cleaned == text:
        return row
    kept = {match[0] for match in re.finditer(r"[0-9][0-9.,°'\"]*", cleaned)}
    tokens = tuple(
        token
        for token in row.tokens
        if token.value is None or any(token.text.lstrip("+-") in piece for piece in kept)
    )
    return replace(row, tokens=tokens)


def _line(row: Row, mode: Mode, seen: int) -> Line:
    if row.is_blank:
        return Line("blank", row)
    text = plain(row.text)
    coordinates = [i for i, token in enumerate(row.tokens) if is_coordinate(token, mode)]
    if len(coordinates) % 2 and len(coordinates) > 1 and _is_lead(row.tokens[coordinates[0]]):
        coordinates = coordinates[1:]  # a corner number of five digits
    if len(coordinates) >= 2 and not (_PROSE.search(text) and _looks_prose(row, mode)):
        odd = row.tokens[coordinates[-1]].text if len(coordinates) % 2 else ""
        return Line("points", row, *_pairs(row, coordinates, mode), spare=odd)
    if (elevation := _elevation(row, text, mode, seen)) is not None:
        return Line("elevation", row, elevation=elevation)
    if len(coordinates) == 1 and not _has_prose(row, text):
        return Line("single", row)
    if len(text) <= 40 and _PART.search(text) and heading_of(text) is None:
        return Line("title", row)
    return Line("other", row)


def _has_prose(row: Row, text: str) -> bool:
    """Sentences and attribute rows mention one large figure without being a corner."""
    words = sum(len(token.text) for token in row.tokens if token.kind == "word")
    return words >= 4 or _PROSE.search(text) is not None or ELEVATION_WORDS.search(text) is not None


def _looks_prose(row: Row, mode: Mode) -> bool:
    """Degrees and local figures also occur in prices and reserves."""
    words = sum(len(token.text) for token in row.tokens if token.kind == "word")
    return mode in (Mode.DEGREES, Mode.LOCAL, Mode.KILOMETRES) and words >= 6


def is_hole_title(line: Line) -> bool:
    """Whether a title says that the ring below it is subtracted (扣除)."""
    return _HOLE.search(line.row.text) is not None


def _pairs(
    row: Row, coordinates: list[int], mode: Mode
) -> tuple[tuple[Pair, ...], tuple[tuple[Value, Value], ...]]:
    pairs: list[Pair] = []
    start = 0
    for first, last in zip(coordinates[::2], coordinates[1::2], strict=False):
        leads = _leads(row.tokens[start:first])
        one, two = row.tokens[first].value, row.tokens[last].value
        assert one is not None
        assert two is not None
        between = [int(t.number) for t in row.tokens[first + 1 : last] if _is_lead_number(t)]
        zone = between[0] if len(between) == 1 and is_zone(between[0]) else None
        pairs.append(Pair(leads, (one, two), zone))
        start = last + 1
    angles = [token.value for token in row.tokens if token.value and token.value.is_angle]
    second: tuple[tuple[Value, Value], ...] = ()
    if mode is Mode.PROJECTED and len(angles) == 2 * len(pairs):
        second = tuple(zip(angles[::2], angles[1::2], strict=True))
    return tuple(pairs), second


def _leads(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The labels and small integers before a pair, up to the first word of other matters.

    Words right before the values (X=, 东经) belong to them.
    """
    rest = list(tokens)
    while rest and not _is_lead(rest[-1]) and rest[-1].kind == "word":
        rest.pop()
    leads: list[Token] = []
    while rest and _is_lead(rest[-1]):
        leads.append(rest.pop())
    return tuple(reversed(leads))


def _is_lead(token: Token) -> bool:
    return token.kind == "label" or _is_lead_number(token)


def _is_lead_number(token: Token) -> bool:
    return (
        token.kind == "number"
        and token.value is not None
        and token.value.decimals == 0
        and 0 <= token.number < 1_000_000
    )


def _elevation(row: Row, text: str, mode: Mode, seen: int) -> ElevationRange | None:
    """Return the range of an elevation row; without a label only among large coordinates."""
    match = ELEVATION_WORDS.search(text)
    if match is not None:
        return elevation_in(text[match.end() :])
    figures = [token for token in row.tokens if token.kind == "number"]
    starred = any(token.text == "*" for token in row.tokens)
    bare = all(token.kind == "number" or token.text == "*" for token in row.tokens)
    if seen < 3 or not bare or len(figures) not in (2, 3):
        return None
    if not starred and mode is not Mode.PROJECTED:
        return None
    upper, lower = figures[-2].number, figures[-1].number
    if not (-1500 <= lower <= 9000 and -1500 <= upper <= 9000):
        return None
    return ElevationRange(upper, lower)
