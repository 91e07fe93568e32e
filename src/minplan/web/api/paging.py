"""Paging by key: a cursor names the place behind the last row, so pages stay stable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from minplan.core.query.paging import decode_cursor, encode_cursor

T = TypeVar("T")


def keyed(
    items: Iterable[T],
    key: Callable[[T], Any],
    told: Callable[[T], Any],
    cursor: str,
    limit: int,
    *,
    falling: bool = False,
) -> dict[str, Any]:
    """A page of items that are in the order of their keys (strings or whole numbers).

    ``falling`` when the greatest key comes first. Raises InputError E878 for a cursor that is
    none.
    """
    rows = list(items)
    if cursor:
        _, after = decode_cursor(cursor)
        rows = [r for r in rows if _behind(key(r), after, falling=falling)]
    shown = rows[:limit]
    following = encode_cursor([], key(shown[-1])) if len(rows) > limit else ""
    return {"items": [told(item) for item in shown], "next": following}


def newest(
    found: Any, told: Callable[[Any], Any], cursor: str, limit: int, column: str = "pk"
) -> dict[str, Any]:
    """A page of a query set, the greatest key of ``column`` first."""
    if cursor:
        _, after = decode_cursor(cursor)
        found = found.filter(**{f"{column}__lt": after})
    rows = list(found.order_by(f"-{column}")[: limit + 1])
    shown = rows[:limit]
    following = encode_cursor([], getattr(shown[-1], column)) if len(rows) > limit else ""
    return {"items": [told(item) for item in shown], "next": following}


def wrapped(key: str) -> str:
    """A key of another kind of list as an opaque cursor ("" at the end)."""
    return encode_cursor([], key) if key else ""


def unwrapped(cursor: str) -> str:
    """The key in such a cursor."""
    return str(decode_cursor(cursor)[1]) if cursor else ""


def _behind(key: Any, after: Any, *, falling: bool) -> bool:
    try:
        return bool(key < after if falling else key > after)
    except TypeError:
        return False
