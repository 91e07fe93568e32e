"""What applies here (此处适用什么): at a point, and inside a polygon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import Point, mapping

from minplan.core.access import Access
from minplan.core.access.sight import sees_constraint, sees_layer
from minplan.core.errors import InputError
from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.layer import Bounds
from minplan.core.geometry.measure import LocalPlane, grow_bounds
from minplan.core.geometry.overlay import MemoryLayer, PreparedBlock, coverage, overlaps, prepare
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.review.missing import layer_names
from minplan.core.standard.feature import FeatureValue
from minplan.core.text import Text
from minplan.database.asof import stream
from minplan.database.editions import edition as edition_of
from minplan.database.models import Case
from minplan.database.spatial import near
from minplan.formats.proposal_json import proposal_from_dict
from minplan.layers.file import LayerFile
from minplan.web.onemap import data, told
from minplan.web.onemap.catalogue import library_versions
from minplan.web.onemap.moment import Moment

#: Constraint layers that are rights.
RIGHTS: Final = ("exploration-right", "mining-right")
#: Most hits of a layer that are told one by one.
_LISTED: Final = 20
#: Up to so many features of a layer, ground under several of them is counted once.
_UNITED: Final = 5_000
#: Largest ground that is laid over all layers while somebody waits, in m².
_LARGEST_M2: Final = 20_000e6


# -- at a point -----------------------------------------------------------------------------------


def at_point(
    moment: Moment,
    access: Access,
    lonlat: tuple[float, float],
    reach_m: float,
    wanted: Sequence[str] | None,
) -> list[dict[str, Any]]:
    """Features at a point, or within ``reach_m`` of it; ``wanted`` narrows to ids of layers.

    Each as :func:`~minplan.web.onemap.told.told_plan_feature` tells it, with its geometry; plan
    features first, then rights, control lines, cases.
    """
    spot = _Spot(lonlat, reach_m)
    found = list(_plan_at(moment, access, spot, wanted))
    found += _constraints_at(moment, access, spot, wanted)
    if wanted is None or "cases" in wanted:
        found += _cases_at(spot)
    return found


def by_id(moment: Moment, access: Access, identifier: str) -> dict[str, Any]:
    """A feature by its id (``JZKCQ:CS001``, ``ecological-red-line:12``, ``cases:2026-0001``).

    Raises StoreError E934 when there is none for whoever asks.
    """
    layer, _, key = identifier.partition(":")
    if layer == "cases":
        case = Case.objects.filter(number=key).exclude(proposal=None).first()
        if case is None:
            raise data.no_layer(identifier)
        ground = proposal_from_dict(case.proposal).geometry.geometry
        return {**told.told_case(case), "geometry": _shape(ground)}
    edition = edition_of(moment.plan.edition_id)
    if edition.layer(layer) is not None:
        found = moment.features(layer).filter(key=key) if sees_layer(access, layer) else ()
        for item in stream(found) if found else ():
            said = told.told_plan_feature(item, moment.snapshot(), edition)
            return {**said, "geometry": _shape(item.geometry) if item.geometry else None}
        raise data.no_layer(identifier)
    return _constraint_by_id(moment, access, layer, key)


def _constraint_by_id(moment: Moment, access: Access, name: str, key: str) -> dict[str, Any]:
    for layer in layers_in_force(moment, access):
        if layer.version.name == name and key.isdigit() and layer.attributes([int(key)]):
            shape = layer.shape(int(key))
            return {**told.told_constraint(layer, int(key)), "geometry": _shape(shape)}
    raise data.no_layer(f"{name}:{key}")


class _Spot:
    """A point and the ground around it that a finger or a pixel covers."""

    def __init__(self, lonlat: tuple[float, float], reach_m: float) -> None:
        self.bounds: Bounds = grow_bounds((*lonlat, *lonlat), reach_m)
        self._plane = LocalPlane.around(self.bounds)
        self._point = self._plane.forward(Point(lonlat))
        self._reach = reach_m
        self.point = Point(lonlat)

    def hits(self, shape: Any) -> bool:
        """Whether a shape is under the point: areas by what they cover, others by distance."""
        if shapely.get_dimensions(shape) == 2:
            return bool(shapely.intersects(shape, self.point))
        distance = shapely.distance(self._plane.forward(shape), self._point)
        return bool(distance <= self._reach)


def _plan_at(
    moment: Moment, access: Access, spot: _Spot, wanted: Sequence[str] | None
) -> Iterator[dict[str, Any]]:
    edition = edition_of(moment.plan.edition_id)
    near_by = _plan_features(moment, access, spot.bounds)
    if not near_by:
        return
    plan = moment.snapshot()
    for item in near_by:
        county = item.layer == "XZQ"
        if wanted is not None and item.layer not in wanted and not county:
            continue
        if spot.hits(item.geometry):
            said = told.told_plan_feature(item, plan, edition)
            yield {**said, "geometry": _shape(item.geometry), "context": county}


def _plan_features(moment: Moment, access: Access, bounds: Bounds) -> list[FeatureValue]:
    """Features of the plan near some ground, in the order of the edition's layers."""
    edition = edition_of(moment.plan.edition_id)
    order = {spec.code: number for number, spec in enumerate(edition.layers)}
    found = stream(near(bounds, moment.features(*order)))
    seen = [item for item in found if sees_layer(access, item.layer)]
    return sorted(seen, key=lambda item: (order[item.layer], item.key))


