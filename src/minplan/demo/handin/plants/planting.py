"""A planting unit puts one fault into a hand-in; the folder it works on, the registry of units."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final, cast
from xml.etree import ElementTree as ET

import docx
from docx.text.paragraph import Paragraph

from minplan.checking.asked import Asked
from minplan.core.errors import InputError
from minplan.core.quality.submission import LayerData, LayerSource, Submission
from minplan.core.standard.model import Edition, LayerSpec
from minplan.core.text import Text
from minplan.demo.handin.plants.geopackage import GeoPackage
from minplan.handin import manifest, metadata
from minplan.handin.names import Names
from minplan.reports.word import with_fixed_dates

_NAMESPACE: Final = "{urn:minplan:metadata:td-t-1016}"


@dataclass(frozen=True, slots=True)
class At:
    """Where a planted fault is: what is set must be that of the fault that is found.

    ``words`` stand in its message, its value or a place of the text it names.
    """

    layer: str = ""
    key: str = ""
    field: str = ""
    file: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Plant:
    """A planting unit: the fault of one check, and the checks that cannot but find it too.

    ``also`` are their ids, ``reason`` why one mistake is a fault for each of them.
    """

    check: str
    put: Callable[[Folder], At]
    title: Text
    also: tuple[str, ...] = ()
    reason: Text | None = None


_REGISTRY: dict[str, Plant] = {}


def plant(
    check: str, zh: str, en: str, *, also: tuple[str, ...] = (), reason: Text | None = None
) -> Callable[[Callable[[Folder], At]], Callable[[Folder], At]]:
    """Register the decorated function as the plant of a check.

    Raises ValueError when the check has one, or when other checks are named without a reason.
    """
    if check in _REGISTRY:
        raise ValueError(f"{check} is planted twice")
    if also and reason is None:
        raise ValueError(f"{check} names other checks without a reason")

    def register(put: Callable[[Folder], At]) -> Callable[[Folder], At]:
        _REGISTRY[check] = Plant(check, put, Text(zh, en), also, reason)
        return put

    return register


def _holding(file: Any, words: str) -> Any:
    """The first paragraph that holds some words."""
    for item in file.paragraphs:
        if words in item.text:
            return item
    raise ValueError(f"{words!r} is not in the text")


def _retold(paragraph: Any, told: Callable[[str], str]) -> None:
    paragraph.runs[0].text = told(paragraph.text)
    for run in paragraph.runs[1:]:
        run.text = ""


@dataclass(frozen=True)
class _Changed:
    """A layer whose content is changed when it is loaded."""

    layer: LayerSource
    change: Callable[[LayerData], LayerData]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.layer, name)

    def load(self, fields: Collection[str] | None = None) -> LayerData:
        return self.change(self.layer.load(fields))


def changed(
    code: str, change: Callable[[LayerData], LayerData]
) -> Callable[[Submission], Submission]:
    """Change what is loaded of a layer."""

    def within(made: Submission) -> Submission:
        layers = [
            cast(LayerSource, _Changed(item, change))
            if item.spec is not None and item.spec.code == code
            else item
            for item in made.layers
        ]
        return replace(made, layers=tuple(layers))

    return within


def planted() -> Mapping[str, Plant]:
    """All planting units by the id of their check, in its order."""
    return {check: _REGISTRY[check] for check in sorted(_REGISTRY)}


def plant_of(check: str) -> Plant:
    """The planting unit of a check; InputError E918 when there is none."""
    if check not in _REGISTRY:
        raise InputError(
            "E918",
            Text(f"没有可埋设的检查项“{check}”", f"nothing is planted for {check!r}"),
            hint=Text("用 --list 列出", "list them by --list"),
        )
    return _REGISTRY[check]


@dataclass
class Folder:
    """A hand-in that a fault is planted in.

    Files may be hard links of a sound hand-in: what is changed is copied first. ``held`` is what
    the hand-in is held to, for faults that only references show. What is written into the
    manifest follows the changes unless ``honest`` is turned off; numbers of features alone stay as
    they are without ``honest_counts``. ``within`` is a fault that the formats of the hand-in cannot
    hold: it is put into what was read of it.
    """

    root: Path
    names: Names
    held: Asked = field(default_factory=Asked)
    honest: bool = True
    honest_counts: bool = True
    within: Callable[[Submission], Submission] | None = None

    @property
    def edition(self) -> Edition:
        """The edition of the hand-in."""
        return self.names.edition

    # -- files ------------------------------------------------------------------------------------

    def file(self, code: str) -> Path:
        """The file of a layer or table."""
        what = "layer" if isinstance(self.edition.spec(code), LayerSpec) else "table"
        name = self.names.of(what, layer=code)
        return self.root / self.names.folder_of(f"{what}s") / f"{name}.gpkg"

    def document(self, code: str, suffix: str = "docx") -> Path:
        """The file of a document, the first one where there are several."""
        document = next(item for item in self.edition.documents if item.code == code)
        return min((self.root / document.folder).glob(f"*.{suffix}"))

    def inside(self, path: Path) -> str:
        """The path of a file in the hand-in, as faults name it."""
        return path.relative_to(self.root).as_posix()

    def own(self, path: Path) -> Path:
        """The file as one of its own, no longer linked to that of another hand-in."""
        if path.stat().st_nlink > 1:
            other = path.with_name(f".{path.name}")
            shutil.copyfile(path, other)
            other.replace(path)
        return path

    @contextmanager
    def layer(self, code: str) -> Any:
        """The file of a layer or table, open for changes."""
        with GeoPackage.open(self.own(self.file(code)), self.file(code).stem) as opened:
            yield opened

    def set(self, code: str, number: int, **values: Any) -> At:
        """Set fields of the feature with a number (from 0, by its file); tells where."""
        with self.layer(code) as layer:
            key = layer.identifiers()[number]
            layer.set(key, **values)
        return At(layer=code, key=key, field=next(iter(values)))

    # -- documents --------------------------------------------------------------------------------

    @contextmanager
    def text(self, code: str = "GHWB") -> Any:
        """The DOCX of a document, open for changes."""
        path = self.own(self.document(code))
        file = docx.Document(str(path))
        yield file
        buffer = BytesIO()
        file.save(buffer)
        path.write_bytes(with_fixed_dates(buffer))

    def rewrite(self, old: str, new: str) -> At:
        """Replace words of the plan's text where they stand first; ValueError when nowhere."""
        with self.text() as file:
            _retold(_holding(file, old), lambda words: words.replace(old, new, 1))
        return At()

    def say(self, after: str, words: str) -> At:
        """Add a paragraph to the plan's text behind the one that holds some words."""
        with self.text() as file:
            place = _holding(file, after)
            added = copy.deepcopy(place._p)
            place._p.addnext(added)
            _retold(Paragraph(added, place._parent), lambda _: words)
        return At()

    def table(self, after: str, title: str, rows: Sequence[Sequence[str]]) -> None:
        """Add a table with the next number behind the paragraph that holds some words."""
        with self.text() as file:
            place = _holding(file, after)
            made = file.add_table(len(rows), len(rows[0]), style="Table Grid")
            for row, cells in zip(made.rows, rows, strict=True):
                for cell, words in zip(row.cells, cells, strict=True):
                    cell.text = words
            numbers = [
                int(found[1]) for item in file.paragraphs
                if (found := re.match(r"表(\d+) ", item.text))
            ]  # fmt: skip
            caption = copy.deepcopy(place._p)
            place._p.addnext(made._tbl)
            place._p.addnext(caption)
            words = f"表{max(numbers) + 1} {title}"
            _retold(Paragraph(caption, place._parent), lambda _: words)

    def cell(self, caption: str, row: int, column: int, told: Callable[[str], str]) -> At:
        """Change a cell of the table whose caption holds some words (row 0 is the head)."""
        with self.text() as file:
            body = list(file.element.body)
            place = next(
                body.index(item._p)
                for item in file.paragraphs
                if caption in item.text and item.text[0] in "表专" and " " in item.text
            )
            table = next(item for item in file.tables if body.index(item._tbl) > place)
            cell = table.cell(row, column)
            cell.text = told(cell.text)
        return At()

    def meta(self, code: str, value: str | None) -> At:
        """Set an item of the metadata; None removes it."""
        path = self.own(self.document("YSJ", "xml"))
        ET.register_namespace("", _NAMESPACE.strip("{}"))
        tree = ET.parse(path)
        root = tree.getroot()
        held = next((item for item in root if item.get("code") == code), None)
        if value is None:
            assert held is not None
            root.remove(held)
        else:
            if held is None:
                held = ET.SubElement(root, f"{_NAMESPACE}item", {"code": code, "name": code})
            held.text = value
        tree.write(path, encoding="utf-8", xml_declaration=True)
        return At()

    def metadata(self) -> dict[str, str]:
        """The items of the metadata by code."""
        return metadata.read(self.document("YSJ", "xml"))

    # -- references -------------------------------------------------------------------------------

    def hold(self, **values: Any) -> None:
        """Change what the hand-in is held to."""
        self.held = replace(self.held, **values)

    # -- the end ----------------------------------------------------------------------------------

    def close(self) -> None:
        """Let manifest and metadata follow what was changed."""
        path = self.root / manifest.NAME
        if not self.honest or not path.is_file():
            return
        told = json.loads(path.read_text("utf-8"))
        if self.honest_counts:
            self._count(told)
        told = {key: value for key, value in told.items() if key not in ("kind", "files")}
        self.own(path)
        manifest.write(self.root, told)

    def _count(self, told: dict[str, Any]) -> None:
        changed = {}
        for entry in told["layers"]:
            path = self.file(entry["code"])
            if path.is_file() and path.stat().st_nlink == 1:
                with GeoPackage.open(path, path.stem) as layer:
                    count = layer.count()
                if count is not None and count != entry["count"]:
                    changed[entry["name"]] = (entry["count"], count)
                    entry["count"] = count
        if changed:
            listed = self.metadata()["TCMC"]
            for name, (before, now) in changed.items():
                listed = listed.replace(f"{name} {before}", f"{name} {now}")
            self.meta("TCMC", listed)
