"""The DOCX writer: the document model in the layout of official letters (GB/T 9704-2012).

The file names the fonts that offices have (方正小标宋, 仿宋, 黑体, 楷体, 宋体) with substitutes for
computers that lack them; fonts are not embedded.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from minplan.core.review.finding import Outcome
from minplan.reports.document import (
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    Letterhead,
    PageBreak,
    Paragraph,
    Part,
    PartKind,
    Table,
    Title,
)
from minplan.reports.palette import outcome_styles
from minplan.reports.word_page import (
    AFTER_BORDER,
    BODY,
    GREY,
    HEAD,
    RED,
    SUBHEAD,
    TABLE,
    TEXT_WIDTH_MM,
    TITLE,
    name_fonts,
    set_footer,
    set_page,
    set_properties,
    shade,
    style_run,
)
from minplan.reports.wording import SIGNS

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
# Tables of at most this many rows stay on one page.
_KEPT_ROWS = 4
# The date of every entry of the archive: the file must not depend on when it was written.
_ARCHIVE_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Type sizes of a part in points, and whether paragraphs are indented."""

    body: float
    line: float
    indent: bool


def _sizes(kind: PartKind, chinese: bool) -> _Sizes:
    if kind == "letter":
        return _Sizes(16, 28, True) if chinese else _Sizes(12, 16, False)
    return _Sizes(12, 20, True) if chinese else _Sizes(10.5, 14, False)


def write_docx(document: Document, target: Path, *, pictures: Path, created: dt.datetime) -> None:
    """Write ``document`` to ``target``; its figures are looked for in ``pictures``.

    ``created`` is the time in the file's properties; equal documents give equal files.
    """
    file = docx.Document()
    set_properties(file, document, created)
    name_fonts(file)
    for number, part in enumerate(document.parts):
        section = file.sections[0] if number == 0 else file.add_section(WD_SECTION.NEW_PAGE)
        set_page(section, part.kind)
        if number == 0:
            set_footer(section, document.footer)
        _PartWriter(file, part, document.language == "zh", pictures).write()
    buffer = BytesIO()
    file.save(buffer)
    target.write_bytes(with_fixed_dates(buffer))


def with_fixed_dates(buffer: BytesIO) -> bytes:
    """The archive of an office document with one date for all parts: equal content, equal bytes."""
    result = BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(result, "w") as archive:
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, _ARCHIVE_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, source.read(item))
    return result.getvalue()


