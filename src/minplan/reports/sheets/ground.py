"""Everything inside the frame of a sheet: land, zones, borders, and their labels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from minplan.core.plan.model import ZoneKind
from minplan.reports.maps.frame import INK, draw_grid
from minplan.reports.maps.furniture import STAMP_MM
from minplan.reports.maps.labels import text_width, wrapped
from minplan.reports.maps.style import Style, draw, style_of
from minplan.reports.sheets.content import Ground
from minplan.reports.sheets.drawing import STAMP_INSET, Drawing
from minplan.reports.sheets.names import Label, Placer

_LAND: Final = Style(line="#FBF9F3", width=0.0, order=0, fill="#FBF9F3", alpha=1.0)
_VEIL: Final = Style(line="#FFFFFF", width=0.0, order=80, fill="#FFFFFF", alpha=0.62)
REGION: Final = Style(line="#374151", width=2.2, order=84, dash="dash-dot")
_GLOW: Final = Style(line="#E8D3E3", width=7.5, order=82)
#: Type of county names and zones in points at A4; the names of large zones are set larger.
_COUNTY_SIZE: Final = 11.0
_ZONE_SIZE: Final = 6.2
_LARGER: Final = (1.5, 1.2, 1.0)
#: A name is broken into lines of this width (mm at A4).
_NAME_MM: Final = 34.0
#: Blocks are named by their code alone: the table has their names.
_CODE_ONLY: Final = (ZoneKind.MINING_BLOCK, ZoneKind.EXPLORATION_BLOCK)
_COUNTY_INK: Final = "#7B818B"
#: A feature with less ground on paper than this many labels is small: labels keep off it.
_SMALL: Final = 4.0


def draw_ground(drawing: Drawing) -> None:
    """Everything inside the frame, from the bottom up."""
    content = drawing.content
    for county in content.counties:
        _put(drawing, county.shape, _LAND)
    draw_grid(drawing.map, drawing.view, drawing.sheet.grow)
    for item in sorted((*content.beyond, *content.zones), key=_area, reverse=True):
        _put(drawing, item.shape, style_of(item.zone.kind.value))
    for layer in content.overlays:
        for shape in layer.shapes:
            _put(drawing, shape, style_of(layer.style))
    _borders(drawing)
    _labels(drawing)


def _area(item: Ground) -> float:
    return float(shapely.area(item.shape))


def _put(drawing: Drawing, shape: BaseGeometry, style: Style) -> None:
    """Draw the part of a shape in and just around the frame."""
    west, south, east, north = drawing.view.bounds
    margin = drawing.view.metres(8)
    room = box(west - margin, south - margin, east + margin, north + margin)
    piece = shapely.intersection(shape, room)
    draw(drawing.map, piece, replace(style, width=style.width * drawing.fine))


def _borders(drawing: Drawing) -> None:
    content = drawing.content
    if not content.counties:
        return
    outline = content.chosen.shape if content.chosen else _region(content.counties)
    if content.chosen:
        frame = box(*drawing.view.bounds).buffer(drawing.view.metres(8))
        _put(drawing, shapely.difference(frame, outline), _VEIL)
    county = replace(style_of("county"), order=83, fill="", hatch="")
    for item in content.counties:
        _put(drawing, shapely.boundary(item.shape), county)
    _put(drawing, shapely.boundary(outline), _GLOW)
    _put(drawing, shapely.boundary(outline), REGION)


def _region(counties: tuple[Ground, ...]) -> BaseGeometry:
    # outlines of neighbours may miss each other by a little: close gaps below a metre
    return shapely.union_all([item.shape for item in counties]).buffer(1.0).buffer(-1.0)


def _labels(drawing: Drawing) -> None:
    paper = _Paper(drawing)
    placer = Placer(
        width=paper.frame[0],
        height=paper.frame[1],
        grow=drawing.fine,
        features=shapely.STRtree([shape for _, shape in paper.zones]),
        lines=shapely.STRtree(paper.lines),
        small=shapely.STRtree(paper.small),
        taken=_kept_free(drawing),
    )
    for wordings in (*_county_labels(drawing, paper), *_zone_labels(drawing, paper)):
        if not placer.place(*wordings) and wordings[-1].leads:
            drawing.unlabelled.append(wordings[-1].words)
    axes = drawing.sheet.axes(drawing.composition.frame, (0.0, 0.0, *paper.frame))
    placer.draw(drawing.sheet, axes)


class _Paper:
    """The features in mm on paper from the lower left corner of the frame."""

    def __init__(self, drawing: Drawing) -> None:
        west, south, _, _ = drawing.view.bounds
        self._corner = np.array([west, south])
        self._mm = 1000 / drawing.view.scale
        self.frame = drawing.composition.frame_mm
        content = drawing.content
        self.room = box(0, 0, *self.frame)
        self.zones = [(item, self.of(item.shape)) for item in content.zones]
        self.counties = [(item, self.of(item.shape)) for item in content.counties]
        shapes = [shape for _, shape in (*self.zones, *self.counties)]
        self.lines = [shapely.boundary(shape) for shape in shapes]
        code = Label("CS000", shapely.Point(), _ZONE_SIZE, INK).sides
        limit = _SMALL * code[0] * code[1] * drawing.fine**2
        self.small = [shape for _, shape in self.zones if shapely.area(shape) < limit]

    def of(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in metres, in mm on paper; detail finer than a line of print is left out."""
        moved = shapely.transform(shape, lambda c: (c - self._corner) * self._mm)
        return shapely.simplify(moved, 0.1)


