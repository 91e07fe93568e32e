"""The rule edition: one hash over everything that decides what the rules say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

_PACKAGES = ("minplan.core.review", "minplan.core.standard", "minplan.core.geometry")
_SUFFIXES = (".py", ".toml", ".csv")


def rule_edition() -> str:
    """SHA-256 over the rules, their tables, the code lists and the geometry kernel.

    Two installations with equal editions give equal findings for equal inputs.
    """
    return sources_digest(*_PACKAGES)


@lru_cache(maxsize=4)
def sources_digest(*packages: str) -> str:
    """SHA-256 over the code and data files of packages, whatever their line ends."""
    digest = hashlib.sha256()
    for package in packages:
        for name, item in sorted(_files(resources.files(package), package)):
            digest.update(name.encode())
            digest.update(item.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        name = f"{prefix}/{item.name}"
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _files(item, name)
        elif item.name.endswith(_SUFFIXES):
            yield name, item
