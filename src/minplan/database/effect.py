"""Carrying out a changeset: operations against what is believed, feature by feature.

Both are read in the order of layer and key, in pages, so that memory stays bounded whatever the
size of the changeset.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from django.db import connections

from minplan.core.errors import MinplanError, Place, StoreError
from minplan.core.text import Text
from minplan.database import bulk
from minplan.database.connection import current
from minplan.database.fields import encode_json
from minplan.database.models import Changeset
from minplan.database.timeline import FOREVER, Action, Segment, TimelineConflict, apply

_PAGE: Final = 5_000
_CONTENT: Final = ("attributes", "geometry", "west", "south", "east", "north", "digest")
_COLUMNS: Final = (
    "plan_id",
    "layer",
    "key",
    "effective_from",
    "effective_to",
    "recorded_from",
    "changeset_id",
    *_CONTENT,
)

Key = tuple[str, str]


@dataclass
class Outcome:
    """What a changeset does: counts, hashes, and the faults that forbid it.

    ``operations_sha256`` is over the operations in order, ``rows_sha256`` over the rows opened and
    closed.
    """

    operations: int = 0
    opened: int = 0
    closed: int = 0
    operations_sha256: str = ""
    rows_sha256: str = ""
    faults: list[MinplanError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """Stored content with its row, 0 for content that is new."""

    id: int
    values: tuple[Any, ...]

    @property
    def digest(self) -> str:
        return str(self.values[-1])


@dataclass
class _Changes:
    """Rows of a page to be closed (ids) and opened (key and interval, content); their hash."""

    rows: Any
    closing: list[int] = field(default_factory=list)
    opening: list[tuple[Any, ...]] = field(default_factory=list)


def rehearse(changeset: Changeset) -> Outcome:
    """What the changeset would do now, without writing anything."""
    return _carry_out(changeset, None, None)


def write(
    changeset: Changeset, recorded: dt.datetime, progress: Callable[[int, int], None] | None = None
) -> Outcome:
    """Close and open rows; the caller holds the transaction and undoes it when there are faults."""
    connection = connections[current().alias]
    moment = bulk.encode_time(connection, recorded)

    def store(changes: _Changes) -> None:
        if changes.closing:
            with connection.cursor() as cursor:
                cursor.executemany(
                    "UPDATE minplan_feature SET recorded_to = %s, closed_by_id = %s WHERE id = %s",
                    [(moment, changeset.pk, row) for row in changes.closing],
                )
        rows = (
            (changeset.plan_id, *head, moment, changeset.pk, *values)
            for head, values in changes.opening
        )
        bulk.insert_rows(connection, "minplan_feature", _COLUMNS, rows)

    return _carry_out(changeset, store, progress)


def row_line(kind: str, key: Key, interval: tuple[str, str | None], digest: str) -> bytes:
    """One opened (``+``) or closed (``-``) row as a line of the hash over rows."""
    return (encode_json([kind, *key, *interval, digest]) + "\n").encode()


def _carry_out(
    changeset: Changeset,
    store: Callable[[_Changes], None] | None,
    progress: Callable[[int, int], None] | None,
) -> Outcome:
    outcome = Outcome()
    operations, rows = hashlib.sha256(), hashlib.sha256()
    columns = _columns() if store is not None else _CONTENT[-1]
    for page in _pages(changeset, columns):
        believed = _believed(changeset, page, columns)
        changes = _Changes(rows)
        for key, group in groupby(page, key=_key):
            steps = [*group]
            for step in steps:
                operations.update(_operation_line(step))
            outcome.operations += len(steps)
            old = believed.get(key, [])
            try:
                _compare(key, old, _applied(old, steps), changes)
            except TimelineConflict as conflict:
                outcome.faults.append(_misfit(key, conflict.text))
        if store is not None and not outcome.faults:
            store(changes)
        outcome.closed += len(changes.closing)
        outcome.opened += len(changes.opening)
        if progress:
            progress(outcome.operations, changeset.operations_count)
    outcome.operations_sha256 = operations.hexdigest()
    outcome.rows_sha256 = rows.hexdigest()
    return outcome


def _pages(changeset: Changeset, columns: str) -> Iterator[list[tuple[Any, ...]]]:
    """Operations in the order of layer, key, number; a page never cuts through a key."""
    connection = connections[current().alias]
    sql = (
        "SELECT layer, key, number, action, effective_from, effective_to, "
        f"{columns} FROM minplan_operation WHERE changeset_id = %s"
        " AND (layer, key) > (%s, %s) ORDER BY layer, key, number LIMIT %s"
    )
    after, size = ("", ""), _PAGE
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [changeset.pk, *after, size])
            page = cursor.fetchall()
        if len(page) == size:
            cut = _key(page[-1])
            whole = [item for item in page if _key(item) != cut]
            if not whole:
                size *= 2
                continue
            page = whole
        if not page:
            return
        yield page
        after, size = _key(page[-1]), _PAGE


def _columns() -> str:
    """The content columns as they are stored; PostgreSQL's driver would parse JSON."""
    names = ", ".join(_CONTENT)
    server = current().vendor == "postgresql"
    return names.replace("attributes", "attributes::text") if server else names


