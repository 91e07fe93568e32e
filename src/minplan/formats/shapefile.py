"""Shapefiles as officers send them: without .prj, without .shx, with an empty .dbf, in GBK.

The files are read from a copy of our own, so nothing is ever written beside the user's file.
"""

from __future__ import annotations

import codecs
import shutil
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minplan.core.errors import InputError, Place
from minplan.core.text import Text

_HEADER_BYTES: Final = 100
_DBF_MINIMUM: Final = 33
_SAMPLE_BYTES: Final = 4 << 20
#: Language driver ids of the .dbf header that name a Chinese code page.
_LANGUAGE_DRIVERS: Final = {0x4D: "gb18030", 0x7A: "gb18030"}


def stage(shp: Path, folder: Path) -> Path:
    """Copy a shapefile with its companions into ``folder`` and return the copy.

    A missing .shx is rebuilt from the .shp; a .dbf too short to hold a header is left out.
    Companions are found in any case (``.SHP``, ``.Dbf``).
    """
    copy = folder / "input.shp"
    shutil.copyfile(shp, copy)
    wanted = {".shx", ".dbf", ".prj", ".cpg"}
    for item in shp.parent.iterdir():
        suffix = item.suffix.lower()
        if item.stem.lower() == shp.stem.lower() and suffix in wanted:
            if suffix == ".dbf" and item.stat().st_size < _DBF_MINIMUM:
                continue
            shutil.copyfile(item, folder / f"input{suffix}")
    if not copy.with_suffix(".shx").exists():
        copy.with_suffix(".shx").write_bytes(rebuild_index(copy.read_bytes(), shp.name))
    return copy


def rebuild_index(shp: bytes, name: str) -> bytes:
    """The content of the .shx that belongs to a .shp (ESRI shapefile description, 1998).

    Raises InputError E206 when the records of the .shp do not add up.
    """
    records: list[bytes] = []
    position = _HEADER_BYTES
    while position + 8 <= len(shp):
        words = struct.unpack(">i", shp[position + 4 : position + 8])[0]
        end = position + 8 + 2 * words
        if words < 2 or end > len(shp):
            break
        records.append(struct.pack(">ii", position // 2, words))
        position = end
    if len(shp) < _HEADER_BYTES or position != len(shp):
        raise InputError(
            "E206",
            Text(
                f"{name} 不完整，记录在第 {len(records) + 1} 个图形处中断",
                f"{name} is incomplete: it breaks off at shape {len(records) + 1}",
            ),
            place=Place(file=name, row=len(records) + 1),
            hint=Text("请重新传输，并附上 .shx、.dbf、.prj", "send it again with .shx, .dbf, .prj"),
        )
    length = struct.pack(">i", (_HEADER_BYTES + 8 * len(records)) // 2)
    return shp[:24] + length + shp[28:_HEADER_BYTES] + b"".join(records)


def text_encoding(shp: Path) -> tuple[str | None, bool]:
    """The encoding of the attributes of a staged shapefile, and whether it was guessed.

    The .cpg decides, then the language driver id of the .dbf, then trial: the bytes of the .dbf
    are UTF-8 if they decode as UTF-8, else GBK (read as its superset GB18030).
    """
    page = shp.with_suffix(".cpg")
    if page.exists():
        word = page.read_bytes()[:32].decode("ascii", errors="ignore").strip()
        return _known_encoding(word), False
    table = shp.with_suffix(".dbf")
    if not table.exists():
        return None, False
    content = table.read_bytes()
    if content.isascii():
        return None, False
    if (driver := _LANGUAGE_DRIVERS.get(content[29])) is not None:
        return driver, False
    return ("utf-8" if all(map(_is_utf8, _dbf_texts(content))) else "gb18030"), True


def companion(path: Path, suffix: str) -> Path | None:
    """The file beside ``path`` that has its stem and ``suffix``, in any case."""
    if (exact := path.with_suffix(suffix)).exists():
        return exact
    for item in path.parent.iterdir():
        if item.stem.lower() == path.stem.lower() and item.suffix.lower() == suffix:
            return item
    return None


def sample_encoding(shp: Path) -> tuple[str | None, bool]:
    """As :func:`text_encoding`, judged by the beginning of the attribute table."""
    with tempfile.TemporaryDirectory(prefix="minplan-") as folder:
        sample = Path(folder) / "sample.shp"
        for suffix in (".dbf", ".cpg"):
            if (item := companion(shp, suffix)) is not None:
                with item.open("rb") as file:
                    sample.with_suffix(suffix).write_bytes(file.read(_SAMPLE_BYTES))
        return text_encoding(sample)


def _dbf_texts(content: bytes) -> Iterator[bytes]:
    """Field names and character values of a .dbf (dBASE III: 32-byte descriptors, fixed widths)."""
    header, record = struct.unpack("<HH", content[8:12])
    widths = [1]  # the deletion flag
    for start in range(32, header - 32, 32):
        yield content[start : start + 11].split(b"\0")[0]
        widths.append(content[start + 16])
    for row in range(header, len(content) - record + 1, max(record, 1)):
        position = row
        for width in widths:
            yield content[position : position + width].rstrip(b" \0")
            position += width


def _is_utf8(text: bytes) -> bool:
    """Whether bytes are UTF-8; the last character may be cut by the width of the field."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text)
    except UnicodeDecodeError:
        return False
    return True


def _known_encoding(word: str) -> str | None:
    plain = word.lower().replace("-", "").replace("_", "")
    if plain in ("gbk", "gb2312", "gb18030", "936", "cp936", "ansi936", "oem"):
        return "gb18030"
    if plain in ("utf8", "65001"):
        return "utf-8"
    return None
