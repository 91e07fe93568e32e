"""One field of a feature and one attribute of a plan value: the way there and back, exact.

What is empty or None is absent from a feature. Figures keep their printed text beside the number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from minplan.core.errors import Place, PlanDataError
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import CodeList, Edition, Spec
from minplan.core.text import Text

#: Joins several names in one field, as the plan package does; a name never holds it.
SEPARATOR: Final = "、"


class Kind(StrEnum):
    """How a value is kept: see the functions below."""

    TEXT = "text"  # "" when absent
    OPTIONAL = "optional"  # None when absent
    WHOLE = "whole"
    FIGURE = "figure"  # a Decimal, with its printed text in a field of its own
    PRINTED = "printed"  # a figure that the plan keeps as text, with the number beside it
    DATE = "date"
    FLAG = "flag"
    NAMES = "names"  # a tuple joined by the separator
    WORD = "word"  # a word of the program, kept as an entry of a code list


@dataclass(frozen=True, slots=True)
class Column:
    """A field, the attribute it holds, and how.

    ``domain`` is the code list of a WORD, ``words`` the enumeration its values belong to (None for
    open words), ``printed`` the field with the printed text of a FIGURE. ``empty`` is the value of
    an absent field, which a ``needed`` one may not be.
    """

    field: str
    attribute: str
    kind: Kind = Kind.TEXT
    domain: str = ""
    words: type[StrEnum] | None = None
    printed: str = ""
    empty: Any = None
    needed: bool = False

    def write(self, value: Any, attributes: dict[str, Any], spec: Spec, edition: Edition) -> None:
        """Put a value into the attributes of a feature; an empty one stays away."""
        if value is None or value in ("", ()):
            return
        if self.kind is Kind.WORD:
            attributes[self.field] = _entry(edition.code_lists[self.domain], str(value))
        elif self.kind in (Kind.FIGURE, Kind.PRINTED):
            described = spec.field(self.field)
            attributes[self.field] = round(float(value), described.decimals if described else 4)
            attributes[self.printed] = str(value)
        elif self.kind is Kind.NAMES:
            attributes[self.field] = SEPARATOR.join(value)
        elif self.kind is Kind.DATE:
            attributes[self.field] = value.isoformat()
        else:
            attributes[self.field] = value

    def read(self, feature: FeatureValue, edition: Edition) -> Any:
        """The value a feature holds (PlanDataError E741 when it cannot be one)."""
        value = feature.attributes.get(self.field)
        if value is None:
            if self.needed:
                raise wrong_value(feature, self.field, "")
            if self.kind in _EMPTY:
                return _EMPTY[self.kind]
            return self.empty
        try:
            if self.kind is Kind.FIGURE:
                return Decimal(_printed(feature.attributes, self))
            if self.kind is Kind.PRINTED:
                return _printed(feature.attributes, self)
            if self.kind is Kind.WORD:
                word = _word(edition.code_lists[self.domain], str(value))
                return self.words(word) if self.words else word
            return _READ[self.kind](value)
        except (ValueError, InvalidOperation) as error:
            raise wrong_value(feature, self.field, value) from error


def wrong_value(feature: FeatureValue, field: str, value: Any) -> PlanDataError:
    """The fault of a value that cannot be a value of the plan."""
    return PlanDataError(
        "E741",
        Text(
            f"“{feature.key}”的 {field} 值“{value}”无法用于规划",
            f"{field} of {feature.key!r} is {value!r}, which the plan cannot use",
        ),
        place=Place(layer=feature.layer, field=field),
        hint=Text("按数据标准的值域改正", "mend it by the values of the standard"),
    )


def _entry(codes: CodeList, word: str) -> str:
    found = codes.of_value(word)
    return word if found is None else codes.stored(found)


def _word(codes: CodeList, stored: str) -> str:
    found = codes.find(stored)
    return stored if found is None or not found.value else found.value


def _printed(attributes: Mapping[str, Any], column: Column) -> str:
    printed = attributes.get(column.printed)
    return format(attributes[column.field], "g") if printed is None else str(printed)


_EMPTY: Final[Mapping[Kind, Any]] = {Kind.TEXT: "", Kind.FLAG: False, Kind.NAMES: ()}
_READ: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.TEXT: str,
    Kind.OPTIONAL: str,
    Kind.WHOLE: int,
    Kind.DATE: lambda value: dt.date.fromisoformat(str(value)),
    Kind.FLAG: bool,
    Kind.NAMES: lambda value: tuple(str(value).split(SEPARATOR)),
}
