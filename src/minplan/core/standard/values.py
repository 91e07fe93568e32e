"""One value of a field: from what a file holds to the plain value that is stored."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from minplan.core.standard.model import FieldSpec, FieldType
from minplan.core.text import Text

_TRUE: Final = frozenset({"true", "1", "是", "t", "y", "yes"})
_FALSE: Final = frozenset({"false", "0", "否", "f", "n", "no"})
_DATE: Final = re.compile(
    r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ]00:00(?::00(?:\.0+)?)?)?"
)


class Unfit(ValueError):
    """A value that does not suit its field: error code, what is wrong, how to mend it."""

    def __init__(self, code: str, message: Text, hint: Text) -> None:
        super().__init__(message.zh)
        self.code = code
        self.message = message
        self.hint = hint


def gbk_length(text: str) -> int:
    """Bytes of a text in GBK as shapefiles hold it; characters outside GBK count four."""
    return len(text) if text.isascii() else len(text.encode("gb18030", "replace"))


def cut_to_bytes(text: str, room: int) -> str:
    """The longest beginning of a text that fits ``room`` bytes in GBK, no character halved."""
    cut = text.encode("gb18030", "replace")[:room]
    return cut.decode("gb18030", "ignore").rstrip()


def is_empty(value: Any) -> bool:
    """Whether a value says nothing: None, NaN, blank text."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, float) and math.isnan(value)


def plain_value(spec: FieldSpec, value: Any) -> Any:
    """The stored form of a value: str, int, rounded float, ISO date or bool.

    Raises :class:`Unfit` (E714 type, E715 length, E718 range).
    """
    match spec.type:
        case FieldType.CHAR:
            return _char(spec, value)
        case FieldType.TEXT:
            return str(value)
        case FieldType.INT:
            return _whole(spec, value)
        case FieldType.FLOAT:
            return _number(spec, value)
        case FieldType.DATE:
            return _date(value)
        case FieldType.BOOL:
            return _flag(value)


def short_way(spec: FieldSpec) -> Callable[[Any], Any] | None:
    """A function that gives at once what :func:`plain_value` gives for usual values, else None.

    Large inputs have millions of values; nearly all are of the field's own type and small.
    """
    if spec.type is FieldType.CHAR:
        return _short_text(spec.length // 4)  # a character takes four bytes at most
    if spec.type is FieldType.INT:
        return _short_number(spec, int)
    return _short_number(spec, float) if spec.type is FieldType.FLOAT else None


def _short_text(room: int) -> Callable[[Any], str | None]:
    def text(value: Any) -> str | None:
        found: str = value.strip() if type(value) is str else ""
        return found if 0 < len(found) <= room else None

    return text


def _short_number(spec: FieldSpec, kind: type[float]) -> Callable[[Any], float | None]:
    least = -math.inf if spec.minimum is None else spec.minimum
    most = 10.0 ** _whole_digits(spec) if spec.length else math.inf
    decimals, is_float = spec.decimals, kind is float

    def number(value: Any) -> float | None:
        if type(value) is not kind or not -most < value < most:
            return None
        figure: float = round(value, decimals) if is_float else value
        return figure if least <= figure and -most < figure < most else None

    return number


def _char(spec: FieldSpec, value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # identifiers that a spreadsheet turned into numbers
    text = value.strip() if isinstance(value, str) else str(value)
    if len(text) * 4 > spec.length and (bytes_used := gbk_length(text)) > spec.length:
        raise Unfit(
            "E715",
            Text(
                f"长 {len(text)} 个字符、{bytes_used} 字节，字段只有 {spec.length} 字节",
                f"{len(text)} characters, {bytes_used} bytes; the field holds {spec.length}",
            ),
            Text("缩短内容，或把全文放进长文本表", "shorten it, or keep it in the table CWB"),
        )
    return text


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise Unfit(
            "E714",
            Text(f"“{value}”不是数字", f"{value!r} is not a number"),
            Text("只写数字，不写单位和逗号", "write digits only, no units, no commas"),
        )
    return number


def _whole(spec: FieldSpec, value: Any) -> int:
    if type(value) is int:
        whole = value
    else:
        number = _decimal(value)
        if number != number.to_integral_value():
            raise Unfit(
                "E714",
                Text(f"“{value}”不是整数", f"{value!r} is not a whole number"),
                Text("改成整数", "make it a whole number"),
            )
        whole = int(number)
    return int(_in_range(spec, whole))


def _number(spec: FieldSpec, value: Any) -> float:
    if type(value) is float and math.isfinite(value):
        return float(_in_range(spec, round(value, spec.decimals)))
    unit = Decimal(1).scaleb(-spec.decimals)
    number = _decimal(value)
    # figures of more digits than a decimal context holds are no figures of a plan
    if number.adjusted() > 18:
        return float(_in_range(spec, float(number)))
    return float(_in_range(spec, float(number.quantize(unit, ROUND_HALF_UP))))


def _in_range(spec: FieldSpec, number: float) -> float:
    if spec.minimum is not None and number < spec.minimum:
        raise Unfit(
            "E718",
            Text(f"{number} 小于 {spec.minimum:g}", f"{number} is below {spec.minimum:g}"),
            Text("核对数字和单位", "check the figure and its unit"),
        )
    room = _whole_digits(spec)
    if spec.length and abs(number) >= 10**room:
        raise Unfit(
            "E718",
            Text(
                f"{number:g} 超出字段的 {room} 位整数",
                f"{number:g} has more than the {room} digits of the field",
            ),
            Text("核对数字和单位", "check the figure and its unit"),
        )
    return number


def _whole_digits(spec: FieldSpec) -> int:
    return spec.length - (spec.decimals + 1 if spec.decimals else 0)


def _date(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    found = _DATE.fullmatch(str(value).strip())
    if found:
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            return dt.date(year, month, day).isoformat()
        except ValueError:
            pass
    raise Unfit(
        "E714",
        Text(f"“{value}”不是日期", f"{value!r} is not a date"),
        Text("写成 2025-12-31", "write 2025-12-31"),
    )


def _flag(value: Any) -> bool:
    word = str(value).strip().lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise Unfit(
        "E714",
        Text(f"“{value}”不是“是”或“否”", f"{value!r} is neither yes nor no"),
        Text("填 是 或 否", "write 是 or 否"),
    )
