"""Names of a hand-in by the grammar of an edition: what they should be, and reading them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from minplan.core.plan.model import Plan
from minplan.core.standard.model import Edition

_SHAPES: Final = {
    "code6": r"(?P<code6>\d{6})",
    "level": r"(?P<level>\d)",
    "layer": r"(?P<layer>[A-Za-z]+)",
    "year": r"(?P<year>\d{4})",
    "period": r"(?P<period>\d{4}[-—–]\d{4})",
}


def values_of(plan: Plan, edition: Edition) -> dict[str, str]:
    """The placeholders that the patterns of an edition may use, for one plan."""
    levels = edition.code_lists.get("GHJB")
    level = levels.of_value(plan.level.value) if levels else None
    return {
        "code6": plan.region_code,
        "name": plan.region_name,
        "period": f"{plan.first_year}-{plan.last_year}",
        "level": level.code if level else "",
        "year": str(plan.last_year),
    }


def name_of(edition: Edition, plan: Plan, what: str, **more: str) -> str:
    """The name of ``root``, ``layer``, ``table``, ``database``, …; empty without a grammar."""
    grammar = edition.name_pattern(what)
    if grammar is None:
        return ""
    return grammar.pattern.format_map({**values_of(plan, edition), **more})


def parsed(pattern: str, name: str) -> Mapping[str, str] | None:
    """The placeholders in a name made by a pattern, None when it is not made by it."""
    found = _expression(pattern).fullmatch(name)
    return None if found is None else found.groupdict()


@lru_cache(maxsize=64)
def _expression(pattern: str) -> re.Pattern[str]:
    seen: set[str] = set()
    told = ""
    for number, part in enumerate(re.split(r"\{(\w+)\}", pattern)):
        if number % 2 == 0:
            told += re.escape(part)
        elif part in seen:
            told += f"(?P={part})"
        else:
            seen.add(part)
            told += _SHAPES.get(part, f"(?P<{part}>.+?)")
    return re.compile(told, re.IGNORECASE)
