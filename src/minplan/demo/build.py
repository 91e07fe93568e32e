"""Build the embedded workspace of the demo: the Changzhi plan, schematic geometry and layers.

All geometry is schematic (示意); a bureau replaces it by adding its own layers and plan geometry
through the same doors.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.layer import Bounds
from minplan.core.plan.model import Level, PlanSnapshot, ZoneKind
from minplan.core.review.edition import sources_digest
from minplan.core.text import Text
from minplan.demo.samples import write_samples
from minplan.demo.schematic.controls import Feature
from minplan.demo.schematic.ground import Ground, draw, facts
from minplan.demo.schematic.plane import to_ground
from minplan.formats.plan_package import load_plan
from minplan.workspace import Workspace

ACT = "示意数据（由规划文本中的事实生成，非测绘成果）"
EFFECTIVE_FROM = dt.date(2021, 1, 1)
_STAMP = ".demo"
Progress = Callable[[Text, int, int], None]


def build(workspace: Workspace, progress: Progress) -> PlanSnapshot:
    """Fill ``workspace`` with the demo; what the same demo built before is kept as it is.

    ``progress`` is told each step as (what, number, of how many).
    """
    stamp = workspace.folder / _STAMP
    if stamp.is_file() and stamp.read_text("ascii") == _edition():
        return workspace.plan(dt.date.max)
    with resources.as_file(facts()) as folder, tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        progress(Text("绘制县界与规划分区（示意）", "drawing counties and zones (schematic)"), 0, 1)
        package = work / "plan"
        shutil.copytree(folder / "plan", package)
        ground = draw(load_plan(package))
        add_geometry(package, ground)
        snapshot = workspace.add_plan(package)
        write_samples(workspace.folder / "proposals", ground)
        city = shapely.union_all([to_ground(county.shape) for county in ground.counties])
        _add_layers(workspace, ground.layers, city.bounds, work, progress)
    stamp.write_text(_edition(), encoding="ascii")
    return snapshot


def _edition() -> str:
    """Hash over the facts and the drawing code: another demo is built anew."""
    return sources_digest("minplan.demo", "minplan.core.geometry", "minplan.layers")


def add_geometry(package: Path, ground: Ground) -> None:
    """Add the drawn geometry to a plan package: counties, zones, and the schematic blocks."""
    shapes = {
        **ground.zones,
        **{county.code: county.shape for county in ground.counties},
        **{block.code: block.shape for block in ground.blocks},
    }
    _append(
        package / "zones.csv",
        [
            {
                "code": block.code,
                "kind": ZoneKind.MINING_BLOCK.value,
                "name": f"开采规划区块 {block.code}（示意）",
                "counties": "、".join(block.zone.counties),
                "region": block.zone.region,
                "level": Level.CITY.value,
                "clause": block.zone.clause,
                "note": "示意：规划文本未公布区块范围",
            }
            for block in ground.blocks
        ],
    )
    _append(
        package / "zone_minerals.csv",
        [{"zone": block.code, "mineral": block.mineral} for block in ground.blocks],
    )
    codes = sorted(shapes)
    _write(
        package / "geometry.gpkg",
        "zones",
        [shapes[code] for code in codes],
        {"code": np.array(codes, dtype=object), "schematic": np.ones(len(codes), dtype=bool)},
    )


def _append(file: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Append rows to a CSV file in the order of its own header."""
    with file.open(newline="", encoding="utf-8") as lines:
        header = next(csv.reader(lines))
    with file.open("a", newline="", encoding="utf-8") as lines:
        csv.DictWriter(lines, header, lineterminator="\n").writerows(rows)


def _add_layers(
    workspace: Workspace,
    layers: Mapping[str, Sequence[Feature]],
    coverage: Bounds,
    work: Path,
    progress: Progress,
) -> None:
    held = {item.version.name for item in workspace.library.list()}
    for number, (name, features) in enumerate(sorted(layers.items()), start=1):
        progress(Text(f"图层 {name}", f"layer {name}"), number, len(layers))
        if name in held:
            continue
        file = work / f"{name}.gpkg"
        _write(file, name, [item.geometry for item in features], _columns(features))
        workspace.library.add(
            file,
            name=name,
            act=ACT,
            effective_from=EFFECTIVE_FROM,
            source="minplan demo",
            owner="示意",
            schematic=True,
            coverage=coverage,
        )


def _columns(features: Sequence[Feature]) -> dict[str, np.ndarray]:
    names = list(dict.fromkeys(key for item in features for key in item.attributes))
    return {
        name: np.array(
            [item.attributes.get(name) for item in features], dtype=_kind(name, features)
        )
        for name in names
    }


def _kind(name: str, features: Iterable[Feature]) -> type:
    values = [item.attributes.get(name) for item in features]
    numeric = all(value is None or isinstance(value, float) for value in values)
    return np.float64 if numeric and any(value is not None for value in values) else np.object_


def _write(
    file: Path, layer: str, shapes: Sequence[BaseGeometry], columns: Mapping[str, np.ndarray]
) -> None:
    """Write shapes of the plane as a GeoPackage in EPSG:4490."""
    ground = np.array([to_ground(shape) for shape in shapes], dtype=object)
    pyogrio.raw.write(
        file,
        shapely.to_wkb(ground),
        list(columns.values()),
        list(columns),
        layer=layer,
        driver="GPKG",
        geometry_type="Unknown",
        crs="EPSG:4490",
    )
