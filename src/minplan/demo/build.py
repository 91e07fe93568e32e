"""Build the embedded workspace of the demo: the Changzhi plan, schematic geometry and layers.

All geometry is schematic (示意); a bureau replaces it by adding its own layers and plan geometry
through the same doors.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.core.text import Text
from minplan.demo.schematic.controls import Feature, draw_controls
from minplan.demo.schematic.counties import County, draw_counties, read_seats
from minplan.demo.schematic.plane import to_ground
from minplan.demo.schematic.rights import draw_rights
from minplan.demo.schematic.zones import draw_zones, read_placement
from minplan.formats.plan_package import load_plan
from minplan.workspace import Workspace

ACT = "示意数据（由规划文本中的事实生成，非测绘成果）"
EFFECTIVE_FROM = dt.date(2021, 1, 1)
Progress = Callable[[Text, int, int], None]


def facts() -> Traversable:
    """The folder of facts the demo is made from."""
    return resources.files("minplan.demo") / "changzhi"


def build(workspace: Workspace, progress: Progress) -> PlanSnapshot:
    """Fill ``workspace`` with the demo; what is already there is kept.

    ``progress`` is told each step as (what, number, of how many).
    """
    with resources.as_file(facts()) as folder, tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        progress(Text("绘制县界与规划分区（示意）", "drawing counties and zones (schematic)"), 0, 1)
        counties = draw_counties(read_seats(facts() / "seats.csv"))
        package = work / "plan"
        shutil.copytree(folder / "plan", package)
        plan = _with_geometry(package, counties)
        snapshot = workspace.add_plan(package)
        areas = _shapes_of(plan, ZoneKind.CONCENTRATED_MINING_AREA, counties)
        layers = {
            **draw_controls(counties, areas.values()),
            **draw_rights(facts() / "rights.csv", counties, areas),
        }
        _add_layers(workspace, layers, work, progress)
    return snapshot


def _shapes_of(
    plan: PlanSnapshot, kind: ZoneKind, counties: Sequence[County]
) -> dict[str, shapely.Polygon]:
    placement = read_placement(facts() / "placement.csv")
    return draw_zones(plan.zones_of(kind), counties, placement)


def _with_geometry(package: Path, counties: Sequence[County]) -> PlanSnapshot:
    """Write ``geometry.gpkg`` into the plan package: counties and every zone with an area."""
    plan = load_plan(package)
    placement = read_placement(facts() / "placement.csv")
    shapes: dict[str, BaseGeometry] = dict(draw_zones(plan.zones, counties, placement))
    shapes.update({county.code: county.shape for county in counties})
    known = {zone.code for zone in plan.zones}
    codes = sorted(code for code in shapes if code in known)
    _write(
        package / "geometry.gpkg",
        "zones",
        [shapes[code] for code in codes],
        {"code": np.array(codes, dtype=object), "schematic": np.ones(len(codes), dtype=bool)},
    )
    return plan


def _add_layers(
    workspace: Workspace,
    layers: Mapping[str, Sequence[Feature]],
    work: Path,
    progress: Progress,
) -> None:
    held = {item.name for item in workspace.library.list()}
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
