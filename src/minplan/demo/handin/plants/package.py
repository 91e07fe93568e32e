"""Faults of the package: folders, names, files that are missing, damaged or there twice."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pyogrio
import shapely

from minplan.demo.handin.plants.planting import At, Folder, plant
from minplan.handin import manifest


@plant("Q-PK-01", "删去“6 专题研究”文件夹", "the folder of studies is removed")
def folder_removed(folder: Folder) -> At:
    """No folder of studies."""
    (folder.root / "6 专题研究").rmdir()
    return At(file="6 专题研究")


@plant("Q-PK-02", "多出“临时”文件夹", "a folder beside those of the standard")
def folder_added(folder: Folder) -> At:
    """A folder of no use."""
    (folder.root / "临时").mkdir()
    return At(file="临时")


@plant("Q-PK-03", "根目录随意命名", "the root folder has any name")
def root_renamed(folder: Folder) -> At:
    """The root is called 最终版."""
    folder.root = folder.root.rename(folder.root.with_name("规划成果最终版"))
    return At(words="规划成果最终版")


@plant("Q-PK-04", "采矿权文件名的年份写错", "the year in the name of a layer's file is wrong")
def layer_misnamed(folder: Folder) -> At:
    """A file and its layer with the year of another period."""
    path = folder.own(folder.file("KCD"))
    name = path.stem[:-4] + "2030"
    with folder.layer("KCD") as layer:
        for table, column in (
            ("gpkg_contents", "table_name"),
            ("gpkg_geometry_columns", "table_name"),
            ("gpkg_ogr_contents", "table_name"),
            ("gpkg_extensions", "table_name"),
        ):
            layer.sql(f"UPDATE {table} SET {column}=? WHERE {column}=?", name, path.stem)
        layer.sql(f'ALTER TABLE {{name}} RENAME TO "{name}"')
    path.rename(path.with_name(f"{name}.gpkg"))
    return At(layer="KCD", words="2030")


@plant("Q-PK-05", "没有交矿产地图层", "a required layer is not there")
def layer_missing(folder: Folder) -> At:
    """The layer of deposits is left out of files, manifest and metadata."""
    folder.file("KCD").unlink()
    _forget(folder, "KCD")
    return At(layer="KCD")


def _forget(folder: Folder, code: str) -> None:
    """Take a layer out of the numbers that manifest and metadata state."""
    path = folder.own(folder.root / manifest.NAME)
    told = json.loads(path.read_text("utf-8"))
    gone = [item for item in told["layers"] if item["code"] == code]
    told["layers"] = [item for item in told["layers"] if item["code"] != code]
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    listed = folder.metadata()["TCMC"].split("；")
    kept = [item for item in listed if not any(item.startswith(f"{g['name']} ") for g in gone)]
    folder.meta("TCMC", "；".join(kept))


@plant("Q-PK-06", "没有交编制说明", "a required document is not there")
def document_missing(folder: Folder) -> At:
    """No explanation."""
    folder.document("BZSM").unlink()
    return At(file="2 编制说明")


@plant("Q-PK-07", "编制说明只有 txt", "a document in another format")
def document_format(folder: Folder) -> At:
    """The explanation as a plain text."""
    path = folder.document("BZSM")
    path.with_suffix(".txt").write_text("第一章 编制过程\n本成果为示例。\n", encoding="utf-8")
    path.unlink()
    return At(file=folder.inside(path.with_suffix(".txt")))


@plant("Q-PK-08", "质检报告文件损坏", "a file that cannot be opened")
def file_damaged(folder: Folder) -> At:
    """The first kilobyte of the explanation only."""
    path = folder.own(folder.document("BZSM"))
    path.write_bytes(path.read_bytes()[:1000])
    return At(file=folder.inside(path))


@plant("Q-PK-09", "附图文件夹中有 0 字节文件", "a file of 0 bytes")
def file_empty(folder: Folder) -> At:
    """A file of 0 bytes that no program opens."""
    path = folder.document("FT", "pdf").with_suffix(".dat")
    path.touch()
    return At(file=folder.inside(path))


@plant("Q-PK-10", "同一附图放了两份", "a map is there twice")
def file_twice(folder: Folder) -> At:
    """A copy of a map."""
    path = folder.document("FT", "pdf")
    copy = path.with_name(f"{path.stem}（副本）.pdf")
    shutil.copyfile(path, copy)
    return At(file=folder.inside(copy))


@plant("Q-PK-11", "附图在生成清单后改动", "a map was changed after the list was made")
def file_changed(folder: Folder) -> At:
    """A line at the end of a map."""
    folder.honest = False
    path = folder.own(folder.document("FT", "pdf"))
    path.write_bytes(path.read_bytes() + b"\n% changed\n")
    return At(file=folder.inside(path))


@plant("Q-PK-12", "清单的采矿权个数不对", "the list states another number of features")
def count_misstated(folder: Folder) -> At:
    """One right more in the manifest than there is."""
    folder.honest = False
    path = folder.own(folder.root / manifest.NAME)
    told = json.loads(path.read_text("utf-8"))
    for item in told["layers"]:
        item["count"] += item["code"] == "CKQ"
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return At(layer="CKQ")


@plant("Q-PK-13", "多交“新建图层”", "a layer that is none of the standard")
def layer_unknown(folder: Folder) -> At:
    """A file with a layer of any name and any fields."""
    path = folder.file("KCD").with_name("新建图层.gpkg")
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array([shapely.Point(113, 36.5)], dtype=object)),
        [np.array([1], dtype=np.int64)], ["aaa"], layer="新建图层", driver="GPKG",
        geometry_type="Point", crs="EPSG:4490",
    )  # fmt: skip
    return At(words="新建图层")
