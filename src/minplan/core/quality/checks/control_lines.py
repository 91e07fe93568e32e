"""Planning blocks and rights against the control lines of the layer library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely

from minplan.core.basis import Basis
from minplan.core.geometry.layer import ConstraintLayer
from minplan.core.geometry.overlay import Overlap, overlaps, prepare
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.quality.check import (
    Evaluate,
    Example,
    Family,
    Found,
    NotApplicable,
    NotChecked,
    Scope,
    check,
)
from minplan.core.quality.coverage import areal, polygonal
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import (
    CONTROL_LINES,
    FARMLAND,
    HERITAGE,
    MINERAL_LAW,
    quality,
)
from minplan.core.quality.submission import Context, LayerSource, SubmissionKind
from minplan.core.quality.view import IndexArray, View
from minplan.core.quality.words import constraint_names, dictionary
from minplan.core.text import Text
from minplan.core.tolerances import NOISE_AREA_M2

_BLOCK: Final = "KAIGHQK"
_MEND: Final = Text(
    "裁去压占部分，或说明符合准入的理由", "cut the overlap away, or state why it is allowed"
)

_HOW: Final = Text(
    "规划区块、集中开采区和矿业权逐个与图层库中的现行版本叠加，重叠面积按椭球面积计。",
    "Blocks, concentrated mining areas and rights are laid over the version in force of the layer "
    "library; overlaps are ellipsoidal areas.",
)
#: Names told in one fault; the map and the area tell the rest.
_NAMED: Final = 3
#: So many features are asked for one by one.
_FEW: Final = 32
#: Width of the cells in which many features are looked for together.
_CELL_DEGREES: Final = 0.1


def _name(layer: str) -> Text:
    return constraint_names().get(layer, Text(layer, layer))


def _watched(ctx: Context) -> list[LayerSource]:
    """The layers of the submission whose features must keep off control lines."""
    told = dictionary()["kinds"]
    held = [
        source
        for source, spec in ctx.spatial()
        if source.geometry_type
        and (spec.zone_kind in told["bounded"] or spec.constraint in told["bounded_rights"])
    ]
    if not held:
        raise NotApplicable
    return held


def _overlaps(ctx: Context, names: list[str]) -> Iterator[Found]:
    """Faults for everything that lies on one of the control layers."""
    sources = _watched(ctx)
    for name in names:
        layer = ctx.submission.controls.get(name)
        if layer is None:
            told = _name(name)
            yield NotChecked(Text(f"没有{told.zh}图层", f"no layer of {told.en}"))
            continue
        for source in sources:
            yield from _on(ctx, source, name, layer)


def _on(ctx: Context, source: LayerSource, name: str, layer: ConstraintLayer) -> Iterator[Found]:
    view = ctx.take(source)
    uncovered = _uncovered(view, layer)
    if uncovered:
        told = _name(name)
        yield NotChecked(
            Text(
                f"{told.zh}图层没有覆盖 {uncovered} 个要素",
                f"the layer of {told.en} does not cover {uncovered} features",
            )
        )
    for index in _candidates(view, layer):
        block = prepare(Polygonal(polygonal_of(view.sound[index])))
        found = overlaps(block, layer, pieces=ctx.room > 0)
        hits = [item for item in found if item.area_m2 >= ctx.parameters["square_metres"]]
        if hits:
            yield _fault(ctx, view, int(index), name, hits)


def polygonal_of(shape: Any) -> Any:
    """The areas of a shape, without lines and points that mending may have left."""
    return polygonal(np.array([shape], dtype=object))[0]


def _uncovered(view: View, layer: ConstraintLayer) -> int:
    if layer.version.coverage is None or not len(view.present):
        return 0
    boxes = shapely.bounds(view.shapes[view.present])
    return sum(not layer.version.covers(tuple(box)) for box in boxes)


def _candidates(view: View, layer: ConstraintLayer) -> IndexArray:
    """Features that touch something of the control layer, looked for cell by cell.

    Most features of a large layer touch nothing: a tree over the parts near a cell finds the few
    that do, and the kernel measures those alone.
    """
    held = areal(view)
    extent = layer.version.extent
    if extent is None or not len(held):
        return held[:0]
    west, south, east, north = shapely.bounds(view.sound[held]).T
    meets = (west <= extent[2]) & (east >= extent[0]) & (south <= extent[3]) & (north >= extent[1])
    near: IndexArray = held[meets]
    if len(near) <= _FEW:
        return near
    shapes = view.sound[near]
    cells = np.floor(shapely.get_coordinates(shapely.centroid(shapes)) / _CELL_DEGREES)
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    order = np.argsort(cell.ravel(), kind="stable")
    ends = np.flatnonzero(np.diff(cell.ravel()[order])) + 1
    touching = [_touching(shapes, group, layer) for group in np.split(order, ends)]
    found: IndexArray = near[np.sort(np.concatenate(touching))]
    return found


def _touching(shapes: Any, group: IndexArray, layer: ConstraintLayer) -> IndexArray:
    bounds = shapely.total_bounds(shapes[group])
    parts = layer.candidates(tuple(bounds)).geometry
    if not len(parts):
        nothing: IndexArray = group[:0]
        return nothing
    hits = shapely.STRtree(parts).query(shapes[group], predicate="intersects")[0]
    found: IndexArray = group[np.unique(hits)]
    return found


def _fault(ctx: Context, view: View, index: int, name: str, hits: list[Overlap]) -> Fault:
    area = sum(item.area_m2 for item in hits)
    share = sum(item.share_of_block for item in hits)
    told = _name(name)
    named = _named(hits)
    return ctx.at(
        view,
        index,
        Text(
            f"压占{told.zh}{named.zh} {area:.2f} 平方米（占 {min(share, 1.0):.2%}）",
            f"lies on {told.en}{named.en} by {area:.2f} m² ({min(share, 1.0):.2%})",
        ),
        value=f"{name} {area:.2f} m²",
        geometry=shapely.union_all([item.geometry for item in hits]) if ctx.room > 0 else None,
    )


def _named(hits: list[Overlap]) -> Text:
    """The first few names of what is lain on, and how many there are in all."""
    names = [str(item.attributes.get("name") or "") for item in hits]
    known = list(dict.fromkeys(filter(None, names)))
    if not known:
        return Text("", "")
    shown, total = known[:_NAMED], len(known)
    zh, en = f"“{'、'.join(shown)}”", f" {', '.join(shown)}"
    if total > len(shown):
        zh, en = f"{zh}等 {total} 处", f"{en} and others ({total} in all)"
    return Text(zh, en)


def _examples(name: str, title: str) -> tuple[Example, ...]:
    ground = {"box": (0, 0, 500, 500), "name": title}
    others = {item: [{"box": (8000, 8000, 9000, 9000)}] for item in _group(name)}
    return (
        Example(
            Text("区块在外", "off the line"),
            0,
            {
                "controls": {**others, name: [ground]},
                "layers": {_BLOCK: [{"box": (600, 0, 1500, 900)}], "KCGHQK": []},
            },
        ),
        Example(
            Text("压占一角", "on a corner of it"),
            1,
            {
                "controls": {**others, name: [ground]},
                "layers": {_BLOCK: [{"box": (400, 400, 1500, 900)}], "KCGHQK": []},
            },
        ),
        Example(Text("没有图层时不算通过", "no layer is no pass"), 0),
    )


def _group(name: str) -> list[str]:
    for told in dictionary()["control"]:
        if name in told["layers"]:
            return list(told["layers"])
    return [name]


def _register(id: str, title: Text, level: Level, basis: tuple[Basis, ...], sample: str) -> None:
    names = next(item["layers"] for item in dictionary()["control"] if item["check"] == id)

    def evaluate(ctx: Context) -> Iterator[Found]:
        yield from _overlaps(ctx, names)

    made: Evaluate = evaluate
    check(
        id,
        title,
        family=Family.CONTROL_LINES,
        scope=Scope.LAYERS,
        level=level,
        weight=2.0 if level is Level.ERROR else 1.0,
        basis=basis,
        explanation=_HOW,
        mend=_MEND,
        parameters={"square_metres": NOISE_AREA_M2},
        examples=_examples(sample, _name(sample).zh),
    )(made)


_register(
    "Q-CL-01",
    Text("不压占生态保护红线", "Off the ecological red line"),
    Level.ERROR,
    (CONTROL_LINES, quality("管控边界")),
    "ecological-red-line",
)
_register(
    "Q-CL-02",
    Text("不压占永久基本农田", "Off permanent basic farmland"),
    Level.ERROR,
    (FARMLAND, CONTROL_LINES),
    "permanent-basic-farmland",
)
_register(
    "Q-CL-03",
    Text("不进入城镇开发边界", "Outside the urban development boundary"),
    Level.WARNING,
    (CONTROL_LINES, quality("管控边界")),
    "urban-development-boundary",
)
_register(
    "Q-CL-04",
    Text("不压占文物保护范围和建设控制地带", "Off heritage protection areas and control zones"),
    Level.ERROR,
    (HERITAGE, quality("管控边界")),
    "heritage-protection-area",
)
_register(
    "Q-CL-05",
    Text("不压占自然保护地、水源地等禁限区", "Off nature reserves, water sources and the like"),
    Level.WARNING,
    (MINERAL_LAW, quality("管控边界")),
    "nature-reserve",
)


@check(
    "Q-CL-06",
    Text("管控图层在检查日期有效并覆盖规划区", "Control layers are in force and cover the region"),
    family=Family.CONTROL_LINES,
    scope=Scope.LAYERS,
    level=Level.WARNING,
    basis=quality("管控边界"),
    explanation=Text(
        "用过期的或没有覆盖全区的管控图层检查，结论不可靠。",
        "With a layer that is out of force or does not cover the region the answer is not "
        "reliable.",
    ),
    mend=Text("向主管部门取得现行版本并入库", "get the version in force and add it to the library"),
    examples=(
        Example(
            Text("现行版本", "in force"),
            0,
            {
                "controls": {
                    "ecological-red-line": {
                        "rows": [{"box": (0, 0, 9, 9)}],
                        "version": {"effective_from": "2023-01-01"},
                    }
                }
            },
        ),
        Example(
            Text("已失效，又只覆盖一半", "out of force, and half of the region"),
            2,
            {
                "controls": {
                    "ecological-red-line": {
                        "rows": [{"box": (0, 0, 9, 9)}],
                        "version": {
                            "effective_to": "2023-01-01",
                            "coverage": (0, 0, 5000, 10_000),
                        },
                    }
                }
            },
        ),
    ),
)
def versions(ctx: Context) -> Iterator[Found]:
    """Control layers that are out of force or too small."""
    _watched(ctx)
    submission = ctx.submission
    if not submission.controls:
        if submission.kind is SubmissionKind.PACKAGE:
            raise NotChecked(Text("没有管控图层", "there are no control layers"))
        raise NotApplicable
    for name, layer in sorted(submission.controls.items()):
        version, told = layer.version, _name(name)
        if submission.date is not None and not version.in_force(submission.date):
            span = f"{version.effective_from or ''}…{version.effective_to or ''}"
            yield ctx.fault(
                Text(f"{told.zh}在检查日期无效（{span}）", f"{told.en} is not in force ({span})"),
                layer=name,
                value=span,
                limit=submission.date.isoformat(),
            )
        region = submission.region
        if region is not None and not version.covers(region.bounds):
            yield ctx.fault(
                Text(f"{told.zh}没有覆盖整个规划区", f"{told.en} does not cover the region"),
                layer=name,
                field="coverage",
            )
