"""Tables from workbooks and CSV files: which rows belong to which block.

Three layouts are in use: a sheet is one block; a column of names says which corner belongs to
which block; a row is a block with its corners (or WKT) in one cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.formats.fields import attribute_of

#: Headings are looked for in the first rows of a sheet.
_HEADING_ROWS: Final = 12
_GEOMETRY_HEADINGS: Final = ("wkt", "geometry", "geom", "the_geom", "几何")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: rows of cell texts, and the place of every cell for messages."""

    title: str
    rows: Sequence[Sequence[str]]
    places: Sequence[Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a table that is one block.

    ``text`` is set where its corners (or WKT) stand in one cell; otherwise ``sheet`` holds its
    rows. ``attributes`` are the other cells of its first row under their headings.
    """

    name: str
    sheet: Sheet
    attributes: dict[str, str]
    text: str | None = None
    place: Place = field(default_factory=Place)


def sheet_of_csv(text: str, name: str) -> Sheet:
    """Split CSV text; the separator is the one of comma, semicolon and tab that occurs most.

    Raises InputError E206 when it is no CSV.
    """
    sample = text[:4096]
    separator = max(",;\t", key=sample.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise InputError(
            "E206",
            Text(f"{name} 不是有效的 CSV 表", f"{name} is not a valid CSV table"),
            place=Place(file=name),
            hint=Text(f"读取程序的说明：{error}", f"the reader says: {error}"),
        ) from error
    places = [
        [Place(file=name, row=number) for _ in row] or [Place(file=name, row=number)]
        for number, row in enumerate(rows, 1)
    ]
    return Sheet(name, rows, places)


def pieces(sheet: Sheet) -> list[Piece]:
    """Cut a sheet into blocks by its headings."""
    for index, row in enumerate(sheet.rows[:_HEADING_ROWS]):
        keys = [attribute_of(cell) if cell else None for cell in row]
        geometry = next(
            (
                column
                for column, cell in enumerate(row)
                if keys[column] == "corners" or cell.strip().lower() in _GEOMETRY_HEADINGS
            ),
            None,
        )
        if geometry is not None and _filled(sheet, index, geometry):
            return _row_pieces(sheet, index, geometry, keys)
        if "name" in keys and len(_names(sheet, index, keys.index("name"))) > 1:
            return _named_pieces(sheet, index, keys)
    return [Piece(sheet.title, sheet, {})]


def _filled(sheet: Sheet, heading: int, column: int) -> bool:
    """Whether the cells below a heading hold more than a number each."""
    cells = [row[column] for row in sheet.rows[heading + 1 :] if column < len(row) and row[column]]
    return bool(cells) and all(len(cell) > 20 for cell in cells)


def _names(sheet: Sheet, heading: int, column: int) -> set[str]:
    return {row[column] for row in sheet.rows[heading + 1 :] if column < len(row) and row[column]}


def _row_pieces(
    sheet: Sheet, heading: int, geometry: int, keys: Sequence[str | None]
) -> list[Piece]:
    found = []
    titles = sheet.rows[heading]
    for number, row in enumerate(sheet.rows[heading + 1 :], heading + 1):
        if geometry >= len(row) or not row[geometry].strip():
            continue
        attributes = _attributes(titles, row, {geometry})
        name = next((row[c] for c, key in enumerate(keys) if key == "name" and c < len(row)), "")
        place = sheet.places[number][geometry]
        one = Sheet(sheet.title, [row], [sheet.places[number]])
        found.append(Piece(name or sheet.title, one, attributes, row[geometry], place))
    return found


def _named_pieces(sheet: Sheet, heading: int, keys: Sequence[str | None]) -> list[Piece]:
    """Rows with an empty name belong to the name above; columns of attributes are taken out."""
    column = keys.index("name")
    said = {index for index, key in enumerate(keys) if key is not None}
    groups: list[tuple[str, list[int]]] = []
    for number in range(heading + 1, len(sheet.rows)):
        row = sheet.rows[number]
        name = row[column].strip() if column < len(row) else ""
        if name and (not groups or groups[-1][0] != name):
            groups.append((name, []))
        if groups:
            groups[-1][1].append(number)
    titles = sheet.rows[heading]
    found = []
    for name, numbers in groups:
        rows = [_without(titles, said), *(_without(sheet.rows[n], said) for n in numbers)]
        places = [sheet.places[heading], *(sheet.places[n] for n in numbers)]
        one = replace(sheet, rows=rows, places=places)
        attributes = _attributes(titles, sheet.rows[numbers[0]], set(range(len(titles))) - said)
        found.append(Piece(name, one, attributes, place=sheet.places[numbers[0]][0]))
    return found


def _without(row: Sequence[str], columns: set[int]) -> list[str]:
    return ["" if index in columns else cell for index, cell in enumerate(row)]


def _attributes(titles: Sequence[str], row: Sequence[str], apart: set[int]) -> dict[str, str]:
    return {
        title: row[index]
        for index, title in enumerate(titles)
        if index not in apart and title.strip() and index < len(row) and row[index]
    }
