"""Map sheets of a review: position in the plan (位置关系图) and each conflict enlarged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from minplan.core.review.finding import Finding, Outcome
from minplan.core.text import Text
from minplan.reports.corners import corner_system, corners_of
from minplan.reports.maps.context import MapContext
from minplan.reports.maps.frame import (
    GREY,
    INK,
    Box,
    Sheet,
    View,
    draw_frame,
    draw_grid,
    draw_north,
    draw_scale,
    view_of,
)
from minplan.reports.maps.labels import Placed, label_area, label_corners
from minplan.reports.maps.legend import LegendItem, draw_legend
from minplan.reports.maps.style import Style, draw, style_of
from minplan.reports.palette import outcome_styles
from minplan.reports.particulars import Particulars
from minplan.reports.wording import SIGNS, Voice, layer_term

if TYPE_CHECKING:
    from minplan.core.review.engine import Review

MAP_WIDTH_MM: Final = 156.0
_BLOCK: Final = Style(line="#111827", width=2.4, order=110)
_SUGGESTION: Final = Style(line="#1D6FB8", width=2.2, order=112, dash="dash")
_EVIDENCE: Final = (Outcome.CLEAR, Outcome.ATTENTION, Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places on a sheet in mm, how much of the frame the subject fills, legend columns."""

    width: float
    height: float
    frame: Box
    legend: Box
    scale: Box
    fill: float
    columns: int
    index: Box | None = None


_FULL: Final = _Layout(
    width=MAP_WIDTH_MM,
    height=214.0,
    frame=(9.0, 66.0, 147.0, 196.0),
    legend=(4.4, 9.0, 104.0, 60.0),
    scale=(106.0, 9.0, 151.6, 22.0),
    fill=0.42,
    columns=2,
    index=(107.0, 23.0, 150.6, 58.5),
)
_ENLARGED: Final = _Layout(
    width=MAP_WIDTH_MM,
    height=112.0,
    frame=(9.0, 11.0, 106.0, 97.0),
    legend=(112.0, 26.0, 152.0, 98.0),
    scale=(112.0, 10.0, 152.0, 23.0),
    fill=0.55,
    columns=1,
)


@dataclass(slots=True)
class _Drawing:
    """One sheet being drawn."""

    review: Review
    context: MapContext
    particulars: Particulars
    voice: Voice
    layout: _Layout
    view: View
    sheet: Sheet
    page: Axes
    map: Axes
    items: list[LegendItem] = field(default_factory=list)
    names: list[tuple[str, BaseGeometry, str]] = field(default_factory=list)
    schematic: bool = False

    def note(self, words: str, style: Style, shape: str = "area") -> None:
        """Put something drawn into the legend, once."""
        item = LegendItem(words, style, shape)
        if item not in self.items:
            self.items.append(item)


def draw_map(
    review: Review,
    context: MapContext,
    path: Path,
    *,
    particulars: Particulars,
    dpi: int = 300,
) -> None:
    """Draw the whole map of a review as PNG of 156 × 214 mm.

    The block stands in metres of its CGCS2000 3° zone with the plan's zones, the layers of the
    context and the evidence of findings. Equal inputs give equal files. Raises ReportError E601
    for a character without a glyph.
    """
    voice = Voice(particulars.language)
    title = voice(f"{review.proposal.name}位置关系图", f"{review.proposal.name}: position map")
    findings = [f for f in review.findings if f.decides and f.outcome in _EVIDENCE]
    subject = review.proposal.geometry.geometry
    _sheet(review, context, particulars, title, findings, subject, _FULL, path, dpi)


def draw_finding(
    review: Review,
    finding: Finding,
    context: MapContext,
    path: Path,
    *,
    particulars: Particulars,
    dpi: int = 300,
) -> bool:
    """Draw the evidence of one finding enlarged, as PNG of 156 × 112 mm.

    Returns False, and draws nothing, when the finding has no evidence on the ground.
    """
    grounds = [item.geometry for item in finding.evidence if item.geometry is not None]
    if not grounds:
        return False
    voice = Voice(particulars.language)
    rule = review.rules[finding.rule]
    word = voice.of(finding.outcome.word)
    title = f"{rule.id} {voice.of(rule.title)}{voice('（', ' (')}{word}{voice('）', ')')}"
    subject = _subject(review.proposal.geometry.geometry, grounds)
    _sheet(review, context, particulars, title, [finding], subject, _ENLARGED, path, dpi)
    return True


def _subject(block: BaseGeometry, grounds: list[BaseGeometry]) -> BaseGeometry:
    """What an enlargement is about: the overlaps, or the block with what lies near it."""
    inside = [shapely.intersection(item, block) for item in grounds]
    overlaps = [item for item in inside if shapely.get_dimensions(item) == 2]
    if overlaps:
        return shapely.union_all(overlaps)
    nearest = [shapely.shortest_line(block, item) for item in grounds]
    return shapely.union_all([block, *nearest])


