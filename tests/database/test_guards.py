"""Nothing gets past the rules: neither through the models nor through SQL, on both engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.database.making import START, Clock, found, trial_plan, zone

from minplan.core.errors import StoreError
from minplan.database import Database

LAW = dt.date(2021, 1, 1)


def _models() -> Any:
    from minplan.database import models

    return models


def _row() -> Any:
    return _models().Feature.objects.get(key="a")


def _saved_again() -> None:
    row = _row()
    row.attributes = {"MC": "改"}
    row.save()


def _copied() -> None:
    row = _row()
    row.pk = None
    row.save(force_insert=True)


def _saved_as_base() -> None:
    _row().save_base(raw=True)


def _bulk_created() -> None:
    row = _row()
    row.pk = None
    _models().Feature.objects.bulk_create([row])


def _bulk_updated() -> None:
    _models().Feature.objects.bulk_update([_row()], ["attributes"])


def _through_a_relation() -> None:
    _models().Changeset.objects.get().opened_rows.update(key="b")


WAYS: dict[str, Callable[[], object]] = {
    "save": _saved_again,
    "insert": _copied,
    "save_base": _saved_as_base,
    "bulk_create": _bulk_created,
    "bulk_update": _bulk_updated,
    "relation": _through_a_relation,
    "update": lambda: _models().Feature.objects.update(key="b"),
    "create": lambda: _models().Feature.objects.create(layer="XZQ", key="b"),
    "get_or_create": lambda: _models().Feature.objects.get_or_create(layer="XZQ", key="b"),
    "delete": lambda: _row().delete(),
    "query delete": lambda: _models().Feature.objects.all().delete(),
    "raw delete": lambda: _models().Feature.objects.all()._raw_delete("default"),
    "base manager": lambda: _models().Feature._base_manager.update(key="b"),
    "plan": lambda: _models().Plan.objects.update(level="county"),
    "state": lambda: _models().Changeset.objects.update(state="draft"),
    "audit": lambda: _models().AuditEntry.objects.all().delete(),
    "review": lambda: _models().Review.objects.create(number="2026-0001"),
}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", WAYS)
def test_models_refuse_writes_from_outside(database: Database, way: str) -> None:
    from minplan.database.audit import verify

    found(trial_plan(), [zone("a", "甲")], Clock(), LAW)
    with pytest.raises(StoreError, match="E804"):
        WAYS[way]()
    assert _row().attributes["MC"] == "甲"
    assert not verify().faults


STATEMENTS = {
    "edit attributes": "UPDATE minplan_feature SET attributes = '{}'",
    "move in law": "UPDATE minplan_feature SET effective_from = '2020-01-01'",
    "close": "UPDATE minplan_feature SET recorded_to = '2030-01-01', closed_by_id = changeset_id",
    "delete rows": "DELETE FROM minplan_feature",
    "insert rows": (
        "INSERT INTO minplan_feature (plan_id, layer, key, effective_from, recorded_from,"
        " changeset_id, attributes, digest) SELECT plan_id, layer, 'z', effective_from,"
        " recorded_from, changeset_id, attributes, digest FROM minplan_feature"
    ),
    "edit operations": "UPDATE minplan_operation SET digest = ''",
    "stage too late": (
        "INSERT INTO minplan_operation (changeset_id, number, action, layer, key,"
        " effective_from, digest) SELECT changeset_id, 99, action, layer, key,"
        " effective_from, digest FROM minplan_operation"
    ),
    "reopen": "UPDATE minplan_changeset SET state = 'draft'",
    "change the basis": "UPDATE minplan_changeset SET basis = 'x'",
    "drop a changeset": "DELETE FROM minplan_changeset",
    "edit audit": "UPDATE minplan_auditentry SET actor = 'x'",
    "drop audit": "DELETE FROM minplan_auditentry WHERE number = 3",
    "skip audit": (
        "INSERT INTO minplan_auditentry SELECT number + 100, recorded, actor, action, subject,"
        " content, previous, sha256 FROM minplan_auditentry WHERE number = 1"
    ),
    "rename the plan": "UPDATE minplan_plan SET code = 'x'",
}


@pytest.mark.parametrize("what", STATEMENTS)
def test_triggers_refuse_sql_past_the_models(database: Database, what: str) -> None:
    from django.db import DatabaseError, connections, transaction

    from minplan.database.audit import verify

    found(trial_plan(), [zone("a", "甲")], Clock(), LAW)
    connection = connections[database.alias]
    with (
        pytest.raises(DatabaseError, match="minplan"),
        transaction.atomic(using=database.alias),
        connection.cursor() as cursor,
    ):
        cursor.execute(STATEMENTS[what])
    assert not verify().faults


#: A second content of a feature for days that have one, by a changeset that is being written.
OVERLAPPING = (
    "INSERT INTO minplan_feature (plan_id, layer, key, effective_from, recorded_from, changeset_id,"
    " attributes, digest) SELECT f.plan_id, f.layer, f.key, '2023-01-01', c.effective, c.id,"
    " f.attributes, f.digest FROM minplan_feature f, minplan_changeset c WHERE c.id = %s"
)


def test_one_feature_has_one_content_on_a_day(database: Database) -> None:
    """The engine refuses overlapping intervals even while a changeset takes effect."""
    from django.db import DatabaseError, connections

    from minplan.database import guards

    draft = _being_written(database)
    with (
        pytest.raises(DatabaseError, match=r"one_belief|one content"),
        guards.writing(),
        connections[database.alias].cursor() as cursor,
    ):
        cursor.execute(OVERLAPPING, [draft.pk])


#: Two contents of a new feature in one statement, whose days overlap.
TWICE = (
    "INSERT INTO minplan_feature (plan_id, layer, key, effective_from, recorded_from, changeset_id,"
    " attributes, digest) SELECT f.plan_id, f.layer, 'b', w.day, c.effective, c.id,"
    " f.attributes, f.digest FROM minplan_feature f, minplan_changeset c,"
    " (SELECT f.effective_from AS day FROM minplan_feature f UNION ALL"
    " SELECT c.first FROM (SELECT {later} AS first) c) w WHERE c.id = %s"
)


def _being_written(database: Database) -> Any:
    """A changeset that is taking effect, beside the feature a."""
    from minplan.database import changesets, guards

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a", "甲")], clock, LAW)
    draft = changesets.open_changeset(plan, "annual", "文件", "经办人", clock())
    changesets.end(draft, [("XZQ", "a")], dt.date(2024, 1, 1))
    changesets.check(draft, clock())
    changesets.approve(draft, "批准人", clock())
    with guards.writing():
        draft = changesets.get(draft.pk)
        draft.effective = START + dt.timedelta(days=1)
        draft.save(update_fields=["effective"])
    return draft


def test_rows_of_one_statement_are_held_to_it_as_well(database: Database) -> None:
    from django.db import DatabaseError, connections

    draft = _being_written(database)
    later = "'2023-01-01'::date" if database.vendor == "postgresql" else "'2023-01-01'"
    with (
        pytest.raises(DatabaseError, match="one content"),
        connections[database.alias].cursor() as cursor,
    ):
        cursor.execute(TWICE.format(later=later), [draft.pk])


def test_postgresql_takes_features_in_read_committed_transactions_only(database: Database) -> None:
    """In others, two writers past the program would not see each other's rows."""
    from django.db import DatabaseError, connections, transaction

    if database.vendor != "postgresql":
        return  # SQLite has one writer at a time
    draft = _being_written(database)
    with (
        pytest.raises(DatabaseError, match="read committed"),
        transaction.atomic(using=database.alias),
        connections[database.alias].cursor() as cursor,
    ):
        cursor.execute(
            f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; {OVERLAPPING}", [draft.pk]
        )