class _PartWriter:
    """Writes the blocks of one part at the end of the file."""

    def __init__(self, file: Any, part: Part, chinese: bool, pictures: Path) -> None:
        self._file = file
        self._part = part
        self._chinese = chinese
        self._pictures = pictures
        self._sizes = _sizes(part.kind, chinese)

    def write(self) -> None:
        """Write every block."""
        for block in self._part.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        if isinstance(block, Letterhead):
            self._letterhead(block)
        elif isinstance(block, Title):
            self._title(block)
        elif isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Paragraph):
            self._paragraph(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Figure):
            self._figure(block)
        elif isinstance(block, PageBreak):
            self._file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _line(
        self, text: str, font: str, size: float, *, bold: bool = False, align: str = "left"
    ) -> Any:
        paragraph = self._file.add_paragraph()
        paragraph.alignment = _ALIGN[align]
        for number, piece in enumerate(text.split("\n")):
            run = paragraph.add_run()
            if number:
                run.add_break()
            run.add_text(piece)
            style_run(run, font, size, bold=bold)
        return paragraph

    def _letterhead(self, block: Letterhead) -> None:
        head = self._line(block.office, TITLE, 26, bold=not self._chinese, align="center")
        head.runs[0].font.color.rgb = RED
        head.paragraph_format.space_after = Pt(10)
        number = self._line(block.number, BODY, 14, align="center")
        number.paragraph_format.space_after = Pt(18)
        border = parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="14" w:space="6" '
            'w:color="C8102E"/></w:pBdr>'
        )
        number._p.get_or_add_pPr().insert_element_before(border, *AFTER_BORDER)

    def _title(self, block: Title) -> None:
        size = 22.0 if self._chinese else 17.0
        title = self._line(block.text, TITLE, size, bold=not self._chinese, align="center")
        title.paragraph_format.space_after = Pt(4)
        if block.note:
            note = self._line(block.note, BODY, 11, align="center")
            note.runs[0].font.color.rgb = GREY
        self._file.paragraphs[-1].paragraph_format.space_after = Pt(14)

    def _heading(self, block: Heading) -> None:
        letter = self._part.kind == "letter"
        first = block.level == 1
        size = self._sizes.body + (0 if letter else 2 if first else 1)
        bold = not first or not self._chinese
        heading = self._line(block.text, HEAD if first else SUBHEAD, size, bold=bold)
        shape = heading.paragraph_format
        shape.keep_with_next = True
        self._outline_level(heading, block.level)
        if letter:
            self._body_shape(heading)
        else:
            shape.space_before, shape.space_after = Pt(14 if first else 9), Pt(5)

    @staticmethod
    def _outline_level(paragraph: Any, level: int) -> None:
        """Make the paragraph show in the navigation pane, whatever its look."""
        element = OxmlElement("w:outlineLvl")
        element.set(qn("w:val"), str(level - 1))
        paragraph._p.get_or_add_pPr().insert_element_before(element, "w:rPr")

    def _body_shape(self, paragraph: Any) -> None:
        shape = paragraph.paragraph_format
        shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        shape.line_spacing = Pt(self._sizes.line)
        if self._sizes.indent:
            shape.first_line_indent = Pt(self._sizes.body * 2)
        else:
            shape.space_after = Pt(4)

    def _paragraph(self, block: Paragraph) -> None:
        size = {"note": 9.0, "small": 10.0}.get(block.style, self._sizes.body)
        paragraph = self._file.add_paragraph()
        if block.mark:
            style = outcome_styles()[Outcome(block.mark)]
            run = paragraph.add_run(f" {SIGNS[Outcome(block.mark)]} ")
            style_run(run, TABLE, size * 0.8, bold=True)
            run.font.color.rgb = RGBColor.from_string(style.text[1:])
            shade(run._r.get_or_add_rPr(), style.fill)
            style_run(paragraph.add_run(" "), BODY, size)
        if block.lead:
            style_run(paragraph.add_run(block.lead), BODY, size, bold=True)
        for number, piece in enumerate(block.text.split("\n")):
            run = paragraph.add_run()
            if number:
                run.add_break()
            run.add_text(piece)
            style_run(run, BODY, size)
        self._shape(paragraph, block)

    def _shape(self, paragraph: Any, block: Paragraph) -> None:
        shape = paragraph.paragraph_format
        if block.style == "note":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            shape.space_before = Pt(8)
        elif block.style == "small":
            shape.space_after = Pt(2)
        elif block.style == "right":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            shape.left_indent, shape.space_before = Mm(TEXT_WIDTH_MM * 0.4), Pt(20)
        else:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            self._body_shape(paragraph)
            if block.style == "plain":
                shape.first_line_indent = Pt(0)
            if block.style == "verdict":
                shade(paragraph._p.get_or_add_pPr(), "#F3F4F6")

    def _figure(self, block: Figure) -> None:
        paragraph = self._file.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        picture = str(self._pictures / block.file)
        shape = paragraph.add_run().add_picture(picture, width=Mm(block.width_mm))
        shape._inline.docPr.set("descr", block.caption)
        caption = self._line(block.caption, TABLE, 9, bold=True, align="center")
        caption.paragraph_format.space_after = Pt(8)

    def _table(self, block: Table) -> None:
        if block.caption:
            caption = self._line(block.caption, HEAD, 10, align="center")
            caption.paragraph_format.keep_with_next = True
            caption.paragraph_format.space_before = Pt(8)
            caption.paragraph_format.space_after = Pt(3)
        table = self._file.add_table(rows=0, cols=len(block.columns))
        table.style = self._file.styles["Table Grid"]
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        self._padding(table)
        if block.headed:
            self._header_row(table, block)
        for cells in block.rows:
            row = table.add_row()
            if block.row_height_mm:
                row.height, row.height_rule = Mm(block.row_height_mm), WD_ROW_HEIGHT_RULE.AT_LEAST
            self._flag(row, "w:cantSplit")
            for place, cell, column in zip(row.cells, cells, block.columns, strict=True):
                self._cell(place, cell, column.align)
        if len(block.rows) <= _KEPT_ROWS:
            for row in table.rows[:-1]:
                for place in row.cells:
                    place.paragraphs[0].paragraph_format.keep_with_next = True
        for place, column in zip(table.columns, block.columns, strict=True):
            place.width = Mm(TEXT_WIDTH_MM * column.width)
        self._file.add_paragraph().paragraph_format.line_spacing = Pt(6)

    @staticmethod
    def _padding(table: Any) -> None:
        """Room above and below the text of every cell."""
        sides = "".join(
            f'<w:{side} w:w="{twips}" w:type="dxa"/>'
            for side, twips in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80))
        )
        margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")
        table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption")

    def _header_row(self, table: Any, block: Table) -> None:
        row = table.add_row()
        self._flag(row, "w:tblHeader")
        for place, column in zip(row.cells, block.columns, strict=True):
            self._cell(place, Cell(column.title, strong=True), "center")
            shade(place._tc.get_or_add_tcPr(), "#EEF0F3")

    @staticmethod
    def _flag(row: Any, name: str) -> None:
        row._tr.get_or_add_trPr().append(OxmlElement(name))

    def _cell(self, place: Any, cell: Cell, align: str) -> None:
        properties = place._tc.get_or_add_tcPr()
        paragraph = place.paragraphs[0]
        colour = None
        if cell.mark:
            style = outcome_styles()[Outcome(cell.mark)]
            shade(properties, style.fill)
            colour, align = RGBColor.from_string(style.text[1:]), "center"
        paragraph.alignment = _ALIGN[align]
        for number, piece in enumerate(cell.text.split("\n")):
            run = paragraph.add_run()
            if number:
                run.add_break()
            run.add_text(piece)
            style_run(run, TABLE, 9, bold=cell.strong or bool(cell.mark))
            if colour is not None:
                run.font.color.rgb = colour
        element = OxmlElement("w:vAlign")
        element.set(qn("w:val"), "center")
        properties.append(element)
