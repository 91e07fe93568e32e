"""Carrying out a changeset: operations against what is believed, feature by feature.

Both are read in the order of layer and key, in pages, so that memory stays bounded whatever the
size of the changeset. Only keys, intervals and digests come here; content is copied from the
operation, or from the row that was believed, inside the database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from django.db import connections

from minplan.core.errors import MinplanError, Place, StoreError
from minplan.core.text import Text
from minplan.database import bulk
from minplan.database.connection import current
from minplan.database.fields import encode_json
from minplan.database.models import Changeset, Feature
from minplan.database.timeline import FOREVER, Action, Segment, TimelineConflict, apply

_PAGE: Final = 5_000
_CONTENT: Final = ("attributes", "geometry", "west", "south", "east", "north", "digest")
_COPIED: Final = ("layer", "key", *_CONTENT)

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
class _Source:
    """The row that holds content: of the operations, or of the features believed so far."""

    table: str
    id: int
    digest: str


_STAGED: Final = "minplan_operation"
_BELIEVED: Final = "minplan_feature"


@dataclass
class _Changes:
    """Of a page: rows to be closed (ids), to be opened (source, interval), and their lines."""

    closing: list[int] = field(default_factory=list)
    opening: dict[str, list[bulk.Copy]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    opened: int = 0

    def close(self, key: Key, start: dt.date, end: dt.date | None, source: _Source) -> None:
        self.closing.append(source.id)
        self.lines.append(row_line("-", key, interval(start, end), source.digest))

    def open(self, key: Key, start: dt.date, end: dt.date | None, source: _Source) -> None:
        rows = self.opening.setdefault(source.table, [])
        rows.append((source.id, bulk.encode_date(start), bulk.encode_date(end)))
        self.lines.append(row_line("+", key, interval(start, end), source.digest))
        self.opened += 1


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
            bulk.close_rows(connection, changes.closing, moment, changeset.pk)
        given = bulk.Given(changeset.plan_id, moment, changeset.pk)
        for table, rows in changes.opening.items():
            bulk.copy_rows(connection, table, _COPIED, rows, given)

    return _carry_out(changeset, store, progress)


@lru_cache(maxsize=4096)
def interval(start: dt.date, end: dt.date | None) -> str:
    """An interval of days as the lines of the hashes tell it: two JSON values."""
    return f'"{start.isoformat()}",' + ("null" if end is None else f'"{end.isoformat()}"')


def row_line(kind: str, key: Key, days: str, digest: str) -> str:
    """One opened (``+``) or closed (``-``) row as a line of the hash over rows; it is JSON."""
    layer, name = encode_json(key[0]), encode_json(key[1])
    return f'["{kind}",{layer},{name},{days},{encode_json(digest)}]\n'


def _carry_out(
    changeset: Changeset,
    store: Callable[[_Changes], None] | None,
    progress: Callable[[int, int], None] | None,
) -> Outcome:
    outcome = Outcome()
    operations, rows = hashlib.sha256(), hashlib.sha256()
    # into a plan without a row (founding) nothing can be believed, whatever the page
    first = not Feature.objects.filter(plan=changeset.plan_id).exists()
    for page in _pages(changeset):
        operations.update("".join(map(_operation_line, page)).encode())
        outcome.operations += len(page)
        believed = {} if first else _believed(changeset, page)
        changes = _Changes()
        if believed or not _only_additions(page):
            _decide(page, believed, changes, outcome.faults)
        else:
            for step in page:
                changes.open(_key(step), step[4], step[5], _content(step))
        rows.update("".join(changes.lines).encode())
        if store is not None and not outcome.faults:
            store(changes)
        outcome.closed += len(changes.closing)
        outcome.opened += changes.opened
        if progress:
            progress(outcome.operations, changeset.operations_count)
    outcome.operations_sha256 = operations.hexdigest()
    outcome.rows_sha256 = rows.hexdigest()
    return outcome


def _only_additions(page: list[tuple[Any, ...]]) -> bool:
    """Whether every step adds a key of its own, for days that are some."""
    return len({*map(_key, page)}) == len(page) and all(
        action == Action.ADD and (end is None or end > start)
        for _, _, _, action, start, end, _, _ in page
    )


def _decide(
    page: list[tuple[Any, ...]],
    believed: dict[Key, list[Segment]],
    changes: _Changes,
    faults: list[MinplanError],
) -> None:
    """What the steps of a page do to what is believed, key by key."""
    for key, group in groupby(page, key=_key):
        old = believed.get(key, [])
        try:
            _compare(key, old, _applied(old, [*group]), changes)
        except TimelineConflict as conflict:
            faults.append(_misfit(key, conflict.text))


def _pages(changeset: Changeset) -> Iterator[list[tuple[Any, ...]]]:
    """Operations in the order of layer, key, number; a page never cuts through a key.

    One query whose result stays with the database: asked page by page, a server that does not know
    yet how large the table has become may sort all of it for each page.
    """
    sql = (
        "SELECT layer, key, number, action, effective_from, effective_to, digest, id"
        " FROM minplan_operation WHERE changeset_id = %s ORDER BY layer, key, number"
    )
    held: list[tuple[Any, ...]] = []
    with connections[current().alias].chunked_cursor() as cursor:
        cursor.execute(sql, [changeset.pk])
        while more := cursor.fetchmany(_PAGE):
            held += more
            last = _key(held[-1])
            if page := [item for item in held if _key(item) != last]:
                yield page
                held = held[len(page) :]
    if held:
        yield held


def _believed(changeset: Changeset, page: list[tuple[Any, ...]]) -> dict[Key, list[Segment]]:
    """What is believed now of the features of a page, for the days the page may touch."""
    connection = connections[current().alias]
    sql = (
        "SELECT f.layer, f.key, f.id, f.effective_from, f.effective_to, f.digest"
        " FROM minplan_feature f JOIN (SELECT DISTINCT layer, key FROM minplan_operation"
        " WHERE changeset_id = %s AND (layer, key) >= (%s, %s) AND (layer, key) <= (%s, %s)) o"
        " ON f.layer = o.layer AND f.key = o.key"
        " WHERE f.plan_id = %s AND f.recorded_to IS NULL AND f.effective_from < %s"
        " AND (f.effective_to IS NULL OR f.effective_to > %s) ORDER BY f.effective_from"
    )
    found: dict[Key, list[Segment]] = {}
    with connection.cursor() as cursor:
        span = [*page[0][:2], *page[-1][:2]]
        days = [max(step[5] or FOREVER for step in page), min(step[4] for step in page)]
        cursor.execute(sql, [changeset.pk, *span, changeset.plan_id, *days])
        for layer, key, row, start, end, digest in cursor.fetchall():
            segment = Segment(start, end or FOREVER, _Source(_BELIEVED, row, digest))
            found.setdefault((layer, key), []).append(segment)
    return found


def _key(step: tuple[Any, ...]) -> Key:
    return step[0], step[1]


def _content(step: tuple[Any, ...]) -> _Source:
    return _Source(_STAGED, step[7], step[6])


def _applied(old: list[Segment], steps: list[tuple[Any, ...]]) -> list[Segment]:
    segments = old
    for step in steps:
        _, _, _, action, start, end, _, _ = step
        segments = apply(segments, Action(action), start, end or FOREVER, _content(step))
    return segments


def _compare(key: Key, old: list[Segment], new: list[Segment], changes: _Changes) -> None:
    """Close what is no longer believed, open what is believed from now on."""
    was = {(item.start, item.end, item.content.digest): item for item in old}
    now = {(item.start, item.end, item.content.digest): item for item in new}
    for told, item in was.items():
        if told not in now:
            changes.close(key, item.start, _until(item.end), item.content)
    for told, item in now.items():
        if told not in was:
            changes.open(key, item.start, _until(item.end), item.content)


def _until(end: dt.date) -> dt.date | None:
    return None if end == FOREVER else end


def _operation_line(step: tuple[Any, ...]) -> str:
    layer, key, number, action, start, end, digest, _ = step
    names, told = f"{encode_json(layer)},{encode_json(key)}", encode_json(digest)
    return f'[{names},{number},"{action}",{interval(start, end)},{told}]\n'


def _misfit(key: Key, text: Text) -> MinplanError:
    return StoreError(
        "E807",
        Text(f"{key[1]}：{text.zh}", f"{key[1]}: {text.en}"),
        place=Place(layer=key[0], field=key[1]),
    )
