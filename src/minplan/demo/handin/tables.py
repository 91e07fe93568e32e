"""The annexed tables that repeat the layers: blocks, zones, remediation, counties, projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from minplan.core.plan.model import PlanSnapshot
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition

Features = Mapping[str, Sequence[FeatureValue]]
#: Columns of a table taken from the layer that it repeats, by their codes there.
_BLOCKS: Final = {"QKBSM": "BSM", "QKMC": "MC", "SZXZQ": "SZXZQ", "ZYKZ": "ZYKZ", "MJ": "MJ"}
_TABLES: Final = (
    ("KCQKB", ("KCGHQK",), {**_BLOCKS, "KCJD": "KCJD", "SZLX": "SZLX", "TFSX": "TFSX"}),
    (
        "KAIQKB",
        ("KAIGHQK",),
        {
            **_BLOCKS,
            **{code: code for code in ("ZYL", "ZYLDW", "NSGM", "GMDW", "SZLX", "TFSX")},
        },
    ),
    (
        "ZLQB",
        ("ZDZLQ", "YBZLQ"),
        {"FQBSM": "BSM", "FQMC": "MC", "SZXZQ": "SZXZQ", "MJ": "MJ", "ZYWT": "ZYWT"},
    ),
)
_ZONES: Final = {"FQBSM": "BSM", "FQMC": "MC", "SZXZQ": "SZXZQ", "ZYKZ": "ZYKZ", "MJ": "MJ"}
_NOT_ZONES: Final = ("XZQ", "KCGHQK", "KAIGHQK", "ZDZLQ", "YBZLQ", "BHQ", "YFQ")


def derived(edition: Edition, held: Features, snapshot: PlanSnapshot) -> Iterator[FeatureValue]:
    """Rows of the tables that follow from layers and from other tables."""
    for table, layers, columns in _TABLES:
        yield from _rows(table, (item for code in layers for item in held.get(code, ())), columns)
    yield from _zones(edition, held)
    yield from _counties(held)
    yield from _projects(snapshot)


def _rows(
    table: str, source: Iterable[FeatureValue], columns: Mapping[str, str]
) -> Iterator[FeatureValue]:
    for number, item in enumerate(source, start=1):
        told = {own: item.attributes.get(theirs) for own, theirs in columns.items()}
        yield _row(table, number, told)


def _row(table: str, number: int, told: Mapping[str, Any]) -> FeatureValue:
    key = f"{table}{number:03d}"
    filled = {code: value for code, value in told.items() if value not in (None, "")}
    return FeatureValue(table, key, {"BSM": key, "XH": number, **filled})


def _zones(edition: Edition, held: Features) -> Iterator[FeatureValue]:
    number = 0
    kinds = edition.code_lists["FQLB"]
    for layer in edition.layers:
        if not layer.zone_kind or layer.code in _NOT_ZONES:
            continue
        kind = kinds.of_value(layer.zone_kind)
        assert kind is not None
        for item in held.get(layer.code, ()):
            number += 1
            told = {own: item.attributes.get(theirs) for own, theirs in _ZONES.items()}
            yield _row("FQB", number, {**told, "FQLB": kind.name.zh})


def _counties(held: Features) -> Iterator[FeatureValue]:
    """The indicators of single counties, split out of those of the whole."""
    number = 0
    for item in held.get("GHZB", ()):
        county, target = item.attributes.get("XQMC"), str(item.attributes.get("MBZ", ""))
        if county and target.replace(".", "", 1).isdecimal():
            number += 1
            told = {"ZBBSM": item.key, "XQMC": county, "FJZ": float(target)}
            yield _row("XFJB", number, {**told, "DW": item.attributes.get("DW")})


def _projects(snapshot: PlanSnapshot) -> Iterator[FeatureValue]:
    plan = snapshot.plan
    for table in snapshot.tables:
        if table.id != "projects":
            continue
        for number, row in enumerate(table.rows, start=1):
            cells = dict(zip(table.columns, row, strict=True))
            amount = f"，{cells['数量']}{cells['单位']}" if cells["数量"] else ""
            told = {
                "XMMC": cells["项目"],
                "XMLB": "重点项目",
                "JSNR": f"{cells['项目']}{amount}",
                "SSQX": f"{plan.first_year}-{plan.last_year}",
                "ZRDW": plan.issuer,
            }
            yield _row("ZDXM", number, told)
