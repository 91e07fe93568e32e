"""Reading the items of an edition's TOML files; every fault names file, item and key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypedDict, TypeVar

from minplan.core.errors import Place, PlanDataError
from minplan.core.text import Text

Choice = TypeVar("Choice", bound=StrEnum)
#: The keys that tell items of a list apart, in lists of one file and when an overlay is merged.
IDENTITY_KEYS: Final = ("code", "id", "path", "what", "layer", "field")


class Origin(TypedDict):
    """Where an item comes from, and whether it was checked against the text."""

    source: str
    certain: bool


def fault(
    code: str, file: str, message: Text, *, item: str = "", key: str | None = None
) -> PlanDataError:
    """A fault of an edition's data at an item of a file."""
    return PlanDataError(
        code,
        message,
        place=Place(file=file, layer=item or None, field=key),
        hint=Text("改正版本数据（editions）或覆盖数据", "mend the edition's data or the overlay"),
    )


class Item:
    """One table of a TOML file as typed values; keys nobody asked for are faults.

    ``source`` and ``certain`` are inherited from the table around it.
    """

    def __init__(
        self,
        file: str,
        where: str,
        cells: Mapping[str, Any],
        inherited: Origin,
        faults: list[PlanDataError],
    ) -> None:
        self.file = file
        self.where = where
        self._cells = cells
        self._faults = faults
        self._asked = {"source", "certain"}
        self._children: list[Item] = []
        self._origin = Origin(
            source=str(cells.get("source", inherited["source"])),
            certain=bool(cells.get("certain", inherited["certain"])),
        )

    def origin(self) -> Origin:
        """Source and certainty of the item."""
        return self._origin

    def wrong(self, key: str, message: Text, code: str = "E702") -> None:
        """Note a fault at a key of this item."""
        self._faults.append(fault(code, self.file, message, item=self.where, key=key))

    def _value(self, key: str, kinds: type | tuple[type, ...], needed: bool = False) -> Any:
        self._asked.add(key)
        value = self._cells.get(key)
        if value is None or value == "":
            if needed:
                self.wrong(key, Text(f"缺少 {key}", f"{key} is missing"))
            return None
        if not isinstance(value, kinds):
            self.wrong(key, Text(f"{key} 的类型不对：{value!r}", f"{key} has a wrong type"))
            return None
        return value

    def text(self, key: str, *, needed: bool = False) -> str:
        """A text, empty when absent."""
        return str(self._value(key, str, needed) or "")

    def name(self) -> Text:
        """The keys ``zh`` and ``en``."""
        return Text(self.text("zh", needed=True), self.text("en", needed=True))

    def whole(self, key: str) -> int:
        """A whole number, 0 when absent."""
        return int(self._value(key, int) or 0)

    def number(self, key: str) -> float | None:
        """A figure, None when absent."""
        value = self._value(key, (int, float))
        return None if value is None else float(value)

    def flag(self, key: str) -> bool:
        """True or false, false when absent."""
        return bool(self._value(key, bool))

    def date(self, key: str) -> dt.date | None:
        """A date, None when absent."""
        value = self._value(key, dt.date)
        return value if isinstance(value, dt.date) else None

    def names(self, key: str) -> tuple[str, ...]:
        """A list of words or numbers as texts, empty when absent."""
        return tuple(str(word) for word in self._value(key, list) or ())

    def choice(self, key: str, kinds: type[Choice]) -> Choice:
        """A member of an enumeration by its value."""
        word = self.text(key, needed=True)
        values = [item.value for item in kinds]
        if word and word not in values:
            listed = " ".join(values)
            self.wrong(key, Text(f"{key} 只能是 {listed}", f"{key} must be one of {listed}"))
        return kinds(word) if word in values else next(iter(kinds))

    def sub(self, key: str) -> Item | None:
        """A table inside this one, or None."""
        cells = self._value(key, dict)
        return None if cells is None else self._child(f"{self.where} {key}", cells)

    def mapping(self, key: str) -> dict[str, Any]:
        """A table of free keys, empty when absent."""
        return dict(self._value(key, dict) or {})

    def items(self, key: str, *, unique: bool = True) -> list[Item]:
        """A list of tables inside this one; their codes must differ (E703)."""
        found: list[Item] = []
        for cells in self._value(key, list) or ():
            if not isinstance(cells, Mapping):
                self.wrong(key, Text(f"{key} 的每一项应是表", f"{key} must list tables"))
                continue
            where = next((str(cells[name]) for name in IDENTITY_KEYS if name in cells), "?")
            if unique and any(other.where == where for other in found):
                self.wrong(key, Text(f"“{where}”重复", f"{where!r} is listed twice"), "E703")
            found.append(self._child(where, cells))
        return found

    def tables(self, key: str) -> list[Item]:
        """A table of tables, each known by its key."""
        return [
            self._child(name, cells)
            for name, cells in (self._value(key, dict) or {}).items()
            if isinstance(cells, Mapping)
        ]

    def _child(self, where: str, cells: Mapping[str, Any]) -> Item:
        child = Item(self.file, where, cells, self._origin, self._faults)
        self._children.append(child)
        return child

    def finish(self) -> None:
        """Note keys that mean nothing, here and below."""
        for key in self._cells:
            if key not in self._asked:
                self.wrong(key, Text(f"没有“{key}”这个键", f"there is no key {key!r}"))
        for child in self._children:
            child.finish()


class Reader:
    """The documents of an edition by file name."""

    def __init__(self, files: Mapping[str, Mapping[str, Any]], faults: list[PlanDataError]) -> None:
        blank = Origin(source="", certain=False)
        self._documents = {
            name: Item(name, "", cells, blank, faults) for name, cells in files.items()
        }
        self._faults = faults
        self._blank = blank

    def document(self, file: str) -> Item:
        """A whole file; an absent one is empty."""
        if file not in self._documents:
            self._documents[file] = Item(file, "", {}, self._blank, self._faults)
        return self._documents[file]

    def items(self, file: str, key: str) -> list[Item]:
        """The entries ``[[key]]`` of a file."""
        return self.document(file).items(key)

    def tables(self, file: str, key: str) -> list[Item]:
        """The entries ``[key.<id>]`` of a file."""
        return self.document(file).tables(key)

    def finish(self) -> None:
        """Note every key of every file that means nothing."""
        for document in self._documents.values():
            document.finish()
