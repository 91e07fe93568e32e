"""GeoJSON in EPSG:4490 lon/lat, written fast: geometry by GEOS, the rest by json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import shapely
from django.http import HttpResponse
from shapely.geometry.base import BaseGeometry

#: Nine decimals of a degree are a tenth of a millimetre.
_DECIMALS: Final = 9
CONTENT_TYPE: Final = "application/geo+json"

Item = tuple[str, BaseGeometry | None, Mapping[str, Any]]


def feature(identifier: str, geometry: BaseGeometry | None, properties: Mapping[str, Any]) -> str:
    """One feature as text."""
    held = "null" if geometry is None else geometry_text(geometry)
    return (
        f'{{"type":"Feature","id":{json.dumps(identifier, ensure_ascii=False)},'
        f'"geometry":{held},"properties":{json.dumps(properties, ensure_ascii=False)}}}'
    )


def geometry_text(geometry: BaseGeometry) -> str:
    """A geometry as text."""
    rounded = shapely.transform(geometry, lambda c: np.round(c, _DECIMALS))
    return str(shapely.to_geojson(rounded))


def collection(items: Iterable[Item]) -> str:
    """A collection as text."""
    features = ",".join(feature(*item) for item in items)
    return f'{{"type":"FeatureCollection","features":[{features}]}}'


def answer(text: str, *, immutable: bool = False) -> HttpResponse:
    """A response; ``immutable`` for what has a hash in its address."""
    response = HttpResponse(text, content_type=CONTENT_TYPE)
    kept = "private, max-age=31536000, immutable" if immutable else "private, no-cache"
    response["Cache-Control"] = kept
    return response