def _constraints_at(
    moment: Moment, access: Access, spot: _Spot, wanted: Sequence[str] | None
) -> Iterator[dict[str, Any]]:
    for layer in layers_in_force(moment, access):
        if wanted is not None and layer.version.name not in wanted:
            continue
        batch = layer.candidates(spot.bounds)
        hit = [spot.hits(shape) for shape in batch.geometry]
        for feature in np.unique(batch.feature[np.array(hit, dtype=bool)])[:_LISTED].tolist():
            own = batch.geometry[batch.feature == feature]
            yield {
                **told.told_constraint(layer, feature),
                "geometry": _shape(shapely.union_all(own)),
            }


def layers_in_force(moment: Moment, access: Access) -> list[LayerFile]:
    """Constraint layers in force that whoever looks may see, rights first."""
    latest = {
        item.version.name: item.version.sha256
        for item in library_versions()
        if item.version.in_force(moment.date) and sees_constraint(access, item.version.name)
    }
    names = sorted(latest, key=lambda name: (name not in RIGHTS, name))
    return [data.seen_layer(name, latest[name], access) for name in names]


def _cases_at(spot: _Spot) -> Iterator[dict[str, Any]]:
    west, south, east, north = spot.bounds
    found = Case.objects.exclude(proposal=None).filter(
        west__lte=east, east__gte=west, south__lte=north, north__gte=south
    )
    for case in found[:_LISTED]:
        ground = proposal_from_dict(case.proposal).geometry.geometry
        if spot.hits(ground):
            yield {**told.told_case(case), "geometry": _shape(ground)}


# -- inside a polygon -----------------------------------------------------------------------------


def inside(moment: Moment, access: Access, ground: Polygonal) -> dict[str, Any]:
    """Zones and blocks a polygon meets, constraint layers, rights: areas (m²) and shares.

    Raises InputError E936 for ground larger than a city.
    """
    block = prepare(ground)
    if block.area_m2 > _LARGEST_M2:
        raise InputError(
            "E936",
            Text("图形超过 2 万平方公里", "the shape is larger than 20,000 km²"),
            hint=Text("请画小一些，或用查询统计", "draw a smaller one, or use the query page"),
        )
    hits = {layer: _constraint_inside(layer, block) for layer in layers_in_force(moment, access)}
    met = [row for row in hits.values() if row is not None]
    return {
        "area": float(ellipsoidal_area(ground.geometry)[0]),
        "bounds": list(ground.bounds),
        "plan": list(_plan_inside(moment, access, block)),
        "rights": [row for row in met if row["layer"] in RIGHTS],
        "control": [row for row in met if row["layer"] not in RIGHTS],
        "clear": [_name(layer) for layer, row in hits.items() if row is None],
    }


def _plan_inside(moment: Moment, access: Access, block: PreparedBlock) -> Iterator[dict[str, Any]]:
    edition = edition_of(moment.plan.edition_id)
    found = [item for item in _plan_features(moment, access, block.bounds) if item.geometry]
    if not found:
        return
    plan = moment.snapshot()
    layer = MemoryLayer.of("plan", [item.geometry for item in found])
    hits = sorted(overlaps(block, layer), key=lambda hit: (hit.feature,))
    for hit in hits:
        item = found[hit.feature]
        said = told.told_plan_feature(item, plan, edition)
        kept = ("id", "layer", "layerName", "title", "schematic", "clause", "measures")
        yield {
            **{key: said[key] for key in kept},
            "area": hit.area_m2,
            "share": hit.area_m2 / block.area_m2,
            "whole": hit.area_m2 / max(_area(item), 1.0),
        }


def _constraint_inside(layer: LayerFile, block: PreparedBlock) -> dict[str, Any] | None:
    """A layer's hits with the block, largest first; None when it has none."""
    hits = overlaps(block, layer)
    if not hits:
        return None
    listed = hits[:_LISTED]
    attributes = layer.attributes([hit.feature for hit in listed])
    area = sum(hit.area_m2 for hit in hits)
    if len(hits) <= _UNITED:
        # features of a layer may lie on each other, as rights at different depths do
        area = coverage(block, layer) * block.area_m2
    return {
        "layer": layer.version.name,
        "layerName": _name(layer),
        "schematic": layer.version.schematic,
        "source": told.source_of(layer),
        "count": len(hits),
        "area": area,
        "length": sum(hit.length_m for hit in hits),
        "share": area / block.area_m2,
        "features": [
            {
                "id": f"{layer.version.name}:{hit.feature}",
                "title": _title(attributes[hit.feature], hit.feature),
                "area": hit.area_m2,
                "length": hit.length_m,
                "sliver": hit.sliver,
            }
            for hit in listed
        ],
    }


def _title(attributes: Any, feature: int) -> str:
    parts = [str(attributes.get(key) or "") for key in ("name", "licence", "mineral")]
    return " ".join(dict.fromkeys(part for part in parts if part)) or str(feature)


def _name(layer: LayerFile) -> dict[str, str]:
    name = layer.version.name
    return layer_names().get(name, Text(name, name)).to_dict()


def _area(item: FeatureValue) -> float:
    return float(ellipsoidal_area(item.geometry)[0])


def _shape(shape: Any) -> Any:
    return mapping(shapely.transform(shape, lambda c: np.round(c, 9)))


def joined(grounds: Iterable[Polygonal]) -> Polygonal:
    """Several blocks of one file as one ground; edges are those of the first."""
    blocks = list(grounds)
    if len(blocks) == 1:
        return blocks[0]
    whole = shapely.union_all([item.geometry for item in blocks])
    return replace(blocks[0], geometry=whole, elevation=None, part_elevations=())
