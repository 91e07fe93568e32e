"""Features of files: open any format, stream its layers, write them in any format.

A driver is a module with a ``DRIVER`` value: how it recognises its files by their content, opens
and writes them. Features flow in batches, so that a file of any size needs bounded memory. The
border where reading libraries fail (:func:`translated`) is here, too.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.geometry.layer import GeometryArray
from minplan.core.text import Text
from minplan.formats.drivers.conversion import in_lonlat, in_system
from minplan.formats.drivers.model import (
    BATCH_SIZE,
    Column,
    ColumnType,
    Driver,
    FeatureSource,
    FeatureTable,
    GeometryType,
    LayerDescription,
    LayerStream,
    ObjectArray,
    OpenOptions,
    WriteOptions,
    WriteReport,
    object_array,
)

__all__ = [
    "BATCH_SIZE",
    "Column",
    "ColumnType",
    "Driver",
    "FeatureSource",
    "FeatureTable",
    "GeometryType",
    "LayerDescription",
    "LayerFeatures",
    "LayerStream",
    "ObjectArray",
    "OpenOptions",
    "WriteOptions",
    "WriteReport",
    "driver_for",
    "driver_of",
    "drivers",
    "in_lonlat",
    "in_system",
    "object_array",
    "open_features",
    "translated",
    "write_features",
]

#: Modules of the drivers, asked in this order what a file is.
_MODULES: Final = tuple(
    f"minplan.formats.drivers.{name}"
    for name in (
        "archive",
        "shapefile",
        "geodatabase",
        "geopackage",
        "flatgeobuf",
        "xlsx",
        "dxf",
        "kml",
        "geojson",
        "guotu",
        "baopan",
        "registry_string",
        "csv",
    )
)
_HEAD: Final = 64 * 1024
_PLUGINS: Final = ("minplan.formats.vct.driver", "minplan.formats.mapgis.driver")


@lru_cache(maxsize=1)
def drivers() -> tuple[Driver, ...]:
    """All drivers, in the order in which they are asked what a file is."""
    names = [*(name for name in _PLUGINS if _exists(name)), *_MODULES]
    return tuple(importlib.import_module(name).DRIVER for name in names)


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def driver_of(path: Path) -> Driver:
    """The driver whose format the content of ``path`` has.

    Raises InputError E201 when there is nothing, E202 for an empty file, E161 for a format that
    is not read.
    """
    if not path.exists():
        raise InputError(
            "E201",
            Text(f"找不到 {path.name}", f"{path.name} does not exist"),
            place=Place(file=str(path)),
            hint=Text("请检查路径", "check the path"),
        )
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if not head.strip():
            raise InputError(
                "E202",
                Text(f"{path.name} 是空文件", f"{path.name} is empty"),
                place=Place(file=path.name),
                hint=Text("请检查是否传输完整", "check that it was sent completely"),
            )
    for driver in drivers():
        if driver.detect(path, head):
            return driver
    from minplan.formats.detect import detect  # noqa: PLC0415  it names what is refused, and why

    detect(path)
    raise InputError(
        "E161",
        Text(f"{path.name} 不是图层文件", f"{path.name} holds no layers"),
        place=Place(file=path.name),
        hint=Text(
            "可用：Shapefile、GDB、GeoPackage、GeoJSON、KML、DXF、VCT、CSV、Excel、国土 TXT、报盘",
            "use a shapefile, GDB, GeoPackage, GeoJSON, KML, DXF, VCT, CSV, Excel or corner text",
        ),
    )


def open_features(
    path: Path,
    *,
    encoding: str | None = None,
    system: CoordinateSystem | None = None,
    layer: str | None = None,
    name: str | None = None,
    known: Mapping[str, LayerDescription] | None = None,
) -> FeatureSource:
    """Open a file, a folder or an archive of any format; use it in a ``with`` statement.

    ``encoding`` and ``system`` beat what the file says; ``layer`` leaves one layer only; ``name``
    is what messages call the file; ``known`` saves describing layers that were described when the
    file was opened before. Raises InputError E201, E202, E161 as :func:`driver_of`, E206
    for damaged files, E219 when there is no such layer.
    """
    options = OpenOptions(name or path.name, encoding, system, layer, known or {})
    return driver_of(path).open(path, options)


def driver_for(path: Path, key: str | None = None) -> Driver:
    """The driver that writes the format ``key``, or the format of the suffix of ``path``.

    Raises InputError E222 when none does.
    """
    name = path.name.lower()
    found = [driver for driver in drivers() if driver.write is not None]
    if key is not None:
        chosen = [driver for driver in found if driver.key == key]
    else:
        fits = [
            (len(suffix), driver)
            for driver in found
            for suffix in driver.suffixes
            if name.endswith(suffix)
        ]
        # the longest suffix tells most: a.gdb.zip is a geodatabase, a.zip a shapefile
        chosen = [driver for _, driver in sorted(fits, key=lambda item: -item[0])]
    if chosen:
        return chosen[0]
    listed = "、".join(driver.key for driver in found)
    wanted = key or path.suffix or path.name
    raise InputError(
        "E222",
        Text(f"不能写出“{wanted}”格式", f"cannot write the format {wanted!r}"),
        hint=Text(f"可用格式：{listed}", f"available: {listed}"),
    )


def write_features(
    path: Path,
    tables: Iterable[FeatureTable],
    *,
    driver: str | None = None,
    encoding: str = "UTF-8",
    system: CoordinateSystem | None = None,
    overwrite: bool = False,
    **more: Any,
) -> WriteReport:
    """Write layers from a stream of batches; batches of one layer follow one another.

    ``driver`` is a key (by default that of the suffix), ``system`` the coordinate system to write
    in (by default that of the batches), ``more`` options of the format. The file appears when it
    is complete. Returns what was written, under which names, and what the format cannot hold.

    Raises InputError E220 for what the format cannot hold at all, E221 when ``path`` exists and
    ``overwrite`` is false, E222 for a format that is not written, E223 when writing fails, E224
    for batches that do not belong together.
    """
    chosen = driver_for(path, driver)
    assert chosen.write is not None
    if path.exists() and not overwrite:
        raise InputError(
            "E221",
            Text(f"{path.name} 已存在", f"{path.name} exists already"),
            place=Place(file=str(path)),
            hint=Text("请换一个名称，或指明覆盖", "choose another name, or say that it may go"),
        )
    if system is not None:
        tables = (in_system(table, system) for table in tables)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".minplan-", dir=path.parent) as folder:
        made = Path(folder) / path.name
        with _writing(path.name):
            report = chosen.write(made, _streams(tables), WriteOptions(encoding, more))
        report.paths = [_moved(item, path.parent) for item in sorted(Path(folder).iterdir())]
    return report


def _moved(item: Path, folder: Path) -> Path:
    target = folder / item.name
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    item.replace(target)
    return target


@contextmanager
def _writing(name: str) -> Iterator[None]:
    """Turn failures of writing libraries into InputError E223."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except MinplanError:
            raise
        except Exception as error:
            raise InputError(
                "E223",
                Text(f"写出 {name} 失败", f"{name} could not be written"),
                place=Place(file=name),
                hint=Text(
                    f"请检查磁盘空间和权限（写出程序的说明：{_brief(error)}）",
                    f"check the disk and its permissions (the writer says: {_brief(error)})",
                ),
            ) from error


