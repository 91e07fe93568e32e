"""What kind of document a file is, by its content."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from minplan.core.text import Term, Text
from minplan.documents.errors import damaged, empty, encrypted, no_document, old_word, too_large

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_PART: Final = b"wordprocessingml.document.main"
_WORD_MACRO_PART: Final = b"ms-word.document.macroEnabled.main"
#: what is recognised and refused: first bytes, name
_OTHERS: Final = (
    (b"{\\rtf", Text("RTF 文件", "an RTF file")),
    (b"Rar!", Text("RAR 压缩包", "a RAR archive")),
    (b"7z\xbc\xaf", Text("7z 压缩包", "a 7z archive")),
    (b"\xff\xd8\xff", Text("JPEG 图片", "a JPEG image")),
    (b"\x89PNG", Text("PNG 图片", "a PNG image")),
    (b"II*\x00", Text("TIFF 图片", "a TIFF image")),
    (b"MM\x00*", Text("TIFF 图片", "a TIFF image")),
    (b"SQLite format 3", Text("数据库文件", "a database")),
)
_PAGES: Final = (b"<!doctype html", b"<html", b"mime-version:", b"<?xml")
#: XML parts above this size, in bytes, are no document people wrote
_LARGEST_PART: Final = 400 << 20
_HEAD: Final = 4096


class Kind(Term):
    """Kinds of documents that are read."""

    TEXT = "text", "文本", "plain text"
    WORD = "word", "Word 文档", "Word document"
    PDF = "pdf", "PDF", "PDF"


def detect(path: Path, name: str) -> Kind:
    """The kind of a document.

    Raises InputError E971 for other files, E972 for a damaged one, E973 for a protected one, E975
    for a .doc, E976 for an empty one, E977 for one that unpacks to too much.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise no_document(name, Text("不能打开", "it cannot be opened")) from error
    if not head.strip(b"\x00 \t\r\n"):
        raise empty(name)
    if head.startswith(_OLE):
        raise _old_office(path, name)
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _packed(path, name)
    for start, word in _OTHERS:
        if head.startswith(start):
            raise no_document(name, word)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        raise no_document(name, Text("网页或 XML 文件", "a web page or XML"))
    return Kind.TEXT


def _old_office(path: Path, name: str) -> Exception:
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        return encrypted(name)
    if "WordDocument".encode("utf-16-le") in data:
        return old_word(name)
    return no_document(name, Text("旧版 Office 文件", "an old Office file"))


def _packed(path: Path, name: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            largest = max((item.file_size for item in archive.infolist()), default=0)
            if largest > _LARGEST_PART:
                raise too_large(name)
            types = archive.read("[Content_Types].xml")
    except KeyError as error:
        raise no_document(name, Text("压缩包", "an archive")) from error
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise damaged(name) from error
    except RuntimeError as error:  # zipfile says so of members with a password
        raise encrypted(name) from error
    if _WORD_PART in types or _WORD_MACRO_PART in types:
        return Kind.WORD
    raise no_document(name, Text("别的 Office 文件或压缩包", "another Office file or an archive"))
