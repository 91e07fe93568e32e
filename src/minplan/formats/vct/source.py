"""An opened VCT file: layers are the tables of its feature codes, features join by number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.geometry.layer import GeometryArray
from minplan.core.text import Text
from minplan.formats.drivers.model import (
    BATCH_SIZE,
    Column,
    ColumnType,
    FeatureTable,
    LayerDescription,
    OpenOptions,
    object_array,
)
from minplan.formats.vct.attributes import Rows
from minplan.formats.vct.cursor import Cursor, fault, shown
from minplan.formats.vct.head import read_head
from minplan.formats.vct.records import Reader, Record
from minplan.formats.vct.scan import IdArray, Places, scan
from minplan.formats.vct.schema import (
    FeatureCode,
    Lines,
    Section,
    read_codes,
    read_structures,
)
from minplan.formats.vct.shapes import Shapes

#: The column of an annotation's text where its table has none (注记内容).
_TEXT: Final = Column("ZJNR", ColumnType.TEXT)
#: Coordinate lines that are understood at once, and how many a referenced line is taken to have.
_PORTION: Final = 200_000
_LINE_LENGTH: Final = 50


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer: ``features`` pairs rows of attributes with records of geometry, −1 for none.

    ``text`` tells that the last column is the text of annotations, which no row holds.
    """

    name: str
    section: Section | None
    columns: tuple[Column, ...]
    rows: Places
    features: IdArray
    text: bool = False


