"""Triggers of the database: the second lock on history, below the model layer.

They hold against whatever writes with SQL past this program: rows of plan features appear and are
closed only under a changeset that is being made effective, staged operations stand still once they
are checked, and nothing is edited or deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.apps import apps

from minplan.database.guards import WRITER_LOCK

#: Columns that may be updated, by table; rows of tables with none are never updated.
_UPDATED: Final[Mapping[str, tuple[str, ...]]] = {
    "minplan_feature": ("recorded_to", "closed_by_id"),
    "minplan_changeset": (
        "approver",
        "state",
        "checked",
        "approved",
        "effective",
        "reason",
        "operations_count",
        "operations_sha256",
    ),
    "minplan_plan": ("last_recorded",),
}
_NEVER_UPDATED: Final = (
    "minplan_auditentry",
    "minplan_blockevent",
    "minplan_casefile",
    "minplan_casestep",
    "minplan_deliverable",
    "minplan_edition",
    "minplan_inspection",
    "minplan_layerversion",
    "minplan_operation",
    "minplan_original",
    "minplan_originalpart",
    "minplan_review",
    "minplan_waiver",
)

#: (table, event, name, condition under which the write is refused, why)
_RULES: Final = (
    (
        "minplan_feature",
        "INSERT",
        "open",
        "NEW.recorded_to IS NOT NULL OR NOT EXISTS (SELECT 1 FROM minplan_changeset c"
        " WHERE c.id = NEW.changeset_id AND c.plan_id = NEW.plan_id AND c.state = 'approved'"
        " AND c.effective = NEW.recorded_from)",
        "features are written by a changeset that takes effect",
    ),
    (
        "minplan_feature",
        "UPDATE",
        "close",
        "OLD.recorded_to IS NOT NULL OR NOT EXISTS (SELECT 1 FROM minplan_changeset c"
        " WHERE c.id = NEW.closed_by_id AND c.plan_id = NEW.plan_id AND c.state = 'approved'"
        " AND c.effective = NEW.recorded_to)",
        "features are closed by a changeset that takes effect",
    ),
    (
        "minplan_operation",
        "INSERT",
        "draft",
        "NOT EXISTS (SELECT 1 FROM minplan_changeset c"
        " WHERE c.id = NEW.changeset_id AND c.state = 'draft')",
        "operations are staged in a draft",
    ),
    (
        "minplan_changeset",
        "UPDATE",
        "closed",
        "OLD.state IN ('effective', 'rejected')",
        "a closed changeset stays as it is",
    ),
    (
        "minplan_auditentry",
        "INSERT",
        "next",
        "NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM minplan_auditentry)",
        "audit entries follow one another",
    ),
)

#: A belief beside another one of the same key for the same day: SQLite, row by row.
_ONE_BELIEF: Final = (
    "minplan_feature",
    "INSERT",
    "one_belief",
    "EXISTS (SELECT 1 FROM minplan_feature f WHERE f.plan_id = NEW.plan_id"
    " AND f.layer = NEW.layer AND f.key = NEW.key AND f.recorded_to IS NULL"
    " AND f.effective_from < coalesce(NEW.effective_to, '9999-12-31')"
    " AND coalesce(f.effective_to, '9999-12-31') > NEW.effective_from)",
    "one feature has one content on a day",
)

#: PostgreSQL: tables that grow by many rows at a time are looked at once a statement.
_MANY_ROWS: Final = frozenset({"minplan_feature", "minplan_operation"})

#: The same on PostgreSQL, for all rows of a statement. Whoever writes is alone from here on, and
#: sees what others have committed: of two at a time neither would see the other's rows. OFFSET 0
#: makes the server look row by row, by the index of keys, whatever it believes of sizes.
_ONE_BELIEF_OF_MANY: Final = (
    "CREATE OR REPLACE FUNCTION minplan_lock_minplan_feature_one_belief() RETURNS trigger"
    " LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN"
    " IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted')"
    " THEN RAISE EXCEPTION 'minplan: features are written in read committed transactions'; END IF;"
    f" PERFORM pg_advisory_xact_lock({WRITER_LOCK});"
    " IF EXISTS (SELECT 1 FROM added n CROSS JOIN LATERAL (SELECT 1 FROM minplan_feature f"
    " WHERE f.plan_id = n.plan_id AND f.layer = n.layer AND f.key = n.key AND f.id <> n.id"
    " AND f.effective_from < coalesce(n.effective_to, 'infinity')"
    " AND coalesce(f.effective_to, 'infinity') > n.effective_from"
    " AND f.recorded_from < coalesce(n.recorded_to, 'infinity')"
    " AND coalesce(f.recorded_to, 'infinity') > n.recorded_from OFFSET 0) other)"
    f" THEN RAISE EXCEPTION 'minplan: {_ONE_BELIEF[-1]}'; END IF; RETURN NULL; END $$"
)


def install(connection: Any) -> None:
    """Create the triggers of the tables there are, replacing those of before.

    A migration that adds a locked table installs them again.
    """
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _creating(connection):
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Drop the triggers: for filling an empty database by ``move`` in one transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
                " WHERE tgname LIKE 'minplan\\_lock\\_%'"
            )
            for name, table in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master"
                " WHERE type = 'trigger' AND substr(name, 1, 13) = 'minplan_lock_'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def installed(connection: Any) -> int:
    """How many triggers there are; :func:`expected` says how many there should be."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'minplan\\_lock\\_%'"
                " AND tgenabled <> 'D'"
            )
        else:
            cursor.execute(
                "SELECT count(*) FROM sqlite_master"
                " WHERE type = 'trigger' AND substr(name, 1, 13) = 'minplan_lock_'"
            )
        return int(cursor.fetchone()[0])


