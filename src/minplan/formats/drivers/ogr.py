"""Layers that GDAL reads, streamed as Arrow batches and turned into feature tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.raw import open_arrow
from pyogrio.raw import read as read_raw

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Remark
from minplan.core.geometry.crs import Datum
from minplan.core.geometry.layer import GeometryArray
from minplan.core.text import Text
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.arrow import (
    column_of,
    geometry_index,
    geometry_type_of,
    single,
    unique_name,
    values_of,
)
from minplan.formats.drivers.evidence import Extent, SystemEvidence, system_evidence
from minplan.formats.drivers.model import (
    BATCH_SIZE,
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    LayerDescription,
    ObjectArray,
    OpenOptions,
    object_array,
)
from minplan.formats.features import translated

_KINDS: Final = {
    **dict.fromkeys((1, 4), GeometryType.POINT),
    **dict.fromkeys((2, 5, 8, 9, 11), GeometryType.LINE),
    **dict.fromkeys((3, 6, 10, 12), GeometryType.POLYGON),
}
#: WKB codes of curves.
_CURVES: Final = frozenset(range(8, 13))


@dataclass(frozen=True, slots=True)
class Layer:
    """Where a layer is: the file, and what GDAL calls the layer."""

    path: Path
    title: str


@dataclass(frozen=True, slots=True)
class Traits:
    """What a format adds to plain GDAL reading.

    ``encoding`` with ``evidence`` is that of text; ``decode`` turns the text that GDAL gives into
    the right one (None: it is right); ``columns`` gives lengths and decimals that GDAL hides;
    ``datum`` is prescribed where the file defines no system; ``hidden`` names columns that are no
    attributes; ``declares`` tells whether the definition of the system is the file's own.
    """

    encoding: str | None = None
    evidence: Text | None = None
    gdal_encoding: str | None = None
    decode: Callable[[str], str] | None = None
    columns: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    datum: Datum | None = None
    hidden: frozenset[str] = frozenset()
    declares: bool = True
    remarks: tuple[Remark, ...] = ()


@dataclass(slots=True)
class OgrSource:
    """A file, or several, whose layers GDAL reads."""

    options: OpenOptions
    members: Mapping[str, Layer]
    traits: Traits = field(default_factory=Traits)
    folder: TemporaryDirectory[str] | None = None
    remarks: list[Remark] = field(default_factory=list)
    _described: dict[str, LayerDescription] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.remarks.extend(self.traits.remarks)
        self.members = only(self.members, self.options)
        self._described.update(self.options.known)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers."""
        return tuple(self.members)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.folder is not None:
            self.folder.cleanup()

    def describe(self, layer: str) -> LayerDescription:
        """Describe a layer; InputError E219 when there is no such layer, E206 when damaged."""
        if layer not in self._described:
            self._described[layer] = self._describe(layer)
        return self._described[layer]

    def _describe(self, layer: str) -> LayerDescription:
        member = find(self.members, layer, self.options.name)
        place = Place(file=self.options.name, layer=layer)
        with translated(self.options.name, layer):
            info = pyogrio.read_info(
                member.path,
                layer=member.title,
                encoding=self.traits.gdal_encoding,
                force_feature_count=True,
                force_total_bounds=True,
            )
            with self._opened(member, 1) as (_, reader):
                columns, remarks = self._columns(reader.schema, place)
            kind = geometry_type_of(info["geometry_type"])
            if kind is GeometryType.MIXED:
                kind = self._scanned(member)
        extent = _extent(info)
        found = self._system(info, extent, place)
        remarks += found.remarks
        self.remarks.extend(item for item in remarks if item not in self.remarks)
        count = int(info["features"])
        return LayerDescription(
            name=layer,
            columns=columns,
            geometry_type=kind,
            count=max(count, 0),
            system=found.system,
            crs_wkt=found.crs_wkt,
            crs_evidence=found.evidence,
            encoding=self.traits.encoding,
            encoding_evidence=self.traits.evidence,
            remarks=tuple(remarks),
            extent=extent,
        )

    def _scanned(self, member: Layer) -> GeometryType:
        """What the geometries of a layer are that declares no type: one kind, or mixed."""
        found: set[GeometryType] = set()
        with self._opened(member, BATCH_SIZE, columns=[]) as (_, reader):
            for batch in reader:
                index = geometry_index(batch.schema)
                items = [] if index is None else batch.column(index).to_pylist()
                found |= {kind_of_wkb(item) for item in items if item is not None}
        return found.pop() if len(found) == 1 else GeometryType.MIXED

    def _system(
        self, info: Mapping[str, Any], extent: Extent | None, place: Place
    ) -> SystemEvidence:
        if info["geometry_type"] is None:
            return SystemEvidence(None, None, Text("没有图形", "no geometry"))
        return system_evidence(
            info["crs"] if self.traits.declares else None,
            extent,
            place,
            stated=self.options.system,
            default=self.traits.datum,
        )

    def _opened(self, member: Layer, size: int, columns: list[str] | None = None) -> Any:
        return open_arrow(
            member.path,
            layer=member.title,
            encoding=self.traits.gdal_encoding,
            columns=columns,
            return_fids=True,
            batch_size=size,
            use_pyarrow=True,
        )

    def _columns(self, schema: pa.Schema, place: Place) -> tuple[tuple[Column, ...], list[Remark]]:
        columns: list[Column] = []
        remarks: list[Remark] = []
        for index in self._fields(schema):
            item = schema.field(index)
            column = column_of(self._decoded(item.name), item)
            if column.name in self.traits.columns:
                length, decimals = self.traits.columns[column.name]
                decimal = decimals if column.type is ColumnType.REAL else None
                column = Column(column.name, column.type, length, decimal, column.alias)
            unique = unique_name(column.name, [item.name for item in columns])
            if unique != column.name:
                remarks.append(say.renamed(column.name, unique, place))
                column = Column(unique, column.type, column.length, column.decimals, column.name)
            columns.append(column)
        geometry = geometry_index(schema)
        remarks += [
            say.not_read(item.name, place)
            for index, item in enumerate(schema)
            if index not in (0, geometry) and pa.types.is_binary(item.type)
        ]
        return tuple(columns), remarks

    def _fields(self, schema: pa.Schema) -> list[int]:
        """Positions of the attributes in the stream; its first field is the feature id."""
        geometry = geometry_index(schema)
        return [
            index
            for index, item in enumerate(schema)
            if index not in (0, geometry)
            and item.name not in self.traits.hidden
            and not pa.types.is_binary(item.type)
        ]

    def _decoded(self, text: str) -> str:
        return self.traits.decode(text) if self.traits.decode else text

    def batches(self, layer: str, size: int = BATCH_SIZE) -> Iterator[FeatureTable]:
        """Read a layer in batches; InputError E206 when the file is damaged."""
        told = self.describe(layer)
        member = self.members[layer]
        place = Place(file=self.options.name, layer=layer)
        row = 1
        with ExitStack() as stack:
            with translated(self.options.name, layer):
                _, reader = stack.enter_context(self._opened(member, size))
            fields = self._fields(reader.schema)
            where = geometry_index(reader.schema)
            while True:
                with translated(self.options.name, layer):
                    batch = next(reader, None)
                    if batch is None:
                        break
                    geometry = None
                    if where is not None and told.geometry_type is not None:
                        geometry = self._geometry(batch, where, member, place, row)
                    values = {
                        column.name: values_of(batch.column(index), column.type, self.traits.decode)
                        for column, index in zip(told.columns, fields, strict=True)
                    }
                yield _table(told, values, geometry, row)
                row += batch.num_rows
        if row == 1:
            yield empty_table(told)
        elif told.count is not None and row - 1 < told.count:
            self.remarks.append(say.fewer(told.count, row - 1, place))

    def _geometry(
        self, batch: pa.RecordBatch, where: int, member: Layer, place: Place, row: int
    ) -> GeometryArray:
        wkb = batch.column(where).to_numpy(zero_copy_only=False)
        # the heads of a layer are few: most often one
        if any(map(_is_curve, {item[:5] for item in wkb if item is not None})):
            curved = np.array([_is_curve(item) for item in wkb], dtype=bool)
            fids = batch.column(0).to_numpy(zero_copy_only=False).astype(np.int64)
            wkb = wkb.copy()
            wkb[curved] = _linear(member, fids[curved])
            self._say(say.densified(place))
        shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"))
        missing = np.flatnonzero(shapely.is_missing(shapes)).tolist()
        broken = [index for index in missing if wkb[index] is not None]
        if broken:
            self._say(say.unreadable(broken[0] + row, place))
        if np.any(shapely.has_z(shapes) | shapely.has_m(shapes)):
            self._say(say.dropped_z(place))
            shapes = shapely.force_2d(shapes)
        return single(shapes)

    def _say(self, remark: Remark) -> None:
        if remark not in self.remarks:
            self.remarks.append(remark)


