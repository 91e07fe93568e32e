"""Write a VCT file: version 3.0, polygons as rings of coordinates, features streamed.

Geometry and rows are spooled to files of their own, because the head names the extent and the
separator, which only the last feature settles.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import shapely

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.text import Text
from minplan.formats.drivers.model import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    LayerStream,
    WriteOptions,
    WriteReport,
)
from minplan.formats.vct.bodies import FITTING, bodies
from minplan.formats.vct.head import head_lines
from minplan.formats.vct.schema import Section, column_line
from minplan.formats.vct.values import writer_of

#: Separators in the order of preference; no byte of them is part of a GBK character but the last.
_SEPARATORS: Final = (",", ";", "#", "$", "&", "*", "!", "|")
#: Stands for the separator until it is known.
_UNIT: Final = "\x1f"
_SECTIONS: Final = {
    GeometryType.POINT: Section.POINT,
    GeometryType.LINE: Section.LINE,
    GeometryType.POLYGON: Section.POLYGON,
}
#: The first code that is given to layers without an element code (要素代码) of their own.
_FIRST_CODE: Final = 9_000_000_100
_CODE_COLUMN: Final = "YSDM"
_CHUNK: Final = 1 << 20
#: Lines that end a section are no names.
_RESERVED: Final = ("", "attributeend", "tablestructureend", "commentbegin")


@dataclass(slots=True)
class _Layer:
    name: str
    columns: tuple[Column, ...]
    section: Section | None
    rows: IO[str]
    code: str = ""
    count: int = 0
    longest: dict[str, int] = field(default_factory=dict)


def write(path: Path, streams: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    """Write all layers to one file.

    ``options.encoding`` is UTF-8, GB18030 or GBK. Raises InputError E237 for what the format
    cannot hold: line breaks in text, layers in several coordinate systems, mixed geometry.
    """
    with ExitStack() as stack:
        writer = _Writer(path, options.encoding, stack)
        for stream in streams:
            writer.add(stream)
        return writer.finish()


class _Writer:
    def __init__(self, path: Path, encoding: str, stack: ExitStack) -> None:
        self._path = path
        self._encoding = encoding
        self._stack = stack
        self._layers: dict[str, _Layer] = {}
        self._bodies = {section: self._spool() for section in _SECTIONS.values()}
        self._free = list(_SEPARATORS)
        self._systems: set[CoordinateSystem | None] = set()
        self._extent: np.ndarray[Any, np.dtype[np.float64]] | None = None
        self._next = 1
        self._report = WriteReport([path])

    def add(self, stream: LayerStream) -> None:
        """Spool one layer."""
        layer = self._start(stream.head)
        for table in stream.batches:
            self._batch(layer, table)
        self._report.counts[layer.name] = layer.count
        self._report.names[layer.name] = {column.name: column.name for column in layer.columns}

    def finish(self) -> WriteReport:
        """Put the file together beside its place, then move it there."""
        separator = self._free[0]
        part = self._path.with_name(f".{self._path.name}.part")
        try:
            with part.open("w", encoding=self._encoding, newline="\n") as file:
                self._put(file, separator)
            part.replace(self._path)
        except (UnicodeEncodeError, LookupError) as error:
            raise self._unencodable(error) from error
        finally:
            part.unlink(missing_ok=True)
        if separator != ",":
            self._note(
                Text(
                    f"属性值含逗号，分隔符改用“{separator}”（写在文件头）",
                    f"values hold commas, so the separator is {separator!r}, as the head says",
                )
            )
        return self._report

    def _spool(self) -> IO[str]:
        return self._stack.enter_context(
            tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="\n")
        )

    def _note(self, message: Text, layer: str | None = None) -> None:
        place = Place(self._path.name, layer)
        self._report.remarks.append(Remark("E238", Level.INFO, message, place=place))

    def _start(self, head: FeatureTable) -> _Layer:
        words = [head.name, *(column.name for column in head.columns)]
        for word in words:
            if word != word.strip() or not word.isprintable() or word.lower() in _RESERVED:
                raise self._fault(
                    f"名称“{word}”不能用：为空，或含有首尾空格、控制字符",
                    f"the name {word!r} cannot be used: it is empty, padded or unprintable",
                    Place(layer=head.name),
                    Text("请改名后再导出", "rename it and export again"),
                )
        self._avoid("".join(words), head.name)
        if head.name in self._layers:
            raise self._fault(
                f"图层“{head.name}”出现两次", f"layer {head.name!r} is there twice", Place()
            )
        section = _SECTIONS.get(head.geometry_type) if head.geometry_type else None
        if head.geometry_type is GeometryType.MIXED:
            raise self._fault(
                "VCT 的图层只能有一种几何类型",
                "a layer of a VCT holds one geometry type",
                Place(layer=head.name),
                Text(
                    "请按点、线、面分成几个图层", "make a layer each of points, lines and polygons"
                ),
            )
        layer = _Layer(head.name, head.columns, section, self._spool())
        layer.code = self._code(head) if section else ""
        self._layers[head.name] = layer
        for column in head.columns:
            if column.type is ColumnType.BOOLEAN:
                self._note(
                    Text(
                        f"VCT 没有逻辑型：字段 {column.name} 写为 0、1",
                        f"VCT has no booleans: {column.name} is written as 0 and 1",
                    ),
                    head.name,
                )
        return layer

    def _code(self, head: FeatureTable) -> str:
        """The layer's own element code where its first feature has one, else one in sequence."""
        taken = {layer.code for layer in self._layers.values()}
        first = next(iter(head.values.get(_CODE_COLUMN, ())), None)
        if isinstance(first, str) and first.isascii() and first.isalnum() and first not in taken:
            return first
        code = _FIRST_CODE
        while str(code) in taken:
            code += 100
        return str(code)

    def _batch(self, layer: _Layer, table: FeatureTable) -> None:
        first = self._next
        self._next += len(table)
        numbers = range(first, self._next)
        self._write_rows(layer, table, numbers)
        layer.count += len(table)
        if layer.section is None or table.geometry is None:
            return
        if table.system is None and table.crs_wkt:
            raise self._fault(
                "VCT 只能写经纬度或高斯-克吕格投影",
                "a VCT holds lon/lat or Gauss-Krüger coordinates",
                Place(layer=layer.name),
                Text("请先转换坐标系", "convert the coordinate system first"),
            )
        self._systems.add(table.system)
        if len(self._systems) > 1:
            raise self._fault(
                "一个 VCT 文件只有一个坐标系，各图层不一致",
                "a VCT has one coordinate system, these layers have several",
                Place(layer=layer.name),
                Text("请先转换为同一坐标系", "convert them to one system first"),
            )
        self._write_shapes(layer, table, numbers)

    def _write_rows(self, layer: _Layer, table: FeatureTable, numbers: range) -> None:
        columns = [self._column_text(layer, table, column) for column in layer.columns]
        rows = zip(map(str, numbers), *columns, strict=True)
        text = "\n".join(map(_UNIT.join, rows))
        if not text:
            return
        self._avoid(text, layer.name)
        layer.rows.write(text + "\n")

    def _avoid(self, text: str, layer: str) -> None:
        """Leave separators out that stand in ``text``."""
        self._free = [mark for mark in self._free if mark not in text]
        if not self._free:
            raise self._fault(
                f"属性值用尽了可作分隔符的标点 {' '.join(_SEPARATORS)}",
                f"values hold every possible separator: {' '.join(_SEPARATORS)}",
                Place(layer=layer),
                Text("请从属性值中去掉其中一种标点", "take one of these signs out of the values"),
            )

    def _column_text(self, layer: _Layer, table: FeatureTable, column: Column) -> list[str]:
        write_value = writer_of(column)
        texts = []
        for index, value in enumerate(table.values[column.name]):
            try:
                text = "" if value is None else write_value(value)
            except (TypeError, ValueError, OverflowError) as error:
                raise self._bad_value(layer, table, column, index, value) from error
            if not text.isprintable() and any(sign < " " for sign in text):
                raise self._bad_value(layer, table, column, index, value)
            texts.append(text)
        longest = max(map(len, texts), default=0)
        layer.longest[column.name] = max(longest, layer.longest.get(column.name, 0))
        return texts

    def _bad_value(
        self, layer: _Layer, table: FeatureTable, column: Column, index: int, value: Any
    ) -> InputError:
        return self._fault(
            f"VCT 写不下这个值：{str(value)[:40]!r}",
            f"a VCT cannot hold this value: {str(value)[:40]!r}",
            Place(layer=layer.name, row=table.first_row + index, field=column.name),
            Text(
                "请去掉值里的换行和控制字符，并检查类型",
                "take line breaks and control characters out, and check the type",
            ),
        )

    def _write_shapes(self, layer: _Layer, table: FeatureTable, numbers: range) -> None:
        assert table.geometry is not None
        assert layer.section is not None
        full = np.flatnonzero(
            ~(shapely.is_missing(table.geometry) | shapely.is_empty(table.geometry))
        )
        shapes = table.geometry[full]
        for index, shape in zip(full, shapes, strict=True):
            if shape.geom_type not in FITTING[layer.section]:
                raise self._fault(
                    f"{shape.geom_type} 不能写入 {layer.section.value} 图层",
                    f"a {shape.geom_type} does not fit a layer of {layer.section.value}",
                    Place(layer=layer.name, row=table.first_row + int(index)),
                )
        lines: list[str] = []
        for index, body in zip(full, bodies(layer.section, shapes), strict=True):
            lines += [str(numbers[index]), layer.code, "Unknown", *body, "0"]
        if not lines:
            return
        self._grow(layer, table)
        self._bodies[layer.section].write("\n".join(lines) + "\n")

    def _grow(self, layer: _Layer, table: FeatureTable) -> None:
        points = shapely.get_coordinates(table.geometry)
        if not np.isfinite(points).all():
            raise self._fault(
                "坐标里有不是数的值", "coordinates that are no numbers", Place(layer=layer.name)
            )
        own = np.concatenate([points.min(axis=0), points.max(axis=0)])
        if self._extent is not None:
            own = np.concatenate(
                [np.minimum(own[:2], self._extent[:2]), np.maximum(own[2:], self._extent[2:])]
            )
        self._extent = own

    def _put(self, file: IO[str], separator: str) -> None:
        west, south, east, north = (
            self._extent.tolist() if self._extent is not None else (0.0, 0.0, 0.0, 0.0)
        )
        system = next(iter(self._systems), None)
        spatial = [layer for layer in self._layers.values() if layer.section]
        _put_lines(file, head_lines(system, (west, south, east, north), separator))
        codes = [
            separator.join([layer.code, layer.name, layer.section.value, layer.name])
            for layer in spatial
            if layer.section
        ]
        _put_lines(file, ["FeatureCodeBegin", *codes, "FeatureCodeEnd"])
        _put_lines(file, ["TableStructureBegin", *self._structures(separator), "TableStructureEnd"])
        for section, body in self._bodies.items():
            _put_spool(file, section.value, body, ",", separator)
        _put_lines(file, ["AttributeBegin"], end="")
        for layer in self._layers.values():
            if layer.count:
                file.write(f"{layer.name}\n")
                _copy(layer.rows, file, _UNIT, separator)
                file.write("TableEnd\n")
        _put_lines(file, ["AttributeEnd"])

    def _structures(self, separator: str) -> Iterator[str]:
        for layer in self._layers.values():
            yield f"{layer.name}{separator}{len(layer.columns)}"
            for column in layer.columns:
                yield column_line(column, layer.longest.get(column.name, 0), separator)
            yield "0"

    def _fault(self, zh: str, en: str, place: Place, hint: Text | None = None) -> InputError:
        own = Place(self._path.name, place.layer, place.row, place.field)
        return InputError("E237", Text(zh, en), place=own, hint=hint)

    def _unencodable(self, error: UnicodeEncodeError | LookupError) -> InputError:
        what = ""
        if isinstance(error, UnicodeEncodeError):
            what = error.object[error.start : error.start + 1]
        return self._fault(
            f"编码 {self._encoding} 写不下“{what}”",
            f"the encoding {self._encoding} cannot hold {what!r}",
            Place(),
            Text("请改用 GB18030 或 UTF-8", "use GB18030 or UTF-8"),
        )


def _put_lines(file: IO[str], lines: Sequence[str], end: str = "\n") -> None:
    file.write("\n".join(lines) + "\n" + end)


def _put_spool(file: IO[str], name: str, body: IO[str], old: str, new: str) -> None:
    file.write(f"{name}Begin\n")
    _copy(body, file, old, new)
    file.write(f"{name}End\n\n")


def _copy(source: IO[str], target: IO[str], old: str, new: str) -> None:
    source.seek(0)
    if old == new:
        shutil.copyfileobj(source, target, _CHUNK)
        return
    while chunk := source.read(_CHUNK):
        target.write(chunk.replace(old, new))
