"""A submission assembled from what was handed in: a package, a layer or table, a plan document.

Nothing that is broken stops the rest: it is kept with what is wrong with it, and the checks tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from minplan.checking.asked import Asked
from minplan.checking.layers import FileLayer, MadeLayer, OpenFiles, file_of
from minplan.checking.opening import layer_suffixes, try_to_open
from minplan.core.document.model import PlanDocument
from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.plan.features import snapshot_to_features
from minplan.core.plan.model import Plan
from minplan.core.quality.submission import (
    Column,
    FileEntry,
    LayerData,
    LayerSource,
    Submission,
    SubmissionKind,
)
from minplan.core.standard.model import Edition, LayerSpec
from minplan.core.text import Text
from minplan.documents import read_document
from minplan.documents.detect import is_document
from minplan.formats.features import FeatureTable
from minplan.formats.plan_package import load_plan
from minplan.handin import manifest, metadata
from minplan.handin.archives import unpacked
from minplan.handin.columns import table_of
from minplan.handin.identity import stated_identity
from minplan.handin.matching import Match, Stated, apply_mapping, match_source
from minplan.handin.names import document_in
from minplan.handin.survey import EDITION, PACKAGE, holds_layers, is_database, members, root_of

#: Codes of the documents of the standard.
_TEXT: Final = "GHWB"
_METADATA: Final = "YSJ"
#: A scan is a whole document that people read; that one with text is there is asked by Q-MD-08.
_SCAN: Final = "E974"
#: A text of the plan that comes in several formats is read from the first of these.
_PREFERRED: Final = (".docx", ".pdf", ".txt", ".md")


def _silent(name: str) -> None:
    """Nobody listens."""


@contextmanager
def submission(
    path: Path, asked: Asked, reading: Callable[[str], None] = _silent
) -> Iterator[Submission]:
    """What was handed in, ready for the checks; archives are unpacked for as long as it is used.

    ``reading`` is told the name of each file before it is opened; what it raises stops the work.

    Raises InputError E201 when there is nothing, E161 for a file of no known kind, E206, E209,
    E210 for archives that cannot be unpacked, PlanDataError E701 for an unknown edition.
    """
    if not path.exists():
        raise InputError(
            "E201",
            Text(f"找不到 {path.name}", f"{path.name} does not exist"),
            place=Place(file=str(path)),
            hint=Text("请检查路径", "check the path"),
        )
    if path.is_file():
        reading(path.name)
    with unpacked(path) as found, OpenFiles() as opened:
        if found.is_dir() and not is_database(found):
            yield _package(found, asked, _Gathered(opened, reading))
        elif asked.matches is None and found.is_file() and is_document(found):
            yield _document(found, asked)
        else:
            yield _layer(found, asked, opened)


# -- single files ---------------------------------------------------------------------------------


def _document(path: Path, asked: Asked) -> Submission:
    read = read_document(path)
    entry = FileEntry(path.name, path.stat().st_size, manifest.sha256_of(path), document=_TEXT)
    return _made(path.name, SubmissionKind.DOCUMENT, asked, files=(entry,), documents=(read,))


def _layer(path: Path, asked: Asked, opened: OpenFiles) -> Submission:
    edition = asked.load(asked.edition or EDITION)
    layers = _matched(path, path.name, edition, asked, opened)
    files = tuple(FileEntry(item.path, item.size, item.sha256) for item in manifest.files_of(path))
    return _made(path.name, SubmissionKind.LAYER, asked, files=files, layers=layers)


def _matched(
    path: Path, name: str, edition: Edition, asked: Asked, opened: OpenFiles
) -> tuple[FileLayer, ...]:
    """The layers of a file as they were agreed on, else as they are recognised now."""
    if asked.matches is not None:
        found: Sequence[Match] = [item for item in asked.matches if item.path == path]
    else:
        source = opened.get(path, name, asked.stated)
        found = match_source((path, name), source, edition, asked.stated)
        if asked.mapping is not None:
            found = apply_mapping(found, asked.mapping, edition)
    return tuple(FileLayer(item, edition, asked.stated, opened) for item in found)


def _made(name: str, kind: SubmissionKind, asked: Asked, **more: Any) -> Submission:
    edition = more.pop("edition", None) or asked.load(asked.edition or EDITION)
    held = asked.references(more.get("identity"))
    return Submission(
        name,
        kind,
        edition,
        asked.date,
        plan=held.plan,
        upper=held.upper,
        region=held.region,
        controls=asked.controls,
        **more,
    )


# -- packages -------------------------------------------------------------------------------------


@dataclass
class _Gathered:
    """What the files of a package turned out to be."""

    opened: OpenFiles
    reading: Callable[[str], None]
    layers: list[LayerSource] = field(default_factory=list)
    texts: list[Path] = field(default_factory=list)
    metadata: dict[str, str] | None = None
    recognised: dict[str, str] = field(default_factory=dict)
    problems: dict[str, Text] = field(default_factory=dict)


def _package(folder: Path, asked: Asked, gathered: _Gathered) -> Submission:
    root = root_of(folder, asked.load(asked.edition or EDITION))
    if (root / PACKAGE).is_file():
        return _of_plan_package(root, asked)
    told = _manifest(root, gathered)
    edition = asked.load(asked.edition or str(told.get("edition") or EDITION))
    for item in members(root):
        _gather(item, root, edition, asked, gathered)
    documents = _texts(root, gathered)
    return _made(
        root.resolve().name,
        SubmissionKind.PACKAGE,
        asked,
        edition=edition,
        files=_entries(root, gathered),
        layers=tuple(gathered.layers),
        documents=documents,
        metadata=gathered.metadata,
        manifest={item["path"]: item["sha256"] for item in told["files"]} if told else None,
        stated_counts=_stated_counts(told),
        identity=_identity(told, gathered, edition, asked.stated),
    )


def _manifest(root: Path, gathered: _Gathered) -> Mapping[str, Any]:
    """Our list of files, empty where there is none; a broken one is a problem of its file."""
    try:
        told = manifest.read(root) or {}
        if told and not all({"path", "sha256"} <= item.keys() for item in told["files"]):
            raise ValueError(manifest.NAME)
        _stated_counts(told)
    except MinplanError as error:
        gathered.problems[manifest.NAME] = error.message
    except (KeyError, TypeError, ValueError, AttributeError):
        gathered.problems[manifest.NAME] = Text("文件清单不完整", "the list of files is incomplete")
    else:
        return told
    return {}


def _stated_counts(told: Mapping[str, Any]) -> Mapping[str, int] | None:
    if "layers" not in told:
        return None
    return {str(item["code"]): int(item["count"]) for item in told["layers"]}


def _identity(
    told: Mapping[str, Any], gathered: _Gathered, edition: Edition, stated: Stated
) -> Plan | None:
    """Whose plan it is by its own words; None where they are missing or cannot be understood."""
    matches = [item.match for item in gathered.layers if isinstance(item, FileLayer)]
    try:
        return stated_identity(told or None, matches, edition, stated)
    except MinplanError:
        return None


def _gather(item: Path, root: Path, edition: Edition, asked: Asked, into: _Gathered) -> None:
    name = file_of(item, root)
    into.reading(name)
    document = document_in(edition, PurePosixPath(name))
    try:
        if document is not None:
            into.recognised[name] = document.code
            if document.code == _METADATA and item.suffix.lower() in (".xml", ".json"):
                into.metadata = metadata.read(item)
            elif document.code == _TEXT:
                into.texts.append(item)
            else:
                try_to_open(item)
        elif item.suffix.lower() in layer_suffixes() or holds_layers(item):
            into.layers += _matched(item, name, edition, asked, into.opened)
    except MinplanError as error:
        into.problems[name] = error.message


def _texts(root: Path, gathered: _Gathered) -> tuple[PlanDocument, ...]:
    """The text of the plan, read from the best of its formats; the others are only tried."""
    found: list[PlanDocument] = []
    for item in sorted(gathered.texts, key=_preference):
        name = file_of(item, root)
        gathered.reading(name)
        try:
            read = read_document(item, name=name)
        except MinplanError as error:
            if error.code != _SCAN:
                gathered.problems[name] = error.message
            continue
        if not found:
            found.append(read)
    return tuple(found)


def _preference(item: Path) -> tuple[int, str]:
    suffix = item.suffix.lower()
    return (_PREFERRED.index(suffix) if suffix in _PREFERRED else len(_PREFERRED), item.name)


def _entries(root: Path, gathered: _Gathered) -> tuple[FileEntry, ...]:
    files = [
        FileEntry(
            item.path,
            item.size,
            item.sha256,
            document=gathered.recognised.get(item.path, ""),
            problem=gathered.problems.get(item.path),
        )
        for item in manifest.files_of(root)
    ]
    folders = [
        FileEntry(path.relative_to(root).as_posix(), folder=True)
        for path in sorted(root.rglob("*"))
        if path.is_dir() and not is_database(path)
    ]
    return (*files, *folders)


# -- plan packages --------------------------------------------------------------------------------


def _of_plan_package(folder: Path, asked: Asked) -> Submission:
    """A plan package as the layers and tables it fills."""
    edition = asked.load(asked.edition or EDITION)
    files = tuple(
        FileEntry(item.path, item.size, item.sha256) for item in manifest.files_of(folder)
    )
    held: dict[str, list[Any]] = {}
    snapshot = load_plan(folder)
    for feature in snapshot_to_features(snapshot, edition):
        held.setdefault(feature.layer, []).append(feature)
    layers = [
        _layer_of(table_of(spec, held[spec.code]), spec)
        for spec in edition.specs
        if spec.code in held
    ]
    return _made(
        folder.name,
        SubmissionKind.LAYER,
        asked,
        edition=edition,
        files=files,
        layers=tuple(layers),
        identity=snapshot.plan,
    )


def _layer_of(table: FeatureTable, spec: Any) -> MadeLayer:
    import numpy as np  # noqa: PLC0415

    columns = tuple(
        Column(item.name, item.name, item.type.value, item.length, item.decimals)
        for item in table.columns
    )
    rows = np.arange(1, len(table) + 1, dtype=np.int64)
    data = LayerData(rows, table.values, table.geometry, table.geometry)
    kind = spec.geometry.value if isinstance(spec, LayerSpec) else ""
    return MadeLayer(PACKAGE, spec.code, spec, columns, data, kind, table.system)
