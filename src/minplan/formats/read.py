"""One way in for every input: a file of any kind, or pasted text, read as blocks."""

from __future__ import annotations

import importlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.text import Text
from minplan.formats.archive import unpack
from minplan.formats.detect import Kind, detect
from minplan.formats.reading import InputBlock, InputOptions, InputReading
from minplan.formats.tabular import read_text

#: A bigger file is a layer, not a proposal (design).
_MAX_BYTES: Final = 512 << 20
_PATH_LIKE: Final = re.compile(r"[^\n\t,;，；、|]{1,255}\.[A-Za-z][A-Za-z0-9]{1,7}")
#: Kinds that may lie beside the drawings of an archive without holding coordinates.
_BESIDE: Final = (Kind.TEXT, Kind.CSV, Kind.EXCEL, Kind.WORD)
_COMPANIONS: Final = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".qmd"}
_NO_CORNERS: Final = ("E110", "E202", "E161", "E145")

Reader = Callable[[Path, str, InputOptions], Sequence[InputBlock]]

# Module and function of each reader; a module is imported when its format is met, because
# GDAL, openpyxl and python-docx take longer to import than a corner list takes to read.
_READERS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.TEXT: ("tabular", "read_text_file"),
    Kind.CSV: ("tabular", "read_csv"),
    Kind.EXCEL: ("excel", "read_excel"),
    Kind.WORD: ("word", "read_word"),
    Kind.SHAPEFILE: ("layered", "read_shapefile"),
    Kind.GEOPACKAGE: ("layered", "read_geopackage"),
    Kind.GEOJSON: ("layered", "read_geojson"),
    Kind.KML: ("layered", "read_kml"),
    Kind.DXF: ("layered", "read_dxf"),
    Kind.GEODATABASE: ("layered", "read_geodatabase"),
    Kind.FLATGEOBUF: ("layered", "read_flatgeobuf"),
    Kind.VCT: ("exchange", "read_vct"),
    Kind.MAPGIS: ("exchange", "read_mapgis"),
}


def _reader(kind: Kind) -> Reader:
    module, function = _READERS[kind]
    reader: Reader = getattr(importlib.import_module(f"minplan.formats.{module}"), function)
    return reader


def read_input(source: Path | str, options: InputOptions | None = None) -> InputReading:
    """Read blocks from a file (or geodatabase folder) or from pasted text.

    A string that names an existing file is read as that file, any other as text.

    Raises :class:`~minplan.core.errors.InputError`: E201 no such file, E161 a kind that is not
    read (with the way to convert it), E202–E219 for files, E1xx for coordinates.
    """
    options = options or InputOptions()
    path = _path_of(source)
    if path is None:
        return _finish("", Kind.TEXT, read_text(str(source), "", options))
    _check_size(path)
    kind = detect(path)
    if kind is Kind.ARCHIVE:
        with tempfile.TemporaryDirectory(prefix="minplan-") as folder:
            return _read_archive(path, Path(folder), options)
    return _finish(path.name, kind, _reader(kind)(path, path.name, options))


def read_bytes(data: bytes, name: str, options: InputOptions | None = None) -> InputReading:
    """Read what was uploaded or piped in: bytes of a file that was called ``name`` (or nothing)."""
    with tempfile.TemporaryDirectory(prefix="minplan-") as folder:
        path = Path(folder) / (Path(name).name or "stdin")
        path.write_bytes(data)
        return read_input(path, options)


def _path_of(source: Path | str) -> Path | None:
    if isinstance(source, Path):
        found = source
    elif "\n" in source or len(source) > 1024 or not source.strip():
        return None
    else:
        found = Path(source.strip())
    try:
        exists = found.exists()
    except (OSError, ValueError):
        exists = False
    if exists or isinstance(source, Path) or _PATH_LIKE.fullmatch(source.strip()):
        return found
    return None


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise InputError(
            "E201",
            Text(f"找不到文件 {path}", f"there is no file {path}"),
            place=Place(file=str(path)),
            hint=Text("请检查路径", "check the path"),
        ) from error
    if path.is_file() and size > _MAX_BYTES:
        raise InputError(
            "E203",
            Text(
                f"{path.name} 有 {size >> 20} MB，像是管控图层而不是申请范围",
                f"{path.name} has {size >> 20} MB: a layer, not a proposal",
            ),
            place=Place(file=path.name),
            hint=Text("管控图层请用 minplan layers add 入库", "add it with: minplan layers add"),
        )


# -- archives -------------------------------------------------------------------------------------


