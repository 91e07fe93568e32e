"""The workspace as the web process sees it."""

from __future__ import annotations

from minplan.database.acting import acting
from minplan.web.configuration import configuration
from minplan.workspace import Workspace


def workspace() -> Workspace:
    """The workspace of this installation, acting as whoever the request is from."""
    settings = configuration()
    return Workspace(settings.workspace, settings.database, actor=acting().actor)
