"""The metadata of a hand-in (核心元数据, TD/T 1016) as XML and as a table for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import xlsxwriter

from minplan.core.geometry.layer import Bounds
from minplan.core.plan.model import Plan
from minplan.core.standard.model import MetadataItem
from minplan.handin.names import Names

_NAMESPACE: Final = "urn:minplan:metadata:td-t-1016"
_EPOCH: Final = dt.datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Told:
    """What the metadata says of the data itself."""

    as_of: dt.date
    bounds: Bounds | None
    layers: Mapping[str, int]
    format: str
    schematic: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An item and its value, empty where nothing is known."""

    item: MetadataItem
    value: str

    @property
    def missing(self) -> bool:
        """Whether the standard asks for it and nothing is known."""
        return self.item.required and not self.value


def entries(names: Names, told: Told) -> tuple[Entry, ...]:
    """Every item of the edition with its value; nothing is made up for what is not known."""
    known = {**_of_plan(names.plan), **_of_data(told)}
    return tuple(
        Entry(item, known.get(item.code) or item.default.format_map(names.values))
        for item in names.edition.metadata
    )


def _of_plan(plan: Plan) -> dict[str, str]:
    return {
        "MDLXDW": plan.issuer,
        "FZDW": plan.issuer,
        "SJJBB": plan.version,
        "ZY": f"{plan.name.zh}的规划分区、区块、指标、控制总量和条款，按规划数据库标准组织。",
        "QSSJ": f"{plan.first_year}-01-01",
        "ZZSJ": f"{plan.last_year}-12-31",
        "SJZ": plan.source,
    }


def _of_data(told: Told) -> dict[str, str]:
    west, south, east, north = told.bounds or ("", "", "", "")
    share = f"其中 {told.schematic} 个图形为示意" if told.schematic else "没有示意图形"
    total = sum(told.layers.values())
    return {
        "MDRQ": told.as_of.isoformat(),
        "SJJRQ": told.as_of.isoformat(),
        "XBJD": _degrees(west),
        "DBJD": _degrees(east),
        "NBWD": _degrees(south),
        "BBWD": _degrees(north),
        "SJZL": f"全部 {total} 条记录已按数据标准校验；{share}。",
        "TCMC": "；".join(f"{name} {count}" for name, count in told.layers.items()),
        "SJGS": told.format,
    }


def _degrees(value: float | str) -> str:
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def write_xml(path: Path, made: Sequence[Entry]) -> None:
    """Write the items as XML; an item without a value is there and empty."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(f"{{{_NAMESPACE}}}metadata", {"standard": "TD/T 1016"})
    for entry in made:
        attributes = {"code": entry.item.code, "name": entry.item.name.zh}
        if entry.missing:
            attributes["missing"] = "true"
        ET.SubElement(root, f"{{{_NAMESPACE}}}item", attributes).text = entry.value or None
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def write_table(path: Path, made: Sequence[Entry]) -> None:
    """Write the items as a workbook for people; what is missing says so."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.set_properties({"title": "元数据", "created": _EPOCH})
        page = book.add_worksheet("元数据")
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        page.set_column(0, 1, 18)
        page.set_column(2, 2, 70)
        for column, title in enumerate(("编号", "项目", "内容")):
            page.write_string(0, column, title, bold)
        for row, entry in enumerate(made, start=1):
            page.write_string(row, 0, entry.item.code)
            page.write_string(row, 1, entry.item.name.zh)
            page.write_string(row, 2, entry.value or ("待填写" if entry.missing else ""), wrap)
