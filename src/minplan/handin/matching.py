"""Which layer and which fields of the standard a file's layers and columns are."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.standard.model import Edition, Spec
from minplan.core.standard.proposals import LEAST_SCORE, Proposal, propose_mapping
from minplan.core.text import Text
from minplan.formats.features import (
    FeatureSource,
    FeatureTable,
    LayerDescription,
    open_features,
)
from minplan.handin.names import spec_named
from minplan.handin.survey import Kind, Survey

#: Layers that other programs keep inside their files.
_FOREIGN: Final = {"layer_styles", "qgis_projects"}
#: Features that are read and, of them, looked at to propose fields; GDAL reads ahead in small
#: batches, which takes longer than a large one.
_READ: Final = 2_000
_SAMPLE: Final = 200
#: Score of a proposal whose column has the very code of the field.
_SAME_CODE: Final = 1.0
#: Score of a proposal whose column is called after the field, brackets aside.
_SAME_NAME: Final = 0.85


@dataclass(frozen=True, slots=True)
class Match:
    """A layer of a file and what it is taken for.

    ``target`` is the code of a layer or table, empty to leave it out; ``fields`` maps columns to
    fields, ``proposals`` say why; ``saved`` tells that it comes from a mapping that was kept or
    given.
    """

    path: Path
    file: str
    told: LayerDescription
    target: str
    fields: Mapping[str, str]
    proposals: tuple[Proposal, ...] = ()
    saved: bool = False

    @property
    def layer(self) -> str:
        """The name of the layer in its file."""
        return self.told.name

    @property
    def certain(self) -> bool:
        """Whether nobody needs to look at it: kept before, or every column is a field's code."""
        return self.saved or (
            bool(self.target)
            and not self.left_out
            and all(item.score >= _SAME_CODE for item in self.proposals)
        )

    @property
    def left_out(self) -> tuple[str, ...]:
        """Columns that no field takes."""
        return tuple(item.name for item in self.told.columns if item.name not in self.fields)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the user states of the input: it beats what files say."""

    encoding: str | None = None
    system: CoordinateSystem | None = None
    target: str | None = None


def match(look: Survey, stated: Stated) -> tuple[tuple[Match, ...], tuple[Text, ...]]:
    """Every layer of the input with the proposal for it, from names and some of its values.

    The remarks name files of a folder that could not be read and are left out. Raises InputError
    E206 and its like when the input is one file, or the file bears the name of a layer.
    """
    found: list[Match] = []
    remarks: list[Text] = []
    for path in look.sources:
        name = look.name_of(path)
        try:
            found += match_file(path, name, look.edition, stated)
        except MinplanError as error:
            if look.kind is Kind.FILE or spec_named(look.edition, path.stem):
                raise
            told = error.message
            remarks.append(Text(f"未读取 {name}：{told.zh}", f"{name} is left out: {told.en}"))
    return tuple(found), tuple(remarks)


def taken_as(item: Match, target: str, edition: Edition, stated: Stated) -> Match:
    """The layer of a match taken for another layer or table, its fields proposed anew."""
    with open_features(
        item.path, encoding=stated.encoding, system=stated.system, name=item.file
    ) as source:
        return _proposed(
            (item.path, item.file), source, item.layer, edition, replace(stated, target=target)
        )


def match_file(path: Path, name: str, edition: Edition, stated: Stated) -> list[Match]:
    """The layers of one file with the proposals for them; ``name`` is what messages call it.

    Raises InputError E161, E202, E206 for files that are of no format with layers, empty, damaged.
    """
    with open_features(path, encoding=stated.encoding, system=stated.system, name=name) as source:
        return match_source((path, name), source, edition, stated)


def match_source(
    named: tuple[Path, str], source: FeatureSource, edition: Edition, stated: Stated
) -> list[Match]:
    """The layers of an opened file with the proposals for them; see :func:`match_file`."""
    return [
        _proposed(named, source, layer, edition, stated)
        for layer in source.layers
        if layer not in _FOREIGN
    ]


def _proposed(
    named: tuple[Path, str], source: FeatureSource, layer: str, edition: Edition, stated: Stated
) -> Match:
    path, file = named
    told = source.describe(layer)
    if stated.target:
        spec: Spec | None = edition.spec(stated.target)
    else:
        spec = spec_named(edition, layer) or spec_named(edition, path.stem)
    if spec is None:
        return Match(path, file, told, "", {})
    sample = next(iter(source.batches(layer, _READ)))
    proposals = _proposals(edition, spec, sample)
    fields = {item.column: item.field for item in proposals}
    return Match(path, file, told, spec.code, fields, proposals)


def _proposals(edition: Edition, spec: Spec, sample: FeatureTable) -> tuple[Proposal, ...]:
    """By the names of columns, then by their aliases, then by likeness and values.

    A column that is plainly called after a field is that field whatever its values: they are then
    faults, and told.
    """
    found: dict[str, Proposal] = {}
    for named, least in (
        ({item.name: item.name for item in sample.columns}, _SAME_NAME),
        ({item.alias: item.name for item in sample.columns if item.alias}, _SAME_NAME),
        ({item.name: item.name for item in sample.columns}, LEAST_SCORE),
    ):
        asked = [
            (word, [] if least == _SAME_NAME else list(sample.values[name][:_SAMPLE]))
            for word, name in named.items()
            if name not in found
        ]
        taken = {item.field for item in found.values()}
        for item in propose_mapping(edition, spec.code, asked):
            if item.score >= least and item.field not in taken:
                found[named[item.column]] = replace(item, column=named[item.column])
    return tuple(found[item.name] for item in sample.columns if item.name in found)


def fingerprint(matches: Iterable[Match]) -> str:
    """What a kept mapping belongs to: names of layers and columns, not their content."""
    told = [
        [item.layer, [[column.name, column.type.value] for column in item.told.columns]]
        for item in matches
    ]
    text = json.dumps(sorted(told), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def apply_mapping(matches: Iterable[Match], file: Path, edition: Edition) -> tuple[Match, ...]:
    """The matches with targets and fields from a mapping file.

    Raises InputError E911 for a file that is no mapping, naming what is wrong in it.
    """
    told = _read_mapping(file)
    result = []
    for item in matches:
        entry = told.get(item.layer)
        if entry is None:
            result.append(item)
            continue
        target, fields = str(entry.get("target", "")), dict(entry.get("fields", {}))
        _check(file, item, target, fields, edition)
        result.append(replace(item, target=target, fields=fields, proposals=(), saved=True))
    return tuple(result)


def _read_mapping(file: Path) -> dict[str, Mapping[str, Any]]:
    try:
        told = tomllib.loads(file.read_text("utf-8-sig"))
        return {str(entry["name"]): entry for entry in told["layer"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _bad_mapping(file, Text(str(error), str(error))) from error


def _check(
    file: Path, item: Match, target: str, fields: Mapping[str, str], edition: Edition
) -> None:
    if not target:
        return
    spec = edition.find(target)
    if spec is None:
        raise _bad_mapping(file, Text(f"没有图层“{target}”", f"no layer {target!r}"), item.layer)
    columns = {column.name for column in item.told.columns}
    for column, code in fields.items():
        if column not in columns:
            wrong = Text(f"文件中没有列“{column}”", f"the file has no column {column!r}")
        elif spec.field(code) is None:
            wrong = Text(f"标准没有字段“{code}”", f"the standard has no field {code!r}")
        else:
            continue
        raise _bad_mapping(file, wrong, item.layer, column)


def _bad_mapping(
    file: Path, wrong: Text, layer: str | None = None, column: str | None = None
) -> InputError:
    return InputError(
        "E911",
        Text(f"对应关系不可用：{wrong.zh}", f"the mapping cannot be used: {wrong.en}"),
        place=Place(file=file.name, layer=layer, field=column),
        hint=Text("先不带 --mapping 运行，得到可改的文件", "run without --mapping to get a file"),
    )


def write_mapping(file: Path, matches: Iterable[Match]) -> None:
    """Keep the mapping as TOML that people can edit."""
    lines = ["# target 为空表示不导入；[layer.fields] 为 列名 = 字段代码"]
    for item in matches:
        lines += ["", "[[layer]]", f"name = {_quoted(item.layer)}"]
        lines += [f"target = {_quoted(item.target)}", "[layer.fields]"]
        lines += [f"{_quoted(name)} = {_quoted(code)}" for name, code in item.fields.items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(file)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
