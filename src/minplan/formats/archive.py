"""Archives from strangers: unpacked into a folder of our own, within limits, nothing outside it."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from minplan.core.errors import InputError, Place
from minplan.core.text import Text

#: Members that systems add and nobody means.
_LITTER: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_CHUNK: Final = 1 << 20


@dataclass(slots=True)
class Budget:
    """What an archive may still use up, nested archives included.

    ``members`` files and folders, ``bytes`` unpacked, ``ratio`` unpacked to packed size of one
    member (only members above 1 MiB are judged by it), ``depth`` levels of archives in archives.
    The limits keep one upload from filling a disk.
    """

    members: int = 2_000
    bytes: int = 1 << 30
    ratio: int = 200
    depth: int = 3
    seen: set[Path] = field(default_factory=set)


def unpack(
    archive: Path, into: Path, *, name: str | None = None, budget: Budget | None = None
) -> tuple[Path, ...]:
    """Unpack a ZIP archive, and archives inside it, into the folder ``into``.

    Returns the files written, sorted. Member names without the UTF-8 flag are read as UTF-8 or
    GBK. ``name`` is what messages call the archive; ``budget`` is used up.

    Raises InputError E161 for a password, E209 for members that point outside the folder, E210
    beyond the limits, E206 for a damaged archive.
    """
    budget = budget or Budget()
    _unpack(archive, into, name or archive.name, budget)
    return tuple(sorted(budget.seen))


def member_names(archive: Path) -> tuple[str, ...]:
    """Names of the members of a ZIP archive, decoded; InputError E206 when damaged."""
    try:
        with zipfile.ZipFile(archive) as opened:
            return tuple(_decoded(item) for item in opened.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(archive.name) from error


def _unpack(archive: Path, into: Path, name: str, budget: Budget) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            for item in opened.infolist():
                _write_member(opened, item, into, name, budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise _damaged(name) from error
    except (NotImplementedError, RuntimeError) as error:
        raise InputError(
            "E206",
            Text(f"{name} 用了不支持的压缩方式", f"{name} uses an unsupported compression"),
            place=Place(file=name),
            hint=Text("请用普通 ZIP 方式重新压缩", "compress it again as a plain ZIP"),
        ) from error
    for path in _nested(into, budget):
        if budget.depth == 0:
            raise _too_big(name, Text("压缩包套得太深", "archives are nested too deeply"))
        budget.depth -= 1
        budget.seen.discard(path)
        inner = path.with_name(path.name + ".unpacked")
        inner.mkdir()
        _unpack(path, inner, path.name, budget)
        path.unlink()
        budget.depth += 1


def _nested(into: Path, budget: Budget) -> Iterator[Path]:
    for path in sorted(budget.seen):
        if path.suffix.lower() == ".zip" and path.is_relative_to(into):
            yield path


def _write_member(
    opened: zipfile.ZipFile, item: zipfile.ZipInfo, into: Path, name: str, budget: Budget
) -> None:
    decoded = _decoded(item)
    target = _safe_target(decoded, item, into, name)
    if target is None:
        return
    if item.is_dir():  # also an empty one is a part of what was handed in
        _count(name, budget)
        target.mkdir(parents=True, exist_ok=True)
        return
    if item.flag_bits & 0x1:
        raise InputError(
            "E161",
            Text(f"{name} 有密码", f"{name} is protected by a password"),
            place=Place(file=name),
            hint=Text("请去掉密码后重新压缩", "compress it again without a password"),
        )
    _count(name, budget)
    if item.file_size > _CHUNK and item.file_size > budget.ratio * max(item.compress_size, 1):
        raise _too_big(name, Text(f"{decoded} 的压缩比异常", f"{decoded} is compressed too well"))
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(item) as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            budget.bytes -= len(chunk)
            if budget.bytes < 0:
                raise _too_big(name, Text("解压后太大", "it unpacks to too many bytes"))
            sink.write(chunk)
    budget.seen.add(target)


def _count(name: str, budget: Budget) -> None:
    budget.members -= 1
    if budget.members < 0:
        raise _too_big(name, Text("压缩包内文件太多", "the archive holds too many files"))


def _safe_target(decoded: str, item: zipfile.ZipInfo, into: Path, name: str) -> Path | None:
    parts = PurePosixPath(decoded.replace("\\", "/")).parts
    if any(part in _LITTER or part.startswith("._") for part in parts):
        return None
    is_link = stat.S_ISLNK(item.external_attr >> 16)
    outside = not parts or ".." in parts or parts[0] == "/" or ":" in parts[0] or "\0" in decoded
    if is_link or outside:
        raise InputError(
            "E209",
            Text(
                f"{name} 内的“{decoded}”指向压缩包之外，已拒绝",
                f"{decoded!r} in {name} points outside the archive; refused",
            ),
            place=Place(file=name),
            hint=Text("请重新压缩原文件夹", "compress the original folder again"),
        )
    return into.joinpath(*parts)


def _decoded(item: zipfile.ZipInfo) -> str:
    if item.flag_bits & 0x800:
        return item.filename
    try:
        raw = item.filename.encode("cp437")
    except UnicodeEncodeError:
        return item.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return item.filename


def _damaged(name: str) -> InputError:
    return InputError(
        "E206",
        Text(f"压缩包 {name} 已损坏，打不开", f"the archive {name} is damaged"),
        place=Place(file=name),
        hint=Text("请重新传输或重新压缩", "send it again or compress it again"),
    )


def _too_big(name: str, reason: Text) -> InputError:
    return InputError(
        "E210",
        Text(f"{name}：{reason.zh}，已停止解压", f"{name}: {reason.en}; unpacking stopped"),
        place=Place(file=name),
        hint=Text("请只压缩需要的图形文件", "compress only the files that are needed"),
    )
