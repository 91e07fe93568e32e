"""Dated tables of law and policy: figures that rules read, each with source and validity."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

_COMMON: Final = ("valid_from", "valid_to", "source", "certain")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a dated table; ``values`` holds its own columns."""

    values: Mapping[str, Any]
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    certain: bool

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a column, or ``default`` where the row leaves it out."""
        return self.values.get(key, default)

    def in_force(self, date: dt.date) -> bool:
        """Whether the row holds on ``date``."""
        return self.valid_from <= date and (self.valid_to is None or date <= self.valid_to)


@lru_cache(maxsize=16)
def table(name: str) -> tuple[Row, ...]:
    """All rows of ``codes/<name>.toml``; every ``[[row]]`` has ``valid_from`` and ``source``."""
    text = (resources.files(__package__) / "codes" / f"{name}.toml").read_text("utf-8")
    return tuple(_row(item) for item in tomllib.loads(text)["row"])


def rows_at(name: str, date: dt.date, **match: Any) -> tuple[Row, ...]:
    """Rows of a table in force on ``date`` whose columns equal ``match``."""
    return tuple(
        row
        for row in table(name)
        if row.in_force(date) and all(row.get(key) == value for key, value in match.items())
    )


def _row(item: dict[str, Any]) -> Row:
    own = {
        k: v for k, v in item.items() if k not in ("valid_from", "valid_to", "source", "certain")
    }
    return Row(
        values=own,
        valid_from=item["valid_from"],
        valid_to=item.get("valid_to"),
        source=item["source"],
        certain=item.get("certain", True),
    )
