"""A corner kilometres away from the others, and the digit that may have slipped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from minplan.core.geometry.corners.model import Remark
from minplan.core.geometry.corners.remarks import remark
from minplan.core.geometry.corners.rings import RingWork
from minplan.core.geometry.crs import FloatArray

# A corner this many times farther out than the others, and at least this far, is suspicious.
_TIMES: Final = 8.0
_LEAST_M: Final = 2_000.0
# More than these many far corners are a shape, not slips.
_MOST: Final = 5


def outliers(ring: RingWork) -> list[Remark]:
    """Return a remark for each corner far off the others."""
    metres = ring.metres
    if len(metres) < 4:
        return []
    found = []
    away = np.hypot(*(metres - np.median(metres, axis=0)).T)
    farthest = np.argsort(-away)[:_MOST]
    for i in sorted(int(index) for index in farthest if away[index] >= _LEAST_M / 2):
        others = np.delete(metres, i, axis=0)
        centre = np.median(others, axis=0)
        spread = float(np.max(np.hypot(*(others - centre).T)))
        distance = float(np.hypot(*(metres[i] - centre)))
        if distance < _LEAST_M or distance < _TIMES * spread:
            continue
        slips = list(_slips(ring, i, others))
        key = "E155-digit" if len(slips) == 1 else "E155"
        words: dict[str, Any] = {"old": slips[0][0], "new": slips[0][1]} if len(slips) == 1 else {}
        found.append(
            remark(
                key,
                place=ring.points[i].place,
                corner=ring.name(i),
                distance=f"{distance / 1000:.1f}",
                **words,
            )
        )
    return found


def _slips(ring: RingWork, index: int, others: FloatArray) -> Iterator[tuple[str, str]]:
    """Yield printed values with one digit changed that bring the corner beside the others.

    Works in the printed plane values: one unit of the last digit changed moves the corner along
    one axis only, so each axis is judged on its own.
    """
    point = ring.points[index]
    if not ring.system.is_projected:
        return
    rest = np.array([[v.number for v in p.values] for i, p in enumerate(ring.points) if i != index])
    low, high = rest.min(axis=0), rest.max(axis=0)
    room = np.maximum(high - low, 50.0)
    inside = [
        low[axis] - room[axis] <= point.values[axis].number <= high[axis] + room[axis]
        for axis in (0, 1)
    ]
    for axis in (0, 1):
        if inside[axis] or not inside[1 - axis]:
            continue
        text = point.values[axis].text
        for changed in _one_digit(text):
            if low[axis] - room[axis] <= float(changed) <= high[axis] + room[axis]:
                yield text, changed


def _one_digit(text: str) -> Iterator[str]:
    for i, old in enumerate(text):
        if not old.isdigit():
            continue
        for new in "0123456789":
            if new != old and not (i == 0 and new == "0"):
                yield text[:i] + new + text[i + 1 :]
