"""Geometries of records: coordinates of a whole batch at once, rings nested by containment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError
from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import GeometryArray
from minplan.core.text import Text
from minplan.formats.drivers.model import object_array
from minplan.formats.vct.cursor import fault, shown
from minplan.formats.vct.head import Head
from minplan.formats.vct.records import Part, Record
from minplan.formats.vct.rings import polygon_of, rings_of_chain, split_rings
from minplan.formats.vct.schema import Section

#: Finds the records of a section that have these numbers.
Finder = Callable[[Section, set[int], Record], dict[int, Record]]

#: References of references deeper than this are taken for a circle.
_DEEPEST: Final = 3


class Shapes:
    """Builds the geometries of one file; ``find`` gives the records that others refer to."""

    def __init__(self, head: Head, name: str, find: Finder) -> None:
        self._head = head
        self._name = name
        self._find = find

    def build(self, section: Section, records: Sequence[Record]) -> GeometryArray:
        """The geometries of records, in the order given.

        Raises InputError E233 for coordinates, E234 for references, E235 for rings that do not
        make a polygon; each with its line.
        """
        chains = self._chains(records, 0) if section is not Section.POLYGON else []
        if section is Section.LINE:
            return object_array(map(self._line, records, chains))
        if section is not Section.POLYGON:
            return object_array(
                shapely.points(chain[0][0]) if len(chain[0]) == 1 else shapely.multipoints(chain[0])
                for chain in chains
            )
        return self._polygons(records, 0)

    def _polygons(self, records: Sequence[Record], depth: int) -> GeometryArray:
        rings = self._rings(records, depth)
        shapes: list[BaseGeometry | None] = [None] * len(records)
        single = [index for index, own in enumerate(rings) if own is not None and len(own) == 1]
        if single:
            self._simple(records, rings, single, shapes)
        others = [
            index for index, own in enumerate(rings) if shapes[index] is None and own is not None
        ]
        for index in others:
            shapes[index] = self._nested(records[index], rings[index] or [])
        unions = [index for index, own in enumerate(rings) if own is None]
        parts = self._parts([records[index] for index in unions], depth)
        for index, shape in zip(unions, parts, strict=True):
            shapes[index] = shape
        return object_array(shapes)

    def _simple(
        self,
        records: Sequence[Record],
        rings: Sequence[list[FloatArray] | None],
        single: Sequence[int],
        shapes: list[BaseGeometry | None],
    ) -> None:
        """Polygons of one ring, all in one call."""
        own = [(rings[index] or [])[0] for index in single]
        for index, ring in zip(single, own, strict=True):
            self._check_ring(records[index], ring)
        sizes = [len(ring) for ring in own]
        loops = shapely.linearrings(
            np.concatenate(own), indices=np.repeat(np.arange(len(own)), sizes)
        )
        for index, shape in zip(single, shapely.polygons(loops), strict=True):
            shapes[index] = shape

    def _nested(self, record: Record, rings: Sequence[FloatArray]) -> BaseGeometry:
        for ring in rings:
            self._check_ring(record, ring)
        return polygon_of(rings)

    def _check_ring(self, record: Record, ring: FloatArray) -> None:
        closed = bool((ring[0] == ring[-1]).all())
        if len(ring) < 3 + closed:
            raise self._fault(
                "E235",
                record.line,
                f"面 {record.number} 有一圈只有 {len(ring)} 个点",
                f"polygon {record.number} has a ring of {len(ring)} points",
            )

    def _rings(self, records: Sequence[Record], depth: int) -> list[list[FloatArray] | None]:
        """The rings of each polygon; None for one that is made of polygons."""
        chains = self._chains(records, depth)
        rings: list[list[FloatArray] | None] = []
        for record, chain in zip(records, chains, strict=True):
            if record.refers is Section.POLYGON:
                rings.append(None)
            elif record.refers is Section.LINE:
                found = rings_of_chain(chain, self._reach)
                if found is None:
                    raise self._fault(
                        "E234",
                        record.line,
                        f"面 {record.number} 引用的线首尾不相接，围不成圈",
                        f"the lines of polygon {record.number} do not meet and close",
                    )
                rings.append(found)
            else:
                rings.append(split_rings(chain[0]) if record.joined else chain)
        return rings

    @property
    def _reach(self) -> float:
        """Ends closer than this meet: 1 mm in metres or in degrees."""
        system = self._head.system
        return 1e-8 if system is not None and not system.is_projected else 1e-3

    def _chains(self, records: Sequence[Record], depth: int) -> list[list[FloatArray]]:
        """Coordinates of the parts of each record, or of the lines that it refers to.

        An empty array stands for the 0 between rings.
        """
        wanted: dict[int, Record] = {}
        for record in records:
            if record.refers is Section.LINE:
                wanted.update((abs(number), record) for number in record.references if number)
        lines: dict[int, FloatArray] = {}
        if wanted:
            lines = self._lines(wanted, depth + 1)
        own = iter(self._coordinates([part for record in records for part in record.parts]))
        chains = []
        for record in records:
            if record.refers is Section.LINE:
                chains.append([_turned(lines, number) for number in record.references])
            else:
                chains.append([next(own) for _ in record.parts])
        return chains

    def _lines(self, wanted: dict[int, Record], depth: int) -> dict[int, FloatArray]:
        asking = next(iter(wanted.values()))
        self._check_depth(asking, depth)
        found = self._find(Section.LINE, set(wanted), asking)
        numbers = list(found)
        records = [found[number] for number in numbers]
        chains = self._chains(records, depth)
        lines = {}
        for number, record, chain in zip(numbers, records, chains, strict=True):
            shape = self._line(record, chain)
            if shape.geom_type != "LineString":
                raise self._fault(
                    "E234",
                    record.line,
                    f"线 {number} 断开，不能作面的边界",
                    f"line {number} is broken and bounds no polygon",
                )
            lines[number] = shapely.get_coordinates(shape)
        return lines

    def _parts(self, records: Sequence[Record], depth: int) -> list[BaseGeometry]:
        """Polygons made of polygons (22): those with a minus are cut out of the others."""
        shapes = []
        for record in records:
            self._check_depth(record, depth)
            numbers = [number for number in record.references if number]
            found = self._find(Section.POLYGON, {abs(number) for number in numbers}, record)
            parts = dict(zip(found, self._polygons(list(found.values()), depth + 1), strict=True))
            try:
                whole = shapely.union_all([parts[number] for number in numbers if number > 0])
                cut = shapely.union_all([parts[-number] for number in numbers if number < 0])
                shapes.append(shapely.difference(whole, cut) if not cut.is_empty else whole)
            except shapely.GEOSException as error:
                raise self._fault(
                    "E235",
                    record.line,
                    f"面 {record.number} 由自相交的面构成，合不起来",
                    f"polygon {record.number} is made of polygons that cross themselves",
                ) from error
        return shapes

    def _check_depth(self, record: Record, depth: int) -> None:
        if depth > _DEEPEST:
            raise self._fault(
                "E234",
                record.line,
                f"对象 {record.number} 的引用层层相套或循环",
                f"the references of object {record.number} go in a circle",
            )

    def _line(self, record: Record, chain: Sequence[FloatArray]) -> BaseGeometry:
        """Segments that continue each other are one line."""
        runs: list[list[FloatArray]] = []
        for part in chain:
            if not len(part):
                continue
            if runs and (runs[-1][-1][-1] == part[0]).all():
                runs[-1].append(part[1:])
            else:
                runs.append([part])
        lines = [np.concatenate(run) for run in runs]
        if not lines or min(map(len, lines)) < 2:
            raise self._fault(
                "E235",
                record.line,
                f"线 {record.number} 不足两个点",
                f"line {record.number} has fewer than two points",
            )
        shapes = [shapely.linestrings(line) for line in lines]
        return shapes[0] if len(shapes) == 1 else shapely.multilinestrings(shapes)

    def _coordinates(self, parts: Sequence[Part]) -> list[FloatArray]:
        """(n, 2) east/north or lon/lat of each part, the third coordinate dropped."""
        if not parts:
            return []
        lines = [line for part in parts for line in part.lines]
        points = self._numbers(lines)
        if points is None:
            raise self._bad_coordinates(parts)
        columns = [1, 0] if self._head.swapped else [0, 1]
        bounds = np.cumsum([len(part.lines) for part in parts])[:-1]
        return np.split(points[:, columns], bounds)

    def _numbers(self, lines: Sequence[bytes]) -> FloatArray | None:
        mark, dimensions = self._head.separator, self._head.dimensions
        mark = mark if mark in lines[0] else b","
        if {line.count(mark) for line in lines} != {dimensions - 1}:
            return None
        text = mark.join(lines)
        if b"_" in text:  # float() takes the underscores of Python, which no file means
            return None
        try:
            values = np.array(list(map(float, text.split(mark))), dtype=np.float64)
        except ValueError:
            return None
        if not np.isfinite(values).all():
            return None
        return values.reshape(-1, dimensions)

    def _bad_coordinates(self, parts: Sequence[Part]) -> InputError:
        for part in parts:
            for index, line in enumerate(part.lines):
                if self._numbers([line]) is None:
                    return self._fault(
                        "E233",
                        part.line + index,
                        f"坐标“{shown(line.strip())}”应为 {self._head.dimensions} 个数",
                        f"coordinates must be {self._head.dimensions} numbers, "
                        f"found {shown(line.strip())!r}",
                    )
        return self._fault("E233", parts[0].line, "坐标的分隔符不一致", "separators are mixed")

    def _fault(self, code: str, line: int, zh: str, en: str) -> InputError:
        hint = Text(
            "请在原软件中检查该对象后重新导出",
            "check this object in its own program and export it again",
        )
        return fault(code, self._name, line, zh, en, hint=hint)


def _turned(lines: dict[int, FloatArray], number: int) -> Any:
    if number == 0:
        return np.empty((0, 2))
    return lines[number] if number > 0 else lines[-number][::-1]
