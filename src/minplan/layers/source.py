"""The file a constraint layer is delivered in, read as a stream of record batches."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pyogrio.raw import open_arrow

from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.geometry.layer import IdArray
from minplan.core.text import Text
from minplan.formats.archive import Budget, unpack
from minplan.formats.shapefile import text_encoding

#: Suffixes of what can be stored, in the order in which an archive is searched.
SUFFIXES: Final = (".gdb", ".gpkg", ".shp", ".fgb", ".parquet", ".geoparquet", ".geojson", ".json")
_PARQUET: Final = (".parquet", ".geoparquet")
#: What a delivery of layers may unpack to; a city's farmland is about 1 GB.
_UNPACKED_BYTES: Final = 64 << 30
# blank text columns of a large .dbf pack nearly as well as ZIP can
_UNPACKED_RATIO: Final = 2_000
#: Encoded geometry and attributes held at a time; a batch becomes several times its size (design).
_BATCH_BYTES: Final = 16 << 20
_BATCH_ROWS: Final = 16_384
_SAMPLE_BYTES: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Batch:
    """Some features of a source: ids, geometry as WKB (None allowed) and attributes."""

    feature: IdArray
    wkb: Any
    attributes: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Source:
    """A file that has been opened and understood.

    ``name`` is the file handed in, ``path`` what is read (perhaps unpacked), ``layer`` the
    sub-layer, ``crs`` what the file says of its coordinate system, ``crs_is_default`` that the
    format assumed it, ``count`` the number of features it announces.
    """

    name: str
    path: Path
    layer: str | None
    crs: str | None
    crs_is_default: bool
    encoding: str | None
    count: int
    size: int

    @property
    def place(self) -> Place:
        """Where messages about it point."""
        return Place(file=self.name, layer=self.layer)

    def batches(self) -> Iterator[Batch]:
        """Read all features; InputError E311 when the file breaks off or is damaged."""
        rows = int(np.clip(_BATCH_BYTES * self.count // max(self.size, 1), 16, _BATCH_ROWS))
        read = _parquet_batches if self.path.suffix.lower() in _PARQUET else _ogr_batches
        seen = 0
        with translated(self.place):
            for batch in read(self, rows):
                seen += len(batch.feature)
                yield batch
        if seen != self.count:
            raise _damaged(
                self.place,
                Text(
                    f"应有 {self.count} 个要素，只读出 {seen} 个",
                    f"{self.count} features announced, {seen} read",
                ),
            )


@contextmanager
def translated(place: Place) -> Iterator[None]:
    """Turn any failure of a reading library into InputError E311; keep its warnings quiet.

    GDAL, pyarrow and GEOS raise errors of every family on damaged files, so everything but our
    own errors is translated.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except MinplanError:
            raise
        except (Exception, pa.ArrowException) as error:
            brief = " ".join(str(error).split())[:160] or type(error).__name__
            raise _damaged(
                place, Text(f"读取程序的说明：{brief}", f"the reader says: {brief}")
            ) from error


def open_source(path: Path, unpack_into: Path, layer: str | None, encoding: str | None) -> Source:
    """Find what is to be read in ``path``: a file, a folder (GDB, shapefile) or a ZIP archive.

    Archives are unpacked into ``unpack_into``. Raises InputError E301 when there is nothing,
    E302 for a format that cannot be stored, E303 when one of several layers must be chosen,
    E304 when it is empty, E310 for a missing companion file, E311 when it is damaged.
    """
    if not path.exists():
        raise InputError(
            "E301",
            Text(f"找不到 {path.name}", f"{path.name} does not exist"),
            place=Place(file=str(path)),
            hint=Text("请检查路径", "check the path"),
        )
    found, layer = _located(path, unpack_into, layer)
    place = Place(file=path.name, layer=layer)
    if found.is_file() and found.stat().st_size == 0:
        raise empty(place)
    if found.suffix.lower() in _PARQUET:
        return _open_parquet(path.name, found)
    if found.suffix.lower() == ".shp":
        _check_shapefile(found, path.name)
        encoding = encoding or _shapefile_encoding(found, unpack_into)
    else:
        encoding = None
    with translated(place):
        layer = _chosen(found, layer, path.name)
        info = pyogrio.read_info(found, layer=layer, encoding=encoding, force_feature_count=True)
    count = int(info["features"])
    if count < 1:
        raise empty(Place(file=path.name, layer=layer))
    return Source(
        name=path.name,
        path=found,
        layer=layer,
        crs=info["crs"],
        crs_is_default=found.suffix.lower() in (".geojson", ".json"),
        encoding=encoding,
        count=count,
        size=_size(found),
    )


