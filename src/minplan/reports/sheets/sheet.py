"""Draw a map sheet of the plan (附图) as PDF or PNG, true to scale on paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

from minplan.core.errors import Place
from minplan.core.plan.model import PlanSnapshot
from minplan.core.text import Text
from minplan.reports.maps.frame import Sheet, View
from minplan.reports.sheets.content import Content, content_of
from minplan.reports.sheets.drawing import Drawing, SheetOrder
from minplan.reports.sheets.ground import draw_ground
from minplan.reports.sheets.margins import draw_margins, title_of
from minplan.reports.sheets.paper import PAPER, Composition, compose
from minplan.reports.sheets.window import window_content
from minplan.reports.typeface import ReportError
from minplan.reports.wording import Voice

FORMATS: Final = ("pdf", "png")
#: Dots per inch of a picture by size of paper: what print needs at the distance of reading.
_DPI: Final = {"A4": 300, "A3": 300, "A2": 250, "A1": 200, "A0": 150}


@dataclass(frozen=True, slots=True)
class SheetMade:
    """What was drawn: title, paper and its width and height in mm, scale, number of zones.

    ``undrawn`` counts zones of the subject without geometry, ``unlabelled`` names what found no
    room for a label, ``table_left_out`` tells that the table of zones did not fit.
    """

    title: str
    size: str
    width_mm: float
    height_mm: float
    scale: float
    zones: int
    undrawn: int
    unlabelled: tuple[str, ...]
    table_left_out: bool
    schematic: bool


def draw_sheet(plan: PlanSnapshot, order: SheetOrder, path: Path, *, format: str) -> SheetMade:
    """Draw a sheet of a plan to ``path``; equal inputs give equal files.

    ``format`` is ``pdf`` (vectors, type kept as type) or ``png``. Lengths on paper are those on
    the ground in the CGCS2000 3° zone divided by the scale.

    Raises ReportError E601 (no glyph), E603 (file cannot be written), E604 (format), E606
    (nothing to draw), E607 (too large for the paper), E608 (no such county).
    """
    if format not in FORMATS:
        raise ReportError(
            "E604",
            Text(f"不认识的格式“{format}”", f"unknown format {format!r}"),
            hint=Text(f"可选：{'、'.join(FORMATS)}", f"one of: {', '.join(FORMATS)}"),
        )
    if order.window is None:
        content = content_of(plan, order.subject, order.county)
    else:
        content = window_content(plan, order)
    west, south, east, north = content.area.bounds
    composition, scale = compose((east - west, north - south), order.scale, order.size)
    drawing = _empty(order, content, composition, scale)
    draw_ground(drawing)
    draw_margins(drawing)
    drawing.sheet.check(path.name)
    _save(drawing, path, format)
    return SheetMade(
        title=title_of(drawing),
        size=composition.size,
        width_mm=composition.width,
        height_mm=composition.height,
        scale=scale,
        zones=sum(content.counts.values()),
        undrawn=len(content.undrawn),
        unlabelled=tuple(drawing.unlabelled),
        table_left_out=drawing.table_left_out,
        schematic=content.schematic,
    )


def _empty(order: SheetOrder, content: Content, composition: Composition, scale: float) -> Drawing:
    """A sheet with nothing on it yet, its frame centred over the ground."""
    west, south, east, north = content.area.bounds
    middle = ((west + east) / 2, (south + north) / 2)
    view = View(content.system, *middle, scale, *composition.frame_mm)
    sheet = Sheet.of(composition.width, composition.height, PAPER[composition.size][2])
    return Drawing(
        order=order,
        content=content,
        composition=composition,
        view=view,
        voice=Voice(order.language),
        sheet=sheet,
        # axes cover each other in the order they are made
        map=sheet.axes(composition.frame, view.bounds),
        page=sheet.axes((0.0, 0.0, composition.width, composition.height)),
    )


def _save(drawing: Drawing, path: Path, format: str) -> None:
    # neither the day nor the software is written into the file: equal sheets are equal files
    nothing: dict[str, Any] = {"Software": None}
    if format == "pdf":
        plan = drawing.content.plan.plan
        nothing = {"CreationDate": None, "Creator": None, "Producer": None}
        nothing |= {"Title": title_of(drawing), "Subject": plan.name.get(drawing.order.language)}
    dpi = _DPI[drawing.composition.size]
    part = path.with_name(f".{path.name}.part")
    try:
        with mpl.rc_context({"pdf.fonttype": 42, "pdf.compression": 6}):
            drawing.sheet.figure.savefig(part, format=format, dpi=dpi, metadata=nothing)
        part.replace(path)
    except OSError as error:
        raise ReportError(
            "E603",
            Text("附图写不进去", "the sheet cannot be written"),
            place=Place(file=str(path)),
            hint=Text("检查文件夹和权限，关闭已打开的同名文件", "check the folder and its rights"),
        ) from error
    finally:
        part.unlink(missing_ok=True)
