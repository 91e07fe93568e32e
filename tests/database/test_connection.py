"""Choosing a database: files, addresses, and what can be neither."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from minplan.core.errors import StoreError
from minplan.database import Database, configure, current, database_settings, migrate, use


def test_importing_the_package_does_not_load_django() -> None:
    code = "import sys, minplan.database; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_database_is_told() -> None:
    code = (
        "from minplan.database import current\nfrom minplan.core.errors import StoreError\n"
        "try:\n    current()\nexcept StoreError as error:\n    print(error.code)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "E801"


def test_settings_of_others_must_hold_the_application() -> None:
    code = (
        "import django\nfrom django.conf import settings\nsettings.configure()\ndjango.setup()\n"
        "from minplan.database import configure\nfrom minplan.core.errors import StoreError\n"
        "try:\n    configure('x.sqlite')\nexcept StoreError as error:\n    print(error.code)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "E802"


def test_unusable_targets(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database at all, but long enough")
    for target in (
        tmp_path,
        tmp_path / "none" / "x.sqlite",
        tmp_path / "text",
        "postgresql://host",
        "mysql://host/name",
    ):
        with pytest.raises(StoreError, match="E801"):
            configure(target)


def test_a_server_that_is_not_there() -> None:
    configure("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StoreError, match="E803"):
        migrate()


def test_addresses_are_taken_apart() -> None:
    entry = database_settings("postgresql://u%40x:p%3Aw@host:5433/name")
    assert [entry[k] for k in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "u@x",
        "p:w",
        "host",
        "5433",
        "name",
    ]


def test_several_databases_in_one_process(tmp_path: Path) -> None:
    first = configure(tmp_path / "a.sqlite")
    second = configure(tmp_path / "b.sqlite")
    assert current() == second
    assert configure(tmp_path / "a.sqlite") == first
    with use(second):
        assert current() == second
    assert current() == first


def test_the_password_is_not_shown() -> None:
    shown = Database("x", "postgresql", "postgresql://u:secret@host:1/name").describe()
    assert shown == "postgresql://host:1/name"


def test_models_and_migrations_agree(tmp_path: Path) -> None:
    code = (
        "from minplan.database import configure\nconfigure('a.sqlite')\n"
        "from django.core.management import call_command\n"
        "call_command('makemigrations', 'minplan', check=True, dry_run=True, verbosity=1)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_empty_server_gets_its_extensions(cluster: str) -> None:
    import psycopg
    from django.db import connections

    with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare")
    made = configure(f"{cluster}/bare")
    migrate()
    migrate()
    with connections[made.alias].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")
        assert cursor.fetchone() == (1,)
    connections[made.alias].close()
