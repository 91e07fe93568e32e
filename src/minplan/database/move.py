"""Carrying a whole database to another one, and proving that both hold the same."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from shapely import to_wkb
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import Place, StoreError
from minplan.core.standard.feature import features_digest
from minplan.core.text import Text
from minplan.database import asof, bulk, connection, locks, models
from minplan.database.connection import Database, use
from minplan.database.fields import GeometryField, JSONTextField, encode_geometry, encode_json
from minplan.database.guards import transaction

_BATCH: Final = 2_000

#: Tables in the order in which their rows may be written.
_TABLES: Final = (
    models.Edition,
    models.Plan,
    models.Changeset,
    models.Operation,
    models.Feature,
    models.Original,
    models.OriginalPart,
    models.Deliverable,
    models.LayerVersion,
    models.Review,
    models.Account,
    models.AccessToken,
    models.SavedItem,
    models.Case,
    models.CaseStep,
    models.CaseFile,
    models.BlockEvent,
    models.Inspection,
    models.Waiver,
    models.AuditEntry,
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TableProof:
    """A table on both sides: how many rows, and the hash over all of them."""

    table: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was carried: the tables, and the digest of the features believed now."""

    tables: tuple[TableProof, ...]
    features_sha256: str


def move(source: Database, target: Database, progress: Progress | None = None) -> Proof:
    """Copy everything from one database to an empty one, in one transaction of the target.

    Writers of both wait meanwhile; the source stays as it is. Rows keep their numbers, so that the
    audit chain and all references hold.

    Raises StoreError E817 when the target is not empty, E818 when the copy differs.
    """
    with use(target):
        connection.migrate()
        _require_empty(target)
    with use(source), transaction():
        total = sum(model.objects.count() for model in _TABLES)
        with use(target), transaction() as into:
            locks.remove(into)
            carried = _copy_all(source, into, total, progress)
            copied = _digests(target)
            locks.install(into)
            if carried != copied:
                raise _different(target)
    return copied


def digests(database: Database) -> Proof:
    """The hash of every table of a database."""
    with use(database), transaction():
        return _digests(database)


def _copy_all(source: Database, into: Any, total: int, progress: Progress | None) -> Proof:
    proofs: list[TableProof] = []
    done = 0
    for model in _TABLES:
        columns = [field.column for field in model._meta.concrete_fields]
        digest, rows = hashlib.sha256(), 0
        with use(source):
            stream = _rows(model)
            while batch := [*islice(stream, _BATCH)]:
                for row in batch:
                    digest.update(_line(row))
                encoded = [_encoded(model, row, into) for row in batch]
                bulk.insert_rows(into, model._meta.db_table, columns, encoded)
                rows += len(batch)
                done += len(batch)
                if progress:
                    progress(done, total)
        proofs.append(TableProof(model._meta.db_table, rows, digest.hexdigest()))
        _continue_numbers(into, model)
    with use(source):
        return Proof(tuple(proofs), _features())


def _digests(database: Database) -> Proof:
    proofs: list[TableProof] = []
    with use(database):
        for model in _TABLES:
            digest, rows = hashlib.sha256(), 0
            for row in _rows(model):
                digest.update(_line(row))
                rows += 1
            proofs.append(TableProof(model._meta.db_table, rows, digest.hexdigest()))
        return Proof(tuple(proofs), _features())


def _features() -> str:
    return features_digest(asof.stream(models.Feature.objects.filter(recorded_to=None)))


def _rows(model: Any) -> Iterator[tuple[Any, ...]]:
    found = model.objects.values_list(*[f.attname for f in model._meta.concrete_fields])
    if model._meta.pk.get_internal_type() == "CharField":
        # text sorts differently on the engines; these tables are small
        return iter(sorted(found))
    return iter(found.order_by("pk").iterator(1 if model is models.OriginalPart else _BATCH))


def _line(row: tuple[Any, ...]) -> bytes:
    return (encode_json([_plain(value) for value in row]) + "\n").encode()


def _plain(value: Any) -> Any:
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
        case BaseGeometry():
            return to_wkb(value, hex=True, byte_order=1)
        case bytes() | memoryview():
            return hashlib.sha256(value).hexdigest()
    return value


def _encoded(model: Any, row: tuple[Any, ...], into: Any) -> tuple[Any, ...]:
    fields = model._meta.concrete_fields
    return tuple(_encode(f, value, into) for f, value in zip(fields, row, strict=True))


def _encode(field: Any, value: Any, into: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, GeometryField):
        return encode_geometry(value, into.vendor)
    if isinstance(field, JSONTextField):
        return encode_json(value)
    match value:
        case dt.datetime():
            return bulk.encode_time(into, value)
        case dt.date():
            return bulk.encode_date(value)
        case memoryview():
            return bytes(value)
    return value


def _continue_numbers(into: Any, model: Any) -> None:
    """PostgreSQL: the next row gets the number after the last one carried."""
    if into.vendor != "postgresql" or model._meta.pk.get_internal_type() != "BigAutoField":
        return
    table = model._meta.db_table
    with into.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
            f" coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table}"
        )


def _require_empty(target: Database) -> None:
    if any(model.objects.exists() for model in _TABLES):
        raise StoreError(
            "E817",
            Text("目标数据库不是空的", "the target database is not empty"),
            place=Place(file=target.describe()),
            hint=Text("给出一个新的数据库", "name a new database"),
        )


def _different(target: Database) -> StoreError:
    return StoreError(
        "E818",
        Text("搬移后内容不一致，已撤回", "the copy differs and was undone"),
        place=Place(file=target.describe()),
    )