def _read_archive(path: Path, folder: Path, options: InputOptions) -> InputReading:
    unpack(path, folder, name=path.name)
    blocks: list[InputBlock] = []
    skipped: list[str] = []
    first: InputError | None = None
    kinds: list[Kind] = []
    for member in members(folder):
        name = f"{path.name}/{member.relative_to(folder)}"
        if options.layer is not None and options.layer in (member.stem, member.name):
            blocks, skipped = [], []
            return _finish(path.name, Kind.ARCHIVE, _read_member(member, name, _whole(options))[1])
        try:
            kind, found = _read_member(member, name, options)
        except InputError as error:
            if not is_passed_over(member, error):
                raise
            skipped.append(member.name)
            first = first or error
            continue
        kinds.append(kind)
        blocks += found
    if not blocks:
        raise first or _nothing(path.name)
    blocks, repeated = _distinct(blocks)
    remarks = [*repeated, *([_skipped(skipped, path.name)] if skipped else [])]
    kind = kinds[0] if len(set(kinds)) == 1 else Kind.ARCHIVE
    return _finish(path.name, kind, blocks, remarks)


def _whole(options: InputOptions) -> InputOptions:
    return replace(options, layer=None)


def _read_member(
    member: Path, name: str, options: InputOptions
) -> tuple[Kind, Sequence[InputBlock]]:
    kind = detect(member)
    if kind is Kind.ARCHIVE:
        raise _nothing(name)
    return kind, _reader(kind)(member, name, options)


def members(folder: Path) -> Iterator[Path]:
    """Files to try, companions left out; a geodatabase is its folder, drawings come first."""
    geodatabases = sorted({item.parent for item in folder.rglob("*.gdbtable")})
    yield from geodatabases
    files = [
        item
        for item in sorted(folder.rglob("*"))
        if item.is_file() and not any(item.is_relative_to(gdb) for gdb in geodatabases)
    ]
    shapes = {item.with_suffix("").as_posix().lower() for item in files if _suffix(item) == ".shp"}
    for item in files:
        stem = item.with_suffix("").as_posix().lower()
        beside = _suffix(item) in _COMPANIONS and stem in shapes
        if not beside and not item.name.lower().endswith(".shp.xml"):
            yield item


def _suffix(path: Path) -> str:
    return path.suffix.lower()


def is_passed_over(member: Path, error: MinplanError) -> bool:
    """Whether a member may be passed over: a text without corners, or no spatial file.

    A map of MapGIS is several files, of which those of points and lines bound nothing.
    """
    if error.code == "E207":
        return _is_mapgis(member)
    if error.code not in _NO_CORNERS:
        return False
    try:
        return detect(member) in _BESIDE
    except InputError:
        return True


def _is_mapgis(member: Path) -> bool:
    try:
        return detect(member) is Kind.MAPGIS
    except InputError:
        return False


def _nothing(name: str) -> InputError:
    return InputError(
        "E207",
        Text(f"{name} 中没有可读取的图形或坐标", f"{name} holds nothing that can be read"),
        place=Place(file=name),
        hint=Text(
            "请放入 Shapefile、GDB、GeoPackage、DXF、KML、Excel 或坐标文本",
            "put a shapefile, GDB, GeoPackage, DXF, KML, Excel file or corner text into it",
        ),
    )


# -- the whole reading ----------------------------------------------------------------------------


def _finish(
    source: str, kind: Kind, blocks: Sequence[InputBlock], remarks: Sequence[Remark] = ()
) -> InputReading:
    said = list(remarks)
    if len(blocks) > 1:
        layers = len({(block.place.file, block.place.layer) for block in blocks})
        said.append(
            Remark(
                "E162",
                Level.INFO,
                Text(
                    f"找到 {layers} 个图层、{len(blocks)} 个区块。",
                    f"{layers} layer(s) with {len(blocks)} blocks.",
                ),
                place=Place(file=source or None),
            )
        )
    return InputReading(source, kind, tuple(blocks), tuple(said))


def _distinct(blocks: Sequence[InputBlock]) -> tuple[list[InputBlock], list[Remark]]:
    """Blocks with equal ground once; the archive may hold the same range in several formats."""
    seen: dict[str, InputBlock] = {}
    remarks = []
    for block in blocks:
        twin = seen.setdefault(block.polygonal.fingerprint, block)
        if twin is not block:
            remarks.append(
                Remark(
                    "E163",
                    Level.INFO,
                    Text(
                        f"{block.polygonal.source} 与 {twin.polygonal.source} 范围相同，只取一个。",
                        f"{block.polygonal.source} equals {twin.polygonal.source}; read once.",
                    ),
                    place=block.place,
                    applied=True,
                )
            )
    return list(seen.values()), remarks


def _skipped(names: Sequence[str], source: str) -> Remark:
    listed = "、".join(names[:8])
    return Remark(
        "E161",
        Level.INFO,
        Text(
            f"压缩包内未读取：{listed}（没有坐标或不支持）。",
            f"Not read from the archive: {listed} (no coordinates, or not supported).",
        ),
        place=Place(file=source),
    )
