"""The national data standard as values: layers, fields, code lists, documents, symbols.

Several editions stand side by side (:mod:`minplan.core.standard.load`). Every item tells its
``source`` and whether it is ``certain``, i.e. checked against the text of a standard.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from minplan.core.errors import Place, PlanDataError
from minplan.core.text import Text

#: Longest character field and field name (bytes) that every exchange format can hold: dBASE.
SHAPEFILE_CHAR_BYTES: Final = 254
SHAPEFILE_NAME_BYTES: Final = 10


class FieldType(StrEnum):
    """Type of a field (字段类型); ``text`` is a long text without a length, in tables only."""

    CHAR = "char"
    INT = "int"
    FLOAT = "float"
    DATE = "date"
    BOOL = "bool"
    TEXT = "text"


class GeometryType(StrEnum):
    """Geometry of a layer (几何类型)."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"


@dataclass(frozen=True, slots=True)
class Condition:
    """A field is required where another field holds one of these values (any, when empty)."""

    field: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field (字段): type, length, unit, allowed values.

    ``length`` is characters and at the same time bytes in GBK for ``char``, digits for numbers;
    0 means no limit. ``domain`` names a code list. ``multiple`` allows several values joined by
    ``、``. ``required_when`` holds where ``required`` is False. ``printed_of`` names the numeric
    field whose figure this one keeps as printed (``1.70``). ``minimum`` is the least value.
    """

    code: str
    name: Text
    type: FieldType
    length: int = 0
    decimals: int = 0
    unit: str = ""
    domain: str = ""
    multiple: bool = False
    required: bool = False
    required_when: Condition | None = None
    printed_of: str = ""
    minimum: float | None = None
    aliases: tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """The values of ``field`` are keys of a feature in one of the ``targets``."""

    field: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A spatial layer (图层).

    ``element_code`` is the value of YSDM; ``levels`` the plan levels that must hand it in;
    ``key`` the field with the business key; ``zone_kind`` the kind of plan zone it holds and
    ``constraint`` the constraint layer it corresponds to, both empty where there is none.
    """

    code: str
    name: Text
    geometry: GeometryType
    group: str
    fields: tuple[FieldSpec, ...]
    key: str
    element_code: str = ""
    levels: tuple[str, ...] = ()
    zone_kind: str = ""
    constraint: str = ""
    aliases: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    source: str = ""
    certain: bool = False

    def field(self, code: str) -> FieldSpec | None:
        """The field with this code, or None."""
        return next((item for item in self.fields if item.code == code), None)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """An attribute table without geometry (属性表); the same meaning as in a layer."""

    code: str
    name: Text
    group: str
    fields: tuple[FieldSpec, ...]
    key: str
    levels: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    source: str = ""
    certain: bool = False

    def field(self, code: str) -> FieldSpec | None:
        """The field with this code, or None."""
        return next((item for item in self.fields if item.code == code), None)


Spec = LayerSpec | TableSpec


@dataclass(frozen=True, slots=True)
class Code:
    """An entry of a code list; ``value`` is the word the program uses for it, or empty."""

    code: str
    name: Text
    value: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    source: str = ""
    certain: bool = False

    def in_force(self, date: dt.date) -> bool:
        """Whether the entry may be used on ``date``."""
        return (self.valid_from is None or self.valid_from <= date) and (
            self.valid_to is None or date <= self.valid_to
        )


