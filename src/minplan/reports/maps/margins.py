"""Everything around the frame: title, stamp, legend, index map, scale, and the line at the foot."""

from __future__ import annotations

import shapely

from minplan.core.review.finding import Outcome
from minplan.reports.maps.drawing import Drawing
from minplan.reports.maps.frame import GREY, Box, draw_frame, draw_north, draw_scale
from minplan.reports.maps.furniture import draw_index, draw_panel, draw_stamp
from minplan.reports.maps.labels import fitting
from minplan.reports.maps.legend import draw_legend
from minplan.reports.palette import outcome_styles


def draw_margins(drawing: Drawing, title: str) -> None:
    """Title, frame, north, legend, index map, scale and the line at the foot."""
    sheet, page, layout, voice = drawing.sheet, drawing.page, drawing.layout, drawing.voice
    left, _, right, top = layout.frame
    full = layout.index is not None
    middle = layout.width / 2
    size = fitting(title, 14.0 if full else 10.5, layout.width - 10)
    sheet.text(page, middle, layout.height - 2, title, size, bold=True, ha="center", va="top")
    draw_frame(sheet, page, layout.frame, drawing.view)
    draw_north(sheet, page, right - 7, top - 18, voice)
    if drawing.schematic:
        draw_stamp(sheet, page, (left + 3, top - 3), voice, 1.0 if full else 0.7)
    if full:
        draw_panel(sheet, page, (4.4, 8.0, layout.width - 4.4, 62.4))
    note = ""
    if drawing.covering:
        note = voice("图幅全部位于：", "All of it lies in: ") + voice.join(drawing.covering)
    draw_legend(
        sheet,
        page,
        drawing.items,
        layout.legend,
        title=voice("图　例", "Legend"),
        columns=layout.columns,
        note=note,
    )
    draw_scale(sheet, page, layout.scale, drawing.view, voice)
    if layout.index is not None and drawing.context.counties:
        _index_map(drawing, layout.index)
    _foot(drawing)


def _index_map(drawing: Drawing, frame: Box) -> None:
    """Where the block lies among the counties."""
    block = shapely.centroid(drawing.view.project(drawing.review.proposal.geometry.geometry))
    axes, _ = draw_index(
        drawing.sheet,
        drawing.page,
        frame,
        drawing.context.counties,
        system=drawing.view.system,
        here=block,
        voice=drawing.voice,
    )
    red = outcome_styles()[Outcome.CONFLICT].fill
    axes.plot(block.x, block.y, "s", markersize=4, mfc="none", mec=red, mew=1.1, zorder=60)


def _foot(drawing: Drawing) -> None:
    voice, particulars, layout = drawing.voice, drawing.particulars, drawing.layout
    system = voice.of(drawing.view.system.name)
    day = voice.date(particulars.generated.date())
    words = system + voice("　1985国家高程基准", "; 1985 height datum")
    office = f"{voice('编制单位：', 'Prepared by ')}{particulars.office}　{day}"
    sheet, page = drawing.sheet, drawing.page
    sheet.text(page, 4.6, 2.6, words, 6.2, ha="left", va="center", color=GREY)
    sheet.text(page, layout.width - 4.6, 2.6, office, 6.2, ha="right", va="center", color=GREY)
    if drawing.context.notice and layout.index is not None:
        notice = drawing.context.notice
        sheet.text(page, 4.6, 5.8, notice, 5.2, ha="left", va="center", color=GREY)
