"""The model layer's lock: rows are written by the modules of this package or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, NoReturn

from django.db import OperationalError, connections, models
from django.db.transaction import atomic

from minplan.core.errors import Place, StoreError
from minplan.core.text import Text
from minplan.database.connection import current, unreachable

#: The advisory lock of the one writer: a number that no other program of the server uses.
WRITER_LOCK: Final = 4_490_001

_open: ContextVar[bool] = ContextVar("minplan_database_door", default=False)
#: Databases (by alias) inside a :func:`transaction` here.
_entered: ContextVar[frozenset[str]] = ContextVar("minplan_database_entered", default=frozenset())


@contextmanager
def transaction() -> Iterator[Any]:
    """One transaction, one writer at a time on both engines; yields Django's connection.

    Everything inside becomes visible together at the end, or not at all. Blocks may be nested:
    the outermost one commits, and nothing of it once a block inside has failed.

    Raises StoreError E803 when another writer holds the database too long, E805 when the outermost
    block ends as if all were well although one inside has failed.
    """
    database = current()
    connection = connections[database.alias]
    nested = database.alias in _entered.get()
    token = _entered.set(_entered.get() | {database.alias})
    try:
        # no savepoints inside: under one, SQLite searches its growing undo journal at every row
        with atomic(using=database.alias, savepoint=not nested):
            if database.vendor == "postgresql" and not nested:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
            yield connection
            if connection.needs_rollback and not nested:
                raise _half_done()
    except OperationalError as error:
        raise unreachable(database, error) from error
    finally:
        _entered.reset(token)


def _half_done() -> StoreError:
    return StoreError(
        "E805",
        Text("其中一步失败，全部未写入", "a step inside failed: nothing of it is written"),
        hint=Text("按这一步的错误改正后整体重做", "mend what that step told, and do all again"),
    )


@contextmanager
def writing() -> Iterator[Any]:
    """A transaction inside which guarded models may be written; for this package alone."""
    with transaction() as connection:
        token = _open.set(True)
        try:
            yield connection
        finally:
            _open.reset(token)


class GuardedQuerySet(models.QuerySet):
    """A query set that reads freely and writes only inside :func:`writing`."""

    def _insert(self, *args: Any, **kwargs: Any) -> Any:
        self._check("INSERT")
        return super()._insert(*args, **kwargs)

    def _update(self, *args: Any, **kwargs: Any) -> Any:
        self._check("UPDATE")
        return super()._update(*args, **kwargs)

    def update(self, **kwargs: Any) -> Any:
        """Refused outside this package."""
        self._check("UPDATE")
        return super().update(**kwargs)

    def bulk_create(self, *args: Any, **kwargs: Any) -> Any:
        """Refused outside this package."""
        self._check("INSERT")
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> Any:
        """Refused outside this package."""
        self._check("UPDATE")
        return super().bulk_update(*args, **kwargs)

    def delete(self) -> NoReturn:
        """Always refused: nothing of the planning database is deleted."""
        refuse(self.model, "DELETE")

    def _raw_delete(self, using: Any) -> NoReturn:
        refuse(self.model, "DELETE")

    def _check(self, what: str) -> None:
        if not (_open.get() and self.model.written_by_orm):
            refuse(self.model, what)


class GuardedModel(models.Model):
    """A row that only this package writes and nobody deletes.

    ``written_by_orm`` is False for rows that have one bulk path and no other.
    """

    written_by_orm = True

    objects = GuardedQuerySet.as_manager()

    class Meta:
        """Also what relations use is guarded."""

        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Refused outside this package."""
        if not (_open.get() and self.written_by_orm):
            refuse(type(self), "SAVE")
        super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always refused: nothing of the planning database is deleted."""
        refuse(type(self), "DELETE")


def refuse(model: type[models.Model], what: str) -> NoReturn:
    """Raise the error for a write past the rules (StoreError E804)."""
    name = model._meta.object_name
    raise StoreError(
        "E804",
        Text(f"不能直接改写 {name}（{what}）", f"{name} must not be written directly ({what})"),
        place=Place(layer=str(model._meta.db_table)),
        hint=Text(
            "规划要素只能经变更批次修改，登记内容只能经相应模块写入",
            "plan features change through a changeset only, registers through their modules only",
        ),
    )
