"""Write a draft as the files of a plan package, and a note in Markdown beside them.

The loader of packages leaves Markdown out, so the folder is a package as soon as a person has
added what is missing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minplan.core.errors import InputError, Place
from minplan.core.plan.package import PLAN, TABLES, file_specs
from minplan.core.text import Text
from minplan.documents.draft.model import Draft, DraftRow

NOTE: Final = "草稿说明.md"
_INTEGERS: Final = ("first_year", "last_year", "base_year")
_DATES: Final = ("effective_from", "effective_to")


def write_draft(draft: Draft, folder: Path) -> tuple[Path, ...]:
    """Write the package and its note into an empty or new folder; returns the files.

    Raises InputError E978 where the folder holds something already.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            "E978",
            Text(f"{folder} 不是空文件夹", f"{folder} is no empty folder"),
            place=Place(file=str(folder)),
            hint=Text("请另给一个文件夹", "name another folder"),
        )
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    written = [_put(folder / PLAN, _plan(draft.identity))]
    for name, rows in draft.files.items():
        written.append(_put(folder / name, _csv(name, rows)))
    for table in draft.tables:
        written.append(_put(folder / table.file, _text((table.columns, *table.rows))))
    written.append(_put(folder / TABLES, _tables(draft)))
    written.append(_put(folder / NOTE, "\n".join(_note(draft)) + "\n"))
    return tuple(written)


def _put(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def _plan(row: DraftRow) -> str:
    lines = ["# 由规划文本起草，请逐项核对。"]
    for name, value in row.fields.items():
        bare = name in _INTEGERS or name in _DATES
        lines.append(f"{name} = {value if bare else json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _tables(draft: Draft) -> str:
    lines = ["# 文本中的表格，由规划文本起草，请核对。"]
    for table in draft.tables:
        lines += ["", "[[table]]"]
        for name, value in (
            ("id", table.id),
            ("title", table.title),
            ("file", table.file),
            ("clause", table.clause),
        ):
            lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _csv(name: str, rows: tuple[DraftRow, ...]) -> str:
    columns = [column.name for column in file_specs()[name].columns]
    return _text((columns, *([row.fields.get(item, "") for item in columns] for row in rows)))


def _text(rows: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def _note(draft: Draft) -> Iterator[str]:
    yield "# 规划数据包草稿说明"
    yield ""
    yield "由规划文本起草，请逐行核对后使用。“把握”低于 80% 的行以 ⚠ 标出；行号含表头。"
    yield ""
    left = [f"{item.what.zh}（{item.spot.describe().zh}）" for item in draft.unread]
    for title, told in (
        ("待补", [item.zh for item in draft.missing]),
        ("读表时的说明", [item.zh for item in draft.remarks]),
        ("没有归入数据包的内容", left),
    ):
        yield from (f"## {title}", "", *(f"- {text}" for text in told or ["无"]), "")
    for name, rows in draft.files.items():
        yield from ("", f"## {name}（{file_specs()[name].title.zh}，{len(rows)} 行）", "")
        if not rows:
            continue
        yield "| 行 | 内容 | 出处 | 把握 | 说明 |"
        yield "|---|---|---|---|---|"
        for number, row in enumerate(rows, start=2):
            yield _note_row(number, row)


def _note_row(number: int, row: DraftRow) -> str:
    told = " ".join(value for value in list(row.fields.values())[:5] if value)
    mark = " ⚠" if row.is_doubtful else ""
    parts = (
        f"{number}{mark}",
        told[:60],
        row.spot.describe().zh,
        f"{row.sure:.0%}",
        row.note.zh if row.note else "",
    )
    return "| " + " | ".join(part.replace("|", "｜") for part in parts) + " |"
