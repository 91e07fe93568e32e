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
#: Targets of counties whose sum is within this share of a target are parts of it.
_NEARLY: Final = 0.001
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
    """The indicators of single counties, split out of those of the whole where they are parts."""
    number = 0
    for whole, parts in split_targets(held.get("GHZB", ())):
        for item in parts:
            number += 1
            told = {"ZBBSM": whole, "XQMC": item.attributes["XQMC"], "FJZ": _target(item)}
            yield _row("XFJB", number, {**told, "DW": item.attributes.get("DW")})


def split_targets(rows: Sequence[FeatureValue]) -> Iterator[tuple[str, list[FeatureValue]]]:
    """Indicators of counties by the key of the one of the whole that they are parts of.

    Those of one name and unit in several counties are the parts of the indicator in that unit
    whose target is nearly their sum.
    """
    groups: dict[tuple[Any, ...], list[FeatureValue]] = {}
    for item in rows:
        if item.attributes.get("XQMC") and _target(item) is not None:
            name = (item.attributes["ZBMC"], item.attributes.get("DW"))
            groups.setdefault(name, []).append(item)
    for (_, unit), parts in groups.items():
        total = sum(_target(item) or 0.0 for item in parts)
        for item in rows:
            own = _target(item)
            if item.attributes.get("XQMC") or item.attributes.get("DW") != unit or own is None:
                continue
            if len(parts) > 1 and abs(own - total) <= _NEARLY * total:
                yield item.key, parts
                break


def _target(item: FeatureValue) -> float | None:
    told = str(item.attributes.get("MBZ", ""))
    return float(told) if told.replace(".", "", 1).isdecimal() else None


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
