"""Views of the map and queries that people keep (保存的视图、查询), each step in the audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q

from minplan.core.access import Permission
from minplan.core.errors import Place, StoreError
from minplan.core.text import Text
from minplan.database import chain
from minplan.database.acting import acting
from minplan.database.guards import writing
from minplan.database.models import Account, SavedItem
from minplan.database.times import recorded_time

#: What may be kept.
KINDS: Final = ("view", "query")
_LONGEST_NAME: Final = 120
#: Bytes of JSON an item may hold; a view is a few hundred.
_LARGEST: Final = 100_000


def save(
    kind: str,
    name: str,
    content: Mapping[str, Any],
    *,
    shared: bool = False,
    recorded: dt.datetime | None = None,
) -> SavedItem:
    """Keep an item of whoever acts; one of the same kind and name is replaced.

    Raises Forbidden E951 for whoever may not read, StoreError E935 (no usable name, too much
    content, an actor without an account).
    """
    acting().require(Permission.READ)
    _check(kind, name, content)
    moment = recorded_time(recorded or dt.datetime.now(dt.UTC))
    with writing():
        owner = _owner()
        for old in SavedItem.objects.filter(owner=owner, kind=kind, name=name, removed=None):
            _close(old, moment)
        item = SavedItem.objects.create(
            owner=owner,
            kind=kind,
            name=name.strip(),
            content=dict(content),
            shared=shared,
            recorded=moment,
        )
        told = {"kind": kind, "name": item.name, "shared": shared}
        chain.record("saved.add", f"saved:{item.pk}", told, actor=acting().actor, recorded=moment)
    return item


def listed(kind: str) -> tuple[SavedItem, ...]:
    """Items of whoever acts, and those others share; one's own first, then by name."""
    access = acting()
    if not access.may(Permission.READ):
        return ()
    found = SavedItem.objects.filter(kind=kind, removed=None).select_related("owner")
    found = found.filter(Q(shared=True) | Q(owner__username=access.actor))
    own = access.actor
    return tuple(sorted(found, key=lambda item: (item.owner.username != own, item.name)))


def get(identifier: int, kind: str) -> SavedItem:
    """An item that whoever acts may open; StoreError E811 otherwise."""
    found = next((item for item in listed(kind) if item.pk == identifier), None)
    if found is None:
        raise _missing()
    return found


def remove(identifier: int, kind: str, *, recorded: dt.datetime | None = None) -> None:
    """Take away an item of whoever acts; StoreError E811 for one of somebody else."""
    moment = recorded_time(recorded or dt.datetime.now(dt.UTC))
    with writing():
        item = SavedItem.objects.filter(
            pk=identifier, kind=kind, removed=None, owner__username=acting().actor
        ).first()
        if item is None:
            raise _missing()
        _close(item, moment)


def _close(item: SavedItem, moment: dt.datetime) -> None:
    item.removed = moment
    item.save(update_fields=["removed"])
    told = {"kind": item.kind, "name": item.name}
    chain.record("saved.remove", f"saved:{item.pk}", told, actor=acting().actor, recorded=moment)


def _owner() -> Account:
    found = Account.objects.filter(username=acting().actor).first()
    if found is None:
        raise StoreError(
            "E935",
            Text("只有登录的账号可以保存", "only an account that is logged in can keep this"),
            hint=Text("请先登录", "log in first"),
        )
    return found


def _check(kind: str, name: str, content: Mapping[str, Any]) -> None:
    if kind not in KINDS:
        raise LookupError(f"nothing of kind {kind} is kept")
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise StoreError(
            "E935",
            Text("请给一个名称，不超过 120 字", "give a name of at most 120 characters"),
            place=Place(field="name"),
        )
    if len(str(dict(content)).encode()) > _LARGEST:
        raise StoreError(
            "E935",
            Text("内容太多，不能保存", "there is too much to keep"),
            hint=Text("请减少条件或图层", "use fewer conditions or layers"),
        )


def _missing() -> StoreError:
    return StoreError("E811", Text("没有保存的这一项", "nothing of this kind was kept"))
