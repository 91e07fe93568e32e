"""The review desk page by page: lists, cases, steps, files, reports, and who sees them."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web.conftest import SignIn

from minplan.core.access import Access

OFFICER = Access.of("kuangquan", ["rights"])
LICHENG = Access.of("licheng", ["county"], ["黎城县"])


@pytest.fixture(scope="module")
def proposal(site: Path) -> Any:
    """What the demo's third sample asks for: a quarry in 黎城县 on the red line (示意)."""
    from minplan.formats.proposal_file import read_proposal

    return read_proposal(site / "proposals" / "3-conflict.toml").proposals[0]


@pytest.fixture(scope="module")
def bureau_review(site: Path, proposal: Any) -> str:
    """A stored review that no case has."""
    from minplan.workspace import Workspace

    workspace = Workspace(site)
    number, _ = workspace.save(workspace.review(proposal, dt.date(2025, 11, 3)))
    return number


@pytest.fixture
def case(site: Path, proposal: Any) -> Any:
    """A case of the county 黎城县, submitted with its review."""
    from minplan import casework
    from minplan.database import cases
    from minplan.database.acting import act_as
    from minplan.formats.proposal_json import proposal_to_dict
    from minplan.workspace import Workspace

    now = dt.datetime.now(dt.UTC)
    with act_as(LICHENG):
        opened = cases.open_case({"text": "4 点"}, title="压红线的石料场", recorded=now)
        saved = cases.save_draft(
            opened,
            revision=opened.revision,
            recorded=now,
            content={"text": "4 点"},
            proposal=proposal_to_dict(proposal),
        )
        workspace = Workspace(site, actor="licheng")
        reviewed = casework.review_case(workspace, saved, recorded=now, today=dt.date.today())
        return cases.take(reviewed, "submit", recorded=now)


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def take(client: Client, case: Any, action: str, **given: str) -> Any:
    return client.post(
        f"/cases/{case.number}/step",
        {"action": action, **given},
        headers={"accept": "application/json"},
    )


def test_the_page_of_a_case_tells_what_was_found(sign_in: SignIn, case: Any) -> None:
    page = page_of(sign_in("kuangquan"), f"/cases/{case.number}")
    assert "不符合规划" in page
    assert "与生态保护红线重叠" in page
    assert "怎样才能通过" in page
    assert f"/reviews/{case.review.number}" in page
    assert 'value="first-check"' in page
    english = page_of(sign_in("kuangquan"), f"/cases/{case.number}?lang=en")
    assert "What would make it pass" in english


def test_steps_through_the_pages(sign_in: SignIn, case: Any) -> None:
    officer, colleague, leader = map(sign_in, ("kuangquan", "kuangquan2", "lingdao"))
    refused = take(officer, case, "first-check", decision="conditional")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "E853")
    same = {"decision": "not-conforming"}
    assert take(officer, case, "first-check", **same).json()["state"] == "first-checked"
    again = take(officer, case, "second-check")
    assert (again.status_code, again.json()["error"]["code"]) == (403, "E854")
    assert take(colleague, case, "second-check").json()["state"] == "second-checked"
    assert take(leader, case, "sign").json()["state"] == "signed"
    assert take(officer, case, "archive").json()["state"] == "archived"
    page = page_of(sign_in("licheng"), f"/cases/{case.number}")
    assert "已归档" in page


def test_archiving_keeps_the_opinion_with_its_signatures(site: Path, case: Any) -> None:
    from docx import Document

    from minplan.casework import reports
    from minplan.database import cases
    from minplan.database.acting import act_as
    from minplan.workspace import Workspace

    now = dt.datetime.now(dt.UTC)
    with act_as(OFFICER):
        moved = cases.take(case, "first-check", decision="not-conforming", recorded=now)
        written = reports.write(
            Workspace(site),
            moved.review.number,
            site / "out",
            access=OFFICER,
            generated=now,
            formats=("docx",),
            steps=cases.steps(moved),
        )
    text = "".join(
        cell.text for table in Document(written["docx"]).tables for row in table.rows
        for cell in row.cells
    )  # fmt: skip
    assert "kuangquan" in text


