"""Plan documents of any format (DOCX, PDF, plain text) read into values of the core.

Interface::

    from minplan.documents import read_document, try_document
    document = read_document(Path("规划文本.docx"))  # minplan.core.document.model.PlanDocument
    for section, block in document.blocks(): ...  # paragraphs and tables in order
    for section, table in document.tables(): ...  # 表4, 专栏6, …

What a file is, is told by its content, not by its name. A :class:`Spot` has a page for PDF and a
line for plain text; its ``clause`` is the number as people cite it (``第四章三（二）2``, ``表4``);
for an unnumbered table it is the section the table stands in.
"""

from minplan.documents.read import read_document, try_document

__all__ = ["read_document", "try_document"]
