"""What a plan package (规划数据包) holds: its files, their columns, and whether they are all there.

The list of files and columns is data: ``package_files.toml`` beside this module.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from minplan.core.errors import MinplanError
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.rows import Row, Table, fault
from minplan.core.text import Text

PLAN: Final = "plan.toml"
TABLES: Final = "tables.toml"
CONTRADICTIONS: Final = "contradictions.toml"
GEOMETRY: Final = "geometry.gpkg"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, its meaning, whether every row must fill it."""

    name: str
    meaning: Text
    needed: bool


@dataclass(frozen=True, slots=True)
class FileSpec:
    """A file of the package; ``entries`` names the array that a TOML file lists its rows in."""

    name: str
    title: Text
    required: bool
    entries: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class ZoneGeometry:
    """The ground of one zone, and whether it is schematic (示意)."""

    polygonal: Polygonal
    schematic: bool = False


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """The content of a package as read: CSV files as tables, TOML files as documents.

    ``further`` holds the CSV files under ``tables/`` by their path in the package, ``geometry``
    the ground of zones and counties by code.
    """

    tables: Mapping[str, Table]
    documents: Mapping[str, Mapping[str, Any]]
    further: Mapping[str, Table] = field(default_factory=dict)
    geometry: Mapping[str, ZoneGeometry] = field(default_factory=dict)


@lru_cache(maxsize=1)
def file_specs() -> Mapping[str, FileSpec]:
    """The files of a package by name, in the order of the documentation."""
    text = (resources.files(__package__) / "package_files.toml").read_text("utf-8")
    return {
        item["name"]: FileSpec(
            name=item["name"],
            title=Text(item["zh"], item["en"]),
            required=item.get("required", False),
            entries=item.get("entries", ""),
            columns=tuple(
                Column(name, Text(spec["zh"], spec["en"]), spec.get("needed", False))
                for name, spec in item["columns"].items()
            ),
        )
        for item in tomllib.loads(text)["file"]
    }


def all_rows(files: PlanFiles, faults: list[MinplanError]) -> dict[str, tuple[Row, ...]]:
    """The rows of every known file, TOML entries included, after checking files and columns.

    Adds E402 (missing file), E405 (unknown column), E406 (missing column) and E407 (empty cell).
    """
    found: dict[str, tuple[Row, ...]] = {}
    for name, spec in file_specs().items():
        table = _table(files, spec)
        if table is None:
            found[name] = ()
            if spec.required:
                faults.append(_missing_file(spec))
            continue
        _check_columns(table, spec, faults)
        found[name] = table.rows
    return found


def _table(files: PlanFiles, spec: FileSpec) -> Table | None:
    if not spec.name.endswith(".toml"):
        return files.tables.get(spec.name)
    document = files.documents.get(spec.name)
    if document is None:
        return None
    if spec.entries:
        entries = document.get(spec.entries, [])
        rows = [_toml_row(spec.name, i, entry) for i, entry in enumerate(entries, start=1)]
        columns = dict.fromkeys(key for entry in entries for key in entry)
        return Table(spec.name, tuple(columns), tuple(rows))
    identity = {key: value for key, value in document.items() if key != "checks"}
    return Table(spec.name, tuple(identity), (_toml_row(spec.name, None, identity),))


def _toml_row(file: str, number: int | None, entry: Mapping[str, Any]) -> Row:
    return Row(file, number, {key: as_text(value) for key, value in entry.items()})


def as_text(value: Any) -> str:
    """A TOML value as the text a CSV cell would hold; lists are joined by 、."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(as_text(item) for item in value)
    return str(value)


def _check_columns(table: Table, spec: FileSpec, faults: list[MinplanError]) -> None:
    known = {column.name for column in spec.columns}
    listed = " ".join(column.name for column in spec.columns)
    faults.extend(
        fault(
            "E405",
            Text(f"没有“{name}”这一列", f"there is no column “{name}”"),
            file=table.file,
            field=name,
            hint=Text(f"可用的列：{listed}", f"the columns are: {listed}"),
        )
        for name in table.columns
        if name not in known
    )
    for column in spec.columns:
        if not column.needed:
            continue
        hint = Text(f"应填：{column.meaning.zh}", f"it holds: {column.meaning.en}")
        if column.name not in table.columns:
            if table.rows or spec.name.endswith(".csv"):
                message = Text(f"缺少“{column.name}”列", f"column “{column.name}” is missing")
                faults.append(fault("E406", message, file=table.file, field=column.name, hint=hint))
            continue
        faults.extend(
            fault(
                "E407",
                Text("此格必须填写", "this cell must be filled"),
                file=table.file,
                row=row.number,
                field=column.name,
                hint=hint,
            )
            for row in table.rows
            if not row.cells.get(column.name, "").strip()
        )


def _missing_file(spec: FileSpec) -> MinplanError:
    return fault(
        "E402",
        Text(
            f"缺少文件 {spec.name}（{spec.title.zh}）",
            f"{spec.name} ({spec.title.en}) is missing",
        ),
        file=spec.name,
        hint=Text(
            "按文档的列名建立此文件；没有内容时只写表头",
            "make the file with the documented columns; with nothing to list, the header alone",
        ),
    )
