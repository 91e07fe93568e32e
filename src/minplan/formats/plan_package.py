"""Read a plan package (规划数据包): a directory of TOML and CSV files and an optional GeoPackage.

The files are described in docs/reference/plan-package.md. Reading only: what the rows mean and
whether they are right is decided by :mod:`minplan.core.plan.build`.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio.raw
import shapely

from minplan.core.errors import Faults, MinplanError, PlanDataError
from minplan.core.geometry.crs import CoordinateSystem, Datum, to_lonlat
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.geometry.repair import densify
from minplan.core.plan.build import build
from minplan.core.plan.model import PlanSnapshot
from minplan.core.plan.package import GEOMETRY, PlanFiles, ZoneGeometry, file_specs
from minplan.core.plan.rows import Row, Table, fault
from minplan.core.text import Text
from minplan.formats.coordinate_system import recognise
from minplan.formats.gdal import list_layers, translated

TABLES_FOLDER: Final = "tables"
ZONES_LAYER: Final = "zones"
_IGNORED_SUFFIXES: Final = (".md", ".gpkg-wal", ".gpkg-shm")
_TRUE: Final = (True, 1, "1", "true", "是")


def load_plan(directory: str | Path) -> PlanSnapshot:
    """Read and validate a plan package.

    Raises :class:`~minplan.core.errors.Faults` with every fault of every file (E402–E418), and
    :class:`~minplan.core.errors.PlanDataError` E401 when the directory is not there.
    """
    root = Path(directory)
    if not root.is_dir():
        raise PlanDataError(
            "E401",
            Text(f"没有规划数据包目录 {root}", f"there is no plan package directory {root}"),
            hint=Text("给出含有 plan.toml 的目录", "name the directory that holds plan.toml"),
        )
    faults: list[MinplanError] = []
    files = _read_files(root, faults)
    try:
        snapshot = build(files)
    except Faults as error:
        unreadable = {item.place.file for item in faults}
        faults += [item for item in error.faults if item.place.file not in unreadable]
    if faults:
        raise Faults(faults)
    return snapshot


def _read_files(root: Path, faults: list[MinplanError]) -> PlanFiles:
    tables: dict[str, Table] = {}
    documents: dict[str, Mapping[str, Any]] = {}
    further: dict[str, Table] = {}
    geometry: dict[str, ZoneGeometry] = {}
    known = file_specs()
    for path in _paths(root):
        name = path.relative_to(root).as_posix()
        try:
            if name == GEOMETRY:
                geometry = _read_geometry(path, faults)
            elif path.parent.name == TABLES_FOLDER and path.suffix == ".csv":
                further[name] = _read_csv(path, name, faults)
            elif name not in known:
                faults.append(_unknown_file(name))
            elif path.suffix == ".toml":
                documents[name] = _read_toml(path, name)
            else:
                tables[name] = _read_csv(path, name, faults)
        except MinplanError as error:
            faults.append(error)
    return PlanFiles(tables, documents, further, geometry)


def _paths(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if (
            path.is_file()
            and not path.name.startswith(".")
            and path.suffix not in _IGNORED_SUFFIXES
        ):
            yield path


def _unknown_file(name: str) -> MinplanError:
    listed = " ".join((*file_specs(), GEOMETRY, f"{TABLES_FOLDER}/*.csv"))
    return fault(
        "E404",
        Text(f"{name} 不是规划数据包的文件", f"{name} is not a file of a plan package"),
        file=name,
        hint=Text(f"改正文件名或移走；可用：{listed}", f"rename or remove it; known: {listed}"),
    )


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fault(
            "E403",
            Text(f"{name} 不是 UTF-8 编码", f"{name} is not UTF-8"),
            file=name,
            hint=Text("另存为“CSV UTF-8”", "save it as CSV UTF-8"),
        ) from error


def _read_toml(path: Path, name: str) -> dict[str, Any]:
    try:
        document = tomllib.loads(_text(path, name))
    except tomllib.TOMLDecodeError as error:
        raise fault(
            "E403",
            Text(f"{name} 不合 TOML 语法：{error}", f"{name} is not valid TOML: {error}"),
            file=name,
            hint=Text("检查引号、方括号和等号", "check quotes, brackets and equals signs"),
        ) from error
    entries = file_specs()[name].entries
    listed = document.get(entries, []) if entries else []
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise fault(
            "E403",
            Text(f"{entries} 应写成 [[{entries}]]", f"write {entries} as [[{entries}]]"),
            file=name,
            field=entries,
            hint=Text("用双方括号逐项列出", "list each entry under double brackets"),
        )
    return document


def _read_csv(path: Path, name: str, faults: list[MinplanError]) -> Table:
    lines = csv.reader(_text(path, name).splitlines(keepends=True), strict=True)
    try:
        records = [(number, record) for number, record in enumerate(lines, start=1) if any(record)]
    except csv.Error as error:
        raise fault(
            "E403",
            Text(f"{name} 不合 CSV 格式：{error}", f"{name} is not valid CSV: {error}"),
            file=name,
            row=lines.line_num,
            hint=Text("检查这一行的引号", "check the quotation marks of this line"),
        ) from error
    if not records:
        raise fault(
            "E403",
            Text(f"{name} 是空文件", f"{name} is empty"),
            file=name,
            hint=Text("第一行写列名", "write the column names in the first line"),
        )
    columns = tuple(cell.strip() for cell in records[0][1])
    repeated = sorted({column for column in columns if columns.count(column) > 1})
    if repeated:
        raise fault(
            "E403",
            Text(f"列名“{repeated[0]}”重复", f"column “{repeated[0]}” is there twice"),
            file=name,
            row=1,
            field=repeated[0],
            hint=Text("每列用不同的名字", "give each column a name of its own"),
        )
    rows = []
    for number, record in records[1:]:
        if len(record) != len(columns):
            faults.append(_wrong_width(name, number, len(record), len(columns)))
            continue
        rows.append(Row(name, number, dict(zip(columns, record, strict=True))))
    return Table(name, columns, tuple(rows))


def _wrong_width(name: str, number: int, found: int, wanted: int) -> MinplanError:
    return fault(
        "E417",
        Text(
            f"此行有 {found} 格，表头有 {wanted} 列",
            f"this row has {found} cells, the header {wanted}",
        ),
        file=name,
        row=number,
        hint=Text(
            "正文里的逗号用全角，或给该格加引号",
            "put quotation marks around a cell that holds a comma",
        ),
    )


def _read_geometry(path: Path, faults: list[MinplanError]) -> dict[str, ZoneGeometry]:
    if ZONES_LAYER not in list_layers(path, GEOMETRY):
        raise _bad_geometry(
            Text(f"没有图层 {ZONES_LAYER}", f"there is no layer {ZONES_LAYER}"),
            Text(f"把图层命名为 {ZONES_LAYER}", f"name the layer {ZONES_LAYER}"),
        )
    with translated(GEOMETRY, ZONES_LAYER):
        meta, _, wkb, columns = pyogrio.raw.read(path, layer=ZONES_LAYER)
        shapes = np.asarray(shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore")))
    fields = dict(zip(map(str, meta["fields"]), columns, strict=True))
    system = recognise(meta["crs"] or "")
    if not isinstance(system, CoordinateSystem) or system.datum is not Datum.CGCS2000:
        raise _bad_geometry(
            Text("坐标系不是2000国家大地坐标系", "the coordinate system is not CGCS2000"),
            Text("先转换到 CGCS2000 再放入", "convert it to CGCS2000 first"),
        )
    if "code" not in fields:
        raise _bad_geometry(
            Text("图层没有 code 字段", "the layer has no field code"),
            Text("增加 code 字段，填分区编号", "add a field code with the code of the zone"),
            "code",
        )
    schematic = fields.get("schematic", np.zeros(len(shapes), dtype=bool))
    found: dict[str, ZoneGeometry] = {}
    for row, (code, shape, flag) in enumerate(
        zip(fields["code"], shapes, schematic, strict=True), start=1
    ):
        if wrong := _unusable(str(code or ""), shape, found):
            faults.append(_bad_geometry(*wrong, "code", row))
            continue
        ground = Polygonal(_lonlat(shape, system), source=GEOMETRY)
        found[str(code)] = ZoneGeometry(ground, flag in _TRUE)
    return found


def _lonlat(shape: Any, system: CoordinateSystem) -> Any:
    """In lon/lat; edges straight in a projection get enough points to stay where they are."""
    if not system.is_projected:
        return shape
    plain = shapely.transform(shape, lambda c: to_lonlat(system, c[:, 0], c[:, 1]))
    return densify(plain, system)


def _unusable(code: str, shape: Any, found: Mapping[str, ZoneGeometry]) -> tuple[Text, Text] | None:
    if not code:
        return (
            Text("图形没有编号", "a geometry has no code"),
            Text("在 code 字段填分区编号", "fill the field code"),
        )
    if code in found:
        return (
            Text(f"编号“{code}”有两个图形", f"code “{code}” has two geometries"),
            Text("合并成一个多部分图形", "merge them into one multipart geometry"),
        )
    if shape is None or shapely.is_empty(shape) or shapely.get_dimensions(shape) != 2:
        return (
            Text(f"“{code}”的图形不是面", f"the geometry of “{code}” is not a polygon"),
            Text("只放面图形", "put polygons only"),
        )
    if not shapely.is_valid(shape):
        reason = shapely.is_valid_reason(shape)
        return (
            Text(f"“{code}”的图形无效：{reason}", f"the geometry of “{code}”: {reason}"),
            Text("在 GIS 软件里修复自相交后再放入", "mend it in a GIS first"),
        )
    return None


def _bad_geometry(
    message: Text, hint: Text, field: str | None = None, row: int | None = None
) -> MinplanError:
    return fault("E416", message, file=GEOMETRY, field=field, row=row, hint=hint)
