"""``minplan draft``: a draft of a plan package from a plan document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.documents.draft import Draft


@click.command(
    "draft",
    help="由规划文本（DOCX、带文字的 PDF、TXT、Markdown）起草规划数据包，供人核对。",
    epilog="""\b
示例
  minplan draft 规划文本.docx 草稿/
  minplan draft 规划文本.pdf 草稿/ --json
""",
)
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def command(session: Session, path: Path, folder: Path, as_json: bool) -> None:
    """Read the document, write the package and what a person has to look at."""
    from minplan.documents import read_document
    from minplan.documents.draft import draft_package, write_draft

    draft = draft_package(read_document(path))
    write_draft(draft, folder)
    if as_json:
        print_json(_record(draft, folder))
        return
    session.table(
        Text(f"草稿已写入 {folder}", f"draft written to {folder}"),
        (Text("文件", "file"), Text("行数", "rows"), Text("把握不足", "doubtful")),
        [
            (name, str(count), str(sum(row.is_doubtful for row in draft.files.get(name, ()))))
            for name, count in _counts(draft).items()
        ],
    )
    for item in draft.missing:
        session.say(Text(f"待补：{item.zh}", f"to be added: {item.en}"))
    for item in draft.remarks:
        session.say(item)
    left = len(draft.unread)
    session.say(
        Text(
            f"没有归入数据包的内容 {left} 处，见 {folder}/草稿说明.md",
            f"{left} passages went into no file: see {folder}/草稿说明.md",
        )
    )


def _counts(draft: Draft) -> dict[str, int]:
    """Rows by file, and the number of tables."""
    return {name: len(rows) for name, rows in draft.files.items()} | {"tables": len(draft.tables)}


def _record(draft: Draft, folder: Path) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "rows": _counts(draft),
        "missing": [item.to_dict() for item in draft.missing],
        "unread": [
            {"what": item.what.to_dict(), "where": item.spot.describe().to_dict()}
            for item in draft.unread
        ],
        "remarks": [item.to_dict() for item in draft.remarks],
    }
