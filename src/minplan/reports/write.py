"""One call that writes every report of a review."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from minplan.core.errors import Place
from minplan.core.review.finding import Finding
from minplan.core.review.record import Reading
from minplan.core.text import Language, Text
from minplan.reports.content import document_of
from minplan.reports.document import Figure
from minplan.reports.findings import HITS
from minplan.reports.geojson import write_geojson
from minplan.reports.maps import MapContext, draw_finding, draw_map
from minplan.reports.maps.drawing import MAP_WIDTH_MM
from minplan.reports.particulars import Particulars, Signed
from minplan.reports.pdf import write_pdf
from minplan.reports.typeface import ReportError
from minplan.reports.word import write_docx
from minplan.reports.wording import Voice

if TYPE_CHECKING:
    from minplan.core.review.engine import Review

FORMATS: Final = ("docx", "pdf", "png", "geojson")
#: Places of conflicts and points of attention that get an enlarged figure, worst first.
MOST_FIGURES: Final = 6
MAP_FILE: Final = "map.png"
#: An overlap of more than this share of the block needs no enlargement.
WHOLE_BLOCK: Final = 0.999


def write_reports(
    review: Review,
    folder: Path,
    *,
    formats: Sequence[str] = FORMATS,
    context: MapContext | None = None,
    office: str = "",
    number: str = "",
    generated: dt.datetime,
    reading: Reading | None = None,
    language: Language = "zh",
    name: str = "review",
    dpi: int = 300,
    signed: tuple[Signed, ...] = (),
) -> dict[str, Path]:
    """Write the reports of ``review`` into ``folder`` and return the path of each format.

    ``docx`` and ``pdf`` hold the same document, ``png`` is its map, ``geojson`` the findings with
    their geometry. Files are called ``name`` with the suffix of the format. ``context`` is what
    is drawn around the block, ``number`` the number of the review, ``reading`` how its coordinates
    were understood, ``generated`` the time printed in the documents, ``signed`` who has checked and
    signed; nothing is read from the clock.

    Raises ReportError E601 for a character the fonts cannot print, E602 when the PDF could not be
    set, E603 when the folder cannot be written, E604 for an unknown format.
    """
    _check_formats(formats)
    surroundings = context or MapContext()
    particulars = Particulars(
        office=office,
        number=number,
        generated=generated,
        language=language,
        reading=reading,
        signed=signed,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = {item: folder / f"{name}.{item}" for item in FORMATS if item in formats}
        with tempfile.TemporaryDirectory(prefix="minplan-") as pictures:
            _write(
                review,
                paths=paths,
                context=surroundings,
                particulars=particulars,
                pictures=Path(pictures),
                dpi=dpi,
            )
    except OSError as error:
        raise _unwritable(folder, error) from error
    return paths


def _write(
    review: Review,
    *,
    paths: dict[str, Path],
    context: MapContext,
    particulars: Particulars,
    pictures: Path,
    dpi: int,
) -> None:
    created = particulars.generated
    documents = paths.keys() & {"docx", "pdf"}
    if documents or "png" in paths:
        draw_map(review, context, pictures / MAP_FILE, particulars=particulars, dpi=dpi)
    if documents:
        figures = _figures(review, context, particulars, pictures, dpi)
        document = document_of(review, particulars, figures)
        if "docx" in paths:
            write_docx(document, paths["docx"], pictures=pictures, created=created)
        if "pdf" in paths:
            write_pdf(document, paths["pdf"], pictures=pictures, created=created)
    if "png" in paths:
        shutil.copyfile(pictures / MAP_FILE, paths["png"])
    if "geojson" in paths:
        write_geojson(review, paths["geojson"], particulars)


def _figures(
    review: Review, context: MapContext, particulars: Particulars, pictures: Path, dpi: int
) -> list[Figure]:
    """The map, and an enlargement of every place that a conflict or an attention rests on."""
    voice = Voice(particulars.language)
    caption = voice("图1　位置关系图", "Figure 1. Position map")
    figures = [Figure(MAP_FILE, caption, MAP_WIDTH_MM)]
    for findings in _places(review)[:MOST_FIGURES]:
        number = len(figures) + 1
        file = f"finding-{number}.png"
        target = pictures / file
        if draw_finding(review, findings[0], context, target, particulars=particulars, dpi=dpi):
            title = voice.of(review.rules[findings[0].rule].title)
            rules = voice.join(list(dict.fromkeys(item.rule for item in findings)))
            caption = voice(
                f"图{number}　{title}（{rules}）", f"Figure {number}. {title} ({rules})"
            )
            figures.append(Figure(file, caption, MAP_WIDTH_MM))
    return figures


def _places(review: Review) -> list[list[Finding]]:
    """Hits that rest on the same features, worst first; what covers the whole block is left out."""
    places: dict[frozenset[tuple[str, str]], list[Finding]] = {}
    for outcome in HITS:
        for finding in review.of(outcome, deciding=True):
            shown = frozenset(
                (item.layer, item.feature)
                for item in finding.evidence
                if item.geometry is not None and (item.share_of_block or 0.0) < WHOLE_BLOCK
            )
            if shown:
                places.setdefault(shown, []).append(finding)
    return list(places.values())


def _check_formats(formats: Sequence[str]) -> None:
    unknown = [item for item in formats if item not in FORMATS]
    if unknown:
        raise ReportError(
            "E604",
            Text(f"不能输出“{'、'.join(unknown)}”格式", f"cannot write {', '.join(unknown)}"),
            hint=Text(f"可选：{'、'.join(FORMATS)}", f"choose from {', '.join(FORMATS)}"),
        )


def _unwritable(folder: Path, error: OSError) -> ReportError:
    reason = error.strerror or str(error)
    return ReportError(
        "E603",
        Text(f"不能写入报告：{reason}", f"the reports cannot be written: {reason}"),
        place=Place(file=str(error.filename or folder)),
        hint=Text(
            "请检查文件夹权限和磁盘空间，并关闭已打开的同名文件。",
            "Check the folder's permissions and the disk space, and close open files of that name.",
        ),
    )
