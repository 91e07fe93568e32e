"""Quantities in tables: each figure with its heading, the words of its row, the title, the unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from minplan.core.document.filling import filled
from minplan.core.document.model import Cell, Quantity, Table
from minplan.core.document.quantities.figures import DASH, NUMBER, Figure, bounded, number
from minplan.core.document.quantities.making import (
    CHANGE,
    COUNTED,
    GOAL,
    NARROWED,
    Topic,
    attribute_for,
    make,
    place,
    qualifiers,
    rest_of,
)
from minplan.core.document.quantities.phrases import SAID_ABOVE
from minplan.core.document.quantities.prose import Reader
from minplan.core.document.quantities.regions import column_regions
from minplan.core.document.quantities.vocabulary import (
    Scanner,
    Token,
    find_unit,
    plain,
    unit_pattern,
    words,
)

#: A figure alone; square brackets stand around totals of the period.
_CELL: Final = re.compile(
    rf"[\[【〔]?\s*(?P<op>[≥≤<>＜＞=约]|不低于|不小于|不超过|不大于)?\s*[\[【〔]?\s*(?P<low>{NUMBER})"
    rf"(?:\s*{DASH}\s*(?P<high>{NUMBER}))?\s*[\]】〕]?\s*(?P<unit>[^\s\]】〕]{{0,8}}?)\s*"
    rf"(?P<after>左右|以上|以下|以内)?\s*[\]】〕]?"
)
_NEGATIVE: Final = re.compile(r"[-−－](?=\d)")
_YEAR: Final = re.compile(r"((?:19|20)\d\d)\s*年(?!\s*以[前后])")
_SERIAL: Final = re.compile(r"^(?:序号|编号|序|代码|图斑号|编码)$")
_TOTAL: Final = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,8}(?:合计|总计|小计)|共计|总和|全市|全县|全区|全盟|全州)$"
)
_BRACKET: Final = re.compile(r"[（(]([^（()）]*)[)）]")
#: 面积/平方千米: a unit behind a slash, as the standard for quantities and units has it.
_SLASHED: Final = r"[/／]\s*[（(]?\s*({unit})\s*[)）]?$"
_AMONG: Final = "其中"
_NAMES_OF_ROWS: Final = frozenset({"县", "区", "县区", "矿产"})
_COUNT: Final = re.compile(r"数")
_COUNT_UNIT: Final = "个"
#: Headings of columns that count what the column before them counts.
_NARROWING: Final = re.compile(
    "其中|[大中小]+型|关闭|注销|退出|整合|减少|增减|净增|净减|新设|新建|新增|保留|延续|扩界|和|及|、"
)
_LAST_PLAN: Final = re.compile("上一?轮|第[一二三四]轮")
#: What parts the things of a title; all are of the mineral that stands before.
_SEVERAL: Final = re.compile("[及和与、]")
#: Letters of what is counted that are kept.
_CORE: Final = 8


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a cell: the words of its headings, unit, whether it numbers rows.

    ``own`` is True where the unit stands in the heading itself, not above the table.
    """

    text: str
    unit: str
    serial: bool
    own: bool = False


def cell_number(text: str) -> Decimal | None:
    """The number of a cell that holds one number and nothing else (a unit apart), or None."""
    told = plain(text).strip().removeprefix("+")
    negative = _NEGATIVE.match(told)
    match = _CELL.fullmatch(told[1:] if negative else told)
    if match is None or match["high"] or (match["unit"] and find_unit(match["unit"]) is None):
        return None
    return -number(match["low"]) if negative else number(match["low"])


def is_total(text: str) -> bool:
    """Whether a label says that the row or column is a total (合计, 小计)."""
    return _TOTAL.fullmatch(re.sub(r"\s", "", text)) is not None


def headings_at(table: Table, row: int) -> tuple[Heading, ...]:
    """The headings that hold for a row (from 0), outermost words first."""
    heads = filled(table, words("tables", "subheads")).heads[row]
    unit = table.unit if find_unit(table.unit) else _unit_at_end(table.unit)
    return tuple(_heading(" ".join(dict.fromkeys(parts)), unit) for parts in heads)


def bracketed_unit(text: str) -> str:
    """A heading with its unit in brackets: 面积/平方千米 becomes 面积（平方千米）."""
    match = re.search(_SLASHED.format(unit=unit_pattern()), plain(text))
    if match is None or re.search(rf"{unit_pattern()}$", plain(text)[: match.start()]):
        return text  # 规模 万吨/年
    return f"{text[: match.start()]}（{match[1]}）"


def _heading(text: str, unit: str) -> Heading:
    text = bracketed_unit(text)
    own = _unit_in(text)
    return Heading(
        text, own or unit, _SERIAL.fullmatch(re.sub(r"\s", "", text)) is not None, bool(own)
    )


