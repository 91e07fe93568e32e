"""Whether a file is a plan document by its content: headings tell it from corner coordinates."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from minplan.core.errors import MinplanError
from minplan.formats.features import driver_of

_HEAD: Final = 256 * 1024
#: Lines that begin a chapter, a section or an item, in Chinese or in Markdown.
_HEADING: Final = re.compile(
    r"^\s*(?:#{1,6}\s+\S|第[一二三四五六七八九十百]+[章节]"
    r"|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])",
    re.MULTILINE,
)
#: Headings that make a text a document; tables of corners have none.
_LEAST: Final = 3
_BINARY: Final = (".docx", ".doc", ".pdf")
_TEXTS: Final = (".txt", ".md", ".markdown")


def is_document(path: Path) -> bool:
    """Whether a file is to be read as a plan document rather than as layers or a picture."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    suffix = path.suffix.lower()
    if head.startswith(b"%PDF") or suffix in _BINARY:
        return True
    if head.startswith(b"PK\x03\x04"):
        return b"word/" in head and suffix != ".xlsx"
    if suffix not in _TEXTS:
        return False
    text = _decoded(head)
    return len(_HEADING.findall(text)) >= _LEAST or not _holds_layers(path)


def _decoded(head: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            return head.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start > len(head) - 4 and encoding != "utf-16":  # cut inside a character
                return head[: error.start].decode(encoding)
    return ""


def _holds_layers(path: Path) -> bool:
    try:
        driver_of(path)
    except MinplanError:
        return False
    return True
