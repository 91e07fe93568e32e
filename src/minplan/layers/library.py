"""The folder of constraint layers: add, list, show, verify, remove, open."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from minplan.core.errors import InputError, Place, StoreError
from minplan.core.geometry.layer import Bounds
from minplan.core.text import Text
from minplan.layers.build import Progress, build, seal
from minplan.layers.file import LayerFile
from minplan.layers.known import known_kinds
from minplan.layers.reference import Declared, reference_of
from minplan.layers.source import fingerprint, open_source
from minplan.layers.tiles import TILED_FROM, make_tiles, remove_tiles, tile_file
from minplan.layers.version import Declaration, Origin, StoredLayer

#: Names are folder names on every system, and words on the command line.
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_BUILDING: Final = ".building-"
_LOG: Final = "added.txt"

Citations = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class AddReport:
    """What adding a layer did; ``already_present`` when the very same version was there."""

    stored: StoredLayer
    already_present: bool

    @property
    def origin(self) -> Origin:
        """Where it came from, what was repaired and remarked."""
        return self.stored.origin


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a stored file still is what its name says."""

    name: str
    sha256: str
    actual_sha256: str

    @property
    def ok(self) -> bool:
        """Whether not a single byte has changed."""
        return self.sha256 == self.actual_sha256


class LayerLibrary:
    """The library of constraint layers (管控图层库) in a folder: ``<name>/<sha256>.gpkg``.

    Files are immutable and named by the SHA-256 of their bytes. Of several versions of a name the
    one in force on a date is that with the latest ``effective_from``; of equal ones the one added
    last.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def add(
        self,
        path: Path | str,
        name: str,
        act: str,
        effective_from: dt.date | None,
        effective_to: dt.date | None = None,
        *,
        source: str = "",
        owner: str = "",
        layer: str | None = None,
        crs: Declared = None,
        encoding: str | None = None,
        schematic: bool = False,
        coverage: Bounds | None = None,
        matrices: Sequence[str] = ("c",),
        progress: Progress = lambda done, total: None,
    ) -> AddReport:
        """Build and store a version of the layer ``name`` from a delivered file.

        ``layer`` picks a sub-layer, ``crs`` declares the coordinate system of a file that has
        none, ``encoding`` that of a shapefile's texts. A layer of many features is given vector
        tiles in the ``matrices``. ``progress`` is called with (done, total); what it raises stops
        the work. All or nothing: on any failure the library is as before.

        Raises InputError E301–E316 for the delivered file and the declaration, StoreError E326
        when the library cannot be written.
        """
        said = Declaration(
            name=name,
            act=act,
            effective_from=effective_from,
            effective_to=effective_to,
            source=source,
            owner=owner,
            schematic=schematic,
            coverage=coverage,
        )
        _check(said)
        path = Path(path)
        kind = known_kinds().get(name)
        with self._building() as folder:
            opened = open_source(path, folder, layer, encoding)
            reference = reference_of(
                None if crs is not None and opened.crs_is_default else opened.crs,
                crs,
                opened.place,
            )
            digest = fingerprint(opened.path if path.suffix.lower() == ".shp" else path)
            file, _ = build(
                opened,
                reference,
                kind=kind,
                said=said,
                file_sha256=digest,
                folder=folder,
                progress=progress,
            )
            return self._store(file, name, matrices, progress)

    def list(self) -> tuple[StoredLayer, ...]:
        """All versions, by name, then by legal validity, then in the order added."""
        return tuple(stored for name in self._names() for stored in self._versions(name))

    def stand(self) -> tuple[tuple[str, int], ...]:
        """What tells whether any version was added or removed: the times of the folders."""
        if not self.folder.is_dir():
            return ()
        with os.scandir(self.folder) as found:
            return tuple(sorted((item.name, item.stat().st_mtime_ns) for item in found))

    def show(self, ref: str) -> StoredLayer:
        """One version by ``name@hash-prefix``, or the latest of a ``name``.

        Raises StoreError E320 when there is none, E321 when the prefix fits several.
        """
        name, _, prefix = ref.partition("@")
        if prefix:
            return read(self._resolve(ref))
        versions = self._versions(name)
        if not versions:
            raise self._missing(ref)
        return versions[-1]

    def verify(self, name: str | None = None) -> tuple[Verification, ...]:
        """Recompute the hash of every file, or of those of one name."""
        names = self._names() if name is None else [name]
        files = [path for of in names for path in self._files(of)]
        if name is not None and not files:
            raise self._missing(name)
        return tuple(Verification(path.parent.name, path.stem, fingerprint(path)) for path in files)

    def remove(self, ref: str, cited_by: Citations | None = None) -> str:
        """Remove a version that no review cites, and return its hash.

        ``cited_by`` gives the reviews that cite a hash; by default the review records
        ``reviews/*.json`` beside the library are searched. Raises StoreError E320 and E321 as
        :meth:`show`, E324 when cited.
        """
        path = self._resolve(ref)
        citing = (cited_by or self.citing_reviews)(path.stem)
        if citing:
            listed = "、".join(citing[:5])
            raise StoreError(
                "E324",
                Text(
                    f"{ref} 被 {len(citing)} 份审查引用，不能删除：{listed}",
                    f"{ref} is cited by {len(citing)} reviews: {listed}",
                ),
                place=Place(layer=path.parent.name),
                hint=Text(
                    "审查须能重放，所引用的图层版本要保留",
                    "reviews must stay replayable, so the versions they cite are kept",
                ),
            )
        with _writing(path.parent):
            remove_tiles(path)
            path.chmod(0o644)
            path.unlink()
            if not self._files(path.parent.name):
                shutil.rmtree(path.parent)
        return path.stem

    def citing_reviews(self, sha256: str) -> tuple[str, ...]:
        """Names of the review records beside the library that mention a hash."""
        records = sorted((self.folder.parent / "reviews").rglob("*.json"))
        return tuple(item.name for item in records if sha256.encode() in item.read_bytes())

    def open(self, name: str, sha256: str | None = None, date: dt.date | None = None) -> LayerFile:
        """Open a version for the kernel: by hash (or its start), else that in force on ``date``.

        With neither, the latest. Raises StoreError E320 when there is no such layer or version,
        E322 when none is in force on the date, E325 when the file is damaged.
        """
        if sha256 is not None:
            return LayerFile(self._resolve(f"{name}@{sha256}"))
        versions = self._versions(name)
        if not versions:
            raise self._missing(name)
        valid = [item for item in versions if date is None or item.version.in_force(date)]
        if not valid:
            listed = "；".join(
                f"{item.version.effective_from or '…'} – {item.version.effective_to or '…'}"
                for item in versions
            )
            raise StoreError(
                "E322",
                Text(
                    f"图层 {name} 在 {date} 没有有效版本（已有：{listed}）",
                    f"no version of {name} is in force on {date} (there are: {listed})",
                ),
                place=Place(layer=name),
                hint=Text("请将当时有效的版本入库", "add the version that was in force then"),
            )
        return LayerFile(valid[-1].path)

    # -- files ------------------------------------------------------------------------------------

    def _names(self) -> tuple[str, ...]:
        folders = (item.name for item in self.folder.glob("*") if item.is_dir())
        return tuple(sorted(name for name in folders if _NAME.fullmatch(name)))

    def _files(self, name: str) -> tuple[Path, ...]:
        if not _NAME.fullmatch(name):
            return ()
        files = (self.folder / name).glob("*.gpkg")
        return tuple(sorted(item for item in files if _SHA256.fullmatch(item.stem)))

    def _versions(self, name: str) -> tuple[StoredLayer, ...]:
        """The versions of a name, the one that prevails last."""
        log = self.folder / name / _LOG
        added = log.read_text("ascii").split() if log.is_file() else []
        rank = {sha256: index for index, sha256 in enumerate(added)}
        stored = [read(path) for path in self._files(name)]
        return tuple(
            sorted(
                stored,
                key=lambda item: (
                    item.version.effective_from or dt.date.min,
                    rank.get(item.version.sha256, -1),
                    item.version.sha256,
                ),
            )
        )

    def _resolve(self, ref: str) -> Path:
        name, _, prefix = ref.partition("@")
        fitting = [path for path in self._files(name) if path.stem.startswith(prefix.lower())]
        if not fitting:
            raise self._missing(ref)
        if len(fitting) > 1:
            listed = "、".join(f"{name}@{path.stem[:12]}" for path in fitting)
            raise StoreError(
                "E321",
                Text(f"“{ref}”对应多个版本：{listed}", f"{ref!r} fits several: {listed}"),
                place=Place(layer=name),
                hint=Text("请写明版本的哈希值", "give (more of) the hash of the version"),
            )
        return fitting[0]

    def _missing(self, ref: str) -> StoreError:
        names = "、".join(self._names()) or "—"
        return StoreError(
            "E320",
            Text(f"图层库中没有 {ref}（现有：{names}）", f"there is no {ref} (there are: {names})"),
            place=Place(file=str(self.folder), layer=ref),
            hint=Text(
                "用 minplan layers list 查看，或用 minplan layers add 入库",
                "see minplan layers list, or add it with minplan layers add",
            ),
        )

    # -- all or nothing ---------------------------------------------------------------------------

    @contextmanager
    def _building(self) -> Iterator[Path]:
        """A folder of our own inside the library, gone afterwards whatever happens."""
        with _writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._clear_leftovers()
            folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=self.folder))
            lock = _lock(folder)
        try:
            with _writing(self.folder):
                yield folder
        finally:
            if lock is not None:
                lock.close()
            shutil.rmtree(folder, ignore_errors=True)

    def _clear_leftovers(self) -> None:
        """Remove what killed builds left; a build still at work holds its lock."""
        for folder in self.folder.glob(f"{_BUILDING}*"):
            lock = _lock(folder)
            if lock is not None:
                lock.close()
                shutil.rmtree(folder, ignore_errors=True)

    def _store(
        self, file: Path, name: str, matrices: Sequence[str], progress: Progress
    ) -> AddReport:
        """Move a finished file to its place; the rename is the moment it exists."""
        seal(file)
        target = self.folder / name / f"{fingerprint(file)}.gpkg"
        if target.exists():
            return AddReport(read(target), already_present=True)
        tiles = _tiled(file, matrices, progress)
        target.parent.mkdir(exist_ok=True)
        with (target.parent / _LOG).open("a", encoding="ascii") as log:
            log.write(f"{target.stem}\n")
            log.flush()
            os.fsync(log.fileno())
        for matrix, made in tiles.items():
            made.rename(tile_file(target, matrix))
        file.rename(target)
        _sync_folder(target.parent)
        return AddReport(read(target), already_present=False)


def read(path: Path) -> StoredLayer:
    """The record of a stored file; StoreError E325 when it cannot be read."""
    layer = LayerFile(path)
    layer.close()
    return layer.stored


def _tiled(file: Path, matrices: Sequence[str], progress: Progress) -> dict[str, Path]:
    """Tiles of a new layer file that has many features, by matrix."""
    layer = LayerFile(file)
    try:
        if layer.stored.origin.features <= TILED_FROM:
            return {}
        return {matrix: make_tiles(layer, matrix, progress).path for matrix in matrices}
    finally:
        layer.close()


def _lock(folder: Path) -> sqlite3.Connection | None:
    """Hold a folder for this process; None when another one holds it.

    SQLite's file lock works alike on all systems and goes with the process, even a killed one.
    """
    connection = sqlite3.connect(
        folder / "lock.db", timeout=0, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        connection.close()
        return None
    return connection


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            "E326",
            Text(f"图层库写不进去：{error}", f"the library cannot be written: {error}"),
            place=Place(file=str(folder)),
            hint=Text("请检查磁盘空间和文件夹权限", "check the free space and the permissions"),
        ) from error


def _check(said: Declaration) -> None:
    if not _NAME.fullmatch(said.name):
        raise InputError(
            "E315",
            Text(f"图层名“{said.name}”不合规", f"{said.name!r} is no name for a layer"),
            place=Place(layer=said.name),
            hint=Text(
                "用小写英文、数字和连字符，例如 ecological-red-line",
                "use lower-case words joined by hyphens, such as ecological-red-line",
            ),
        )
    if said.effective_from and said.effective_to and said.effective_to < said.effective_from:
        raise InputError(
            "E316",
            Text("失效日期早于生效日期", "the layer would expire before it takes effect"),
            place=Place(layer=said.name),
            hint=Text("请核对两个日期", "check both dates"),
        )
