"""What an import refuses: the fatal faults of the quality checks, by the same checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from minplan.checking.asked import Asked
from minplan.checking.assembling import submission
from minplan.checking.desk import asked_of
from minplan.checking.settings import settings_of
from minplan.core.errors import Faults, MinplanError, Place, PlanDataError
from minplan.core.quality.check import registered
from minplan.core.quality.engine import inspect
from minplan.core.quality.fault import Fault, Level
from minplan.core.text import Text

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
    look, stated = intake.look, intake.stated
    taken = tuple(item for item in intake.matches if item.target)
    settings = settings_of(workspace.standard_folder)
    checks = [item for item in registered() if settings.level_of(item) is Level.FATAL]
    if not taken or not checks:
        return []
    asked = Asked(look.edition.id, None, stated.encoding, stated.system, matches=taken)
    date = intake.request.effective or today
    told = (lambda done, total, _: progress(done, total)) if progress else None
    with submission(look.path, asked_of(workspace, date, asked)) as found:
        made = inspect(found, checks=checks, settings=settings, progress=told)
    named = {(item.file, item.spec.code): item.name for item in found.layers if item.spec}
    return [
        _error(fault, named.get((fault.file, fault.layer), fault.layer))
        for fault in made.faults
        if fault.level is Level.FATAL
    ]


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
