"""A workspace: plans by date, reviews stored and replayed, versions kept while cited."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from minplan.core.errors import StoreError
from minplan.core.review.finding import Verdict
from minplan.core.review.proposal import Proposal
from minplan.formats.proposal_file import read_proposal
from minplan.workspace import Workspace

DAY = dt.date(2025, 11, 3)


@pytest.fixture
def workspace(demo_workspace: Path) -> Workspace:
    return Workspace(demo_workspace)


def sample(workspace: Workspace, name: str) -> Proposal:
    return read_proposal(workspace.folder / "proposals" / f"{name}.toml").proposals[0]


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("1-clear", Verdict.CONFORMS),
        ("2-attention", Verdict.CONDITIONAL),
        ("3-conflict", Verdict.NOT_CONFORMING),
    ],
)
def test_the_samples_get_the_verdicts_they_are_named_after(
    workspace: Workspace, name: str, verdict: Verdict
) -> None:
    assert workspace.review(sample(workspace, name), DAY).verdict is verdict


def test_both_readings_of_the_farmland_rule_are_shown(workspace: Workspace) -> None:
    proposal = sample(workspace, "3-conflict")
    for day, deciding in ((dt.date(2025, 9, 1), "R-SP-02"), (DAY, "R-LAW-02")):
        result = workspace.review(proposal, day)
        shown = {f.rule: f.decides for f in result.findings if f.rule in ("R-SP-02", "R-LAW-02")}
        assert shown.keys() == {"R-SP-02", "R-LAW-02"}
        assert [rule for rule, decides in shown.items() if decides] == [deciding]


def test_a_stored_review_replays_identically(workspace: Workspace) -> None:
    result = workspace.review(sample(workspace, "3-conflict"), DAY)
    number, folder = workspace.save(result)
    assert number == "2025-0001"
    replay = workspace.replay(folder / "review.json")
    assert replay.identical
    assert replay.remarks == ()
    assert workspace.save(result)[0] == "2025-0002"


def test_an_edited_record_is_told(workspace: Workspace) -> None:
    _, folder = workspace.save(workspace.review(sample(workspace, "3-conflict"), DAY))
    file = folder / "review.json"
    record = json.loads(file.read_text("utf-8"))
    record["verdict"] = "conforms"
    file.write_text(json.dumps(record), encoding="utf-8")
    replay = workspace.replay(file)
    assert not replay.identical
    assert "改动" in " ".join(item.zh for item in replay.remarks)


def test_a_cited_layer_version_cannot_be_removed(workspace: Workspace) -> None:
    workspace.save(workspace.review(sample(workspace, "1-clear"), DAY))
    with pytest.raises(StoreError) as error:
        workspace.library.remove("ecological-red-line")
    assert error.value.code == "E324"


def test_a_file_that_is_no_record_says_so(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(StoreError, match="E502"):
        workspace.replay(file)


def test_before_the_plan_there_is_no_plan(workspace: Workspace) -> None:
    with pytest.raises(StoreError, match="E501"):
        workspace.plan(dt.date(2020, 1, 1))