def test_a_stale_page_does_not_overwrite(sign_in: SignIn, case: Any) -> None:
    answer = take(sign_in("kuangquan"), case, "return", reason="缺材料", revision="1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "E851")


def test_returned_to_the_author_with_the_reason(sign_in: SignIn, case: Any) -> None:
    take(sign_in("kuangquan"), case, "return", reason="缺资源量核实报告")
    page = page_of(sign_in("licheng"), f"/cases/{case.number}")
    assert "缺资源量核实报告" in page
    assert f"/cases/{case.number}/edit" in page


def test_another_county_sees_nothing_by_any_address(
    sign_in: SignIn, case: Any, bureau_review: str
) -> None:
    stranger = sign_in("qinyuan")
    number, review = case.number, case.review.number
    for address in (
        f"/cases/{number}",
        f"/cases/{number}/brief",
        f"/cases/{number}/map.png",
        f"/cases/{number}/replay",
        f"/cases/{number}/report?format=geojson",
        f"/cases/{number}/files/1",
        f"/reviews/{review}",
        f"/reviews/{review}/replay",
        f"/reviews/{review}/report?format=geojson",
        f"/reviews/{bureau_review}",
    ):
        hidden = stranger.get(address)
        assert hidden.status_code == 404, address
        assert "黎城" not in hidden.content.decode()
    for address in (f"/cases/{number}/step", f"/cases/{number}/review", "/cases/reports"):
        given = {"action": "withdraw", "case": number}
        assert stranger.post(address, given).status_code == 404
    listed = page_of(stranger, "/cases")
    assert number not in listed
    assert case.title not in listed
    assert "还没有案卷" in listed
    exported = stranger.get("/cases/export?format=csv").content.decode("utf-8-sig")
    assert len(exported.splitlines()) == 1


def test_the_public_and_the_unknown_are_turned_away(anonymous: Client, case: Any) -> None:
    for address in ("/cases", f"/cases/{case.number}", f"/reviews/{case.review.number}"):
        assert anonymous.get(address).status_code in (302, 403)


def test_restricted_places_are_not_sent_to_counties(sign_in: SignIn, case: Any) -> None:
    def drawn(client: Client) -> str:
        page = page_of(client, f"/cases/{case.number}")
        return page.split('id="places"')[1].split("</script>")[0]

    assert len(drawn(sign_in("licheng"))) < len(drawn(sign_in("kuangquan")))


def test_lists_are_filtered_and_exported(sign_in: SignIn, case: Any) -> None:
    officer = sign_in("kuangquan")
    found = page_of(officer, f"/cases?text={case.number}&todo=1&verdict=not-conforming")
    assert case.number in found
    assert case.number not in page_of(officer, "/cases?state=signed&county=沁源县")
    answer = officer.get(f"/cases/export?format=xlsx&text={case.number}")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows] == ["编号", case.number]
    assert rows[1][7] == "不符合规划"


def test_what_no_key_of_a_page_is_begins_at_the_start(sign_in: SignIn, case: Any) -> None:
    assert case.number in page_of(sign_in("kuangquan"), "/cases?after=nonsense")


def test_an_opinion_stands_beside_the_finding(sign_in: SignIn, case: Any) -> None:
    officer = sign_in("kuangquan")
    findings = case.review.record["findings"]
    place = next(n for n, f in enumerate(findings) if f["outcome"] == "conflict")
    given = {
        "finding": place,
        "rule": findings[place]["rule"],
        "outcome": "attention",
        "reason": "调整方案已批复",
    }
    assert officer.post(f"/cases/{case.number}/opinion", given).status_code == 302
    page = page_of(officer, f"/cases/{case.number}")
    assert "人工意见" in page
    assert "调整方案已批复" in page


def test_replay_is_identical(sign_in: SignIn, case: Any) -> None:
    told = sign_in("licheng").get(f"/cases/{case.number}/replay").json()
    assert told == {"number": case.review.number, "identical": True, "remarks": []}


def test_files_are_kept_and_fetched(sign_in: SignIn, case: Any) -> None:
    county = sign_in("licheng")
    upload = SimpleUploadedFile("意见.txt", "同意".encode())
    assert county.post(f"/cases/{case.number}/files", {"file": upload}).status_code == 302
    from minplan.database import cases
    from minplan.database.acting import act_as

    with act_as(LICHENG):
        row = cases.files(case)[-1]
    address = f"/cases/{case.number}/files/{row.pk}"
    answer = county.get(address)
    assert b"".join(answer.streaming_content).decode() == "同意"
    assert answer["Content-Disposition"].startswith("attachment")
    assert sign_in("qinyuan").get(address).status_code == 404


