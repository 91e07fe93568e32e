"""Values that flow between files and the rest: columns, tables, layers, sources, drivers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from minplan.core.geometry.corners import Remark
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.geometry.layer import GeometryArray
from minplan.core.text import Text

ObjectArray = NDArray[np.object_]

#: Features in a batch where nothing else is asked for.
BATCH_SIZE: Final = 20_000


class ColumnType(StrEnum):
    """Type of the values of a column; every column may hold None, and empty text is None.

    Values are ``str``, ``int``, ``float``, ``datetime.date`` (``datetime.datetime`` where a time
    of day is kept) and ``bool``.
    """

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    DATE = "date"
    BOOLEAN = "boolean"


class GeometryType(StrEnum):
    """What the geometries of a layer are, whether of one part or of several."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of attributes (字段).

    ``length`` is the greatest number of characters of text or digits of numbers, ``decimals``
    those behind the point; None where the file sets no limit. A date of length 19 has a time of
    day. ``alias`` is the name shown to people (字段别名).
    """

    name: str
    type: ColumnType = ColumnType.TEXT
    length: int | None = None
    decimals: int | None = None
    alias: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FeatureTable:
    """Features of one layer, or a batch of them, in the coordinates of the file.

    ``values`` holds one object array (n,) per column; ``geometry`` an object array (n,) of plane
    shapely geometries or None, (east, north) or (lon, lat); a geometry of one part is single.
    ``geometry`` and ``geometry_type`` are None for a table without geometry. ``system`` is the
    recognised coordinate system, ``crs_wkt`` the file's own definition of it or of another one.
    ``first_row`` is the number of the first feature in its layer, counted from 1.
    """

    name: str
    columns: tuple[Column, ...]
    values: Mapping[str, ObjectArray]
    geometry: GeometryArray | None = None
    geometry_type: GeometryType | None = None
    system: CoordinateSystem | None = None
    crs_wkt: str | None = None
    first_row: int = 1

    def __len__(self) -> int:
        if self.geometry is not None:
            return len(self.geometry)
        return len(next(iter(self.values.values()), ()))

    def rows(self) -> Iterator[dict[str, Any]]:
        """The attributes feature by feature."""
        for index in range(len(self)):
            yield {name: column[index] for name, column in self.values.items()}


def object_array(values: Iterable[Any]) -> ObjectArray:
    """An object array (n,) of any values, geometries included."""
    items = list(values)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


@dataclass(frozen=True, slots=True)
class LayerDescription:
    """What is known of a layer before its features are read.

    ``count`` is the number of features, None where only reading tells; the two pieces of evidence
    say in a sentence why the coordinate system and the encoding are what they are. ``extent`` is
    (min x, min y, max x, max y) where the file tells it or the first features do.
    """

    name: str
    columns: tuple[Column, ...]
    geometry_type: GeometryType | None
    count: int | None
    system: CoordinateSystem | None
    crs_wkt: str | None
    crs_evidence: Text
    encoding: str | None = None
    encoding_evidence: Text | None = None
    remarks: tuple[Remark, ...] = ()
    extent: tuple[float, float, float, float] | None = None


class FeatureSource(Protocol):
    """An opened file: a context manager that names, describes and streams its layers."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers, in the order of the file."""

    @property
    def remarks(self) -> Sequence[Remark]:
        """What was noticed so far; batches that are read may add to it."""

    def describe(self, layer: str) -> LayerDescription:
        """Describe a layer; InputError E219 when there is no such layer."""

    def batches(self, layer: str, size: int = BATCH_SIZE) -> Iterator[FeatureTable]:
        """Read a layer in batches of at most ``size`` features; an empty layer has one of none."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """What the user states about a file; it beats what the file says of itself.

    ``name`` is what messages call the file; ``layer`` leaves one layer only. ``known`` are
    descriptions of layers from an earlier opening with the same options.
    """

    name: str
    encoding: str | None = None
    system: CoordinateSystem | None = None
    layer: str | None = None
    known: Mapping[str, LayerDescription] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LayerStream:
    """A layer to be written: the shape of its table, and its batches, read once.

    ``head`` is the first batch, which ``batches`` gives again.
    """

    head: FeatureTable
    batches: Iterator[FeatureTable]

    @property
    def name(self) -> str:
        """The name of the layer."""
        return self.head.name


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a file is written: the ``encoding`` of text, and options of the format (``more``)."""

    encoding: str = "UTF-8"
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class WriteReport:
    """What was written: files, features per layer, changed names, and what a format cannot hold.

    ``names`` maps per layer the name of each column to the name that was written.
    """

    paths: list[Path] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Driver:
    """A format: its key, name and suffixes, and its functions.

    ``detect(path, head)`` tells by content (``head`` is the first 64 KiB, empty for a folder),
    ``open`` reads, ``write`` writes all layers, each consumed before the next is asked for;
    ``write`` is None for formats that are only read.
    """

    key: str
    word: Text
    suffixes: tuple[str, ...]
    detect: Callable[[Path, bytes], bool]
    open: Callable[[Path, OpenOptions], FeatureSource]
    write: Callable[[Path, Iterator[LayerStream], WriteOptions], WriteReport] | None = None
