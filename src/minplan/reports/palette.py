"""Colours of the outcomes, read from ``palette.toml`` and used by every writer."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from minplan.core.review.finding import Outcome


@dataclass(frozen=True, slots=True)
class OutcomeStyle:
    """Fill and text colour (``#RRGGBB``) and how evidence of the outcome is drawn on maps."""

    fill: str
    text: str
    alpha: float
    hatch: str
    width: float


@lru_cache(maxsize=1)
def outcome_styles() -> dict[Outcome, OutcomeStyle]:
    """The style of every outcome."""
    data = tomllib.loads((resources.files("minplan.reports") / "palette.toml").read_text("utf-8"))
    return {Outcome(key): OutcomeStyle(**entry) for key, entry in data.items()}
