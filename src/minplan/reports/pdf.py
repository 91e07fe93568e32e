"""The PDF writer: the document model set by the typst compiler with the package's own fonts."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from dataclasses import asdict
from importlib import resources
from pathlib import Path

import typst

from minplan.core.errors import Place
from minplan.core.text import Text
from minplan.reports.document import Document
from minplan.reports.palette import outcome_styles
from minplan.reports.typeface import ReportError, check_glyphs, font_folder

_TEMPLATE = "report.typ"


def write_pdf(document: Document, target: Path, *, pictures: Path, created: dt.datetime) -> None:
    """Write ``document`` to ``target``; its figures are looked for in ``pictures``.

    ``created`` is the time in the file's metadata (taken as UTC when it names no zone), so that
    equal documents give equal files. Raises ReportError E601 for a character without a glyph and
    E602 when the compiler reports an error or only a warning.
    """
    check_glyphs(document.texts(), place=target.name)
    with tempfile.TemporaryDirectory(prefix="minplan-") as name:
        folder = Path(name)
        template = (resources.files("minplan.reports") / _TEMPLATE).read_text("utf-8")
        (folder / _TEMPLATE).write_text(template, "utf-8")
        colours = {outcome.value: asdict(style) for outcome, style in outcome_styles().items()}
        _write_json(folder / "report.json", document.to_dict())
        _write_json(folder / "palette.json", colours)
        for figure in document.figures:
            shutil.copyfile(pictures / figure.file, folder / figure.file)
        target.write_bytes(_compile(folder, created, target.name))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")


def _compile(folder: Path, created: dt.datetime, name: str) -> bytes:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font_folder())],
    )
    stamp = created if created.tzinfo else created.replace(tzinfo=dt.UTC)
    compiler = typst.Compiler(str(folder / _TEMPLATE), root=str(folder), font_paths=fonts)
    try:
        pdf, warnings = compiler.compile_with_warnings(format="pdf", timestamp=stamp)
    except typst.TypstError as error:
        raise _failed(name, str(error)) from error
    if warnings:
        raise _failed(name, "; ".join(item.message for item in warnings))
    assert isinstance(pdf, bytes)
    return pdf


def _failed(name: str, reason: str) -> ReportError:
    return ReportError(
        "E602",
        Text(f"PDF 排版未完成：{reason}", f"the PDF could not be set: {reason}"),
        place=Place(file=name),
        hint=Text(
            "可先输出 DOCX；请把本条信息连同审查记录交给维护人员。",
            "Write DOCX meanwhile; hand this message and the review record to the maintainers.",
        ),
    )
