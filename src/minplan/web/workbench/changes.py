"""The latest changes in words, from the audit chain."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from minplan.core.text import Text
from minplan.database.models import AuditEntry
from minplan.web.plans.addresses import address_of

_WORDS: Final = {
    "account.register": Text("登记账号", "registered an account"),
    "account.change": Text("修改账号", "changed an account"),
    "account.password": Text("更改密码", "changed a password"),
    "account.login": Text("登录", "logged in"),
    "account.logout": Text("退出", "logged out"),
    "account.token": Text("发放令牌", "issued a token"),
    "account.revoke-token": Text("吊销令牌", "revoked a token"),
    "block.event": Text("登记区块进展", "registered progress of a block"),
    "case.write": Text("办理案卷", "worked on a case"),
    "changeset.open": Text("起草变更批次", "drafted a changeset"),
    "changeset.check": Text("检查变更批次", "checked a changeset"),
    "changeset.approve": Text("批准变更批次", "approved a changeset"),
    "changeset.effective": Text("变更批次生效", "made a changeset effective"),
    "changeset.reject": Text("退回变更批次", "rejected a changeset"),
    "deliverable.register": Text("登记规划成果", "registered a deliverable"),
    "layer.register": Text("登记管控图层版本", "registered a layer version"),
    "original.keep": Text("保存原件", "kept an original"),
    "plan.register": Text("登记规划", "registered a plan"),
    "review.store": Text("保存审查记录", "stored a review"),
    "saved.add": Text("保存视图或查询", "kept a view or query"),
    "saved.remove": Text("移除视图或查询", "removed a view or query"),
}
#: Entries that would drown the rest.
_QUIET: Final = ("account.login", "account.logout", "original.keep")
_PAGES: Final = {
    "case": "case", "changeset": "changeset", "plan": "plan", "review": "review",
    "account": "account",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was done: who, when, what, to what."""

    recorded: dt.datetime
    actor: str
    what: Text
    subject: str
    address: str


def latest(limit: int = 8) -> tuple[Change, ...]:
    """The newest entries of the audit chain; for those who may read it."""
    rows = AuditEntry.objects.exclude(action__in=_QUIET).order_by("-number")[:limit]
    return tuple(_change(row) for row in rows)


def _change(row: AuditEntry) -> Change:
    kind, _, rest = str(row.subject).partition(":")
    name, _, version = rest.partition(":")
    address = address_of(_PAGES[kind], name) if kind in _PAGES and name else ""
    if kind == "layer":
        address = address_of("source", name)
    return Change(
        row.recorded,
        row.actor,
        _WORDS.get(row.action, Text(row.action, row.action)),
        f"{name} {version[:12]}".strip() if kind != "original" else name[:12],
        address,
    )
