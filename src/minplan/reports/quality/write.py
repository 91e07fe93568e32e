"""One call that writes the report of a quality check in a format."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from minplan.core.text import Language, Text
from minplan.reports.html import write_html
from minplan.reports.pdf import write_pdf
from minplan.reports.quality.content import document_of
from minplan.reports.quality.shapes import write_shapes
from minplan.reports.quality.thumbnails import draw
from minplan.reports.quality.told import Told
from minplan.reports.quality.workbook import write_workbook
from minplan.reports.typeface import ReportError
from minplan.reports.word import write_docx

FORMATS: Final = ("docx", "html", "pdf", "xlsx", "gpkg")


def write_quality(told: Told, target: Path, format_key: str, language: Language = "zh") -> None:
    """Write the report as ``target`` in one of :data:`FORMATS`; the file appears when complete.

    Raises ReportError E604 for an unknown format, E601, E602 as the PDF writer, E603 when the
    file cannot be written.
    """
    if format_key not in FORMATS:
        raise ReportError(
            "E604",
            Text(f"不能输出“{format_key}”格式", f"cannot write {format_key}"),
            hint=Text(f"可选：{'、'.join(FORMATS)}", f"choose from {', '.join(FORMATS)}"),
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".minplan-", dir=target.parent) as name:
            made = Path(name) / target.name
            _write(told, made, format_key, language)
            made.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportError(
            "E603",
            Text(f"不能写入报告：{reason}", f"the report cannot be written: {reason}"),
            hint=Text(
                "请检查文件夹权限和磁盘空间，并关闭已打开的同名文件。",
                "Check permissions and disk space, and close an open file of that name.",
            ),
        ) from error


def _write(told: Told, target: Path, format_key: str, language: Language) -> None:
    if format_key == "xlsx":
        write_workbook(told, target, language)
    elif format_key == "gpkg":
        write_shapes(told, target, language)
    else:
        with tempfile.TemporaryDirectory(prefix="minplan-") as name:
            pictures = Path(name)
            document = document_of(told, language, draw(told, pictures, language))
            if format_key == "docx":
                write_docx(document, target, pictures=pictures, created=told.made)
            elif format_key == "pdf":
                write_pdf(document, target, pictures=pictures, created=told.made)
            else:
                write_html(document, target, pictures=pictures)
