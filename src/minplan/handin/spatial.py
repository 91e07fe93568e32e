"""The database part of a hand-in: layers and tables in one of the four formats.

Every format holds all features: what it has no room for goes to the workbook of tables beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from minplan.core.errors import InputError
from minplan.core.geometry.corners import Remark
from minplan.core.standard.model import FieldType, Spec
from minplan.core.text import Text
from minplan.formats.features import FeatureTable, write_features
from minplan.handin.columns import table_of
from minplan.handin.contents import Contents
from minplan.handin.names import Names
from minplan.handin.styles import add_styles

#: Keys of the formats of a hand-in, with their names.
FORMATS: Final = {
    "gdb": Text("文件地理数据库（GDB）", "file geodatabase (GDB)"),
    "shp": Text("Shapefile", "shapefiles"),
    "gpkg": Text("GeoPackage", "GeoPackage"),
    "vct": Text("VCT 3.0", "VCT 3.0"),
}

Advance = Callable[[str, int], None]

#: Code of the error for a value that a column or its encoding cannot hold.
_NOT_ENCODABLE: Final = "E228"


@dataclass(slots=True)
class Written:
    """Which file holds which layer, and what the formats remarked."""

    places: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def add(self, code: str, path: PurePosixPath) -> None:
        """Note that a file (by its path in the folder) holds features of a layer."""
        self.places.setdefault(code, []).append(path.as_posix())


@dataclass(frozen=True, slots=True)
class _Writer:
    contents: Contents
    names: Names
    root: Path
    advance: Advance
    written: Written

    def tables(
        self, specs: Iterator[Spec] | tuple[Spec, ...], *, named: str | None, drawn: bool | None
    ) -> Iterator[FeatureTable]:
        """Batches of several layers; ``named`` is the grammar of their names, None the code."""
        for spec in specs:
            name = self.names.of(named, layer=spec.code) if named else spec.code
            row = 1
            for batch in self.contents.batches(spec.code, drawn=drawn):
                yield table_of(spec, batch, name=name, first_row=row)
                row += len(batch)
                self.advance(spec.code, len(batch))

    def write(
        self,
        path: PurePosixPath,
        tables: Iterator[FeatureTable],
        key: str,
        encoding: str = "UTF-8",
    ) -> None:
        """Write one file or folder below the root."""
        report = write_features(self.root / path, tables, driver=key, encoding=encoding)
        self.written.remarks.extend(report.remarks)


def write_database(
    contents: Contents, names: Names, root: Path, key: str, advance: Advance
) -> Written:
    """Write the layers and tables of a plan below ``root`` in a format of :data:`FORMATS`."""
    writer = _Writer(contents, names, root, advance, Written())
    folder = names.folder_of("layers")
    if key in ("gdb", "gpkg"):
        _whole(writer, folder / f"{names.of('database')}.{key}", key)
    elif key == "shp":
        _shapefiles(writer, folder)
    else:
        _exchange_file(writer, folder / f"{names.of('database')}.vct")
    return writer.written


def _whole(writer: _Writer, path: PurePosixPath, key: str) -> None:
    """One file holds everything."""
    contents = writer.contents
    specs: tuple[Spec, ...] = (*contents.layers, *contents.tables)
    writer.write(path, writer.tables(specs, named=None, drawn=None), key)
    for spec in specs:
        writer.written.add(spec.code, path)
    if key == "gpkg":
        names = {spec.code: spec.code for spec in contents.layers}
        add_styles(writer.root / path, contents.edition, names)


def _shapefiles(writer: _Writer, folder: PurePosixPath) -> None:
    """A shapefile a layer, a DBF a table; tables with long texts go to the workbook."""
    contents = writer.contents
    long = [spec for spec in contents.tables if _has_long_text(spec)]
    short = [spec for spec in contents.tables if spec not in long]
    for specs, what, place in (
        (contents.layers, "layer", folder),
        (tuple(short), "table", writer.names.folder_of("tables")),
    ):
        for spec in specs:
            path = place / f"{writer.names.of(what, layer=spec.code)}.shp"
            _shapefile(writer, spec, what, path)
            kept = path if what == "layer" else path.with_suffix(".dbf")
            writer.written.add(spec.code, kept)
    _workbook(writer, tuple(long), drawn=None)


def _shapefile(writer: _Writer, spec: Spec, what: str, path: PurePosixPath) -> None:
    """In GBK, as fields are measured and as offices expect; in its superset where it must be."""
    try:
        writer.write(path, writer.tables((spec,), named=what, drawn=None), "shp", "GBK")
    except InputError as error:
        if error.code != _NOT_ENCODABLE:
            raise
        writer.write(path, writer.tables((spec,), named=what, drawn=None), "shp", "GB18030")


def _exchange_file(writer: _Writer, path: PurePosixPath) -> None:
    """The layers as one VCT; tables, and features that are not drawn, in the workbook."""
    contents = writer.contents
    drawn = [s for s in contents.layers if contents.undrawn(s.code) < contents.counts[s.code]]
    undrawn = [spec for spec in contents.layers if contents.undrawn(spec.code)]
    writer.write(path, writer.tables(tuple(drawn), named=None, drawn=True), "vct")
    for spec in drawn:
        writer.written.add(spec.code, path)
    _workbook(writer, (*undrawn, *contents.tables), drawn=False)


def _workbook(writer: _Writer, specs: tuple[Spec, ...], *, drawn: bool | None) -> None:
    """Tables as sheets of one workbook, layers without geometry among them."""
    if not specs:
        return
    path = writer.names.folder_of("tables") / f"{writer.names.of('database')}.xlsx"
    tables = writer.tables(specs, named=None, drawn=drawn)
    writer.write(path, map(_without_geometry, tables), "xlsx")
    for spec in specs:
        writer.written.add(spec.code, path)


def _without_geometry(table: FeatureTable) -> FeatureTable:
    return FeatureTable(table.name, table.columns, table.values, first_row=table.first_row)


def _has_long_text(spec: Spec) -> bool:
    return any(item.type is FieldType.TEXT for item in spec.fields)
