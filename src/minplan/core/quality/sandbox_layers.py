"""Layers in memory for the sandbox of checks: rows filled up from the standard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError
from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.crs import CoordinateSystem, Datum, FloatArray, from_lonlat, zone_of
from minplan.core.geometry.layer import GeometryArray
from minplan.core.geometry.measure import metres_per_degree
from minplan.core.plan.model import Plan
from minplan.core.quality.submission import Column, LayerData
from minplan.core.quality.words import dictionary
from minplan.core.standard.model import Edition, FieldSpec, FieldType, LayerSpec, Spec
from minplan.core.text import Text

#: South-west corner of the region (degrees).
ORIGIN: Final = (113.2, 36.5)
_DEGREE_M: Final = metres_per_degree(ORIGIN[1] + 0.045)
_TYPES: Final = {
    FieldType.CHAR: "text",
    FieldType.TEXT: "text",
    FieldType.INT: "integer",
    FieldType.FLOAT: "real",
    FieldType.DATE: "date",
    FieldType.BOOL: "boolean",
}
#: Cells in which layers that an example does not speak of lie apart, in metres.
_CELL: Final = 1600.0
_HALF: Final = 5000.0


class Ground:
    """Places in metres laid on the ground."""

    KEYS: Final = frozenset({"box", "boxes", "polygon", "line", "point", "geometry", "void"})

    @staticmethod
    def lonlat(metres: FloatArray) -> FloatArray:
        """Degrees of places in metres from the south-west corner."""
        return np.asarray(metres) / _DEGREE_M + ORIGIN

    @classmethod
    def polygon(cls, shape: BaseGeometry) -> BaseGeometry:
        """A shape in metres, in lon/lat."""
        placed: BaseGeometry = shapely.transform(shape, cls.lonlat, interleaved=True)
        return placed


def shape_of(row: Mapping[str, Any]) -> BaseGeometry | None:
    """The place of a row, in lon/lat; None when it has none."""
    if "geometry" in row:
        return None if row["geometry"] is None else Ground.polygon(row["geometry"])
    if "box" in row:
        return Ground.polygon(box(*row["box"]))
    if "boxes" in row:
        return Ground.polygon(MultiPolygon([box(*item) for item in row["boxes"]]))
    if "polygon" in row:
        outer, *holes = row["polygon"]
        return _raised(Polygon(outer, holes))
    if "line" in row:
        return _raised(LineString(row["line"]))
    return _raised(Point(row["point"])) if "point" in row else None


def _raised(shape: BaseGeometry) -> BaseGeometry:
    """The shape on the ground; heights stay as they are."""
    if not shape.has_z:
        return Ground.polygon(shape)

    def place(coords: FloatArray) -> FloatArray:
        return np.column_stack([Ground.lonlat(coords[:, :2]), coords[:, 2]])

    placed: BaseGeometry = shapely.transform(shape, place, include_z=True)
    return placed


@dataclass(frozen=True, slots=True, eq=False)
class GivenLayer:
    """A layer in memory; ``broken`` makes loading fail, as a damaged file does."""

    file: str
    name: str
    spec: Spec | None
    columns: tuple[Column, ...]
    system: CoordinateSystem | None
    crs: str
    geometry_type: str
    data: LayerData
    problem: Text | None = None
    broken: bool = False

    @property
    def count(self) -> int:
        """Number of features."""
        return len(self.data)

    def load(self, fields: Collection[str] | None = None) -> LayerData:
        """The content; InputError E206 when the layer is a broken one."""
        if self.broken:
            raise InputError("E206", Text("文件损坏", "the file is damaged"))
        if fields is None:
            return self.data
        held = self.data
        values = {name: item for name, item in held.values.items() if name in fields}
        return LayerData(held.rows, values, held.geometry)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the sandbox is about: edition, plan, code and name of the city and two counties."""

    edition: Edition
    plan: Plan
    divisions: Sequence[tuple[str, str]]


# -- rows -----------------------------------------------------------------------------------------


