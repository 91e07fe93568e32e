"""What words say about coordinates: datum, zone, headings, stated area, elevation."""

from __future__ import annotations

import re
from typing import Final, Literal

from minplan.core.geometry.corners.draft import Declared
from minplan.core.geometry.corners.model import Notation, Order
from minplan.core.geometry.crs import ZONE_RANGE, Datum
from minplan.core.geometry.polygonal import ElevationRange

_DATUM: Final = re.compile(
    r"(?P<CGCS2000>CGCS[\s_-]*2000|2000\s*国家大地|国家(?:大地)?坐标系?\s*2000|国家\s*2000|大地\s*2000"
    r"|2000\s*大地|2000\s*坐标)"
    r"|(?P<Xian80>西安\s*(?:19)?80|(?:19)?80\s*年?\s*西安|西安坐标|Xi'?an[\s_-]*(?:19)?80"
    r"|(?<![0-9])80\s*坐标系)"
    r"|(?P<Beijing54>北京\s*(?:19)?54|(?:19)?54\s*年?\s*北京|Beijing[\s_-]*(?:19)?54"
    r"|(?<![0-9])54\s*坐标系)"
    r"|(?P<WGS84>WGS[\s_-]*(?:19)?84)",
    re.IGNORECASE,
)
_WIDTH: Final = re.compile(r"(?<![0-9])([36三六])\s*[度°]\s*分?带")
_ZONE: Final = re.compile(
    r"带号\s*[:=]?\s*([0-9]{2})(?![0-9])|(?<![0-9.])([0-9]{2})\s*(?:号)?带(?!号)"
)
_MERIDIAN: Final = re.compile(r"中央(?:子午线|经线)[^0-9\n]{0,6}([0-9]{2,3})(?![0-9])")
_PACKED: Final = re.compile(r"度\s*\.?\s*分\s*\.?\s*秒|D{1,3}\.?MM\.?SS", re.IGNORECASE)
_DECIMAL: Final = re.compile(r"十进制度|小数度|decimal degrees?", re.IGNORECASE)
_AREA: Final = re.compile(
    r"面积[^0-9\n]{0,12}?([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*"
    r"(km²|km2|㎢|平方公里|平方千米|公顷|hm²|hm2|ha|亩|m²|m2|㎡|平方米)",
    re.IGNORECASE,
)
_AREA_UNITS: Final = {
    "km²": "km²",
    "km2": "km²",
    "㎢": "km²",
    "平方公里": "km²",
    "平方千米": "km²",
    "公顷": "ha",
    "hm²": "ha",
    "hm2": "ha",
    "ha": "ha",
    "亩": "亩",
    "m²": "m²",
    "m2": "m²",
    "㎡": "m²",
    "平方米": "m²",
}
_AXIS: Final = re.compile(
    r"(?P<lon>经度|东经|longitude|\blon\b|\blng\b|\bL\b)|(?P<lat>纬度|北纬|latitude|\blat\b|\bB\b)"
    r"|(?P<north>纵坐标|北坐标|northing|北|(?<![A-Za-z])X(?![A-Za-z]))"
    r"|(?P<east>横坐标|东坐标|easting|东|(?<![A-Za-z])Y(?![A-Za-z]))",
    re.IGNORECASE,
)
_ORDERS: Final = {
    ("lon", "lat"): Order.LON_LAT,
    ("lat", "lon"): Order.LAT_LON,
    ("north", "east"): Order.NORTH_EAST,
    ("east", "north"): Order.EAST_NORTH,
}
ELEVATION_WORDS: Final = re.compile(r"标高|开采深度|高程|elevation", re.IGNORECASE)
_ELEVATION: Final = re.compile(r"(?<![0-9.])[+]?([0-9]{1,4}(?:\.[0-9]{1,4})?)(?![0-9.])")
_SIGNED: Final = re.compile(
    r"(?:(?<![0-9.m米])|(?<=[,;\t|~ 至到]))-\s?([0-9]{1,4}(?:\.[0-9]{1,4})?)(?![0-9.])"
)


def declared_in(text: str) -> Declared:
    """Return what the words of ``text`` (plain characters) declare, headings aside."""
    datums = tuple(dict.fromkeys(Datum(str(match.lastgroup)) for match in _DATUM.finditer(text)))
    notation = None
    if _PACKED.search(text):
        notation = Notation.PACKED
    elif _DECIMAL.search(text):
        notation = Notation.DECIMAL
    width = _WIDTH.search(text)
    zone = next(
        (number for match in _ZONE.finditer(text) if is_zone(number := int(match[1] or match[2]))),
        None,
    )
    meridian = _MERIDIAN.search(text)
    return Declared(
        datums=datums,
        width={"3": 3, "三": 3, "6": 6, "六": 6}[width[1]] if width else None,
        zone=zone,
        central_meridian=int(meridian[1]) if meridian and 72 <= int(meridian[1]) <= 138 else None,
        notation=notation,
    )


def is_zone(number: int) -> bool:
    """Whether a number is a 3° or 6° zone of China."""
    return any(number in zones for zones in ZONE_RANGE.values())


def without_declarations(text: str) -> str:
    """Blank out phrases whose digits are not coordinates, such as 2000国家大地坐标系."""
    for pattern in (_DATUM, _WIDTH, _MERIDIAN):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def heading_of(text: str) -> tuple[Literal["geographic", "projected"], Order] | None:
    """Return what axes a heading row names, and their order; None when it names none."""
    names = list(dict.fromkeys(str(match.lastgroup) for match in _AXIS.finditer(text)))
    geographic = [name for name in names if name in ("lon", "lat")]
    projected = [name for name in names if name in ("north", "east")]
    if len(geographic) == 2 and len(projected) < 2:
        return "geographic", _ORDERS[(geographic[0], geographic[1])]
    if len(projected) == 2:
        return "projected", _ORDERS[(projected[0], projected[1])]
    return None


def stated_area_in(text: str) -> tuple[str, str] | None:
    """Return the first stated area of the text as (figure, unit)."""
    match = _AREA.search(text)
    if match is None or float(match[1]) <= 0:
        return None
    return match[1], _AREA_UNITS[match[2].lower()]


def elevation_in(text: str) -> ElevationRange | None:
    """Return the elevation range of a row of plain text: the first two figures in it."""
    negative = {match.start(1): -float(match[1]) for match in _SIGNED.finditer(text)}
    figures = [negative.get(match.start(1), float(match[1])) for match in _ELEVATION.finditer(text)]
    if len(figures) < 2 or not all(-3000 <= figure <= 9000 for figure in figures[:2]):
        return None
    return ElevationRange(max(figures[:2]), min(figures[:2]))
