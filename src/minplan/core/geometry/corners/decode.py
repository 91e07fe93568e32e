"""Bytes to text: byte-order marks, UTF-8, GB18030 (which contains GBK and GB2312)."""

from __future__ import annotations

import codecs
from typing import Final

from minplan.core.geometry.corners.remarks import refuse

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> tuple[str, str]:
    """Return (text, encoding) of the bytes of a text file.

    Raises InputError E145 when the bytes are no text in a known encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise refuse("E145") from error
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding
    raise refuse("E145")
