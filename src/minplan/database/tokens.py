"""Access tokens of whoever acts: listed, made, revoked; their use noted sparingly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from minplan.core.access.scopes import scopes
from minplan.core.errors import Place, StoreError
from minplan.core.text import Text
from minplan.database import accounts
from minplan.database.acting import acting
from minplan.database.guards import writing
from minplan.database.models import AccessToken
from minplan.database.times import recorded_time

#: Use is written down at most this often.
_NOTED_EVERY: Final = dt.timedelta(minutes=10)
_LONGEST_NAME: Final = 120
_MOST_DAYS: Final = 366


def listed() -> tuple[AccessToken, ...]:
    """The tokens of whoever acts, the newest first; revoked ones, too."""
    found = AccessToken.objects.filter(account__username=acting().actor)
    return tuple(found.order_by("-pk"))


def make(
    name: str, wanted: Iterable[str], *, days: int | None, recorded: dt.datetime
) -> tuple[str, AccessToken]:
    """A token for a program of whoever acts; its text is given once.

    ``days`` is how long it holds, at most a year. Raises StoreError E895 without a name, scope or
    sensible time, E811 for an actor without an account.
    """
    chosen = sorted(set(wanted))
    known = [item.key for item in scopes()]
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise _unusable("name", Text("请给令牌一个名称", "give the token a name"))
    if not chosen or set(chosen) - set(known):
        listed_zh = "、".join(known)
        raise _unusable("scopes", Text(f"选择范围：{listed_zh}", f"choose of {', '.join(known)}"))
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise _unusable("days", Text("有效期 1–366 天", "a token holds for 1 to 366 days"))
    if acting().only is not None:
        raise _unusable("name", Text("令牌不能再建令牌", "a token cannot make tokens"))
    moment = recorded_time(recorded)
    account = accounts.get(acting().actor)
    expires = None if days is None else moment + dt.timedelta(days=days)
    return accounts.make_token(account, name.strip(), chosen, recorded=moment, expires=expires)


def revoke(identifier: int, *, recorded: dt.datetime) -> None:
    """End a token of whoever acts; StoreError E811 for one of somebody else."""
    found = AccessToken.objects.select_related("account").filter(
        pk=identifier, account__username=acting().actor
    )
    token = found.first()
    if token is None:
        raise StoreError("E811", Text("没有这个令牌", "there is no such token"))
    accounts.revoke_token(token, actor=acting().actor, recorded=recorded)


def note_use(token: AccessToken, recorded: dt.datetime) -> None:
    """Write down that a token was used, unless that was done a little while ago."""
    if token.last_used is not None and recorded - token.last_used < _NOTED_EVERY:
        return
    with writing():
        token.last_used = recorded_time(recorded)
        token.save(update_fields=["last_used"])


def _unusable(field: str, message: Text) -> StoreError:
    return StoreError(
        "E895",
        message,
        place=Place(field=field),
        hint=Text("改正后再新建", "mend it and make the token again"),
    )
