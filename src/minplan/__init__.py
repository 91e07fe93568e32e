"""minplan · 矿产资源规划管理信息系统: review of mining rights against the plan.

::

    import minplan

    block = minplan.read("拐点.txt").block          # how the coordinates were understood
    place = minplan.open("workspace")               # plan, layers, reviews
    findings = minplan.review(gdf, place, date=…)   # GeoDataFrame in, GeoDataFrame out

Everything heavy is imported when it is used; ``import minplan`` costs nothing.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd

    from minplan.formats.reading import InputReading
    from minplan.workspace import Workspace

__version__ = "0.1.0"
__all__ = ["open", "read", "review"]


def open(folder: Path | str = "workspace") -> Workspace:
    """Open a workspace: its plans, constraint layers and stored reviews."""
    from minplan.workspace import Workspace

    return Workspace(folder)


def read(source: Path | str, *, stated_area: str | None = None) -> InputReading:
    """Read a file, or coordinates written out as text, as blocks.

    ``stated_area`` is the area in km² as printed; the reading then says which official method it
    follows. Raises InputError when the coordinates cannot be read, or can be read in two ways.
    """
    from minplan.core.geometry.corners import ReadOptions
    from minplan.formats.read import read_input
    from minplan.formats.reading import InputOptions

    return read_input(source, InputOptions(corners=ReadOptions(stated_area_km2=stated_area)))


def review(
    blocks: gpd.GeoDataFrame,
    workspace: Workspace | Path | str = "workspace",
    *,
    date: dt.date,
    **defaults: Any,
) -> gpd.GeoDataFrame:
    """Review every row of a GeoDataFrame as of ``date``; one finding a row comes back.

    Columns with the names of proposal attributes (Chinese or English) are used; ``defaults`` holds
    what all rows share, such as ``right="采矿权"``. See :func:`minplan.notebook.review_frame`.
    """
    from minplan.notebook import review_frame

    return review_frame(blocks, workspace, date=date, defaults=defaults)
