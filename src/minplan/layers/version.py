"""What is known of a stored layer version, and how it is written in its file."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from minplan.core.geometry.layer import Bounds, LayerVersion
from minplan.core.geometry.repair import Repair
from minplan.core.text import Text
from minplan.layers.geopackage import Column
from minplan.layers.shapes import FeatureRepair, Kind

#: Repairs listed one by one; beyond these they are counted.
LISTED_REPAIRS: Final = 1_000

_ORIGIN: Final = (
    *("name", "act", "effective_from", "effective_to", "source", "owner", "schematic"),
    *("geometry", "file", "file_sha256", "file_layer", "crs", "encoding"),
    *("features", "parts", "area_m2", "repaired", "skipped", "details"),
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the person who adds a layer says of it.

    ``act`` is the legal act (批准文件) that set it, ``coverage`` the bounds in degrees it is
    complete for. The dates are its legal validity.
    """

    name: str
    act: str
    effective_from: dt.date | None
    effective_to: dt.date | None = None
    source: str = ""
    owner: str = ""
    schematic: bool = False
    coverage: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a layer version came from and what was done to it on the way.

    ``file`` and ``file_sha256`` name the delivery, ``crs`` and ``encoding`` how it was read,
    ``features`` counts those with geometry, ``parts`` what they were taken apart into, ``area_m2``
    sums their ellipsoidal areas, ``skipped`` counts features without usable geometry,
    ``repair_counts`` says how often each repair happened and ``repairs`` lists the first ones.
    """

    kind: Kind
    file: str
    file_sha256: str
    file_layer: str | None
    crs: str
    encoding: str | None
    features: int
    parts: int
    area_m2: float
    extent: Bounds
    skipped: int
    columns: tuple[Column, ...]
    repair_counts: Mapping[Repair, int] = field(default_factory=dict)
    repairs: tuple[FeatureRepair, ...] = ()
    remarks: tuple[Text, ...] = ()

    @property
    def repaired(self) -> int:
        """Number of repairs."""
        return sum(self.repair_counts.values())


@dataclass(frozen=True, slots=True)
class StoredLayer:
    """One layer version in the library: its version record, origin and file."""

    version: LayerVersion
    origin: Origin
    path: Path

    @property
    def ref(self) -> str:
        """Short reference: ``name@`` and the first twelve digits of the hash."""
        return f"{self.version.name}@{self.version.sha256[:12]}"


def write_origin(connection: sqlite3.Connection, said: Declaration, origin: Origin) -> None:
    """Write the one row of ``origin``."""
    details = {
        "columns": [[item.name, item.column, item.type] for item in origin.columns],
        "coverage": said.coverage,
        "extent": origin.extent,
        "repair_counts": {str(key): value for key, value in origin.repair_counts.items()},
        "repairs": [[r.feature, str(r.repair), r.area_change_m2] for r in origin.repairs],
        "remarks": [item.to_dict() for item in origin.remarks],
    }
    values = (
        said.name,
        said.act,
        said.effective_from and said.effective_from.isoformat(),
        said.effective_to and said.effective_to.isoformat(),
        said.source,
        said.owner,
        said.schematic,
        origin.kind,
        origin.file,
        origin.file_sha256,
        origin.file_layer,
        origin.crs,
        origin.encoding,
        origin.features,
        origin.parts,
        origin.area_m2,
        origin.repaired,
        origin.skipped,
        json.dumps(details, ensure_ascii=False, sort_keys=True),
    )
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO origin VALUES (1, {marks})", values)


def read_stored(connection: sqlite3.Connection, path: Path) -> StoredLayer:
    """Read the row of ``origin`` of a layer file; its name is the content address.

    Raises sqlite3.Error, KeyError, TypeError or ValueError when the file is not one of ours.
    """
    found = connection.execute(f"SELECT {', '.join(_ORIGIN)} FROM origin").fetchone()
    row: dict[str, Any] = dict(zip(_ORIGIN, found, strict=True))
    details = json.loads(row["details"])
    origin = Origin(
        kind=row["geometry"],
        file=row["file"],
        file_sha256=row["file_sha256"],
        file_layer=row["file_layer"],
        crs=row["crs"],
        encoding=row["encoding"],
        features=row["features"],
        parts=row["parts"],
        area_m2=row["area_m2"],
        extent=_bounds(details["extent"]),
        skipped=row["skipped"],
        columns=tuple(Column(*item) for item in details["columns"]),
        repair_counts={Repair(key): value for key, value in details["repair_counts"].items()},
        repairs=tuple(FeatureRepair(f, Repair(r), a) for f, r, a in details["repairs"]),
        remarks=tuple(Text(**item) for item in details["remarks"]),
    )
    version = LayerVersion(
        name=row["name"],
        sha256=path.stem,
        act=row["act"],
        effective_from=_date(row["effective_from"]),
        effective_to=_date(row["effective_to"]),
        source=row["source"],
        owner=row["owner"],
        extent=origin.extent,
        coverage=_bounds(details["coverage"]) if details["coverage"] else None,
        feature_count=origin.features,
        schematic=bool(row["schematic"]),
        quality=_quality(origin),
    )
    return StoredLayer(version, origin, path)


def _quality(origin: Origin) -> str:
    if not origin.repaired:
        return "图形无误" if not origin.skipped else f"{origin.skipped} 个要素无图形"
    return f"入库时修复 {origin.repaired} 处"


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _bounds(values: list[float]) -> Bounds:
    west, south, east, north = values
    return west, south, east, north
