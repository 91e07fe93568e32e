"""The attributes form, made from what a proposal knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from minplan.core.access import Access
from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.core.review.missing import dictionary
from minplan.core.review.proposal import Action, ExplorationDegree, MiningMethod, RightKind
from minplan.core.standard.minerals import minerals
from minplan.core.text import Term, Text
from minplan.formats.declared import units
from minplan.web.words import said

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: ``kind`` is text, number, date, choice or minerals.

    ``unit`` is fixed, ``unit_field`` the field that chooses it.
    """

    key: str
    word: Text
    kind: str = "text"
    unit: Text | None = None
    unit_field: str = ""
    required: bool = False
    hint: Text | None = None
    choices: tuple[Choice, ...] = ()
    fixed: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading."""

    key: str
    word: Text
    fields: tuple[Field, ...]


_GRANT: Final = ("招标", "拍卖", "挂牌", "协议")


def groups(plan: PlanSnapshot, access: Access) -> tuple[Group, ...]:
    """The form for somebody: counties of the plan, or the only one an account is for."""
    counties = [zone.name for zone in plan.zones_of(ZoneKind.COUNTY)]
    own = sorted(access.areas) if access.is_limited else counties
    fixed = own[0] if access.is_limited and len(own) == 1 else ""
    return (
        Group(
            "matter",
            Text("事项", "Matter"),
            (
                Field("name", Text("项目名称", "Name"), required=True, wide=True),
                Field(
                    "right", Text("类型", "Kind of right"), "choice", required=True,
                    choices=_terms(RightKind),
                ),
                Field(
                    "action", Text("业务", "Action"), "choice", required=True,
                    choices=_terms(Action),
                ),
                Field(
                    "minerals", Text("矿种（主矿种在前）", "Minerals (the main one first)"),
                    "minerals", required=True, wide=True,
                    hint=Text("输入几个字查找；逗号隔开", "type to search; separate by commas"),
                ),
                Field(
                    "county", Text("所在县（区）", "County"), "choice",
                    choices=tuple((item, item) for item in own), fixed=fixed,
                ),
                Field("date", Text("审查日期", "As of"), "date"),
            ),
        ),
        Group(
            "mine",
            Text("规模与开采", "Scale and mining"),
            (
                Field("scale", Text("生产规模", "Yearly output"), "number", unit_field="scale_unit",
                      choices=_units("scale_unit")),
                Field("service_life", Text("服务年限", "Service life"), "number", _YEARS),
                Field("term", Text("申请年限", "Term"), "number", _YEARS),
                Field("method", Text("开采方式", "Method"), "choice", choices=_terms(MiningMethod)),
                Field("upper", Text("标高上限", "Upper elevation"), "number", _METRES),
                Field("lower", Text("标高下限", "Lower elevation"), "number", _METRES),
            ),
        ),
        Group(
            "reserves",
            Text("资源储量", "Reserves"),
            (
                Field("reserves.measured", Text("探明", "Measured"), "number"),
                Field("reserves.indicated", Text("控制", "Indicated"), "number"),
                Field("reserves.inferred", Text("推断", "Inferred"), "number"),
                Field("reserves.total", Text("合计（未分类时）", "Total (unclassified)"), "number"),
                Field("reserves_unit", Text("单位", "Unit"), "choice",
                      choices=_units("reserves_unit")),
                Field("exploration_degree", Text("勘查程度", "Exploration degree"), "choice",
                      choices=_terms(ExplorationDegree)),
            ),
        ),
        Group(
            "holder",
            Text("申请人与出让", "Applicant and granting"),
            (
                Field("applicant", Text("申请人", "Applicant"), wide=True),
                Field("licence", Text("许可证号（已有矿业权）", "Licence (existing right)")),
                Field("block_code", Text("规划区块编号", "Planning block")),
                Field("grant_method", Text("出让方式", "Way of granting"), "choice",
                      choices=tuple((item, _grant(item)) for item in _GRANT)),
                Field("stated_area_km2", Text("申报面积", "Stated area"), "text",
                      Text("平方千米", "km²")),
            ),
        ),
    )  # fmt: skip


_YEARS: Final = Text("年", "years")
_METRES: Final = Text("米", "m")
_GRANT_EN: Final = {"招标": "tender", "拍卖": "auction", "挂牌": "listing", "协议": "agreement"}


def _grant(word: str) -> str:
    return said(Text(word, _GRANT_EN[word]))


#: Units of the register in English; 万 is ten thousand, 亿 a hundred million.
_UNITS_EN: Final = {
    "万吨": "10⁴ t",
    "万立方米": "10⁴ m³",
    "亿立方米": "10⁸ m³",
    "吨": "t",
    "千克": "kg",
    "万克拉": "10⁴ ct",
}


def _units(field: str) -> tuple[Choice, ...]:
    return tuple((item, said(Text(item, _unit_en(item)))) for item in units(field))


def _unit_en(word: str) -> str:
    figure, _, per = word.partition("/")
    return _UNITS_EN.get(figure, figure) + ("/yr" if per else "")


def _terms(kind: type[Term]) -> tuple[Choice, ...]:
    return tuple((item.value, said(item.word)) for item in kind)


def facts() -> list[dict[str, Any]]:
    """The declared facts a rule may ask for, in the language of the request."""
    return [
        {
            "key": key,
            "word": said(Text(entry["zh"], entry["en"])),
            "type": entry["type"],
            "unit": _either(entry, "unit"),
            "help": _either(entry, "help"),
            "choices": [
                [item, said(Text(item, english))]
                for item, english in zip(
                    entry.get("choices", ()), entry.get("choices_en", ()), strict=True
                )
            ],
        }
        for key, entry in dictionary("facts").items()
    ]


def _either(entry: Mapping[str, Any], key: str) -> str:
    return said(Text(entry.get(key, ""), entry.get(f"{key}_en", entry.get(key, ""))))


def attachments() -> list[dict[str, str]]:
    """The kinds of documents that may come with a proposal."""
    return [
        {"key": key, "word": said(Text(entry["zh"], entry["en"]))}
        for key, entry in dictionary("attachments").items()
    ]


def mineral_words() -> list[dict[str, str]]:
    """Minerals of the code list with what they are also called."""
    return [
        {"name": item.name, "english": item.english, "aliases": "、".join(item.aliases)}
        for item in minerals()
    ]
