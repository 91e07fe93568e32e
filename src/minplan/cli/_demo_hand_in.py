"""``minplan demo --hand-in``: a hand-in of the demo plan, sound or with a planted fault."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from minplan.cli.output import Session
from minplan.core.errors import InputError
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.demo.handin.content import Content
    from minplan.workspace import Workspace

#: The day the hand-in is of, that of the demo's reviews.
_DATE: Final = dt.date(2025, 11, 3)


def list_plants(session: Session, workspace: Workspace) -> None:
    """Print the checks a fault can be planted of, and the fault."""
    workspace.plans(_DATE)  # the checks read through the database
    from minplan.demo.handin.plants import planted

    for check, unit in planted().items():
        click.echo(f"{check}  {session.get(unit.title)}")


def write(session: Session, workspace: Workspace, target: Path, check: str | None) -> None:
    """Write the hand-in into a folder and say where; ``check`` plants a fault in it.

    Raises InputError E918 for a check of which nothing is planted, E919 when its fault is not one
    of files, E905 when the folder of the hand-in is there already.
    """
    from minplan.demo.build import build

    build(workspace, lambda *_: None)
    workspace.plans(_DATE)
    from minplan.demo.handin.content import make_content
    from minplan.demo.handin.plants import plant_of
    from minplan.demo.handin.writing import write_hand_in

    unit = plant_of(check) if check is not None else None
    content = make_content(workspace.plan(_DATE), workspace.layers(_DATE), workspace.edition())
    title = Text("      生成汇交成果", "      making the hand-in")
    with session.progress(title) as advance:
        root = write_hand_in(
            content,
            target,
            date=_DATE,
            report=lambda folder, file: _report(workspace, content, folder, file),
            progress=lambda _, done, total: advance(done, total),
        )
    if unit is not None:
        root = _plant(workspace, content, root, unit.check)
        session.say(Text(f"已埋设 {unit.check}：{unit.title.zh}", f"planted {unit.check}"))
    click.echo(str(root.resolve()))


def _report(workspace: Workspace, content: Content, folder: Path, file: Path) -> None:
    """The quality report of a hand-in, held to what a sound one fits."""
    from minplan.checking.assembling import submission
    from minplan.checking.desk import asked_of
    from minplan.core.quality.engine import inspect
    from minplan.core.quality.score import score
    from minplan.demo.handin.references import references_of
    from minplan.reports.quality import Told, write_quality

    held = references_of(content.snapshot)
    asked = replace(asked_of(workspace, _DATE), references=lambda _: held)
    with submission(folder, asked) as found:
        made = inspect(found)
    when = dt.datetime.combine(_DATE, dt.time(), dt.UTC)
    told = Told(made, score(made), when, office=content.plan.issuer, region=held.region)
    write_quality(told, file, "docx")


def _plant(workspace: Workspace, content: Content, root: Path, check: str) -> Path:
    from minplan.checking.desk import asked_of
    from minplan.demo.handin.plants import Folder, plant_of
    from minplan.demo.handin.references import references_of
    from minplan.handin.names import Names

    held = references_of(content.snapshot)
    asked = replace(asked_of(workspace, _DATE), references=lambda _: held)
    folder = Folder(root, Names(content.edition, content.plan), asked)
    plant_of(check).put(folder)
    folder.close()
    if folder.within is not None or folder.held is not asked:
        raise InputError(
            "E919",
            Text(
                f"{check} 的缺陷不在文件里：要改对照的规划、图层或标准才看得出",
                f"the fault of {check} is not in the files but against other references",
            ),
            hint=Text("换一个检查项，见 --list", "choose another check, see --list"),
        )
    return folder.root
