"""What the pieces of one sheet of the plan share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from matplotlib.axes import Axes

from minplan.core.geometry.layer import Bounds
from minplan.core.text import Language
from minplan.reports.maps.frame import Sheet, View
from minplan.reports.sheets.content import Content, Overlay
from minplan.reports.sheets.paper import Composition
from minplan.reports.sheets.subjects import Subject
from minplan.reports.wording import Voice

#: Distance of the stamp from the neat line (mm at A4).
STAMP_INSET: Final = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetOrder:
    """What sheet is wanted.

    ``scale`` is the denominator (None: the largest round one that fits), ``size`` A0 to A4 or
    ``auto``, ``county`` a name or code or empty, ``office`` the 编制单位, ``date`` that of the
    sheet, ``map_number`` the 审图号 (empty: not yet approved for publication).

    A sheet of a map's view has a ``window`` (west, south, east, north in degrees) instead of a
    county: with a scale its middle is the middle of the sheet, without one all of it is shown. It
    may have a ``title`` of its own, and ``overlays`` beside the zones of the subject.
    """

    subject: Subject
    office: str
    date: dt.date
    scale: float | None = None
    size: str = "auto"
    county: str = ""
    map_number: str = ""
    title: str = ""
    window: Bounds | None = None
    overlays: tuple[Overlay, ...] = ()
    language: Language = "zh"


@dataclass(slots=True)
class Drawing:
    """One sheet being drawn: ``map`` axes in metres, ``page`` axes in mm."""

    order: SheetOrder
    content: Content
    composition: Composition
    view: View
    voice: Voice
    sheet: Sheet
    page: Axes
    map: Axes
    unlabelled: list[str] = field(default_factory=list)
    table_left_out: bool = False

    @property
    def fine(self) -> float:
        """How much lines and labels of the ground grow: less than the furniture."""
        return float(self.sheet.grow**0.6)

    @property
    def stamp(self) -> float:
        """Size of the stamp against that of a review map."""
        return 1.1
