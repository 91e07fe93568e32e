"""Shapefiles arrive without their companions and in unknown encodings."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely

from minplan.core.errors import InputError
from minplan.formats.shapefile import rebuild_index, stage, text_encoding

SQUARES = [shapely.box(113 + n / 10, 36, 113.05 + n / 10, 36.05) for n in range(3)]


def write(path: Path, encoding: str = "GBK") -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            path,
            np.array([shapely.to_wkb(item) for item in SQUARES], dtype=object),
            [np.array(["襄垣县", "黎城县", "沁源"], dtype=object)],
            ["规划区名称"],
            driver="ESRI Shapefile",
            crs=None,
            geometry_type="Polygon",
            encoding=encoding,
        )
    return path


def test_a_lost_index_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    shp = write(tmp_path / "a.shp")
    assert rebuild_index(shp.read_bytes(), "a.shp") == shp.with_suffix(".shx").read_bytes()


def test_a_torn_file_names_the_shape_where_it_breaks(tmp_path: Path) -> None:
    torn = write(tmp_path / "a.shp").read_bytes()[:-20]
    with pytest.raises(InputError) as caught:
        rebuild_index(torn, "a.shp")
    assert caught.value.place.row == 3


def test_staging_takes_companions_in_any_case_and_leaves_the_folder_alone(tmp_path: Path) -> None:
    source, copy = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    copy.mkdir()
    shp = write(source / "范围.shp")
    shp.with_suffix(".dbf").rename(source / "范围.DBF")
    shp.with_suffix(".shx").unlink()
    before = sorted(item.name for item in source.iterdir())
    staged = stage(shp, copy)
    assert staged.with_suffix(".shx").exists()
    assert staged.with_suffix(".dbf").exists()
    assert sorted(item.name for item in source.iterdir()) == before


def test_an_empty_table_is_left_out(tmp_path: Path) -> None:
    shp = write(tmp_path / "a.shp")
    shp.with_suffix(".dbf").write_bytes(b"")
    (tmp_path / "out").mkdir()
    assert not stage(shp, tmp_path / "out").with_suffix(".dbf").exists()


@pytest.mark.parametrize(("written", "guessed"), [("GBK", "gb18030"), ("UTF-8", "utf-8")])
def test_the_encoding_is_found_by_trial(tmp_path: Path, written: str, guessed: str) -> None:
    shp = write(tmp_path / "a.shp", written)
    assert text_encoding(shp) == (guessed, False)
    shp.with_suffix(".cpg").unlink()
    assert text_encoding(shp) == (guessed, True)
