"""Small tables of a submission as rows: the annexed tables of a plan have hundreds of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from minplan.core.quality.submission import Context, LayerSource
from minplan.core.quality.view import View, figure, plain

_SEVERAL: Final = re.compile(r"[、，,;；/|]")
_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a layer or table: its values by field as people read them, and where it stands."""

    view: View
    index: int

    @property
    def source(self) -> LayerSource:
        """The layer or table."""
        return self.view.source

    @property
    def key(self) -> str:
        """Its business key."""
        return self.view.key(self.index)

    def text(self, code: str) -> str:
        """The value of a field as text, empty when there is none."""
        return plain(self.view.column(code).value(self.index))

    def figure(self, code: str) -> float:
        """The value of a field as a figure, NaN when there is none."""
        return figure(self.view.column(code).value(self.index))

    def names(self, code: str) -> frozenset[str]:
        """The several values of a field."""
        return frozenset(split(self.text(code)))


def rows_of(ctx: Context, code: str, fields: Sequence[str]) -> Iterator[Row]:
    """The rows of all layers or tables that were matched to a code."""
    for source in ctx.of(code):
        view = ctx.take(source, fields)
        for index in range(len(view)):
            yield Row(view, index)


def split(text: str) -> list[str]:
    """Several values written in one field."""
    return [item.strip() for item in _SEVERAL.split(text) if item.strip()]


def number_in(value: Any) -> float | None:
    """The one figure in a text such as ``≥ 85%``, None when there is none or there are several."""
    found = _NUMBER.findall(plain(value).replace(",", ""))
    return float(found[0]) if len(found) == 1 else None


def differ(one: float, other: float, decimals: int) -> bool:
    """Whether two figures differ by more than the last decimal of the coarser one can hide."""
    return abs(one - other) > 10.0**-decimals * 0.5 + 1e-9 * max(abs(one), abs(other))
