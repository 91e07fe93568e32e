"""Many blocks on control lines: looked for cell by cell, they give what one by one gives."""

from __future__ import annotations

import random
from typing import Any

import pytest

from minplan.core.quality import checks  # noqa: F401  (registers the checks)
from minplan.core.quality.check import registered
from minplan.core.quality.checks import control_lines
from minplan.core.quality.engine import inspect
from minplan.core.quality.sandbox import submission

CHANCE = random.Random(4490)
LINE = "ecological-red-line"


def box(size: int) -> dict[str, Any]:
    west, south = CHANCE.randrange(0, 9000), CHANCE.randrange(0, 9000)
    return {"box": (west, south, west + size, south + size)}


def found(given: dict[str, Any]) -> list[tuple[int | None, str]]:
    check = next(item for item in registered() if item.id == "Q-CL-01")
    result = inspect(submission(given), checks=[check]).result("Q-CL-01")
    return [(fault.row, fault.value) for fault in result.faults]


@pytest.mark.parametrize("cell", [0.005, 0.02, 5.0])
def test_cells_and_one_by_one_agree(monkeypatch: pytest.MonkeyPatch, cell: float) -> None:
    given = {
        "controls": {LINE: [box(700) for _ in range(12)]},
        "layers": {"KAIGHQK": [box(300) for _ in range(80)], "KCGHQK": [], "JZKCQ": []},
    }
    monkeypatch.setattr(control_lines, "_FEW", 10_000)
    one_by_one = found(given)
    monkeypatch.setattr(control_lines, "_FEW", 4)
    monkeypatch.setattr(control_lines, "_CELL_DEGREES", cell)
    assert found(given) == one_by_one
    assert one_by_one
