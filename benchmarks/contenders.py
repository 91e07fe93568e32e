"""geopandas.overlay and DuckDB spatial as contenders."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas
import numpy as np
import shapely

from minplan.core.geometry.area import ellipsoidal_area
from minplan.layers import LayerFile

Pairs = Mapping[tuple[int, str, int], float]


def whole_features(layer: LayerFile) -> tuple[np.ndarray, np.ndarray]:
    """Ids and geometry of all features of a layer, as delivered (not split)."""
    stored = layer.stored
    frame = geopandas.read_file(
        Path(stored.path).parents[2] / stored.origin.file, engine="pyogrio", fid_as_index=True
    )
    return frame.index.to_numpy(), frame.geometry.to_numpy()


def time_geopandas(
    files: Mapping[str, Path],
    blocks: np.ndarray,
    report: dict[str, float],
    compare: Callable[[Pairs], float],
) -> None:
    """All blocks against all layers by ``geopandas.overlay``; layers already in memory."""
    print("geopandas.overlay")
    frame = geopandas.GeoDataFrame({"block": range(len(blocks))}, geometry=blocks, crs=4490)
    found: dict[tuple[int, str, int], float] = {}
    seconds = 0.0
    for name, file in files.items():
        layer = geopandas.read_file(file, engine="pyogrio", fid_as_index=True)
        layer = layer.reset_index(names="feature")[["feature", "geometry"]]
        start = time.perf_counter()
        pieces = geopandas.overlay(frame, layer, how="intersection", keep_geom_type=True)
        area = ellipsoidal_area(pieces.geometry.to_numpy())
        seconds += time.perf_counter() - start
        table = name.replace("-", "_")
        for block, feature, square in zip(pieces["block"], pieces["feature"], area, strict=True):
            key = (int(block), table, int(feature))
            found[key] = found.get(key, 0.0) + float(square)
    report["geopandas_bulk_s"] = seconds
    print(f"  bulk: {seconds:.2f} s (layers in memory)")
    report["geopandas_difference_m2"] = compare(found)


def time_duckdb(
    files: Mapping[str, Path],
    blocks: np.ndarray,
    report: dict[str, float],
    compare: Callable[[Pairs], float],
) -> None:
    """All blocks against all layers by DuckDB's spatial join, when its extension is installed."""
    try:
        import duckdb

        database = duckdb.connect()
        database.execute("LOAD spatial")
    except Exception as error:
        print(f"DuckDB spatial: not available: {str(error).splitlines()[0]}")
        return
    print("DuckDB spatial")
    wkb = {"id": list(range(len(blocks))), "wkb": shapely.to_wkb(blocks).tolist()}
    frame = geopandas.pd.DataFrame(wkb)  # noqa: F841 (DuckDB finds it by name)
    database.execute("CREATE TABLE blocks AS SELECT id, ST_GeomFromWKB(wkb) AS geom FROM frame")
    found: dict[tuple[int, str, int], float] = {}
    seconds = 0.0
    for name, file in files.items():
        layer = geopandas.read_file(file, engine="pyogrio", fid_as_index=True)
        rows = geopandas.pd.DataFrame(  # noqa: F841
            {"feature": layer.index, "wkb": shapely.to_wkb(layer.geometry.to_numpy())}
        )
        table = name.replace("-", "_")
        database.execute(
            f"CREATE TABLE {table} AS SELECT feature, ST_GeomFromWKB(wkb) AS geom FROM rows"
        )
        start = time.perf_counter()
        answer = database.execute(
            "SELECT b.id, f.feature, ST_AsWKB(ST_Intersection(f.geom, b.geom))"
            f" FROM blocks b JOIN {table} f ON ST_Intersects(b.geom, f.geom)"
        ).fetchall()
        area = ellipsoidal_area(shapely.from_wkb([bytes(row[2]) for row in answer]))
        seconds += time.perf_counter() - start
        for (block, feature, _), square in zip(answer, area, strict=True):
            found[(block, table, feature)] = float(square)
    report["duckdb_bulk_s"] = seconds
    print(f"  bulk: {seconds:.2f} s")
    report["duckdb_difference_m2"] = compare(found)
