"""Word documents (.docx) as text: paragraphs, and tables with a tab between cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.table import Table

from minplan.formats.gdal import translated


def read_text(path: Path, name: str) -> str:
    """Return the text of a document in reading order; InputError E206 when it is damaged."""
    with translated(name):
        return "\n".join(_lines(docx.Document(str(path))))


def _lines(document: Any) -> Iterator[str]:
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            yield ""
            for row in item.rows:
                yield "\t".join(" ".join(cell.text.split()) for cell in row.cells)
            yield ""
        else:
            yield item.text
