"""Remarks made from the message table."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from shapely.geometry.base import BaseGeometry

from minplan.core.errors import Place
from minplan.core.geometry.corners.model import CornersRefused, Level, Remark
from minplan.core.text import Language, Text

_SHOWN = 8


@lru_cache(maxsize=1)
def messages() -> dict[str, dict[str, str]]:
    """Return the message table: key → level, zh, en, fix_zh, fix_en."""
    table = files(__package__).joinpath("messages.toml").read_text(encoding="utf-8")
    return tomllib.loads(table)


def remark(
    key: str,
    *,
    place: Place | None = None,
    applied: bool | None = None,
    before: BaseGeometry | None = None,
    after: BaseGeometry | None = None,
    **values: Any,
) -> Remark:
    """Make the remark ``key`` (``E104`` or a variant such as ``E104-row``) from the table.

    ``values`` fill the placeholders; a :class:`Text` gives each language its own words. A remark
    of level *done* counts as applied unless said otherwise.
    """
    entry = messages()[key]
    level = Level(entry["level"])
    fix = None
    if "fix_zh" in entry:
        fix = Text(_fill(entry["fix_zh"], values, "zh"), _fill(entry["fix_en"], values, "en"))
    return Remark(
        code=key[:4],
        level=level,
        message=Text(_fill(entry["zh"], values, "zh"), _fill(entry["en"], values, "en")),
        fix=fix,
        place=place or Place(),
        applied=level is Level.DONE if applied is None else applied,
        before=before,
        after=after,
    )


def _fill(template: str, values: dict[str, Any], language: Language) -> str:
    words = {
        name: value.get(language) if isinstance(value, Text) else value
        for name, value in values.items()
    }
    return template.format(**words)


def refuse(key: str, **values: Any) -> CornersRefused:
    """Return the refusal made of the one blocking remark ``key``."""
    return CornersRefused((remark(key, **values),))


def listed(items: Iterable[object]) -> str:
    """Join items for a sentence, shortened when there are many: ``7、8``."""
    words = [str(item) for item in items]
    if len(words) > _SHOWN:
        return "、".join(words[:_SHOWN]) + f"…（{len(words)}）"
    return "、".join(words)