def _unit_in(text: str) -> str:
    for match in reversed(_BRACKET.findall(plain(text))):
        found = re.match(unit_pattern(), re.sub(r"\s", "", match))
        if found:
            return found.group()
    return ""


def table_quantities(
    table: Table, reader: Reader, context: Topic, known: Mapping[str, str]
) -> list[Quantity]:
    """All quantities of a table; prose in cells is read as prose."""
    regions = column_regions(table, known)
    whole = filled(table, words("tables", "subheads"))
    found: list[Quantity] = []
    first = int(has_categories(table))
    for at, row in enumerate(table.cells):
        if at in whole.headings:
            continue
        heads = headings_at(table, at)
        texts = whole.texts[at]
        label = row_label(texts[first:], heads[first:]) or row_label(texts, heads)
        told = regions.get(at, ())
        dated = next((int(m[1]) for text in texts if (m := _YEAR.fullmatch(plain(text)))), None)
        own = next((t for t, h in zip(texts, heads, strict=True) if _is_unit(h) and t), "")
        own = _unit_at_end(own)
        corner = "" if heads[first].serial else heads[first].text
        category = texts[0] if first else ""
        things = _things(heads, reader.scanner) if own else frozenset()
        region = "、".join(told) or context.region
        for column, cell in enumerate(row):
            if cell.merged or heads[column].serial or not cell.text.strip():
                continue
            topic = _topic(table, heads[column], label, reader, context)
            topic = replace(topic, region=region, year=dated or topic.year)
            among = column > 0 and heads[column].text.startswith(_AMONG)
            ahead = heads[column - 1].text if among else ""
            found.extend(
                _cell(
                    cell,
                    _Beside(
                        table,
                        heads[column],
                        label,
                        topic,
                        corner,
                        ahead,
                        own,
                        category,
                        column in things,
                    ),
                    reader,
                )
            )
    return found


def _is_unit(head: Heading) -> bool:
    return re.sub(r"\s", "", head.text).endswith("单位") and not head.own


def _things(heads: Sequence[Heading], scanner: Scanner) -> frozenset[int]:
    """The columns that count things, for rows that have units: 2020年采矿权, 注销, 新设.

    Headings of nothing but narrowing words count what the column before them does.
    """
    found: set[int] = set()
    measured = [token for head in heads for token in scanner.scan(plain(head.text))]
    if all(token.kind != "attribute" for token in measured):
        return frozenset()  # 最低开采规模: 已有矿山, 新建矿山
    for column, head in enumerate(heads):
        told = re.sub(r"[（(][^（()）]*[)）]|\s", "", head.text)
        tokens = scanner.scan(told)
        named = any(token.kind == "noun" and token.end == len(told) for token in tokens)
        bare = bool(told) and not _NARROWING.sub("", told)
        if not head.own and (named or (bare and column - 1 in found)):
            found.add(column)
    return frozenset(found)


def _unit_at_end(text: str) -> str:
    """The unit a cell of a column of units ends with: 矿石万吨, CaF2 万吨."""
    told = re.sub(r"\s", "", plain(text))
    found = re.search(rf"({unit_pattern()})$", told)
    return found[1] if found else ""


def has_categories(table: Table) -> bool:
    """Whether the first column groups rows (merged or repeated): it names chapters, not rows."""
    rows = [row for row in table.body if not is_total(row[0].text)]
    if len(table.cells[0]) <= 2 or not rows:
        return False
    if any(row[0].merged or not row[0].text.strip() for row in rows):
        return True
    same = sum(one[0].text == other[0].text for one, other in pairwise(rows))
    return same * 3 >= len(rows)


def row_label(texts: Sequence[str], heads: Sequence[Heading]) -> str:
    """The words of a row that are no figures, without serial numbers and long explanations."""
    told = dict.fromkeys(
        text.strip()
        for text, head in zip(texts, heads, strict=True)
        if text.strip()
        and len(text) <= 40
        and not head.serial
        and not _is_unit(head)
        and _CELL.fullmatch(plain(text).strip()) is None
    )
    return " ".join(told)


def _topic(table: Table, head: Heading, label: str, reader: Reader, context: Topic) -> Topic:
    scanner, base = reader.scanner, reader.named.base
    said = plain(f"{head.text} {label}")
    tokens = scanner.scan(said)
    year = _YEAR.search(plain(head.text)) or _YEAR.search(plain(table.title))
    when = int(year[1]) if year else context.year
    extra = _of_title(table, scanner)
    if any(word in head.text for word in words("minerals", "changes")):
        extra = (*extra, CHANGE)
    if SAID_ABOVE.search(label):
        extra = (*extra, NARROWED)
    if _LAST_PLAN.search(table.title):
        when = base
        extra = (*extra, GOAL) if GOAL in head.text else extra
    minerals = list(dict.fromkeys(token.value for token in tokens if token.kind == "mineral"))
    first = _SEVERAL.split(plain(table.title))[0]
    titled = {t.value for t in scanner.scan(plain(table.title)) if t.kind == "mineral"}
    leading = {t.value for t in scanner.scan(first) if t.kind == "mineral"}
    only = next(iter(titled)) if len(titled) == 1 and titled == leading else ""
    subject = minerals[-1] if minerals else context.subject or only
    rest = rest_of(said, [*tokens, *_total_words(said)])
    return Topic(
        subject=subject,
        year=when,
        qualifiers=(*qualifiers(tokens, ""), *extra),
        rest=rest,
        sure=0.9,
    )


