"""What a sheet is about: a named subject, or kinds of zones chosen by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from minplan.core.plan.model import ZoneKind
from minplan.core.text import Text
from minplan.reports.typeface import ReportError

_ALL = tuple(kind for kind in ZoneKind if kind is not ZoneKind.COUNTY)


@dataclass(frozen=True, slots=True)
class Subject:
    """Title of a sheet without its region (图名), and the kinds of zones it shows."""

    title: Text
    kinds: tuple[ZoneKind, ...]


@lru_cache(maxsize=1)
def subjects() -> dict[str, Subject]:
    """The named subjects of ``subjects.toml``."""
    text = (resources.files("minplan.reports.sheets") / "subjects.toml").read_text("utf-8")
    return {
        name: Subject(
            Text(**entry["title"]), tuple(ZoneKind(kind) for kind in entry["kinds"]) or _ALL
        )
        for name, entry in tomllib.loads(text).items()
    }


def subject_of(names: Sequence[str]) -> Subject:
    """The subject with a name, or one of the named kinds of zones (keys or Chinese terms).

    Raises ReportError E605 for a name that is neither.
    """
    if len(names) == 1 and names[0] in subjects():
        return subjects()[names[0]]
    terms = {word: kind for kind in _ALL for word in (kind.value, kind.word.zh)}
    unknown = [name for name in names if name not in terms]
    if unknown or not names:
        raise _unknown(unknown)
    kinds = tuple(dict.fromkeys(terms[name] for name in names))
    zh = "、".join(kind.word.zh for kind in kinds) + "分布图"
    return Subject(Text(zh, ", ".join(kind.word.en for kind in kinds)), kinds)


def _unknown(names: list[str]) -> ReportError:
    listed = "、".join(names)
    known = "、".join(subjects())
    kinds = "、".join(kind.value for kind in _ALL)
    return ReportError(
        "E605",
        Text(f"没有附图主题“{listed}”", f"no subject of map sheets: {', '.join(names)}"),
        hint=Text(
            f"主题：{known}；或一种、几种分区：{kinds}（几种分区不能与主题混用）",
            f"subjects: {', '.join(subjects())}; or kinds of zones, not mixed with subjects: "
            f"{', '.join(kind.value for kind in _ALL)}",
        ),
    )
