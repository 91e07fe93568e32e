"""What an import refuses: the fatal faults of the quality checks, by the same checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from minplan.checking.asked import Asked
from minplan.checking.assembling import submission
from minplan.checking.desk import references
from minplan.checking.layers import FileLayer, OpenFiles
from minplan.checking.settings import settings_of
from minplan.core.errors import Faults, MinplanError, Place, PlanDataError
from minplan.core.quality.check import registered
from minplan.core.quality.engine import inspect
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.submission import Submission, SubmissionKind
from minplan.core.text import Text
from minplan.handin.survey import Kind

if TYPE_CHECKING:
    from minplan.handin.intake import Intake
    from minplan.workspace import Workspace


def refuse_fatal(
    intake: Intake,
    workspace: Workspace,
    today: dt.date,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Refuse an input with fatal faults: Faults with these (E917) and all others of its rows.

    It is judged as of the day the input takes effect, ``today`` where it states none.
    """
    fatal = fatal_faults(intake, workspace, today, progress)
    if fatal:
        told = intake.check(progress).faults
        places = {(item.place.file, item.place.layer, item.place.row) for item in told}
        more = [i for i in fatal if (i.place.file, i.place.layer, i.place.row) not in places]
        raise Faults([*told, *more])


def fatal_faults(
    intake: Intake,
    workspace: Workspace,
    today: dt.date,
    progress: Callable[[int, int], None] | None = None,
) -> list[MinplanError]:
    """Fatal faults of an input, as errors E917 that name the check.

    Layers are judged as matched; a folder also as a whole, with its files and documents. A bureau
    that does not want to be stopped by a check sets its level in ``quality.toml``.
    """
    look = intake.look
    date = intake.request.effective or today
    taken = [item for item in intake.matches if item.target]
    settings = settings_of(workspace.standard_folder)
    checks = [item for item in registered() if settings.level_of(item) is Level.FATAL]
    if not taken or not checks:
        return []
    told = (lambda done, total, _: progress(done, total)) if progress else None
    with OpenFiles() as opened, _handed_in(intake, workspace, date) as found:
        layers = tuple(FileLayer(item, look.edition, intake.stated, opened) for item in taken)
        made = inspect(
            replace(found, layers=layers), checks=checks, settings=settings, progress=told
        )
    named = {(item.file, item.spec.code): item.name for item in layers if item.spec}
    return [
        _error(fault, named.get((fault.file, fault.layer), fault.layer))
        for fault in made.faults
        if fault.level is Level.FATAL
    ]


@contextmanager
def _handed_in(intake: Intake, workspace: Workspace, date: dt.date) -> Iterator[Submission]:
    """What was handed in, beside its layers: of a folder its files and documents, too."""
    look, stated = intake.look, intake.stated
    if look.kind is Kind.FOLDER:
        asked = Asked(
            look.edition.id,
            date,
            stated.encoding,
            stated.system,
            references=partial(references, workspace, date),
            load=workspace.edition,
        )
        with submission(look.path, asked) as found:
            yield found
    else:
        region = references(workspace, date, None).region
        yield Submission(look.path.name, SubmissionKind.LAYER, look.edition, date, region=region)


def _error(fault: Fault, name: str) -> MinplanError:
    return PlanDataError(
        "E917",
        Text(f"{fault.check} {fault.message.zh}", f"{fault.check} {fault.message.en}"),
        place=Place(
            file=fault.file or None,
            layer=name or None,
            row=fault.row,
            field=fault.field or None,
        ),
        hint=fault.mend,
    )
