"""Styles of zones and layers, and how they are put on paper.

They are the symbols of the data standard; ``styles.toml`` has those of features without a layer
in it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from importlib import resources
from typing import Final

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as OutlinePath
from matplotlib.patheffects import Normal, TickedStroke
from shapely.geometry.base import BaseGeometry

from minplan.core.standard.load import edition

#: The edition of the data standard whose symbols are drawn.
EDITION: Final = "2021-2025"
#: Points of print per pixel of the style table (96 dpi).
PX: Final = 0.75
_DASHES: Final = {
    "solid": "solid",
    "dash": (0, (5, 2.5)),
    "long-dash": (0, (9, 3)),
    "dash-dot": (0, (7, 2, 1.2, 2)),
}


@dataclass(frozen=True, slots=True)
class Style:
    """Line, fill and pattern, as in :class:`minplan.core.standard.model.Symbol`."""

    line: str
    width: float
    order: int
    dash: str = "solid"
    fill: str = ""
    alpha: float = 0.0
    hatch: str = ""
    core: str = ""
    core_dash: str = "solid"
    teeth: bool = False
    label: bool = False


@lru_cache(maxsize=1)
def styles() -> dict[str, Style]:
    """All styles: by kind of zone and by constraint layer, and ``other`` for the rest."""
    text = (resources.files("minplan.reports.maps") / "styles.toml").read_text("utf-8")
    found = {name: Style(**entry) for name, entry in tomllib.loads(text).items()}
    names = [item.name for item in fields(Style)]
    for symbol in edition(EDITION).symbols:
        found[symbol.name] = Style(**{name: getattr(symbol, name) for name in names})
    return found


def style_of(name: str) -> Style:
    """Style of a kind of plan zone or of a constraint layer."""
    return styles().get(name, styles()["other"])


def outline(geometry: BaseGeometry) -> OutlinePath:
    """All lines and rings of a geometry as one path; outer rings run counter-clockwise."""
    oriented = shapely.orient_polygons(geometry)
    pieces = [
        OutlinePath(shapely.get_coordinates(ring), closed=bool(shapely.is_closed(ring)))
        for part in shapely.get_parts(oriented)
        for ring in _lines(part)
    ]
    return OutlinePath.make_compound_path(*pieces)


def _lines(part: BaseGeometry) -> list[BaseGeometry]:
    if shapely.get_dimensions(part) == 2:
        return list(shapely.get_rings(part))
    return [part] if shapely.get_dimensions(part) == 1 else []


def draw(axes: Axes, geometry: BaseGeometry, style: Style) -> None:
    """Draw a geometry, in the units of the axes, in a style."""
    if shapely.is_empty(geometry) or shapely.get_dimensions(geometry) < 1:
        return
    path = outline(geometry)
    if shapely.get_dimensions(geometry) == 2 and (style.fill or style.hatch):
        _fill(axes, path, style)
    _stroke(axes, path, style)
    if style.core:
        core = replace(
            style, line=style.core, width=style.width * 0.45, dash=style.core_dash, teeth=False
        )
        _stroke(axes, path, core)


def _fill(axes: Axes, path: OutlinePath, style: Style) -> None:
    face = (style.fill, style.alpha) if style.fill else "none"
    patch = PathPatch(path, facecolor=face, edgecolor="none", zorder=style.order)
    if style.hatch:
        patch.set_hatch(style.hatch)
        patch.set_hatchcolor((style.line, 0.7))
        patch.set_hatch_linewidth(0.45)
    axes.add_patch(patch)


def _stroke(axes: Axes, path: OutlinePath, style: Style) -> None:
    patch = PathPatch(
        path,
        facecolor="none",
        edgecolor=style.line,
        linewidth=style.width * PX,
        linestyle=_DASHES[style.dash],
        joinstyle="round",
        capstyle="butt",
        zorder=style.order + 0.5,
    )
    if style.teeth:
        ticks = TickedStroke(angle=90, spacing=6, length=0.55, linewidth=style.width * PX * 0.6)
        patch.set_path_effects([Normal(), ticks])
    axes.add_patch(patch)
