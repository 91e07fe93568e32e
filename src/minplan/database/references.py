"""References between layers and tables: what a row names must hold when the row does.

Checked for whole changesets by set queries, one or two per reference of the edition; no query per
row. On the first day of a staged row its target must hold: believed and not ended by the same
changeset, or staged with it. What a changeset ends or withdraws must not be named by rows that go
on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connections

from minplan.core.errors import MinplanError, Place, PlanDataError
from minplan.core.standard.model import Reference, Spec
from minplan.core.text import Text
from minplan.database.connection import current
from minplan.database.editions import edition as edition_of
from minplan.database.models import Changeset
from minplan.database.timeline import Action

#: Actions that leave content behind, and those that leave none.
_HELD: Final = f"('{Action.ADD}', '{Action.CHANGE}', '{Action.CORRECT}')"
_GONE: Final = f"('{Action.END}', '{Action.WITHDRAW}')"
_LAST_DAY: Final = "'9999-12-31'"


def faults(changeset: Changeset, limit: int) -> Iterator[MinplanError]:
    """Staged rows that refer to nothing, and rows that would be left referring to nothing (E721).

    At most ``limit`` of each reference.
    """
    edition = edition_of(changeset.plan.edition_id)
    held, gone = _layers(changeset, _HELD), _layers(changeset, _GONE)
    for spec in edition.specs:
        for reference in spec.references:
            if spec.code in held:
                for key, number, value in _dangling(changeset, spec, reference, limit):
                    yield _nothing_there(spec, reference, key, number, value)
            if gone & {*reference.targets}:
                for key, value in _left_behind(changeset, spec, reference, limit):
                    yield _still_named(spec, reference, key, value)


def _layers(changeset: Changeset, actions: str) -> set[str]:
    sql = (
        "SELECT DISTINCT layer FROM minplan_operation"
        f" WHERE changeset_id = %s AND action IN {actions}"
    )
    return {row[0] for row in _rows(sql, [changeset.pk])}


def _dangling(
    changeset: Changeset, spec: Spec, reference: Reference, limit: int
) -> list[tuple[Any, ...]]:
    """(key, number, value) of staged rows whose target does not hold on their first day."""
    value, targets = _value("o", reference.field), _places(reference.targets)
    sql = (
        f"SELECT o.key, o.number, {value} FROM minplan_operation o"
        f" WHERE o.changeset_id = %s AND o.layer = %s AND o.action IN {_HELD}"
        f" AND {value} IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM minplan_operation t WHERE t.changeset_id = o.changeset_id"
        f" AND t.layer IN {targets} AND t.key = {value} AND t.action IN {_HELD}"
        f" AND {_holds('t', 'o.effective_from')})"
        " AND NOT EXISTS (SELECT 1 FROM minplan_feature f WHERE f.plan_id = %s"
        f" AND f.layer IN {targets} AND f.key = {value} AND f.recorded_to IS NULL"
        f" AND {_holds('f', 'o.effective_from')} AND NOT {_removed('f', 'o.effective_from')})"
        " ORDER BY o.number LIMIT %s"
    )
    named = [*reference.targets]
    given = [changeset.pk, spec.code, *named, changeset.plan_id, *named, changeset.pk, limit]
    return _rows(sql, given)


def _left_behind(
    changeset: Changeset, spec: Spec, reference: Reference, limit: int
) -> list[tuple[Any, ...]]:
    """(key, value) of rows believed that go on while what they name is ended or withdrawn."""
    value, targets = _value("f", reference.field), _places(reference.targets)
    until = f"coalesce(e.effective_to, {_LAST_DAY})"
    # the first day on which the row goes on without its target
    first, ended = "f.effective_from", "e.effective_from"
    day = f"CASE WHEN {first} > {ended} THEN {first} ELSE {ended} END"
    sql = (
        # in this order also for SQLite: it has an index for the operations, none for the values
        "SELECT f.key, e.key FROM minplan_feature f CROSS JOIN minplan_operation e"
        f" WHERE e.changeset_id = %s AND e.layer IN {targets} AND e.action IN {_GONE}"
        f" AND e.key = {value}"
        " AND f.plan_id = %s AND f.layer = %s AND f.recorded_to IS NULL"
        f" AND coalesce(f.effective_to, {_LAST_DAY}) > e.effective_from"
        f" AND f.effective_from < {until}"
        " AND NOT EXISTS (SELECT 1 FROM minplan_operation s WHERE s.changeset_id = e.changeset_id"
        f" AND s.layer = f.layer AND s.key = f.key AND {_holds('s', day)})"
        " AND NOT EXISTS (SELECT 1 FROM minplan_operation t WHERE t.changeset_id = e.changeset_id"
        f" AND t.layer IN {targets} AND t.key = e.key AND t.action IN {_HELD}"
        f" AND {_holds('t', day)})"
        " AND NOT EXISTS (SELECT 1 FROM minplan_feature g WHERE g.plan_id = f.plan_id"
        f" AND g.layer IN {targets} AND g.key = e.key AND g.recorded_to IS NULL"
        f" AND {_holds('g', day)} AND NOT {_removed('g', day)})"
        " ORDER BY f.key LIMIT %s"
    )
    named = [*reference.targets]
    given = [changeset.pk, *named, changeset.plan_id, spec.code]
    return _rows(sql, [*given, *named, *named, changeset.pk, limit])


def _holds(alias: str, day: str) -> str:
    """SQL: the interval of a row or an operation covers a day."""
    end = f"{alias}.effective_to"
    return f"({alias}.effective_from <= {day} AND ({end} IS NULL OR {end} > {day}))"


def _removed(alias: str, day: str) -> str:
    """SQL with one parameter: the changeset takes a believed row that covers a day away there."""
    return (
        "EXISTS (SELECT 1 FROM minplan_operation x WHERE x.changeset_id = %s"
        f" AND x.layer = {alias}.layer AND x.key = {alias}.key AND {_holds('x', day)}"
        f" AND (x.action = '{Action.WITHDRAW}' OR x.action = '{Action.END}'"
        f" AND {alias}.effective_from <= x.effective_from))"
    )


def _value(alias: str, field: str) -> str:
    """SQL: the value of a field as text."""
    field = field.replace("'", "''").replace("%", "%%")
    if current().vendor == "postgresql":
        return f"({alias}.attributes->>'{field}')"
    return f"CAST(json_extract({alias}.attributes, '$.\"{field}\"') AS text)"


def _places(words: Sequence[str]) -> str:
    return f"({', '.join(['%s'] * len(words))})"


def _rows(sql: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connections[current().alias].cursor() as cursor:
        cursor.execute(sql, [*given])
        return [*cursor.fetchall()]


def _nothing_there(
    spec: Spec, reference: Reference, key: str, number: int, value: str
) -> PlanDataError:
    listed = " ".join(reference.targets)
    return PlanDataError(
        "E721",
        Text(
            f"“{key}”引用的“{value}”当时不存在",
            f"{key!r} refers to {value!r}, which is not there then",
        ),
        place=Place(layer=f"{spec.code} {spec.name.zh}", row=number, field=reference.field),
        hint=Text(f"改正，或先补入：{listed}", f"mend it, or add it to: {listed}"),
    )


def _still_named(spec: Spec, reference: Reference, key: str, value: str) -> PlanDataError:
    return PlanDataError(
        "E721",
        Text(
            f"“{value}”终止或撤销后，“{key}”仍引用它",
            f"{key!r} still refers to {value!r}, which is ended or withdrawn",
        ),
        place=Place(layer=f"{spec.code} {spec.name.zh}", field=reference.field),
        hint=Text(
            f"同一批次中一并终止或变更 {spec.code} 的“{key}”",
            f"end or change {key!r} of {spec.code} in the same changeset",
        ),
    )
