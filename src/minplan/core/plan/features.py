"""The plan as features of the data standard, and back: exact both ways.

Zones go to the spatial layer of their kind, everything else to the tables of the edition
(:mod:`minplan.core.plan.records`). The order of the plan is kept in the sequence field, figures
keep their printed text, texts longer than their field are kept whole in a table of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from minplan.core.errors import Place, PlanDataError
from minplan.core.plan import records, zone_features
from minplan.core.plan.canonical import content_hash
from minplan.core.plan.columns import Column, Kind, wrong_value
from minplan.core.plan.long_texts import restore_texts, split_texts
from minplan.core.plan.model import (
    Contradiction,
    Level,
    MineralQuota,
    Plan,
    PlanSnapshot,
    PlanTable,
    Reading,
    Threshold,
)
from minplan.core.plan.records import IDENTIFIER, MINIMUM_SCALE, SEQUENCE, Record, in_order, unused
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition
from minplan.core.text import Text

IDENTITY: Final = "GHXX"
CONTRADICTIONS: Final = "MDJL"
READINGS: Final = "MDCC"
FURTHER_TABLES: Final = "FBML"
FURTHER_ROWS: Final = "FBNR"

_PLAN: Final = (
    Column("BSM", "id", needed=True),
    Column("GHMC", "name_zh"),
    Column("GHYWMC", "name_en"),
    Column("GHJB", "level", Kind.WORD, "GHJB", Level, needed=True),
    Column("XZQDM", "region_code"),
    Column("XZQMC", "region_name"),
    Column("GHQSN", "first_year", Kind.WHOLE, needed=True),
    Column("GHMZN", "last_year", Kind.WHOLE, needed=True),
    Column("JZN", "base_year", Kind.WHOLE, needed=True),
    Column("PFWH", "act"),
    Column("SXRQ", "effective_from", Kind.DATE, needed=True),
    Column("SHIXRQ", "effective_to", Kind.DATE),
    Column("FBJG", "issuer"),
    Column("BBH", "version"),
    Column("SJLY", "source"),
    Column("SJFZKZ", "city_minerals", Kind.NAMES),
)
#: The parts of a snapshot that are one table each.
_PARTS: Final[tuple[tuple[str, Record], ...]] = (
    ("clauses", records.CLAUSES),
    ("measures", records.MEASURES),
    ("block_counts", records.BLOCK_COUNTS),
    ("quotas", records.QUOTAS),
    ("indicators", records.INDICATORS),
    ("status", records.STATUS),
    ("sub_plans", records.SUB_PLANS),
)


def snapshot_to_features(snapshot: PlanSnapshot, edition: Edition) -> tuple[FeatureValue, ...]:
    """Every zone and row of a plan as features; geometry on the grid of stored coordinates.

    Part of a zone's ground besides its outline is kept as far as the layer has fields for it:
    elevations in the layer of mining blocks only. Raises PlanDataError E711 when the edition lacks
    a table; such an edition is reached through :mod:`minplan.core.standard.mapping`.
    """
    features = [_identity(snapshot.plan, edition)]
    for number, zone in enumerate(snapshot.zones, start=1):
        features.append(zone_features.write_zone(zone, number, snapshot, edition))
    features += _zone_minerals(snapshot, edition)
    for name, record in _PARTS:
        features += record.write(_numbered(getattr(snapshot, name)), edition, {})
    features += _thresholds(snapshot, edition)
    features += _contradictions(snapshot.contradictions)
    features += _tables(snapshot.tables)
    return tuple(split_texts(features, edition))


def features_to_snapshot(features: Iterable[FeatureValue], edition: Edition) -> PlanSnapshot:
    """The plan that features hold, with its hash; features of other layers are left aside.

    Raises PlanDataError E741 for a value the plan cannot use, E742 when the identity of the plan
    is missing or there are several.
    """
    layers: dict[str, list[FeatureValue]] = {}
    for feature in restore_texts(features):
        layers.setdefault(feature.layer, []).append(feature)
    ordered = {code: in_order(members) for code, members in layers.items()}
    parts: dict[str, Any] = {
        name: tuple(record.read(row, edition) for row in ordered.get(record.table, ()))
        for name, record in _PARTS
    }
    snapshot = PlanSnapshot(
        plan=_read_identity(ordered.get(IDENTITY, []), edition),
        zones=_read_zones(ordered, edition),
        thresholds=_read_thresholds(ordered, edition),
        contradictions=_read_contradictions(ordered),
        tables=_read_tables(ordered),
        **parts,
    )
    return replace(snapshot, sha256=content_hash(snapshot))


def _numbered(values: Sequence[Any]) -> Iterable[tuple[int, Any]]:
    return enumerate(values, start=1)


def _identity(plan: Plan, edition: Edition) -> FeatureValue:
    spec = edition.spec(IDENTITY)
    attributes: dict[str, Any] = {}
    for column in _PLAN:
        names = {"name_zh": plan.name.zh, "name_en": plan.name.en}
        value = names.get(column.attribute, getattr(plan, column.attribute, None))
        column.write(value, attributes, spec, edition)
    return FeatureValue(IDENTITY, plan.id, attributes)


def _read_identity(rows: Sequence[FeatureValue], edition: Edition) -> Plan:
    if len(rows) != 1:
        raise PlanDataError(
            "E742",
            Text(
                f"规划信息应有一条，现有 {len(rows)} 条",
                f"one row of plan identity is needed, there are {len(rows)}",
            ),
            place=Place(layer=IDENTITY),
            hint=Text("补上或删去规划信息表的记录", "add or remove rows of the table"),
        )
    cells = {item.attribute: item.read(rows[0], edition) for item in _PLAN}
    name = Text(cells.pop("name_zh"), cells.pop("name_en"))
    return Plan(name=name, **cells)


def _zone_minerals(snapshot: PlanSnapshot, edition: Edition) -> list[FeatureValue]:
    features: list[FeatureValue] = []
    number = 0
    for zone in snapshot.zones:
        rows = records.ZONE_MINERALS.write(
            enumerate(zone.minerals, start=number + 1), edition, {"FQBSM": zone.code}
        )
        for row in rows:
            key = f"{zone.code}|{row.key}"
            features.append(replace(row, key=key, attributes={**row.attributes, IDENTIFIER: key}))
        number += len(rows)
    return features


def _read_zones(ordered: dict[str, list[FeatureValue]], edition: Edition) -> tuple[Any, ...]:
    minerals: dict[str, list[MineralQuota]] = {}
    for row in ordered.get(records.ZONE_MINERALS.table, ()):
        held = records.ZONE_MINERALS.read(row, edition)
        minerals.setdefault(str(row.attributes.get("FQBSM", "")), []).append(held)
    rows = [
        row for layer in edition.layers if layer.zone_kind for row in ordered.get(layer.code, ())
    ]
    return tuple(
        zone_features.read_zone(row, tuple(minerals.get(row.key, ())), edition)
        for row in in_order(rows)
    )


def _is_minimum_scale(item: Threshold) -> bool:
    return item.subject == MINIMUM_SCALE and item.value.replace(".", "", 1).isdecimal()


def _thresholds(snapshot: PlanSnapshot, edition: Edition) -> list[FeatureValue]:
    listed = list(_numbered(snapshot.thresholds))
    scales = [item for item in listed if _is_minimum_scale(item[1])]
    limits = [item for item in listed if not _is_minimum_scale(item[1])]
    return [
        *records.MINIMUM_SCALES.write(scales, edition, {}),
        *records.LIMITS.write(limits, edition, {}),
    ]


def _read_thresholds(
    ordered: dict[str, list[FeatureValue]], edition: Edition
) -> tuple[Threshold, ...]:
    both = {item.table: item for item in (records.MINIMUM_SCALES, records.LIMITS)}
    rows = in_order([row for table in both for row in ordered.get(table, ())])
    return tuple(both[row.layer].read(row, edition) for row in rows)


def _contradictions(listed: Sequence[Contradiction]) -> list[FeatureValue]:
    features = []
    number = 0
    for place, item in _numbered(listed):
        own = {IDENTIFIER: item.id, SEQUENCE: place, "SX": item.subject, "SM": item.note}
        features.append(FeatureValue(CONTRADICTIONS, item.id, _filled(own)))
        for count, reading in _numbered(item.readings):
            number += 1
            key = f"{item.id}|{count}"
            row = {IDENTIFIER: key, SEQUENCE: number, "MDBSM": item.id}
            held = {**row, "WZ": reading.place, "QZ": reading.value}
            features.append(FeatureValue(READINGS, key, _filled(held)))
    return features


def _read_contradictions(ordered: dict[str, list[FeatureValue]]) -> tuple[Contradiction, ...]:
    readings: dict[str, list[Reading]] = {}
    for row in ordered.get(READINGS, ()):
        held = Reading(_text(row, "WZ"), _text(row, "QZ"))
        readings.setdefault(_text(row, "MDBSM"), []).append(held)
    return tuple(
        Contradiction(row.key, _text(row, "SX"), tuple(readings.get(row.key, ())), _text(row, "SM"))
        for row in ordered.get(CONTRADICTIONS, ())
    )


def _tables(listed: Sequence[PlanTable]) -> list[FeatureValue]:
    features = []
    number = 0
    taken: set[str] = set()
    for place, table in _numbered(listed):
        own = {IDENTIFIER: table.id, SEQUENCE: place, "BT": table.title, "CC": table.clause}
        held = {**_filled(own), "LM": _json(table.columns)}
        features.append(FeatureValue(FURTHER_TABLES, table.id, held))
        for count, cells in _numbered(table.rows):
            number += 1
            key = unused(f"{table.id}|{count}", taken)
            row = {IDENTIFIER: key, SEQUENCE: number, "FBBSM": table.id, "NR": _json(cells)}
            features.append(FeatureValue(FURTHER_ROWS, key, row))
    return features


def _read_tables(ordered: dict[str, list[FeatureValue]]) -> tuple[PlanTable, ...]:
    rows: dict[str, list[tuple[str, ...]]] = {}
    for row in ordered.get(FURTHER_ROWS, ()):
        rows.setdefault(_text(row, "FBBSM"), []).append(_cells(row, "NR"))
    return tuple(
        PlanTable(
            id=row.key,
            title=_text(row, "BT"),
            columns=_cells(row, "LM"),
            rows=tuple(rows.get(row.key, ())),
            clause=_text(row, "CC"),
        )
        for row in ordered.get(FURTHER_TABLES, ())
    )


def _filled(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value != ""}


def _text(row: FeatureValue, field: str) -> str:
    return str(row.attributes.get(field, ""))


def _json(cells: Sequence[str]) -> str:
    return json.dumps(list(cells), ensure_ascii=False, separators=(",", ":"))


def _cells(row: FeatureValue, field: str) -> tuple[str, ...]:
    text = row.attributes.get(field, "[]")
    try:
        cells = json.loads(str(text))
    except json.JSONDecodeError as error:
        raise wrong_value(row, field, text) from error
    if not isinstance(cells, list):
        raise wrong_value(row, field, text)
    return tuple(str(cell) for cell in cells)
