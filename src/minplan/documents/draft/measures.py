"""Management measures of the kinds of zones, and which counties have a plan of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from minplan.core.document.model import Paragraph, PlanDocument, Section, Table
from minplan.documents.draft.clauses import Clauses
from minplan.documents.draft.model import DraftRow
from minplan.documents.draft.vocabulary import vocabulary


def read_measures(
    document: PlanDocument, clauses: Clauses, kinds: Mapping[int, str]
) -> list[DraftRow]:
    """The sentences after 管理措施：, for the kind of zone whose table stands in the same section.

    ``kinds`` is the kind of zone by the ``id()`` of the table.
    """
    rows: list[DraftRow] = []
    for section in document.walk():
        held = [kinds[id(b)] for b in section.blocks if isinstance(b, Table) and id(b) in kinds]
        if not held:
            continue
        for block in section.blocks:
            if not isinstance(block, Paragraph):
                continue
            begun = re.match(vocabulary()["measures"]["begin"], block.text)
            if begun is None:
                continue
            for part in re.split(r"[；。]", block.text[begun.end() :]):
                if part.strip():
                    fields = {
                        "id": f"M-{len(rows) + 1:02d}",
                        "applies_to": held[0],
                        "text": part.strip(),
                        "clause": clauses.of(block.spot),
                    }
                    rows.append(DraftRow(fields, block.spot, 0.8))
    return rows


def read_sub_plans(
    document: PlanDocument, clauses: Clauses, counties: Sequence[DraftRow]
) -> list[DraftRow]:
    """For each county whether a section is given to its plan."""
    rows = []
    for county in counties:
        name = county.fields["name"]
        section = next((s for s in document.walk() if _is_of(s, name)), None)
        fields = {
            "county": name,
            "in_text": "true" if section else "false",
            "clause": clauses.of(section.spot) if section else "",
            "paraphrase": "",
        }
        rows.append(DraftRow(fields, section.spot if section else county.spot))
    return rows


def _is_of(section: Section, county: str) -> bool:
    return county in section.title and "规划" in section.title