def test_programs_are_refused_as_material(sign_in: SignIn, case: Any) -> None:
    upload = SimpleUploadedFile("a.pdf", b"MZ\x90\x00")
    answer = sign_in("licheng").post(f"/cases/{case.number}/files", {"file": upload})
    assert answer.status_code == 422
    assert "E923" in answer.content.decode()


def test_reports_come_at_once_or_as_a_job(sign_in: SignIn, case: Any) -> None:
    officer = sign_in("kuangquan")
    quick = officer.get(f"/cases/{case.number}/report?format=geojson")
    assert json.loads(b"".join(quick.streaming_content))["type"] == "FeatureCollection"
    slow = officer.get(f"/cases/{case.number}/report?format=docx")
    assert slow.status_code == 302
    assert slow["Location"].startswith("/jobs/")
    assert officer.get(f"/cases/{case.number}/report?format=exe").status_code in (400, 422)


def test_stored_reviews_of_the_bureau(sign_in: SignIn, bureau_review: str) -> None:
    page = page_of(sign_in("guihua"), f"/reviews/{bureau_review}")
    assert "不符合规划" in page
    assert sign_in("licheng").get(f"/reviews/{bureau_review}").status_code == 404


def test_a_brief_for_who_decides(sign_in: SignIn, case: Any) -> None:
    page = page_of(sign_in("lingdao"), f"/cases/{case.number}/brief")
    assert page.count("brief-finding") == 2
    assert "尚未初审" in page


@pytest.fixture
def done_jobs(site: Path) -> Iterator[Any]:
    """Do the jobs that wait, as the worker would."""
    from minplan.database.acting import act_as
    from minplan.database.models import Job
    from minplan.web.jobs.tasks import run_job

    def work() -> Any:
        with act_as(Access.of_system()):
            last = Job.objects.order_by("-created").first()
        run_job.func(str(last.pk))
        return Job.objects.get(pk=last.pk)

    return work


def _workbook() -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["项目名称", "矿种", "县", "点号", "X", "Y"])
    corners = [(0, 0), (0, -900), (900, -900), (900, 0)]
    for name, north, east in (("甲", 4063911, 38444618), ("乙", 4047627, 38452054)):
        for number, (up, right) in enumerate(corners, start=1):
            row = [name, "建筑石料用灰岩", "黎城县", number, north + up, east + right]
            sheet.append(row)
    for number in (1, 2):
        sheet.append(["丙", "建筑石料用灰岩", "黎城县", number, 4063911 + number, 38444618])
    data = io.BytesIO()
    book.save(data)
    return SimpleUploadedFile("出让计划.xlsx", data.getvalue())


def test_a_batch_with_one_bad_block(sign_in: SignIn, done_jobs: Any) -> None:
    officer = sign_in("kuangquan")
    given = {"file": _workbook(), "right": "采矿权", "action": "出让"}
    started = officer.post("/cases/batch", given)
    assert started["Location"].startswith("/jobs/")
    job = done_jobs()
    assert job.state == "done", job.error
    rows = job.result["rows"]
    assert [row["name"] for row in rows if row["case"]] == ["甲", "乙"]
    bad = [row for row in rows if not row["case"]]
    assert len(bad) == 1
    assert "丙" in bad[0]["source"]
    page = page_of(officer, job.result["address"])
    assert "2 个区块已核查，1 个读不了" in page
    assert sign_in("qinyuan").get(job.result["address"]).status_code == 404
    case = next(row["case"] for row in rows if row["case"])
    assert "草稿" in page_of(officer, f"/cases/{case}")


def test_a_county_checks_its_own_blocks_only(sign_in: SignIn, done_jobs: Any) -> None:
    given = {"file": _workbook(), "right": "采矿权", "action": "出让"}
    sign_in("qinyuan").post("/cases/batch", given)
    rows = done_jobs().result["rows"]
    assert {row["error"]["code"] for row in rows if "丙" not in row["source"]} == {"E952"}
