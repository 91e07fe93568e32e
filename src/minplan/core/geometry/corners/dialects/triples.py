"""Degrees, minutes and seconds in cells of their own: ``112 54 05.76 36 12 03.1``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from minplan.core.geometry.corners.draft import Value
from minplan.core.geometry.corners.model import CHINA
from minplan.core.geometry.corners.tokens import Row, Token

_LEAST_ROWS: Final = 3


def fuse(rows: Sequence[Row]) -> list[Row]:
    """Join triples of numbers to angles when every row of six numbers and more consists of two."""
    candidates = [row for row in rows if sum(t.kind == "number" for t in row.tokens) >= 6]
    fused = {id(row): _fused(row) for row in candidates}
    if len(candidates) < _LEAST_ROWS or any(row is None for row in fused.values()):
        return list(rows)
    return [fused.get(id(row)) or row for row in rows]


def _fused(row: Row) -> Row | None:
    """The row with its last six numbers as two angles; None when they are none."""
    if len(row.tokens) not in (6, 7) or any(t.kind != "number" for t in row.tokens[-6:]):
        return None
    lead, first, second = row.tokens[:-6], row.tokens[-6:-3], row.tokens[-3:]
    angles = [_angle(first), _angle(second)]
    degrees = sorted(angle.number for angle in angles if angle.value is not None)
    west, south, east, north = CHINA.bounds
    if len(degrees) < 2 or not (south <= degrees[0] <= north and west <= degrees[1] <= east):
        return None
    return replace(row, tokens=(*lead, *angles))


def _angle(parts: Sequence[Token]) -> Token:
    """An angle of three numbers; without value when they do not make one."""
    degrees, minutes, seconds = (part.value for part in parts)
    text = " ".join(part.text for part in parts)
    if degrees is None or minutes is None or seconds is None:
        return Token("word", text, parts[0].cell)
    whole = degrees.decimals == 0 and minutes.decimals == 0
    if not whole or not (0 <= minutes.number < 60 and 0 <= seconds.number < 60):
        return Token("word", text, parts[0].cell)
    number = degrees.number + minutes.number / 60 + seconds.number / 3600
    return Token("angle", text, parts[0].cell, Value(text, number, seconds.decimals, True))