def empty(place: Place) -> InputError:
    """The error for a source without any geometry."""
    return InputError(
        "E304",
        Text("文件中没有图形", "there is no geometry in the file"),
        place=place,
        hint=Text("请检查导出时的图层和选择条件", "check the layer and the selection exported"),
    )


def fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes, or of the names and bytes of a folder's files in name order."""
    digest = hashlib.sha256()
    files = [path]
    if path.is_dir():
        files = sorted(item for item in path.rglob("*") if item.is_file())
        files = [item for item in files if item.suffix != ".lock"]
    elif path.suffix.lower() == ".shp":
        files = sorted(item for item in path.parent.glob(f"{path.stem}.*") if item.is_file())
    for item in files:
        if len(files) > 1:
            digest.update(item.name.encode() + b"\0")
        with item.open("rb") as opened:
            while chunk := opened.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def _located(path: Path, unpack_into: Path, layer: str | None) -> tuple[Path, str | None]:
    """The one readable thing in a path, and the sub-layer still to be looked for in it."""
    if path.is_file() and path.suffix.lower() == ".zip":
        folder = unpack_into / "unpacked.gdb"
        folder.mkdir()
        unpack(path, folder, budget=Budget(bytes=_UNPACKED_BYTES, ratio=_UNPACKED_RATIO))
    elif path.is_dir():
        folder = path
    elif path.suffix.lower() in SUFFIXES:
        return path, layer
    else:
        raise _unsupported(path)
    if any(item.suffix == ".gdbtable" for item in folder.iterdir()):
        return folder, layer
    found = _readable(folder)
    named = [item for item in found if item.stem == layer]
    if len(found) > 1 and len(named) == 1:
        return named[0], None if named[0].suffix.lower() == ".shp" else layer
    if len(found) > 1:
        raise _choose(path.name, [item.stem for item in found])
    if not found:
        raise _unsupported(path)
    return found[0], None if found[0].suffix.lower() == ".shp" and named else layer


def _readable(folder: Path) -> list[Path]:
    geodatabases = [item for item in folder.rglob("*.gdb") if item.is_dir()]
    files = [
        item
        for item in sorted(folder.rglob("*"))
        if item.is_file()
        and item.suffix.lower() in SUFFIXES
        and not any(parent in geodatabases for parent in item.parents)
    ]
    return sorted(geodatabases) + files


def _chosen(path: Path, layer: str | None, name: str) -> str:
    rows = [(str(row[0]), row[1]) for row in pyogrio.list_layers(path)]
    names = [item for item, geometry in rows if geometry is not None]
    if layer is not None and layer in names:
        return layer
    if layer is None and len(names) == 1:
        return names[0]
    if not names:
        raise empty(Place(file=name))
    raise _choose(name, names)


def _choose(name: str, names: list[str]) -> InputError:
    listed = "、".join(names[:12])
    return InputError(
        "E303",
        Text(
            f"{name} 有 {len(names)} 个图层：{listed}",
            f"{name} holds {len(names)} layers: {listed}",
        ),
        place=Place(file=name),
        hint=Text("请指定其中一个图层", "name one of them as the layer"),
    )


def _unsupported(path: Path) -> InputError:
    return InputError(
        "E302",
        Text(f"{path.name} 不是可入库的图层文件", f"{path.name} is not a layer file"),
        place=Place(file=path.name),
        hint=Text(
            "支持 SHP（可压缩为 ZIP）、GDB、GPKG、GeoJSON、FlatGeobuf、GeoParquet",
            "accepted: SHP (also zipped), GDB, GPKG, GeoJSON, FlatGeobuf, GeoParquet",
        ),
    )


def _damaged(place: Place, detail: Text) -> InputError:
    return InputError(
        "E311",
        Text(
            f"文件已损坏或不完整（{detail.zh}）", f"the file is damaged or incomplete ({detail.en})"
        ),
        place=place,
        hint=Text("请重新导出或重新传输", "export or send it again"),
    )