def _kept_free(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """Room of the north arrow, and of the stamp where there is one."""
    grow = drawing.sheet.grow
    width, height = drawing.composition.frame_mm
    kept = [(width - 14 * grow, height - 22 * grow, width, height)]
    if drawing.content.schematic:
        inset, stamp = STAMP_INSET * grow, [side * grow * drawing.stamp for side in STAMP_MM]
        kept.append((0.0, height - stamp[1] - 2 * inset, stamp[0] + 2 * inset, height))
    return kept


def _county_labels(drawing: Drawing, paper: _Paper) -> Iterator[tuple[Label, ...]]:
    """Names of counties; beside a chosen county its neighbours are named where there is room."""
    chosen = drawing.content.chosen
    for item, shape in paper.counties:
        visible = shapely.intersection(shape, paper.room)
        if shapely.area(visible) <= 0:
            continue
        own = chosen is not None and item.zone is chosen.zone
        share = 1.4 if own else 1.0 if chosen is None else 0.85
        words, size = _spaced(item.zone.name), _COUNTY_SIZE * share
        leads = chosen is None or own
        yield tuple(
            Label(words, visible, size * more, _COUNTY_INK, True, leads and out, cost)
            for more, out, cost in ((1.0, False, 0.0), (0.8, False, 3.0), (0.8, True, 9.0))
        )


def _spaced(name: str) -> str:
    """Chinese names of areas are set wide."""
    return " ".join(name) if len(name) <= 4 else name


def _zone_labels(drawing: Drawing, paper: _Paper) -> Iterator[tuple[Label, ...]]:
    """Small features first: their labels have the least choice of places."""
    chosen = drawing.content.chosen
    for item, shape in sorted(paper.zones, key=lambda pair: float(shapely.area(pair[1]))):
        zone, colour = item.zone, _readable(style_of(item.zone.kind.value).line)
        county = shape if chosen is None else shapely.intersection(shape, paper.of(chosen.shape))
        # a sliver in the county is labelled like the whole feature
        ground = shape if shapely.equals(county, shape) or shapely.is_empty(county) else county
        words = zone.code or zone.name
        short = Label(words, ground, _ZONE_SIZE, colour, bold=True, cost=2.0)
        lines = "\n".join([words, *_even_lines(zone.name)])
        named = zone.kind not in _CODE_ONLY and bool(zone.code)
        yield (
            *(
                replace(short, words=lines, size=_ZONE_SIZE * more, leads=False, cost=1.2 - more)
                for more in _LARGER
                if named
            ),
            short,
        )
        for part in _other_parts(ground):
            yield (replace(short, shape=part, leads=False),)


def _even_lines(name: str) -> list[str]:
    """A name in as few lines as fit, about equally long."""
    width = text_width(name, _ZONE_SIZE)
    even = width / math.ceil(width / _NAME_MM) + text_width("区", _ZONE_SIZE)
    return wrapped(name, _ZONE_SIZE, even)


def _other_parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """All parts but the largest, which has the label in any case."""
    parts = sorted(shapely.get_parts(shape), key=shapely.area)
    return parts[:-1]


def _readable(colour: str) -> str:
    """A line's colour, darkened for type."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{int(part * 0.72):02X}" for part in parts)
