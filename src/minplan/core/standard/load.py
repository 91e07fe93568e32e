"""Editions of the data standard from their TOML files, with every fault of the data named.

An edition is a folder of ``editions/``. A city adds fields, layers or codes by data only: an
*overlay* holds the same files with what is added or replaced; items are matched by their code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

from minplan.core.errors import Faults, PlanDataError
from minplan.core.standard._items import IDENTITY_KEYS, Item, Reader, fault
from minplan.core.standard.consistency import check_edition
from minplan.core.standard.minerals import minerals
from minplan.core.standard.model import (
    Code,
    CodeList,
    Condition,
    CrsRule,
    Document,
    Edition,
    FieldSpec,
    FieldType,
    FolderNode,
    GeometryType,
    LayerSpec,
    MetadataItem,
    NameGrammar,
    Reference,
    Symbol,
    TableSpec,
    TopologyRule,
)
from minplan.core.text import Text

FILES: Final = (
    "edition.toml",
    "fields.toml",
    "layers.toml",
    "tables.toml",
    "codes.toml",
    "documents.toml",
    "metadata.toml",
    "topology.toml",
    "symbols.toml",
)

Files = Mapping[str, Mapping[str, Any]]


@lru_cache(maxsize=1)
def editions() -> tuple[str, ...]:
    """Ids of the editions that are there."""
    root = resources.files(__package__) / "editions"
    found = [item.name for item in root.iterdir() if item.joinpath("edition.toml").is_file()]
    return tuple(sorted(found))


def edition(edition_id: str, overlay: Files | None = None) -> Edition:
    """The edition with this id, with the data of a city laid over it.

    ``overlay`` maps file names such as ``layers.toml`` to their parsed content. Raises
    PlanDataError E701 for an unknown id, and Faults (E702–E705) naming file and item of every
    fault in the data.
    """
    if edition_id not in editions():
        listed = "、".join(editions())
        raise PlanDataError(
            "E701",
            Text(f"没有数据标准版本“{edition_id}”", f"there is no edition {edition_id!r}"),
            hint=Text(f"可用：{listed}", f"use one of: {', '.join(editions())}"),
        )
    if overlay is None:
        return _bundled(edition_id)
    return build_edition(_with_overlay(_files(edition_id), overlay))


@lru_cache(maxsize=8)
def _bundled(edition_id: str) -> Edition:
    return build_edition(_files(edition_id))


@lru_cache(maxsize=8)
def _files(edition_id: str) -> dict[str, dict[str, Any]]:
    folder = resources.files(__package__) / "editions" / edition_id
    return {name: parsed(folder / name) for name in FILES if (folder / name).is_file()}


def parsed(file: Traversable) -> dict[str, Any]:
    """A file of an edition; PlanDataError E702 where it is no TOML."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        text = Text(f"不合 TOML 语法：{error}", f"not valid TOML: {error}")
        raise fault("E702", file.name, text) from error


def build_edition(files: Files) -> Edition:
    """The edition of parsed files; raises Faults with every fault (E702–E705)."""
    faults: list[PlanDataError] = [
        fault("E702", name, Text("不是版本数据的文件", "is no file of an edition"))
        for name in files
        if name not in FILES
    ]
    reader = Reader(files, faults)
    head = reader.document("edition.toml")
    groups = {
        item.where: tuple(map(_field, item.items("fields")))
        for item in reader.tables("fields.toml", "group")
    }
    lists = {item.where: _code_list(item) for item in reader.tables("codes.toml", "list")}
    found = Edition(
        id=head.text("id", needed=True),
        name=head.name(),
        period=head.text("period"),
        layers=tuple(_layer(item, groups) for item in reader.items("layers.toml", "layer")),
        tables=tuple(_table(item, groups) for item in reader.items("tables.toml", "table")),
        code_lists=lists,
        documents=tuple(map(_document, reader.items("documents.toml", "document"))),
        folders=tuple(map(_folder, reader.items("documents.toml", "folder"))),
        names=tuple(map(_name, reader.items("documents.toml", "name"))),
        metadata=tuple(map(_metadata, reader.items("metadata.toml", "item"))),
        crs=tuple(map(_crs, reader.items("edition.toml", "crs"))),
        topology=tuple(map(_topology, reader.items("topology.toml", "rule"))),
        symbols=tuple(map(_symbol, reader.items("symbols.toml", "symbol"))),
        **head.origin(),
    )
    reader.finish()
    faults.extend(check_edition(found))
    if faults:
        raise Faults(list(faults))
    return found


def _fields(item: Item, groups: Mapping[str, tuple[FieldSpec, ...]]) -> tuple[FieldSpec, ...]:
    """The fields of the named groups, then the own ones; an own one replaces its namesake."""
    found: dict[str, FieldSpec] = {}
    for group in item.names("groups"):
        if group not in groups:
            item.wrong("groups", Text(f"没有字段组“{group}”", f"no group of fields {group!r}"))
        found.update({field.code: field for field in groups.get(group, ())})
    found.update({field.code: field for field in map(_field, item.items("fields"))})
    return tuple(found.values())


def _field(item: Item) -> FieldSpec:
    kind = item.choice("type", FieldType)
    condition = item.sub("required_when")
    return FieldSpec(
        code=item.text("code", needed=True),
        name=item.name(),
        type=kind,
        length=item.whole("length"),
        decimals=item.whole("decimals"),
        unit=item.text("unit"),
        domain=item.text("domain"),
        multiple=item.flag("multiple"),
        required=item.flag("required"),
        required_when=None
        if condition is None
        else Condition(condition.text("field", needed=True), condition.names("values")),
        printed_of=item.text("printed_of"),
        minimum=item.number("minimum"),
        aliases=item.names("aliases"),
        note=item.text("note"),
        **item.origin(),
    )


