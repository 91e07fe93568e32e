"""What the pieces of one sheet share: its layout, its axes, its legend."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from shapely.geometry.base import BaseGeometry

from minplan.core.review.finding import Outcome
from minplan.reports.maps.context import MapContext
from minplan.reports.maps.frame import Box, Sheet, View
from minplan.reports.maps.legend import LegendItem
from minplan.reports.maps.style import Style
from minplan.reports.particulars import Particulars
from minplan.reports.wording import Voice

if TYPE_CHECKING:
    from minplan.core.review.engine import Review

MAP_WIDTH_MM: Final = 156.0
#: Outcomes whose evidence is drawn, the strongest last.
EVIDENCE: Final = (Outcome.CLEAR, Outcome.ATTENTION, Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class Layout:
    """Places on a sheet in mm, how much of the frame the subject fills, legend columns."""

    width: float
    height: float
    frame: Box
    legend: Box
    scale: Box
    fill: float
    columns: int
    index: Box | None = None


FULL: Final = Layout(
    width=MAP_WIDTH_MM,
    height=214.0,
    frame=(9.0, 70.0, 147.0, 200.0),
    legend=(4.4, 10.0, 104.0, 62.0),
    scale=(107.0, 9.5, 150.6, 22.5),
    fill=0.42,
    columns=2,
    index=(107.0, 24.0, 150.6, 60.5),
)
ENLARGED: Final = Layout(
    width=MAP_WIDTH_MM,
    height=112.0,
    frame=(9.0, 11.0, 106.0, 97.0),
    legend=(112.0, 26.0, 152.0, 98.0),
    scale=(112.0, 10.0, 152.0, 23.0),
    fill=0.55,
    columns=1,
)


@dataclass(slots=True)
class Drawing:
    """One sheet being drawn."""

    review: Review
    context: MapContext
    particulars: Particulars
    voice: Voice
    layout: Layout
    view: View
    sheet: Sheet
    page: Axes
    map: Axes
    items: list[LegendItem] = field(default_factory=list)
    names: list[tuple[str, BaseGeometry, str]] = field(default_factory=list)
    pieces: list[BaseGeometry] = field(default_factory=list)
    covering: list[str] = field(default_factory=list)
    schematic: bool = False

    def cover(self, words: str) -> None:
        """Remember, once, what covers the whole frame: a pattern over everything says nothing."""
        if words not in self.covering:
            self.covering.append(words)

    def note(self, words: str, style: Style, shape: str = "area") -> None:
        """Put something drawn into the legend, once."""
        item = LegendItem(words, style, shape)
        if item not in self.items:
            self.items.append(item)
