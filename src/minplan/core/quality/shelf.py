"""The layers that are in memory at a time, so that memory holds no more than it must."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from minplan.core.errors import MinplanError
from minplan.core.quality.check import NotChecked
from minplan.core.quality.view import View
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.quality.submission import LayerSource

#: Bytes of other layers that are kept in memory at a time for checks between layers, about.
_ROOM: Final = 600 << 20
#: Layers used last that are never dropped: two are compared at a time.
_LAST: Final = 2


class Shelf:
    """Layers that are in memory now.

    One whole layer at a time, the one whose own checks run. Of other layers the geometry and some
    fields as long as there is room; a layer whose own checks are done stays with all its fields.
    Checks go through all layers again and again, so what came first is kept, and what makes room
    is the one used before the last two. A layer that failed to load is not tried again.
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._whole: tuple[LayerSource, View] | None = None
        self._parts: OrderedDict[int, tuple[frozenset[str] | None, View]] = OrderedDict()
        self._weight = 0
        self._bounds: dict[int, tuple[float, float, float, float] | None] = {}
        self._broken: dict[int, Text] = {}
        self._read: set[int] = set()

    def problem(self, source: LayerSource) -> Text | None:
        """Why a layer cannot be loaded, None when it can; it is tried unless it was before."""
        if id(source) not in self._broken and id(source) not in self._read:
            with suppress(NotChecked):
                self.part(source)
        return self._broken.get(id(source))

    def whole(self, source: LayerSource) -> View:
        """Everything of a layer; NotChecked when it cannot be loaded."""
        if self._whole is None or self._whole[0] is not source:
            self.release()
            self._whole = (source, self._load(source, None))
        return self._whole[1]

    def part(self, source: LayerSource, fields: Collection[str] = ()) -> View:
        """The geometry and some fields of a layer; NotChecked when it cannot be loaded."""
        if self._whole is not None and self._whole[0] is source:
            return self._whole[1]
        spec = source.spec
        wanted = frozenset({*fields, *([spec.key] if spec is not None and spec.key else [])})
        held = self._take(id(source))
        if held is None or (held[0] is not None and not wanted <= held[0]):
            if held is not None and held[0] is not None:
                wanted |= held[0]
            held = wanted, self._load(source, sorted(wanted)).compact()
        self._put(id(source), held)
        while len(self._parts) > _LAST and self._weight > self._room:
            self._take(list(self._parts)[-1 - _LAST])
        return held[1]

    def _put(self, key: int, held: tuple[frozenset[str] | None, View]) -> None:
        self._take(key)
        self._parts[key] = held
        self._weight += held[1].bytes

    def _take(self, key: int) -> tuple[frozenset[str] | None, View] | None:
        held = self._parts.pop(key, None)
        self._weight -= held[1].bytes if held is not None else 0
        return held

    def bounds(self, source: LayerSource) -> tuple[float, float, float, float] | None:
        """The bounds of a layer in degrees, kept from when it was loaded last."""
        if id(source) not in self._bounds:
            self.part(source)
        return self._bounds[id(source)]

    def release(self) -> None:
        """Put the whole layer away; it stays as far as there is room."""
        if self._whole is None:
            return
        source, view = self._whole
        self._whole = None
        view.compact()
        if self._weight + view.bytes <= self._room:
            self._put(id(source), (None, view))

    def _load(self, source: LayerSource, fields: Collection[str] | None) -> View:
        if id(source) not in self._broken:
            if source.problem is not None:
                self._broken[id(source)] = source.problem
            else:
                try:
                    view = View(source, source.load(fields))
                except MinplanError as error:
                    self._broken[id(source)] = error.message
                else:
                    self._read.add(id(source))
                    self._bounds[id(source)] = view.bounds
                    return view
        problem = self._broken[id(source)]
        name = f"{source.file} {source.name}".strip()
        raise NotChecked(
            Text(f"{name} 读不出来：{problem.zh}", f"{name} cannot be read: {problem.en}")
        )
