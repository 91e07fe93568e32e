"""A loaded layer with what many checks derive of it.

Everything derived is computed once and for all features at a time; a layer of 500,000 features
must not be walked in Python. Columns are looked at by their distinct values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.layer import GeometryArray
from minplan.core.geometry.measure import (
    SEMI_MINOR_M,
    authalic_y,
    metres_per_degree,
    to_equal_area,
    to_equal_area_points,
)
from minplan.core.geometry.repair import repair
from minplan.core.standard.values import is_empty

if TYPE_CHECKING:
    from minplan.core.quality.submission import LayerData, LayerSource

IndexArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


#: What is derived of every vertex, and made again when it is needed.
_LARGE: Final = ("plane", "points", "rings")


class Factor:
    """A column by its distinct values: ``values[codes[i]]`` is that of feature i, −1 when empty."""

    def __init__(self, column: NDArray[np.object_]) -> None:
        codes, found = pd.factorize(column, use_na_sentinel=True)
        self.codes: IndexArray = np.asarray(codes, dtype=np.int64)
        self.types = set(map(type, found))
        self.values: list[Any] = found.tolist()
        if any(issubclass(kind, np.generic) for kind in self.types):
            self.values = [v.item() if isinstance(v, np.generic) else v for v in self.values]
            self.types = set(map(type, self.values))
        #: The distinct values; blank ones are None and no feature has them.
        self.used = self.values
        # whole columns are judged by their sorts of values first: most hold text or figures only
        if str in self.types:
            self.used = [
                None if isinstance(v, str) and (not v or v.isspace()) else v for v in self.values
            ]
            blank = [place for place, item in enumerate(self.used) if item is None]
            if blank:
                self.codes[np.isin(self.codes, blank)] = -1

    @cached_property
    def empty(self) -> BoolArray:
        """Which features have no value."""
        return self.codes < 0

    def select(self, wanted: Callable[[Any], bool]) -> BoolArray:
        """Which features have a value that ``wanted`` accepts; each value is asked once."""
        answers = np.zeros(len(self.used) + 1, dtype=bool)
        answers[:-1] = list(map(wanted, self.used))
        result: BoolArray = answers[self.codes]
        return result

    def map(self, told: Callable[[Any], Any]) -> NDArray[np.object_]:
        """What ``told`` says of every feature's value, None where it is empty."""
        answers = np.empty(len(self.used) + 1, dtype=object)
        answers[:-1] = [None if item is None else told(item) for item in self.used]
        result: NDArray[np.object_] = answers[self.codes]
        return result

    def texts(self) -> set[str]:
        """The distinct values as people read them, empty ones left out."""
        if self.types <= {str}:
            return {item.strip() for item in self.used if item is not None}
        return {plain(item) for item in self.used if item is not None}

    def numbers(self) -> FloatArray:
        """The values as figures, NaN where there is none or it is no figure."""
        figures = np.array([*(figure(item) for item in self.values), np.nan], dtype=np.float64)
        result: FloatArray = figures[self.codes]
        return result

    def value(self, index: int) -> Any:
        """The value of one feature, None when empty."""
        code = self.codes[index]
        return None if code < 0 else self.values[code]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Distinct pairs of values of two columns, the features that have one, and which one."""

    values: list[tuple[Any, Any]]
    features: IndexArray
    owner: IndexArray

    def select(self, wanted: Callable[[Any, Any], bool]) -> IndexArray:
        """Indexes of the features whose pair ``wanted`` accepts; each pair is asked once."""
        answers = np.array([wanted(*item) for item in self.values], dtype=bool)
        found: IndexArray = (
            self.features[answers[self.owner]] if len(self.values) else self.features
        )
        return found


def figure(value: Any) -> float:
    """A value as a figure, NaN when it is none."""
    if isinstance(value, bool) or value is None:
        return np.nan
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan


class View:
    """A layer in memory: its content and what is derived of it."""

    def __init__(self, source: LayerSource, data: LayerData) -> None:
        self.source = source
        self.data = data
        self._names = frozenset(data.values)
        self._factors: dict[str, Factor] = {}
        #: What checks derive of the layer and share, by their own names.
        self.memo: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.data)

    # -- values -----------------------------------------------------------------------------------

    def has(self, code: str) -> bool:
        """Whether the layer has a column for a field."""
        return code in self._names

    def compact(self) -> View:
        """Keep the columns by their distinct values only, and nothing drawn or large derived."""
        for code in self._names:
            self.column(code)
        self.data = replace(self.data, values={}, drawn=None)
        self.memo.clear()
        for name in _LARGE:
            self.__dict__.pop(name, None)
        return self

    @cached_property
    def bytes(self) -> int:
        """About how much memory the layer takes."""
        vertices = int(shapely.get_num_coordinates(self.shapes).sum())
        strings = sum(len(item.values) for item in self._factors.values())
        each = 300 + 8 * len(self._factors)
        return 24 * vertices + each * len(self) + 90 * strings

    def column(self, code: str) -> Factor:
        """The column of a field, or one of a name that no field took; empty when not there."""
        if code not in self._factors:
            values = self.data.values.get(code)
            if values is None:
                values = np.full(len(self), None, dtype=object)
            self._factors[code] = Factor(values)
        return self._factors[code]

    def key(self, index: int) -> str:
        """The business key of a feature, empty when it has none."""
        spec = self.source.spec
        if spec is None or not self.has(spec.key):
            return ""
        return plain(self.column(spec.key).value(index))

    def key_set(self) -> set[str]:
        """All business keys, empty ones left out."""
        spec = self.source.spec
        if spec is None:
            return set()
        return self.column(spec.key).texts()

    def together(self, first: str, second: str) -> Pairs:
        """Two columns by their distinct pairs of values; those with an empty one left out."""
        one, two = self.column(first), self.column(second)
        held = np.flatnonzero(~one.empty & ~two.empty)
        width = len(two.values) + 1
        numbers, owner = np.unique(one.codes[held] * width + two.codes[held], return_inverse=True)
        told = [(one.values[item // width], two.values[item % width]) for item in numbers]
        return Pairs(told, held, owner)

    # -- geometry ---------------------------------------------------------------------------------

    @cached_property
    def shapes(self) -> GeometryArray:
        """The geometry (lon/lat), None where it is missing, empty or not finite."""
        if self.data.geometry is None:
            return np.full(len(self), None, dtype=object)
        shapes = self.data.geometry.copy()
        coords, owner = shapely.get_coordinates(shapes, return_index=True)
        shapes[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = None
        shapes[owner[~np.isfinite(coords).all(axis=1)]] = None
        return shapes

    @cached_property
    def present(self) -> IndexArray:
        """Indexes of the features with a usable geometry."""
        found: IndexArray = np.flatnonzero(~shapely.is_missing(self.shapes)).astype(np.int64)
        return found

    @cached_property
    def valid(self) -> BoolArray:
        """Which features have a valid geometry."""
        result: BoolArray = shapely.is_valid(self.shapes)
        return result

    @cached_property
    def polygons(self) -> IndexArray:
        """Indexes of the features whose geometry is an area."""
        kinds = shapely.get_type_id(self.shapes)
        return np.flatnonzero((kinds == 3) | (kinds == 6)).astype(np.int64)

    @cached_property
    def lines(self) -> IndexArray:
        """Indexes of the features whose geometry is a line."""
        kinds = shapely.get_type_id(self.shapes)
        return np.flatnonzero((kinds == 1) | (kinds == 2) | (kinds == 5)).astype(np.int64)

    @cached_property
    def sound(self) -> GeometryArray:
        """The geometry with invalid shapes mended, so that overlays can be made."""
        broken = np.setdiff1d(self.present, np.flatnonzero(self.valid))
        if not len(broken):
            return self.shapes
        shapes = self.shapes.copy()
        shapes[broken] = repair(shapes[broken]).geometries
        return shapes

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """(west, south, east, north) of the usable geometry in degrees, None without any."""
        if not len(self.present):
            return None
        west, south, east, north = (float(v) for v in shapely.total_bounds(self.shapes))
        return west, south, east, north

    @property
    def latitude(self) -> float:
        """The middle latitude, where lengths in the plane are true; 0 without geometry."""
        bounds = self.bounds
        return 0.0 if bounds is None else float(np.clip((bounds[1] + bounds[3]) / 2, -85, 85))

    @property
    def stretch(self) -> float:
        """What the equal-area plane is widened by, so that lengths are true here."""
        return metres_per_degree(self.latitude)[0] / (math.radians(1) * SEMI_MINOR_M)

    @cached_property
    def plane(self) -> GeometryArray:
        """The geometry in metres: areas are exact, lengths true near the middle latitude."""
        shapes: GeometryArray = np.full(len(self), None, dtype=object)
        if len(self.present):
            shapes[self.present] = to_equal_area(self.shapes[self.present], self.latitude)
        return shapes

    def to_lonlat(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry of the plane back in lon/lat, to within a millimetre."""
        bounds = self.bounds
        if bounds is None:
            return geometry
        south, north = bounds[1] - 0.1, bounds[3] + 0.1
        latitudes = np.linspace(south, north, 1 + max(100, int((north - south) * 500)))
        per_lon, _ = metres_per_degree(self.latitude)
        ordinates = authalic_y(latitudes) / self.stretch

        def back(metres: FloatArray) -> FloatArray:
            lat = np.interp(metres[:, 1], ordinates, latitudes)
            return np.column_stack([metres[:, 0] / per_lon, lat])

        placed: BaseGeometry = shapely.transform(geometry, back)
        return placed

    @cached_property
    def area_m2(self) -> FloatArray:
        """The statutory (ellipsoidal) area, NaN where there is none."""
        areas = np.full(len(self), np.nan)
        areas[self.polygons] = ellipsoidal_area(self.shapes[self.polygons])
        return areas

    @cached_property
    def points(self) -> tuple[FloatArray, FloatArray, IndexArray]:
        """Every vertex of every ring or line: lon/lat, metres, and the number of its ring."""
        shapes, _ = self.rings
        lonlat, ring = shapely.get_coordinates(shapes, return_index=True)
        return lonlat, to_equal_area_points(lonlat, self.stretch), ring

    @cached_property
    def rings(self) -> tuple[GeometryArray, IndexArray]:
        """All rings of areas and all lines as lines, each with the index of its feature."""
        parts, owner = shapely.get_parts(self.shapes[self.present], return_index=True)
        owner = self.present[owner]
        area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
        line = shapely.get_dimensions(parts) == 1
        rings, ring_owner = shapely.get_rings(parts[area], return_index=True)
        shapes = np.concatenate([rings, parts[line]])
        return shapes, np.concatenate([owner[area][ring_owner], owner[line]])


def plain(value: Any) -> str:
    """A value as people read it: no ``.0`` behind whole figures, empty for nothing."""
    if type(value) is str:
        return value.strip()
    if is_empty(value):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return str(value).strip()


def chunks(count: int, size: int) -> Iterator[slice]:
    """Slices that cover ``count`` items, ``size`` at a time."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
