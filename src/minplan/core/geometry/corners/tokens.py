"""From characters to rows of tokens: numbers, angles, words, masked digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from minplan.core.errors import Place
from minplan.core.geometry.corners.draft import Value

Kind = Literal["number", "angle", "word", "label", "masked"]

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SAME: Final = {
    **_FULL_WIDTH,
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060"), None),
    **dict.fromkeys(map(ord, "′’‘´`＇ʹ"), "'"),
    **dict.fromkeys(map(ord, "″”“〃＂ʺ"), '"'),
    **dict.fromkeys(map(ord, "º˚℃"), "°"),
    **dict.fromkeys(map(ord, "−–—－"), "-"),
    **dict.fromkeys(map(ord, "│┃｜¦"), "|"),
    **dict.fromkeys(map(ord, "．"), "."),
    **dict.fromkeys(map(ord, "、；"), ";"),
    **dict.fromkeys(map(ord, "～〜"), "~"),
    **{ord("①") + i: f"{i + 1} " for i in range(20)},
}
_CHANGED_DIGIT: Final = re.compile(r"[０-９]")
_MISTYPED: Final = re.compile(
    r"(?<![A-Za-z0-9.])[0-9](?=[0-9OolI.]*[OolI])[0-9OolI]{2,}(?:\.[0-9OolI]+)?(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9.])[0-9]{3,}\.(?=[0-9OolI]*[OolI])[0-9OolI]+(?![A-Za-z0-9])"
)
_LETTERS: Final = str.maketrans("OolI", "0011")
_THOUSANDS: Final = re.compile(
    r"(?<![0-9.])[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}(?:\.[0-9]+)?(?![0-9])"
)
_DECIMAL_COMMA: Final = re.compile(r"(?<![0-9.,])([0-9]{6,8}),([0-9]{1,4})(?![0-9,.])")
_DEGREE_WORDS: Final = re.compile(
    r"(?<=[0-9])\s*度\s*(?=[0-9])(?![0-9]{1,2}\s*带)|(?<=[0-9])\s*度(?=\s*[,;\t|)]|\s*$)"
)
_MINUTE_WORDS: Final = re.compile(r"(?<=[0-9])\s*分(?=\s*[0-9]|\s*$|\s*[,;\t|)])")
_SECOND_WORDS: Final = re.compile(r"(?<=[0-9])\s*秒")
_TOKEN: Final = re.compile(
    r"""
    (?P<angle>-?[0-9]{1,3}(?:\.[0-9]{1,12})?\s?°
        (?:\s?[0-9]{1,2}(?:\.[0-9]{1,12})?\s?'(?!')
            (?:\s?[0-9]{1,2}(?:\.[0-9]{1,12})?\s?(?:"|'')
              |[0-9]{1,2}(?:\.[0-9]{1,12})?(?![0-9.°]))?
        )?)
  | (?P<parted>(?<![0-9.:-])[0-9]{2,3}(?P<mark>[:-])[0-9]{1,2}(?P=mark)[0-9]{1,2}
        (?:\.[0-9]{1,12})?(?![0-9:-]))
  | (?P<masked>[0-9.]*[*#?■●█×]{2,}[0-9.]+|[0-9]+[0-9.]*[*#?■●█×]{2,}[0-9.]*
        |[0-9]{2,}[*#?■●█]+[0-9.]{2,}|(?<![A-Za-z])[xX]{2,}[0-9]*\.[0-9]+)
  | (?P<label>[A-Za-z\u4e00-\u9fff]{1,8}[-_]?[0-9]{1,4}(?![0-9.°]|[:-][0-9]{1,2}[:-]))
  | (?P<number>[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:[eE]\+[0-9]{1,2})?)
  | (?P<word>[A-Za-z\u4e00-\u9fff]+|\*)
    """,
    re.VERBOSE,
)
_ANGLE_PARTS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CELL_BREAK: Final = re.compile(r"[\t|,;]|\s{2,}")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a row; ``cell`` is the cell it stands in, ``value`` set for number and angle."""

    kind: Kind
    text: str
    cell: int
    value: Value | None = None

    @property
    def number(self) -> float:
        """The number of a numeric token."""
        assert self.value is not None
        return self.value.number


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the text: tokens, raw text, place, and what was mended in it."""

    tokens: tuple[Token, ...]
    text: str
    place: Place
    mended: tuple[str, str] | None = None
    broken_angle: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is printed in the row."""
        return not self.text.strip()


def plain(text: str) -> str:
    """Return the text with full-width characters, quotes and dashes in their plain form."""
    changed = text.translate(_SAME)
    changed = _DEGREE_WORDS.sub("°", changed)
    changed = _MINUTE_WORDS.sub("'", changed)
    return _SECOND_WORDS.sub('"', changed)


def rows_of_text(text: str) -> list[Row]:
    """Split text into rows; rows count from 1."""
    return [
        _row([line], Place(row=number)) for number, line in enumerate(text.splitlines(), start=1)
    ]


def rows_of_cells(
    rows: Sequence[Sequence[str]], places: Sequence[Sequence[Place]] | None = None
) -> list[Row]:
    """Make rows of table cells; ``places`` gives each cell's address for messages."""
    result = []
    for index, cells in enumerate(rows):
        place = Place(row=index + 1)
        if places is not None and index < len(places) and places[index]:
            filled = [i for i, cell in enumerate(cells) if cell.strip()]
            column = min(filled[0] if filled else 0, len(places[index]) - 1)
            place = places[index][column]
        result.append(_row(list(cells), place))
    return result


def _row(cells: list[str], place: Place) -> Row:
    raw = "\t".join(cells)
    tokens: list[Token] = []
    cell_number = 0
    mended = None
    broken = None
    for cell in cells:
        text = plain(cell)
        fixed = _MISTYPED.sub(lambda match: match[0].translate(_LETTERS), text)
        joined = _commas(fixed, alone=len(cells) > 1)
        fixed = _decimal_commas(joined, alone=len(cells) > 1)
        if (
            fixed != joined
            or joined != _commas(text, alone=len(cells) > 1)
            or _CHANGED_DIGIT.search(cell)
        ):
            mended = mended or (_clip(cell), _clip(fixed))
        for token in _scan(fixed, cell_number):
            broken = broken or _broken_angle(token)
            tokens.append(token)
        cell_number = max((token.cell for token in tokens), default=cell_number) + 1
    return Row(tuple(tokens), raw, place, mended, broken)


def _clip(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"


def _other_separators(text: str, alone: bool) -> bool:
    """Whether something else than commas separates the values."""
    return alone or re.search(r"[\t|;]|[0-9]\s+[0-9]", text) is not None


def _decimal_commas(text: str, *, alone: bool) -> str:
    """Turn 2705381,95 into 2705381.95 where commas separate nothing else."""
    if "." in text or not _other_separators(text, alone):
        return text
    return _DECIMAL_COMMA.sub(r"\1.\2", text)


def _commas(text: str, *, alone: bool) -> str:
    """Take the commas out of 3,878,239.00."""
    others = _other_separators(text, alone)

    def join(match: re.Match[str]) -> str:
        whole = match[0].replace(",", "")
        groups = match[0].count(",")
        return whole if groups > 1 or others or "." in whole else match[0]

    return _THOUSANDS.sub(join, text)


def _scan(text: str, first_cell: int) -> list[Token]:
    strong = _CELL_BREAK.search(text.strip()) is not None
    tokens: list[Token] = []
    cell, end = first_cell, 0
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        if _CELL_BREAK.search(gap) or (not strong and tokens and gap):
            cell += 1
        end = match.end()
        kind = match.lastgroup
        if kind == "mark":
            kind = "parted"
        tokens.append(_token(str(kind), match[0], cell))
    return tokens


def _token(kind: str, text: str, cell: int) -> Token:
    if kind in ("angle", "parted"):
        parts = _ANGLE_PARTS.findall(text)
        degrees = sum(float(part) / 60**power for power, part in enumerate(parts[:3]))
        decimals = len(parts[-1].partition(".")[2])
        sign = -1 if text.startswith("-") else 1
        return Token("angle", text, cell, Value(text.strip(), sign * degrees, decimals, True))
    if kind == "number":
        mantissa = re.split("[eE]", text)[0]
        decimals = len(mantissa.partition(".")[2])
        return Token("number", text, cell, Value(text, float(text), decimals))
    if kind == "masked":
        return Token("masked", text, cell)
    return Token("label" if kind == "label" else "word", text, cell)


def _broken_angle(token: Token) -> str | None:
    """Return the angle when its minutes or seconds reach 60."""
    if token.kind != "angle":
        return None
    parts = [float(part) for part in _ANGLE_PARTS.findall(token.text)]
    return token.text if any(part >= 60 for part in parts[1:]) else None


def unpack(value: Value) -> float | None:
    """Return degrees of a packed value D.MMSS or DDD.MMSSsss; None if minutes or seconds ≥ 60.

    Works on the printed digits: 114.5047641 is 114°50′47.641″.
    """
    whole, _, fraction = value.text.strip().lstrip("+").partition(".")
    fraction = fraction.ljust(4, "0")
    if not (whole.isascii() and whole.isdigit() and fraction.isascii() and fraction.isdigit()):
        return None
    minutes = int(fraction[:2])
    seconds = float(f"{fraction[2:4]}.{fraction[4:] or '0'}")
    if minutes >= 60 or seconds >= 60:
        return None
    return int(whole) + minutes / 60 + seconds / 3600