def _sheet(
    review: Review,
    context: MapContext,
    particulars: Particulars,
    title: str,
    findings: list[Finding],
    subject: BaseGeometry,
    layout: _Layout,
    path: Path,
    dpi: int,
) -> None:
    left, bottom, right, top = layout.frame
    system = corner_system(review.proposal.geometry)
    view = view_of(subject, system, right - left, top - bottom, layout.fill)
    sheet = Sheet.of(layout.width, layout.height)
    page = sheet.axes((0.0, 0.0, layout.width, layout.height))
    axes = sheet.axes(layout.frame, view.bounds)
    drawing = _Drawing(
        review,
        context,
        particulars,
        Voice(particulars.language),
        layout,
        view,
        sheet,
        page,
        axes,
    )
    _ground(drawing, findings)
    _margins(drawing, title)
    sheet.check(path.name)
    # Without the name of the software equal sheets are equal files.
    sheet.figure.savefig(path, dpi=dpi, format="png", metadata={"Software": None})


def _ground(drawing: _Drawing, findings: list[Finding]) -> None:
    """Everything inside the frame, from the bottom up."""
    view, review = drawing.view, drawing.review
    draw_grid(drawing.map, view)
    _counties(drawing)
    _zones(drawing)
    _layers(drawing)
    _evidence(drawing, findings)
    block = view.project(review.proposal.geometry.geometry)
    if review.suggestion is not None:
        draw(drawing.map, view.project(review.suggestion.polygonal.geometry), _SUGGESTION)
        drawing.note(drawing.voice("建议范围", "suggested block"), _SUGGESTION)
    halo = replace(_BLOCK, line="#FFFFFF", width=_BLOCK.width + 2.4, order=108)
    draw(drawing.map, block, halo)
    draw(drawing.map, block, _BLOCK)
    drawing.items.insert(0, LegendItem(drawing.voice("申请范围", "block asked for"), _BLOCK))
    placed = _corners(drawing, block)
    for words, ground, colour in drawing.names:
        label_area(drawing.sheet, drawing.map, words, ground, block, view, placed, colour=colour)


def _visible(drawing: _Drawing, geometry: BaseGeometry) -> BaseGeometry | None:
    """The part of a lon/lat geometry in and just around the frame, in metres."""
    west, south, east, north = drawing.view.bounds
    margin = drawing.view.metres(8)
    room = box(west - margin, south - margin, east + margin, north + margin)
    piece = shapely.intersection(shapely.make_valid(drawing.view.project(geometry)), room)
    return None if piece.is_empty else piece


def _in_frame(drawing: _Drawing, piece: BaseGeometry) -> bool:
    return bool(shapely.intersects(piece, box(*drawing.view.bounds)))


def _counties(drawing: _Drawing) -> None:
    style = style_of("county")
    shown = False
    for name, geometry in drawing.context.counties:
        piece = _visible(drawing, geometry)
        if piece is None or not _in_frame(drawing, piece):
            continue
        border = _visible(drawing, shapely.boundary(geometry))
        if border is None or not _in_frame(drawing, border):
            continue
        shown = True
        draw(drawing.map, border, style)
        drawing.names.append((name, piece, style.line))
    if shown:
        drawing.note(drawing.voice("县（区）界", "county boundary"), style, "line")
        drawing.schematic |= drawing.context.counties_schematic


def _zones(drawing: _Drawing) -> None:
    for zone in drawing.review.plan.zones:
        if zone.geometry is None:
            continue
        label = zone.code or zone.name
        _feature(drawing, zone.kind.value, zone.geometry.geometry, label, zone.schematic)


def _layers(drawing: _Drawing) -> None:
    for layer in drawing.context.layers:
        for geometry, label in layer.features:
            _feature(drawing, layer.name, geometry, label, layer.schematic)


def _feature(
    drawing: _Drawing, name: str, geometry: BaseGeometry, label: str, schematic: bool
) -> None:
    piece = _visible(drawing, geometry)
    if piece is None or not _in_frame(drawing, piece):
        return
    style = style_of(name)
    draw(drawing.map, piece, style)
    shape = "area" if shapely.get_dimensions(piece) == 2 else "line"
    mark = drawing.voice("〔示意〕", " [schematic]") if schematic else ""
    drawing.note(drawing.voice.of(layer_term(name)) + mark, style, shape)
    drawing.schematic |= schematic
    if style.label and label:
        drawing.names.append((label, piece, style.line))


