"""A view for every layer and table of an edition, with typed columns, for other programs.

The views show what is believed now and holds today; every other day is read with ``as_of``.
"""

from __future__ import annotations

from typing import Any, Final

from minplan.core.standard.model import Edition, FieldSpec, FieldType, LayerSpec, Spec
from minplan.database.guards import transaction

_SERVER_TYPES: Final = {
    FieldType.CHAR: "text",
    FieldType.TEXT: "text",
    FieldType.INT: "bigint",
    FieldType.FLOAT: "double precision",
    FieldType.DATE: "date",
    FieldType.BOOL: "boolean",
}


def create(edition: Edition) -> tuple[str, ...]:
    """Create the views of an edition, replacing those there are; returns their names."""
    with transaction() as connection, connection.cursor() as cursor:
        for spec in edition.specs:
            name = view_name(edition, spec)
            cursor.execute(f'DROP VIEW IF EXISTS "{name}"')
            cursor.execute(f'CREATE VIEW "{name}" AS {_select(connection, edition, spec)}')
    return tuple(view_name(edition, spec) for spec in edition.specs)


def view_name(edition: Edition, spec: Spec) -> str:
    """The view of a layer or table, for example ``kaighqk_2021_2025``."""
    return f"{spec.code}_{edition.id.replace('-', '_')}".lower()


def _select(connection: Any, edition: Edition, spec: Spec) -> str:
    server = connection.vendor == "postgresql"
    today = "CURRENT_DATE" if server else "date('now', 'localtime')"
    column = _server_column if server else _embedded_column
    columns = ["f.id AS row_id", "p.code AS plan_code", *map(column, spec.fields)]
    columns += ["f.effective_from", "f.effective_to"]
    if isinstance(spec, LayerSpec):
        columns.append("f.geometry")
    return (
        f"SELECT {', '.join(columns)} FROM minplan_feature f"
        f" JOIN minplan_plan p ON p.id = f.plan_id WHERE p.edition_id = {_text(edition.id)}"
        f" AND f.layer = {_text(spec.code)} AND f.recorded_to IS NULL"
        f" AND f.effective_from <= {today}"
        f" AND (f.effective_to IS NULL OR f.effective_to > {today})"
    )


def _server_column(field: FieldSpec) -> str:
    return f"(f.attributes->>{_text(field.code)})::{_SERVER_TYPES[field.type]} AS {_name(field)}"


def _embedded_column(field: FieldSpec) -> str:
    path = _text(f'$."{field.code}"')
    return f"json_extract(f.attributes, {path}) AS {_name(field)}"


def _name(field: FieldSpec) -> str:
    return '"' + field.code.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
