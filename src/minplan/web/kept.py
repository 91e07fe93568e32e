"""Uploads that wait for background work: kept in the workspace until the job has read them."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from minplan.core.errors import StoreError
from minplan.core.text import Text
from minplan.web.desk import workspace

_FOLDER: Final = "incoming"
#: Seconds that an upload nobody has read is kept.
_KEPT: Final = 86_400


def keep(files: Sequence[Path]) -> str:
    """Keep uploaded files; return the name they are kept under."""
    base = workspace().folder / _FOLDER
    base.mkdir(parents=True, exist_ok=True)
    for old in base.iterdir():
        if time.time() - old.stat().st_mtime > _KEPT:
            shutil.rmtree(old, ignore_errors=True)
    name = uuid.uuid4().hex
    folder = base / name
    folder.mkdir()
    for file in files:
        shutil.copyfile(file, folder / file.name)
    return name


def files_of(name: str) -> list[Path]:
    """The files kept under a name; StoreError E811 when they are gone."""
    folder = workspace().folder / _FOLDER / uuid.UUID(name).hex
    if not folder.is_dir():
        raise StoreError(
            "E811",
            Text("上传的文件已清理", "the uploaded files were cleared away"),
            hint=Text("请重新上传", "upload them again"),
        )
    return sorted(folder.iterdir())


def one_of(name: str) -> Path:
    """The path that stands for an upload: its only file, a shapefile among its companions, all.

    Raises StoreError E811 when it is gone.
    """
    files = files_of(name)
    if len(files) == 1:
        return files[0]
    shapes = [item for item in files if item.suffix.lower() == ".shp"]
    return shapes[0] if len(shapes) == 1 else files[0].parent


def drop(name: str) -> None:
    """They have been read."""
    shutil.rmtree(workspace().folder / _FOLDER / uuid.UUID(name).hex, ignore_errors=True)