class VctSource:
    """The layers of a VCT file, read in batches; see :class:`FeatureSource`."""

    def __init__(self, path: Path, options: OpenOptions) -> None:
        """Read through the file once; raises InputError E230 to E236 as :mod:`.scan`."""
        self._name = options.name
        self._options = options
        self._stack = ExitStack()
        self._remarks: list[Remark] = []
        with ExitStack() as opening:
            file = opening.enter_context(path.open("rb"))
            self._scan = scan(file, path, options.name)
            self._head = read_head(self._scan.head, options.name)
            self._encoding = options.encoding or ("UTF-8" if self._scan.utf8 else "GB18030")
            file.seek(0)
            self._cursor = Cursor(file, options.name, path.stat().st_size)
            self._reader = Reader(self._cursor, self._head.separator, self._head.dimensions)
            self._shapes = Shapes(self._head, options.name, self._find)
            self._rows = Rows(self._cursor, self._head.separator, self._encoding)
            self._sorted: dict[Section, tuple[IdArray, IdArray]] = {}
            self._layers = {layer.name: layer for layer in self._all_layers()}
            self._stack = opening.pop_all()

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers: first those with geometry, then tables without."""
        return tuple(self._layers)

    @property
    def remarks(self) -> Sequence[Remark]:
        """What was noticed so far."""
        return self._remarks

    def describe(self, layer: str) -> LayerDescription:
        """Describe a layer; InputError E219 when there is no such layer."""
        own = self._layer(layer)
        spatial = own.section is not None
        stated = self._options.system
        return LayerDescription(
            name=own.name,
            columns=own.columns,
            geometry_type=own.section.geometry_type if own.section else None,
            count=len(own.features),
            system=(stated or self._head.system) if spatial else None,
            crs_wkt=self._head.crs_wkt if spatial and stated is None else None,
            crs_evidence=Text("由用户指定", "stated by the user")
            if stated
            else self._head.evidence,
            encoding=self._encoding,
            encoding_evidence=self._encoding_evidence(),
            remarks=tuple(self._remarks),
        )

    def batches(self, layer: str, size: int = BATCH_SIZE) -> Iterator[FeatureTable]:
        """Read a layer in batches.

        Raises InputError E219 for an unknown layer, E233 to E236 for records that are wrong.
        """
        own = self._layer(layer)
        for start in range(0, max(len(own.features), 1), size):
            yield self._batch(own, own.features[start : start + size], start + 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _layer(self, name: str) -> _Layer:
        if name not in self._layers:
            raise InputError(
                "E219",
                Text(f"{self._name} 没有图层“{name}”", f"{self._name} has no layer {name!r}"),
                place=Place(file=self._name),
                hint=Text(
                    f"图层有：{'、'.join(self._layers)}", f"layers: {', '.join(self._layers)}"
                ),
            )
        return self._layers[name]

    def _encoding_evidence(self) -> Text:
        if self._options.encoding:
            return Text("由用户指定", "stated by the user")
        if not self._scan.utf8:
            return Text("不是 UTF-8，按 GBK（GB18030）读", "not UTF-8, so it is read as GBK")
        return Text("全文是 UTF-8", "all of it is UTF-8")

    def _lines(self, raw: Sequence[tuple[int, bytes]]) -> Lines:
        separator = self._head.separator.decode("latin-1")
        return Lines(
            self._name, separator, [(line, self._rows.decode(text, line)) for line, text in raw]
        )

    def _all_layers(self) -> Iterator[_Layer]:
        codes = read_codes(self._lines(self._scan.feature_codes))
        tables = read_structures(self._lines(self._scan.structures))
        used = {
            self._rows.decode(name, 0): (name, index) for name, index in self._scan.codes.items()
        }
        attributes = {self._rows.decode(name, 0): at for name, at in self._scan.attributes.items()}
        groups: dict[tuple[str, Section], set[int]] = {}
        for code in [*codes, *self._undeclared(codes, used)]:
            numbers = groups.setdefault((code.table, code.section), set())
            if code.code in used:
                numbers.add(used[code.code][1])
        for (table, section), numbers in groups.items():
            alone = sum(table == other for other, _ in groups) == 1
            columns = tables.get(table, ())
            names = {column.name for column in columns}
            text = section is Section.ANNOTATION and _TEXT.name not in names
            name = table if alone else f"{table}_{section.value}"
            rows = attributes.get(table, Places())
            features = self._joined(table, section, numbers, rows, alone)
            yield _Layer(
                name, section, (*columns, _TEXT) if text else columns, rows, features, text
            )
        spatial = {table for table, _ in groups}
        for table in [*tables, *(name for name in attributes if name not in tables)]:
            if table not in spatial:
                rows = attributes.get(table, Places())
                features = np.column_stack([np.arange(len(rows)), np.full(len(rows), -1)]).astype(
                    np.int64
                )
                yield _Layer(table, None, tables.get(table, ()), rows, features)
        self._note_skipped()

    def _undeclared(
        self, codes: Sequence[FeatureCode], used: Mapping[str, tuple[bytes, int]]
    ) -> Iterator[FeatureCode]:
        """Codes of records that no feature code declares: layers named by the code.

        Lines without a feature code bound polygons and are no features of their own.
        """
        declared = {(code.code, code.section) for code in codes}
        for section, places in self._scan.records.items():
            present = set(places.codes.tolist())
            for code, (_, index) in used.items():
                if index not in present or (code, section) in declared:
                    continue
                if section is Section.LINE and self._scan.refers:
                    count = int((places.codes == index).sum())
                    self._note(
                        Text(
                            f"{count} 条线（代码 {code}）没有要素类型，只作为面的边界",
                            f"{count} lines of code {code} have no feature code: boundaries only",
                        )
                    )
                else:
                    yield FeatureCode(code, code, section, code)

    def _note_skipped(self) -> None:
        for name in dict.fromkeys(self._scan.skipped):
            word = shown(name)
            self._note(Text(f"“{word}”一节不读", f"section {word!r} is not read"))
        if self._head.dimensions == 3:
            self._note(Text("坐标的高程不读", "elevations of coordinates are not read"))

    def _note(self, message: Text) -> None:
        self._remarks.append(Remark("E238", Level.INFO, message, place=Place(file=self._name)))

    def _joined(
        self,
        table: str,
        section: Section,
        codes: set[int],
        rows: Places,
        alone: bool,
    ) -> IdArray:
        """(n, 2) rows and records of a layer: the order of the rows, then records without one."""
        records = self._scan.records[section]
        own = np.flatnonzero(np.isin(records.codes, list(codes)))
        order = own[np.argsort(records.numbers[own], kind="stable")]
        numbers = records.numbers[order]
        self._check_twice(records, order)
        self._check_twice(rows, np.argsort(rows.numbers, kind="stable"))
        at = np.searchsorted(numbers, rows.numbers)
        found = np.zeros(len(rows), dtype=bool)
        inside = at < len(numbers)
        found[inside] = numbers[at[inside]] == rows.numbers[inside]
        geometry = np.full(len(rows), -1, dtype=np.int64)
        geometry[found] = order[at[found]]
        kept = np.arange(len(rows)) if alone else np.flatnonzero(found)
        lonely = own[~np.isin(own, geometry)]
        self._note_lonely(table, len(rows) and len(lonely), int((~found).sum()) * alone)
        return np.concatenate(
            [
                np.column_stack([kept, geometry[kept]]),
                np.column_stack([np.full(len(lonely), -1), lonely]),
            ]
        ).astype(np.int64)

    def _note_lonely(self, table: str, without_row: int, without_shape: int) -> None:
        if without_row:
            self._note(
                Text(
                    f"{table}：{without_row} 个图形没有属性",
                    f"{table}: {without_row} geometries have no attributes",
                )
            )
        if without_shape:
            self._note(
                Text(
                    f"{table}：{without_shape} 行属性没有图形",
                    f"{table}: {without_shape} rows of attributes have no geometry",
                )
            )

    def _check_twice(self, places: Places, order: IdArray) -> None:
        numbers = places.numbers[order]
        twice = np.flatnonzero(numbers[1:] == numbers[:-1])
        if len(twice):
            index = int(order[twice[0] + 1])
            number = int(numbers[twice[0]])
            raise fault(
                "E234",
                self._name,
                places.place(index)[1] + 1,
                f"对象标识码 {number} 出现两次",
                f"the object number {number} is there twice",
            )

    def _find(self, section: Section, numbers: set[int], asking: Record) -> dict[int, Record]:
        """The records of a section with these numbers; InputError E234 when one is missing."""
        places = self._scan.records[section]
        if section not in self._sorted:
            order = np.argsort(places.numbers, kind="stable")
            self._check_twice(places, order)
            self._sorted[section] = (order, places.numbers[order])
        order, known = self._sorted[section]
        wanted = np.array(sorted(numbers), dtype=np.int64)
        at = np.searchsorted(known, wanted)
        missing = [
            int(number)
            for number, place in zip(wanted, at, strict=True)
            if place >= len(known) or known[place] != number
        ]
        if missing:
            raise fault(
                "E234",
                self._name,
                asking.line,
                f"对象引用的 {section.value} {missing[0]} 不存在",
                f"the referenced {section.value.lower()} {missing[0]} does not exist",
            )
        found = sorted(int(index) for index in order[at])
        records = (self._record(section, index) for index in found)
        return {record.number: record for record in records}

    def _record(self, section: Section, index: int) -> Record:
        self._cursor.seek(*self._scan.records[section].place(index))
        return self._reader.record(section, self._cursor.next())

    def _batch(self, layer: _Layer, features: IdArray, first_row: int) -> FeatureTable:
        columns = layer.columns[:-1] if layer.text else layer.columns
        values = self._rows.read(layer.name, columns, layer.rows, features[:, 0].tolist())
        if layer.section is None:
            return FeatureTable(layer.name, layer.columns, values, first_row=first_row)
        section = layer.section
        places = [int(index) for index in features[:, 1]]
        shapes: dict[int, BaseGeometry] = {}
        texts: dict[int, str | None] = {}
        for records in self._portions(section, places):
            shapes.update(
                zip(records, self._shapes.build(section, list(records.values())), strict=True)
            )
            for index, record in records.items() if layer.text else ():
                texts[index] = self._rows.decode(record.text, record.line) or None
        geometry: GeometryArray = object_array(map(shapes.get, places))
        if layer.text:
            values[_TEXT.name] = object_array(map(texts.get, places))
        stated = self._options.system
        return FeatureTable(
            layer.name,
            layer.columns,
            values,
            geometry,
            section.geometry_type,
            stated or self._head.system,
            self._head.crs_wkt if stated is None else None,
            first_row,
        )

    def _portions(self, section: Section, places: Sequence[int]) -> Iterator[dict[int, Record]]:
        """Records at ``places`` (−1 for none), a bounded number of coordinates at a time."""
        records: dict[int, Record] = {}
        lines = 0
        for index in places:
            if index < 0:
                continue
            record = records[index] = self._record(section, index)
            lines += sum(len(part.lines) for part in record.parts)
            lines += _LINE_LENGTH * len(record.references)
            if lines > _PORTION:
                yield records
                records, lines = {}, 0
        yield records
