"""The lines of a VCT file with their numbers and offsets, and errors that name them."""

from __future__ import annotations

from itertools import islice
from typing import BinaryIO, Final

from minplan.core.errors import InputError, Place
from minplan.core.text import Text

_EXPORT_AGAIN: Final = Text(
    "请用原软件重新导出 VCT，或改用 Shapefile、GDB、GeoPackage",
    "export the VCT again in its own program, or use a shapefile, GDB or GeoPackage",
)
#: The shortest line of coordinates is ``0,0`` and its end.
_SHORTEST: Final = 4
_C: Final = b"cC"


def fault(
    code: str, name: str, line: int | None, zh: str, en: str, *, hint: Text = _EXPORT_AGAIN
) -> InputError:
    """An error at a line of the file, counted from 1."""
    return InputError(code, Text(zh, en), place=Place(file=name, row=line), hint=hint)


class Cursor:
    """A place in the file: gives lines, counts them, and notes whether they are UTF-8.

    ``line`` and ``offset`` are the number of lines and bytes given so far, ``start`` the offset
    of the last line given alone.
    """

    __slots__ = ("_file", "_size", "line", "name", "offset", "start", "utf8")

    def __init__(self, file: BinaryIO, name: str, size: int) -> None:
        self._file = file
        self._size = size
        self.name = name
        self.line = 0
        self.offset = 0
        self.start = 0
        self.utf8 = True

    def seek(self, offset: int, line: int) -> None:
        """Go to the start of a line: its offset, and the number of lines before it."""
        if offset != self.offset:
            self._file.seek(offset)
        self.offset, self.line = offset, line

    def raw(self) -> bytes | None:
        """The next line as it is, blank ones too; None at the end of the file."""
        raw = self._file.readline()
        if not raw:
            return None
        self.line += 1
        self.start = self.offset
        self.offset += len(raw)
        if self.utf8 and not raw.isascii():
            self.utf8 = _is_utf8(raw)
        return raw

    def next_or_none(self) -> bytes | None:
        """The next line that is neither blank nor comment, without its ends; None at the end."""
        while (raw := self.raw()) is not None:
            text = raw.strip()
            if text:
                if text[0] in _C and text.lower() == b"commentbegin":
                    self._skip_comment()
                    continue
                return text
        return None

    def next(self) -> bytes:
        """As :meth:`next_or_none`; InputError E231 when the file ends here."""
        text = self.next_or_none()
        if text is None:
            raise fault(
                "E231",
                self.name,
                self.line,
                "文件在记录中间结束，不完整",
                "the file ends inside a record",
                hint=Text("请重新导出或重新传输", "export or send it again"),
            )
        return text

    def take(self, count: int) -> list[bytes]:
        """The next ``count`` lines as they are; InputError E231 when there are fewer."""
        lines: list[bytes] = []
        if 0 <= count * _SHORTEST <= self._size - self.offset + _SHORTEST:
            lines = list(islice(self._file, count))
            self.line += len(lines)
            self.offset += sum(map(len, lines))
        if len(lines) != count:
            raise fault(
                "E231",
                self.name,
                self.line,
                f"这里写明有 {count} 行，文件里没有这么多",
                f"{count} lines are announced here, the file has fewer",
            )
        return lines

    def integer(self, what: Text) -> int:
        """The next line as a whole number; InputError E231 when it is none."""
        return self.as_integer(self.next(), what)

    def as_integer(self, text: bytes, what: Text) -> int:
        """``text``, the line just given, as a whole number of at most 18 digits."""
        digits = text[1:] if text[:1] in (b"-", b"+") else text
        if not digits.isdigit() or len(digits) > 18:
            raise fault(
                "E231",
                self.name,
                self.line,
                f"应为{what.zh}（整数），却是“{shown(text)}”",
                f"expected {what.en} (a whole number), found {shown(text)!r}",
            )
        return int(text)

    def _skip_comment(self) -> None:
        while (raw := self.raw()) is not None:
            if raw.strip().lower() == b"commentend":
                return


def shown(text: bytes) -> str:
    """The beginning of a line for a message."""
    try:
        word = text.decode()
    except UnicodeDecodeError:
        word = text.decode("gb18030", errors="replace")
    return word if len(word) <= 40 else word[:37] + "…"


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
