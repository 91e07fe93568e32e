"""The items of a list in a text, and what they are: places, minerals, names, clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from minplan.core.document.quantities.vocabulary import Scanner, words

#: Words that join the last two items; each may also stand inside one (保护与预防工程).
AND: Final = re.compile(
    r"(?<=[\u4e00-\u9fff）)”])(?:以及|和|(?<![涉普波遍])及(?!其)|(?<!参)与)(?=[\u4e00-\u9fff“])"
)
_LIST_AND: Final = re.compile(r"(?<=[\u4e00-\u9fff）)”])(?:以及|和)(?=[\u4e00-\u9fff“])")
_QUOTED: Final = re.compile("“[^“”]*”")
BRACKETS: Final = re.compile(r"[（(][^（()）]*[)）]")
_TOWN: Final = "县|镇|乡|旗|街道|苏木|盟|市辖区|自治州"
_PLACE: Final = re.compile(rf"[\u4e00-\u9fff]{{1,7}}(?:{_TOWN}|市|区)")
_NO_COUNTY: Final = re.compile(
    r"(?:矿|山|景|园|灾|库|牧|林|采|查|护|防|治理|修复|示范|试验|规划|功能|产业|聚集|集聚|城镇|覆盖|储备)区$"
)
_COUNTY_FIRST: Final = re.compile(r"[\u4e00-\u9fff]{2,3}[县旗][\u4e00-\u9fff]{2}")
#: What is counted by the names of places: 个县（市、区）, 个乡镇, 个街道.
_OF_PLACES: Final = (
    r"(?:县级市|县级|市辖|地级市|市|区|县|旗|镇|乡|街道(?:办事处)?|苏木|盟)+"
    r"(?:[（(][市县区旗镇乡街道、]+[)）])?"
)
OF_PLACES: Final = re.compile(rf"{_OF_PLACES}(?![块域间内位级段场政属])")
PLACES_BEFORE: Final = re.compile(
    r"(?:县|旗|镇|乡|街道|县区|区县|旗县区|旗县市|县市区|[（(][市县区旗镇乡街道、]+[)）])(?:数量?)?$"
)
#: A mineral kind is counted: 种矿产, 个矿种.
OF_MINERALS: Final = re.compile(r"(?:主要|重点|优势|战略性|非金属|金属)*矿(?:种|产(?![地勘开规]))")
_OF_TOWNS: Final = re.compile("镇|乡|街道|苏木")
_IS_TOWN: Final = re.compile("(?:镇|乡|街道|苏木)$")
_OF_COUNTIES: Final = re.compile("[县市区旗]$")
_ZONES: Final = ("区", "带", "园")
#: Letters of an item that may hold a conjunction of its own.
_LONG_ITEM: Final = 6
#: Items of a list in which 与 parts no two of them.
_LONG_LIST: Final = 4
#: Units of what things in a list measure.
SIZE_UNITS: Final = "平方千米|平方公里|公顷|亩|[万亿]?吨(?:/年)?|[万亿]?立方米(?:/年)?|[万亿]元"
_MEASURED: Final = rf"(?<=[\u4e00-\u9fff）)])\d+(?:\.\d+)?\s*(?:{SIZE_UNITS}|万克拉|%)"
_SIZE: Final = re.compile(f"{_MEASURED}$")
_SIZES: Final = re.compile(rf"{_MEASURED}(?=\s*(?:$|、|以及|和|及))")
#: Letters of an item that can be a name.
_NAME: Final = 24


class Kind(Enum):
    """What the items of a list are."""

    PLACES = "places"
    MINERALS = "minerals"
    NAMES = "names"
    CLAUSES = "clauses"

    @property
    def single(self) -> bool:
        """Whether the items are single words, of which any conjunction makes two."""
        return self in (Kind.PLACES, Kind.MINERALS)


@dataclass(frozen=True, slots=True)
class Known:
    """What a document knows: the ways its counties are written, and its words."""

    regions: Mapping[str, str]
    scanner: Scanner


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a list; there may be from ``least`` to ``most`` of them.

    ``closed`` is False where 其他 and the like stand for items not named.
    """

    texts: tuple[str, ...]
    least: int
    most: int
    kind: Kind
    closed: bool = True

    def __len__(self) -> int:
        return len(self.texts)