def _of_title(table: Table, scanner: Scanner) -> tuple[str, ...]:
    """The zone a table is about by its title: its figures are of these zones alone."""
    zones = set(words("zones", "words"))
    told = {t.value for t in scanner.scan(plain(table.title)) if t.kind == "noun"} & zones
    return tuple(told) if len(told) == 1 else ()


def _total_words(said: str) -> list[Token]:
    pattern = r"合计|总计|小计|[（(][^（()）]*[)）]|规划指标|预期性|约束性|属性|规划|上轮|完成情况"
    return [Token("filler", match.group(), *match.span()) for match in re.finditer(pattern, said)]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands around a cell: heading, words of the row, and the topic they make.

    ``before`` is the heading to the left of one that tells a part of it (其中大中型); ``thing``
    is whether the column counts things, whatever the unit of the row is (2020年采矿权).
    """

    table: Table
    head: Heading
    label: str
    topic: Topic
    corner: str = ""
    before: str = ""
    row_unit: str = ""
    category: str = ""
    thing: bool = False

    def counts(self, scanner: Scanner) -> bool:
        """Whether heading or row name something that is counted (矿山数量)."""
        if self.head.own:
            return False
        if self.row_unit and self.thing:
            return True
        told = self.head.text if _COUNT.search(self.head.text) else self.label
        return _COUNT.search(told) is not None and any(
            token.kind == "noun" for token in scanner.scan(plain(told))
        )

    def unit(self, scanner: Scanner) -> str:
        """The unit that holds for a figure without one, empty when there is none."""
        if self.head.own:
            return self.head.unit
        if self.row_unit and not self.thing:
            return self.row_unit
        if self.counts(scanner):
            return _COUNT_UNIT
        return _unit_in(self.label) or self.head.unit


def _cell(cell: Cell, beside: _Beside, reader: Reader) -> list[Quantity]:
    text = plain(cell.text)
    if CHANGE in beside.topic.qualifiers:
        text = _NEGATIVE.sub(" ", text)
    match = _CELL.fullmatch(text.strip())
    if match is None:
        return reader.read(cell.text, cell.spot, beside.topic)[0] if re.search(r"\d", text) else []
    unit = match["unit"] or beside.unit(reader.scanner)
    if find_unit(unit) is None:
        return []
    at = text.index(match["low"])
    end = at + len(match["low"])
    if match["high"]:
        end = text.index(match["high"], end) + len(match["high"])
    if match["unit"]:
        end = text.index(match["unit"], end) + len(match["unit"])
    values = (number(match["low"]), number(match["high"] or match["low"]))
    return [_made(bounded(text, at, end, values, unit), cell, beside, reader.scanner)]


def _own_count(said: str, head: Heading, tokens: Sequence[Token]) -> str:
    """What a heading with a unit of its own counts, in its own words: 新设（个）."""
    if not head.own or said != head.text:
        return ""
    core = rest_of(said, [*tokens, *_total_words(said)])
    core = core or "".join(t.value for t in tokens if t.kind == "qualifier")
    return f"{core[-_CORE:]}数" if core else ""


def _made(figure: Figure, cell: Cell, beside: _Beside, scanner: Scanner) -> Quantity:
    dimension = figure.unit.dimension
    attribute = ""
    narrowing = beside.topic.qualifiers
    around = (
        beside.head.text,
        beside.before,
        beside.label,
        beside.category,
        beside.corner,
        beside.table.title,
    )
    for said in around:
        tokens = scanner.scan(plain(said))
        if said is beside.corner:
            # the names of rows are no counties or minerals counted
            tokens = tuple(token for token in tokens if token.value not in _NAMES_OF_ROWS)
        if dimension in COUNTED:
            nouns = [token.value for token in tokens if token.kind == "noun"]
            attribute = f"{nouns[-1]}数" if nouns else _own_count(said, beside.head, tokens)
        else:
            attribute = attribute_for(tokens, dimension)
        if attribute:
            if said is beside.corner:
                narrowing = (*narrowing, *qualifiers(tokens, attribute))
            break
    if not attribute and dimension == "area":
        attribute = "面积"
    told = replace(beside.topic, attribute=attribute, qualifiers=narrowing)
    return make(figure, told, place(cell.spot, cell.text, 0, len(cell.text)))
