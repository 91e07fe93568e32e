"""Originals (原件): the bytes that were handed in, kept under their hash.

They lie in the database in pieces, so that they share its transactions, its copies and its moves.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minplan.core.errors import Place, StoreError
from minplan.core.text import Text
from minplan.database import chain
from minplan.database.guards import writing
from minplan.database.models import Original, OriginalPart
from minplan.database.times import recorded_time

#: Bytes of a piece.
PIECE: Final = 4 * 1024 * 1024


def keep(file: Path, *, actor: str, recorded: dt.datetime, name: str | None = None) -> Original:
    """Keep the bytes of a file; bytes kept before are kept once.

    Raises StoreError E812 when the file cannot be read or changes meanwhile.
    """
    try:
        with file.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        with writing():
            known = Original.objects.filter(pk=sha256).first()
            return known or _keep(file, sha256, name or file.name, actor, recorded_time(recorded))
    except OSError as error:
        raise StoreError(
            "E812", Text("文件读不了", "the file cannot be read"), place=Place(file=str(file))
        ) from error


def get(sha256: str) -> Original:
    """The original with this hash (StoreError E811 when there is none)."""
    found = Original.objects.filter(pk=sha256).first()
    if found is None:
        raise StoreError("E811", Text(f"没有原件 {sha256}", f"no original {sha256}"))
    return found


def content(sha256: str) -> Iterator[bytes]:
    """The bytes of an original, piece by piece."""
    get(sha256)
    pieces = OriginalPart.objects.filter(original_id=sha256).order_by("number")
    for piece in pieces.values_list("content", flat=True).iterator(1):
        yield bytes(piece)


def write(sha256: str, file: Path) -> None:
    """Write an original to a file, checking its bytes against the hash (StoreError E812)."""
    digest = hashlib.sha256()
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as stream:
            for piece in content(sha256):
                digest.update(piece)
                stream.write(piece)
        if digest.hexdigest() != sha256:
            raise StoreError(
                "E812",
                Text("原件的字节与其哈希不符", "the bytes of the original do not fit its hash"),
                place=Place(file=str(file)),
            )
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _keep(file: Path, sha256: str, name: str, actor: str, recorded: dt.datetime) -> Original:
    size = file.stat().st_size
    original = Original.objects.create(sha256=sha256, name=name, size=size, recorded=recorded)
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        number = 0
        while piece := stream.read(PIECE):
            digest.update(piece)
            OriginalPart.objects.create(original=original, number=number, content=piece)
            number += 1
    if digest.hexdigest() != sha256:
        raise StoreError(
            "E812",
            Text("文件在读取时被改动", "the file changed while it was read"),
            place=Place(file=str(file)),
        )
    told = {"name": name, "size": size}
    chain.record("original.keep", f"original:{sha256}", told, actor=actor, recorded=recorded)
    return original
