"""Whether files that no check looks into can be opened at all: documents, workbooks, pictures."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.documents import try_document
from minplan.documents.detect import is_document
from minplan.formats.features import drivers, open_features

#: Suffixes that other programs use for layers and our drivers know by their content.
_MORE: Final = frozenset((".wp", ".wl", ".wt", ".gdb"))
_PICTURES: Final = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff"))
_WORKBOOKS: Final = frozenset((".xlsx", ".xlsm"))
#: Errors that say that a file is damaged, not that it holds something else.
_DAMAGED: Final = frozenset(("E202", "E206"))


@cache
def layer_suffixes() -> frozenset[str]:
    """Suffixes of files that should hold layers: one that does not is broken."""
    written = {suffix for driver in drivers() for suffix in driver.suffixes}
    return frozenset(item for item in written | _MORE if item not in (".zip", ".txt"))


def try_to_open(path: Path) -> None:
    """Open a document, a workbook or a picture of a hand-in and throw its content away.

    Raises InputError E971–E978 for documents, E202 and E206 for damaged workbooks and pictures.
    """
    suffix = path.suffix.lower()
    if suffix in _PICTURES:
        _picture(path)
    elif suffix in _WORKBOOKS:
        try:
            with open_features(path):
                pass
        except InputError as error:
            if error.code in _DAMAGED:
                raise
    elif is_document(path):
        try_document(path)


def _picture(path: Path) -> None:
    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (64, 64))
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(
            "E206",
            Text(f"{path.name} 已损坏或不完整，读不出来", f"{path.name} is damaged or incomplete"),
            place=Place(file=path.name),
            hint=Text("请重新导出或重新传输", "export or send it again"),
        ) from error
