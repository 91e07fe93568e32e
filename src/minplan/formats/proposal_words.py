"""Words of proposals as values: 新立 or ``new``, 详查 or ``general``, 地下 or ``underground``."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from minplan.core.errors import InputError, Place
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.review.missing import dictionary, field_word
from minplan.core.review.proposal import Action, ExplorationDegree, MiningMethod, RightKind
from minplan.core.text import Text
from minplan.formats.fields import near_matches

Word = TypeVar("Word", RightKind, Action, ExplorationDegree, MiningMethod)

# Words in use beside the terms of the enumerations.
_SYNONYMS: Final[Mapping[type[StrEnum], Mapping[str, str]]] = {
    RightKind: {"勘查区块": "exploration-block", "开采区块": "mining-block"},
    Action: {
        "新设": "new",
        "变更": "change",
        "扩大范围": "change",
        "缩小范围": "change",
        "更名": "rename",
        "探矿权转采矿权": "conversion",
        "区块出让": "grant",
        "招拍挂": "grant",
        "调整": "adjustment",
        "续期": "renewal",
    },
    ExplorationDegree: {},
    MiningMethod: {
        "露天": "open-pit",
        "地下": "underground",
        "井工": "underground",
        "井下": "underground",
        "露天地下": "both",
        "露天+地下": "both",
        "钻井": "well",
    },
}
# Registry codes of the degree and the method (登记数据).
_CODES: Final[Mapping[type[StrEnum], Mapping[str, str]]] = {
    ExplorationDegree: {
        "1": "reconnaissance",
        "2": "prospecting",
        "3": "general",
        "4": "detailed",
    },
    MiningMethod: {"1": "open-pit", "2": "underground", "3": "both"},
}
_SEPARATORS: Final = re.compile(r"[,，、;；/|]+")
_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")
_YES: Final = {"是", "有", "真", "true", "yes", "y", "1"}
_NO: Final = {"否", "无", "没有", "假", "false", "no", "n", "0"}


def fault(message: Text, place: Place, hint: Text | None = None, code: str = "E512") -> InputError:
    """An InputError about one value of a proposal; E512 unless said otherwise."""
    return InputError(code, message, place=place, hint=hint)


def enum_word(kind: type[Word], value: Any, place: Place) -> Word:
    """The member of ``kind`` that a Chinese or English word (or a registry code) names.

    Raises InputError E512 with the nearest words.
    """
    if isinstance(value, kind):
        return value
    known = _words(kind)
    word = _plain(str(value))
    key = known.get(word)
    if key is None:
        shown = [text for member in kind for text in (member.word.zh, member.value)]
        hint = near_matches(str(value), shown) or Text(
            f"可填：{'、'.join(member.word.zh for member in kind)}",
            f"one of: {', '.join(kind)}",
        )
        name = field_word(place.field or "")
        raise fault(
            Text(f"{name.zh}“{value}”不是可用的词", f"{value!r} is no known {name.en}"), place, hint
        )
    return kind(key)


def _words(kind: type[Word]) -> dict[str, str]:
    words = {_plain(member.value): member.value for member in kind}
    for member in kind:
        words.setdefault(_plain(member.word.zh), member.value)
        words.setdefault(_plain(member.word.zh.split("（", maxsplit=1)[0]), member.value)
        words.setdefault(_plain(member.word.en), member.value)
    return words | dict(_SYNONYMS.get(kind, {})) | dict(_CODES.get(kind, {}))


def _plain(word: str) -> str:
    normal = unicodedata.normalize("NFKC", word).strip().lower()
    return (
        normal.replace("_", "-").replace(" ", "-").removesuffix("开采" if len(normal) > 2 else "")
    )


def number(value: Any, place: Place) -> float:
    """A figure, also from text such as ``1,200`` or ``30万吨/年``; InputError E512 otherwise."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        figure = float(value)
    else:
        found = _NUMBER.findall(_figure(str(value)))
        if len(found) != 1:
            raise fault(Text(f"“{value}”不是一个数", f"{value!r} is not a figure"), place)
        figure = float(found[0])
    if not math.isfinite(figure):
        raise fault(Text(f"“{value}”不是有限的数", f"{value!r} is not finite"), place)
    return figure


def unit_of(value: Any) -> str | None:
    """The unit written behind a figure (``30万吨/年`` → ``万吨/年``), or None."""
    if not isinstance(value, str):
        return None
    return _NUMBER.sub("", _figure(value)).strip() or None


def _figure(text: str) -> str:
    """Plain characters, without thousands commas and without the figure in m³."""
    return unicodedata.normalize("NFKC", text).replace(",", "").replace("m3", "立方米")


def names(value: Any, place: Place) -> tuple[str, ...]:
    """Names from a list, or from text separated by 、, commas or slashes; empty ones dropped."""
    if isinstance(value, str):
        parts: Iterable[Any] = _SEPARATORS.split(value)
    elif isinstance(value, list | tuple):
        parts = value
    else:
        raise fault(Text("应为名称或名称列表", "a name or a list of names is expected"), place)
    return tuple(name for part in parts if (name := str(part).strip()))


def elevation(value: Any, place: Place) -> ElevationRange:
    """An elevation range from ``[1215, 1080]``, ``{upper, lower}`` or ``1215~1080`` text."""
    if isinstance(value, Mapping):
        pair = [value.get("upper"), value.get("lower")]
    elif isinstance(value, str):
        plain = unicodedata.normalize("NFKC", value)
        # a minus between two figures is a dash: 1215-1080 is a range, -300 below the sea is not
        plain = re.sub(r"(?<=[\dm米])\s*[-—–]{1,2}\s*(?=\+?\d)", " ", plain)
        pair = list(_NUMBER.findall(plain))
    else:
        pair = list(value) if isinstance(value, list | tuple) else []
    if len(pair) != 2 or None in pair:
        raise fault(
            Text("开采标高应为上、下两个数", "an elevation range is two figures"),
            place,
            Text("例如 elevation = [1215, 1080]", "for example elevation = [1215, 1080]"),
        )
    upper, lower = (number(item, place) for item in pair)
    return ElevationRange(upper, lower)


def date(value: Any, place: Place) -> dt.date:
    """A date from a TOML date or from ``2026-01-15``, ``2026年1月15日``, ``20260115``."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    plain = unicodedata.normalize("NFKC", str(value)).strip()
    match = re.fullmatch(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D?", plain)
    try:
        if match:
            return dt.date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise _no_date(value, place) from error
    raise _no_date(value, place)


def _no_date(value: Any, place: Place) -> InputError:
    return fault(
        Text(f"“{value}”不是日期", f"{value!r} is not a date"),
        place,
        Text("写成 2026-01-15", "write 2026-01-15"),
    )


def truth(value: Any, place: Place) -> bool:
    """A yes or no from a boolean, 是/否, 有/无, yes/no; InputError E512 otherwise."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise fault(Text(f"“{value}”不是 是/否", f"{value!r} is not yes or no"), place)


def dictionary_key(table: str, word: str, place: Place) -> str:
    """The key of ``facts`` or ``attachments`` that a key or Chinese name stands for.

    Raises InputError E513 with the nearest entries.
    """
    known = dictionary(table)
    if word in known:
        return word
    by_name = {str(entry["zh"]): key for key, entry in known.items()}
    if word in by_name:
        return by_name[word]
    raise fault(
        Text(f"没有“{word}”这一项", f"there is no entry {word!r}"),
        place,
        near_matches(word, [*known, *by_name]),
        code="E513",
    )