def without_sizes(told: str) -> str:
    """A list without the sizes of its items where each of them has one: 甲矿区 126.4 平方千米."""
    pieces = [piece for piece in re.split("、|以及|和(?=[^和]*$)|及(?=[^及]*$)", told) if piece]
    if len(pieces) < 2 or not all(_SIZE.search(piece.strip()) for piece in pieces):
        return told
    return _SIZES.sub("", told)


def items_of(told: str, known: Known, *, etc: bool = False, tail: str = "") -> Items:
    """The items of ``told``: 、 between them, a conjunction before the last.

    >>> items_of("甲镇、乙镇和丙镇", known).texts
    ('甲镇', '乙镇', '丙镇')

    ``tail`` is what the things counted end with; it tells at which 和 two of them part.
    """
    told = BRACKETS.sub("", told.replace("　", ""))
    parts = [part.strip("“” ") for part in apart_from_quotes(told).split("、")]
    parts = [part for part in parts if part]
    if not parts:
        return Items((), 0, 0, Kind.CLAUSES, closed=False)
    last = _parted(parts[-1], known, _LIST_AND if etc else AND, tail)
    texts = (*parts[:-1], *last)
    inner = _inner(texts if len(last) == 1 else texts[:-2], texts, known)
    joint = len(last) == 2 and (etc or not _alike(*last, known))
    rest = words("lists", "rest")
    closed = not any(
        text.startswith(rest) or any(len(word) > 1 and word in text for word in rest)
        for text in texts
    )
    return Items(texts, len(texts) - int(joint), len(texts) + inner, _kind_of(texts, known), closed)


def _inner(pieces: tuple[str, ...], texts: tuple[str, ...], known: Known) -> int:
    """How many pieces may be two items each (甲区和乙县、丙县).

    Where all items end alike, as in 伊和乌拉矿区、兴隆矿区, both halves would have to. In a long
    list 与 and 及 tie the words of one item (监测与确权登记), they do not part two.
    """
    ends = tuple({text[-1] for text in texts})
    joining = AND if len(texts) < _LONG_LIST or _kind_of(texts, known).single else _LIST_AND
    return sum(
        any(
            len(ends) > 1
            or piece[: at.start()].endswith(ends)
            or all(is_place(bare(half), known) for half in (piece[: at.start()], piece[at.end() :]))
            for at in joints(piece, known, joining)
        )
        for piece in pieces
    )


def apart_from_quotes(told: str) -> str:
    """The text with one item for each quotation where a list has several items.

    In 整治“小、散、乱”、提升“三率” and “谁开采、谁治理”“谁破坏、谁修复” there are two, in
    “创新、协调、绿色” three. The length stays.
    """
    quoted = _QUOTED.findall(told)
    if len(quoted) < 2 and "、" not in _QUOTED.sub("", told):
        return told
    return _QUOTED.sub(lambda found: found.group().replace("、", "·"), told).replace("”“", "”、")


def joints(text: str, known: Known, conjunction: re.Pattern[str] = AND) -> list[re.Match[str]]:
    """Where a conjunction joins two words: in 铁和铜, 甲镇和乙镇, not in 云和镇, 矿地和谐."""
    return [
        found
        for found in conjunction.finditer(text)
        if all(
            len(side) > 1 or is_mineral(side, known)
            for side in (text[: found.start()].strip(), text[found.end() :].strip())
        )
    ]


