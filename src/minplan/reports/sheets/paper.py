"""Paper of the A series, and where the frame and the panel of a sheet lie on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from minplan.core.text import Text
from minplan.reports.maps.frame import Box
from minplan.reports.typeface import ReportError

#: Long and short side in mm (ISO 216), and how much type and furniture grow against A4.
PAPER: Final = {
    "A4": (297.0, 210.0, 1.0),
    "A3": (420.0, 297.0, 1.2),
    "A2": (594.0, 420.0, 1.45),
    "A1": (841.0, 594.0, 1.8),
    "A0": (1189.0, 841.0, 2.3),
}
#: All in mm at A4: margin of the paper, band of the grid's figures, title above, line below,
#: gap between frame and panel, and free ground around what is shown.
MARGIN: Final = 7.0
BAND: Final = 8.6
_TITLE: Final = 19.0
_FOOT: Final = 6.0
_GAP: Final = 3.0
_ROOM: Final = 4.0
#: Panel beside the frame: least width, and the largest share of the paper; below it: its height.
_BESIDE: Final = 62.0
_BESIDE_SHARE: Final = 0.38
_BELOW: Final = 66.0
_BELOW_SHARE: Final = 0.34
#: A panel that takes all the ground leaves fits to within this (mm).
_EXACT: Final = 1e-6
#: Round scales that are tried where none is stated.
SCALES: Final = tuple(
    step * 10**power for power in range(3, 8) for step in (1, 2, 2.5, 5) if step * 10**power >= 2000
)


@dataclass(frozen=True, slots=True)
class Composition:
    """Places on a sheet in mm: frame (neat line), panel with what explains the map."""

    size: str
    width: float
    height: float
    grow: float
    frame: Box
    panel: Box
    beside: bool

    @property
    def frame_mm(self) -> tuple[float, float]:
        """Width and height of the ground on paper."""
        left, bottom, right, top = self.frame
        return right - left, top - bottom


def compose(
    ground: tuple[float, float], scale: float | None, size: str
) -> tuple[Composition, float]:
    """The paper for a ground (width and height in metres), and the scale.

    ``size`` is ``auto`` or a key of PAPER; without a scale the largest round one that fits is
    taken (on A3 where the size is open, too). Raises ReportError E607 when nothing fits.
    """
    if scale is None:
        paper = "A3" if size == "auto" else size
        for number in SCALES:
            if fits := _fitting(ground, number, (paper,)):
                return fits, number
        raise _too_large(ground, SCALES[-1], paper)
    sizes = tuple(PAPER) if size == "auto" else (size,)
    found = _fitting(ground, scale, sizes)
    if found is None:
        raise _too_large(ground, scale, sizes[-1])
    return found, scale


def _fitting(
    ground: tuple[float, float], scale: float, sizes: tuple[str, ...]
) -> Composition | None:
    """The smallest paper that holds the ground, with the panel beside it where that fits."""
    needed = (ground[0] / scale * 1000, ground[1] / scale * 1000)
    for size in sizes:
        room = 2 * _ROOM * PAPER[size][2]
        ways = [_beside(size, needed[0] + room), _below(size, needed[1] + room)]
        for way in ways:
            wide, high = way.frame_mm
            if min(wide - needed[0], high - needed[1]) >= room - _EXACT:
                return way
    return None


def _beside(size: str, needed: float) -> Composition:
    """Landscape, the panel right of the frame: as wide as the ground leaves it room."""
    width, height, grow = PAPER[size]
    edge, band, gap = MARGIN * grow, BAND * grow, _GAP * grow
    free = width - 2 * edge - 2 * band - gap
    panel = min(max(free - needed, _BESIDE * grow), _BESIDE_SHARE * width)
    bottom, top = edge + _FOOT * grow, height - edge - _TITLE * grow
    right = width - edge - panel - gap
    return Composition(
        size=size,
        width=width,
        height=height,
        grow=grow,
        frame=(edge + band, bottom + band, right - band, top - band),
        panel=(width - edge - panel, bottom, width - edge, top),
        beside=True,
    )


def _below(size: str, needed: float) -> Composition:
    """Portrait, the panel under the frame: as high as the ground leaves it room."""
    height, width, grow = PAPER[size]
    edge, band, gap = MARGIN * grow, BAND * grow, _GAP * grow
    foot, top = edge + _FOOT * grow, height - edge - _TITLE * grow
    free = top - foot - 2 * band - gap
    panel = min(max(free - needed, _BELOW * grow), _BELOW_SHARE * height)
    bottom = foot + panel + gap
    return Composition(
        size=size,
        width=width,
        height=height,
        grow=grow,
        frame=(edge + band, bottom + band, width - edge - band, top - band),
        panel=(edge, foot, width - edge, foot + panel),
        beside=False,
    )


def _too_large(ground: tuple[float, float], scale: float, size: str) -> ReportError:
    smaller = next((n for n in SCALES if n > scale and _fitting(ground, n, (size,))), None)
    larger = next((item for item in PAPER if _fitting(ground, scale, (item,))), None)
    hints_zh = [f"--size {larger}"] if larger else []
    hints_zh += [f"--scale {smaller:.0f}"] if smaller else []
    hints_zh.append("--county 只出一个县")
    hints_en = [*hints_zh[:-1], "--county for one county"]
    wide, high = (side / scale * 1000 for side in ground)
    return ReportError(
        "E607",
        Text(
            f"1:{scale:.0f} 的图幅为 {wide:.0f} × {high:.0f} mm，{size} 放不下",
            f"at 1:{scale:.0f} the ground takes {wide:.0f} × {high:.0f} mm: too large for {size}",
        ),
        hint=Text(f"可用 {'，或 '.join(hints_zh)}", f"use {', or '.join(hints_en)}"),
    )
