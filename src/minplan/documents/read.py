"""Read a plan document, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from minplan.core.document.model import PlanDocument
from minplan.documents.errors import no_document
from minplan.documents.outline import Outliner, without_contents
from minplan.documents.pieces import Raw
from minplan.documents.text_file import read_text_file


def read_document(path: Path, *, name: str | None = None) -> PlanDocument:
    """Read a plan document: TXT, Markdown, DOCX or PDF with text.

    ``name`` is what messages and the document call the file, its own name by default. The result
    holds the tree of chapters, sections and items, paragraphs joined over page breaks, and tables
    with merged cells filled and their pieces joined.

    Raises InputError: E971 no document, E972 damaged, E973 protected by a password, E974 a scan
    without text, E975 a .doc of Word 97–2003, E976 empty.
    """
    path = Path(path)
    name = name or path.name
    if not path.is_file():
        raise no_document(name)
    outliner = Outliner(name)
    for raw in without_contents(_raws(path, name)):
        outliner.add(raw)
    return outliner.close()


def _raws(path: Path, name: str) -> Iterator[Raw]:
    return read_text_file(path, name)
