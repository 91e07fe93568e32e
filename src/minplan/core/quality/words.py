"""Relations between fields that checks need, read from ``dictionary.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from minplan.core.text import Text


@dataclass(frozen=True, slots=True)
class Order:
    """Field ``low`` must not be above field ``high``; ``kind`` is what they hold."""

    kind: str
    low: str
    high: str


@cache
def dictionary() -> dict[str, Any]:
    """The whole file."""
    text = files("minplan.core.quality").joinpath("dictionary.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def orders(kind: str) -> tuple[Order, ...]:
    """The pairs of one kind: ``year``, ``elevation``, ``date``, ``figure``."""
    return tuple(Order(**item) for item in dictionary()["order"] if item["kind"] == kind)


@cache
def constraint_names() -> dict[str, Text]:
    """Names of the constraint layers that the standard knows, by their key in the library."""
    file = files("minplan.core.standard") / "codes" / "constraint_layers.toml"
    told = tomllib.loads(file.read_text("utf-8"))
    return {key: Text(item["zh"], item["en"]) for key, item in told.items()}