def test_two_writers_past_the_program_do_not_overlap(database: Database) -> None:
    """The second one waits for the first and sees its rows."""
    from threading import Thread

    from django.db import connections

    if database.vendor != "postgresql":
        return  # SQLite has one writer at a time
    import psycopg

    draft = _being_written(database)
    added = OVERLAPPING.replace("f.key, '2023-01-01'", "'b', %s::date")
    told: list[str] = []

    def second() -> None:
        with psycopg.connect(str(database.target)) as other:
            try:
                other.execute(added, ["2022-01-01", draft.pk])
            except psycopg.Error as error:
                told.append(str(error))

    with psycopg.connect(str(database.target)) as first:
        first.execute(added, ["2021-01-01", draft.pk])
        thread = Thread(target=second)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(30)
    assert "one content" in "".join(told)
    connections[database.alias].close()


def test_triggers_lock_the_steps_of_cases_and_the_events_of_blocks(database: Database) -> None:
    import datetime as dt

    from django.db import DatabaseError, connections

    from minplan.database import cases
    from minplan.database.models import CaseStep

    cases.open_case({}, title="示意", recorded=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert CaseStep.objects.count() == 1
    for statement in (
        "UPDATE minplan_casestep SET reason = 'other'",
        "DELETE FROM minplan_casestep",
    ):
        with pytest.raises(DatabaseError), connections[database.alias].cursor() as cursor:
            cursor.execute(statement)
