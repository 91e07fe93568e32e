"""Thumbnails: where the faults of a check lie, the worst of them enlarged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from shapely.geometry.base import BaseGeometry

from minplan.core.quality.fault import Fault
from minplan.core.text import Language, Text
from minplan.reports.document import Figure
from minplan.reports.palette import outcome_styles
from minplan.reports.quality.told import MARKS, Told
from minplan.reports.typeface import font

#: Checks that get a thumbnail, and faults drawn on one.
MOST_FIGURES: Final = 24
_MOST_DRAWN: Final = 500
_WIDTH_MM, _HEIGHT_MM = 150.0, 62.0
_DPI: Final = 150
#: Least width of the enlargement, in degrees (about 50 m).
_LEAST_SPAN: Final = 0.0005


def draw(told: Told, folder: Path, language: Language) -> dict[str, Figure]:
    """Draw the faults that have a place into ``folder``; return the figures by check."""
    figures: dict[str, Figure] = {}
    for result, _ in told.found():
        shown = [item for item in result.faults if item.geometry is not None][:_MOST_DRAWN]
        shown = [item for item in shown if item.geometry is not None and not item.geometry.is_empty]
        if not shown or len(figures) >= MOST_FIGURES:
            continue
        name = f"{result.check}.png"
        _sheet(shown, told.region, folder / name, language)
        where = " ".join(part for part in (shown[0].layer, shown[0].key) if part)
        caption = Text(
            f"{result.check} 缺陷位置（左：全部 {len(shown)} 处；右：第一处 {where}）",
            f"{result.check}: left all {len(shown)} places, right the first, {where}",
        )
        figures[result.check] = Figure(name, caption.get(language), _WIDTH_MM)
    return figures


def _sheet(
    faults: Sequence[Fault], region: BaseGeometry | None, target: Path, language: Language
) -> None:
    with mpl.rc_context({"path.simplify": True}):
        sheet = Sheet(figsize=(_WIDTH_MM / 25.4, _HEIGHT_MM / 25.4), dpi=_DPI)
        FigureCanvasAgg(sheet)
        whole = sheet.add_axes((0.02, 0.09, 0.46, 0.86))
        near = sheet.add_axes((0.52, 0.09, 0.46, 0.86))
        bounds = _bounds(faults, region)
        _axes(whole, bounds)
        _axes(near, _around(faults[0]))
        for axes in (whole, near):
            if region is not None:
                _outline(axes, region)
            for fault in faults:
                _place(axes, fault, spot=axes is whole)
        for axes, text in ((whole, Text("全部", "all")), (near, Text("局部", "detail"))):
            axes.set_xlabel(text.get(language), fontproperties=font(), fontsize=7, labelpad=1)
        sheet.savefig(target, metadata={"Software": None})


def _bounds(faults: Sequence[Fault], region: BaseGeometry | None) -> Any:
    shapes = [fault.geometry for fault in faults] + ([region] if region is not None else [])
    return shapely.total_bounds(np.array(shapes, dtype=object))


def _around(fault: Fault) -> Any:
    assert fault.geometry is not None
    west, south, east, north = fault.geometry.bounds
    pad = max(east - west, north - south, _LEAST_SPAN) * 0.35
    return west - pad, south - pad, east + pad, north + pad


def _axes(axes: Any, bounds: Any) -> None:
    west, south, east, north = bounds
    middle = np.cos(np.radians((south + north) / 2))
    pad = max(east - west, north - south, _LEAST_SPAN) * 0.04
    axes.set_xlim(west - pad, east + pad)
    axes.set_ylim(south - pad, north + pad)
    axes.set_aspect(1 / max(middle, 0.05), adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#9AA5B1")


def _outline(axes: Any, region: BaseGeometry) -> None:
    axes.add_patch(PathPatch(_path(region), facecolor="#F5F7FA", edgecolor="#7B8794", lw=0.5))


def _place(axes: Any, fault: Fault, *, spot: bool) -> None:
    style = outcome_styles()[MARKS[fault.level]]
    colour = style.fill if style.fill != "#E4E7EB" else "#7B8794"
    geometry = fault.geometry
    assert geometry is not None
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        axes.add_patch(PathPatch(_path(geometry), facecolor=colour, alpha=0.45, lw=0))
        axes.add_patch(PathPatch(_path(geometry), facecolor="none", edgecolor=colour, lw=0.9))
    elif "Line" in geometry.geom_type:
        for part in getattr(geometry, "geoms", [geometry]):
            axes.plot(*shapely.get_coordinates(part).T, color=colour, lw=1.4)
    if spot or "Point" in geometry.geom_type:
        points = shapely.get_coordinates(
            geometry if "Point" in geometry.geom_type else geometry.representative_point()
        )
        axes.plot(*points.T, "o", color=colour, ms=3, mec="white", mew=0.4)


def _path(geometry: BaseGeometry) -> Outline:
    rings = []
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            rings.append(Outline(shapely.get_coordinates(ring), closed=True))
    return Outline.make_compound_path(*rings) if rings else Outline(np.empty((0, 2)))
