"""What the reader of corner coordinates (拐点坐标) is told, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError, Place
from minplan.core.geometry.area import AreaMatch
from minplan.core.geometry.crs import CoordinateSystem, Datum, FloatArray
from minplan.core.geometry.datum import DatumShift
from minplan.core.geometry.polygonal import ElevationRange, Polygonal
from minplan.core.text import Text

METRES_PER_DEGREE: Final = 111_320.0


class Order(StrEnum):
    """Order of the two printed values."""

    NORTH_EAST = "north-east"
    EAST_NORTH = "east-north"
    LON_LAT = "lon-lat"
    LAT_LON = "lat-lon"

    @property
    def label(self) -> Text:
        """The order in words."""
        return _ORDER_LABELS[self]


_ORDER_LABELS: Final = {
    Order.NORTH_EAST: Text("北、东", "north, east"),
    Order.EAST_NORTH: Text("东、北", "east, north"),
    Order.LON_LAT: Text("经度、纬度", "longitude, latitude"),
    Order.LAT_LON: Text("纬度、经度", "latitude, longitude"),
}


class Notation(StrEnum):
    """How the values are written.

    ``packed`` is 度.分秒 (D.MMSS: 121.5530 = 121°55′30″; DDD.MMSSsss has decimals of seconds).
    """

    METRES = "metres"
    KILOMETRES = "kilometres"
    MILLIMETRES = "millimetres"
    DECIMAL = "decimal"
    DMS = "dms"
    PACKED = "packed"

    @property
    def label(self) -> Text:
        """The notation in words."""
        return _NOTATION_LABELS[self]

    @property
    def is_projected(self) -> bool:
        """Whether values are lengths in a zone."""
        return self in (Notation.METRES, Notation.KILOMETRES, Notation.MILLIMETRES)


_NOTATION_LABELS: Final = {
    Notation.METRES: Text("平面坐标（米）", "projected, metres"),
    Notation.KILOMETRES: Text("平面坐标（千米）", "projected, kilometres"),
    Notation.MILLIMETRES: Text("平面坐标（毫米）", "projected, millimetres"),
    Notation.DECIMAL: Text("小数度", "decimal degrees"),
    Notation.DMS: Text("度°分′秒″", "D°M′S″"),
    Notation.PACKED: Text("度.分秒", "D.MMSS"),
}


class Level(StrEnum):
    """Weight of a remark: 阻断 · 需确认 · 已自动处理 · 提示."""

    BLOCKING = "blocking"
    CONFIRM = "confirm"
    DONE = "done"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Region:
    """Ground a block is expected in: an outline or bounds in lon/lat degrees.

    ``margin_km`` widens it, because a block may touch the boundary from outside.
    """

    name: Text
    bounds: tuple[float, float, float, float]
    outline: BaseGeometry | None = None
    margin_km: float = 20.0

    @classmethod
    def of(cls, name: Text, outline: BaseGeometry, margin_km: float = 20.0) -> Region:
        """Make a region of an outline."""
        return cls(name, outline.bounds, outline, margin_km)

    def distance_m(self, lonlat: FloatArray) -> FloatArray:
        """Distance in metres (n,) of lon/lat points (n, 2) from the region; 0 inside.

        Approximate (equirectangular), good to about 1 % near the region.
        """
        outline = shapely.box(*self.bounds) if self.outline is None else self.outline
        scale = np.array([np.cos(np.radians((self.bounds[1] + self.bounds[3]) / 2)), 1.0])
        scaled = shapely.transform(outline, lambda c: c * scale)
        shapely.prepare(scaled)
        points = shapely.points(lonlat * scale)
        result: FloatArray = shapely.distance(scaled, points) * METRES_PER_DEGREE
        return result

    def holds(self, lonlat: FloatArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether each point (n, 2) lies inside, margin included; shape (n,)."""
        return np.asarray(self.distance_m(lonlat) <= self.margin_km * 1000)


