"""Many rows at once: one statement on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

_CACHE_KIB: Final = 1_000_000


def insert_rows(
    connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows of plain values (text, numbers, encoded geometry and times, None)."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


#: Number of a row whose content is copied, first day, and first day after (None: open).
Copy = tuple[int, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Given:
    """What all rows that open together have in common; ``moment`` is an encoded time."""

    plan: int
    moment: str
    changeset: int


def copy_rows(
    connection: Any, table: str, columns: Sequence[str], rows: Sequence[Copy], given: Given
) -> None:
    """Open features with the content of rows of a table, inside the database, in this order."""
    names = ", ".join(columns)
    into = (
        "INSERT INTO minplan_feature (plan_id, recorded_from, changeset_id, effective_from,"
        f" effective_to, {names})"
    )
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            statement = f"{into} SELECT %s, %s, %s, %s, %s, {names} FROM {table} WHERE id = %s"
            same = (given.plan, given.moment, given.changeset)
            told = ((*same, first, until, row) for row, first, until in rows)
            cursor.executemany(statement, told)
            return
        # OFFSET 0 makes the server look row by row, by its index: of a table that was filled in
        # this transaction it knows no sizes, and might read all of it for each page
        cursor.execute(
            f"{into} SELECT %s, %s::timestamptz, %s, w.first, w.until, {names}"
            " FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS w (id, first, until)"
            f" CROSS JOIN LATERAL (SELECT {names} FROM {table} WHERE id = w.id OFFSET 0) AS s",
            [given.plan, given.moment, given.changeset, *map(list, zip(*rows, strict=True))],
        )


def close_rows(connection: Any, rows: Sequence[int], moment: str, changeset: int) -> None:
    """End the belief in features at a moment (an encoded time), by a changeset."""
    statement = "UPDATE minplan_feature SET recorded_to = %s, closed_by_id = %s WHERE id"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{statement} = ANY(%s)", [moment, changeset, [*rows]])
        else:
            cursor.executemany(f"{statement} = %s", [(moment, changeset, row) for row in rows])


@contextmanager
def roomy(connection: Any) -> Iterator[None]:
    """Room for a large transaction: the collector of cycles rests, and SQLite keeps what changes
    in memory, up to a gigabyte.

    Batches are plain rows without cycles, yet the collector would look through all of them again
    and again. With its usual cache SQLite writes and reads changed pages over and over.
    """
    with _no_collection(), _large_cache(connection):
        yield


@contextmanager
def _no_collection() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _large_cache(connection: Any) -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        usual = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size={usual}")


def encode_time(connection: Any, moment: dt.datetime) -> str:
    """A recorded time as text the engine stores exactly."""
    return str(connection.ops.adapt_datetimefield_value(moment.astimezone(dt.UTC)))


def encode_date(date: dt.date | None) -> str | None:
    """A date as text, or None."""
    return None if date is None else date.isoformat()
