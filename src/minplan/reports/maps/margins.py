"""Everything around the frame: title, stamp, legend, index map, scale, and the line at the foot."""

from __future__ import annotations

from dataclasses import replace

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from minplan.core.review.finding import Outcome
from minplan.reports.maps.drawing import Drawing
from minplan.reports.maps.frame import (
    GREY,
    INK,
    Box,
    draw_frame,
    draw_north,
    draw_scale,
    view_of,
)
from minplan.reports.maps.labels import fitting
from minplan.reports.maps.legend import draw_legend
from minplan.reports.maps.style import draw, style_of
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
        _schematic_stamp(drawing, left, top)
    if full:
        _panel(page, 4.4, 8.0, layout.width - 4.4, 62.4)
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


def _panel(page: Axes, left: float, bottom: float, right: float, top: float) -> None:
    page.add_patch(
        Rectangle(
            (left, bottom), right - left, top - bottom, fill=False, edgecolor=INK, linewidth=0.6
        )
    )


def _schematic_stamp(drawing: Drawing, left: float, top: float) -> None:
    """A stamp nobody overlooks: something here is not surveyed."""
    sheet, page, voice = drawing.sheet, drawing.page, drawing.voice
    shrink = 1.0 if drawing.layout.index is not None else 0.7
    width, height = 30.0 * shrink, 14.0 * shrink
    x, y = left + 3, top - 3 - height
    red = outcome_styles()[Outcome.CONFLICT].fill
    page.add_patch(
        Rectangle(
            (x, y), width, height, facecolor=("white", 0.88), edgecolor=red, lw=1.6, zorder=940
        )
    )
    middle = x + width / 2
    sheet.text(
        page,
        middle,
        y + height - 1.4 * shrink,
        voice("示 意", "SCHEMATIC"),
        (18 if voice.language == "zh" else 12) * shrink,
        bold=True,
        color=red,
        ha="center",
        va="top",
        zorder=945,
    )
    words = voice("部分图形未经测量，不得量算", "not surveyed: do not measure")
    sheet.text(
        page, middle, y + 1.2, words, 5.4 * shrink, color=red, ha="center", va="bottom", zorder=945
    )


def _index_map(drawing: Drawing, frame: Box) -> None:
    """Where the frame lies among the counties."""
    left, bottom, right, top = frame
    _panel(drawing.page, *frame)
    everything = shapely.union_all([geometry for _, geometry in drawing.context.counties])
    view = view_of(everything, drawing.view.system, right - left, top - bottom - 4, 0.92)
    west, south, east, north = view.bounds
    axes = drawing.sheet.axes((left, bottom, right, top - 4), (west, south, east, north))
    style = replace(style_of("county"), width=0.7, dash="solid", fill="#EEF0F3", alpha=1.0)
    block = shapely.centroid(view.project(drawing.review.proposal.geometry.geometry))
    for name, geometry in drawing.context.counties:
        ground = view.project(geometry)
        here = bool(shapely.intersects(ground, block))
        draw(axes, ground, replace(style, fill="#CFE3F7") if here else style)
        spot = shapely.point_on_surface(ground)
        size = 4.2 if len(drawing.context.counties) > 6 else 5.2
        drawing.sheet.text(
            axes, spot.x, spot.y, name, size, ha="center", va="center", halo=True, zorder=50
        )
    red = outcome_styles()[Outcome.CONFLICT].fill
    axes.plot(block.x, block.y, "s", markersize=4, mfc="none", mec=red, mew=1.1, zorder=60)
    words = drawing.voice("位置索引", "Location")
    middle = (left + right) / 2
    drawing.sheet.text(
        drawing.page, middle, top - 0.6, words, 6.5, bold=True, ha="center", va="top"
    )


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
