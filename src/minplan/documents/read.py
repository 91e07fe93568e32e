"""Read a plan document, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from minplan.core.document.model import PlanDocument
from minplan.core.text import Text
from minplan.documents.errors import no_document
from minplan.documents.kind import Kind, detect
from minplan.documents.outline import Outliner, without_contents
from minplan.documents.pdf_file import count_pages, read_pdf_file
from minplan.documents.pieces import Raw
from minplan.documents.text_file import read_text_file
from minplan.documents.word_file import read_word_file

_READERS: Final[Mapping[Kind, Callable[[Path, str], Iterator[Raw]]]] = {
    Kind.TEXT: read_text_file,
    Kind.WORD: read_word_file,
    Kind.PDF: read_pdf_file,
}


def read_document(path: Path, *, name: str | None = None) -> PlanDocument:
    """Read a plan document: TXT, Markdown, DOCX or PDF with text.

    ``name`` is what messages and the document call the file, its own name by default. The result
    holds the tree of chapters, sections and items, paragraphs joined over page breaks, and tables
    with merged cells filled and their pieces joined.

    Raises InputError: E971 no document, E972 damaged, E973 protected by a password, E974 a scan
    without text, E975 a .doc of Word 97–2003, E976 empty, E977 too large.
    """
    path = Path(path)
    name = name or path.name
    if not path.is_file():
        raise no_document(name, Text("没有这个文件", "there is no such file"))
    outliner = Outliner(name)
    for raw in without_contents(_raws(path, name)):
        outliner.add(raw)
    return outliner.close()


def try_document(path: Path) -> None:
    """Open a document of which nothing is asked, such as a map: a PDF need not have a text.

    Raises InputError as :func:`read_document`, E974 and E976 of a PDF without text left out.
    """
    if detect(path, path.name) is Kind.PDF:
        count_pages(path, path.name)
    else:
        read_document(path)


def _raws(path: Path, name: str) -> Iterator[Raw]:
    return _READERS[detect(path, name)](path, name)
