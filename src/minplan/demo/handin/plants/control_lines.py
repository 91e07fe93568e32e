"""Faults against control lines: a patch of ground where none may be."""

from __future__ import annotations

import datetime as dt
from typing import Any

from minplan.core.geometry.memory import MemoryLayer
from minplan.demo.handin.plants.planting import At, Folder, plant

_WORDS = {
    "ecological-red-line": ("Q-CL-01", "开采规划区块压占生态保护红线", "a block on the red line"),
    "permanent-basic-farmland": ("Q-CL-02", "开采规划区块压占永久基本农田", "a block on farmland"),
    "urban-development-boundary": ("Q-CL-03", "区块进入城镇开发边界", "a block inside a town"),
    "heritage-protection-area": ("Q-CL-04", "区块压占文物保护范围", "a block on a monument"),
    "nature-reserve": ("Q-CL-05", "区块压占自然保护地", "a block in a reserve"),
}


def _unit(name: str) -> Any:
    def put(folder: Folder) -> At:
        """A control layer with a feature more, on a mining right."""
        with folder.layer("CKQ") as layer:
            key = layer.identifiers()[3]
            shape = layer.shape(key)
        ground = shape.centroid.buffer(0.0005)
        told = {"name": "示意", "kind": "", "level": "国保"}
        version = folder.held.controls[name].version
        added = MemoryLayer.of(
            name, [ground], [told], effective_from=version.effective_from,
            act=version.act, coverage=version.coverage,
        )  # fmt: skip
        folder.hold(controls={**folder.held.controls, name: added})
        return At(layer="CKQ", key=key)

    return put


for _name, (_check, _zh, _en) in _WORDS.items():
    plant(_check, _zh, _en)(_unit(_name))


@plant("Q-CL-06", "管控图层已经失效", "a control layer is no longer in force")
def expired(folder: Folder) -> At:
    """A layer whose act ended before the day of the check."""
    name = "water-project"
    held = folder.held.controls[name]
    ended = MemoryLayer.of(
        name, [], [], act=held.version.act, effective_from=dt.date(2015, 1, 1),
        effective_to=dt.date(2020, 12, 31), coverage=held.version.coverage,
    )  # fmt: skip
    folder.hold(controls={**folder.held.controls, name: ended})
    return At(layer=name)
