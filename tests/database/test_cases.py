"""Review cases in the database: who sees them, who takes which step, and what is told of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.database.making import Clock

from minplan.core.access import Access
from minplan.core.errors import MinplanError
from minplan.core.text import Text
from minplan.database import Database
from minplan.database.acting import act_as

pytestmark = pytest.mark.usefixtures("database")

OFFICER = Access.of("kuangquan", ["rights"])
COLLEAGUE = Access.of("kuangquan2", ["rights"])
LEADER = Access.of("lingdao", ["leader"])
LICHENG = Access.of("licheng", ["county"], ["黎城县"])
QINYUAN = Access.of("qinyuan", ["county"], ["沁源县"])
PUBLIC = Access.public()


def proposal(county: str = "黎城县", east: float = 113.4) -> dict[str, Any]:
    ring = [[east, 36.5], [east + 0.01, 36.5], [east + 0.01, 36.51], [east, 36.5]]
    return {
        "name": "石料场",
        "county": county,
        "right": "mining-right",
        "action": "new",
        "minerals": ["建筑石料用灰岩"],
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def opened(access: Access, clock: Clock, county: str = "黎城县") -> Any:
    from minplan.database import cases

    with act_as(access):
        case = cases.open_case({"text": "1 4045000 38400000"}, title="石料场", recorded=clock())
        return cases.save_draft(
            case,
            revision=case.revision,
            recorded=clock(),
            content={"text": "4 点"},
            proposal=proposal(county),
        )


def reviewed(case: Any, clock: Clock, verdict: str = "conforms", **more: Any) -> Any:
    from minplan.database import cases, reviews

    record = {
        "date": "2026-03-01",
        "verdict": verdict,
        "plan": {"id": "trial", "sha256": "1" * 64},
        "rule_edition": "2" * 64,
        "layers": [],
        "proposal": {**case.proposal, **more},
        "findings": [{"rule": "R-SP-01", "outcome": "conflict"}],
    }
    row = reviews.store(record, actor="kuangquan", recorded=clock())
    return cases.note_review(case, row, recorded=clock())


def code_of(action: Any) -> str:
    with pytest.raises(MinplanError) as caught:
        action()
    return caught.value.code


def test_numbers_count_over_all_counties() -> None:
    clock = Clock()
    numbers = [opened(LICHENG, clock).number, opened(QINYUAN, clock, "沁源县").number]
    assert numbers == ["K2026-0001", "K2026-0002"]


def test_from_submission_to_archive() -> None:
    from minplan.database import audit, cases

    clock = Clock()
    case = opened(LICHENG, clock)
    with act_as(LICHENG):
        case = reviewed(case, clock)
        case = cases.take(case, "submit", recorded=clock())
    for access, action in (
        (OFFICER, "first-check"),
        (COLLEAGUE, "second-check"),
        (LEADER, "sign"),
        (OFFICER, "archive"),
    ):
        with act_as(access):
            assert [row.number for row in cases.tasks()] == [case.number]
            given = "conforms" if action == "first-check" else ""
            case = cases.take(case, action, decision=given, recorded=clock())
    assert (case.state, case.decision) == ("archived", "conforms")
    assert case.closed is not None
    told = [(step.action, step.actor) for step in cases.steps(case)]
    assert told[-4:] == [
        ("first-check", "kuangquan"),
        ("second-check", "kuangquan2"),
        ("sign", "lingdao"),
        ("archive", "kuangquan"),
    ]
    assert not audit.verify().faults


def test_other_counties_and_the_public_see_nothing() -> None:
    from minplan.database import cases
    from minplan.database.models import CaseFile, CaseStep

    clock = Clock()
    number = opened(LICHENG, clock).number
    for stranger in (QINYUAN, PUBLIC):
        with act_as(stranger):
            assert cases.listed().rows == ()
            assert cases.count() == 0
            assert cases.counts("state") == {}
            assert not CaseStep.objects.exists()
            assert not CaseFile.objects.exists()
            absent, hidden = (
                code_of(lambda: cases.get("K2026-9999")),
                code_of(lambda: cases.get(number)),
            )
            assert absent == hidden == "E811"
    with act_as(OFFICER):
        assert cases.count() == 1


def test_a_county_works_on_its_own_ground() -> None:
    from minplan.database import cases

    clock = Clock()
    assert code_of(lambda: opened(LICHENG, clock, "沁源县")) == "E952"
    with act_as(Access.of("chuliang", ["reserves"])):
        assert code_of(lambda: cases.open_case({}, recorded=clock())) == "E951"


def test_two_people_do_not_overwrite_each_other() -> None:
    from minplan.database import cases

    clock = Clock()
    case = opened(LICHENG, clock)
    with act_as(LICHENG):
        first = cases.save_draft(
            case, revision=case.revision, recorded=clock(), content={"text": "甲"}
        )
        assert first.proposal is None
        again = code_of(
            lambda: cases.save_draft(
                case, revision=case.revision, recorded=clock(), content={"text": "乙"}
            )
        )
    assert again == "E851"
    assert cases.get(case.number).content == {"text": "甲"}


def test_saving_the_same_again_writes_nothing() -> None:
    from minplan.database import cases
    from minplan.database.models import AuditEntry

    clock = Clock()
    case = opened(LICHENG, clock)
    entries = AuditEntry.objects.count()
    with act_as(LICHENG):
        same = cases.save_draft(
            case,
            revision=case.revision,
            recorded=clock(),
            content={"text": "4 点"},
            proposal=proposal(),
        )
    assert same.revision == case.revision
    assert AuditEntry.objects.count() == entries


def test_only_the_author_edits_and_only_a_draft() -> None:
    from minplan.database import cases

    clock = Clock()
    case = opened(LICHENG, clock)

    def save() -> None:
        cases.save_draft(case, revision=case.revision, recorded=clock(), content={})

    with act_as(OFFICER):
        assert code_of(save) == "E854"
    with act_as(LICHENG):
        case = cases.take(case, "submit", recorded=clock())
        assert code_of(save) == "E852"


def test_the_first_checker_may_neither_check_again_nor_sign() -> None:
    from minplan.database import cases

    both = Access.of("lingdao", ["leader", "rights"])
    clock = Clock()
    case = reviewed(opened(LICHENG, clock), clock)
    with act_as(LICHENG):
        cases.take(case, "submit", recorded=clock())
    with act_as(both):
        cases.take(case, "first-check", decision="conforms", recorded=clock())
        assert code_of(lambda: cases.take(case, "second-check", recorded=clock())) == "E854"
        assert cases.tasks() == ()
    with act_as(COLLEAGUE):
        cases.take(case, "second-check", recorded=clock())
    with act_as(both):
        assert code_of(lambda: cases.take(case, "sign", recorded=clock())) == "E854"


def test_returned_with_a_reason_and_submitted_again() -> None:
    from minplan.database import cases

    clock = Clock()
    case = reviewed(opened(LICHENG, clock), clock)
    with act_as(LICHENG):
        cases.take(case, "submit", recorded=clock())
    with act_as(OFFICER):
        assert code_of(lambda: cases.take(case, "return", recorded=clock())) == "E853"
        cases.take(case, "return", reason="缺资源量核实", recorded=clock())
    with act_as(LICHENG):
        assert [row.state for row in cases.tasks()] == ["returned"]
        case = cases.take(case, "submit", recorded=clock())
    reasons = [step.reason for step in cases.steps(case) if step.action == "return"]
    assert reasons == ["缺资源量核实"]


def test_a_conclusion_that_differs_keeps_its_reason_beside_the_verdict() -> None:
    from minplan.database import cases

    clock = Clock()
    case = reviewed(opened(LICHENG, clock), clock, "not-conforming")
    with act_as(LICHENG):
        cases.take(case, "submit", recorded=clock())

    def check(reason: str) -> Any:
        return cases.take(
            case, "first-check", decision="conditional", reason=reason, recorded=clock()
        )

    with act_as(OFFICER):
        assert code_of(lambda: check("")) == "E853"
        case = check("红线调整已批复")
    assert (case.verdict, case.decision) == ("not-conforming", "conditional")
    assert case.decision_reason == "红线调整已批复"


def test_a_stale_review_is_signed_with_a_reason_only() -> None:
    from minplan.database import cases

    clock = Clock()
    case = reviewed(opened(LICHENG, clock), clock)
    with act_as(LICHENG):
        cases.take(case, "submit", recorded=clock())
    with act_as(OFFICER):
        cases.take(case, "first-check", decision="conforms", recorded=clock())
    with act_as(COLLEAGUE):
        cases.take(case, "second-check", recorded=clock())
    stale = (Text("图层已更新", "a layer is newer"),)
    with act_as(LEADER):
        refused = code_of(lambda: cases.take(case, "sign", recorded=clock(), stale=stale))
        assert refused == "E856"
        case = cases.take(case, "sign", recorded=clock(), stale=stale, reason="与本件无关")
    assert cases.steps(case)[-1].content["stale"] == [stale[0].to_dict()]


def test_what_was_submitted_is_what_is_reviewed() -> None:
    from minplan.database import cases

    clock = Clock()
    case = opened(LICHENG, clock)
    with act_as(LICHENG):
        case = cases.take(case, "submit", recorded=clock())
    with act_as(OFFICER):
        assert code_of(lambda: reviewed(case, clock, county="沁源县")) == "E852"
        assert reviewed(case, clock).verdict == "conforms"


def test_an_officer_sees_a_finding_differently() -> None:
    from minplan.database import cases

    clock = Clock()
    case = reviewed(opened(LICHENG, clock), clock)

    def opinion(reason: str = "依据批复", finding: int = 0) -> Any:
        return cases.disagree(
            case,
            finding=finding,
            rule="R-SP-01",
            outcome="clear",
            reason=reason,
            recorded=clock(),
        )

    with act_as(LICHENG):
        assert code_of(opinion) == "E854"
    with act_as(OFFICER):
        assert code_of(lambda: opinion(reason="")) == "E853"
        assert code_of(lambda: opinion(finding=7)) == "E855"
        opinion()
    last = cases.steps(case)[-1]
    assert (last.content["machine"], last.content["outcome"]) == ("conflict", "clear")


def test_files_stay_with_their_case(tmp_path: Path) -> None:
    from minplan.database import audit, cases, originals

    clock = Clock()
    case = opened(LICHENG, clock)
    file = tmp_path / "拐点.txt"
    file.write_text("4 点", encoding="utf-8")
    with act_as(LICHENG):
        row = cases.attach(case, "source", "拐点.txt", file, recorded=clock())
    with act_as(QINYUAN):
        assert code_of(lambda: cases.files(cases.get(case.number))) == "E811"
    assert b"".join(originals.content(row.original_id)).decode() == "4 点"
    assert [item.name for item in cases.files(case)] == ["拐点.txt"]
    assert not audit.verify().faults


def test_lists_filter_sort_and_turn_pages() -> None:
    from minplan.database import cases
    from minplan.database.cases import Filter

    clock = Clock()
    numbers = [opened(LICHENG, clock).number for _ in range(5)]
    numbers.append(opened(QINYUAN, clock, "沁源县").number)
    with act_as(OFFICER):
        for sort in ("changed", "due", "number"):
            seen, after = [], ""
            while True:
                page = cases.listed(sort=sort, after=after, limit=2)
                seen += [row.number for row in page.rows]
                after = page.following
                if not after:
                    break
            assert sorted(seen) == numbers
        assert cases.count(Filter(counties=("沁源县",))) == 1
        assert cases.count(Filter(text="石料 黎城")) == 5
        assert cases.count(Filter(mine=True)) == 0
        assert cases.count(Filter(overdue_on=dt.date(2027, 1, 1))) == 6
        assert cases.counts("county") == {"黎城县": 5, "沁源县": 1}
    with act_as(LICHENG):
        assert cases.count(Filter(counties=("沁源县",))) == 0


def test_reviews_are_seen_through_their_cases() -> None:
    from minplan.database import cases

    clock = Clock()
    case = reviewed(opened(LICHENG, clock), clock)
    for access, seen in ((OFFICER, True), (LICHENG, True), (QINYUAN, False), (PUBLIC, False)):
        with act_as(access):
            assert cases.may_see_review(case.review.number) is seen


EDITS = {
    "state": "UPDATE minplan_case SET state = 'signed'",
    "author": "UPDATE minplan_case SET author = 'bieren'",
    "reason": "UPDATE minplan_casestep SET reason = '别的理由' WHERE number = 1",
    "actor": "UPDATE minplan_casestep SET actor = 'bieren' WHERE number = 1",
    "removed step": "DELETE FROM minplan_casestep WHERE number = 2",
    "proposal": "UPDATE minplan_case SET proposal = '{}'",
}


@pytest.mark.parametrize("what", EDITS)
def test_the_audit_finds_what_was_edited(database: Database, what: str) -> None:
    from django.db import connections

    from minplan.database import audit, locks

    clock = Clock()
    reviewed(opened(LICHENG, clock), clock)
    assert not audit.verify().faults
    connection = connections[database.alias]
    locks.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(EDITS[what])
        assert cursor.rowcount == 1
    locks.install(connection)
    assert audit.verify().faults
