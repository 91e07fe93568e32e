"""Files of corners in any dialect as features: what the reader of proposals makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from minplan.core.errors import InputError
from minplan.core.geometry.corners import ReadOptions, Remark
from minplan.core.geometry.crs import CoordinateSystem
from minplan.formats.drivers.arrow import unique_name
from minplan.formats.drivers.model import (
    Column,
    FeatureTable,
    GeometryType,
    OpenOptions,
    object_array,
)
from minplan.formats.read import read_input
from minplan.formats.reading import InputBlock, InputOptions

#: Codes by which the reader says that there are no corners, or far too many rows.
_NO_CORNERS = ("E110", "E207", "E213", "E203", "E118")


def block_tables(
    path: Path, options: OpenOptions, layer: str | None = None
) -> tuple[list[FeatureTable], list[Remark]] | None:
    """The blocks of a file in lon/lat, one table per layer; None when it holds no corners."""
    system = options.system
    corners = ReadOptions(datum=system.datum if system else None, system=system)
    try:
        reading = read_input(path, InputOptions(corners, layer, options.encoding))
    except InputError as error:
        if error.code in _NO_CORNERS:
            return None
        raise
    groups: dict[str, list[InputBlock]] = {}
    for block in reading.blocks:
        groups.setdefault(block.place.layer or Path(options.name).stem, []).append(block)
    remarks = [*reading.remarks, *(item for block in reading.blocks for item in block.remarks)]
    return [_table(name, blocks) for name, blocks in groups.items()], remarks


def _table(name: str, blocks: Sequence[InputBlock]) -> FeatureTable:
    keys = list(dict.fromkeys(key for block in blocks for key in block.attributes))
    title = unique_name("名称", keys)
    values = {title: object_array(block.name or None for block in blocks)}
    for key in keys:
        values[key] = object_array(_text(block.attributes.get(key)) for block in blocks)
    return FeatureTable(
        name,
        tuple(Column(key) for key in values),
        values,
        object_array(block.polygonal.geometry for block in blocks),
        GeometryType.POLYGON,
        CoordinateSystem(),
    )


def _text(value: object) -> str | None:
    return None if value in (None, "") else str(value)
