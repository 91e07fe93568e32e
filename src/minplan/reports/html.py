"""The HTML writer: the document model as one page that needs nothing beside itself."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from pathlib import Path

from minplan.core.review.finding import Outcome
from minplan.reports.document import (
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    Letterhead,
    Paragraph,
    Table,
    Title,
)
from minplan.reports.palette import outcome_styles
from minplan.reports.wording import SIGNS

_STYLE = """
body{font:15px/1.6 "Noto Sans SC","Microsoft YaHei","PingFang SC",sans-serif;color:#1f2933;
max-width:960px;margin:0 auto;padding:24px}
h1{font-size:26px;margin:8px 0 2px}h2{font-size:20px;margin:28px 0 8px;
border-bottom:1px solid #cbd2d9}h3{font-size:17px;margin:18px 0 6px}
p{margin:6px 0}.note,.under{color:#52606d;font-size:13px}.small{font-size:14px}
.verdict{font-size:19px;font-weight:700}.right{text-align:right}
table{border-collapse:collapse;width:100%;margin:8px 0 14px;table-layout:fixed}
caption{text-align:left;font-weight:700;padding:4px 0}
th,td{border:1px solid #cbd2d9;padding:4px 8px;vertical-align:top;text-align:left;
overflow-wrap:anywhere}th{background:#f5f7fa}td.center,th.center{text-align:center}
td.num,th.num{text-align:right}.mark{border-radius:3px;padding:0 6px;font-weight:700}
figure{margin:10px 0}figure img{max-width:100%;border:1px solid #cbd2d9}
figcaption{color:#52606d;font-size:13px}
@media print{body{padding:0;max-width:none}tr{break-inside:avoid}}
"""


def write_html(document: Document, target: Path, *, pictures: Path) -> None:
    """Write ``document`` to ``target``; its figures in ``pictures`` become part of the page."""
    body = "\n".join(
        piece
        for part in document.parts
        for block in part.blocks
        for piece in _block(block, pictures)
    )
    language = "zh-CN" if document.language == "zh" else "en"
    target.write_text(
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{_STYLE}{_colours()}</style></head>"
        f'<body>\n{body}\n<p class="note">{escape(document.footer)}</p>\n</body></html>\n',
        encoding="utf-8",
    )


def _colours() -> str:
    return "".join(
        f".m-{outcome.value}{{background:{style.fill};color:{style.text}}}"
        for outcome, style in outcome_styles().items()
    )


def _block(block: Block, pictures: Path) -> Iterator[str]:
    if isinstance(block, Letterhead):
        yield f"<p>{_text(block.office)}</p><p>{_text(block.number)}</p>"
    elif isinstance(block, Title):
        yield f"<h1>{_text(block.text)}</h1>"
        if block.note:
            yield f'<p class="under">{_text(block.note)}</p>'
    elif isinstance(block, Heading):
        level = block.level + 1
        yield f"<h{level}>{_text(block.text)}</h{level}>"
    elif isinstance(block, Paragraph):
        mark = f"{_mark(block.mark, SIGNS[Outcome(block.mark)])} " if block.mark else ""
        lead = f"<strong>{_text(block.lead)}</strong>" if block.lead else ""
        yield f'<p class="{block.style}">{mark}{lead}{_text(block.text)}</p>'
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Figure):
        data = base64.b64encode((pictures / block.file).read_bytes()).decode()
        caption = _text(block.caption)
        yield (
            f'<figure><img alt="{escape(block.caption)}" src="data:image/png;base64,{data}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )


def _table(table: Table) -> Iterator[str]:
    classes = ["" if c.align == "left" else "num" if c.align == "right" else "center"
               for c in table.columns]  # fmt: skip
    yield "<table>"
    if table.caption:
        yield f"<caption>{_text(table.caption)}</caption>"
    total = sum(column.width for column in table.columns) or 1.0
    shares = "".join(f'<col style="width:{c.width / total:.1%}">' for c in table.columns)
    yield f"<colgroup>{shares}</colgroup>"
    if table.headed:
        heads = "".join(
            f'<th scope="col" class="{name}">{_text(column.title)}</th>'
            for column, name in zip(table.columns, classes, strict=True)
        )
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        cells = "".join(_cell(cell, name) for cell, name in zip(row, classes, strict=True))
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table>"


def _cell(cell: Cell, name: str) -> str:
    if cell.strong:
        return f'<th scope="row" class="{name}">{_text(cell.text)}</th>'
    text = _mark(cell.mark, cell.text) if cell.mark else _text(cell.text)
    return f'<td class="{name}">{text}</td>'


def _mark(outcome: str, text: str) -> str:
    return f'<span class="mark m-{outcome}">{_text(text)}</span>'


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")
