"""From a review to the document model: the opinion first, then the technical report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from minplan.reports.document import Document, Figure, Heading, Paragraph, Part, checksum
from minplan.reports.letter import letter, opinion_title
from minplan.reports.particulars import Particulars
from minplan.reports.technical import signatures, technical_report
from minplan.reports.wording import Voice

if TYPE_CHECKING:
    from minplan.core.review.engine import Review


def document_of(
    review: Review, particulars: Particulars, figures: Sequence[Figure] = ()
) -> Document:
    """The report of a review as a document model.

    The document holds the review opinion (审查意见), the technical report (技术核查报告) with a
    check code over the whole content, and the maps. ``figures`` name picture files in the folder in
    which the writers look.
    """
    voice = Voice(particulars.language)
    opinion = Part("letter", tuple(letter(review, particulars, voice)))
    report = Part("report", tuple(technical_report(review, particulars, voice)))
    maps = Part("report", (Heading(voice("附图", "Maps")), *figures))
    code = checksum((opinion, report, maps))
    label = voice("校验码", "Check code")
    closing = (Paragraph(f"{label} {code}", "note"), *signatures(voice, particulars.signed))
    report = Part("report", (*report.blocks, *closing))
    parts = (opinion, report, maps) if figures else (opinion, report)
    return Document(
        title=opinion_title(review.proposal, voice),
        language=particulars.language,
        footer=f"{particulars.number_words} · {code}",
        parts=parts,
    )
