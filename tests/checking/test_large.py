"""A layer of a million vertices: what is wrong is found, in bounded memory."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.submissions import block

_VERTICES = 1_000_000
#: bytes that the check of it may take
_MEMORY = 1 << 30


@pytest.fixture(autouse=True)
def _tables(tmp_path: Path) -> Iterator[None]:
    from minplan.database import configure, use

    with use(configure(tmp_path / "any.sqlite")):
        yield


def ragged(west: float, south: float, radius: float) -> list[list[float]]:
    """A ring around a point whose edge goes in and out at every vertex."""
    turn = np.linspace(0, 2 * np.pi, _VERTICES, endpoint=False)
    away = radius * (1 + 0.05 * np.sin(turn * 977) + 1e-3 * (np.arange(_VERTICES) % 2))
    ring = np.column_stack([west + away * np.cos(turn), south + away * np.sin(turn)])
    return [*ring.tolist(), ring[0].tolist()]


@pytest.mark.slow
def test_a_polygon_of_a_million_vertices_is_checked(tmp_path: Path) -> None:
    from minplan.checking.asked import Asked
    from minplan.checking.assembling import submission
    from minplan.core.quality.engine import inspect
    from minplan.core.quality.inspection import State

    large = block("1", 113.0)
    large["geometry"]["coordinates"] = [ragged(113.0, 36.2, 0.02)]
    file = tmp_path / "1404003KAIGHQK2025.geojson"
    told = {"type": "FeatureCollection", "features": [large, block("2", 113.0)]}
    file.write_text(json.dumps(told), encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with submission(file, Asked(target="KAIGHQK")) as found:
        made = inspect(found)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < _MEMORY
    assert [item.check for item in made.faults if item.check == "Q-TO-01"]
    not_made = {item.check for item in made.results if item.state is State.NOT_CHECKED}
    without_a_plan = {"Q-VA-15", "Q-GE-15", "Q-GE-16"}
    assert all(name.startswith("Q-CL-") for name in not_made - without_a_plan)
