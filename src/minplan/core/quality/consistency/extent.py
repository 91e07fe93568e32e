"""Coordinates a document prints for its area, and the lengths and areas beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from math import cos, radians
from typing import Final

from minplan.core.document.model import Bound, Paragraph, PlanDocument, Quantity, Spot
from minplan.core.document.quantities import read_blocks
from minplan.core.document.quantities.vocabulary import plain

#: A degree of a meridian (km), mean of the ellipsoid.
KM_PER_DEGREE: Final = 111.32
_LONGITUDES: Final = (73.0, 136.0)
_LATITUDES: Final = (3.0, 54.0)
_DEGREE: Final = r"(?:\\circ|[°度º])"
_ANGLE: Final = (
    r"\$?\s*(\d{1,3}(?:\.\d+)?)\s*(?:\^?\{?\s*" + _DEGREE + r"\s*\}?)"
    r"\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’分])?\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:''|[\"″”秒]))?\s*\$?"
)
_DASH: Final = r"\s*(?:[-—–~～]+|至|到)\s*"
_RANGE: Final = re.compile(
    rf"(?P<axis>东经|北纬|经度|纬度)\s*(?:在|为|：|:)?\s*{_ANGLE}{_DASH}(?:东经|北纬)?\s*{_ANGLE}"
)
_EAST_WEST: Final = re.compile(r"东西[^，。；\d]{0,8}约?\s*$")
_NORTH_SOUTH: Final = re.compile(r"南北[^，。；\d]{0,8}约?\s*$")


@dataclass(frozen=True, slots=True)
class Span:
    """A range of longitudes or latitudes (degrees) as printed."""

    axis: str
    low: float
    high: float
    spot: Spot

    @property
    def sound(self) -> bool:
        """Whether it runs upward and lies in the country."""
        low, high = _LONGITUDES if self.axis == "lon" else _LATITUDES
        return low <= self.low < self.high <= high


@dataclass(frozen=True, slots=True)
class Extent:
    """The coordinates of one paragraph and the figures beside them."""

    lon: Span | None
    lat: Span | None
    quantities: tuple[Quantity, ...]
    text: str

    @property
    def width_km(self) -> float | None:
        """East to west at the middle latitude."""
        if self.lon is None or self.lat is None:
            return None
        middle = (self.lat.low + self.lat.high) / 2
        return (self.lon.high - self.lon.low) * KM_PER_DEGREE * cos(radians(middle))

    @property
    def height_km(self) -> float | None:
        """South to north."""
        return None if self.lat is None else (self.lat.high - self.lat.low) * KM_PER_DEGREE


def extents(document: PlanDocument) -> Iterator[Extent]:
    """Every paragraph that prints a range of longitudes or latitudes."""
    for read in read_blocks(document):
        if not isinstance(read.block, Paragraph):
            continue
        text = plain(read.block.text)
        spans = {span.axis: span for span in _spans(text, read.block.spot)}
        if spans:
            yield Extent(spans.get("lon"), spans.get("lat"), read.quantities, text)


def _spans(text: str, spot: Spot) -> Iterator[Span]:
    for match in _RANGE.finditer(text):
        axis = "lon" if match["axis"] in ("东经", "经度") else "lat"
        figures = match.groups()[1:]
        place = replace(spot, start=match.start(), end=match.end(), quote=match.group().strip())
        yield Span(axis, _degrees(figures[:3]), _degrees(figures[3:]), place)


def _degrees(parts: tuple[str | None, ...]) -> float:
    degree, minute, second = (float(part or 0) for part in parts)
    return degree + minute / 60 + second / 3600


@dataclass(frozen=True, slots=True)
class Width:
    """A printed length against the span of the coordinates."""

    said: Quantity
    span: Span
    should: float


def widths(extent: Extent, share: float) -> Iterator[Width]:
    """Lengths from east to west and south to north that the coordinates do not give."""
    for item in extent.quantities:
        if item.base_unit != "米" or item.base_low is None:
            continue
        lead = extent.text[: item.spot.start or 0]
        pairs = (
            (_EAST_WEST, extent.width_km, extent.lon),
            (_NORTH_SOUTH, extent.height_km, extent.lat),
        )
        for pattern, length, span in pairs:
            if length is None or span is None or not pattern.search(lead):
                continue
            printed = float(item.base_low) / 1000
            if abs(printed - length) > share * max(printed, length):
                yield Width(item, span, length)


def area_too_large(extent: Extent) -> tuple[Quantity, float] | None:
    """An area that is greater than the box of its coordinates (km²), or None."""
    width, height = extent.width_km, extent.height_km
    if width is None or height is None or width <= 0 or height <= 0:
        return None
    for item in extent.quantities:
        plain_area = item.attribute == "面积" and not item.qualifiers and item.bound is Bound.EQUAL
        if plain_area and item.base_low is not None:
            box = width * height
            return (item, box) if item.base_low > Decimal(str(box * 1e6)) else None
    return None


def degrees(value: float) -> str:
    """``113.7336`` as 113°44′01″."""
    total = round(abs(value) * 3600)
    return f"{total // 3600}°{total % 3600 // 60:02d}′{total % 60:02d}″"
