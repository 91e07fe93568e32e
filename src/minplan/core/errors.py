"""One family of errors, each with a place and a hint.

Every failure a user can meet is a :class:`MinplanError`: what is wrong, where
(file, layer, row, field, corner), and how to mend it. Library errors are translated
at the border and chained with ``raise … from``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from minplan.core.text import Language, Text

_PLACE_WORDS = {
    "file": Text("文件", "file"),
    "layer": Text("图层", "layer"),
    "row": Text("行", "row"),
    "field": Text("字段", "field"),
    "corner": Text("拐点", "corner"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found; rows and corners count from 1, as people do."""

    file: str | None = None
    layer: str | None = None
    row: int | None = None
    field: str | None = None
    corner: str | None = None

    def describe(self, language: Language = "zh") -> str:
        """Return for example ``文件 zones.csv · 行 7 · 字段 area_km2``."""
        parts = [
            f"{_PLACE_WORDS[item.name].get(language)} {value}"
            for item in fields(self)
            if (value := getattr(self, item.name)) is not None
        ]
        return " · ".join(parts)


class MinplanError(Exception):
    """Base of all errors shown to users.

    ``code`` names the page in the documentation, ``message`` says what is wrong,
    ``place`` where, and ``hint`` how to mend it.
    """

    def __init__(
        self,
        code: str,
        message: Text,
        *,
        place: Place | None = None,
        hint: Text | None = None,
    ) -> None:
        super().__init__(message.zh)
        self.code = code
        self.message = message
        self.place = place or Place()
        self.hint = hint

    def describe(self, language: Language = "zh") -> str:
        """Return the code, message, place and hint as lines for a person."""
        lines = [f"[{self.code}] {self.message.get(language)}"]
        if where := self.place.describe(language):
            lines.append(Text("位置：", "Where: ").get(language) + where)
        if self.hint:
            lines.append(Text("办法：", "Mend: ").get(language) + self.hint.get(language))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.describe("zh")

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dictionary for JSON output."""
        return {
            "code": self.code,
            "message": self.message.to_dict(),
            "place": {
                item.name: value
                for item in fields(self.place)
                if (value := getattr(self.place, item.name)) is not None
            },
            "hint": self.hint.to_dict() if self.hint else None,
        }


class InputError(MinplanError):
    """What the user handed in cannot be read, or can be read in several ways."""


class PlanDataError(MinplanError):
    """A plan package is incomplete or contradicts its own description."""


class StoreError(MinplanError):
    """A layer, a workspace or a review record is missing, damaged or in use."""


class Faults(MinplanError):
    """Several errors at once: people mend a file in one pass, not one error a day."""

    def __init__(self, faults: list[MinplanError]) -> None:
        first = faults[0]
        count = len(faults)
        super().__init__(
            first.code,
            Text(f"共 {count} 处错误", f"{count} faults"),
            place=Place(file=first.place.file),
        )
        self.faults = tuple(faults)

    def describe(self, language: Language = "zh") -> str:
        """Return every fault, one after another."""
        return "\n".join([self.message.get(language), *(f.describe(language) for f in self.faults)])

    def to_dict(self) -> dict[str, Any]:
        """Return the faults as a list under ``faults``."""
        return {**super().to_dict(), "faults": [f.to_dict() for f in self.faults]}
