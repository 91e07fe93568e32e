"""Sources whose layers are read without GDAL: described once, read in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

import shapely

from minplan.core.errors import Place
from minplan.core.geometry.corners import Remark
from minplan.core.text import Text
from minplan.formats.drivers.arrow import TYPE_IDS
from minplan.formats.drivers.evidence import Extent, system_evidence
from minplan.formats.drivers.model import (
    BATCH_SIZE,
    FeatureTable,
    GeometryType,
    LayerDescription,
    OpenOptions,
    object_array,
)
from minplan.formats.drivers.ogr import empty_table, find, only

Reader = Callable[[LayerDescription, int], Iterator[FeatureTable]]


@dataclass(slots=True)
class TableSource:
    """Layers with what is known of them; ``read`` gives the batches of one."""

    options: OpenOptions
    members: Mapping[str, LayerDescription]
    read: Reader
    remarks: list[Remark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.members = only(self.members, self.options)
        for told in self.members.values():
            self.remarks.extend(item for item in told.remarks if item not in self.remarks)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers."""
        return tuple(self.members)

    def describe(self, layer: str) -> LayerDescription:
        """Describe a layer; InputError E219 when there is no such layer."""
        found: LayerDescription = find(self.members, layer, self.options.name)
        return found

    def batches(self, layer: str, size: int = BATCH_SIZE) -> Iterator[FeatureTable]:
        """Read a layer in batches."""
        told = self.describe(layer)
        some = False
        for table in self.read(told, size):
            some = True
            yield table
        if not some:
            yield empty_table(told)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return


def in_memory(
    options: OpenOptions, tables: Sequence[FeatureTable], remarks: Sequence[Remark] = ()
) -> TableSource:
    """A source of tables that were read whole, their systems judged where they have none."""
    by_name = {table.name: table for table in tables}
    members = {name: described(table, options) for name, table in by_name.items()}

    def read(told: LayerDescription, size: int) -> Iterator[FeatureTable]:
        table = by_name[told.name]
        for first in range(0, len(table), size):
            yield replace(
                part(table, first, first + size), system=told.system, crs_wkt=told.crs_wkt
            )

    return TableSource(options, members, read, list(remarks))


def part(table: FeatureTable, first: int, last: int) -> FeatureTable:
    """The features ``first`` to ``last`` (exclusive) of a table."""
    return replace(
        table,
        values={name: values[first:last] for name, values in table.values.items()},
        geometry=None if table.geometry is None else table.geometry[first:last],
        first_row=table.first_row + first,
    )


def described(
    table: FeatureTable, options: OpenOptions, declared: str | None = None
) -> LayerDescription:
    """The description of a table read whole."""
    told = LayerDescription(
        name=table.name,
        columns=table.columns,
        geometry_type=table.geometry_type,
        count=len(table),
        system=None,
        crs_wkt=None,
        crs_evidence=Text("没有图形", "no geometry"),
    )
    if table.geometry is None:
        return told
    if options.system is None and table.system is not None:
        options = replace(options, system=table.system)
    found = by_sample(told, table.geometry, options, declared)
    return replace(found, geometry_type=table.geometry_type)


def by_sample(
    told: LayerDescription,
    geometry: Iterable[object],
    options: OpenOptions,
    declared: str | None = None,
) -> LayerDescription:
    """The description with what some of the geometries tell: their type and the system."""
    extent: Extent | None = None
    shapes = object_array(item for item in geometry if item is not None)
    if len(shapes):
        west, south, east, north = map(float, shapely.total_bounds(shapes))
        extent = (west, south, east, north)
    place = Place(file=options.name, layer=told.name)
    found = system_evidence(declared, extent, place, stated=options.system)
    return replace(
        told,
        geometry_type=kind_of(list(shapes)),
        system=found.system,
        crs_wkt=found.crs_wkt,
        crs_evidence=found.evidence,
        remarks=found.remarks,
        extent=extent,
    )


def kind_of(geometry: Sequence[object]) -> GeometryType:
    """The type of geometries: one kind, or mixed."""
    ids = {int(item) for item in shapely.get_type_id(object_array(geometry))} - {-1}
    for kind, allowed in TYPE_IDS.items():
        if ids and ids <= set(allowed):
            return kind
    return GeometryType.MIXED
