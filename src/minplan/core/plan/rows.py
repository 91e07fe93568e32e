"""Rows of a plan package as text, and the way from text to values with every fault collected."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from minplan.core.errors import MinplanError, Place, PlanDataError
from minplan.core.text import Text

Choice = TypeVar("Choice", bound=StrEnum)

_SEPARATORS = re.compile(r"[、|；;]")
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number as people count (the header of a CSV is row 1), its cells."""

    file: str
    number: int | None
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file of the package as rows of text."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def fault(
    code: str,
    message: Text,
    *,
    file: str,
    row: int | None = None,
    field: str | None = None,
    hint: Text | None = None,
) -> PlanDataError:
    """A fault of a plan package at a place."""
    return PlanDataError(code, message, place=Place(file=file, row=row, field=field), hint=hint)


class Cells:
    """The cells of one row as values.

    A cell that cannot be read adds a fault and gives a neutral value, so that the rest of the row
    is read too; a package with faults never becomes a snapshot.
    """

    def __init__(self, row: Row, faults: list[MinplanError]) -> None:
        self.row = row
        self.sound = True
        self._faults = faults

    def add(self, code: str, message: Text, field: str, hint: Text | None = None) -> None:
        """Note a fault in a field of this row; from then on the row is not ``sound``."""
        self.sound = False
        place = self.row
        self._faults.append(
            fault(code, message, file=place.file, row=place.number, field=field, hint=hint)
        )

    def text(self, field: str) -> str:
        """The trimmed text, empty when there is none."""
        return self.row.cells.get(field, "").strip()

    def names(self, field: str) -> tuple[str, ...]:
        """Several names separated by 、 (or | ； ;)."""
        return tuple(part.strip() for part in _SEPARATORS.split(self.text(field)) if part.strip())

    def number(self, field: str, *, minimum: Decimal | None = Decimal(0)) -> Decimal | None:
        """A decimal figure with all its printed decimals, or None when empty (E408, E412)."""
        text = self.text(field)
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            self.add(
                "E408",
                Text(f"“{text}”不是数字", f"“{text}” is not a number"),
                field,
                Text(
                    "只写数字，不写单位、逗号和“约”；单位写在单位列",
                    "write digits only; units, commas and “about” have columns of their own",
                ),
            )
            return Decimal(0)
        if minimum is not None and value < minimum:
            self.add(
                "E412",
                Text(f"“{text}”不能小于 {minimum}", f"“{text}” must not be below {minimum}"),
                field,
                Text("请核对文本中的数字", "check the figure against the text"),
            )
        return value

    def integer(self, field: str) -> int | None:
        """A whole number not below 0, or None when empty (E408, E412)."""
        value = self.number(field)
        if value is None:
            return None
        if value != value.to_integral_value():
            self.add(
                "E408",
                Text(f"“{value}”不是整数", f"“{value}” is not a whole number"),
                field,
                Text("个数和年份写整数", "counts and years are whole numbers"),
            )
        return int(value)

    def year(self, field: str) -> int:
        """A year with four digits (E408)."""
        text = self.text(field)
        if text.isdecimal() and _EARLIEST_YEAR <= int(text) <= _LATEST_YEAR:
            return int(text)
        if text:
            self.add(
                "E408",
                Text(f"“{text}”不是年份", f"“{text}” is not a year"),
                field,
                Text("写四位数，如 2025", "write four digits, such as 2025"),
            )
        return _EARLIEST_YEAR

    def date(self, field: str) -> dt.date | None:
        """A date as 2025-12-31, or None when empty (E418)."""
        text = self.text(field)
        if not text:
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self.add(
                "E418",
                Text(f"“{text}”不是日期", f"“{text}” is not a date"),
                field,
                Text("写成 2025-12-31", "write 2025-12-31"),
            )
            return dt.date(_EARLIEST_YEAR, 1, 1)

    def flag(self, field: str) -> bool:
        """``true`` or ``false`` (E409)."""
        text = self.text(field)
        if text and text not in ("true", "false"):
            self._not_one_of(field, text, ("true", "false"))
        return text == "true"

    def choice(self, field: str, kinds: type[Choice], default: Choice | None = None) -> Choice:
        """A member of an enumeration by its value (E409)."""
        text = self.text(field)
        values = [item.value for item in kinds]
        if text in values:
            return kinds(text)
        if text:
            self._not_one_of(field, text, values)
        return default if default is not None else next(iter(kinds))

    def one_of(self, field: str, values: Iterable[str]) -> str:
        """A word of a vocabulary (E409)."""
        text = self.text(field)
        known = tuple(values)
        if text and text not in known:
            self._not_one_of(field, text, known)
        return text

    def _not_one_of(self, field: str, text: str, values: Iterable[str]) -> None:
        listed = " ".join(values)
        self.add(
            "E409",
            Text(f"没有“{text}”这个取值", f"“{text}” is not a known value"),
            field,
            Text(f"可用：{listed}", f"use one of: {listed}"),
        )