def _streams(tables: Iterable[FeatureTable]) -> Iterator[LayerStream]:
    seen: set[str] = set()
    for name, group in itertools.groupby(tables, key=lambda table: table.name):
        if name in seen:
            raise _unfitting(name)
        seen.add(name)
        yield _stream(group)


def _stream(group: Iterator[FeatureTable]) -> LayerStream:
    head = next(group)
    return LayerStream(head, itertools.chain([head], _alike(head, group)))


def _alike(head: FeatureTable, tables: Iterator[FeatureTable]) -> Iterator[FeatureTable]:
    for table in tables:
        if (table.columns, table.geometry_type) != (head.columns, head.geometry_type):
            raise _unfitting(head.name)
        if (table.system, table.crs_wkt) != (head.system, head.crs_wkt):
            raise _unfitting(head.name)
        yield table


def _unfitting(name: str) -> InputError:
    return InputError(
        "E224",
        Text(
            f"图层“{name}”的各批要素不连续，或字段、坐标系不同",
            f"the batches of {name!r} do not follow one another, or differ in columns or system",
        ),
        place=Place(layer=name),
        hint=Text("同一图层应连续写出，字段一致", "write a layer in one run, with equal columns"),
    )


@dataclass(frozen=True, slots=True)
class LayerFeatures:
    """The features of one layer in the coordinates of the file, Z and M dropped.

    ``rows`` are the feature ids of the file, ``crs`` what the file says (an authority code or
    WKT), ``had_z`` whether a third coordinate was dropped, ``warnings`` what GDAL remarked.
    """

    layer: str
    crs: str | None
    geometry: GeometryArray
    rows: tuple[int, ...]
    attributes: tuple[Mapping[str, Any], ...]
    had_z: bool = False
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)


@contextmanager
def translated(name: str, layer: str | None = None) -> Iterator[list[str]]:
    """Collect a library's warnings in a list and turn any of its failures into InputError E206.

    Reading libraries raise errors of every family on damaged files (IndexError, KeyError,
    UnicodeDecodeError …), so everything but our own errors is translated here.
    """
    remarks: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield remarks
        except MinplanError:
            raise
        except Exception as error:
            raise InputError(
                "E206",
                Text(f"{name} 已损坏或不完整，读不出来", f"{name} is damaged or incomplete"),
                place=Place(file=name, layer=layer),
                hint=Text(
                    f"请重新导出或重新传输（读取程序的说明：{_brief(error)}）",
                    f"export or send it again (the reader says: {_brief(error)})",
                ),
            ) from error
        finally:
            remarks.extend(str(item.message) for item in caught)


def _brief(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 160 else text[:157] + "…"