def _believed(
    changeset: Changeset, page: list[tuple[Any, ...]], columns: str
) -> dict[Key, list[Segment]]:
    """What is believed now of the features of a page, for the days the page may touch."""
    connection = connections[current().alias]
    sql = (
        f"SELECT f.layer, f.key, f.id, f.effective_from, f.effective_to, {columns}"
        " FROM minplan_feature f JOIN (SELECT DISTINCT layer, key FROM minplan_operation"
        " WHERE changeset_id = %s AND (layer, key) >= (%s, %s) AND (layer, key) <= (%s, %s)) o"
        " ON f.layer = o.layer AND f.key = o.key"
        " WHERE f.plan_id = %s AND f.recorded_to IS NULL AND f.effective_from < %s"
        " AND (f.effective_to IS NULL OR f.effective_to > %s) ORDER BY f.effective_from"
    )
    found: dict[Key, list[Segment]] = {}
    with connection.cursor() as cursor:
        span = [*page[0][:2], *page[-1][:2]]
        days = [max(_last_day(step) for step in page), min(step[4] for step in page)]
        cursor.execute(sql, [changeset.pk, *span, changeset.plan_id, *days])
        for layer, key, row, start, end, *values in cursor.fetchall():
            segment = Segment(start, end or FOREVER, _Row(row, tuple(values)))
            found.setdefault((layer, key), []).append(segment)
    return found


def _key(step: tuple[Any, ...]) -> Key:
    return step[0], step[1]


def _last_day(step: tuple[Any, ...]) -> dt.date:
    """A change or an end has no last day of its own: it goes on for as long as the belief does."""
    return step[5] or FOREVER


def _applied(old: list[Segment], steps: list[tuple[Any, ...]]) -> list[Segment]:
    segments = old
    for _, _, _, action, start, end, *values in steps:
        content = _Row(0, tuple(values))
        segments = apply(segments, Action(action), start, end or FOREVER, content)
    return segments


def _compare(key: Key, old: list[Segment], new: list[Segment], changes: _Changes) -> None:
    """Close what is no longer believed, open what is believed from now on."""
    was = {(item.start, item.end, item.content.digest): item for item in old}
    now = {(item.start, item.end, item.content.digest): item for item in new}
    for (start, end, digest), item in was.items():
        if (start, end, digest) not in now:
            changes.closing.append(item.content.id)
            changes.rows.update(row_line("-", key, _dates(start, end), digest))
    for (start, end, digest), item in now.items():
        if (start, end, digest) not in was:
            changes.opening.append(((*key, *_dates(start, end)), item.content.values))
            changes.rows.update(row_line("+", key, _dates(start, end), digest))


def _dates(start: dt.date, end: dt.date) -> tuple[str, str | None]:
    return start.isoformat(), None if end == FOREVER else end.isoformat()


def _operation_line(step: tuple[Any, ...]) -> bytes:
    layer, key, number, action, start, end = step[:6]
    told = [layer, key, number, action, *_dates(start, end or FOREVER), step[-1]]
    return (encode_json(told) + "\n").encode()


def _misfit(key: Key, text: Text) -> MinplanError:
    return StoreError(
        "E807",
        Text(f"{key[1]}：{text.zh}", f"{key[1]}: {text.en}"),
        place=Place(layer=key[0], field=key[1]),
    )