def _extent(info: Mapping[str, Any]) -> Extent | None:
    bounds = info["total_bounds"]
    if bounds is None or int(info["features"]) < 1 or not np.isfinite(bounds).all():
        return None
    west, south, east, north = map(float, bounds)
    return (west, south, east, north)


def members_of(path: Path, name: str) -> dict[str, Layer]:
    """The layers that GDAL finds in a file; InputError E206 when damaged, E207 without any."""
    with translated(name):
        found = {str(row[0]): Layer(path, str(row[0])) for row in pyogrio.list_layers(path)}
    if not found:
        raise InputError(
            "E207",
            Text(f"{name} 中没有图层", f"{name} holds no layers"),
            place=Place(file=name),
            hint=Text("请检查文件是否完整，重新导出", "check that it is complete; export it again"),
        )
    return found


def with_suffix(path: Path, suffix: str) -> tuple[Path, TemporaryDirectory[str] | None]:
    """A path with the suffix that GDAL knows the format by: the file itself, or a copy."""
    if path.suffix.lower() == suffix:
        return path, None
    folder = TemporaryDirectory(prefix="minplan-")
    return Path(shutil.copyfile(path, Path(folder.name) / f"{path.stem}{suffix}")), folder


def with_gdb_suffix(path: Path) -> tuple[Path, TemporaryDirectory[str] | None]:
    """A geodatabase folder under a name by which GDAL knows it: the folder, or a copy.

    A geodatabase that was zipped without its root lies in a folder of any name.
    """
    if path.suffix.lower() == ".gdb":
        return path, None
    folder = TemporaryDirectory(prefix="minplan-")
    copy = Path(folder.name) / "unnamed.gdb"
    shutil.copytree(path, copy, ignore=shutil.ignore_patterns("*.lock"))
    return copy, folder


