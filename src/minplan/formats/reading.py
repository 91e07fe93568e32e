"""What reading an input file is told, and what it answers, whatever the file is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from minplan.core.errors import InputError, Place
from minplan.core.geometry.area import AreaMatch
from minplan.core.geometry.corners import Corner, CornerReading, Level, ReadOptions, Remark
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.text import Text
from minplan.formats.detect import Kind


@contextmanager
def placed(place: Place) -> Iterator[None]:
    """Complete the place of errors raised inside by what ``place`` knows."""
    try:
        yield
    except InputError as error:
        own = error.place
        error.place = Place(
            file=own.file or place.file,
            layer=own.layer or place.layer,
            row=own.row or place.row,
            field=own.field or place.field,
            corner=own.corner,
        )
        raise


@dataclass(frozen=True, slots=True)
class InputOptions:
    """What the user states beyond the file.

    ``corners`` holds the statements about coordinates (datum, system, region, stated area, shift
    parameters); they beat what the file says. ``layer`` picks one layer, sheet, drawing layer or
    file of an archive; ``encoding`` the encoding of shapefile attributes.
    """

    corners: ReadOptions = field(default_factory=ReadOptions)
    layer: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class InputBlock:
    """One block (区块) of a file.

    ``polygonal`` is its ground in EPSG:4490; ``attributes`` are the file's own fields;
    ``understanding`` says in one sentence how the coordinates were read; ``corners`` are the
    corners as printed and ``reading`` the whole corner reading, for text and tables.
    """

    name: str
    polygonal: Polygonal
    understanding: Text
    systems: tuple[CoordinateSystem, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    place: Place = field(default_factory=Place)
    corners: tuple[Corner, ...] = ()
    stated_area: tuple[str, str] | None = None
    area_match: AreaMatch | None = None
    reading: CornerReading | None = None

    @property
    def to_confirm(self) -> tuple[Remark, ...]:
        """Remarks a person must agree with before the block is used."""
        return tuple(remark for remark in self.remarks if remark.level is Level.CONFIRM)


@dataclass(frozen=True, slots=True)
class InputReading:
    """All blocks of an input, in the order of the file; ``remarks`` are about the whole file."""

    source: str
    kind: Kind
    blocks: tuple[InputBlock, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def block(self) -> InputBlock:
        """The first block; an input has at least one."""
        return self.blocks[0]