def _companion(shp: Path, suffix: str) -> Path | None:
    for item in shp.parent.iterdir():
        if item.stem == shp.stem and item.suffix.lower() == suffix:
            return item
    return None


def _check_shapefile(shp: Path, name: str) -> None:
    missing = [suffix for suffix in (".shx", ".dbf") if _companion(shp, suffix) is None]
    if missing:
        listed = "、".join(missing)
        raise InputError(
            "E310",
            Text(f"{shp.name} 缺少同名的 {listed}", f"{shp.name} lacks its {', '.join(missing)}"),
            place=Place(file=name),
            hint=Text(
                "请把 .shp、.shx、.dbf、.prj、.cpg 放在一起压缩后再入库",
                "zip .shp, .shx, .dbf, .prj and .cpg together",
            ),
        )
    with shp.open("rb") as file:
        header = file.read(100)
    announced = 2 * int.from_bytes(header[24:28], "big")
    if len(header) < 100 or announced > shp.stat().st_size:
        raise _damaged(
            Place(file=name),
            Text(
                f"应有 {announced} 字节，只有 {shp.stat().st_size} 字节",
                f"{announced} bytes announced, {shp.stat().st_size} found",
            ),
        )


def _shapefile_encoding(shp: Path, folder: Path) -> str | None:
    """The encoding of the attribute table, judged by its beginning."""
    sample = folder / "sample"
    sample.mkdir()
    for suffix in (".dbf", ".cpg"):
        if companion := _companion(shp, suffix):
            with companion.open("rb") as file:
                (sample / f"sample{suffix}").write_bytes(file.read(_SAMPLE_BYTES))
    with translated(Place(file=shp.name)):
        return text_encoding(sample / "sample.shp")[0]


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(item.stat().st_size for item in path.rglob("*") if item.is_file())
    return path.stat().st_size


def _ogr_batches(source: Source, rows: int) -> Iterator[Batch]:
    with open_arrow(
        source.path,
        layer=source.layer,
        encoding=source.encoding,
        return_fids=True,
        batch_size=rows,
        use_pyarrow=True,
    ) as (meta, reader):
        fid, geometry = meta["fid_column"] or "OGC_FID", meta["geometry_name"] or "wkb_geometry"
        for batch in reader:
            yield Batch(
                feature=batch.column(fid).to_numpy(zero_copy_only=False).astype(np.int64),
                wkb=batch.column(geometry).to_numpy(zero_copy_only=False),
                attributes=batch.drop_columns([fid, geometry]),
            )


def _open_parquet(name: str, path: Path) -> Source:
    place = Place(file=name)
    with translated(place), pq.ParquetFile(path) as file:
        geometry = _geo(file, place)
        crs = geometry.get("crs", "OGC:CRS84")
        count = file.metadata.num_rows
    if count < 1:
        raise empty(place)
    return Source(
        name=name,
        path=path,
        layer=None,
        crs=json.dumps(crs) if isinstance(crs, dict) else crs,
        crs_is_default="crs" not in geometry,
        encoding=None,
        count=count,
        size=_size(path),
    )


def _geo(file: pq.ParquetFile, place: Place) -> dict[str, Any]:
    """The description of the geometry column (GeoParquet 1.1), with its ``name``."""
    written = (file.schema_arrow.metadata or {}).get(b"geo")
    geo = json.loads(written) if written else {}
    name = geo.get("primary_column", "")
    column = geo.get("columns", {}).get(name)
    if column is None or column.get("encoding") != "WKB":
        raise InputError(
            "E302",
            Text("Parquet 文件不是 WKB 编码的 GeoParquet", "not a GeoParquet file with WKB"),
            place=place,
            hint=Text("请另存为 GeoParquet 1.x（WKB）", "save it as GeoParquet 1.x with WKB"),
        )
    return {**column, "name": name}


def _parquet_batches(source: Source, rows: int) -> Iterator[Batch]:
    with pq.ParquetFile(source.path) as file:
        name = _geo(file, source.place)["name"]
        first = 0
        for batch in file.iter_batches(batch_size=rows):
            yield Batch(
                feature=np.arange(first, first + batch.num_rows, dtype=np.int64),
                wkb=batch.column(name).to_numpy(zero_copy_only=False),
                attributes=batch.drop_columns([name]),
            )
            first += batch.num_rows
