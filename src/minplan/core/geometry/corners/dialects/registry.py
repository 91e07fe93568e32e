"""Registry exchange strings (登记坐标串): all corners of a right in one line of commas.

采矿权: ``parts, m, no,X,Y × m, upper,lower,note,flag, …`` in metres, flag 1 = include,
−1 = exclude. 探矿权: ``rings, n, lon,lat × n, flag,0,0, …`` packed DDD.MMSSsss, flag 0 = outer,
−1 = hole. Parsed to the end or refused with the position.
"""

from __future__ import annotations

import re
from typing import Final

from minplan.core.errors import Place
from minplan.core.geometry.corners.draft import Block, Declared, Draft, Point, Ring, Value
from minplan.core.geometry.corners.model import Notation
from minplan.core.geometry.corners.remarks import refuse
from minplan.core.geometry.corners.tokens import plain, unpack
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.text import Text

_COUNT: Final = re.compile(r"[0-9]{1,4}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_SMALL: Final = re.compile(r"-?[0-9]{1,5}(?:\.[0-9]{1,6})?")
_LEAD: Final = re.compile(r"^[^0-9]{0,40}[:=]")
_MINING: Final = re.compile(
    r"[0-9]{1,3},[0-9]{1,4},[0-9]{1,4},[0-9]{5,9}(?:\.[0-9]+)?,[0-9]{5,9}(?:\.[0-9]+)?,"
)
_EXPLORATION: Final = re.compile(
    r"[0-9]{1,3},[0-9]{1,4},[0-9]{2,3}\.[0-9]{2,10},[0-9]{1,3}\.[0-9]{2,10},"
)
MINING_NAME: Final = Text("采矿权登记坐标串", "registry string of a mining right")
EXPLORATION_NAME: Final = Text("探矿权登记坐标串", "registry string of an exploration right")


def _joined(text: str) -> str:
    return _LEAD.sub("", re.sub(r"\s+", "", plain(text)), count=1)


def recognises_mining(text: str) -> bool:
    """Whether the text is the registry string of a mining right."""
    joined = _joined(text)
    return _MINING.match(joined) is not None and _is_one_string(text)


def recognises_exploration(text: str) -> bool:
    """Whether the text is the registry string of an exploration right."""
    joined = _joined(text)
    return _EXPLORATION.match(joined) is not None and _is_one_string(text)


def _is_one_string(text: str) -> bool:
    """A string may be wrapped, but its lines then break inside the run of commas."""
    lines = [line.strip() for line in plain(text).splitlines() if line.strip()]
    return len(lines) == 1 or (len(lines) > 1 and len(lines[0]) > 60)


class _Items:
    """The comma-separated items of a string, taken one after another."""

    def __init__(self, text: str) -> None:
        items = _joined(text).split(",")
        if not items[-1]:
            items.pop()
        self.items = items
        self.position = 0

    def take(self, pattern: re.Pattern[str] | None, wanted: Text) -> str:
        """Return the next item; refuse with its position when it is not what is ``wanted``."""
        if self.position >= len(self.items):
            raise self.fault(Text(f"处断尾，缺{wanted.zh}", f"is missing: {wanted.en} expected"))
        item = self.items[self.position]
        if pattern is not None and pattern.fullmatch(item) is None:
            raise self.fault(Text(f"不是{wanted.zh}", f"is not {wanted.en}"))
        self.position += 1
        return item

    def rest(self, what: int) -> bool:
        """Whether at least ``what`` items are left."""
        return len(self.items) - self.position >= what

    def finish(self) -> None:
        """Refuse when anything is left."""
        if self.position < len(self.items):
            raise self.fault(Text("多余，与写明的数目不符", "is left over: the counts do not fit"))

    def fault(self, why: Text) -> Exception:
        """Return the refusal at the present position."""
        text = self.items[self.position][:30] if self.position < len(self.items) else "…"
        position = self.position + 1
        return refuse(
            "E116",
            place=Place(field=f"#{position}"),
            position=position,
            text=text,
            why=why,
        )


_WANT_COUNT: Final = Text("数目", "a count")
_WANT_NUMBER: Final = Text("点号", "a corner number")
_WANT_VALUE: Final = Text("坐标", "a coordinate")
_WANT_ELEVATION: Final = Text("标高", "an elevation")
_WANT_FLAG: Final = Text("标志（1、0 或 -1）", "a flag (1, 0 or −1)")
_FLAG: Final = re.compile(r"-?[01]")
_ANY: Final = re.compile(r".{0,60}")
_OPTIONAL_SMALL: Final = re.compile(rf"(?:{_SMALL.pattern})?")


def read_mining(text: str) -> Draft:
    """Read the registry string of a mining right."""
    items = _Items(text)
    rings: list[Ring] = []
    for _ in range(_count(items, least=1)):
        points = []
        for _ in range(_count(items, least=3)):
            number = items.take(_COUNT, _WANT_NUMBER)
            first = items.take(_NUMBER, _WANT_VALUE)
            second = items.take(_NUMBER, _WANT_VALUE)
            place = Place(field=f"#{items.position - 1}", corner=number)
            points.append(Point(number, (_value(first), _value(second)), place))
        upper = items.take(_OPTIONAL_SMALL, _WANT_ELEVATION)
        lower = items.take(_OPTIONAL_SMALL, _WANT_ELEVATION)
        items.take(_ANY, Text("备注", "a note"))
        flag = items.take(_FLAG, _WANT_FLAG)
        elevation = ElevationRange(float(upper), float(lower)) if upper and lower else None
        rings.append(Ring(tuple(points), flag == "-1", elevation))
    items.finish()
    return Draft(MINING_NAME, (Block(tuple(rings)),), open_by_norm=True)


def read_exploration(text: str) -> Draft:
    """Read the registry string of an exploration right."""
    items = _Items(text)
    rings: list[Ring] = []
    number = 0
    for _ in range(_count(items, least=1)):
        points = []
        for _ in range(_count(items, least=3)):
            number += 1
            pair = (_packed(items), _packed(items))
            place = Place(field=f"#{items.position - 1}", corner=str(number))
            points.append(Point(str(number), pair, place))
        flag = items.take(_FLAG, _WANT_FLAG)
        for _ in range(2):
            items.take(_OPTIONAL_SMALL, Text("保留值", "a reserved value"))
        rings.append(Ring(tuple(points), flag == "-1"))
    items.finish()
    declared = Declared(notation=Notation.PACKED)
    return Draft(EXPLORATION_NAME, (Block(tuple(rings)),), declared, open_by_norm=True)


def _count(items: _Items, *, least: int) -> int:
    count = int(items.take(_COUNT, _WANT_COUNT))
    if count < least:
        items.position -= 1
        raise items.fault(Text(f"少于 {least}", f"is below {least}"))
    return count


def _value(text: str) -> Value:
    return Value(text, float(text), len(text.partition(".")[2]))


def _packed(items: _Items) -> Value:
    value = _value(items.take(_NUMBER, _WANT_VALUE))
    if unpack(value) is None:
        items.position -= 1
        raise items.fault(Text("的分或秒不小于 60", "has minutes or seconds of 60 or more"))
    return value