#: Where nothing else is known: the land and waters of China.
CHINA: Final = Region(Text("中国范围", "China"), (73.0, 3.0, 135.5, 54.0), margin_km=0.0)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user states beyond the text; every statement beats what the text suggests.

    ``system`` is the coordinate system of projected values (used where eastings lack the zone
    prefix, 带号), ``constants`` (north, east) what reduced coordinates (去大数) lack, in metres.
    ``accepted`` holds the codes of remarks whose fix the user adopts (采用), ``declined`` those
    whose automatic fix is to be undone (保持原样). ``reference`` is a known outline in lon/lat,
    ``web_map`` tells that the text comes from a web map or KML. ``keep_datum`` reads Xian 80 or
    Beijing 54 as they are, for areas only.
    """

    datum: Datum | None = None
    system: CoordinateSystem | None = None
    order: Order | None = None
    notation: Notation | None = None
    reading: Literal["rows", "columns"] | None = None
    region: Region | None = None
    stated_area_km2: str | None = None
    shift: DatumShift | None = None
    keep_datum: bool = False
    constants: tuple[float, float] | None = None
    reference: BaseGeometry | None = None
    web_map: bool = False
    source: str = ""
    accepted: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing noticed while reading, in one sentence, with what would mend it.

    ``applied`` tells whether the reading already contains the fix; ``before`` and ``after`` are
    lon/lat shapes for a small map, where a map helps.
    """

    code: str
    level: Level
    message: Text
    fix: Text | None = None
    place: Place = field(default_factory=Place)
    applied: bool = False
    before: BaseGeometry | None = None
    after: BaseGeometry | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dictionary for JSON, shapes left out."""
        return {
            "code": self.code,
            "level": self.level.value,
            "message": self.message.to_dict(),
            "fix": self.fix.to_dict() if self.fix else None,
            "row": self.place.row,
            "place": self.place.describe(),
            "applied": self.applied,
        }


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner (拐点): number and values as printed, where it belongs, lon/lat in degrees.

    ``part`` and ``ring`` count from 1; ring 1 is the outer ring of its part.
    """

    number: str
    part: int
    ring: int
    printed: tuple[str, str]
    lon: float
    lat: float
    place: Place


@dataclass(frozen=True, slots=True)
class Understanding:
    """How the text was understood, for a person to agree with.

    ``systems`` has more than one entry when zones are mixed; ``shift`` the datum shift applied.
    """

    dialect: str
    systems: tuple[CoordinateSystem, ...]
    order: Order
    notation: Notation
    parts: int
    holes: int
    corners: int
    sentence: Text
    shift: DatumShift | None = None

    @property
    def system(self) -> CoordinateSystem:
        """The system of most corners."""
        return self.systems[0]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One named block (地块) of the text with its own corners and attributes."""

    name: str
    polygonal: Polygonal
    corners: tuple[Corner, ...]
    attributes: Mapping[str, str]
    stated_area: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CornerReading:
    """A block read from text.

    ``polygonal`` joins all parcels; ``stated_area`` is (figure, unit) from the options or the
    text, ``area_match`` which method reproduces it. No remark is blocking: those are raised as
    :class:`CornersRefused`.
    """

    polygonal: Polygonal
    understanding: Understanding
    remarks: tuple[Remark, ...]
    corners: tuple[Corner, ...]
    parcels: tuple[Parcel, ...]
    attributes: Mapping[str, str]
    elevation: ElevationRange | None = None
    stated_area: tuple[str, str] | None = None
    area_match: AreaMatch | None = None
    alternatives: tuple[Alternative, ...] = ()

    @property
    def to_confirm(self) -> tuple[Remark, ...]:
        """Remarks a person must agree with before the block is used."""
        return tuple(remark for remark in self.remarks if remark.level is Level.CONFIRM)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to read the text: what it is, its shape, and the options that choose it."""

    label: Text
    polygonal: Polygonal
    area_km2: float
    options: ReadOptions


class CornersRefused(InputError):
    """The text cannot be read as a block, or in several ways.

    ``remarks`` holds all findings (the blocking ones first), ``alternatives`` the readings to
    choose from, with shapes and areas.
    """

    def __init__(
        self, remarks: tuple[Remark, ...], alternatives: tuple[Alternative, ...] = ()
    ) -> None:
        blocking = [remark for remark in remarks if remark.level is Level.BLOCKING]
        others = [remark for remark in remarks if remark.level is not Level.BLOCKING]
        first = blocking[0]
        super().__init__(
            first.code,
            Text(
                " ".join(remark.message.zh for remark in blocking),
                " ".join(remark.message.en for remark in blocking),
            ),
            place=first.place,
            hint=first.fix,
        )
        self.remarks = tuple(blocking + others)
        self.alternatives = alternatives
