"""Which database the process works on, and how it is opened.

Django is loaded inside the functions: importing the package costs nothing.
"""

# ruff: noqa: PLC0415
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from minplan.core.errors import Place, StoreError
from minplan.core.text import Text

APPLICATION: Final = "minplan.database"
ROUTER: Final = "minplan.database.connection.Router"

#: Seconds a writer waits for another one.
BUSY_SECONDS: Final = 60

# WAL lets readers work beside the one writer; FULL syncs the log at every commit, so that what
# was confirmed outlives a killed process and a power cut alike
_SQLITE_START: Final = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY"
)
_SQLITE_MAGIC: Final = b"SQLite format 3\0"

_chosen: ContextVar[str | None] = ContextVar("minplan_database", default=None)
_targets: dict[str, Path | str] = {}
_standards: dict[str, Path] = {}
_default: list[str] = []


@dataclass(frozen=True, slots=True)
class Database:
    """A database the process knows: Django's alias and what it was configured with.

    ``vendor`` is ``sqlite`` or ``postgresql``; ``standard`` the folder with what a city has added
    to the editions of the data standard (:mod:`minplan.database.editions`), if any.
    """

    alias: str
    vendor: str
    target: Path | str
    standard: Path | None = None

    def describe(self) -> str:
        """The file or the address without the password."""
        if isinstance(self.target, Path):
            return str(self.target)
        parts = urlsplit(self.target)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class Router:
    """Sends every query of the process to the current database."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """The current database."""
        return _alias()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """The current database."""
        return _alias()

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        """Rows of one database may refer to each other."""
        return bool(first._state.db == second._state.db)


def database_settings(target: Path | str) -> dict[str, Any]:
    """The entry for Django's DATABASES of a SQLite file or a ``postgresql://`` address.

    Raises StoreError E801 when the target can be neither.
    """
    if isinstance(target, str) and "://" in target:
        return _postgresql_settings(target)
    return _sqlite_settings(Path(target))


def configure(target: Path | str, standard: Path | None = None) -> Database:
    """Make a SQLite file or a PostgreSQL address the current database of the process.

    The first target configures Django where no settings have done so; further targets become
    further aliases. The same target twice is the same database. Nothing is created yet: see
    :func:`migrate`. ``standard`` is the folder of additions to the data standard; it need not
    exist. A program with Django settings of its own names it by ``MINPLAN_STANDARD``.

    Raises StoreError E801 (not a usable target) or E802 (Django runs with other applications).
    """
    target = target if isinstance(target, str) and "://" in target else Path(target).absolute()
    entry = database_settings(target)
    import django
    from django.conf import settings
    from django.db import connections

    known = next((alias for alias, item in _targets.items() if item == target), None)
    if known is not None:
        alias = known
    elif _is_default(entry):
        _require_application()
        alias = "default"
    elif not settings.configured:
        alias = "default"
        settings.configure(
            INSTALLED_APPS=[APPLICATION],
            DATABASES={alias: entry},
            DATABASE_ROUTERS=[ROUTER],
            USE_TZ=True,
            TIME_ZONE="UTC",
            LOGGING_CONFIG=None,
        )
        django.setup()
    else:
        _require_application()
        alias = f"minplan{len(_targets)}"
        connections.settings[alias] = connections.configure_settings({"default": entry})["default"]
    _targets[alias] = target
    if standard is not None:
        _standards[alias] = standard.absolute()
    _default[:] = [alias]
    _chosen.set(None)
    return current()


def current() -> Database:
    """The database that queries go to.

    Raises StoreError E801 when none is configured.
    """
    from django.conf import settings
    from django.db import connections

    if not settings.configured:
        raise StoreError(
            "E801",
            Text("还没有指定数据库", "no database has been chosen"),
            hint=Text("先调用 configure(文件或地址)", "call configure(file or address) first"),
        )
    alias = _alias()
    vendor = str(connections[alias].vendor)
    target = _targets.get(alias, str(connections[alias].settings_dict["NAME"]))
    named = getattr(settings, "MINPLAN_STANDARD", None)
    return Database(alias, vendor, target, _standards.get(alias, Path(named) if named else None))


@contextmanager
def use(database: Database) -> Iterator[Database]:
    """Send the queries of this block (and of this thread or task only) to a database."""
    token = _chosen.set(database.alias)
    try:
        yield database
    finally:
        _chosen.reset(token)


def migrate(*, everything: bool = False) -> None:
    """Create or update the tables of the current database; PostGIS is added where it is absent.

    ``everything`` includes the tables of the other applications of the settings.

    Raises StoreError E803 when the database cannot be reached or may not be changed.
    """
    from django.core.management import call_command
    from django.db import Error

    database = current()
    scope = () if everything else ("minplan",)
    try:
        call_command("migrate", *scope, database=database.alias, verbosity=0, interactive=False)
    except Error as error:
        raise unreachable(database, error) from error


def unreachable(database: Database, error: Exception) -> StoreError:
    """The error for a database that does not answer or refuses."""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return StoreError(
        "E803",
        Text(f"数据库不可用：{reason}", f"the database cannot be used: {reason}"),
        place=Place(file=database.describe()),
        hint=Text(
            "SQLite 请检查文件和权限；PostgreSQL 请检查服务、账号和扩展 postgis、btree_gist",
            "SQLite: check the file and its rights; PostgreSQL: check the server, the account and"
            " the extensions postgis and btree_gist",
        ),
    )


def _is_default(entry: dict[str, Any]) -> bool:
    """Whether a program's own settings name this database as their default one."""
    from django.conf import settings

    if not settings.configured:
        return False
    default = settings.DATABASES.get("default", {})
    return all(default.get(name) == value for name, value in entry.items() if name != "OPTIONS")


def _alias() -> str:
    return _chosen.get() or (_default[0] if _default else "default")


def _sqlite_settings(file: Path) -> dict[str, Any]:
    usable = file.parent.is_dir() and not file.is_dir()
    if usable and file.is_file() and file.stat().st_size:
        with file.open("rb") as stream:
            usable = stream.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
    if not usable:
        raise StoreError(
            "E801",
            Text("不是可用的数据库文件", "not a usable database file"),
            place=Place(file=str(file)),
            hint=Text(
                "请给出已有的 SQLite 文件，或已有文件夹中的新文件名",
                "name an existing SQLite file, or a new file in an existing folder",
            ),
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": _SQLITE_START,
        },
    }


def _postgresql_settings(target: str) -> dict[str, Any]:
    parts = urlsplit(target)
    name = parts.path.lstrip("/")
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise StoreError(
            "E801",
            Text("数据库地址不对", "not a database address"),
            place=Place(file=parts.scheme),
            hint=Text(
                "写成 postgresql://用户@主机:端口/库名",
                "write postgresql://user@host:port/database",
            ),
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"client_encoding": "UTF8"},
    }


def _require_application() -> None:
    from django.apps import apps

    if not apps.ready or not apps.is_installed(APPLICATION):
        raise StoreError(
            "E802",
            Text(
                "Django 已按别的设置启动，其中没有规划数据库",
                "Django already runs with settings that lack the planning database",
            ),
            hint=Text(
                f"在 INSTALLED_APPS 中加入 {APPLICATION}", f"add {APPLICATION} to INSTALLED_APPS"
            ),
        )