def _parted(last: str, known: Known, conjunction: re.Pattern[str], tail: str) -> tuple[str, ...]:
    """The last piece as two items where it has a conjunction between two."""
    found = joints(last, known, conjunction)
    cuts = [(last[: at.start()].strip(), last[at.end() :].strip()) for at in found]
    same = [cut for cut in cuts if tail and cut[0].endswith(tail) and cut[1].endswith(tail)]
    same = same or [cut for cut in cuts if cut[0][-1] == cut[1][-1]]
    places = any(all(is_place(bare(half), known) for half in cut) for cut in cuts)
    zone = last.endswith(_ZONES) and tail.endswith(_ZONES) and not places
    if zone and not same and len(last) > _LONG_ITEM:
        return (last,)  # 建材与地热服务区 is one of 3 区
    if len(cuts) == 1 or same:
        return (same or cuts)[0]
    return (last,)


def _alike(left: str, right: str, known: Known) -> bool:
    """Whether two pieces beside a conjunction are two items for certain."""
    if left[-1] == right[-1] and len(left) > 1:
        return True
    if all(is_place(bare(text), known) or _in_place(text, known) for text in (left, right)):
        return True
    return all(is_mineral(bare(text), known) for text in (left, right))


def _in_place(text: str, known: Known) -> bool:
    """Whether a name begins with its county: 甲县黄沙岭."""
    return _COUNTY_FIRST.match(text) is not None or any(
        text.startswith(name) and len(text) > len(name) > 1 for name in known.regions
    )


def bare(item: str) -> str:
    """The first item of a list without what leads to it: ``全市下辖甲县`` is 甲县."""
    ends = [match.end() for match in leads().finditer(item)]
    cut = max((end for end in ends if end < len(item)), default=0)
    return item[cut:]


@lru_cache(maxsize=1)
def leads() -> re.Pattern[str]:
    """What leads to a list: words anywhere, single characters where an item begins."""
    longest = sorted(words("lists", "leads"), key=len, reverse=True)
    single = "".join(words("lists", "single"))
    return re.compile(f"{'|'.join(longest)}|^[{single}]")


def is_mineral(text: str, known: Known) -> bool:
    """Whether the whole text is a mineral."""
    return any(
        token.kind == "mineral" and token.start == 0 and token.end == len(text)
        for token in known.scanner.scan(text)
    )


def is_place(text: str, known: Known) -> bool:
    """Whether the text is a county or a town, or says where: 甲县, 乙镇, 丙县西部.

    矿区 and 集中开采区 are no places.
    """
    if text in known.regions or text.endswith(words("lists", "where")):
        return True
    return _PLACE.fullmatch(text) is not None and _NO_COUNTY.search(text) is None


def _kind_of(texts: tuple[str, ...], known: Known) -> Kind:
    told = (bare(texts[0]), *texts[1:])
    if all(is_place(text, known) for text in told):
        return Kind.PLACES
    if 2 * sum(is_mineral(text, known) for text in told) >= len(told):
        return Kind.MINERALS
    return Kind.NAMES if all(is_name(text) for text in told) else Kind.CLAUSES


def same_level(items: Items, noun: str) -> bool:
    """Whether no item is of another level than what is counted: 甲县 is none of 3 个乡镇."""
    town = _OF_TOWNS.search(noun[:3]) is not None
    return not any((_OF_COUNTIES if town else _IS_TOWN).search(text[-2:]) for text in items.texts)


def is_name(text: str) -> bool:
    """Whether the text can be a name: no 的, nothing only sentences have (较好, 丰富)."""
    if not 0 < len(text) <= _NAME or text[0].isdigit():
        return False
    if any(word in text for word in words("lists", "clause")):
        return False
    return not text.endswith(words("lists", "clause_ends"))


def ends_with_verb(text: str) -> bool:
    """Whether the text ends like ``溪口新增``: what follows is no apposition."""
    return text.endswith(words("lists", "verbs"))


def is_verb(text: str) -> bool:
    """Whether an item is something done (整合、关闭), no name."""
    return text.endswith(tuple(verb for verb in words("lists", "verbs") if len(verb) > 1))


def of_groups(items: Items) -> bool:
    """Whether items are groups of kinds (金属矿产, 大型): more may be counted than are named."""
    return any(text.endswith(words("lists", "kinds")) for text in items.texts)
