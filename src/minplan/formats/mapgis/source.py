"""An opened MapGIS file: one layer, named after the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.text import Text
from minplan.formats.drivers.model import (
    BATCH_SIZE,
    FeatureTable,
    LayerDescription,
    OpenOptions,
    object_array,
)
from minplan.formats.mapgis.attributes import read_table
from minplan.formats.mapgis.layout import read_layout
from minplan.formats.mapgis.place import read_ground
from minplan.formats.mapgis.shapes import Shapes

_ENCODING: Final = "GB18030"


class MapgisSource:
    """The layer of a MapGIS file, read in batches; see :class:`FeatureSource`."""

    def __init__(self, path: Path, options: OpenOptions) -> None:
        """Check the file; raises InputError E161 when it is not exactly as expected."""
        self._name = options.name
        self._layer = path.stem
        self._encoding = options.encoding or _ENCODING
        self._layout = read_layout(options.name, np.memmap(path, dtype=np.uint8, mode="r"))
        self._ground = read_ground(self._layout)
        self._system = options.system or self._ground.system
        self._stated = options.system is not None
        self._shapes = Shapes(self._layout, self._ground)
        self._table = read_table(
            self._layout, self._layout.kind.attributes, self._shapes.count, self._encoding
        )

    @property
    def layers(self) -> tuple[str, ...]:
        """The one layer."""
        return (self._layer,)

    @property
    def remarks(self) -> Sequence[Remark]:
        """That the format is not certain, and what is not read."""
        place = Place(file=self._name)
        remarks = [
            Remark(
                "E239",
                Level.CONFIRM,
                Text(
                    "MapGIS 格式没有公开，按公开资料推断读取：请与原图核对范围、面积和属性",
                    "the MapGIS format is not public: compare extent, areas and attributes with "
                    "the original map",
                ),
                place=place,
            )
        ]
        if self._shapes.texts:
            count = self._shapes.texts
            remarks.append(
                Remark(
                    "E238",
                    Level.INFO,
                    Text(
                        f"{count} 个注记点的文字不读", f"the texts of {count} points are not read"
                    ),
                    place=place,
                )
            )
        return remarks

    def describe(self, layer: str) -> LayerDescription:
        """Describe the layer; InputError E219 for another name."""
        self._check(layer)
        return LayerDescription(
            name=layer,
            columns=self._table.columns,
            geometry_type=self._layout.kind.geometry_type,
            count=len(self._shapes.rows),
            system=self._system,
            crs_wkt=None,
            crs_evidence=(
                Text("由用户指定", "stated by the user") if self._stated else self._ground.evidence
            ),
            encoding=self._encoding,
            encoding_evidence=Text("MapGIS 的文字是 GBK", "text of MapGIS is GBK"),
            remarks=tuple(self.remarks),
        )

    def batches(self, layer: str, size: int = BATCH_SIZE) -> Iterator[FeatureTable]:
        """Read the layer in batches; InputError E161 for areas that do not close."""
        self._check(layer)
        for start in range(0, max(len(self._shapes.rows), 1), size):
            rows = self._shapes.rows[start : start + size].tolist()
            yield FeatureTable(
                layer,
                self._table.columns,
                self._table.values(rows),
                object_array(self._shapes.build(rows)),
                self._layout.kind.geometry_type,
                self._system,
                None,
                start + 1,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is held but a map of the file, which ends with its last use."""

    def _check(self, layer: str) -> None:
        if layer != self._layer:
            raise InputError(
                "E219",
                Text(f"{self._name} 没有图层“{layer}”", f"{self._name} has no layer {layer!r}"),
                place=Place(file=self._name),
                hint=Text(f"图层有：{self._layer}", f"layers: {self._layer}"),
            )
