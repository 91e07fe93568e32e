"""Looking features up by place: R*Tree on SQLite, GiST on PostGIS, one function for both."""

from __future__ import annotations

import math
from typing import Any

from minplan.core.geometry.layer import Bounds
from minplan.database.connection import current
from minplan.database.fields import SRID


def near(bounds: Bounds, found: Any) -> Any:
    """The features of a query set whose bounding boxes touch ``bounds``.

    ``bounds`` is (west, south, east, north) in degrees. Candidates for the exact work of the
    core; features without geometry are never near.
    """
    west, south, east, north = map(float, bounds)
    if not all(map(math.isfinite, (west, south, east, north))):
        return found.none()
    found = found.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    if current().vendor == "postgresql":
        return found.extra(
            where=["minplan_feature.geometry && ST_MakeEnvelope(%s, %s, %s, %s, %s)"],
            params=[west, south, east, north, SRID],
        )
    return found.extra(
        where=[
            "minplan_feature.id IN (SELECT id FROM minplan_feature_box"
            " WHERE west <= %s AND east >= %s AND south <= %s AND north >= %s)"
        ],
        params=[east, west, north, south],
    )
