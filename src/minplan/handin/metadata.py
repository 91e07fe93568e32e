"""The metadata of a hand-in (核心元数据, TD/T 1016) as XML and as a table for people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import xlsxwriter

from minplan.core.errors import InputError, Place
from minplan.core.geometry.layer import Bounds
from minplan.core.plan.model import Plan
from minplan.core.standard.model import MetadataItem
from minplan.core.text import Text
from minplan.handin.names import Names

_NAMESPACE: Final = "urn:minplan:metadata:td-t-1016"
_EPOCH: Final = dt.datetime(2000, 1, 1)
#: Metadata are a few kilobytes; what is larger is something else (bytes).
_LARGEST: Final = 8 << 20


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


def read(path: Path) -> dict[str, str]:
    """The items of a metadata file (XML as :func:`write_xml` makes it, or a JSON object) by code.

    Raises InputError E916 for a file that holds no metadata items, is damaged, or is beyond 8 MiB.
    """
    if path.stat().st_size > _LARGEST:
        raise _no_metadata(path, Text("文件过大", "it is too large"))
    try:
        if path.suffix.lower() == ".json":
            return _of_json(json.loads(path.read_text("utf-8-sig")))
        return _of_xml(ET.parse(path).getroot())
    except (OSError, ValueError, TypeError, RecursionError, ET.ParseError) as error:
        raise _no_metadata(path, Text(str(error), str(error))) from error


def _of_json(told: Any) -> dict[str, str]:
    found = {
        str(code): "" if value is None else str(value)
        for code, value in dict(told).items()
        if not isinstance(value, (dict, list))
    }
    if not found:
        raise ValueError("no items")
    return found


def _of_xml(root: ET.Element) -> dict[str, str]:
    found = {
        str(item.get("code")): (item.text or "").strip()
        for item in root.iter()
        if item.tag.rpartition("}")[2] == "item" and item.get("code")
    }
    if not found:
        raise ValueError("no items with a code")
    return found


def _no_metadata(path: Path, why: Text) -> InputError:
    return InputError(
        "E916",
        Text(
            f"{path.name} 读不出元数据项：{why.zh}",
            f"{path.name} holds no metadata items: {why.en}",
        ),
        place=Place(file=path.name),
        hint=Text(
            '元数据写成 <item code="…">内容</item> 的 XML，或“代码: 内容”的 JSON',
            'write the metadata as XML with <item code="…"> or as a JSON object by code',
        ),
    )
