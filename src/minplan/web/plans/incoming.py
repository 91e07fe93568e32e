"""Uploaded hand-ins between upload and import: what was said of them, how they are understood.

A folder an upload: ``input/`` holds the files, ``said.json`` what the person stated,
``mapping.toml`` the agreed mapping, ``outcome.json`` and ``faults.xlsx`` what the import came to.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from minplan.core.errors import StoreError
from minplan.core.text import Text
from minplan.database.acting import acting
from minplan.formats.archive import Budget, unpack
from minplan.formats.coordinate_system import parse_system
from minplan.handin.intake import Intake, Request
from minplan.handin.matching import (
    Match,
    Stated,
    apply_mapping,
    match,
    taken_as,
    write_mapping,
)
from minplan.handin.survey import Survey, is_database, survey
from minplan.web.desk import workspace

_FOLDER: Final = "hand-ins"
#: What an uploaded hand-in may unpack to.
_MEMBERS: Final = 20_000
_BYTES: Final = 16 << 30
_RATIO: Final = 2_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """An uploaded hand-in."""

    identifier: uuid.UUID
    folder: Path
    said: Mapping[str, Any]

    @property
    def path(self) -> Path:
        """What is to be looked through: a file, or the folder that holds the layers."""
        found = self.folder / "input"
        while found.is_dir() and not is_database(found):
            inside = [item for item in found.iterdir() if not item.name.startswith(".")]
            if len(inside) != 1:
                break
            found = inside[0]
        return found

    @property
    def mapping(self) -> Path:
        """Where the agreed mapping is kept."""
        return self.folder / "mapping.toml"

    @property
    def faults_file(self) -> Path:
        """The workbook of faults, once an import found some."""
        return self.folder / "faults.xlsx"

    @property
    def outcome(self) -> dict[str, Any] | None:
        """What the latest check or import came to."""
        file = self.folder / "outcome.json"
        return json.loads(file.read_text("utf-8")) if file.is_file() else None

    def keep_outcome(self, outcome: Mapping[str, Any]) -> None:
        """Keep what a check or an import came to."""
        text = json.dumps(outcome, ensure_ascii=False)
        (self.folder / "outcome.json").write_text(text, encoding="utf-8")

    def look(self) -> Survey:
        """Look through it; raises as :func:`~minplan.handin.survey.survey`."""
        return survey(self.path, self.said["edition"] or None, workspace().edition)

    @property
    def stated(self) -> Stated:
        """What the person stated of the files."""
        crs = self.said["crs"]
        return Stated(self.said["encoding"] or None, parse_system(crs) if crs else None)

    def matches(self, look: Survey) -> tuple[tuple[Match, ...], tuple[Text, ...]]:
        """Layers and tables with what they are taken for, as agreed where that was done."""
        found, remarks = match(look, self.stated)
        if self.mapping.is_file():
            found = apply_mapping(found, self.mapping, look.edition)
        return found, remarks

    def agree(self, look: Survey, matches: Sequence[Match], chosen: Mapping[str, str]) -> bool:
        """Keep the mapping with the changes of a form (``target-0``, ``field-0-名称``).

        Returns whether a layer is now taken for another one: its fields are then proposed anew,
        and somebody should look at them.
        """
        agreed, turned = [], False
        for number, item in enumerate(matches):
            target = chosen.get(f"target-{number}", item.target)
            if target and target != item.target:
                agreed.append(taken_as(item, target, look.edition, self.stated))
                turned = True
                continue
            fields = {
                column.name: code
                for column in item.told.columns
                if (code := _chosen_field(chosen, number, column.name, item))
            }
            agreed.append(replace(item, target=target, fields=fields if target else {}))
        write_mapping(self.mapping, agreed)
        return turned

    def intake(self) -> Intake:
        """Ready to be checked or stored as whoever acts."""
        look, said, actor = self.look(), self.said, acting().actor
        effective = said["effective"]
        request = Request(
            recorded=dt.datetime.now(dt.UTC),
            author=actor,
            approver=actor,
            kind=said["kind"] or None,
            basis=said["basis"],
            effective=dt.date.fromisoformat(effective) if effective else None,
            plan=said["plan"] or None,
        )
        return Intake(look, self.matches(look)[0], self.stated, request)


def take(files: Sequence[Path], said: Mapping[str, Any]) -> Incoming:
    """Keep uploaded files for the preview; a single ZIP archive is unpacked.

    Raises InputError E161, E206, E209, E210 as :func:`~minplan.formats.archive.unpack`.
    """
    identifier = uuid.uuid4()
    folder = workspace().folder / _FOLDER / str(identifier)
    inside = folder / "input"
    inside.mkdir(parents=True)
    try:
        for file in files:
            if file.suffix.lower() == ".zip":
                into = inside / file.stem
                into.mkdir(exist_ok=True)
                unpack(file, into, budget=Budget(_MEMBERS, _BYTES, _RATIO))
            else:
                shutil.move(file, inside / file.name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    told = {**said, "owner": acting().actor, "name": "、".join(file.name for file in files)}
    (folder / "said.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return Incoming(identifier, folder, told)


def get(identifier: uuid.UUID | str) -> Incoming:
    """An upload of whoever acts (StoreError E811 for others, and for one that is gone)."""
    identifier = uuid.UUID(str(identifier))
    folder = workspace().folder / _FOLDER / str(identifier)
    try:
        said = json.loads((folder / "said.json").read_text("utf-8"))
    except OSError:
        said = {}
    if said.get("owner") != acting().actor:
        raise StoreError(
            "E811",
            Text("没有这份上传的成果", "there is no such upload"),
            hint=Text("请重新上传", "upload it again"),
        )
    return Incoming(identifier, folder, said)


def _chosen_field(chosen: Mapping[str, str], number: int, column: str, item: Match) -> str:
    return chosen.get(f"field-{number}-{column}", item.fields.get(column, ""))
