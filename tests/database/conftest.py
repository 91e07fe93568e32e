"""Both engines: a SQLite file, and a database of one private PostgreSQL cluster per test run."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from filelock import FileLock

from minplan.database import Database, configure, migrate

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "minplan_template"


def _postgres() -> ModuleType:
    spec = importlib.util.spec_from_file_location("minplan_postgres", ROOT / "tools/postgres.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of the run's cluster; the first process starts it, the last one stops it."""
    tool = _postgres()
    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    state, users, lock = (
        base / "postgres",
        base / "postgres.users",
        FileLock(base / "postgres.lock"),
    )
    with lock:
        if not state.exists():
            state.write_text(_start(tool), encoding="utf-8")
        told = state.read_text(encoding="utf-8").split("\n")
        users.write_text(str(_count(users) + 1), encoding="utf-8")
    if told[0] == "unavailable":
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL/PostGIS is needed here: {told[1]}")
        pytest.skip(f"PostgreSQL/PostGIS unavailable: {told[1]}")
    yield told[0]
    with lock:
        left = _count(users) - 1
        users.write_text(str(left), encoding="utf-8")
        if left == 0:
            tool.stop(tool.Cluster(Path(told[1]), Path(told[2]), told[0]))
            state.unlink()


def _start(tool: ModuleType) -> str:
    try:
        made = tool.start()
    except tool.Unavailable as error:
        return f"unavailable\n{error}"
    _make_template(made.address)
    return f"{made.address}\n{made.folder}\n{made.binaries}"


def _make_template(address: str) -> None:
    """A database with its tables, of which the tests get copies."""
    _execute(address, f"CREATE DATABASE {TEMPLATE}")
    made = configure(f"{address}/{TEMPLATE}")
    migrate()
    close(made)


def _execute(address: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(statement)


def _count(file: Path) -> int:
    return int(file.read_text(encoding="utf-8")) if file.exists() else 0


def new_target(engine: str, folder: Path, request: pytest.FixtureRequest) -> Path | str:
    """A database of its own: a new file, or a copy of the template that is dropped in the end."""
    name = f"m{uuid.uuid4().hex[:12]}"
    if engine == "sqlite":
        return folder / f"{name}.sqlite"
    address: str = request.getfixturevalue("cluster")
    with FileLock(Path(tempfile.gettempdir()) / "minplan-template.lock"):
        _execute(address, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    request.addfinalizer(lambda: _execute(address, f"DROP DATABASE {name} WITH (FORCE)"))
    return f"{address}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The engine a test runs on; every test of the database runs on both."""
    return str(request.param)


@pytest.fixture
def database(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh database with its tables, current for the test."""
    made = configure(new_target(engine, tmp_path, request))
    migrate()
    yield made
    close(made)


@pytest.fixture
def both(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Database, Database]]:
    """A fresh database on each engine; SQLite is current."""
    server = configure(new_target("postgresql", tmp_path, request))
    migrate()
    embedded = configure(new_target("sqlite", tmp_path, request))
    migrate()
    yield embedded, server
    close(embedded)
    close(server)


def close(database: Database) -> None:
    from django.db import connections

    connections[database.alias].close()


@pytest.fixture(scope="session")
def new_database() -> Any:
    """Make a target: ``new_database(engine, folder, request)``."""
    return new_target
