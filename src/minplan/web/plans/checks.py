"""Whether an uploaded deliverable is what its name says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from minplan.core.errors import InputError, Place
from minplan.core.text import Text

_ZIP: Final = b"PK\x03\x04"
#: How files of a suffix begin; other suffixes may begin as they like.
_BEGINNINGS: Final = {
    ".pdf": (b"%PDF",),
    ".docx": (_ZIP,),
    ".xlsx": (_ZIP,),
    ".zip": (_ZIP,),
    ".png": (b"\x89PNG",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gpkg": (b"SQLite format 3",),
    ".xml": (b"<", b"\xef\xbb\xbf<"),
}


def require_fitting(file: Path, formats: Sequence[str], document: Text) -> None:
    """Raise InputError E881 for a format the document has not, E882 when the content is another."""
    suffix = file.suffix.lower()
    if formats and suffix.lstrip(".") not in formats:
        listed = "、".join(formats)
        raise InputError(
            "E881",
            Text(
                f"{document.zh}不能是 {suffix or '没有后缀的'} 文件",
                f"{document.en} cannot be a {suffix or 'nameless'} file",
            ),
            place=Place(file=file.name),
            hint=Text(f"可用格式：{listed}", f"formats: {', '.join(formats)}"),
        )
    with file.open("rb") as stream:
        head = stream.read(16)
    if suffix in _BEGINNINGS and not head.startswith(_BEGINNINGS[suffix]):
        raise InputError(
            "E882",
            Text(
                f"内容不是 {suffix} 文件，后缀被改过或文件已损坏",
                f"the content is no {suffix} file: it was renamed or damaged",
            ),
            place=Place(file=file.name),
            hint=Text("用原来的程序重新保存后再上传", "save it again with its program"),
        )
