"""Files uploaded for a check: kept until it is made, then thrown away."""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from minplan.core.errors import StoreError
from minplan.core.text import Text
from minplan.web.desk import workspace

_FOLDER: Final = "checking"
_SAID: Final = "said.json"
#: Days after which what a lost job left behind is thrown away.
_DAYS: Final = 2


def keep(files: Sequence[Path], said: Mapping[str, Any]) -> str:
    """Keep uploaded files for the job; return the name it finds them by.

    Several files (a shapefile with its companions) are one submission.
    """
    base = workspace().folder / _FOLDER
    _clear(base)
    identifier = str(uuid.uuid4())
    inside = base / identifier / "input"
    inside.mkdir(parents=True)
    for file in files:
        shutil.move(file, inside / file.name)
    (base / identifier / _SAID).write_text(json.dumps(dict(said)), encoding="utf-8")
    return identifier


def find(identifier: str) -> tuple[Path, dict[str, Any]]:
    """The path to check and what was said of it; StoreError E811 when it is gone."""
    folder = workspace().folder / _FOLDER / str(uuid.UUID(identifier))
    inside = folder / "input"
    if not inside.is_dir():
        raise StoreError(
            "E811",
            Text("上传的文件已清理", "the upload was cleared away"),
            hint=Text("请重新上传", "upload it again"),
        )
    said: dict[str, Any] = json.loads((folder / _SAID).read_text("utf-8"))
    return _one(inside), said


def drop(identifier: str) -> None:
    """Throw the files of a check away."""
    shutil.rmtree(workspace().folder / _FOLDER / str(uuid.UUID(identifier)), ignore_errors=True)


def _one(inside: Path) -> Path:
    """The file that stands for the upload: the only one, or the shapefile among its companions."""
    files = sorted(inside.iterdir())
    if len(files) == 1:
        return files[0]
    shapes = [item for item in files if item.suffix.lower() == ".shp"]
    return shapes[0] if len(shapes) == 1 else inside


def _clear(base: Path) -> None:
    if not base.is_dir():
        return
    for old in base.iterdir():
        if time.time() - old.stat().st_mtime > _DAYS * 86_400:
            shutil.rmtree(old, ignore_errors=True)
