"""What layers of the map hold, for whoever acts: plan features, cases, constraint layers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from minplan.core.access import Access
from minplan.core.access.sight import sees_constraint, sees_layer
from minplan.core.errors import InputError, Place, StoreError
from minplan.core.geometry.layer import Bounds
from minplan.core.review.finding import Outcome
from minplan.core.standard.feature import FeatureValue
from minplan.core.text import Text
from minplan.database.acting import acting
from minplan.database.asof import stream
from minplan.database.models import Case
from minplan.database.spatial import near
from minplan.formats.proposal_json import proposal_from_dict
from minplan.layers.file import LayerFile
from minplan.web.desk import workspace
from minplan.web.onemap import geojson
from minplan.web.onemap.catalogue import label_field
from minplan.web.onemap.moment import Moment

#: Features that are sent in one answer.
MOST: Final = 5_000
_OUTCOMES: Final = {outcome.value for outcome in Outcome}


def plan_features(moment: Moment, code: str, bounds: Bounds | None) -> str:
    """Features of a layer of the plan as GeoJSON.

    Raises StoreError E934 for a layer that whoever acts may not see, InputError E933 when there
    are more than fit into one answer.
    """
    if not sees_layer(acting(), code):
        raise no_layer(code)
    found = moment.features(code).exclude(geometry=None)
    if bounds is not None:
        found = near(bounds, found)
    features = list(stream(found[: MOST + 1]))
    _limit(len(features), code)
    return geojson.collection(
        (f"{item.layer}:{item.key}", item.geometry, plan_properties(item)) for item in features
    )


def plan_properties(item: FeatureValue) -> dict[str, Any]:
    """What the map and its table show of a plan feature."""
    held = item.attributes
    return {
        "layer": item.layer,
        "key": item.key,
        "label": str(held.get(label_field(item.layer)) or held.get("MC") or item.key),
        "name": held.get("MC", ""),
        "code": held.get("GHBH") or item.key,
        "county": held.get("SZXZQ") or held.get("XZQMC") or "",
        "mineral": held.get("ZYKZ", ""),
        "area_km2": held.get("JSMJ") or held.get("MJ"),
        "schematic": bool(held.get("SFSY")),
    }


def cases(bounds: Bounds | None) -> str:
    """Cases with ground, as whoever acts may see them."""
    found = Case.objects.exclude(proposal=None).exclude(west=None).order_by("-changed")
    if bounds is not None:
        west, south, east, north = bounds
        found = found.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    return geojson.collection(map(_case, found[:MOST]))


def _case(case: Case) -> geojson.Item:
    ground = proposal_from_dict(case.proposal).geometry.geometry
    properties = {
        "layer": "cases",
        "key": case.number,
        "label": case.number,
        "name": case.title,
        "code": case.number,
        "county": case.county,
        "mineral": case.mineral,
        "state": case.state,
        "outcome": case.verdict if case.verdict in _OUTCOMES else "",
        "area_km2": None,
    }
    return f"cases:{case.number}", ground, properties


def seen_layer(name: str, sha256: str, access: Access) -> LayerFile:
    """A version of a constraint layer, opened; StoreError E934 for one that may not be seen.

    Whoever may not see a layer is not told whether it exists.
    """
    if not sees_constraint(access, name):
        raise no_layer(name)
    try:
        path = _path(workspace().library.folder, name, sha256)
    except StoreError as error:
        raise no_layer(name) from error
    return _opened(path)


def constraint_features(layer: LayerFile, bounds: Bounds | None) -> str:
    """Features of a constraint layer as GeoJSON, split giants put together again."""
    extent = layer.version.extent
    window = bounds or extent
    if window is None:
        return geojson.collection(())
    if bounds is None:
        _limit(layer.version.feature_count, layer.version.name)
        return _whole(layer.path)
    return geojson.collection(_items(layer, window))


@lru_cache(maxsize=64)
def _whole(path: Path) -> str:
    """The text of a whole small layer; files never change."""
    layer = _opened(path)
    assert layer.version.extent is not None
    return geojson.collection(_items(layer, layer.version.extent))


def _items(layer: LayerFile, window: Bounds) -> Iterator[geojson.Item]:
    batch = layer.candidates(window)
    _limit(len(np.unique(batch.feature)), layer.version.name)
    parts: dict[int, list[Any]] = {}
    for feature, shape in zip(batch.feature.tolist(), batch.geometry, strict=True):
        parts.setdefault(feature, []).append(shape)
    attributes = layer.attributes(list(parts))
    areas = layer.feature_areas(list(parts))
    name = layer.version.name
    for feature, shapes in parts.items():
        held = attributes[feature]
        shape = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
        label = str(held.get("name") or "")
        yield (
            f"{name}:{feature}",
            shape,
            {
                "layer": name,
                "key": str(feature),
                "label": label,
                "name": label,
                "code": str(held.get("licence") or feature),
                "county": "",
                "mineral": str(held.get("mineral") or ""),
                "area_km2": areas[feature] / 1e6 if areas.get(feature) else None,
                "schematic": layer.version.schematic,
            },
        )


@lru_cache(maxsize=64)
def _opened(path: Path) -> LayerFile:
    return LayerFile(path)


@lru_cache(maxsize=256)
def _path(folder: Path, name: str, sha256: str) -> Path:
    """The file of a version; named by its hash, so it may be remembered."""
    return workspace().library.open(name, sha256).path


def etag(*parts: object) -> str:
    """A short mark of what an answer depends on, as an HTTP entity tag."""
    return f'"{hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:24]}"'


def _limit(count: int, layer: str) -> None:
    if count > MOST:
        raise InputError(
            "E933",
            Text(f"此范围内有 {count} 个以上要素", f"more than {MOST} features in this window"),
            place=Place(layer=layer),
            hint=Text("请放大后再看，或导出该图层", "zoom in, or export the layer"),
        )


def no_layer(name: str) -> StoreError:
    """The error for a layer that does not exist for whoever asks."""
    return StoreError(
        "E934",
        Text(f"没有图层 {name}", f"there is no layer {name}"),
        place=Place(layer=name),
        hint=Text(
            "图层可能已换版本，请刷新地图；受限图层需要相应权限",
            "it may have a new version: reload the map; restricted layers need a permission",
        ),
    )
