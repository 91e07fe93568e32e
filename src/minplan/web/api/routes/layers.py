"""Constraint layers that whoever asks may see, and their features."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Router
from shapely.geometry import box, mapping

from minplan.core.access import Permission
from minplan.core.access.sight import sees_constraint
from minplan.core.query.sources import LAYER, layer_name
from minplan.inquiry.told import page_to_dict
from minplan.layers.version import StoredLayer
from minplan.web.api.paging import keyed
from minplan.web.api.routes.common import Limit, allow
from minplan.web.api.schemas import Listed, QueryPage
from minplan.web.api.site import both
from minplan.web.desk import stored_layers
from minplan.web.onemap.moment import bounds_of
from minplan.web.query.asking import prepared

router = Router()


@router.get("/layers", response=Listed, summary=both("管控图层", "Constraint layers"))
def list_layers(request: HttpRequest, limit: Limit = 200, cursor: str = "") -> dict[str, Any]:
    """All versions with act, validity, source and hash."""
    access = allow(request, Permission.READ)
    found = [i for i in stored_layers() if sees_constraint(access, i.version.name)]
    found.sort(key=lambda item: f"{item.version.name}|{item.version.sha256}")
    return keyed(found, lambda i: f"{i.version.name}|{i.version.sha256}", _told, cursor, limit)


@router.get(
    "/layers/{name}/features", response=QueryPage, summary=both("图层要素", "Features of a layer")
)
def features(
    request: HttpRequest,
    name: str,
    bbox: str = "",
    date: dt.date | None = None,
    limit: Limit = 100,
    cursor: str = "",
) -> dict[str, Any]:
    """In force on a day; ``bbox=west,south,east,north`` in degrees narrows to a window."""
    allow(request, Permission.READ)
    query: dict[str, Any] = {"source": f"{LAYER}{name}"}
    if date is not None:
        query["date"] = date.isoformat()
    if bounds := bounds_of({"bbox": bbox}) if bbox else None:
        query["ground"] = {"shape": mapping(box(*bounds))}
    ready = prepared({"query": query})
    return page_to_dict(ready, ready.page(limit, cursor), "exact")


def _told(item: StoredLayer) -> dict[str, Any]:
    version = item.version
    return {
        "name": version.name,
        "title": layer_name(version.name).to_dict(),
        "sha256": version.sha256,
        "act": version.act,
        "effective_from": version.effective_from,
        "effective_to": version.effective_to,
        "source": version.source,
        "owner": version.owner,
        "features": version.feature_count,
        "extent": version.extent,
        "schematic": version.schematic,
        "geometry": str(item.origin.kind),
    }
