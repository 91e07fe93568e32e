"""The sandbox of examples: a small and sound hand-in in memory, of which an example changes a bit.

Metres count east and north from the south-west corner of a region of 10 km × 10 km that two
divisions halve. They are laid on the ground by a plain scaling at one latitude, so that edges that
coincide in an example coincide in lon/lat too. Codes and names come from the edition; nothing is
of a real plan.

What an example may give:

* ``kind``, ``date``, ``edition``, ``level`` (of the plan), ``identity`` (fields of it, or None);
* ``geometry``: by code another kind of geometry than the edition has for a layer; ``rules``:
  further rules of topology;
* ``complete``: every layer, table and document that the level must hand in;
* ``layers``: by code the rows, or a mapping with ``rows`` and what else differs (``columns``,
  ``drop`` columns, ``more_columns``, ``crs``, ``system``, ``geometry_type``, ``file``, ``name``,
  ``problem``, ``broken``, ``swap``, ``shift``, ``digits``, ``unclosed``; ``grammar``: a file of
  its own named by the grammar with these placeholders), or None to leave it out; ``twice`` names
  layers that come in two files, ``unknown`` has layers that the standard does not know;
* ``files``: by path what differs of a file, or None to leave it out; ``name`` of the root;
* ``metadata``, ``manifest``, ``stated_counts``: items that differ (None leaves one out, or all);
* ``documents``: titles with lines of text, or whole plan documents; ``region``: a box, or None;
* ``controls``: by name the rows of a constraint layer and ``version``; ``plan``, ``upper``: fields
  of a plan snapshot.

``{city}``, ``{county1}``, ``{county2}`` and ``{city_name}`` … stand for codes and names of
divisions. A row holds values by field, and its place as ``box``, ``polygon`` (rings of metres),
``boxes`` (several parts), ``line``, ``point``, ``geometry`` (shapely, in metres) or ``void``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Final

from shapely.geometry import box

from minplan.core.document.model import Paragraph, PlanDocument, Section, Spot
from minplan.core.geometry.layer import LayerVersion
from minplan.core.geometry.overlay import MemoryLayer
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.making import make_plan
from minplan.core.plan.model import Level, Plan, PlanSnapshot
from minplan.core.quality.check import Check, Example
from minplan.core.quality.engine import inspect
from minplan.core.quality.inspection import CheckResult
from minplan.core.quality.naming import name_of, values_of
from minplan.core.quality.sandbox_layers import (
    GivenLayer,
    Ground,
    Setting,
    default_rows,
    layer_of,
    shape_of,
)
from minplan.core.quality.submission import FileEntry, Submission, SubmissionKind
from minplan.core.standard.load import edition as bundled
from minplan.core.standard.model import Edition, FieldType, GeometryType, LayerSpec, TopologyRule
from minplan.core.text import Text

EDITION: Final = "2021-2025"
#: The region of the sandbox in metres.
REGION: Final = (0.0, 0.0, 10_000.0, 10_000.0)
DATE: Final = "2025-06-30"
_PLACES: Final = ("city", "county1", "county2")
_SUITABLE: Final = {".docx": "docx", ".xlsx": "xlsx", ".xml": "xml"}


def submission(given: Mapping[str, Any]) -> Submission:
    """The sandbox's hand-in with what ``given`` changes."""
    edition = _respecified(_edition(given.get("edition", EDITION)), given)
    plan = _plan(edition, given)
    layers = _layers(edition, plan, given)
    files = _files(edition, plan, layers, given)
    region = given.get("region", REGION)
    kind = SubmissionKind(given.get("kind", "package"))
    return Submission(
        name=given.get("name", name_of(edition, plan, "root")),
        kind=kind,
        edition=edition,
        date=dt.date.fromisoformat(given.get("date", DATE)),
        files=files,
        layers=layers,
        documents=_documents(_named(given.get("documents", [{}]), edition), plan),
        metadata=_metadata(edition, plan, layers, given),
        manifest=_manifest(files, given),
        stated_counts=_counts(layers, given),
        identity=None if given.get("identity", {}) is None else plan,
        plan=_snapshot(_named(given.get("plan"), edition)),
        upper=_snapshot(_named(given.get("upper"), edition)),
        region=None if region is None else Ground.polygon(box(*region)),
        controls={name: _control(name, told) for name, told in given.get("controls", {}).items()},
    )


def judge(check: Check, example: Example) -> CheckResult:
    """What a check finds in an example."""
    found = inspect(submission(example.given), checks=[check])
    return found.result(check.id)


# -- identity -------------------------------------------------------------------------------------


