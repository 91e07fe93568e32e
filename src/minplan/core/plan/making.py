"""Values of a plan made from plain mappings, as examples of rules and of checks write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.plan.model import (
    BlockCount,
    Indicator,
    Level,
    MineralQuota,
    Modality,
    Operator,
    PlanSnapshot,
    Property,
    Quota,
    Status,
    Threshold,
    Zone,
)
from minplan.core.text import Text

#: The plan of an example holds nothing but its identity; an example adds what it is about.
PLAN: Final[Mapping[str, Any]] = {
    "id": "sandbox",
    "name": Text("示例规划", "sandbox plan"),
    "level": Level.CITY,
    "region_code": "000000",
    "region_name": "示例市",
    "first_year": 2021,
    "last_year": 2025,
    "base_year": 2020,
    "act": "示例〔2023〕1号",
    "effective_from": dt.date(2023, 1, 1),
    "effective_to": None,
    "issuer": "示例市人民政府",
}

# What a short mapping in an example may leave out.
_DEFAULTS: Final[Mapping[type, Mapping[str, Any]]] = {
    Threshold: {"mineral": None, "unit": "", "modality": Modality.FIRM, "clause": ""},
    Quota: {
        "mineral": None,
        "county": None,
        "year": 2025,
        "operator": Operator.AT_MOST,
        "modality": Modality.FIRM,
        "clause": "",
    },
    Status: {"mineral": None, "county": None, "date": dt.date(2025, 12, 31), "place": ""},
    BlockCount: {"level": Level.CITY, "clause": ""},
    Zone: {"name": ""},
    Indicator: {
        "unit": "",
        "base": "",
        "operator": Operator.AT_LEAST,
        "property": Property.BINDING,
        "level": Level.CITY.value,
        "clause": "",
    },
}


def make_plan(given: Mapping[str, Any]) -> PlanSnapshot:
    """A plan from the fields of the snapshot; ``plan`` holds what differs of the identity."""
    held = dict(given)
    identity = {**PLAN, **held.pop("plan", {})}
    return make(PlanSnapshot, {"plan": identity, **held})  # type: ignore[no-any-return]


def make(
    kind: type, given: Mapping[str, Any], defaults: Mapping[type, Mapping[str, Any]] | None = None
) -> Any:
    """An instance of a dataclass from plain values; ``defaults`` are added to those of the plan."""
    known = {**_DEFAULTS, **(defaults or {})}
    hints = get_type_hints(kind)
    values = {**known.get(kind, {}), **given}
    return kind(**{name: _coerce(hints[name], value, known) for name, value in values.items()})


def _coerce(kind: Any, value: Any, defaults: Mapping[type, Mapping[str, Any]]) -> Any:
    """A plain value as the type a field declares."""
    if value is None:
        return None
    inner = get_args(kind)
    if get_origin(kind) in (Union, UnionType):
        return _coerce(next(item for item in inner if item is not NoneType), value, defaults)
    if get_origin(kind) is tuple:
        return tuple(_coerce(inner[0], item, defaults) for item in value)
    if not isinstance(kind, type) or isinstance(value, kind):
        return value
    if is_dataclass(kind) and isinstance(value, Mapping):
        return make(kind, value, defaults)
    if issubclass(kind, StrEnum):
        return kind(value)
    plain = _PLAIN.get(kind)
    return plain(value) if plain else value


def _range(pair: Sequence[float]) -> ElevationRange:
    upper, lower = pair
    return ElevationRange(upper, lower)


_PLAIN: Final[Mapping[type, Callable[[Any], Any]]] = {
    dt.date: dt.date.fromisoformat,
    Decimal: lambda value: Decimal(str(value)),
    ElevationRange: _range,
    MineralQuota: MineralQuota,
}
