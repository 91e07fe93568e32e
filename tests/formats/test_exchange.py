"""Areas of VCT and MapGIS files are read as blocks, like those of any GIS file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from tests.formats.mapgis import samples as mapgis
from tests.formats.mapgis.test_mapgis import FIELDS, ROWS, SQUARE, at, stored, two_areas

from minplan.core.errors import InputError
from minplan.core.geometry.area import AreaMethod, areas_by_method
from minplan.core.geometry.corners import ReadOptions
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.formats.detect import Kind
from minplan.formats.features import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    object_array,
    write_features,
)
from minplan.formats.read import read_input
from minplan.formats.reading import InputOptions

#: The samples are in Xi'an 1980, which is not located without parameters.
AS_IT_IS = InputOptions(corners=ReadOptions(keep_datum=True))
ZONE_38 = CoordinateSystem(Datum.CGCS2000, 3, 38)
BLOCK = shapely.box(38_500_000, 4_000_000, 38_500_600, 4_000_400)


def vct(folder: Path) -> Path:
    """A layer of one block, one of a point, and a table."""
    name = (Column("MC", ColumnType.TEXT, 40),)
    layers = [
        ("KAIGHQK", GeometryType.POLYGON, BLOCK, "石灰岩区块"),
        ("KCD", GeometryType.POINT, shapely.Point(38_500_000, 4_000_000), "矿产地"),
    ]
    tables = [
        FeatureTable(
            layer,
            name,
            {"MC": object_array([word])},
            geometry=object_array([shape]),
            geometry_type=kind,
            system=ZONE_38,
        )
        for layer, kind, shape, word in layers
    ]
    write_features(folder / "区块.vct", tables)
    return folder / "区块.vct"


def test_a_vct_is_read_with_its_system_and_attributes(tmp_path: Path) -> None:
    reading = read_input(vct(tmp_path))
    assert reading.kind is Kind.VCT
    (block,) = reading.blocks
    assert block.attributes["MC"] == "石灰岩区块"
    assert block.systems[0] == ZONE_38
    assert areas_by_method(block.polygonal)[AreaMethod.PLANAR] == pytest.approx(240_000)
    assert len(block.corners) == 4


def test_a_layer_of_a_vct_may_be_named(tmp_path: Path) -> None:
    file = vct(tmp_path)
    (block,) = read_input(file, InputOptions(layer="KAIGHQK")).blocks
    assert block.place.layer == "KAIGHQK"
    with pytest.raises(InputError, match="E207"):
        read_input(file, InputOptions(layer="KCD"))
    with pytest.raises(InputError, match="E219") as caught:
        read_input(file, InputOptions(layer="KCQ"))
    assert caught.value.hint is not None
    assert "KAIGHQK" in caught.value.hint.zh


def test_a_damaged_vct_is_refused_with_the_place(tmp_path: Path) -> None:
    file = vct(tmp_path)
    file.write_bytes(file.read_bytes()[:900])
    with pytest.raises(InputError) as caught:
        read_input(file)
    assert caught.value.place.file == "区块.vct"


def test_areas_of_mapgis_are_read_and_to_be_confirmed(tmp_path: Path) -> None:
    reading = read_input(stored(tmp_path, two_areas()), AS_IT_IS)
    assert reading.kind is Kind.MAPGIS
    first, second = reading.blocks
    assert (first.attributes["名称"], second.attributes["名称"]) == ("襄垣石灰岩矿", "黎城铁矿")
    # 1 km² less the hole of 0.04 km², and a part of 0.01 km² elsewhere
    areas = [areas_by_method(block.polygonal)[AreaMethod.PLANAR] for block in (first, second)]
    assert np.allclose(areas, [970_000, 40_000])
    assert "E239" in {remark.code for remark in first.remarks}


def test_a_map_of_mapgis_in_an_archive(tmp_path: Path) -> None:
    """Its areas count; its points and lines bound nothing and are named as left aside."""
    parameters = mapgis.gauss_kruger(10_000.0)
    points = mapgis.points_file(at([(0, 0)]), FIELDS, ROWS[:1], parameters)
    lines = mapgis.lines_file([at(SQUARE[:3])], FIELDS, ROWS[:1], parameters)
    with zipfile.ZipFile(tmp_path / "图.zip", "w") as archive:
        archive.writestr("图.wp", two_areas().to_bytes())
        archive.writestr("图.wl", lines.to_bytes())
        archive.writestr("图.wt", points.to_bytes())
    reading = read_input(tmp_path / "图.zip", AS_IT_IS)
    assert len(reading.blocks) == 2
    (remark,) = [item for item in reading.remarks if item.code == "E161"]
    assert "图.wl" in remark.message.zh
    assert "图.wt" in remark.message.zh


def test_points_alone_bound_nothing(tmp_path: Path) -> None:
    points = mapgis.points_file(at([(0, 0)]), FIELDS, ROWS[:1], mapgis.gauss_kruger(10_000.0))
    with pytest.raises(InputError, match="E207"):
        read_input(stored(tmp_path, points, "图.wt"))
