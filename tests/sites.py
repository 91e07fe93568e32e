"""Workspaces with accounts, for tests of pages."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOW = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
PASSWORD = "Sheshi-2026-ok"
#: Account, roles, counties.
ACCOUNTS = {
    "guihua": (("planning",), ()),
    "kuangquan": (("rights",), ()),
    "kuangquan2": (("rights",), ()),
    "chuliang": (("reserves",), ()),
    "xiufu": (("restoration",), ()),
    "licheng": (("county",), ("黎城县",)),
    "qinyuan": (("county",), ("沁源县",)),
    "lingdao": (("leader",), ()),
    "admin": (("administrator",), ()),
}


def make_site(demo: Path, folder: Path) -> None:
    """Copy the demo workspace and add the accounts and all tables of the web face."""
    from minplan.database import accounts, migrate

    shutil.copytree(demo, folder)
    with opened(folder):
        migrate(everything=True)
        for username, (roles, areas) in ACCOUNTS.items():
            accounts.register(
                username, PASSWORD, roles=roles, areas=areas, actor="test", recorded=NOW
            )


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """Let this process work on a workspace: its configuration and its database."""
    from django.db import connections

    from minplan.database import configure, use
    from minplan.web.configuration import configuration

    before = os.environ.get("MINPLAN_WORKSPACE")
    os.environ["MINPLAN_WORKSPACE"] = str(folder)
    configuration.cache_clear()
    database = configure(folder / "planning.sqlite")
    try:
        with use(database):
            yield
    finally:
        connections[database.alias].close()
        configuration.cache_clear()
        if before is None:
            os.environ.pop("MINPLAN_WORKSPACE", None)
        else:
            os.environ["MINPLAN_WORKSPACE"] = before
