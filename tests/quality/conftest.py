"""The sound hand-in of the demo plan, made once a run and read once a process."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from filelock import FileLock

from minplan.core.geometry.layer import ConstraintLayer
from minplan.core.geometry.memory import MemoryLayer
from minplan.core.quality.submission import Submission

if TYPE_CHECKING:
    from tests.quality.checking_planted import Sound

DAY = dt.date(2025, 11, 3)
_WORLD = (-180.0, -90.0, 180.0, 90.0)


@pytest.fixture(scope="session")
def made_hand_in(
    built_demo: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Path:
    """A folder with the hand-in and, beside it, its features."""
    from minplan.demo.handin.content import make_content
    from minplan.demo.handin.writing import write_hand_in
    from minplan.workspace import Workspace

    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    folder = base / "hand-in"
    with FileLock(base / "hand-in.lock"):
        if not (folder / "features").exists():
            workspace = Workspace(built_demo)
            edition = workspace.edition()
            content = make_content(workspace.plan(DAY), workspace.layers(DAY), edition)
            write_hand_in(content, folder / "sound", date=DAY)
            (folder / "features").write_bytes(pickle.dumps(dict(content.features)))
    return folder


@pytest.fixture(scope="session")
def sound(made_hand_in: Path, built_demo: Path) -> Sound:
    """The sound hand-in and what it is held to."""
    from tests.quality.checking_planted import Sound

    from minplan.checking.desk import asked_of
    from minplan.demo.handin.content import Content
    from minplan.demo.handin.references import references_of
    from minplan.handin.names import Names
    from minplan.workspace import Workspace

    workspace = Workspace(built_demo)
    workspace.plan(DAY)
    edition = workspace.edition()
    content = Content(edition, pickle.loads((made_hand_in / "features").read_bytes()))
    held = references_of(content.snapshot)
    asked = asked_of(workspace, DAY)
    asked = replace(
        asked,
        references=lambda _: held,
        controls={name: _in_memory(layer) for name, layer in asked.controls.items()},
        load=lambda _: edition,
    )
    root = next((made_hand_in / "sound").iterdir())
    return Sound(root, Names(edition, content.plan), asked)


@pytest.fixture(scope="session")
def before(sound: Sound) -> Iterator[Submission]:
    """The sound hand-in assembled."""
    with sound.assembled(sound.root, sound.asked) as made:
        yield made


def _in_memory(layer: ConstraintLayer) -> MemoryLayer:
    held = layer.candidates(_WORLD)
    ids = [int(item) for item in np.unique(held.feature)]
    told = layer.attributes(ids)
    shapes = [shapely.union_all(held.geometry[held.feature == item]) for item in ids]
    version = layer.version
    return MemoryLayer.of(
        version.name,
        shapes,
        [told[item] for item in ids],
        act=version.act,
        effective_from=version.effective_from,
        coverage=version.coverage,
    )
