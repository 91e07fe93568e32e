"""Layers and tables of files as the checks load them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from minplan.core.errors import MinplanError
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.geometry.layer import GeometryArray
from minplan.core.quality.submission import Column, LayerData, ObjectArray
from minplan.core.standard.model import Edition, Spec
from minplan.core.text import Text
from minplan.formats.features import (
    FeatureSource,
    FeatureTable,
    LayerDescription,
    in_lonlat,
    open_features,
)
from minplan.handin.matching import Match, Stated

#: Features that are read at a time.
_BATCH: Final = 20_000


class OpenFiles:
    """Files of a submission, opened once for all that is loaded from them; use it with ``with``."""

    def __init__(self, known: Mapping[Path, Mapping[str, LayerDescription]] | None = None) -> None:
        self._stack = ExitStack()
        self._sources: dict[Path, FeatureSource] = {}
        self._known = known or {}

    def get(self, path: Path, name: str, stated: Stated) -> FeatureSource:
        """The source of a file; InputError E206 for a damaged one."""
        found = self._sources.get(path)
        if found is None:
            opened = open_features(
                path,
                encoding=stated.encoding,
                system=stated.system,
                name=name,
                known=self._known.get(path),
            )
            found = self._sources[path] = self._stack.enter_context(opened)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._sources.clear()
        self._stack.close()

    def __reduce__(self) -> tuple[type[Self], tuple[Any]]:
        """Another process opens the files itself; what their layers are is handed on."""
        return type(self), ({path: _described(item) for path, item in self._sources.items()},)


def _described(source: FeatureSource) -> dict[str, LayerDescription]:
    found = {}
    for layer in source.layers:
        with suppress(MinplanError):  # a damaged layer is told where it is loaded
            found[layer] = source.describe(layer)
    return found


@dataclass(frozen=True, slots=True)
class FileLayer:
    """A layer or table of a file, as matched to the standard; a ``LayerSource`` of the checks."""

    match: Match
    edition: Edition
    stated: Stated
    files: OpenFiles
    problem: Text | None = None

    @property
    def file(self) -> str:
        """Path of its file in the submission."""
        return self.match.file

    @property
    def name(self) -> str:
        """Its name in the file."""
        return self.match.layer

    @property
    def spec(self) -> Spec | None:
        """The layer or table of the standard it was matched to."""
        return self.edition.find(self.match.target) if self.match.target else None

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns in the order of the file."""
        fields = self.match.fields
        return tuple(
            Column(
                item.name, fields.get(item.name, ""), item.type.value, item.length, item.decimals
            )
            for item in self.match.told.columns
        )

    @property
    def system(self) -> CoordinateSystem | None:
        """The recognised coordinate system, or the stated one."""
        return self.stated.system or self.match.told.system

    @property
    def crs(self) -> str:
        """What the file itself says of its coordinate system, empty when nothing."""
        return self.match.told.crs_wkt or ""

    @property
    def geometry_type(self) -> str:
        """``point``, ``line``, ``polygon``, ``mixed``, or empty for a table."""
        kind = self.match.told.geometry_type
        return kind.value if kind is not None else ""

    @property
    def count(self) -> int:
        """Number of features as the file tells it."""
        return self.match.told.count or 0

    def load(self, fields: Collection[str] | None = None) -> LayerData:
        """Read the layer; ``fields`` limits the values to these field codes.

        Geometries that cannot be brought to EPSG:4490 are left as ``drawn`` alone. Raises
        InputError E206 for a damaged file.
        """
        source = self.files.get(self.match.path, self.match.file, self.stated)
        tables = list(source.batches(self.match.layer, _BATCH))
        rows = [np.arange(item.first_row, item.first_row + len(item)) for item in tables]
        drawn = _joined([item.geometry for item in tables])
        return LayerData(
            np.concatenate(rows).astype(np.int64) if rows else np.empty(0, dtype=np.int64),
            self._values(tables, fields),
            _in_degrees(tables),
            drawn,
        )

    def _values(
        self, tables: list[FeatureTable], fields: Collection[str] | None
    ) -> dict[str, ObjectArray]:
        found: dict[str, ObjectArray] = {}
        for column in self.match.told.columns:
            code = self.match.fields.get(column.name, "") or column.name
            if fields is not None and code not in fields:
                continue
            parts = [item.values[column.name] for item in tables if column.name in item.values]
            found[code] = np.concatenate(parts) if parts else np.empty(0, dtype=object)
        return found


def _joined(parts: list[GeometryArray | None]) -> GeometryArray | None:
    present = [part for part in parts if part is not None]
    if not present:
        return None
    return np.concatenate(present) if len(present) > 1 else present[0]


def _in_degrees(tables: list[FeatureTable]) -> GeometryArray | None:
    try:
        return _joined([in_lonlat(item).geometry for item in tables])
    except MinplanError:
        return None  # told by the checks of the coordinate system, which see ``drawn``


@dataclass(frozen=True, slots=True)
class MadeLayer:
    """A layer that comes from no file of its own: of a plan package, or of the database."""

    file: str
    name: str
    spec: Spec | None
    columns: tuple[Column, ...]
    data: LayerData
    geometry_type: str = ""
    system: CoordinateSystem | None = None
    crs: str = ""
    problem: Text | None = None

    @property
    def count(self) -> int:
        """Number of features."""
        return len(self.data)

    def load(self, fields: Collection[str] | None = None) -> LayerData:
        """The content; ``fields`` limits the values to these field codes."""
        if fields is None:
            return self.data
        values: Mapping[str, Any] = {
            code: column for code, column in self.data.values.items() if code in fields
        }
        return LayerData(self.data.rows, values, self.data.geometry, self.data.drawn)


def file_of(path: Path, root: Path) -> str:
    """How a file of a submission is called in messages: its path in it, with ``/``."""
    return path.name if path == root else path.relative_to(root).as_posix()
