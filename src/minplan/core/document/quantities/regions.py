"""Names of counties a document speaks of: from the standard and from the document's own headings.

Nothing of one plan: names stand in the code list of divisions, in columns headed 县（区） or
所在行政区, and in the titles of sections that are given to one county each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from minplan.core.document.model import PlanDocument, Table
from minplan.core.document.quantities.vocabulary import words
from minplan.core.standard.load import edition, editions

_NAME: Final = re.compile(r"[\u4e00-\u9fff]{1,6}(?:[县区市旗镇乡]|街道)")
_TITLE: Final = re.compile(r"^(?:[\u4e00-\u9fff]{2,4}市)?([\u4e00-\u9fff]{1,4}[县区旗])矿产资源")
_SEPARATORS: Final = re.compile(r"[、，,；;/\s和及与]+")
_NO_COUNTY: Final = ("矿区", "景区", "园区", "灾区", "库区", "牧区", "林区")
#: Words that end like counties and are none; 房山区 and 襄城区 are.
_NO_NAME: Final = frozenset({"山区", "城区", "主城区", "老城区", "新城区", "中心城区"})
_WHOLE: Final = ("全", "本", "我")
_LISTED_NAME: Final = r"[\u4e00-\u9fff]{1,4}?(?:[县区市旗镇乡]|街道)"
_LISTED: Final = re.compile(
    rf"(?:包括|下辖|辖|涉及|分布在|位于)(?P<names>{_LISTED_NAME}(?:[、和及与]{_LISTED_NAME}){{2,}})(?![\u4e00-\u9fff]*采)"
)
#: What names of zones never end with.
_SURE: Final = ("县", "镇", "乡", "旗", "街道")
_CODE_LIST: Final = "XZQ"


@lru_cache(maxsize=8)
def regions(document: PlanDocument) -> Mapping[str, str]:
    """Every way a county may be written in the document, with its full name.

    The short form (``武乡`` for ``武乡县``) counts where it has two characters or more.
    """
    names = dict.fromkeys(_of_standard())
    names |= dict.fromkeys(_of_tables(document))
    short = {_short(name) for name in names}  # 武乡 is 武乡县, no 乡
    names |= dict.fromkeys(name for name in _of_lists(document) if name not in short)
    for section in document.walk():
        if match := _TITLE.match(re.sub(r"\s", "", section.title)):
            names[match[1]] = None
    return {word: name for name in names for word in (name, _short(name)) if len(word) > 1}


def _short(name: str) -> str:
    return name.removesuffix("街道") if name.endswith("街道") else name[:-1]


def column_regions(table: Table, known: Mapping[str, str]) -> dict[int, tuple[str, ...]]:
    """For each row of the table (counted from 0, headings included) the counties it is about."""
    told: dict[int, tuple[str, ...]] = {}
    column = region_column(table)
    if column is None:
        return told
    full = set(known.values())
    last: tuple[str, ...] = ()
    for number, row in enumerate(table.cells):
        names = [known.get(name, name) for name in split_names(row[column].text)]
        own = tuple(name for name in names if name in full)
        if number < table.head or names or any("计" in cell.text for cell in row[:2]):
            last = own
        told[number] = last
    return told


def region_column(table: Table) -> int | None:
    """The column that names counties, by its heading; None where there is none."""
    headings = set(words("regions", "heading"))
    for column, heading in enumerate(table.headings):
        told = re.sub(r"\s", "", heading)
        if told in headings or re.sub(r"[（(][^（()）]*[)）]", "", told) in headings:
            return column
    return None


def split_names(text: str) -> list[str]:
    """``武乡县、上党区和沁县`` as a list."""
    return [
        part
        for part in _SEPARATORS.split(re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", text))
        if part
    ]


def _of_tables(document: PlanDocument) -> Iterator[str]:
    for _, table in document.tables():
        column = region_column(table)
        if column is None:
            continue
        # where the plan's own city stands among the places, these are no counties of it
        cities = any(
            name in document.title for row in table.body for name in split_names(row[column].text)
        )
        for row in table.body:
            for name in split_names(row[column].text):
                if cities and name.endswith("市"):
                    continue
                if _NAME.fullmatch(name) and not _is_other(name) and name not in document.title:
                    yield name


def _of_lists(document: PlanDocument) -> Iterator[str]:
    """Counties or towns that a text lists: 包括岩口镇、石坪镇和双塘镇."""
    for _, block in document.blocks():
        if isinstance(block, Table):
            continue
        for match in _LISTED.finditer(block.text):
            named = split_names(match["names"])
            if any(name.endswith(_SURE) for name in named) and not any(map(_is_other, named)):
                yield from (name for name in named if name not in document.title)


def _is_other(name: str) -> bool:
    return name.endswith(_NO_COUNTY) or name in _NO_NAME or name.startswith(_WHOLE)


@lru_cache(maxsize=1)
def _of_standard() -> tuple[str, ...]:
    latest = edition(editions()[0])
    listed = latest.code_lists.get(_CODE_LIST)
    if listed is None:
        return ()
    return tuple(code.name.zh for code in listed.codes if code.name.zh.endswith(("县", "区", "旗")))
