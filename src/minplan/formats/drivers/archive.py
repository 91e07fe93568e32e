"""ZIP archives and folders: every layer of every file in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.text import Text
from minplan.formats.archive import Budget, member_names, unpack
from minplan.formats.drivers.arrow import unique_name
from minplan.formats.drivers.model import (
    BATCH_SIZE,
    Driver,
    FeatureSource,
    FeatureTable,
    LayerDescription,
    OpenOptions,
)
from minplan.formats.drivers.ogr import find
from minplan.formats.features import driver_of

#: What a delivery of layers may unpack to; a city's farmland is about 1 GB.
_UNPACKED_BYTES: Final = 64 << 30
# blank text columns of a large .dbf pack nearly as well as ZIP can
_UNPACKED_RATIO: Final = 2_000
#: Parts of other files, and sidecars, that are read with them.
_COMPANIONS: Final = frozenset(
    (".shx", ".prj", ".cpg", ".sbn", ".sbx", ".csvt", ".qix", ".xml", ".lock", ".qpj", ".lyr")
)


@dataclass(slots=True)
class Members:
    """The layers of several files, each in the source it comes from."""

    options: OpenOptions
    stack: ExitStack
    members: dict[str, tuple[FeatureSource, str]] = field(default_factory=dict)
    skipped: list[Remark] = field(default_factory=list)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers; equal ones are numbered."""
        return tuple(self.members)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Remarks on the archive and on its files."""
        sources = {id(source): source for source, _ in self.members.values()}
        return (*self.skipped, *(item for source in sources.values() for item in source.remarks))

    def describe(self, layer: str) -> LayerDescription:
        """Describe a layer; InputError E219 when there is no such layer."""
        source, title = find(self.members, layer, self.options.name)
        told: LayerDescription = source.describe(title)
        return replace(told, name=layer)

    def batches(self, layer: str, size: int = BATCH_SIZE) -> Iterator[FeatureTable]:
        """Read a layer in batches."""
        source, title = find(self.members, layer, self.options.name)
        for table in source.batches(title, size):
            yield replace(table, name=layer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stack.close()


def _detect(path: Path, head: bytes) -> bool:
    if path.is_dir():
        return not any(item.suffix == ".gdbtable" for item in path.iterdir())
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")) or path.suffix.lower() == ".kmz":
        return False
    names = member_names(path)
    return "xl/workbook.xml" not in names and "word/document.xml" not in names


def _open(path: Path, options: OpenOptions) -> Members:
    with ExitStack() as stack:
        folder = path
        if path.is_file():
            temporary = tempfile.TemporaryDirectory(prefix="minplan-")
            folder = Path(stack.enter_context(temporary)) / Path(options.name).stem
            folder.mkdir()
            budget = Budget(bytes=_UNPACKED_BYTES, ratio=_UNPACKED_RATIO)
            unpack(path, folder, name=options.name, budget=budget)
        source = Members(options, stack)
        for found in _files(folder):
            _add(source, found, folder)
        if options.layer is not None:
            source.members = {options.layer: find(source.members, options.layer, options.name)}
        if not source.members:
            raise _nothing(options.name)
        source.stack = stack.pop_all()
    return source


def _files(folder: Path) -> list[Path]:
    """What is to be read: geodatabase folders as wholes, companions with their files."""
    if any(item.suffix == ".gdbtable" for item in folder.iterdir()):
        return [folder]
    found: list[Path] = []
    for item in sorted(folder.iterdir()):
        if item.is_dir():
            found += _files(item)
        elif item.suffix.lower() not in _COMPANIONS and not _belongs(item):
            found.append(item)
    return found


def _belongs(item: Path) -> bool:
    """Whether a .dbf is the table of a shapefile."""
    if item.suffix.lower() != ".dbf":
        return False
    stem = item.stem.lower()
    return any(
        other.suffix.lower() == ".shp" and other.stem.lower() == stem
        for other in item.parent.iterdir()
    )


def _add(source: Members, found: Path, folder: Path) -> None:
    name = found.relative_to(folder).as_posix() if found != folder else source.options.name
    options = replace(source.options, name=name, layer=None, known={})
    try:
        opened = source.stack.enter_context(driver_of(found).open(found, options))
    except InputError as error:
        if error.code not in ("E161", "E202"):
            raise
        source.skipped.append(_left_out(name, error))
        return
    for layer in opened.layers:
        source.members[unique_name(layer, source.layers)] = (opened, layer)


def _left_out(name: str, error: InputError) -> Remark:
    return Remark(
        error.code, Level.INFO, error.message, fix=error.hint, place=Place(file=name), applied=True
    )


def _nothing(name: str) -> InputError:
    return InputError(
        "E207",
        Text(f"{name} 中没有可读的图层", f"{name} holds no layers"),
        place=Place(file=name),
        hint=Text("请检查压缩包或文件夹的内容", "check what is in it"),
    )


DRIVER: Final = Driver("archive", Text("压缩包或文件夹", "archive or folder"), (), _detect, _open)
