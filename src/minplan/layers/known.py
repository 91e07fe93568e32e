"""The constraint layers that the rules know, with the kind of geometry each must have."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import cast

from minplan.layers.shapes import Kind


@cache
def known_kinds() -> dict[str, Kind]:
    """Kind of geometry by layer name; other names are allowed and may have any kind."""
    file = resources.files("minplan.core.standard") / "codes" / "constraint_layers.toml"
    table = tomllib.loads(file.read_text("utf-8"))
    return {name: cast("Kind", entry["geometry"]) for name, entry in table.items()}
