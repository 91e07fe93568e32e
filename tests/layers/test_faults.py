"""Deliveries with faults: each is named, with a place and a way out, and nothing is left behind."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from minplan.core.errors import MinplanError
from minplan.layers import AddReport, LayerLibrary

from .conftest import fields, snapshot

Add = Callable[..., AddReport]


def absent(folder: Path) -> Path:
    return folder / "没有.shp"


def not_a_layer(folder: Path) -> Path:
    (folder / "a.docx").write_bytes(b"PK")
    return folder / "a.docx"


def two_layers(folder: Path) -> Path:
    fields(2).to_file(folder / "a.gpkg", layer="一")
    fields(2).to_file(folder / "a.gpkg", layer="二", mode="a")
    return folder / "a.gpkg"


def no_rows(folder: Path) -> Path:
    fields(2).iloc[:0].to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


def no_bytes(folder: Path) -> Path:
    (folder / "a.geojson").write_bytes(b"")
    return folder / "a.geojson"


def no_geometry(folder: Path) -> Path:
    frame = fields(2)
    frame["geometry"] = geopandas.GeoSeries([None] * 4, crs=4490)
    frame.to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


def points(folder: Path) -> Path:
    frame = fields(2)
    frame["geometry"] = frame.geometry.representative_point()
    frame.to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


def one_line_among_polygons(folder: Path) -> Path:
    frame = fields(2)
    frame.loc[3, "geometry"] = shapely.LineString([(112.5, 36.2), (112.6, 36.2)])
    frame.to_file(folder / "a.geojson")
    return folder / "a.geojson"


def no_crs(folder: Path) -> Path:
    fields(2).set_crs(None, allow_override=True).to_file(folder / "a.shp")
    return folder / "a.shp"


def xian80(folder: Path) -> Path:
    fields(2).to_crs(2362).to_file(folder / "a.shp")
    return folder / "a.shp"


def beijing54(folder: Path) -> Path:
    fields(2).to_crs(4214).to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


def japan(folder: Path) -> Path:
    fields(2).set_crs(4301, allow_override=True).to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


def wrong_prefix(folder: Path) -> Path:
    """Eastings with the zone number in a system without."""
    fields(2).to_crs(4526).set_crs(4547, allow_override=True).to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


def swapped(folder: Path) -> Path:
    frame = fields(2)
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda c: c[:, ::-1])
    frame.to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


def infinite(folder: Path) -> Path:
    frame = fields(2)
    frame.loc[0, "geometry"] = shapely.Polygon([(112, 36), (np.inf, 36), (113, 37)])
    frame.to_parquet(folder / "a.parquet")
    return folder / "a.parquet"


def without(suffix: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        fields(2).to_file(folder / "a.shp")
        (folder / f"a{suffix}").unlink()
        return folder / "a.shp"

    return make


def cut_short(make_suffix: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / f"a{make_suffix}"
        frame = fields(20)
        if make_suffix == ".parquet":
            frame.to_parquet(path)
        else:
            frame.to_file(path)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) * 3 // 5])
        return path

    return make


def arcs(folder: Path) -> Path:
    circle = struct.pack("<BII", 1, 10, 1) + struct.pack("<BII", 1, 8, 5)
    circle += struct.pack("<10d", 112, 36, 112.1, 36.1, 112.2, 36, 112.1, 35.9, 112, 36)
    frame = fields(2).to_wkb().drop(columns=["geometry"]).assign(geometry=circle)
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
    }
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), folder / "a.parquet")
    return folder / "a.parquet"


FAULTS = {
    "absent": (absent, "E301"),
    "not-a-layer": (not_a_layer, "E302"),
    "two-layers": (two_layers, "E303"),
    "no-rows": (no_rows, "E304"),
    "no-bytes": (no_bytes, "E304"),
    "no-geometry": (no_geometry, "E304"),
    "points": (points, "E305"),
    "one-line": (one_line_among_polygons, "E305"),
    "no-crs": (no_crs, "E306"),
    "no-prj": (without(".prj"), "E306"),
    "xian80": (xian80, "E307"),
    "beijing54": (beijing54, "E307"),
    "other-datum": (japan, "E307"),
    "wrong-prefix": (wrong_prefix, "E309"),
    "swapped": (swapped, "E309"),
    "infinite": (infinite, "E309"),
    "no-shx": (without(".shx"), "E310"),
    "no-dbf": (without(".dbf"), "E310"),
    "short-shp": (cut_short(".shp"), "E311"),
    "short-gpkg": (cut_short(".gpkg"), "E311"),
    "short-geojson": (cut_short(".geojson"), "E311"),
    "short-fgb": (cut_short(".fgb"), "E311"),
    "short-parquet": (cut_short(".parquet"), "E311"),
    "arcs": (arcs, "E314"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_the_library_stays_as_it_was(
    fault: str, tmp_path: Path, add: Add, library: LayerLibrary
) -> None:
    delivery = tmp_path / "delivery"
    delivery.mkdir()
    fields(3).to_file(tmp_path / "good.gpkg")
    add(tmp_path / "good.gpkg")
    before = snapshot(library.folder)
    make, code = FAULTS[fault]
    path = make(delivery)
    with pytest.raises(MinplanError) as caught:
        add(path)
    assert caught.value.code == code
    assert caught.value.place.file
    assert caught.value.hint
    assert snapshot(library.folder) == before


def test_the_feature_at_fault_is_named(tmp_path: Path, add: Add) -> None:
    with pytest.raises(MinplanError) as caught:
        add(one_line_among_polygons(tmp_path))
    assert caught.value.place.row == 3


def test_a_sub_layer_can_be_chosen(tmp_path: Path, add: Add) -> None:
    assert add(two_layers(tmp_path), layer="二").origin.file_layer == "二"


def test_a_declared_system_must_not_contradict_the_file(tmp_path: Path, add: Add) -> None:
    fields(2).to_crs(4526).to_file(tmp_path / "a.gpkg")
    with pytest.raises(MinplanError) as caught:
        add(tmp_path / "a.gpkg", crs="37")
    assert caught.value.code == "E308"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"name": "生态保护红线"}, "E315"),
        ({"name": "../elsewhere"}, "E315"),
        ({"effective_to": dt.date(2022, 1, 1)}, "E316"),
    ],
)
def test_a_declaration_is_checked(
    options: dict[str, object], code: str, tmp_path: Path, add: Add
) -> None:
    fields(2).to_file(tmp_path / "a.gpkg")
    with pytest.raises(MinplanError) as caught:
        add(tmp_path / "a.gpkg", **options)
    assert caught.value.code == code


def test_a_library_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    fields(2).to_file(tmp_path / "a.gpkg")
    (tmp_path / "layers").write_text("a file where the folder should be")
    with pytest.raises(MinplanError) as caught:
        LayerLibrary(tmp_path / "layers").add(tmp_path / "a.gpkg", "a", "", None)
    assert caught.value.code == "E326"
