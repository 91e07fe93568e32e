"""Faults of the structure: fields that are missing, more than asked for, of another type."""

from __future__ import annotations

import shutil
from dataclasses import replace

from minplan.checking.layers import FileLayer
from minplan.core.quality.submission import Submission
from minplan.demo.handin.plants.geopackage import GeoPackage
from minplan.demo.handin.plants.planting import At, Folder, plant
from minplan.formats.features import ColumnType, FeatureTable, open_features, write_features


@plant("Q-ST-01", "矿产地缺“名称”字段", "a required field is not there")
def required_field_gone(folder: Folder) -> At:
    """The layer of deposits without its names."""
    with folder.layer("KCD") as layer:
        layer.sql("ALTER TABLE {name} DROP COLUMN MC")
    return At(layer="KCD", field="MC")


@plant("Q-ST-02", "矿产地缺“备注”字段", "a field that is not required is not there")
def field_gone(folder: Folder) -> At:
    """The layer of deposits without remarks."""
    with folder.layer("KCD") as layer:
        layer.sql("ALTER TABLE {name} DROP COLUMN BZ")
    return At(layer="KCD", field="BZ")


@plant("Q-ST-03", "矿产地多“临时字段”", "a field that the standard does not have")
def field_added(folder: Folder) -> At:
    """A field of no standard."""
    with folder.layer("KCD") as layer:
        layer.sql('ALTER TABLE {name} ADD COLUMN "QWERTY" TEXT(10)')
    return At(layer="KCD", words="QWERTY")


@plant("Q-ST-04", "矿产地起始年为文字型", "a field of another type")
def field_type(folder: Folder) -> At:
    """Years as real numbers."""
    with folder.layer("KCD") as layer:
        layer.retype("GHQSN", "TEXT(4)")
        layer.sql("UPDATE {name} SET GHQSN=CAST(GHQSN AS INTEGER)")
    return At(layer="KCD", field="GHQSN")


@plant("Q-ST-05", "矿产地名称字段只有 60 字", "a field shorter than the standard's")
def field_length(folder: Folder) -> At:
    """Names of 60 characters."""
    with folder.layer("KCD") as layer:
        layer.retype("MC", "TEXT(60)")
    return At(layer="KCD", field="MC")


@plant("Q-ST-06", "分解值只有 3 位小数", "a field with fewer decimals than the standard's")
def field_decimals(folder: Folder) -> At:
    """A table as DBF, a format that states decimals, with one too few."""
    path = folder.file("XFJB")
    with open_features(path) as source:
        (table,) = source.batches(path.stem, 1000)
    columns = tuple(
        replace(item, type=ColumnType.REAL, length=18, decimals=3) if item.name == "FJZ" else item
        for item in table.columns
    )
    short = FeatureTable(path.stem, columns, table.values)
    write_features(path.with_suffix(".shp"), [short], driver="shp")
    path.unlink()
    return At(layer="XFJB", field="FJZ")


@plant("Q-ST-07", "矿产地画成面", "a layer of another geometry")
def geometry_type(folder: Folder) -> At:
    """Deposits as areas."""
    with folder.layer("KCD") as layer:
        layer.sql("UPDATE gpkg_geometry_columns SET geometry_type_name='POLYGON'")
        for key in layer.identifiers():
            layer.draw(key, lambda point: point.buffer(0.002))
    return At(layer="KCD")


@plant(
    "Q-ST-08",
    "矿产地分成两份交",
    "a layer comes in two files",
)
def layer_twice(folder: Folder) -> At:
    """The second half of the layer in a file of its own."""
    path = folder.own(folder.file("KCD"))
    copy = folder.root / folder.names.folder_of("tables") / path.name
    shutil.copyfile(path, copy)
    with folder.layer("KCD") as layer:
        keys = layer.identifiers()
        for key in keys[15:]:
            layer.drop(key)
    with GeoPackage.open(copy, path.stem) as layer:
        for key in keys[:15]:
            layer.drop(key)
    folder.honest_counts = False
    return At(layer="KCD")


@plant("Q-ST-09", "重点项目表没有行", "a table without rows")
def table_empty(folder: Folder) -> At:
    """No key projects."""
    with folder.layer("ZDXM") as layer:
        layer.sql("DELETE FROM {name}")
    return At(layer="ZDXM")


@plant("Q-ST-10", "矿产地有两列名称", "two columns for one field")
def column_twice(folder: Folder) -> At:
    """A kept mapping that takes two columns for the name."""
    with folder.layer("KCD") as layer:
        layer.sql('ALTER TABLE {name} ADD COLUMN "名称" TEXT(120)')
        layer.sql('UPDATE {name} SET "名称"=MC')

    def within(made: Submission) -> Submission:
        layers = [
            replace(item, match=replace(item.match, fields={**item.match.fields, "名称": "MC"}))
            if isinstance(item, FileLayer) and item.match.target == "KCD"
            else item
            for item in made.layers
        ]
        return replace(made, layers=tuple(layers))

    folder.within = within
    return At(layer="KCD", field="MC")