def expected(connection: Any) -> int:
    """The number of triggers of an intact database."""
    return sum("CREATE TRIGGER" in statement for statement in _creating(connection))


def _creating(connection: Any) -> Iterator[str]:
    there = frozenset(connection.introspection.table_names())
    never = tuple(table for table in _NEVER_UPDATED if table in there)
    yield from _postgresql(never) if connection.vendor == "postgresql" else _sqlite(never)


def _fixed_columns(table: str) -> str:
    """The columns of a table that no update may name."""
    models = apps.get_app_config("minplan").get_models()
    model = next(item for item in models if item._meta.db_table == table)
    names = [field.column for field in model._meta.concrete_fields]
    return ", ".join(name for name in names if name not in _UPDATED[table])


def _sqlite(never_updated: Sequence[str]) -> Iterator[str]:
    def refuse(name: str, when: str, table: str, condition: str, why: str) -> str:
        return (
            f"CREATE TRIGGER minplan_lock_{name} BEFORE {when} ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, 'minplan: {why}'); END"
        )

    for table in (*_UPDATED, *never_updated):
        yield refuse(f"{table}_delete", "DELETE", table, "1", "nothing is deleted")
    for table in never_updated:
        yield refuse(f"{table}_update", "UPDATE", table, "1", "nothing is edited")
    for table in _UPDATED:
        when = f"UPDATE OF {_fixed_columns(table)}"
        yield refuse(f"{table}_update", when, table, "1", "nothing is edited")
    for table, event, name, condition, why in (*_RULES, _ONE_BELIEF):
        yield refuse(f"{table}_{name}", event, table, condition, why)


def _postgresql(never_updated: Sequence[str]) -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION minplan_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'minplan: %', TG_ARGV[0]; END $$"
    )
    for table in (*_UPDATED, *never_updated):
        yield (
            f"CREATE TRIGGER minplan_lock_{table}_delete BEFORE DELETE OR TRUNCATE ON {table}"
            " EXECUTE FUNCTION minplan_refuse('nothing is deleted')"
        )
    for table in never_updated:
        yield (
            f"CREATE TRIGGER minplan_lock_{table}_update BEFORE UPDATE ON {table}"
            " EXECUTE FUNCTION minplan_refuse('nothing is edited')"
        )
    for table in _UPDATED:
        yield (
            f"CREATE TRIGGER minplan_lock_{table}_update"
            f" BEFORE UPDATE OF {_fixed_columns(table)} ON {table}"
            " EXECUTE FUNCTION minplan_refuse('nothing is edited')"
        )
    for table, event, name, condition, why in _RULES:
        function = f"minplan_lock_{table}_{name}"
        many = table in _MANY_ROWS and event == "INSERT"
        yield (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {_of_many(condition) if many else condition}"
            f" THEN RAISE EXCEPTION 'minplan: {why}'; END IF;"
            f" RETURN {'NULL' if many else 'NEW'}; END $$"
        )
        yield (
            _after_statement(table, name)
            if many
            else (
                f"CREATE TRIGGER {function} BEFORE {event} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
        )
    yield _ONE_BELIEF_OF_MANY
    yield _after_statement("minplan_feature", "one_belief")


def _of_many(condition: str) -> str:
    """A condition on a new row as one on any of the rows that a statement added."""
    columns = ", ".join(sorted({*re.findall(r"NEW\.(\w+)", condition)}))
    told = condition.replace("NEW.", "n.")
    return f"EXISTS (SELECT 1 FROM (SELECT DISTINCT {columns} FROM added) n WHERE {told})"


def _after_statement(table: str, name: str) -> str:
    function = f"minplan_lock_{table}_{name}"
    return (
        f"CREATE TRIGGER {function} AFTER INSERT ON {table} REFERENCING NEW TABLE AS added"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )
