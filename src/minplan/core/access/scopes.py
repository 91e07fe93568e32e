"""Scopes of access tokens (令牌范围): what a program may do in the name of an account."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from minplan.core.access.model import Access, Permission
from minplan.core.text import Text


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope: its key, what it is called and allows."""

    key: str
    word: Text
    note: Text
    permissions: frozenset[Permission]


@cache
def scopes() -> tuple[Scope, ...]:
    """All scopes, the least first."""
    text = (resources.files(__package__) / "scopes.toml").read_text("utf-8")
    return tuple(
        Scope(
            key,
            Text(item["zh"], item["en"]),
            Text(item["note_zh"], item["note_en"]),
            frozenset(map(Permission, item["permissions"])),
        )
        for key, item in tomllib.loads(text).items()
    )


def limited(access: Access, given: Iterable[str]) -> Access:
    """The access of an account as far as the scopes of a token reach; unknown ones add nothing."""
    wanted = set(given)
    allowed = [item.permissions for item in scopes() if item.key in wanted]
    return access.limited_to(frozenset().union(*allowed))
