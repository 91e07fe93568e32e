"""Writes the hand-in folder of a content, whole: layers, tables, documents, maps, manifest."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from minplan.core.errors import InputError, Place
from minplan.core.standard.feature import features_digest
from minplan.core.standard.model import Document, LayerSpec
from minplan.core.text import Text
from minplan.demo.handin.content import Content
from minplan.demo.handin.manuscript import Block, Heading, Words, write_docx, write_txt
from minplan.demo.handin.text import manuscript
from minplan.formats.features import write_features
from minplan.handin import annex, manifest, metadata
from minplan.handin.columns import table_of
from minplan.handin.names import Names
from minplan.handin.styles import add_styles
from minplan.reports.sheets import SheetOrder, draw_sheet, subject_of

_FORMAT: Final = "gpkg"
_FORMAT_NAME: Final = "GeoPackage"
#: Subjects of the map sheets and the titles that their files are named by.
_SHEETS: Final = {"mining": "矿产资源开采规划图", "remediation": "矿山生态修复规划图"}
#: What a demo cannot know and says itself.
_STATED: Final = {"SYXZ": "示例数据，不作行政依据", "AQDJ": "公开"}
Progress = Callable[[Text, int, int], None]
Report = Callable[[Path, Path], None]


def write_hand_in(
    content: Content,
    target: Path,
    *,
    date: dt.date,
    report: Report | None = None,
    progress: Progress = lambda *_: None,
) -> Path:
    """Write the hand-in folder into ``target`` and give its path.

    ``date`` is that of the data; ``report`` writes the quality report of a folder into a file and
    is asked when all else is there. The folder appears when it is complete. Raises InputError E905
    when it is there already.
    """
    names = Names(content.edition, content.plan)
    final = target / names.of("root")
    if final.exists():
        raise InputError(
            "E905",
            Text(f"{final.name} 已存在", f"{final.name} exists already"),
            place=Place(file=str(final)),
            hint=Text("请移走，或换一个输出文件夹", "move it away, or choose another folder"),
        )
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".minplan-", dir=target) as scratch:
        root = Path(scratch) / final.name
        _Writer(content, names, root, date, progress).write(report)
        root.rename(final)
    return final


class _Writer:
    """Writes the parts one after another."""

    def __init__(
        self, content: Content, names: Names, root: Path, date: dt.date, progress: Progress
    ) -> None:
        self._content = content
        self._edition = content.edition
        self._names = names
        self._root = root
        self._date = date
        self._progress = progress

    def write(self, report: Report | None) -> None:
        for node in self._edition.folders:
            (self._root / node.path).mkdir(parents=True, exist_ok=True)
        steps: list[tuple[Text, Callable[[], None]]] = [
            (Text("空间数据和表格", "layers and tables"), self._database),
            (Text("规划文本、编制说明", "text and explanation"), self._texts),
            (Text("附表、元数据", "annexed tables, metadata"), self._tables),
            (Text("附图", "maps"), self._maps),
        ]
        for number, (title, step) in enumerate(steps):
            self._progress(title, number, len(steps) + 1)
            step()
        self._progress(Text("质检报告", "quality report"), len(steps), len(steps) + 1)
        self._report(report)
        self._manifest()

    # -- parts ------------------------------------------------------------------------------------

    def _database(self) -> None:
        """A file a layer or table, named by the grammar, so that each can be looked at alone."""
        for code, held in self._content.features.items():
            spec, path = self._edition.spec(code), self._file(code)
            write_features(path, [table_of(spec, held, name=path.stem)], driver=_FORMAT)
            if self._is_layer(code):
                add_styles(path, self._edition, {path.stem: code})

    def _file(self, code: str) -> Path:
        """The file of a layer or table."""
        what = "layer" if self._is_layer(code) else "table"
        folder = self._root / self._names.folder_of(f"{what}s")
        return folder / f"{self._names.of(what, layer=code)}.{_FORMAT}"

    def _is_layer(self, code: str) -> bool:
        return isinstance(self._edition.spec(code), LayerSpec)

    def _texts(self) -> None:
        blocks = manuscript(self._content)
        title = self._content.plan.name.zh
        text = self._place("GHWB")
        write_docx(text.with_name(f"{text.name}.docx"), title, blocks)
        write_txt(text.with_name(f"{text.name}.txt"), title, blocks)
        notes = self._place("BZSM")
        write_docx(notes.with_name(f"{notes.name}.docx"), f"{title}编制说明", self._notes())

    def _notes(self) -> Iterator[Block]:
        yield Heading(1, "第一章 编制过程")
        yield Words("本成果由示例规划的事实数据生成，文字为概括，不是原文。")
        yield Heading(1, "第二章 数据说明")
        yield Words("图形均为示意，不是测绘成果；规划原文前后不一致的数字取一个值。")

    def _tables(self) -> None:
        made = [*annex.sheets(self._edition, self._content.features)]
        path = self._place("FB")
        annex.write_annex(path.with_name(f"{path.name}.xlsx"), made, self._content.plan, self._date)
        entries = metadata.entries(self._names, self._told())
        known = tuple(
            metadata.Entry(entry.item, entry.value or _STATED.get(entry.item.code, ""))
            for entry in entries
        )
        folder = self._root / self._names.folder_of("YSJ")
        metadata.write_xml(folder / f"{self._names.of('metadata')}.xml", known)

    def _told(self) -> metadata.Told:
        rows = {self._edition.spec(code).name.zh: count for code, count in self._counts.items()}
        drawn = [
            item
            for code, held in self._content.features.items()
            if self._is_layer(code)
            for item in held
        ]
        bounds = self._content.bounds
        return metadata.Told(self._date, bounds, rows, _FORMAT_NAME, len(drawn))

    def _maps(self) -> None:
        office = self._content.plan.issuer
        for subject, title in _SHEETS.items():
            order = SheetOrder(
                subject=subject_of([subject]), office=office, date=self._date, size="A4"
            )
            document = self._document("FT")
            name = self._names.document(document, title)
            path = self._root / document.folder / f"{name}.pdf"
            draw_sheet(self._content.snapshot, order, path, format="pdf")

    def _report(self, report: Report | None) -> None:
        path = self._place("ZJBG")
        path = path.with_name(f"{path.name}.docx")
        title = f"{self._content.plan.name.zh}质检报告"
        write_docx(path, title, [Words("本报告由质检程序生成。")])
        if report is not None:
            self._manifest()
            report(self._root, path)

    def _manifest(self) -> None:
        manifest.write(self._root, self._listed())

    def _listed(self) -> Mapping[str, Any]:
        held = (item for items in self._content.features.values() for item in items)
        return {
            "edition": self._edition.id,
            "format": _FORMAT,
            "plan": manifest.plan_to_dict(self._content.plan),
            "as_of": self._date.isoformat(),
            "recorded": None,
            "snapshot_sha256": self._content.snapshot.sha256,
            "features_digest": features_digest(held),
            "layers": [
                {
                    "code": code,
                    "name": self._edition.spec(code).name.zh,
                    "count": count,
                    "files": [self._file(code).relative_to(self._root).as_posix()],
                }
                for code, count in self._counts.items()
            ],
            "missing": [],
        }

    # -- names ------------------------------------------------------------------------------------

    @property
    def _counts(self) -> dict[str, int]:
        return {code: len(held) for code, held in self._content.features.items()}

    def _document(self, code: str) -> Document:
        return next(item for item in self._edition.documents if item.code == code)

    def _place(self, code: str) -> Path:
        """The file of a document without its suffix."""
        document = self._document(code)
        return self._root / document.folder / self._names.document(document)
