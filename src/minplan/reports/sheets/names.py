"""Labels of a sheet: every one is placed, none on another, with leader lines where it is crowded.

Everything here is in mm on paper from the lower left corner of the frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from minplan.reports.maps.frame import Box, Sheet
from minplan.reports.maps.labels import text_width

FloatArray = NDArray[np.float64]

#: Height of a line against the size of its type, and mm of a point.
_LINE: Final = 1.22
_POINT_MM: Final = 0.3528
#: Gaps tried between a feature and its label (mm at A4), and directions of each.
_GAPS: Final = (0.6, 2.5, 5.0, 8.0, 12.0, 17.0, 23.0, 30.0, 40.0, 55.0)
_DIRECTIONS: Final = 24
#: From this gap on a label has a leader line.
_LEADER: Final = 1.2
#: Tries along each side of a feature for a label inside it.
_INSIDE: Final = 14
# Costs: a line, a small feature or any other feature under the label, a label close by, a place
# outside the feature, a mm of distance, a label or a line under the leader.
_ON_LINE: Final = 1.0
_ON_SMALL: Final = 6.0
_ON_OTHER: Final = 0.4
_CLOSE: Final = 0.8
_CLOSE_MM: Final = 2.5
_OUTSIDE: Final = 2.0
_PER_MM: Final = 0.22
_LEADER_ON_LABEL: Final = 25.0
_LEADER_ON_LINE: Final = 0.15


@dataclass(frozen=True, slots=True)
class Label:
    """Words for a feature (in mm on paper); without ``leads`` it stands inside the feature.

    ``cost`` is what this wording costs against others for the same feature.
    """

    words: str
    shape: BaseGeometry
    size: float
    colour: str
    bold: bool = False
    leads: bool = True
    cost: float = 0.0

    @property
    def sides(self) -> tuple[float, float]:
        """Width and height in mm when type does not grow."""
        lines = self.words.split("\n")
        width = max(text_width(line, self.size) for line in lines) * (1.08 if self.bold else 1.04)
        return width + 0.6, self.size * _POINT_MM * _LINE * len(lines) + 0.3


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label stands, and where its leader line comes from."""

    label: Label
    box: Box
    anchor: tuple[float, float] | None

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the label."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class _Place:
    """A place that was found: what it costs, and the leader line (empty where none is needed)."""

    cost: float
    label: Label
    box: Box
    leader: BaseGeometry


