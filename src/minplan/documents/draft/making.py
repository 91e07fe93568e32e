"""A draft of a plan package: every part of it read from one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from minplan.core.document.model import PlanDocument, Table
from minplan.core.plan.package import PLAN, file_specs
from minplan.core.text import Text
from minplan.documents.draft.clauses import Clauses
from minplan.documents.draft.figures import Figures, rows_of
from minplan.documents.draft.identity import read_counties, read_identity
from minplan.documents.draft.indicators import read_indicators
from minplan.documents.draft.measures import read_measures, read_sub_plans
from minplan.documents.draft.model import Draft, DraftRow, DraftTable, Unread
from minplan.documents.draft.tables import read_tables
from minplan.documents.draft.zones import Zones, read_zones


def draft_package(document: PlanDocument) -> Draft:
    """The draft of the plan package of a document.

    Every row tells where it was read and how sure it is; what the text does not tell stands in
    ``missing``, what was read and went into no file in ``unread``.
    """
    clauses = Clauses(document)
    identity = read_identity(document)
    counties = read_counties(document, identity)
    names = [row.fields["name"] for row in counties]
    zones = read_zones(document, clauses, names, identity.fields.get("region_name", ""))
    figures = Figures(document, clauses, names, identity.fields)
    indicators, listed, not_understood = read_indicators(document, clauses, identity.fields)
    tables = read_tables(document, clauses)
    files: dict[str, tuple[DraftRow, ...]] = {
        "counties.csv": tuple(counties),
        "clauses.csv": tuple(clauses.rows),
        "zones.csv": tuple(zones.zones),
        "zone_minerals.csv": tuple(zones.minerals),
        "measures.csv": tuple(read_measures(document, clauses, _kinds(zones))),
        "indicators.csv": tuple(indicators),
        "sub_plans.csv": tuple(read_sub_plans(document, clauses, counties)),
        **dict(rows_of(figures)),
    }
    used = [*zones.tables, *listed]
    unread = (*zones.unread, *not_understood, *figures.unread, *_only_tables(tables, used))
    missing = tuple(_missing(identity, counties))
    return Draft(identity, files, tuple(tables), missing, unread, document.remarks)


def _kinds(zones: Zones) -> Mapping[int, str]:
    """The kind of zone that each table of zones lists."""
    return {
        id(table): row.fields["kind"]
        for table in zones.tables
        for row in zones.zones
        if row.spot.clause == table.spot.clause
    }


def _missing(identity: DraftRow, counties: Sequence[DraftRow]) -> list[Text]:
    spec = file_specs()[PLAN]
    missing = [
        Text(f"plan.toml：{column.name}（{column.meaning.zh}）", f"plan.toml: {column.name}")
        for column in spec.columns
        if column.needed and not identity.fields.get(column.name)
    ]
    missing += [
        Text(
            f"counties.csv：{row.fields['name']}的代码",
            f"counties.csv: code of {row.fields['name']}",
        )
        for row in counties
        if not row.fields["code"]
    ]
    return missing


def _only_tables(tables: Sequence[DraftTable], used: Sequence[Table]) -> list[Unread]:
    """Tables that are kept as tables, and went into no other file."""
    known = set(map(id, used))
    return [
        Unread(
            Text(
                f"“{item.title}”只存为 {item.file}", f"“{item.title}” is kept as {item.file} only"
            ),
            item.table.spot,
        )
        for item in tables
        if id(item.table) not in known
    ]
