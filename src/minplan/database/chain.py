"""The audit chain: every change of the database is an entry that holds the hash of the last."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, Final

from minplan.database.fields import encode_json
from minplan.database.guards import writing
from minplan.database.models import AuditEntry
from minplan.database.times import recorded_time

#: What the first entry follows.
FIRST: Final = "0" * 64


def record(
    action: str, subject: str, content: dict[str, Any], *, actor: str, recorded: dt.datetime
) -> AuditEntry:
    """Append an entry in the transaction of the change it tells of.

    ``subject`` names the row (``changeset:3``), ``content`` is plain JSON that fixes what was
    written, by value or by hash.
    """
    recorded = recorded_time(recorded)
    with writing():
        last = AuditEntry.objects.order_by("-number").first()
        entry = AuditEntry(
            number=last.number + 1 if last else 1,
            recorded=recorded,
            actor=actor,
            action=action,
            subject=subject,
            content=content,
            previous=last.sha256 if last else FIRST,
        )
        entry.sha256 = entry_digest(entry)
        entry.save(force_insert=True)
    return entry


def entry_digest(entry: AuditEntry) -> str:
    """SHA-256 over everything an entry holds but its own hash."""
    told = [
        entry.number,
        entry.recorded.astimezone(dt.UTC).isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.content,
        entry.previous,
    ]
    return hashlib.sha256(encode_json(told).encode()).hexdigest()