@dataclass(slots=True)
class Placer:
    """Places labels one after another in a frame of ``width`` × ``height`` mm.

    ``grow`` enlarges labels and gaps; ``features``, their ``lines`` and above all ``small`` ones
    are what labels rather do not cover; ``taken`` boxes are kept free.
    """

    width: float
    height: float
    grow: float
    features: shapely.STRtree
    lines: shapely.STRtree
    small: shapely.STRtree
    taken: list[Box] = field(default_factory=list)
    leaders: list[BaseGeometry] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)

    def place(self, *wordings: Label) -> bool:
        """Place a label in the wording and at the place that cost least; False without any."""
        found = [place for label in wordings if (place := self._best(label))]
        if not found:
            return False
        best = min(found, key=lambda place: place.cost)
        self.taken.append(best.box)
        anchor = None
        if not best.leader.is_empty:
            self.leaders.append(best.leader)
            anchor = best.leader.coords[0]
        self.placed.append(Placed(best.label, best.box, anchor))
        return True

    def draw(self, sheet: Sheet, axes: Axes) -> None:
        """Print what was placed (axes in mm of the frame)."""
        share = self.grow / sheet.grow
        for item in self.placed:
            label = item.label
            if item.anchor is not None:
                end = _nearest_on(item.box, item.anchor)
                width = 0.5 * self.grow
                line = ([item.anchor[0], end[0]], [item.anchor[1], end[1]])
                axes.plot(*line, color=label.colour, linewidth=width, zorder=120)
                axes.plot(*item.anchor, "o", color=label.colour, ms=1.6 * self.grow, zorder=121)
            look: dict[str, Any] = {
                "bold": label.bold,
                "ha": "center",
                "va": "center",
                "linespacing": 1.05,
            }
            place = (axes, *item.middle, label.words, label.size * share)
            # a halo turns type into outlines; type laid over it stays type in a PDF
            sheet.text(*place, halo=True, color="white", zorder=124, **look)
            sheet.text(*place, color=label.colour, zorder=125, **look)

    def _best(self, label: Label) -> _Place | None:
        """The cheapest free place of a wording, inside its feature or beside it."""
        boxes = self._inside(label)
        gaps, cost = np.zeros(len(boxes)), np.zeros(len(boxes))
        if label.leads:
            around, away = self._around(label)
            boxes, gaps = np.vstack([boxes, around]), np.concatenate([gaps, away])
            outside = _OUTSIDE + _PER_MM * away / self.grow
            cost = np.concatenate([cost, outside])
        free = self._free(boxes)
        boxes, gaps, cost = boxes[free], gaps[free], cost[free]
        if not len(boxes):
            return None
        leaders = self._leaders(label, boxes, gaps)
        cost = cost + label.cost + self._cover(boxes, label) + self._crossings(leaders)
        best = int(np.argmin(cost))
        box: Box = tuple(boxes[best].tolist())
        return _Place(float(cost[best]), label, box, leaders[best])

    def _free(self, boxes: FloatArray) -> NDArray[np.bool_]:
        """Boxes inside the frame and off everything taken."""
        edge = self.grow
        free = (boxes[:, 0] > edge) & (boxes[:, 1] > edge)
        free &= (boxes[:, 2] < self.width - edge) & (boxes[:, 3] < self.height - edge)
        if self.taken:
            other = np.array(self.taken)[:, None, :]
            apart = (boxes[:, 0] >= other[..., 2]) | (boxes[:, 2] <= other[..., 0])
            apart |= (boxes[:, 1] >= other[..., 3]) | (boxes[:, 3] <= other[..., 1])
            free &= apart.all(axis=0)
        if self.leaders and len(boxes):
            ways = shapely.union_all(self.leaders)
            free &= ~shapely.intersects(ways, shapely.box(*boxes.T))
        return np.asarray(free)

    def _cover(self, boxes: FloatArray, label: Label) -> FloatArray:
        """Cost of what lies under the boxes and of labels close by."""
        shapes = shapely.box(*boxes.T)
        cost = _ON_LINE * _hits(self.lines, shapes)
        for tree, price in ((self.small, _ON_SMALL), (self.features, _ON_OTHER)):
            others = np.array([item is not label.shape for item in tree.geometries], dtype=bool)
            cost = cost + price * _hits(tree, shapes, others)
        if self.taken:
            near = shapely.STRtree(shapely.box(*np.array(self.taken).T))
            margin = _CLOSE_MM * self.grow * np.array([-1, -1, 1, 1])
            cost = cost + _CLOSE * _hits(near, shapely.box(*(boxes + margin).T))
        return cost

    def _leaders(self, label: Label, boxes: FloatArray, gaps: FloatArray) -> NDArray[np.object_]:
        """The leader line of every try; an empty line where it needs none."""
        lines = np.full(len(boxes), shapely.LineString(), dtype=object)
        far = gaps > _LEADER * self.grow
        if far.any():
            spot = shapely.point_on_surface(_largest(label.shape))
            anchor = np.array([spot.x, spot.y])
            ends = np.clip(anchor, boxes[far, :2], boxes[far, 2:])
            lines[far] = shapely.linestrings(
                np.stack([np.broadcast_to(anchor, ends.shape), ends], axis=1)
            )
        return lines

    def _crossings(self, leaders: NDArray[np.object_]) -> FloatArray:
        """Cost of leaders over labels, other leaders and lines."""
        blocks = [shapely.box(*item) for item in self.taken] + self.leaders
        cost = _LEADER_ON_LABEL * _hits(shapely.STRtree(blocks), leaders)
        return cost + _LEADER_ON_LINE * _hits(self.lines, leaders)

    def _inside(self, label: Label) -> FloatArray:
        """Boxes wholly inside the feature, those with most room around them first."""
        width, height = (side * self.grow for side in label.sides)
        frame = shapely.box(0, 0, self.width, self.height)
        shape = _largest(shapely.intersection(label.shape, frame))
        if shape.is_empty or shapely.get_dimensions(shape) < 2:
            return np.empty((0, 4))
        west, south, east, north = shape.bounds
        if east - west < width or north - south < height:
            return np.empty((0, 4))
        pole = shapely.get_point(shapely.maximum_inscribed_circle(shape), 0)
        x, y = np.meshgrid(
            np.linspace(west + width / 2, east - width / 2, _INSIDE),
            np.linspace(south + height / 2, north - height / 2, _INSIDE),
        )
        points = np.vstack([[pole.x, pole.y], np.column_stack([x.ravel(), y.ravel()])])
        points = points[np.argsort(np.hypot(*(points - points[0]).T), kind="stable")]
        boxes = _boxes(points, width, height)
        shapely.prepare(shape)
        return np.asarray(boxes[shapely.contains_properly(shape, shapely.box(*boxes.T))])

    def _around(self, label: Label) -> tuple[FloatArray, FloatArray]:
        """Boxes around the feature at growing gaps, and their gaps."""
        width, height = (side * self.grow for side in label.sides)
        west, south, east, north = _largest(label.shape).bounds
        middle = np.array([(west + east) / 2, (south + north) / 2])
        # a large feature is not walked around: its label leads from a place inside
        half = np.minimum([(east - west) / 2, (north - south) / 2], 8 * self.grow)
        turns = np.linspace(0, 2 * math.pi, _DIRECTIONS, endpoint=False)
        ways = np.column_stack([np.cos(turns), np.sin(turns)])
        rings = []
        for gap in _GAPS:
            reach = half + [width / 2, height / 2] + gap * self.grow
            # out along the way to the rectangle that keeps label and feature apart
            stretch = np.min(reach / np.maximum(np.abs(ways), 1e-9), axis=1)
            rings.append(middle + ways * stretch[:, None])
        gaps = np.repeat(np.array(_GAPS) * self.grow, _DIRECTIONS)
        return _boxes(np.vstack(rings), width, height), gaps


def _hits(
    tree: shapely.STRtree, shapes: NDArray[np.object_], counted: NDArray[np.bool_] | None = None
) -> FloatArray:
    """How many features of a tree (of the ``counted`` ones) each shape meets."""
    shape, feature = tree.query(shapes, predicate="intersects")
    if counted is not None:
        shape = shape[counted[feature]]
    return np.bincount(shape, minlength=len(shapes)).astype(float)


def _boxes(points: FloatArray, width: float, height: float) -> FloatArray:
    half = np.array([width / 2, height / 2])
    return np.hstack([points - half, points + half])


def _nearest_on(box: Box, point: tuple[float, float]) -> tuple[float, float]:
    left, bottom, right, top = box
    return min(max(point[0], left), right), min(max(point[1], bottom), top)


def _largest(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    return max(parts, key=shapely.area) if len(parts) else shape
