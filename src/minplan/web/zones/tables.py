"""The table of a layer: columns as in the plan's boxes, filters, order, totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from minplan.core.plan.lifecycle import Standing, state
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import FieldSpec, FieldType, LayerSpec
from minplan.web.words import said, t
from minplan.web.zones.reading import ZoneBook, display, heading, is_block

#: What the boxes of a plan show first; everything else the standard holds follows on demand.
_FIRST: Final = (
    *("GHBH", "MC", "SZXZQ", "XZQFW", "ZYKZ", "YSCKQS", "NSCKQS", "KCZL"),
    *("KCJD", "KCCD", "NSGM", "FWNX", "TFSX", "MJ", "JSMJ", "GHJB", "CY", "ZYWT", "BZ"),
)
_STATE: Final = "state"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field's code, its heading, whether it holds figures."""

    code: str
    heading: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A zone: its cells in the order of the columns."""

    key: str
    cells: tuple[tuple[Column, str], ...]
    schematic: bool
    placed: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The table as asked for; ``total`` counts all rows before filtering."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int
    areas: int
    stated_km2: float
    computed_km2: float
    hidden: int


def make(book: ZoneBook, layer: LayerSpec, asked: Mapping[str, Any]) -> Table:
    """The table of a layer with the filters and the order of a query string."""
    everything = book.features(layer.code)
    found = [item for item in everything if _suits(item, asked)]
    columns, hidden = _columns(book, layer, everything, asked.get("columns") == "all")
    standings = book.standings if is_block(layer) else {}
    _sort(found, layer, str(asked.get("sort", "")), standings)
    return Table(
        columns=columns,
        rows=tuple(_row(item, columns, layer, book, standings) for item in found),
        total=len(everything),
        areas=sum(int(item.attributes.get("SL", 1)) for item in found),
        stated_km2=sum(float(item.attributes.get("MJ", 0)) for item in found),
        computed_km2=sum(float(item.attributes.get("JSMJ", 0)) for item in found),
        hidden=hidden,
    )


def minerals_of(features: Iterable[FeatureValue]) -> list[str]:
    """The minerals that occur, each once, in the order they appear."""
    named = (str(item.attributes.get("ZYKZ", "")).split("、") for item in features)
    return list(dict.fromkeys(name for names in named for name in names if name))


def _suits(item: FeatureValue, asked: Mapping[str, Any]) -> bool:
    held = item.attributes
    county, mineral = asked.get("county"), asked.get("mineral")
    if county and county not in str(held.get("SZXZQ", "")).split("、"):
        return False
    if mineral and mineral not in str(held.get("ZYKZ", "")).split("、"):
        return False
    word = str(asked.get("q", "")).strip().lower()
    return not word or any(word in str(value).lower() for value in (item.key, *held.values()))


def _columns(
    book: ZoneBook, layer: LayerSpec, features: Iterable[FeatureValue], everything: bool
) -> tuple[tuple[Column, ...], int]:
    used = {code for item in features for code in item.attributes}
    first = [code for code in _FIRST if code in used]
    more = [item.code for item in layer.fields if item.code in used and item.code not in first]
    codes = [*first, *more] if everything else first
    fields = [field for code in codes if (field := layer.field(code)) is not None]
    columns = [Column(item.code, heading(item), _is_number(item)) for item in fields]
    if is_block(layer):
        columns.insert(2, Column(_STATE, t("状态", "State")))
    return tuple(columns), len(more)


def _is_number(field: FieldSpec) -> bool:
    return field.type in (FieldType.INT, FieldType.FLOAT)


def _row(
    item: FeatureValue,
    columns: tuple[Column, ...],
    layer: LayerSpec,
    book: ZoneBook,
    standings: Mapping[tuple[str, str], Standing],
) -> Row:
    cells = []
    for column in columns:
        if column.code == _STATE:
            where = standings.get((layer.code, item.key), Standing())
            cells.append((column, said(state(where.state).word)))
            continue
        field = layer.field(column.code)
        value = item.attributes.get(column.code)
        if column.code == "MJ":
            value = item.attributes.get("MJWB", value)
            cells.append((column, "" if value is None else str(value)))
        else:
            cells.append((column, display(field, value, book.edition) if field else ""))
    schematic = bool(item.attributes.get("SFSY"))
    return Row(item.key, tuple(cells), schematic, item.geometry is not None)


def _sort(
    found: list[FeatureValue],
    layer: LayerSpec,
    word: str,
    standings: Mapping[tuple[str, str], Standing],
) -> None:
    code, down = word.lstrip("-"), word.startswith("-")
    if code == _STATE:
        found.sort(
            key=lambda i: state(standings.get((i.layer, i.key), Standing()).state).rank,
            reverse=down,
        )
        return
    field = layer.field(code)
    if field is None:
        return
    held = [item for item in found if item.attributes.get(code) not in (None, "")]
    empty = [item for item in found if item.attributes.get(code) in (None, "")]
    held.sort(
        key=lambda i: i.attributes[code] if _is_number(field) else str(i.attributes[code]),
        reverse=down,
    )
    found[:] = [*held, *empty]
