"""Attributes of a proposal as the form holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.text import Term


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of :func:`~minplan.formats.declared.declared` as JSON under the form's names.

    An elevation range becomes ``upper`` and ``lower``; terms their key, dates ISO text.
    """
    found = {key: _plain(value) for key, value in values.items() if key != "elevation"}
    elevation = values.get("elevation")
    if isinstance(elevation, ElevationRange):
        found |= {"upper": elevation.upper, "lower": elevation.lower}
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(item) for key, item in asdict(value).items() if item not in (None, "")}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
