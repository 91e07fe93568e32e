"""GeoDataFrames in and out: the review for notebooks.

The functions take what analysts have (a GeoDataFrame with a block a row) and return what they can
go on with (a GeoDataFrame with a finding a row); the judging is that of every other face.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import MultiPolygon, Polygon

from minplan.core.errors import InputError, Place
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.review.engine import Review, review
from minplan.core.review.finding import Finding
from minplan.core.review.proposal import Proposal
from minplan.core.text import Language, Text
from minplan.formats.detect import Kind
from minplan.formats.fields import attribute_of
from minplan.formats.proposal_file import to_proposals
from minplan.formats.reading import InputBlock, InputReading
from minplan.workspace import Workspace

if TYPE_CHECKING:
    import geopandas as gpd


def review_frame(
    blocks: gpd.GeoDataFrame,
    workspace: Workspace | Path | str = "workspace",
    *,
    date: dt.date,
    language: Language = "zh",
    defaults: Mapping[str, Any] | None = None,
) -> gpd.GeoDataFrame:
    """Review every row of ``blocks`` and return the findings, one a row.

    ``blocks`` needs a CRS (any that PROJ can bring to EPSG:4490) and polygons. Columns with the
    names of proposal attributes (``name``, ``right``, ``action``, ``minerals``, ``scale`` …) are
    used, in English or Chinese words; ``defaults`` fills what all rows share. The result has the
    index of the block in ``block``, the verdict in ``verdict``, and the overlap of a finding (or
    None) as geometry in EPSG:4490.

    Raises InputError E513 when the frame has no CRS or holds something else than polygons.
    """
    import geopandas as gpd

    place = workspace if isinstance(workspace, Workspace) else Workspace(workspace)
    plan, layers = place.plan(date), place.layers(date)

    rows: list[dict[str, Any]] = []
    for index, proposal in _proposals(blocks, dict(defaults or {})):
        result = review(proposal, plan, layers, date)
        rows.extend(_row(index, result, item, language) for item in result.findings)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4490")


def _proposals(blocks: gpd.GeoDataFrame, defaults: dict[str, Any]) -> list[tuple[Any, Proposal]]:
    if blocks.crs is None:
        raise InputError(
            "E513",
            Text("GeoDataFrame 没有坐标系", "the GeoDataFrame has no CRS"),
            hint=Text("先用 set_crs 声明，如 EPSG:4526", "declare it with set_crs, e.g. EPSG:4526"),
        )
    ground = blocks.to_crs(4490)
    named = [name for name in blocks.columns if attribute_of(str(name))]
    found: list[tuple[Any, Proposal]] = []
    for number, (index, row) in enumerate(ground.iterrows(), start=1):
        shape = None if row.geometry is None else shapely.force_2d(row.geometry)
        if not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty or not shape.is_valid:
            raise InputError(
                "E513",
                Text("这一行不是有效的面", "this row is no valid polygon"),
                place=Place(row=number),
                hint=Text(
                    "用 make_valid 修复，或去掉这一行", "mend it with make_valid, or drop it"
                ),
            )
        given = {str(name): row[name] for name in named if not _empty(row[name])}
        block = InputBlock(
            name=str(given.get("name", index)),
            polygonal=Polygonal(shape, source=f"GeoDataFrame[{index}]"),
            understanding=Text("GeoDataFrame", "GeoDataFrame"),
            systems=(),
        )
        reading = InputReading("GeoDataFrame", Kind.GEOJSON, (block,))
        found.extend(
            (index, item) for item in to_proposals(reading, {**defaults, **given}).proposals
        )
    return found


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124  (NaN)


def _row(index: Any, result: Review, finding: Finding, language: Language) -> dict[str, Any]:
    rule = result.rules[finding.rule]
    areas = [item.area_m2 for item in finding.evidence if item.area_m2 is not None]
    shapes = [item.geometry for item in finding.evidence if item.geometry is not None]
    return {
        "block": index,
        "name": result.proposal.name,
        "verdict": result.verdict.value,
        "rule": finding.rule,
        "title": rule.title.get(language),
        "family": rule.family.value,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "decides": finding.decides,
        "message": finding.message.get(language),
        "basis": "；".join(str(item) for item in rule.basis),
        "area_m2": sum(areas) if areas else None,
        "geometry": shapely.union_all(shapes) if shapes else None,
    }
