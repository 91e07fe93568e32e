"""Which attribute of a proposal a field name of a file stands for."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from minplan.core.text import Text

_NOISE = re.compile(r"[\s()（）\[\]【】_\-、·:：/]+")


def attribute_of(field: str) -> str | None:
    """The proposal attribute that a field name stands for (``SCGM`` → ``scale``), or None."""
    return _aliases().get(_plain(field))


def proposal_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a feature that say something of a proposal, under their own names.

    The first field that stands for an attribute wins; fields that stand for none are left out.
    """
    found: dict[str, Any] = {}
    for field, value in attributes.items():
        key = attribute_of(field)
        if key is not None and value is not None:
            found.setdefault(key, value)
    return found


def near_matches(word: str, known: Iterable[str]) -> Text | None:
    """A hint that names the known words nearest to ``word``, or None when none is near."""
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.5)
    if not near:
        return None
    return Text(f"是否为：{'、'.join(near)}", f"did you mean: {', '.join(near)}")


def known_fields() -> tuple[str, ...]:
    """Every name a field of a proposal may have, English names first."""
    table = _table()
    return (*table, *(alias for names in table.values() for alias in names))


@lru_cache(maxsize=1)
def _table() -> dict[str, list[str]]:
    text = (resources.files(__package__) / "fields.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    table = _table()
    return {_plain(name): key for key, names in table.items() for name in (key, *names)}


def _plain(field: str) -> str:
    return _NOISE.sub("", field).replace("²", "2").lower()
