"""Dialects of corner texts: one module each, recognised by content, first match wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from minplan.core.geometry.corners.dialects import baopan, guotu, registry, table
from minplan.core.geometry.corners.draft import Draft


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of writing corners: a test on the text, and the reader."""

    key: str
    recognises: Callable[[str], bool]
    read: Callable[[str], Draft]


#: The table comes last: it takes whatever nobody else knows.
DIALECTS: Final = (
    Dialect("guotu", guotu.recognises, guotu.read),
    Dialect("baopan", baopan.recognises, baopan.read),
    Dialect("registry-mining", registry.recognises_mining, registry.read_mining),
    Dialect("registry-exploration", registry.recognises_exploration, registry.read_exploration),
    Dialect("table", lambda _: True, table.read),
)


def dialect_of(text: str) -> Dialect:
    """Return the dialect of a text."""
    return next(dialect for dialect in DIALECTS if dialect.recognises(text))
