"""Names of the hand-in folder: its tree and the grammar of file names, and reading them back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from minplan.core.errors import Place, PlanDataError
from minplan.core.plan.model import Plan
from minplan.core.standard.model import Document, Edition, Spec
from minplan.core.text import Text

#: What file systems of an office refuse in names, and control characters.
_REFUSED: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
#: Numbering in front of a name: ``1 ``, ``02_``, ``（一）``, ``三、``; 一般治理区 keeps its 一.
_NUMBERED: Final = re.compile(
    r"^(?:[\s\d._、\-]|[（(][\d一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)*"
)


@dataclass(frozen=True)
class Names:
    """The names of one plan's hand-in by the grammar of an edition."""

    edition: Edition
    plan: Plan

    @property
    def values(self) -> Mapping[str, str]:
        """The placeholders that every pattern may use."""
        levels = self.edition.code_lists.get("GHJB")
        level = levels.of_value(self.plan.level.value) if levels else None
        return {
            "code6": self.plan.region_code,
            "name": self.plan.region_name,
            "period": f"{self.plan.first_year}-{self.plan.last_year}",
            "level": level.code if level else "",
            "year": str(self.plan.last_year),
        }

    def of(self, what: str, **more: str) -> str:
        """The name of ``root``, ``layer``, ``table``, ``database``, ``metadata`` or ``document``.

        Raises PlanDataError E901 when the edition has no grammar for it.
        """
        grammar = self.edition.name_pattern(what)
        if grammar is None:
            raise PlanDataError(
                "E901",
                Text(f"标准没有“{what}”的命名规则", f"the edition has no grammar for {what!r}"),
                place=Place(file="documents.toml"),
                hint=Text("在标准数据中补上 [[name]]", "add a [[name]] to the edition"),
            )
        return self.fill(grammar.pattern, **more)

    def fill(self, pattern: str, **more: str) -> str:
        """A pattern with its placeholders filled, safe as the name of a file."""
        return clean(pattern.format_map({**self.values, **more}))

    def folder_of(self, held: str) -> PurePosixPath:
        """The folder that holds ``layers``, ``tables`` or the document with this code."""
        for node in self.edition.folders:
            if held in node.holds:
                return PurePosixPath(node.path)
        return PurePosixPath()

    def document(self, document: Document, title: str = "") -> str:
        """The name of a document's file, without its suffix."""
        return self.fill(
            document.file_name, document=document.name.zh, title=title or document.code
        )


def clean(name: str) -> str:
    """The name without characters that file systems refuse."""
    return _REFUSED.sub("_", name).strip().rstrip(".") or "_"


def spec_named(edition: Edition, name: str) -> Spec | None:
    """The layer or table that a layer of a file is called after, or None.

    Known are codes, Chinese and English names, aliases, and codes inside names made by the
    grammar (``1404003KAIGHQK2025``); numbering in front is ignored.
    """
    plain = _NUMBERED.sub("", name).strip()
    for spec in edition.specs:
        if plain.upper() == spec.code or plain in (spec.name.zh, spec.name.en, *spec.aliases):
            return spec
    for pattern in (edition.name_pattern("layer"), edition.name_pattern("table")):
        if pattern and (found := re.fullmatch(_as_expression(pattern.pattern), name.upper())):
            return edition.find(found["layer"])
    words = re.findall(r"[A-Z]+", name.upper())
    return next((spec for spec in edition.specs if spec.code in words), None)


def _as_expression(pattern: str) -> str:
    shapes = {"code6": r"\d{6}", "level": r"\d", "layer": r"(?P<layer>[A-Z]+)", "year": r"\d{4}"}
    parts = re.split(r"\{(\w+)\}", pattern)
    return "".join(
        shapes.get(part, ".+") if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    )


def in_folder_tree(edition: Edition, path: PurePosixPath) -> bool:
    """Whether a file lies in a folder of the hand-in's tree, whatever its numbering."""
    known = {_NUMBERED.sub("", PurePosixPath(node.path).name) for node in edition.folders}
    return any(_NUMBERED.sub("", part) in known for part in path.parts[:-1])


def document_in(edition: Edition, path: PurePosixPath) -> Document | None:
    """The document that a file of a hand-in is, by its folder or its name, or None.

    Numbering of folders may differ or be absent; what holds layers and tables is no document.
    """
    for document in edition.documents:
        own = _NUMBERED.sub("", PurePosixPath(document.folder).name)
        folders = path.parts[:-1]
        if any(own in part for part in folders) or (document.name.zh in path.stem and not folders):
            return document
    return None
