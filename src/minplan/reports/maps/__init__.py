"""Map sheets of a review: the block, what it meets, frame, scale and legend."""

from minplan.reports.maps.context import MapContext, MapLayer
from minplan.reports.maps.sheet import draw_finding, draw_map

__all__ = ["MapContext", "MapLayer", "draw_finding", "draw_map"]
