"""What a dialect hands on: corners as printed, in rings, with what the text declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from minplan.core.errors import Place
from minplan.core.geometry.corners.model import Notation, Order, Remark
from minplan.core.geometry.crs import Datum
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.text import Text


@dataclass(frozen=True, slots=True)
class Value:
    """One printed value: its text, the number (degrees when ``is_angle``), decimals printed."""

    text: str
    number: float
    decimals: int = 0
    is_angle: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One corner as printed.

    ``grid`` is (row, column of corners) in a table with several corners per row, ``zone`` a zone
    number printed in a column of its own, ``second`` another pair for the same corner.
    """

    number: str
    values: tuple[Value, Value]
    place: Place
    grid: tuple[int, int] | None = None
    zone: int | None = None
    second: tuple[Value, Value] | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring (圈): ``hole`` is None when the text does not say."""

    points: tuple[Point, ...]
    hole: bool | None = None
    elevation: ElevationRange | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One named block with its rings; ``stated_area`` is (figure, unit)."""

    rings: tuple[Ring, ...]
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    stated_area: tuple[str, str] | None = None
    elevation: ElevationRange | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What the text says of its coordinates; None where it is silent.

    ``heading`` is what the column headings name: lon/lat or plane axes, with their order.
    """

    datums: tuple[Datum, ...] = ()
    width: int | None = None
    zone: int | None = None
    central_meridian: int | None = None
    heading: Literal["geographic", "projected"] | None = None
    order: Order | None = None
    notation: Notation | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a dialect found in the text; ``parcelled`` blocks are separate parcels.

    ``open_by_norm``: this dialect never repeats the first corner.
    """

    dialect: Text
    blocks: tuple[Block, ...]
    declared: Declared = field(default_factory=Declared)
    remarks: tuple[Remark, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    parcelled: bool = False
    open_by_norm: bool = False

    @property
    def points(self) -> list[Point]:
        """All corners in order."""
        return [point for block in self.blocks for ring in block.rings for point in ring.points]
