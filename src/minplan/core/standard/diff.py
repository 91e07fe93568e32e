"""What is different between two editions of the data standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from minplan.core.standard.model import CodeList, Edition, LayerSpec, Spec
from minplan.core.text import Text


class ChangeKind(StrEnum):
    """What happened to an item from one edition to the other."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def word(self) -> Text:
        """新增, 取消 or 变化."""
        return _WORDS[self]


_WORDS: Final = {
    ChangeKind.ADDED: Text("新增", "added"),
    ChangeKind.REMOVED: Text("取消", "removed"),
    ChangeKind.CHANGED: Text("变化", "changed"),
}
#: Properties that do not change what data may hold.
_ASIDE: Final = frozenset({"source", "certain", "fields", "codes", "aliases", "note", "references"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``what`` is layer, table, field, list or code; ``item`` such as JZKCQ.MJ.

    ``before`` and ``after`` hold the properties that changed.
    """

    kind: ChangeKind
    what: str
    item: str
    name: Text
    before: Mapping[str, str]
    after: Mapping[str, str]


def diff(before: Edition, after: Edition) -> tuple[Change, ...]:
    """Layers, tables, fields, code lists and codes added, removed or changed."""
    return (*_specs(before, after), *_lists(before, after))


def _specs(before: Edition, after: Edition) -> Iterator[Change]:
    old = {item.code: item for item in before.specs}
    new = {item.code: item for item in after.specs}
    for code in {**old, **new}:
        was, now = old.get(code), new.get(code)
        yield from _compared(_kind_of(now or was), code, was, now)
        if was is not None and now is not None:
            yield from _fields(was, now)


def _fields(was: Spec, now: Spec) -> Iterator[Change]:
    old = {item.code: item for item in was.fields}
    new = {item.code: item for item in now.fields}
    for code in {**old, **new}:
        yield from _compared("field", f"{now.code}.{code}", old.get(code), new.get(code))


def _lists(before: Edition, after: Edition) -> Iterator[Change]:
    for name in {**before.code_lists, **after.code_lists}:
        was, now = before.code_lists.get(name), after.code_lists.get(name)
        yield from _compared("list", name, was, now)
        if was is not None and now is not None:
            yield from _codes(was, now)


def _codes(was: CodeList, now: CodeList) -> Iterator[Change]:
    old = {item.code: item for item in was.codes}
    new = {item.code: item for item in now.codes}
    for code in {**old, **new}:
        yield from _compared("code", f"{now.id}.{code}", old.get(code), new.get(code))


def _kind_of(spec: Spec | None) -> str:
    return "layer" if isinstance(spec, LayerSpec) else "table"


def _compared(what: str, item: str, was: Any, now: Any) -> Iterator[Change]:
    if was is None:
        yield Change(ChangeKind.ADDED, what, item, now.name, {}, {})
    elif now is None:
        yield Change(ChangeKind.REMOVED, what, item, was.name, {}, {})
    else:
        old, new = _properties(was), _properties(now)
        changed = [key for key in {**old, **new} if old.get(key, "") != new.get(key, "")]
        if changed:
            yield Change(
                ChangeKind.CHANGED,
                what,
                item,
                now.name,
                {key: old.get(key, "") for key in changed},
                {key: new.get(key, "") for key in changed},
            )


def _properties(item: Any) -> dict[str, str]:
    names = [each.name for each in fields(item) if each.name not in _ASIDE]
    told = {name: getattr(item, name) for name in names}
    return {name: _shown(value) for name, value in told.items() if value not in (None, "", (), 0)}


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return value.zh if isinstance(value, Text) else str(value)