@cache
def _edition(id: str) -> Edition:
    return bundled(id)


def _respecified(edition: Edition, given: Mapping[str, Any]) -> Edition:
    """The edition with other kinds of geometry for some layers, and with further rules."""
    kinds, rules = given.get("geometry", {}), given.get("rules", ())
    if not kinds and not rules:
        return edition
    layers = tuple(
        replace(item, geometry=GeometryType(kinds[item.code])) if item.code in kinds else item
        for item in edition.layers
    )
    named = {"id": "T-00", "name": Text("示例规则", "sandbox rule")}
    more = tuple(TopologyRule(**{**named, **item}) for item in rules)
    return replace(edition, layers=layers, topology=(*edition.topology, *more))


def divisions(edition: Edition) -> tuple[tuple[str, str], ...]:
    """Code and name of a city of the edition and of two of its counties."""
    codes = edition.code_lists["XZQ"].codes
    city = next(item for item in codes if item.code[4:] == "00" and item.code[2:4] != "00")
    below = [item for item in codes if item.code[:4] == city.code[:4] and item is not city]
    return tuple((item.code, item.name.zh) for item in (city, *below[:2]))


def _plan(edition: Edition, given: Mapping[str, Any]) -> Plan:
    code, name = divisions(edition)[0]
    told = {
        "region_code": code,
        "region_name": name,
        "level": given.get("level", Level.CITY),
        "name": Text(f"{name}矿产资源总体规划（2021—2025年）", "sandbox plan"),
        **(given.get("identity") or {}),
    }
    return make_plan({"plan": told}).plan


def _snapshot(told: Mapping[str, Any] | None) -> PlanSnapshot | None:
    if told is None:
        return None
    zones = tuple(_zone(item) for item in told.get("zones", ()))
    return make_plan({**told, "zones": zones})


def _zone(item: Mapping[str, Any]) -> Mapping[str, Any]:
    shape = shape_of(item)
    plain = {key: value for key, value in item.items() if key not in Ground.KEYS}
    return plain if shape is None else {**plain, "geometry": Polygonal(shape, source="sandbox")}


# -- layers ---------------------------------------------------------------------------------------


def _layers(edition: Edition, plan: Plan, given: Mapping[str, Any]) -> tuple[GivenLayer, ...]:
    asked = given.get("layers", {})
    wanted = {"XZQ", "KAIGHQK", "KCGHQK", "GHXX", "KAIQKB", "KCQKB"} & {
        item.code for item in edition.specs
    }
    if given.get("complete"):
        wanted |= {item.code for item in edition.specs if plan.level.value in item.levels}
    database = _database(edition, plan)
    setting = Setting(edition, plan, divisions(edition))
    keys: dict[str, list[str]] = {}
    made: list[GivenLayer] = []
    for spec in edition.specs:
        told = asked.get(spec.code, {} if spec.code in wanted else None)
        if told is None:
            continue
        told = told if isinstance(told, Mapping) else {"rows": told}
        rows = default_rows(spec, _named(told.get("rows"), edition), setting, keys)
        keys[spec.code] = [str(row.get(spec.key, "")) for row in rows]
        if (grammar := told.get("grammar")) is not None:
            name = name_of(edition, plan, "layer", layer=spec.code, **grammar)
            told = {"file": f"{PurePosixPath(database).parent}/{name}.shp", "name": name, **told}
        layer = layer_of(spec, rows, {"file": database, **told})
        made.append(layer)
        if spec.code in given.get("twice", ()):
            made.append(replace_file(layer, f"{database[: database.rfind('.')]}_2.gpkg"))
    for name, told in given.get("unknown", {}).items():
        spec = edition.layers[0]
        made.append(layer_of(spec, told, {"file": database, "name": name, "spec": None}))
    return tuple(made)


def _named(told: Any, edition: Edition) -> Any:
    """What ``{county1}``, ``{county1_name}``, ``{city}`` … stand for put into any text."""
    if isinstance(told, str):
        for place, (code, name) in zip(_PLACES, divisions(edition), strict=True):
            told = told.replace(f"{{{place}}}", code).replace(f"{{{place}_name}}", name)
        return told
    if isinstance(told, Mapping):
        return {key: _named(value, edition) for key, value in told.items()}
    if isinstance(told, list):
        return [_named(item, edition) for item in told]
    return told


def replace_file(layer: GivenLayer, file: str) -> GivenLayer:
    """The same layer in another file."""
    return replace(layer, file=file)


def _database(edition: Edition, plan: Plan) -> str:
    folder = next(item.path for item in edition.folders if "layers" in item.holds)
    return f"{folder}/{name_of(edition, plan, 'database')}.gpkg"