@dataclass(frozen=True, eq=False)
class CodeList:
    """A list of allowed values (值域).

    ``stores`` tells what a field holds: the ``code`` or the Chinese ``name`` of the entry.
    """

    id: str
    name: Text
    stores: str
    codes: tuple[Code, ...]
    source: str = ""
    certain: bool = False

    @cached_property
    def _spellings(self) -> dict[str, Code]:
        spelled: dict[str, Code] = {}
        for kind in ("code", "name", "alias"):
            for item in self.codes:
                words = {"code": (item.code,), "name": (item.name.zh, item.name.en)}
                for word in words.get(kind, item.aliases):
                    if word:
                        spelled.setdefault(word, item)
        return spelled

    @cached_property
    def _values(self) -> dict[str, Code]:
        return {item.value: item for item in reversed(self.codes) if item.value}

    def find(self, word: str) -> Code | None:
        """The entry with this code, name or alias, or None."""
        return self._spellings.get(word)

    def of_value(self, value: str) -> Code | None:
        """The entry for a word of the program such as ``city``, or None."""
        return self._values.get(value)

    def stored(self, item: Code) -> str:
        """What a field holds for an entry."""
        return item.name.zh if self.stores == "name" else item.code


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the hand-in (成果资料): 规划文本, 编制说明, …"""

    code: str
    name: Text
    folder: str
    formats: tuple[str, ...]
    required: bool
    file_name: str
    source: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class FolderNode:
    """A folder of the hand-in; ``path`` is relative to the root, parents come first."""

    path: str
    name: Text
    holds: tuple[str, ...] = ()
    source: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class NameGrammar:
    """A pattern of names with ``{placeholders}``; ``what`` is root, layer, table or metadata."""

    what: str
    pattern: str
    example: str
    source: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class MetadataItem:
    """An item of the metadata (元数据项, TD/T 1016 core); ``default`` a pattern or a value."""

    code: str
    name: Text
    type: FieldType
    required: bool
    default: str = ""
    domain: str = ""
    source: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class CrsRule:
    """An allowed coordinate system: datum, ``kind`` geographic or gauss-kruger, zone width."""

    id: str
    name: Text
    datum: str
    kind: str
    widths: tuple[int, ...] = ()
    prefixed: bool = True
    vertical: str = ""
    source: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class TopologyRule:
    """A rule of topology: ``kind`` such as ``no-overlap``, ``within``, ``no-gap``.

    ``layer`` and, for rules between layers, ``other`` are layer codes; ``tolerance_m2`` or
    ``tolerance_m`` is what may be ignored.
    """

    id: str
    kind: str
    layer: str
    name: Text
    other: str = ""
    severity: str = "error"
    tolerance_m: float = 0.0
    tolerance_m2: float = 0.0
    source: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Symbol:
    """How a layer is drawn (图示).

    ``name`` is the key of the map styles (kind of zone or constraint layer). Widths are pixels at
    96 dpi; ``dash`` is solid, dash, long-dash or dash-dot; ``hatch`` a pattern of strokes;
    ``core`` a thinner second line on top; ``order`` lower first.
    """

    layer: str
    name: str
    line: str
    width: float
    order: int
    dash: str = "solid"
    fill: str = ""
    alpha: float = 0.0
    hatch: str = ""
    core: str = ""
    core_dash: str = "solid"
    teeth: bool = False
    label: bool = False
    source: str = ""
    certain: bool = False


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition of the data standard, complete."""

    id: str
    name: Text
    period: str
    layers: tuple[LayerSpec, ...]
    tables: tuple[TableSpec, ...]
    code_lists: Mapping[str, CodeList]
    documents: tuple[Document, ...] = ()
    folders: tuple[FolderNode, ...] = ()
    names: tuple[NameGrammar, ...] = ()
    metadata: tuple[MetadataItem, ...] = ()
    crs: tuple[CrsRule, ...] = ()
    topology: tuple[TopologyRule, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    source: str = ""
    certain: bool = False

    @cached_property
    def _specs(self) -> dict[str, Spec]:
        return {item.code: item for item in self.specs}

    @property
    def specs(self) -> tuple[Spec, ...]:
        """Layers, then tables, in the order of the edition."""
        return (*self.layers, *self.tables)

    def find(self, code: str) -> Spec | None:
        """The layer or table with this code, or None."""
        return self._specs.get(code)

    def spec(self, code: str) -> Spec:
        """The layer or table with this code (PlanDataError E711 when there is none)."""
        found = self._specs.get(code)
        if found is None:
            raise PlanDataError(
                "E711",
                Text(
                    f"{self.name.zh}没有图层或表“{code}”",
                    f"edition {self.id} has no layer or table {code!r}",
                ),
                place=Place(layer=code),
                hint=Text("见 minplan standard show", "see minplan standard show"),
            )
        return found

    def layer(self, code: str) -> LayerSpec | None:
        """The spatial layer with this code, or None."""
        found = self._specs.get(code)
        return found if isinstance(found, LayerSpec) else None

    def table(self, code: str) -> TableSpec | None:
        """The table with this code, or None."""
        found = self._specs.get(code)
        return found if isinstance(found, TableSpec) else None

    def layer_of_kind(self, zone_kind: str) -> LayerSpec | None:
        """The layer that holds a kind of plan zone, or None."""
        return next((item for item in self.layers if item.zone_kind == zone_kind), None)

    def symbol(self, layer: str) -> Symbol | None:
        """The symbol of a layer, or None."""
        return next((item for item in self.symbols if item.layer == layer), None)

    def name_pattern(self, what: str) -> NameGrammar | None:
        """The grammar of names of ``root``, ``layer``, ``table``, … or None."""
        return next((item for item in self.names if item.what == what), None)