def _evidence(drawing: _Drawing, findings: list[Finding]) -> None:
    block = drawing.review.proposal.geometry.geometry
    for outcome in _EVIDENCE:
        style = _outcome_style(outcome)
        words = drawing.voice(*_evidence_words(outcome))
        for geometry, schematic in _grounds(findings, outcome):
            piece = _visible(drawing, geometry)
            whole = shapely.get_dimensions(geometry) == 2 and shapely.covers(geometry, block)
            if piece is None or (outcome is Outcome.CLEAR and whole):
                continue
            draw(drawing.map, piece, style)
            drawing.note(words, style, "area")
            drawing.schematic |= schematic


def _grounds(findings: list[Finding], outcome: Outcome) -> Iterator[tuple[BaseGeometry, bool]]:
    for finding in findings:
        if finding.outcome is outcome:
            for item in finding.evidence:
                if item.geometry is not None and (item.area_m2 or outcome is not Outcome.CLEAR):
                    yield item.geometry, item.schematic


def _outcome_style(outcome: Outcome) -> Style:
    look = outcome_styles()[outcome]
    return Style(
        line=look.fill,
        width=look.width,
        order=90 + _EVIDENCE.index(outcome),
        fill=look.fill if look.alpha else "",
        alpha=look.alpha,
        hatch=look.hatch,
    )


def _evidence_words(outcome: Outcome) -> tuple[str, str]:
    word, sign = outcome.word, SIGNS[outcome]
    return f"{sign} {word.zh}", f"{sign} {word.en}"


def _corners(drawing: _Drawing, block: BaseGeometry) -> Placed:
    west, south, east, north = drawing.view.bounds
    corners = [
        (str(c.number), c.east, c.north)
        for c in corners_of(drawing.review.proposal.geometry)
        if west < c.east < east and south < c.north < north
    ]
    if corners:
        x, y = zip(*((c[1], c[2]) for c in corners), strict=True)
        drawing.map.plot(
            x, y, "o", markersize=2.6, mfc="white", mec=_BLOCK.line, mew=0.8, zorder=118
        )
        words = drawing.voice("拐点及编号", "corner with its number")
        drawing.items.insert(1, LegendItem(words, _BLOCK, "corner"))
    return label_corners(drawing.sheet, drawing.map, corners, block, drawing.view)


# -- around the frame -----------------------------------------------------------------------------


def _margins(drawing: _Drawing, title: str) -> None:
    """Title, frame, north, legend, index map, scale and the line at the foot."""
    sheet, page, layout, voice = drawing.sheet, drawing.page, drawing.layout, drawing.voice
    left, _, right, top = layout.frame
    full = layout.index is not None
    middle = layout.width / 2
    size = min(14.0 if full else 10.5, 2.6 * layout.width / max(len(title), 1))
    sheet.text(page, middle, layout.height - 2, title, size, bold=True, ha="center", va="top")
    draw_frame(sheet, page, layout.frame, drawing.view)
    draw_north(sheet, page, right - 7, top - 18, voice)
    if drawing.schematic:
        _schematic_stamp(drawing, left, top)
    if full:
        _panel(page, 4.4, 8.0, layout.width - 4.4, 60.4)
    draw_legend(sheet, page, drawing.items, layout.legend, voice, layout.columns)
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


def _schematic_stamp(drawing: _Drawing, left: float, top: float) -> None:
    """A stamp nobody overlooks: something here is not surveyed."""
    sheet, page, voice = drawing.sheet, drawing.page, drawing.voice
    width, height = 30.0, 14.0
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
        y + height - 1.2,
        voice("示 意", "SCHEMATIC"),
        18 if voice.language == "zh" else 12,
        bold=True,
        color=red,
        ha="center",
        va="top",
        zorder=945,
    )
    words = voice("部分图形未经测量，不得量算", "parts not surveyed, not to scale")
    sheet.text(page, middle, y + 1.3, words, 5.2, color=red, ha="center", va="bottom", zorder=945)


def _index_map(drawing: _Drawing, frame: Box) -> None:
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


def _foot(drawing: _Drawing) -> None:
    voice, particulars, layout = drawing.voice, drawing.particulars, drawing.layout
    system = voice.of(drawing.view.system.name)
    height = Text("1985国家高程基准", "1985 height datum")
    day = voice.date(particulars.generated.date())
    words = f"{system}　{voice.of(height)}" if voice.language == "zh" else f"{system}; {height.en}"
    office = f"{voice('编制单位：', 'Prepared by ')}{particulars.office}　{day}"
    sheet, page = drawing.sheet, drawing.page
    sheet.text(page, 4.6, 2.6, words, 6.2, ha="left", va="center", color=GREY)
    sheet.text(page, layout.width - 4.6, 2.6, office, 6.2, ha="right", va="center", color=GREY)
    if drawing.context.notice and layout.index is not None:
        notice = drawing.context.notice
        sheet.text(page, 4.6, 5.8, notice, 5.2, ha="left", va="center", color=GREY)
