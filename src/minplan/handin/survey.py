"""What lies in a hand-in: which files hold layers, which are documents, what is left aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, Final

from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.standard.load import edition as bundled
from minplan.core.standard.model import Document, Edition
from minplan.core.text import Text
from minplan.formats.features import driver_of
from minplan.handin import manifest
from minplan.handin.manifest import FileEntry
from minplan.handin.names import document_in

#: Files that belong to another file, or to nobody.
_COMPANIONS: Final = {".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".qix", ".xml", ".lock"}
#: The file that makes a folder a plan package.
PACKAGE: Final = "plan.toml"
#: The edition that an input is taken to follow unless something says otherwise.
EDITION: Final = "2021-2025"


class Kind(StrEnum):
    """What was handed in."""

    PACKAGE = "package"
    FOLDER = "folder"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Survey:
    """A hand-in before anything of it is read.

    ``edition`` is the standard it is taken to follow, ``sources`` hold layers or tables,
    ``documents`` go to the registry, ``files`` are all files with their hashes. ``manifest`` is
    ours, where there is one.
    """

    path: Path
    edition: Edition
    kind: Kind
    sources: tuple[Path, ...]
    documents: tuple[tuple[Document, Path], ...]
    files: tuple[FileEntry, ...]
    manifest: Mapping[str, Any] | None = None
    remarks: tuple[Text, ...] = ()

    def name_of(self, path: Path) -> str:
        """What messages call a file of the hand-in."""
        if path == self.path:
            return path.name
        return path.relative_to(self.path).as_posix()


def survey(
    path: Path, edition: str | None = None, load: Callable[[str], Edition] = bundled
) -> Survey:
    """Look through a file, a folder or a plan package.

    ``edition`` is by default what the manifest says, else the working edition; ``load`` gives the
    edition of an id, by default as it comes with the program.

    Raises InputError E201 when there is nothing, E910 for a folder without layers or tables.
    """
    if not path.exists():
        raise InputError(
            "E201",
            Text(f"找不到 {path.name}", f"{path.name} does not exist"),
            place=Place(file=str(path)),
            hint=Text("请检查路径", "check the path"),
        )
    files = manifest.files_of(path)
    if path.is_file() or is_database(path):
        return Survey(path, load(edition or EDITION), Kind.FILE, (path,), (), files)
    if (path / PACKAGE).is_file():
        return Survey(path, load(edition or EDITION), Kind.PACKAGE, (), (), files)
    return _folder(path, edition, load, files)


def _folder(
    path: Path,
    stated: str | None,
    load: Callable[[str], Edition],
    files: tuple[FileEntry, ...],
) -> Survey:
    root = root_of(path, load(stated or EDITION))
    told = manifest.read(root)
    edition = load(stated or (told or {}).get("edition") or EDITION)
    sources: list[Path] = []
    documents: list[tuple[Document, Path]] = []
    for item in members(root):
        document = document_in(edition, PurePosixPath(item.relative_to(root).as_posix()))
        if document is not None:
            documents.append((document, item))
        elif holds_layers(item):
            sources.append(item)
    if not sources:
        raise _nothing(path)
    remarks: tuple[Text, ...] = ()
    if told is not None:
        inside = manifest.files_of(root) if root != path else files
        remarks = manifest.changed(told, inside)
    found = (tuple(sources), tuple(documents), files)
    return Survey(path, edition, Kind.FOLDER, *found, told, remarks)


def _nothing(path: Path) -> InputError:
    return InputError(
        "E910",
        Text(f"{path.name} 中没有图层和表", f"{path.name} holds no layers or tables"),
        place=Place(file=str(path)),
        hint=Text(
            "请给出含有数据库（GDB、SHP、GPKG、VCT、表格）的文件夹",
            "name a folder with a database (GDB, SHP, GPKG, VCT, tables)",
        ),
    )


def root_of(path: Path, edition: Edition) -> Path:
    """The folder of the hand-in: the one given, or the only one in it.

    What holds our manifest or a folder of the standard is a hand-in; what holds neither but one
    folder that does, or nothing beside one folder, is a wrapping.
    """
    tops = {item.path.partition("/")[0] for item in edition.folders}
    if (path / manifest.NAME).is_file() or any((path / top).is_dir() for top in tops):
        return path
    inside = [item for item in path.iterdir() if not item.name.startswith((".", "__MACOSX"))]
    below = [item for item in inside if (item / manifest.NAME).is_file()] or inside
    wrapped = len(below) == 1 and below[0].is_dir() and not is_database(below[0])
    return below[0] if wrapped else path


def members(folder: Path) -> Iterator[Path]:
    """Files and geodatabases below a folder, companions and what is ours left out."""
    for item in sorted(folder.iterdir()):
        if item.name.startswith((".", "~$")):
            continue
        if item.is_dir() and not is_database(item):
            yield from members(item)
        elif item.is_dir() or not _is_companion(item):
            yield item


def _is_companion(item: Path) -> bool:
    suffix = item.suffix.lower()
    if item.name in (manifest.NAME, manifest.MISSING_NOTE):
        return True
    if suffix == ".dbf":
        return item.with_suffix(".shp").exists() or item.with_suffix(".SHP").exists()
    return suffix in _COMPANIONS and not _is_document_xml(item)


def _is_document_xml(item: Path) -> bool:
    """Whether an XML file stands alone: metadata, not the companion of a shapefile."""
    return item.suffix.lower() == ".xml" and not item.with_suffix("").exists()


def is_database(item: Path) -> bool:
    """Whether a folder is a file geodatabase."""
    return item.is_dir() and any(part.suffix == ".gdbtable" for part in item.iterdir())


def holds_layers(item: Path) -> bool:
    """Whether the content of a file or folder is that of a format with layers or tables."""
    try:
        driver_of(item)
    except MinplanError:
        return False
    return True
