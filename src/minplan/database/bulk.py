"""Many rows at once: one statement on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
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
