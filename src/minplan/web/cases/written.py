"""Reports made for the pages: written once, kept beside the review, fetched again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from minplan.casework import reports
from minplan.core.access import Permission
from minplan.core.errors import InputError
from minplan.core.text import Language, Text
from minplan.database import cases
from minplan.database.acting import acting
from minplan.database.models import CaseStep
from minplan.web.configuration import configuration
from minplan.web.desk import workspace

FORMATS: Final = ("docx", "pdf", "png", "geojson")
_FOLDER: Final = "web"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report of a stored review, of its case where it has one, as whoever acts may see it."""

    review: str
    format: str
    language: Language
    case: str = ""

    @property
    def name(self) -> str:
        """What the file is called."""
        word = {"zh": "审查意见", "en": "opinion"}[self.language]
        return f"{self.case or self.review}-{word}.{self.format}"

    @property
    def file(self) -> Path:
        """Where it is kept: another place when the signatures or the reader's sight differ."""
        told = {
            "format": self.format,
            "language": self.language,
            "case": self.case,
            "office": self._office,
            "restricted": acting().may(Permission.READ_RESTRICTED),
            "signed": [
                (item.line, item.opinion, item.name, item.date)
                for item in reports.signatures(self._steps, self.language)
            ],
        }
        key = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
        return workspace().reviews_folder / self.review / _FOLDER / key / self.name

    def write(self) -> Path:
        """Write it unless it is there."""
        file = self.file
        if file.is_file():
            return file
        row = _review_time(self.review)
        reports.write(
            workspace(),
            self.review,
            file.parent,
            access=acting(),
            generated=self._steps[-1].recorded if self._steps else row,
            formats=(self.format,),
            office=self._office,
            language=self.language,
            steps=self._steps,
            name=file.stem,
        )
        return file

    @property
    def _steps(self) -> tuple[CaseStep, ...]:
        return cases.steps(cases.get(self.case)) if self.case else ()

    @property
    def _office(self) -> str:
        return configuration().office.get(self.language)


def wanted(review: str, format_: str, language: Language, case: str = "") -> Wanted:
    """A report by the names of the page (InputError E604 for an unknown format)."""
    if format_ not in FORMATS:
        raise InputError(
            "E604",
            Text(f"不能输出“{format_}”格式", f"cannot write {format_}"),
            hint=Text(f"可选：{'、'.join(FORMATS)}", f"choose from {', '.join(FORMATS)}"),
        )
    return Wanted(review, format_, language, case)


def _review_time(number: str) -> Any:
    from minplan.database import reviews  # noqa: PLC0415

    return reviews.get(number).recorded
