"""Word documents (.docx) as text: paragraphs, tables with a tab between cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.table import Table

from minplan.formats.features import translated
from minplan.formats.reading import InputBlock, InputOptions
from minplan.formats.tabular import read_text


def read_word(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read the text and tables of a document in reading order; E206 when it is damaged."""
    with translated(name):
        text = "\n".join(_lines(docx.Document(str(path))))
    return read_text(text, name, options)


def _lines(document: Any) -> Iterator[str]:
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            yield ""
            for row in item.rows:
                yield "\t".join(" ".join(cell.text.split()) for cell in row.cells)
            yield ""
        else:
            yield item.text
