"""Finding features of a stored layer by words in their attributes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

import shapely

from minplan.core.geometry.layer import Bounds
from minplan.layers.file import LayerFile
from minplan.layers.geopackage import quoted


def find(layer: LayerFile, words: str, names: Sequence[str], limit: int) -> dict[int, Bounds]:
    """Features one of whose attributes ``names`` holds ``words``, with their bounds in degrees."""
    columns = [item for item in layer.stored.origin.columns if item.name in names]
    if not columns:
        return {}
    tests = " OR ".join(f"instr({quoted(item.column)}, ?) > 0" for item in columns)
    uri = f"{layer.path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        chosen = connection.execute(
            f"SELECT fid FROM features WHERE {tests} LIMIT ?", [*[words] * len(columns), limit]
        ).fetchall()
        marks = ",".join("?" * len(chosen))
        parts = connection.execute(
            f"SELECT feature, substr(geom, 9) FROM parts WHERE feature IN ({marks})",
            [row[0] for row in chosen],
        ).fetchall()
    found: dict[int, Bounds] = {}
    for (feature,) in chosen:
        shapes = shapely.from_wkb([wkb for own, wkb in parts if own == feature])
        west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
        found[feature] = (west, south, east, north)
    return found
