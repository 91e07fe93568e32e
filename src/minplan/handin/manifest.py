"""``目录与校验.json``: every file of a hand-in with its hash, and what the hand-in is."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from minplan.core.errors import InputError, Place
from minplan.core.plan.model import Level, Plan
from minplan.core.text import Text

NAME: Final = "目录与校验.json"
FORMAT: Final = "minplan-handin/1"
#: What stands in the folder of a document that the registry does not hold.
MISSING_NOTE: Final = "缺少说明.txt"

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file by its path inside the folder (with ``/``), its hash and its size in bytes."""

    path: str
    sha256: str
    size: int


def files_of(root: Path, *, leave_out: Iterable[str] = ()) -> tuple[FileEntry, ...]:
    """Every file below a folder in the order of paths, or the one file itself."""
    if root.is_file():
        return (FileEntry(root.name, sha256_of(root), root.stat().st_size),)
    left = set(leave_out)
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return tuple(
        FileEntry(name, sha256_of(path), path.stat().st_size)
        for name, path in sorted(found.items())
        if name not in left
    )


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def listing(entries: Iterable[FileEntry]) -> bytes:
    """The entries as canonical JSON: its hash is the hash of the whole input."""
    told = [{"path": item.path, "sha256": item.sha256, "size": item.size} for item in entries]
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """The identity of a plan for JSON."""
    told: dict[str, Any] = {item.name: getattr(plan, item.name) for item in fields(plan)}
    told["name"] = plan.name.to_dict()
    told["city_minerals"] = list(plan.city_minerals)
    for key in ("effective_from", "effective_to"):
        told[key] = told[key].isoformat() if told[key] else None
    return {**told, "level": plan.level.value}


def plan_from_dict(told: Mapping[str, Any]) -> Plan:
    """The identity back from JSON (KeyError, TypeError, ValueError when it is none)."""
    until = told["effective_to"]
    return Plan(
        **{
            **told,
            "name": Text(**told["name"]),
            "level": Level(told["level"]),
            "city_minerals": tuple(told["city_minerals"]),
            "effective_from": dt.date.fromisoformat(told["effective_from"]),
            "effective_to": dt.date.fromisoformat(until) if until else None,
        }
    )


def write(root: Path, told: Mapping[str, Any]) -> None:
    """Write the manifest of a folder that is otherwise complete."""
    listed = [
        {"path": item.path, "sha256": item.sha256, "size": item.size}
        for item in files_of(root, leave_out=[NAME])
    ]
    text = json.dumps({"kind": FORMAT, **told, "files": listed}, ensure_ascii=False, indent=1)
    (root / NAME).write_text(text + "\n", encoding="utf-8")


def read(root: Path) -> dict[str, Any] | None:
    """The manifest of a folder, or None when it has none of ours.

    Raises InputError E902 when there is a manifest that cannot be read.
    """
    path = root / NAME
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            "E902",
            Text(f"{NAME} 读不出来", f"{NAME} cannot be read"),
            place=Place(file=NAME),
            hint=Text("重新传输成果，或删去此文件", "send the hand-in again, or remove this file"),
        ) from error
    return told if isinstance(told, dict) and told.get("kind") == FORMAT else None


def changed(told: Mapping[str, Any], present: Iterable[FileEntry]) -> tuple[Text, ...]:
    """What differs between a manifest and the files that are there."""
    found = {item.path: item.sha256 for item in present}
    remarks = []
    for item in told.get("files", ()):
        path = item["path"]
        if path not in found:
            remarks.append(Text(f"缺少 {path}", f"{path} is missing"))
        elif found[path] != item["sha256"]:
            remarks.append(Text(f"{path} 已被改动", f"{path} has been changed"))
    return tuple(remarks)
