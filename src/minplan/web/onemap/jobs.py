"""Printing a view of the map as a sheet (附图) in the background."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import shapely

from minplan.core.access.sight import sees_constraint, sees_layer
from minplan.core.geometry.layer import Bounds
from minplan.core.plan.model import ZoneKind
from minplan.core.review.missing import layer_names
from minplan.core.text import Language, Text
from minplan.database.acting import acting
from minplan.database.asof import stream
from minplan.database.editions import edition as edition_of
from minplan.database.models import Case
from minplan.database.spatial import near
from minplan.formats.proposal_json import proposal_from_dict
from minplan.layers.file import LayerFile
from minplan.reports.maps.style import styles
from minplan.reports.sheets import Overlay, SheetOrder, Subject, draw_sheet
from minplan.web.jobs.registry import Run, job
from minplan.web.onemap.applies import layers_in_force
from minplan.web.onemap.moment import Moment, moment_of
from minplan.web.plans.job_files import fetched_at, place

#: A view has at least this much ground around its middle drawn: the largest sheet's half, in m.
_REACH_MM: Final = 1200.0
#: Shapes of one layer that are drawn on a sheet.
_MOST: Final = 20_000


@job("map-print")
def map_print(run: Run, moment: Mapping[str, str], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the view: ``wanted`` has title, scale, size, office, bounds, layers, language."""
    when = moment_of(moment)
    order = _order(when, wanted)
    file = place(run) / "map.pdf"
    run.progress(0, 1, Text("制图", "drawing"))
    made = draw_sheet(when.snapshot(), order, file, format="pdf")
    remarks = [Text(f"1:{made.scale:.0f}，{made.size}", f"1:{made.scale:.0f}, {made.size}")]
    if made.schematic:
        remarks.append(Text("图上有示意图形，不得量算", "parts are schematic: do not measure"))
    return {**fetched_at(run, file), "remarks": [item.to_dict() for item in remarks]}


def _order(moment: Moment, wanted: Mapping[str, Any]) -> SheetOrder:
    west, south, east, north = (float(side) for side in wanted["bounds"])
    scale = float(wanted["scale"]) if wanted.get("scale") else None
    bounds = (west, south, east, north)
    ids = [str(item) for item in wanted.get("layers", ())]
    edition = edition_of(moment.plan.edition_id)
    kinds, others = [], []
    for name in ids:
        spec = edition.layer(name)
        if spec is not None and spec.zone_kind and sees_layer(acting(), name):
            kinds.append(ZoneKind(spec.zone_kind))
        elif spec is not None:
            others.append(name)
    title = str(wanted.get("title") or "")
    language: Language = "en" if wanted.get("language") == "en" else "zh"
    reach = _grown(bounds, scale)
    return SheetOrder(
        subject=Subject(Text(title, title), tuple(kinds)),
        title=title,
        office=str(wanted.get("office") or ""),
        date=moment.date or dt.date.today(),
        scale=scale,
        size=str(wanted.get("size") or "A4"),
        window=bounds,
        overlays=tuple(_overlays(moment, ids, others, reach)),
        language=language,
    )


def _grown(bounds: Bounds, scale: float | None) -> Bounds:
    """Everything a sheet around these bounds may show."""
    west, south, east, north = bounds
    x, y = (west + east) / 2, (south + north) / 2
    reach = _REACH_MM / 2000 * (scale or 0) / 80_000
    wide, high = max(east - west, reach), max(north - south, reach)
    return x - wide, y - high, x + wide, y + high


def _overlays(
    moment: Moment, ids: Sequence[str], plan_layers: Sequence[str], bounds: Bounds
) -> Iterator[Overlay]:
    """Control lines, rights, other layers of the plan, and cases, as whoever acts sees them."""
    edition = edition_of(moment.plan.edition_id)
    for code in plan_layers:
        spec, symbol = edition.spec(code), edition.symbol(code)
        found = stream(near(bounds, moment.features(code)))
        shapes = tuple(item.geometry for item in found if item.geometry is not None)
        if sees_layer(acting(), code):
            yield Overlay(spec.name, symbol.name if symbol else "other", shapes)
    for layer in layers_in_force(moment, acting()):
        name = layer.version.name
        if name in ids and sees_constraint(acting(), name):
            words = layer_names().get(name, Text(name, name))
            style = name if name in styles() else "other"
            yield Overlay(words, style, _shapes(layer, bounds), layer.version.schematic)
    if "cases" in ids:
        cases = Case.objects.exclude(proposal=None).exclude(west=None)
        grounds = (proposal_from_dict(case.proposal).geometry.geometry for case in cases)
        yield Overlay(Text("审查案卷", "review cases"), "other", tuple(grounds))


def _shapes(layer: LayerFile, bounds: Bounds) -> tuple[Any, ...]:
    batch = layer.candidates(bounds)
    parts: dict[int, list[Any]] = {}
    for feature, shape in zip(batch.feature.tolist(), batch.geometry, strict=True):
        if len(parts) < _MOST or feature in parts:
            parts.setdefault(feature, []).append(shape)
    return tuple(
        shapes[0] if len(shapes) == 1 else shapely.union_all(shapes) for shapes in parts.values()
    )
