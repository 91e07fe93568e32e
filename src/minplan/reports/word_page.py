"""Fonts, page and small marks of the DOCX writer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from minplan.reports.document import Document, PartKind

TEXT_WIDTH_MM = 156.0
_LATIN = "Times New Roman"
BODY, HEAD, SUBHEAD, TITLE, TABLE = "仿宋", "黑体", "楷体", "方正小标宋简体", "宋体"
# Fonts a computer may have instead, in the order in which they should be tried.
_SUBSTITUTES = {
    BODY: "仿宋_GB2312,FangSong,STFangsong,Noto Serif CJK SC,Noto Sans CJK SC",
    HEAD: "SimHei,Heiti SC,Noto Sans CJK SC",
    SUBHEAD: "楷体_GB2312,KaiTi,STKaiti,Noto Serif CJK SC,Noto Sans CJK SC",
    TITLE: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,宋体,Noto Serif CJK SC,Noto Sans CJK SC",
    TABLE: "SimSun,Songti SC,Noto Serif CJK SC,Noto Sans CJK SC",
}
RED = RGBColor(0xC8, 0x10, 0x2E)
GREY = RGBColor(0x5F, 0x66, 0x70)


def set_properties(file: Any, document: Document, created: dt.datetime) -> None:
    """Title, language and dates in the file's properties."""
    stamp = created.astimezone(dt.UTC).replace(tzinfo=None) if created.tzinfo else created
    core = file.core_properties
    core.title = document.title
    core.author = ""
    core.comments = ""
    core.language = "zh-CN" if document.language == "zh" else "en-GB"
    core.created = core.modified = stamp
    core.last_modified_by = ""


def name_fonts(file: Any) -> None:
    """Fonts of the default style, and substitutes in the font table."""
    normal = file.styles["Normal"]
    normal.font.name = _LATIN
    fonts = normal.element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), BODY)
    normal.paragraph_format.space_after = Pt(0)
    part = next(
        p for p in file.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml"
    )
    table = parse_xml(part.blob)
    for name, substitutes in _SUBSTITUTES.items():
        table.append(
            parse_xml(
                f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{substitutes}"/>'
                '<w:charset w:val="86"/></w:font>'
            )
        )
    part._blob = serialize_part_xml(table)


def set_page(section: Any, kind: PartKind) -> None:
    """A4 with the margins of letters or of reports."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    letter = kind == "letter"
    section.top_margin, section.bottom_margin = (Mm(37), Mm(35)) if letter else (Mm(26), Mm(26))
    section.footer_distance = Mm(15 if not letter else 24)


def set_footer(section: Any, text: str) -> None:
    """Check code on the left, page number in the middle."""
    paragraph = section.footer.paragraphs[0]
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(TEXT_WIDTH_MM / 2), WD_ALIGN_PARAGRAPH.CENTER)
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(7.5), GREY
    style_run(paragraph.add_run("\t— "), TABLE, 10.5)
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        style_run(run, TABLE, 10.5)
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = code
        run._r.append(element)
    style_run(paragraph.add_run(" —"), TABLE, 10.5)


def style_run(run: Any, font: str, size: float, *, bold: bool = False) -> None:
    """Chinese font, size in points and weight of a run."""
    run.font.name = _LATIN
    run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), font)
    run.font.size = Pt(size)
    run.font.bold = bold


# Elements that the schema wants after the ones added here, by parent.
AFTER_BORDER = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
_AFTER_SHADE = {
    "pPr": AFTER_BORDER[1:],
    "rPr": ("w:fitText", "w:vertAlign", "w:lang"),
    "tcPr": ("w:noWrap", "w:tcMar", "w:vAlign"),
}


def shade(element: Any, fill: str) -> None:
    """Background ``#RRGGBB`` for the properties of a paragraph, run or cell."""
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill[1:]}"/>')
    element.insert_element_before(shade, *_AFTER_SHADE[element.tag.rpartition("}")[2]])
