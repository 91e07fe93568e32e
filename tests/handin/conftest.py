"""The demo plan with its schematic geometry as a package, and a database that holds it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from filelock import FileLock
from tests.database.conftest import cluster  # noqa: F401  the cluster of the run
from tests.handin.making import close, fresh, hand_in, take_in

from minplan.database import Database, configure
from minplan.demo.build import add_geometry, draw, facts
from minplan.formats.plan_package import load_plan


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo plan as a package with geometry, drawn once a run."""
    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    folder = base / "demo-package"
    with FileLock(base / "demo-package.lock"):
        if not folder.exists():
            made = tmp_path_factory.mktemp("drawn") / "plan"
            with resources.as_file(facts()) as source:
                shutil.copytree(source / "plan", made)
            add_geometry(made, draw(load_plan(made)))
            shutil.copytree(made, folder)
    return folder


@pytest.fixture(scope="session")
def filled(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that holds the demo plan; tests read it or copy it."""
    folder = tmp_path_factory.mktemp("filled")
    database = fresh(folder, "filled")
    take_in(package)
    close(database)
    return folder / "filled.sqlite"


@pytest.fixture(scope="session")
def folders(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A hand-in folder of the demo plan in every format."""
    target = tmp_path_factory.mktemp("handed-in")
    database = configure(filled)
    made = {key: hand_in(target / key, key).folder for key in ("gdb", "shp", "gpkg", "vct")}
    close(database)
    return made


@pytest.fixture
def held(filled: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of its own that holds the demo plan, current for the test."""
    database = configure(Path(shutil.copyfile(filled, tmp_path / "held.sqlite")))
    yield database
    close(database)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """A fresh database, current for the test."""
    database = fresh(tmp_path, "empty")
    yield database
    close(database)
