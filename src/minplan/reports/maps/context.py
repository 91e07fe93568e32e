"""What surrounds the block on a map: county outlines and the features of layers."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class MapLayer:
    """Features of a constraint layer near the block.

    ``name`` is the layer's key (it chooses the style), ``features`` pairs of geometry in EPSG:4490
    lon/lat and label (may be empty), ``schematic`` (示意) that the geometry is not surveyed.
    """

    name: str
    features: tuple[tuple[BaseGeometry, str], ...]
    schematic: bool = False


@dataclass(frozen=True, slots=True)
class MapContext:
    """County outlines (name, geometry in lon/lat) and layers drawn around the block.

    ``notice`` is the attribution that a source of outlines asks for.
    """

    counties: tuple[tuple[str, BaseGeometry], ...] = ()
    layers: tuple[MapLayer, ...] = ()
    counties_schematic: bool = False
    notice: str = ""
