"""Everything inside the frame: counties, zones, layers, evidence, the block and its corners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from minplan.core.plan.model import ZoneKind
from minplan.core.review.finding import Finding, Outcome
from minplan.core.tolerances import NOISE_AREA_M2
from minplan.reports.corners import corners_of
from minplan.reports.maps.drawing import EVIDENCE, Drawing
from minplan.reports.maps.frame import draw_grid
from minplan.reports.maps.labels import Labels
from minplan.reports.maps.legend import LegendItem
from minplan.reports.maps.style import Style, draw, style_of
from minplan.reports.palette import outcome_styles
from minplan.reports.wording import SCHEMATIC, SIGNS, layer_term

_BLOCK: Final = Style(line="#111827", width=2.4, order=110)
_SUGGESTION: Final = Style(line="#1D6FB8", width=2.2, order=112, dash="dash")


def draw_ground(drawing: Drawing, findings: list[Finding]) -> None:
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
    labels = Labels(drawing.sheet, drawing.map, block, view, drawing.pieces)
    _corners(drawing, labels)
    for words, ground, colour in drawing.names:
        labels.area(words, ground, colour)


def _visible(drawing: Drawing, geometry: BaseGeometry) -> BaseGeometry | None:
    """The part of a lon/lat geometry in and just around the frame, in metres."""
    west, south, east, north = drawing.view.bounds
    margin = drawing.view.metres(8)
    room = box(west - margin, south - margin, east + margin, north + margin)
    piece = shapely.intersection(shapely.make_valid(drawing.view.project(geometry)), room)
    return None if piece.is_empty else piece


def _in_frame(drawing: Drawing, piece: BaseGeometry) -> bool:
    return bool(shapely.intersects(piece, box(*drawing.view.bounds)))


def _counties(drawing: Drawing) -> None:
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


def _zones(drawing: Drawing) -> None:
    for zone in drawing.review.plan.zones:
        if zone.geometry is None or zone.kind is ZoneKind.COUNTY:
            continue
        label = zone.code or zone.name
        _feature(drawing, zone.kind.value, zone.geometry.geometry, label, zone.schematic)


def _layers(drawing: Drawing) -> None:
    for layer in drawing.context.layers:
        for geometry, label in layer.features:
            _feature(drawing, layer.name, geometry, label, layer.schematic)


def _feature(
    drawing: Drawing, name: str, geometry: BaseGeometry, label: str, schematic: bool
) -> None:
    piece = _visible(drawing, geometry)
    if piece is None or not _in_frame(drawing, piece):
        return
    drawing.schematic |= schematic
    style, term = style_of(name), drawing.voice.of(layer_term(name))
    area = shapely.get_dimensions(piece) == 2
    if area and shapely.covers(piece, box(*drawing.view.bounds)):
        drawing.cover(f"{term} {label}".strip())
        return
    draw(drawing.map, piece, style)
    drawing.pieces.append(piece)
    mark = drawing.voice.of(SCHEMATIC) if schematic else ""
    drawing.note(term + mark, style, "area" if area else "line")
    if style.label and label:
        drawing.names.append((label, piece, style.line))


def _evidence(drawing: Drawing, findings: list[Finding]) -> None:
    """Evidence by outcome; where outcomes meet, the strongest one fills the ground."""
    block = drawing.review.proposal.geometry.geometry
    filled: BaseGeometry = Polygon()
    for outcome in reversed(EVIDENCE):
        style = _outcome_style(outcome)
        words = drawing.voice(*_evidence_words(outcome))
        areas: list[BaseGeometry] = []
        for geometry, schematic in _grounds(findings, outcome):
            piece = _visible(drawing, geometry)
            area = shapely.get_dimensions(geometry) == 2
            whole = area and outcome is Outcome.CLEAR and shapely.covers(geometry, block)
            hidden = area and piece is not None and _rest(piece, filled) < NOISE_AREA_M2
            if piece is None or whole or hidden:
                continue
            if area:
                areas.append(piece)
            draw(drawing.map, piece, replace(style, fill="", hatch=""))
            drawing.note(words, style, "area" if area else "line")
            drawing.schematic |= schematic
        ground = shapely.union_all(areas)
        draw(drawing.map, shapely.difference(ground, filled), style)
        filled = shapely.union(filled, ground)


def _rest(piece: BaseGeometry, filled: BaseGeometry) -> float:
    """What of a piece stronger outcomes leave to be seen, in m²."""
    return float(shapely.area(shapely.difference(piece, filled)))


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
        order=90 + EVIDENCE.index(outcome),
        fill=look.fill if look.alpha else "",
        alpha=look.alpha,
        hatch=look.hatch,
    )


def _evidence_words(outcome: Outcome) -> tuple[str, str]:
    word, sign = outcome.word, SIGNS[outcome]
    return f"{sign} {word.zh}", f"{sign} {word.en}"


def _corners(drawing: Drawing, labels: Labels) -> None:
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
    labels.corners(corners)