def _control(name: str, told: Any) -> MemoryLayer:
    told = told if isinstance(told, Mapping) else {"rows": told}
    rows = told["rows"]
    version: dict[str, Any] = {
        key: dt.date.fromisoformat(value) if key.startswith("effective") else value
        for key, value in told.get("version", {}).items()
    }
    if "coverage" in version:
        version["coverage"] = Ground.polygon(box(*version["coverage"])).bounds
    assert version.keys() <= set(LayerVersion.__slots__)
    plain = [{k: v for k, v in row.items() if k not in Ground.KEYS} for row in rows]
    return MemoryLayer.of(name, [shape_of(row) for row in rows], plain, **version)


# -- files and what is said of them ---------------------------------------------------------------


def _files(
    edition: Edition, plan: Plan, layers: Sequence[GivenLayer], given: Mapping[str, Any]
) -> tuple[FileEntry, ...]:
    values = values_of(plan, edition)
    held: dict[str, FileEntry] = {
        item.path: FileEntry(item.path, folder=True) for item in edition.folders
    }
    for path in dict.fromkeys(item.file for item in layers):
        held[path] = _file(path)
    for document in edition.documents:
        if document.required:
            stem = document.file_name.format_map(
                {**values, "document": document.name.zh, "title": document.name.zh}
            )
            path = f"{document.folder}/{stem}.{document.formats[0]}"
            held[path] = replace(_file(path), document=document.code)
    for path, told in given.get("files", {}).items():
        if told is None:
            held = {name: item for name, item in held.items() if not _is_in(name, path)}
        else:
            held[path] = replace(held.get(path, _file(path)), **told)
    return tuple(held[path] for path in sorted(held))


def _is_in(name: str, path: str) -> bool:
    return name == path or name.startswith(f"{path}/")


def _file(path: str) -> FileEntry:
    return FileEntry(path, size=1000, sha256=hashlib.sha256(path.encode()).hexdigest())


def _manifest(files: Sequence[FileEntry], given: Mapping[str, Any]) -> dict[str, str] | None:
    told = given.get("manifest", {})
    if told is None:
        return None
    held = {item.path: item.sha256 for item in files if not item.folder}
    return _changed(held, told)


def _counts(layers: Sequence[GivenLayer], given: Mapping[str, Any]) -> dict[str, int] | None:
    told = given.get("stated_counts", {})
    if told is None:
        return None
    return _changed({item.spec.code: item.count for item in layers if item.spec}, told)


def _changed(held: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**held, **told}.items() if value is not None}


def _metadata(
    edition: Edition, plan: Plan, layers: Sequence[GivenLayer], given: Mapping[str, Any]
) -> dict[str, str] | None:
    told = given.get("metadata", {})
    if told is None:
        return None
    west, south, east, north = Ground.polygon(box(*REGION)).bounds
    spatial = [item for item in layers if isinstance(item.spec, LayerSpec)]
    known = {
        "XBJD": f"{west:.6f}",
        "DBJD": f"{east:.6f}",
        "NBWD": f"{south:.6f}",
        "BBWD": f"{north:.6f}",
        "QSSJ": f"{plan.first_year}-01-01",
        "ZZSJ": f"{plan.last_year}-12-31",
        "TCMC": "；".join(
            f"{item.spec.name.zh} {item.count}" for item in spatial if item.spec is not None
        ),
    }
    values = values_of(plan, edition)
    made = {
        item.code: known.get(item.code) or item.default.format_map(values) or _any(item.type)
        for item in edition.metadata
    }
    return _changed(made, _named(told, edition))


def _any(kind: FieldType) -> str:
    return {FieldType.DATE: DATE, FieldType.INT: "50000", FieldType.FLOAT: "1"}.get(kind, "示例")


def _documents(
    told: Sequence[Mapping[str, Any] | PlanDocument], plan: Plan
) -> tuple[PlanDocument, ...]:
    made: list[PlanDocument] = []
    for item in told:
        if isinstance(item, PlanDocument):
            made.append(item)
            continue
        lines = item.get("lines", (f"规划期为{plan.first_year}—{plan.last_year}年。",))
        blocks = tuple(
            Paragraph(text, Spot("第一章", line=number, quote=text))
            for number, text in enumerate(lines, start=1)
        )
        chapter = Section("第一章", "总则", 1, "第一章", Spot("第一章"), blocks)
        title = item.get("title", plan.name.zh)
        made.append(PlanDocument(item.get("name", "规划文本"), title, (), (chapter,)))
    return tuple(made)
