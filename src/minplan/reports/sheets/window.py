"""What a sheet of a map's view shows: everything inside a window, clipped to the frame."""

from __future__ import annotations

from dataclasses import replace

import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import CoordinateSystem, from_lonlat, local_system
from minplan.core.plan.model import PlanSnapshot, Zone, ZoneKind
from minplan.reports.sheets.content import Content, Ground, Overlay
from minplan.reports.sheets.drawing import SheetOrder
from minplan.reports.sheets.paper import compose

#: What is drawn reaches this far beyond the frame (m on the ground per scale): no line is cut.
_BEYOND_M = 0.004


def window_content(plan: PlanSnapshot, order: SheetOrder) -> Content:
    """Collect what lies in the frame around a window; ReportError E607 when nothing fits."""
    assert order.window is not None
    west, _, east, _ = order.window
    system = local_system((west + east) / 2)
    ground = shapely.transform(box(*order.window), lambda c: from_lonlat(system, c))
    middle = ground.centroid
    area = middle.buffer(1.0) if order.scale else ground
    left, bottom, right, top = area.bounds
    composition, scale = compose((right - left, top - bottom), order.scale, order.size)
    wide, high = (side * scale / 2000 + _BEYOND_M * scale for side in composition.frame_mm)
    frame = box(middle.x - wide, middle.y - high, middle.x + wide, middle.y + high)
    return Content(
        plan=plan,
        subject=order.subject,
        system=system,
        counties=_inside(plan.zones_of(ZoneKind.COUNTY), system, frame),
        chosen=None,
        zones=_inside(plan.zones_of(*order.subject.kinds), system, frame),
        beyond=(),
        undrawn=(),
        area=area,
        overlays=tuple(_overlay(item, system, frame) for item in order.overlays),
    )


def _inside(
    zones: tuple[Zone, ...], system: CoordinateSystem, frame: BaseGeometry
) -> tuple[Ground, ...]:
    found = []
    for zone in zones:
        if zone.geometry is not None:
            shape = _clipped(zone.geometry.geometry, system, frame)
            if shapely.area(shape) > 0:
                found.append(Ground(zone, shape))
    return tuple(found)


def _overlay(item: Overlay, system: CoordinateSystem, frame: BaseGeometry) -> Overlay:
    shapes = (_clipped(shape, system, frame) for shape in item.shapes)
    return replace(item, shapes=tuple(shape for shape in shapes if not shapely.is_empty(shape)))


def _clipped(shape: BaseGeometry, system: CoordinateSystem, frame: BaseGeometry) -> BaseGeometry:
    placed = shapely.make_valid(shapely.transform(shape, lambda c: from_lonlat(system, c)))
    return shapely.intersection(placed, frame)
