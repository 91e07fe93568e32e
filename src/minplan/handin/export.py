"""The hand-in folder (汇交成果) of a plan, whole or not at all."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from minplan.core.errors import InputError, Place, StoreError
from minplan.core.geometry.corners import Remark
from minplan.core.standard.model import Document
from minplan.core.text import Text
from minplan.database import deliverables, originals
from minplan.database.editions import edition as edition_of
from minplan.database.models import Plan
from minplan.handin import annex, manifest, metadata
from minplan.handin.contents import Contents
from minplan.handin.names import Names, clean
from minplan.handin.spatial import FORMATS, Written, write_database

_MADE_HERE: Final = {"FB", "YSJ"}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """The folder that was written: its digest, its counts, and what is missing in it."""

    folder: Path
    digest: str
    snapshot_sha256: str
    counts: Mapping[str, int]
    missing: tuple[Text, ...]
    remarks: tuple[Remark, ...]


def export(
    plan: Plan,
    target: Path,
    *,
    edition: str,
    format_key: str,
    effective: dt.date,
    recorded: dt.datetime | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write the hand-in folder of a plan, as it holds on ``effective``, into the folder ``target``.

    ``recorded`` is the time of record (by default now). The folder is written beside and renamed
    when it is complete.

    Raises InputError E904 for an unknown format, E905 when the folder is there already, StoreError
    E906 when the plan is kept in another edition, E903 when nothing holds on that date.
    """
    if format_key not in FORMATS:
        listed = " ".join(FORMATS)
        raise InputError(
            "E904",
            Text(f"汇交成果没有“{format_key}”格式", f"no hand-in in the format {format_key!r}"),
            hint=Text(f"可用：{listed}", f"use one of: {listed}"),
        )
    contents = _contents(plan, edition, effective, recorded)
    names = Names(contents.edition, contents.snapshot.plan)
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
        made = _write(contents, names, root, format_key, progress)
        root.rename(final)
    return Exported(
        final, contents.digest, contents.snapshot.sha256, contents.counts, made[0], made[1]
    )


def _contents(
    plan: Plan, edition: str, effective: dt.date, recorded: dt.datetime | None
) -> Contents:
    if plan.edition_id != edition:
        raise StoreError(
            "E906",
            Text(
                f"规划 {plan.code} 按标准 {plan.edition_id} 建库，不能按 {edition} 汇交",
                f"plan {plan.code} is kept in edition {plan.edition_id}, not {edition}",
            ),
            hint=Text(
                f"用 --edition {plan.edition_id}；版本间的对应见 minplan standard diff",
                f"use --edition {plan.edition_id}; see minplan standard diff",
            ),
        )
    contents = Contents(plan, edition_of(edition), effective, recorded)
    contents.require()
    return contents


def _write(
    contents: Contents, names: Names, root: Path, key: str, progress: Progress | None
) -> tuple[tuple[Text, ...], tuple[Remark, ...]]:
    for node in contents.edition.folders:
        (root / node.path).mkdir(parents=True, exist_ok=True)
    done, total = 0, sum(contents.counts.values())

    def advance(_code: str, count: int) -> None:
        nonlocal done
        done += count
        if progress:
            progress(done, total)

    written = write_database(contents, names, root, key, advance)
    _write_annex(contents, names, root)
    missing = _write_metadata(contents, names, root, key)
    missing += _write_documents(contents, names, root)
    manifest.write(root, _told(contents, key, written, missing))
    return tuple(missing), tuple(written.remarks)


def _write_annex(contents: Contents, names: Names, root: Path) -> None:
    held = contents.features([code for code in contents.counts if code in annex.needed()])
    made = [*annex.sheets(contents.edition, held)]
    document = _document(contents, "FB")
    if made and document:
        path = root / document.folder / f"{names.document(document)}.xlsx"
        annex.write_annex(path, made, names.plan, contents.effective)


def _write_metadata(contents: Contents, names: Names, root: Path, key: str) -> list[Text]:
    rows = {spec.name.zh: contents.counts[spec.code] for spec in contents.layers}
    schematic = sum(1 for zone in contents.snapshot.zones if zone.schematic)
    told = metadata.Told(contents.effective, contents.bounds, rows, FORMATS[key].zh, schematic)
    made = metadata.entries(names, told)
    folder = root / names.folder_of("YSJ")
    metadata.write_xml(folder / f"{names.of('metadata')}.xml", made)
    metadata.write_table(folder / f"{names.of('metadata')}.xlsx", made)
    return [
        Text(f"元数据“{entry.item.name.zh}”待填写", f"metadata: {entry.item.name.en} is not known")
        for entry in made
        if entry.missing
    ]


def _write_documents(contents: Contents, names: Names, root: Path) -> list[Text]:
    """Copy registered documents out of the database; say which required ones are not there."""
    missing: list[Text] = []
    held = deliverables.listed(contents.plan)
    for document in contents.edition.documents:
        if document.code in _MADE_HERE:
            continue
        own = [item for item in held if item.code == document.code]
        latest = {item.name: item for item in own if _known(item.recorded, contents.recorded)}
        for item in latest.values():
            originals.write(item.original_id, root / document.folder / clean(item.name))
        if not latest:
            _note_missing(document, names, root)
            if document.required:
                missing.append(Text(f"缺少{document.name.zh}", f"no {document.name.en}"))
    return missing


def _known(recorded: dt.datetime, until: dt.datetime | None) -> bool:
    return until is None or recorded <= until


def _note_missing(document: Document, names: Names, root: Path) -> None:
    need = "应提交" if document.required else "可提交"
    listed = "、".join(document.formats)
    text = (
        f"数据库没有登记{document.name.zh}（{need}）。\n"
        f"请放入本文件夹，文件名 {names.document(document, '名称')}，格式 {listed}，"
        "然后重新导入成果或登记文档。\n"
    )
    (root / document.folder / manifest.MISSING_NOTE).write_text(text, encoding="utf-8")


def _told(contents: Contents, key: str, written: Written, missing: list[Text]) -> dict[str, Any]:
    edition = contents.edition
    return {
        "edition": edition.id,
        "format": key,
        "plan": manifest.plan_to_dict(contents.snapshot.plan),
        "as_of": contents.effective.isoformat(),
        "recorded": contents.recorded.isoformat() if contents.recorded else None,
        "snapshot_sha256": contents.snapshot.sha256,
        "features_digest": contents.digest,
        "layers": [
            {
                "code": code,
                "name": edition.spec(code).name.zh,
                "count": count,
                "files": written.places.get(code, []),
            }
            for code, count in contents.counts.items()
        ],
        "missing": [text.zh for text in missing],
    }


def _document(contents: Contents, code: str) -> Document | None:
    return next((item for item in contents.edition.documents if item.code == code), None)
