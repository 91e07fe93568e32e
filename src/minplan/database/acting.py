"""Who is acting: the access that reading and writing obey.

Programs that hold the files (the command line, migrations) act as the system. A process that serves
people calls :func:`deny_by_default` once, so that code which forgets to say who acts sees what the
public sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from minplan.core.access import Access

_default: list[Access] = [Access.of_system()]
_acting: ContextVar[Access | None] = ContextVar("minplan_acting", default=None)


def acting() -> Access:
    """Who acts here."""
    return _acting.get() or _default[0]


@contextmanager
def act_as(access: Access) -> Iterator[Access]:
    """Let this block (of this thread or task only) act as somebody."""
    token = _acting.set(access)
    try:
        yield access
    finally:
        _acting.reset(token)


def deny_by_default() -> None:
    """From now on nobody named means the public."""
    _default[0] = Access.public()