def only(members: Mapping[str, Any], options: OpenOptions) -> dict[str, Any]:
    """All layers, or the one that is wanted; InputError E219 when there is no such layer."""
    if options.layer is None:
        return dict(members)
    return {options.layer: find(members, options.layer, options.name)}


def find(members: Mapping[str, Any], layer: str, name: str) -> Any:
    """The member of that name; InputError E219 when there is none."""
    if layer in members:
        return members[layer]
    listed = "、".join(list(members)[:20]) or "—"
    raise InputError(
        "E219",
        Text(f"{name} 中没有图层“{layer}”", f"{name} has no layer {layer!r}"),
        place=Place(file=name, layer=layer),
        hint=Text(f"现有图层：{listed}", f"its layers: {listed}"),
    )


def _table(
    told: LayerDescription,
    values: Mapping[str, ObjectArray],
    geometry: GeometryArray | None,
    row: int,
) -> FeatureTable:
    return FeatureTable(
        name=told.name,
        columns=told.columns,
        values=values,
        geometry=geometry,
        geometry_type=told.geometry_type,
        system=told.system,
        crs_wkt=told.crs_wkt,
        first_row=row,
    )


def empty_table(told: LayerDescription) -> FeatureTable:
    """The one batch of a layer without features."""
    geometry = object_array([]) if told.geometry_type is not None else None
    return _table(told, {item.name: object_array([]) for item in told.columns}, geometry, 1)


def _code(wkb: bytes) -> int:
    """The WKB code of a geometry, without its flags for Z, M and SRID."""
    return (int.from_bytes(wkb[1:5], "little" if wkb[0] else "big") & 0x0FFFFFFF) % 1000


def _is_curve(wkb: bytes | None) -> bool:
    return wkb is not None and len(wkb) >= 5 and _code(wkb) in _CURVES


def kind_of_wkb(wkb: bytes) -> GeometryType:
    """The geometry type of a geometry in WKB."""
    return _KINDS.get(_code(wkb), GeometryType.MIXED)


def _linear(member: Layer, fids: Any) -> GeometryArray:
    """The same features with chords for their arcs (GDAL: at most 4°)."""
    _, order, wkb, _ = read_raw(
        member.path, layer=member.title, fids=fids, columns=[], return_fids=True
    )
    by_fid = dict(zip(order.tolist(), wkb, strict=True))
    return object_array(by_fid.get(int(fid)) for fid in fids)
