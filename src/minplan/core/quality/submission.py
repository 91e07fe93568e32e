"""A submission (汇交成果) as the checks see it: files, layers, documents, and what to hold it to.

Adapters fill it from files; nothing here reads any. Large layers are loaded one at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from minplan.core.document.model import PlanDocument
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.geometry.layer import ConstraintLayer, GeometryArray
from minplan.core.plan.model import Plan, PlanSnapshot
from minplan.core.quality.check import Check, NotApplicable, NotChecked
from minplan.core.quality.fault import Fault, More
from minplan.core.quality.shelf import Shelf
from minplan.core.quality.view import View
from minplan.core.standard.model import Edition, LayerSpec, Spec
from minplan.core.text import Term, Text

ObjectArray = NDArray[np.object_]
RowArray = NDArray[np.int64]


class SubmissionKind(Term):
    """What was handed in."""

    PACKAGE = "package", "成果包", "package"
    LAYER = "layer", "图层或表", "layer or table"
    DOCUMENT = "document", "规划文档", "plan document"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file or an empty folder of the submission by its path in it (with ``/``).

    ``document`` is the code of the document of the standard it was recognised as, ``problem`` why
    it could not be read, None when it could (or nobody needs to).
    """

    path: str
    size: int = 0
    sha256: str = ""
    folder: bool = False
    document: str = ""
    problem: Text | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name there, the field of the standard it was matched to (or empty).

    ``type`` is the file's own (``text``, ``integer``, ``real``, ``date``, ``boolean``), ``length``
    and ``decimals`` None where the file sets no limit.
    """

    name: str
    field: str = ""
    type: str = "text"
    length: int | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LayerData:
    """The content of a layer or table, or the geometry and the fields that were asked for.

    ``values`` holds an object array (n,) per field code, and per column name for columns that no
    field takes; ``geometry`` an object array (n,) in EPSG:4490 lon/lat, None for a table or where
    the coordinates cannot be brought there; ``drawn`` the same geometries in the coordinates of
    the file. ``rows`` are the numbers of the features in their file, from 1; ``unclosed`` the rows
    whose rings the file does not close (they were closed when read).
    """

    rows: RowArray
    values: Mapping[str, ObjectArray]
    geometry: GeometryArray | None = None
    drawn: GeometryArray | None = None
    unclosed: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)


class LayerSource(Protocol):
    """A layer or table of the submission that can be loaded, again and again."""

    @property
    def file(self) -> str:
        """Path of its file in the submission."""
        ...

    @property
    def name(self) -> str:
        """Its name in the file."""
        ...

    @property
    def spec(self) -> Spec | None:
        """The layer or table of the standard it was matched to."""
        ...

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns in the order of the file."""
        ...

    @property
    def system(self) -> CoordinateSystem | None:
        """The recognised coordinate system."""
        ...

    @property
    def crs(self) -> str:
        """What the file itself says of its coordinate system, empty when nothing."""
        ...

    @property
    def geometry_type(self) -> str:
        """``point``, ``line``, ``polygon``, ``mixed``, or empty for a table."""
        ...

    @property
    def count(self) -> int:
        """Number of features."""
        ...

    @property
    def problem(self) -> Text | None:
        """Why it cannot be loaded, None when it can."""
        ...

    def load(self, fields: Collection[str] | None = None) -> LayerData:
        """Read the layer: everything, or the geometry and the named fields only.

        With ``fields`` (may be empty) the values of other fields and of unmatched columns, and
        the drawn geometry, may be left out to save memory.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Submission:
    """Everything the checks may look at.

    ``date`` is the day on which codes must be in force. ``plan`` is the plan as the database holds
    it, ``upper`` the plan of the level above, ``identity`` whose plan it is by its own words,
    ``region`` the true area of the plan (a polygon in EPSG:4490 lon/lat), ``controls`` the
    constraint layers by name; each None or empty when it is not at hand: the checks that need it
    are then *not checked*. ``metadata`` are the items of the
    metadata by code, ``manifest`` the hash (SHA-256) of every file by its path, ``stated_counts``
    the number of features by code of layer or table that the readme (数量说明) states; None when
    the submission has none. ``name`` is that of its root folder or of its file.
    """

    name: str
    kind: SubmissionKind
    edition: Edition
    date: dt.date | None = None
    files: tuple[FileEntry, ...] = ()
    layers: tuple[LayerSource, ...] = ()
    documents: tuple[PlanDocument, ...] = ()
    metadata: Mapping[str, str] | None = None
    manifest: Mapping[str, str] | None = None
    stated_counts: Mapping[str, int] | None = None
    identity: Plan | None = None
    plan: PlanSnapshot | None = None
    upper: PlanSnapshot | None = None
    region: BaseGeometry | None = None
    controls: Mapping[str, ConstraintLayer] = field(default_factory=dict)


@dataclass
class Context:
    """What one check sees: the submission, and for a check of one layer that layer.

    ``layer`` is set for checks of scope LAYER, which run once for every layer. ``room`` is how
    many more faults of the check are kept: further ones are only counted.
    """

    submission: Submission
    check: Check
    parameters: Mapping[str, float]
    layer: LayerSource | None = None
    shelf: Shelf = field(default_factory=Shelf)
    room: int = 1000
    examined: int = 0

    @property
    def edition(self) -> Edition:
        """The edition of the standard the submission is held to."""
        return self.submission.edition

    @property
    def source(self) -> LayerSource:
        """The layer of a check of scope LAYER."""
        assert self.layer is not None
        return self.layer

    @cached_property
    def spec(self) -> Spec:
        """The layer or table of the standard; NotApplicable when it was matched to none."""
        if self.source.spec is None:
            raise NotApplicable
        return self.source.spec

    @property
    def view(self) -> View:
        """The layer, loaded once for all its checks, with what is derived of it."""
        return self.shelf.whole(self.source)

    @property
    def data(self) -> LayerData:
        """The content of the layer, loaded once for all checks of the layer."""
        return self.view.data

    def take(self, source: LayerSource, fields: Collection[str] = ()) -> View:
        """Another layer's geometry and some of its fields, for checks between layers."""
        self.examined += source.count
        return self.shelf.part(source, fields)

    def of(self, code: str) -> Sequence[LayerSource]:
        """The layers of the submission that were matched to ``code`` and can be loaded.

        Raises NotChecked when the layer is there and cannot be loaded.
        """
        found = [
            item
            for item in self.submission.layers
            if item.spec is not None and item.spec.code == code
        ]
        for item in found:
            if item.problem is not None:
                raise NotChecked(unreadable(item, item.problem))
        return found

    def spatial(self) -> Iterator[tuple[LayerSource, LayerSpec]]:
        """All layers with a geometry that were matched and can be loaded."""
        for item in self.submission.layers:
            if isinstance(item.spec, LayerSpec) and item.problem is None:
                yield item, item.spec

    def fault(self, message: Text, **where: Any) -> Fault:
        """A fault of this check; ``where`` are fields of :class:`Fault`.

        The level and the advice are the check's own unless given; file and layer are those of the
        layer of a check of scope LAYER, or of ``source``.
        """
        told: dict[str, Any] = {"level": self.check.level, "mend": self.check.mend}
        source = where.pop("source", self.layer)
        if source is not None:
            code = source.spec.code if source.spec is not None else source.name
            told |= {"file": source.file, "layer": code}
        return Fault(check=self.check.id, message=message, **{**told, **where})

    def at(self, view: View, index: int, message: Text, **where: Any) -> Fault:
        """A fault of the feature at an index of a layer: its row and its key are told."""
        told = {"source": view.source, "row": int(view.data.rows[index]), "key": view.key(index)}
        return self.fault(message, **{**told, **where})

    def each(
        self, indexes: Sequence[int] | RowArray, make: Callable[[int], Fault]
    ) -> Iterator[Fault | More]:
        """A fault for each index as long as there is room; the rest is counted."""
        for place, index in enumerate(indexes):
            if self.room <= 0:
                yield More(len(indexes) - place)
                return
            yield make(int(index))


def unreadable(source: LayerSource, problem: Text) -> Text:
    """What is missing when a layer cannot be loaded."""
    return Text(f"{source.file} {source.name}：{problem.zh}", f"{source.file}: {problem.en}")