def _references(item: Item) -> tuple[Reference, ...]:
    return tuple(
        Reference(entry.text("field", needed=True), entry.names("targets"))
        for entry in item.items("references")
    )


def _layer(item: Item, groups: Mapping[str, tuple[FieldSpec, ...]]) -> LayerSpec:
    return LayerSpec(
        code=item.text("code", needed=True),
        name=item.name(),
        geometry=item.choice("geometry", GeometryType),
        group=item.text("group"),
        fields=_fields(item, groups),
        key=item.text("key", needed=True),
        element_code=item.text("element_code"),
        levels=item.names("levels"),
        zone_kind=item.text("zone_kind"),
        constraint=item.text("constraint"),
        aliases=item.names("aliases"),
        references=_references(item),
        **item.origin(),
    )


def _table(item: Item, groups: Mapping[str, tuple[FieldSpec, ...]]) -> TableSpec:
    return TableSpec(
        code=item.text("code", needed=True),
        name=item.name(),
        group=item.text("group"),
        fields=_fields(item, groups),
        key=item.text("key", needed=True),
        levels=item.names("levels"),
        aliases=item.names("aliases"),
        references=_references(item),
        **item.origin(),
    )


def _code_list(item: Item) -> CodeList:
    stores = item.text("stores", needed=True)
    if stores not in ("code", "name"):
        item.wrong("stores", Text("只能写 code 或 name", "must be code or name"))
    own = tuple(
        Code(
            code=entry.text("code", needed=True),
            name=entry.name(),
            value=entry.text("value"),
            aliases=entry.names("aliases"),
            valid_from=entry.date("valid_from"),
            valid_to=entry.date("valid_to"),
            **entry.origin(),
        )
        for entry in item.items("codes")
    )
    shared = _minerals() if item.text("from") == "minerals" else ()
    return CodeList(item.where, item.name(), stores, (*shared, *own), **item.origin())


def _minerals() -> tuple[Code, ...]:
    return tuple(
        Code(
            code=item.code or item.name,
            name=Text(item.name, item.english),
            aliases=item.aliases,
            source="minerals.csv",
            certain=item.certain,
        )
        for item in minerals()
    )


def _document(item: Item) -> Document:
    return Document(
        code=item.text("code", needed=True),
        name=item.name(),
        folder=item.text("folder"),
        formats=item.names("formats"),
        required=item.flag("required"),
        file_name=item.text("file_name"),
        **item.origin(),
    )


def _folder(item: Item) -> FolderNode:
    return FolderNode(
        item.text("path", needed=True), item.name(), item.names("holds"), **item.origin()
    )


def _name(item: Item) -> NameGrammar:
    return NameGrammar(
        what=item.text("what", needed=True),
        pattern=item.text("pattern", needed=True),
        example=item.text("example"),
        **item.origin(),
    )


def _metadata(item: Item) -> MetadataItem:
    return MetadataItem(
        code=item.text("code", needed=True),
        name=item.name(),
        type=item.choice("type", FieldType),
        required=item.flag("required"),
        default=item.text("default"),
        domain=item.text("domain"),
        **item.origin(),
    )


def _crs(item: Item) -> CrsRule:
    return CrsRule(
        id=item.text("id", needed=True),
        name=item.name(),
        datum=item.text("datum", needed=True),
        kind=item.text("kind", needed=True),
        widths=tuple(int(width) for width in item.names("widths")),
        prefixed=item.flag("prefixed"),
        vertical=item.text("vertical"),
        **item.origin(),
    )


def _topology(item: Item) -> TopologyRule:
    return TopologyRule(
        id=item.text("id", needed=True),
        kind=item.text("kind", needed=True),
        layer=item.text("layer", needed=True),
        name=item.name(),
        other=item.text("other"),
        severity=item.text("severity") or "error",
        tolerance_m=item.number("tolerance_m") or 0.0,
        tolerance_m2=item.number("tolerance_m2") or 0.0,
        **item.origin(),
    )


def _symbol(item: Item) -> Symbol:
    return Symbol(
        layer=item.text("layer", needed=True),
        name=item.text("name", needed=True),
        line=item.text("line", needed=True),
        width=item.number("width") or 0.0,
        order=item.whole("order"),
        dash=item.text("dash") or "solid",
        fill=item.text("fill"),
        alpha=item.number("alpha") or 0.0,
        hatch=item.text("hatch"),
        core=item.text("core"),
        core_dash=item.text("core_dash") or "solid",
        teeth=item.flag("teeth"),
        label=item.flag("label"),
        **item.origin(),
    )


def _with_overlay(files: Files, overlay: Files) -> dict[str, Any]:
    return {
        name: _merged(files.get(name, {}), overlay.get(name, {})) for name in {**files, **overlay}
    }


def _merged(base: Any, extra: Any) -> Any:
    """``extra`` laid over ``base``: tables key by key, lists of tables item by item."""
    if isinstance(base, Mapping) and isinstance(extra, Mapping):
        return {
            key: _merged(base[key], extra[key])
            if key in base and key in extra
            else extra.get(key, base.get(key))
            for key in {**base, **extra}
        }
    if _is_items(base) and _is_items(extra):
        merged = {_identity(item): item for item in base}
        for item in extra:
            key = _identity(item)
            merged[key] = _merged(merged[key], item) if key in merged else item
        return list(merged.values())
    return extra


def _is_items(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _identity(item: Mapping[str, Any]) -> tuple[str, Any]:
    return next(((key, item[key]) for key in IDENTITY_KEYS if key in item), ("", id(item)))
