"""A check from the files to the stored record, and the gate of the import."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.submissions import WORDS, block, folder

from minplan.core.errors import Faults, PlanDataError
from minplan.workspace import Workspace

if TYPE_CHECKING:
    from minplan.handin.intake import Intake

DAY = dt.date(2025, 6, 1)
NOW = dt.datetime(2025, 6, 1, 8, tzinfo=dt.UTC)


@pytest.fixture
def desk(demo_workspace: Path) -> Workspace:
    workspace = Workspace(demo_workspace)
    assert workspace.database
    return workspace


def checked(desk: Workspace, path: Path, **more: Any) -> Any:
    from minplan.checking.run import check

    return check(path, desk, DAY, **more)


@pytest.mark.parametrize(
    "name", ["成果.zip", "成果（第二稿）.zip", "成果-20250601.zip", "成果 报批稿 v1.2.zip", "成果"]
)
def test_submissions_of_one_deliverable_share_a_series(name: str, desk: Workspace) -> None:
    from minplan.checking.run import series_of

    assert series_of(name) == "成果"


def test_a_stored_check_is_what_it_was(desk: Workspace, tmp_path: Path) -> None:
    from minplan.checking.run import keep
    from minplan.checking.stored import told_of

    made = checked(desk, folder(tmp_path, block("1", 113.0), block("1", 113.0)))
    row = keep(desk, made, NOW)
    told = told_of(row)
    assert told.inspection.counts == made.inspection.counts
    assert [f.fingerprint for f in told.inspection.faults] == [
        f.fingerprint for f in made.inspection.faults
    ]
    assert told.score.points == pytest.approx(made.score.points)
    shapes = [f.geometry for f in told.inspection.faults if f.geometry is not None]
    assert shapes
    assert all(113.0 <= shape.bounds[0] < 113.02 for shape in shapes)


def test_the_next_submission_is_held_against_the_last(desk: Workspace, tmp_path: Path) -> None:
    from minplan.checking.run import keep

    first = checked(desk, folder(tmp_path / "一", block("1", 113.0)))
    number = keep(desk, first, NOW).number
    second = checked(desk, folder(tmp_path / "二", block("1", 113.0), text=WORDS))
    assert second.before == number
    gone = {fault.check for fault in second.comparison.fixed}
    assert "Q-PK-06" in gone
    assert not {fault.check for fault in second.comparison.new} & {"Q-PK-06"}


def test_what_a_bureau_sets_counts(desk: Workspace, tmp_path: Path) -> None:
    path = folder(tmp_path, block("1", 113.0))
    desk.standard_folder.mkdir(exist_ok=True)
    settings = desk.standard_folder / "quality.toml"
    settings.write_text('[Q-PK-06]\nlevel = "info"\n[Q-PK-05]\nenabled = false\n', "utf-8")
    made = checked(desk, path).inspection
    assert {fault.level for fault in made.result("Q-PK-06").faults} == {"info"}
    assert "Q-PK-05" not in {item.check for item in made.results}
    settings.write_text("[Q-PK-99]\nenabled = false\n", "utf-8")
    with pytest.raises(PlanDataError, match="E942"):
        checked(desk, path)
    settings.write_text("[Q-PK-06\n", "utf-8")
    with pytest.raises(PlanDataError, match="E943"):
        checked(desk, path)


def test_a_cancelled_check_says_so(desk: Workspace, tmp_path: Path) -> None:
    made = checked(desk, folder(tmp_path, block("1", 113.0)), cancelled=lambda: True)
    assert made.inspection.cancelled
    assert made.score.verdict != "pass"
    assert all(item.missing for item in made.inspection.results)


def intake_of(root: Path) -> Intake:
    from minplan.handin.intake import Intake, Request
    from minplan.handin.matching import Stated, match
    from minplan.handin.survey import survey

    look = survey(root)
    found, _ = match(look, Stated())
    return Intake(look, found, Stated(), Request(NOW, "test", effective=DAY))


def test_an_import_refuses_a_folder_with_a_file_that_cannot_be_read(
    desk: Workspace, tmp_path: Path
) -> None:
    from minplan.checking.gate import refuse_fatal
    from minplan.database import use

    root = folder(tmp_path, block("1", 113.0))
    (root / "2 编制说明").mkdir()
    (root / "2 编制说明/140400长治市编制说明.docx").write_bytes(b"PK\x03\x04 broken")
    with use(desk.database), pytest.raises(Faults) as told:
        refuse_fatal(intake_of(root), desk, DAY)
    (fault,) = told.value.faults
    assert (fault.code, fault.place.file) == ("E917", "2 编制说明/140400长治市编制说明.docx")


def test_an_import_refuses_what_is_fatal(desk: Workspace, tmp_path: Path) -> None:
    from minplan.checking.gate import refuse_fatal
    from minplan.database import use

    with use(desk.database):
        refuse_fatal(intake_of(folder(tmp_path / "1", block("1", 113.0))), desk, DAY)
        far = [block("1", 113.0), block("2", 12.0), block("3", 12.1)]
        with pytest.raises(Faults) as told:
            refuse_fatal(intake_of(folder(tmp_path / "3", *far)), desk, DAY)
    assert {item.code for item in told.value.faults} >= {"E917"}
