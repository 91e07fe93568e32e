"""What must hold inside one edition: references resolve, spatial fields fit every format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from minplan.core.errors import PlanDataError
from minplan.core.standard._items import fault
from minplan.core.standard.model import (
    SHAPEFILE_CHAR_BYTES,
    SHAPEFILE_NAME_BYTES,
    Edition,
    FieldSpec,
    FieldType,
    LayerSpec,
    Spec,
)
from minplan.core.text import Text

_NUMERIC: Final = (FieldType.INT, FieldType.FLOAT)


def check_edition(edition: Edition) -> Iterator[PlanDataError]:
    """Faults of an edition as a whole (E703 twice, E704 unknown name, E705 cannot be exchanged)."""
    seen: set[str] = set()
    for spec in edition.specs:
        file = "layers.toml" if isinstance(spec, LayerSpec) else "tables.toml"
        if spec.code in seen:
            text = Text(f"“{spec.code}”重复", f"{spec.code!r} is listed twice")
            yield fault("E703", file, text, item=spec.code)
        seen.add(spec.code)
        yield from _check_spec(edition, spec, file)
    yield from _check_other(edition)


def _check_spec(edition: Edition, spec: Spec, file: str) -> Iterator[PlanDataError]:
    codes = {item.code for item in spec.fields}
    if spec.key and spec.key not in codes:
        yield _unknown(file, spec.code, "key", spec.key)
    for reference in spec.references:
        if reference.field not in codes:
            yield _unknown(file, spec.code, "references", reference.field)
        for target in reference.targets:
            if edition.find(target) is None:
                yield _unknown(file, spec.code, "references", target)
    for item in spec.fields:
        yield from _check_field(edition, spec, item, file)


def _check_field(
    edition: Edition, spec: Spec, item: FieldSpec, file: str
) -> Iterator[PlanDataError]:
    where = f"{spec.code}.{item.code}"
    if item.domain and item.domain not in edition.code_lists:
        yield _unknown(file, where, "domain", item.domain)
    if item.required_when and spec.field(item.required_when.field) is None:
        yield _unknown(file, where, "required_when", item.required_when.field)
    if item.printed_of:
        figure = spec.field(item.printed_of)
        if figure is None or figure.type not in _NUMERIC:
            yield _unknown(file, where, "printed_of", item.printed_of)
    if item.type is FieldType.CHAR and item.length <= 0:
        text = Text("char 字段必须写长度", "a char field needs a length")
        yield fault("E702", file, text, item=where, key="length")
    if isinstance(spec, LayerSpec) and not _exchangeable(item):
        text = Text(
            "空间图层的字段名不超过 10 个字符，文本不超过 254 字节，不用 text 类型",
            "fields of layers have names of up to 10 letters, up to 254 bytes, and are not text",
        )
        yield fault("E705", file, text, item=where)


def _exchangeable(item: FieldSpec) -> bool:
    return (
        item.code.isascii()
        and len(item.code) <= SHAPEFILE_NAME_BYTES
        and item.type is not FieldType.TEXT
        and item.length <= SHAPEFILE_CHAR_BYTES
    )


def _check_other(edition: Edition) -> Iterator[PlanDataError]:
    for rule in edition.topology:
        for code in (rule.layer, rule.other):
            if code and edition.layer(code) is None:
                yield _unknown("topology.toml", rule.id, "layer", code)
    for symbol in edition.symbols:
        if edition.layer(symbol.layer) is None:
            yield _unknown("symbols.toml", symbol.layer, "layer", symbol.layer)
    paths = {item.path for item in edition.folders}
    for document in edition.documents:
        if document.folder and document.folder not in paths:
            yield _unknown("documents.toml", document.code, "folder", document.folder)
    for code_list in edition.code_lists.values():
        listed = [item.code for item in code_list.codes]
        for code in {item for item in listed if listed.count(item) > 1}:
            text = Text(f"代码“{code}”重复", f"code {code!r} is listed twice")
            yield fault("E703", "codes.toml", text, item=code_list.id)


def _unknown(file: str, item: str, key: str, name: str) -> PlanDataError:
    text = Text(f"{key} 引用了没有的“{name}”", f"{key} refers to {name!r}, which is not there")
    return fault("E704", file, text, item=item, key=key)
