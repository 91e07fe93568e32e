"""A draft of a plan package as values: rows with their places, and what was not understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from minplan.core.document.model import Spot, Table
from minplan.core.text import Text

_DOUBTFUL: Final = 0.8


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row of a file of the package: its columns, where it was read, how sure it is (0 to 1).

    ``note`` says what was guessed; it is empty where the text says everything.
    """

    fields: Mapping[str, str]
    spot: Spot
    sure: float = 1.0
    note: Text | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at it first."""
        return self.sure < _DOUBTFUL


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table of the document as a file under ``tables/``: its columns and rows."""

    id: str
    title: str
    clause: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    table: Table
    sure: float = 1.0

    @property
    def file(self) -> str:
        """The path in the package."""
        return f"tables/{self.id}.csv"


@dataclass(frozen=True, slots=True)
class Unread:
    """Something of the text that went into no file."""

    what: Text
    spot: Spot


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: ``files`` by name, the tables, and what a person has to add.

    ``identity`` is the row of ``plan.toml``; what the text does not tell is missing there and
    stands in ``missing``. ``remarks`` tell what was not read with certainty.
    """

    identity: DraftRow
    files: Mapping[str, tuple[DraftRow, ...]]
    tables: tuple[DraftTable, ...]
    missing: tuple[Text, ...]
    unread: tuple[Unread, ...]
    remarks: tuple[Text, ...] = ()
