"""Sources of queries: layers and tables of the plan, constraint layers, the register of cases."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from minplan.core.query.model import Kind, QueryField, Source, area_field
from minplan.core.standard.minerals import minerals
from minplan.core.standard.model import CodeList, Edition, FieldSpec, FieldType, LayerSpec, Spec
from minplan.core.text import Text

Words = Sequence[tuple[str, Text]]

PLAN: Final = "plan/"
LAYER: Final = "layer/"
CASES: Final = "cases"
#: Derived field of planning blocks: where they stand in their life.
STATE: Final = "_state"
#: Fields that name the counties of a row, the best first.
_COUNTY: Final = ("SZXZQ", "XQMC", "XZQMC", "county")
_TITLE: Final = ("MC", "TM", "BT", "ZBMC", "XMMC", "name", "licence", "title", "BSM")
_KINDS: Final = {
    FieldType.CHAR: Kind.TEXT,
    FieldType.TEXT: Kind.TEXT,
    FieldType.INT: Kind.NUMBER,
    FieldType.FLOAT: Kind.NUMBER,
    FieldType.DATE: Kind.DATE,
    FieldType.BOOL: Kind.FLAG,
}
_MINERALS: Final = "KZ"


def plan_source(spec: Spec, edition: Edition, states: Words = ()) -> Source:
    """A layer or table of the plan; ``states`` are the stages of life of planning blocks."""
    fields = [_field(item, edition) for item in spec.fields]
    if states:
        stage = Text("区块状态", "state of the block")
        fields.append(QueryField(STATE, stage, Kind.CODE, codes=tuple(states)))
    if isinstance(spec, LayerSpec) and spec.geometry.value == "polygon":
        fields.append(area_field())
    return Source(
        id=f"{PLAN}{spec.code}",
        name=spec.name,
        group=_GROUPS.get(spec.group) or Text(spec.group, spec.group),
        fields=_in_order(fields),
        geometry=spec.geometry.value if isinstance(spec, LayerSpec) else "",
        county=_first(fields, _COUNTY),
        title=_first(fields, _TITLE),
        aliases=(*spec.aliases, *_words(f"{PLAN}{spec.code}")),
    )


def layer_source(
    name: str,
    columns: Iterable[tuple[str, str]],
    geometry: str,
    *,
    count: int,
    schematic: bool,
) -> Source:
    """A constraint layer; ``columns`` are names with their types (TEXT, REAL, INTEGER)."""
    fields = [_attribute(code, kind) for code, kind in columns]
    if geometry == "polygon":
        fields.append(area_field())
    return Source(
        id=f"{LAYER}{name}",
        name=layer_name(name),
        group=Text("管控图层", "constraint layers"),
        fields=_in_order(fields),
        geometry=geometry,
        county=_first(fields, _COUNTY),
        title=_first(fields, _TITLE),
        aliases=_words(f"{LAYER}{name}"),
        schematic=schematic,
        count=count,
    )


def case_source(*, states: Words, verdicts: Words, rights: Words, actions: Words) -> Source:
    """The register of review cases with the words of its code lists."""
    text, date = Kind.TEXT, Kind.DATE
    fields = (
        QueryField("number", Text("案卷号", "case number"), text),
        QueryField("title", Text("名称", "title"), text),
        QueryField("right", Text("矿业权", "right"), Kind.CODE, codes=tuple(rights)),
        QueryField("action", Text("事项", "action"), Kind.CODE, codes=tuple(actions)),
        QueryField("county", Text("县区", "county"), text),
        QueryField("mineral", Text("矿种", "mineral"), text),
        QueryField("state", Text("环节", "stage"), Kind.CODE, codes=tuple(states)),
        QueryField("verdict", Text("核查结果", "verdict"), Kind.CODE, codes=tuple(verdicts)),
        QueryField("decision", Text("人工结论", "decision"), Kind.CODE, codes=tuple(verdicts)),
        QueryField("author", Text("发起人", "opened by"), text, usual=False),
        QueryField("holder", Text("经办人", "with"), text),
        QueryField("opened", Text("发起日期", "opened on"), date),
        QueryField("changed", Text("最近变动", "last changed on"), date, usual=False),
        QueryField("due", Text("期限", "due on"), date),
        QueryField("closed", Text("办结日期", "closed on"), date, usual=False),
        area_field(),
    )
    return Source(
        id=CASES,
        name=Text("审查案卷", "review cases"),
        group=Text("登记", "registers"),
        fields=fields,
        geometry="polygon",
        county="county",
        title="title",
        aliases=("案卷", "cases"),
    )


@cache
def layer_names() -> dict[str, Text]:
    """Names of the constraint layers the rules know."""
    file = resources.files("minplan.core.standard") / "codes" / "constraint_layers.toml"
    table = tomllib.loads(file.read_text("utf-8"))
    return {name: Text(entry["zh"], entry["en"]) for name, entry in table.items()}


def layer_name(name: str) -> Text:
    """The name of a constraint layer as people say it."""
    return layer_names().get(name) or Text(name, name)


def _field(item: FieldSpec, edition: Edition) -> QueryField:
    known = _known()
    listed = edition.code_lists.get(item.domain) if item.domain else None
    kind = _KINDS[item.type]
    return QueryField(
        code=item.code,
        name=item.name,
        kind=Kind.CODE if listed is not None and kind is Kind.TEXT else kind,
        unit=item.unit,
        decimals=item.decimals,
        codes=_codes(listed) if listed is not None else (),
        multiple=item.multiple,
        additive=kind is Kind.NUMBER and item.code not in known["not-additive"],
        unit_field=known["units"].get(item.code, ""),
        usual=item.code not in known["unusual"]["fields"],
    )


def _codes(listed: CodeList) -> tuple[tuple[str, Text], ...]:
    return tuple((listed.stored(item), item.name) for item in listed.codes)


def _attribute(code: str, kind: str) -> QueryField:
    known = _known()["attributes"].get(code, {})
    number = kind.upper() in ("REAL", "INTEGER")
    typed = Kind.DATE if known.get("type") == "date" else Kind.TEXT
    additive = number and code not in _known()["not-additive"]
    return QueryField(
        code,
        Text(known.get("zh", code), known.get("en", code)),
        Kind.NUMBER if number else typed,
        unit=known.get("unit", ""),
        decimals=4 if kind.upper() == "REAL" else 0,
        additive=additive,
    )


def _in_order(fields: Sequence[QueryField]) -> tuple[QueryField, ...]:
    order = {code: number for number, code in enumerate(_known()["first"])}
    return tuple(sorted(fields, key=lambda item: order.get(item.code, len(order))))


def _first(fields: Sequence[QueryField], codes: Sequence[str]) -> str:
    held = {item.code for item in fields}
    return next((code for code in codes if code in held), "")


def _words(identifier: str) -> tuple[str, ...]:
    return tuple(_known()["words"].get(identifier, ()))


@cache
def _known() -> dict[str, Any]:
    text = (resources.files(__package__) / "fields.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def mineral_words() -> dict[str, str]:
    """Minerals by every word people use for them, in both languages."""
    found: dict[str, str] = {}
    for item in minerals():
        for word in (item.name, item.english, *item.aliases):
            if word:
                found.setdefault(word.lower(), item.name)
    return found


_GROUPS: Final = {
    "境界与行政区": Text("境界与行政区", "administrative areas"),
    "规划分区": Text("规划分区", "planning zones"),
    "规划区块": Text("规划区块", "planning blocks"),
    "矿山生态修复": Text("矿山生态修复", "restoration"),
    "矿业权": Text("矿业权", "mining rights"),
    "矿产资源": Text("矿产资源", "mineral resources"),
    "管控边界": Text("管控边界", "control lines"),
    "规划信息": Text("规划信息", "the plan itself"),
    "规划文本": Text("规划文本", "text of the plan"),
    "规划指标": Text("规划指标", "indicators and quotas"),
    "准入条件": Text("准入条件", "conditions of entry"),
    "现状": Text("现状", "present state"),
    "附表": Text("附表", "annexed tables"),
}
