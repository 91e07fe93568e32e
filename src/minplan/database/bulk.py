"""Many rows at once: one statement on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any


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


def encode_time(connection: Any, moment: dt.datetime) -> str:
    """A recorded time as text the engine stores exactly."""
    return str(connection.ops.adapt_datetimefield_value(moment.astimezone(dt.UTC)))


def encode_date(date: dt.date | None) -> str | None:
    """A date as text, or None."""
    return None if date is None else date.isoformat()
