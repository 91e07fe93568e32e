"""A draft of a plan package (规划数据包) from a plan document, for a person to confirm.

Interface::

    from minplan.documents.draft import draft_package, write_draft
    draft = draft_package(read_document(path))  # rows with where they were read and how sure
    write_draft(draft, Path("草稿"))  # the files of the package, and 草稿说明.md
"""

from minplan.documents.draft.making import draft_package
from minplan.documents.draft.model import Draft, DraftRow, DraftTable
from minplan.documents.draft.writing import write_draft

__all__ = ["Draft", "DraftRow", "DraftTable", "draft_package", "write_draft"]
