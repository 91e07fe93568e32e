"""From a review to the document model: the opinion first, then the technical report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from minplan.reports.document import Document, Figure, Paragraph, Part, checksum
from minplan.reports.letter import letter, opinion_title
from minplan.reports.particulars import Particulars
from minplan.reports.technical import technical_report
from minplan.reports.wording import Voice

if TYPE_CHECKING:
    from minplan.core.review.engine import Review


def document_of(
    review: Review, particulars: Particulars, figures: Sequence[Figure] = ()
) -> Document:
    """The report of a review as a document model.

    The document holds the review opinion (审查意见) and the technical report (技术核查报告) and
    ends with a check code over its own content. ``figures`` name picture files in the folder in
    which the writers look.
    """
    voice = Voice(particulars.language)
    parts = (
        Part("letter", tuple(letter(review, particulars, voice))),
        Part("report", tuple(technical_report(review, particulars, figures, voice))),
    )
    code = checksum(parts)
    label = voice("校验码", "Check code")
    closing = Paragraph(f"{label} {code}", "note")
    parts = (parts[0], Part("report", (*parts[1].blocks, closing)))
    return Document(
        title=opinion_title(review.proposal, voice),
        language=particulars.language,
        footer=f"{particulars.number} · {code}",
        parts=parts,
    )
