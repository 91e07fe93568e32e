"""The workspace as the web process sees it."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path

from minplan.database.acting import acting
from minplan.layers import LayerLibrary
from minplan.layers.version import StoredLayer
from minplan.web.configuration import configuration
from minplan.workspace import Workspace


def stored_layers() -> tuple[StoredLayer, ...]:
    """All versions of the layer library, read again only when one was added or removed."""
    library = workspace().library
    return _stored(library.folder, library.stand())


@lru_cache(maxsize=4)
def _stored(folder: Path, stand: Hashable) -> tuple[StoredLayer, ...]:
    return LayerLibrary(folder).list()


def workspace() -> Workspace:
    """The workspace of this installation, acting as whoever the request is from."""
    settings = configuration()
    return _opened(settings.workspace, settings.database, acting().actor)


@lru_cache(maxsize=256)
def _opened(folder: Path, database: str | None, actor: str) -> Workspace:
    """Kept, because opening a database looks for tables it may lack."""
    return Workspace(folder, database, actor=actor)