def default_rows(
    spec: Spec,
    rows: Sequence[Mapping[str, Any]] | None,
    setting: Setting,
    keys: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """The rows of a layer with what the standard asks for filled in; one row when none is given.

    ``keys`` are the keys of the layers before it: references point to the first.
    """
    edition, divisions = setting.edition, setting.divisions
    if rows is None:
        rows = _own_rows(spec, setting, keys)
    made = []
    for number, row in enumerate(rows, start=1):
        filled = {
            item.code: value
            for item in spec.fields
            if (value := _value(edition, spec, item, number, keys)) is not None
        }
        filled |= _repeated(spec, setting)
        if isinstance(spec, LayerSpec):
            filled |= _placed(edition, spec, row, number, divisions)
        made.append({**filled, **row})
    return made


def _own_rows(
    spec: Spec, setting: Setting, keys: Mapping[str, Sequence[str]]
) -> Sequence[Mapping[str, Any]]:
    """The rows of a layer or table that an example does not speak of: they fit the others."""
    if spec.code == "XZQ":
        halves = ((0.0, 0.0, _HALF, 10_000.0), (_HALF, 0.0, 10_000.0, 10_000.0))
        return [
            {"box": half, "BSM": code, "MC": name, "XZQDM": code, "XZQMC": name}
            for half, (code, name) in zip(halves, setting.divisions[1:], strict=True)
        ]
    if spec.code == "QKSL":
        return [{"FQLB": "开采规划区块", "GS": 0}]
    for told in dictionary()["table"]:
        if told["table"] == spec.code:
            return [
                _listed(setting.edition, layer, {told["key"]: key}, number)
                for layer in told["layers"]
                for number, key in enumerate(keys.get(layer, ()), start=1)
            ]
    return [{}]


def _listed(edition: Edition, layer: str, row: dict[str, Any], number: int) -> dict[str, Any]:
    """The row of an annexed table for a feature of a layer."""
    spec, kinds = edition.layer(layer), edition.code_lists.get("FQLB")
    kind = kinds.of_value(spec.zone_kind) if spec and kinds else None
    named = {"QKMC": f"示例{number}", "FQMC": f"示例{number}"}
    return {**row, **named, "FQLB": kind.name.zh if kind else None}


def _value(
    edition: Edition, spec: Spec, item: FieldSpec, number: int, keys: Mapping[str, Sequence[str]]
) -> Any:
    if item.code == spec.key:
        return f"{spec.code}{number:03d}"
    for reference in spec.references:
        if reference.field == item.code and item.required:
            held = [key for target in reference.targets for key in keys.get(target, ())]
            return held[0] if held else None
    if not item.required:
        return None
    if item.domain:
        codes = edition.code_lists[item.domain]
        return codes.stored(codes.codes[0])
    return {
        FieldType.INT: int(item.minimum or 1),
        FieldType.FLOAT: float(item.minimum or 1),
        FieldType.DATE: dt.date(2023, 1, 1),
        FieldType.BOOL: True,
    }.get(item.type, f"示例{number}")


def _repeated(spec: Spec, setting: Setting) -> dict[str, Any]:
    """What layers and tables repeat of the plan and of the standard."""
    plan, levels = setting.plan, setting.edition.code_lists.get("GHJB")
    level = levels.of_value(plan.level.value) if levels else None
    told: dict[str, Any] = {
        "GHQSN": plan.first_year,
        "GHMZN": plan.last_year,
        "JZN": plan.base_year,
        "XZQDM": plan.region_code,
        "XZQMC": plan.region_name,
        "XQMC": setting.divisions[1][1],
        "DW": "万吨",
        "NF": plan.last_year,
        "GHJB": level.code if level else None,
    }
    if isinstance(spec, LayerSpec):
        told["YSDM"] = spec.element_code or None
    else:
        told["GHMC"] = plan.name.zh
    held = {name: value for name, value in told.items() if value and spec.field(name)}
    county = spec.field("XQMC")
    if county is not None and not county.required:
        del held["XQMC"]  # empty means the whole region
    return held


def _placed(
    edition: Edition,
    spec: LayerSpec,
    row: Mapping[str, Any],
    number: int,
    divisions: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if not Ground.KEYS & row.keys():
        told |= _free_place(edition, spec, number)
    shape = shape_of({**told, **row})
    if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        return told
    if spec.field("JSMJ") and shape.geom_type.endswith("Polygon"):
        told["JSMJ"] = round(float(ellipsoidal_area([shape])[0]) / 1e6, 4)
    west = (shapely.get_coordinates(shape)[0, 0] - ORIGIN[0]) * _DEGREE_M[0] < _HALF
    code, name = divisions[1 if west else 2]
    if spec.field("XZQDM"):
        told |= {"XZQDM": code, "XZQMC": name}
    return told


def _free_place(edition: Edition, spec: LayerSpec, number: int) -> dict[str, Any]:
    place = edition.layers.index(spec)
    west, south = place % 6 * _CELL + 300 + 20 * number, place // 6 * _CELL + 300
    if spec.geometry.value == "point":
        return {"point": (west, south)}
    if spec.geometry.value == "line":
        return {"line": ((west, south), (west + 1000, south))}
    return {"box": (west, south, west + 1000, south + 1000)}


# -- layers ---------------------------------------------------------------------------------------


def layer_of(spec: Spec, rows: Sequence[Mapping[str, Any]], told: Mapping[str, Any]) -> GivenLayer:
    """A layer of rows; ``told`` is what differs from a sound one."""
    spatial = isinstance(spec, LayerSpec)
    columns = {
        item.code: Column(
            item.code, item.code, _TYPES[item.type], item.length or None, item.decimals or None
        )
        for item in spec.fields
    }
    for name, change in told.get("columns", {}).items():
        columns[name] = Column(**{**_fields(columns.get(name)), "name": name, **change})
    for name in told.get("drop", ()):
        del columns[name]
    values = {
        item.field or item.name: _objects([row.get(item.field or item.name) for row in rows])
        for item in columns.values()
    }
    shapes = _objects([shape_of(row) for row in rows]) if spatial else None
    ground, drawn, system = _drawn(shapes, told)
    return GivenLayer(
        file=told["file"],
        name=told.get("name", spec.code),
        spec=told.get("spec", spec),
        columns=(*columns.values(), *(Column(**item) for item in told.get("more_columns", ()))),
        system=system,
        crs=told.get("crs", "CGCS2000" if spatial else ""),
        geometry_type=told.get("geometry_type", _geometry_type(spec)),
        data=LayerData(
            np.arange(1, len(rows) + 1), values, ground, drawn, tuple(told.get("unclosed", ()))
        ),
        problem=told.get("problem"),
        broken=told.get("broken", False),
    )


def _geometry_type(spec: Spec) -> str:
    return spec.geometry.value if isinstance(spec, LayerSpec) else ""


def _fields(column: Column | None) -> dict[str, Any]:
    if column is None:
        return {}
    return {name: getattr(column, name) for name in Column.__slots__}


def _objects(items: Sequence[Any]) -> GeometryArray:
    made = np.empty(len(items), dtype=object)
    made[:] = items
    return made


def _drawn(
    shapes: GeometryArray | None, told: Mapping[str, Any]
) -> tuple[GeometryArray | None, GeometryArray | None, CoordinateSystem | None]:
    """Ground, coordinates of the file and its system, mistakes of the example put in."""
    system = told.get("system", CoordinateSystem())
    if shapes is None:
        return None, None, None
    if told.get("swap"):
        shapes = shapely.transform(shapes, lambda c: c[:, ::-1])
    if (shift := told.get("shift")) is not None:
        shapes = shapely.transform(shapes, lambda c: c + np.array([shift, 0.0]))
    if system == "zone":
        system = CoordinateSystem(Datum.CGCS2000, 3, zone_of(ORIGIN[0] + (shift or 0)))
    if system == "xian80":
        system = CoordinateSystem(Datum.XIAN80)
    if system is None:
        return None, shapes, None
    drawn = shapes
    if system.is_projected:
        drawn = shapely.transform(shapes, lambda c: from_lonlat(system, c))
    if (digits := told.get("digits")) is not None:
        drawn = shapely.transform(drawn, lambda c: np.round(c, digits))
    return shapes, drawn, system
