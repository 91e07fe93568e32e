"""Map sheets of a review: position in the plan (位置关系图) and each conflict enlarged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.review.finding import Finding
from minplan.reports.corners import corner_system
from minplan.reports.maps.context import MapContext
from minplan.reports.maps.drawing import ENLARGED, EVIDENCE, FULL, Drawing, Layout
from minplan.reports.maps.frame import Sheet, view_of
from minplan.reports.maps.ground import draw_ground
from minplan.reports.maps.margins import draw_margins
from minplan.reports.particulars import Particulars
from minplan.reports.wording import Voice

if TYPE_CHECKING:
    from minplan.core.review.engine import Review


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
    findings = [f for f in review.findings if f.decides and f.outcome in EVIDENCE]
    subject = review.proposal.geometry.geometry
    drawing = _empty(review, context, particulars, subject, layout=FULL)
    _finish(drawing, findings, title, path, dpi)


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
    drawing = _empty(review, context, particulars, subject, layout=ENLARGED)
    _finish(drawing, [finding], title, path, dpi)
    return True


def _subject(block: BaseGeometry, grounds: list[BaseGeometry]) -> BaseGeometry:
    """What an enlargement is about: the overlaps, or the block with what lies near it."""
    inside = [shapely.intersection(item, block) for item in grounds]
    overlaps = [item for item in inside if shapely.get_dimensions(item) == 2]
    if overlaps:
        return shapely.union_all(overlaps)
    nearest = [shapely.shortest_line(block, item) for item in grounds]
    return shapely.union_all([block, *nearest])


def _empty(
    review: Review,
    context: MapContext,
    particulars: Particulars,
    subject: BaseGeometry,
    *,
    layout: Layout,
) -> Drawing:
    """A sheet with nothing on it yet, its frame over the subject."""
    left, bottom, right, top = layout.frame
    system = corner_system(review.proposal.geometry)
    view = view_of(subject, system, right - left, top - bottom, layout.fill)
    sheet = Sheet.of(layout.width, layout.height)
    return Drawing(
        review=review,
        context=context,
        particulars=particulars,
        voice=Voice(particulars.language),
        layout=layout,
        view=view,
        sheet=sheet,
        page=sheet.axes((0.0, 0.0, layout.width, layout.height)),
        map=sheet.axes(layout.frame, view.bounds),
    )


def _finish(drawing: Drawing, findings: list[Finding], title: str, path: Path, dpi: int) -> None:
    draw_ground(drawing, findings)
    draw_margins(drawing, title)
    drawing.sheet.check(path.name)
    # Without the name of the software equal sheets are equal files.
    drawing.sheet.figure.savefig(path, dpi=dpi, format="png", metadata={"Software": None})
