"""Plans: reader, versions, deliverables, hand-ins."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfWriter
from tests.web.conftest import SignIn

PLAN = "changzhi-2021-2025"


def _pdf() -> bytes:
    made, pages = io.BytesIO(), PdfWriter()
    pages.add_blank_page(595, 842)
    pages.write(made)
    return made.getvalue()


PDF = _pdf()


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[-400:]
    return answer.content.decode()


def done(location: str) -> dict[str, Any]:
    """Do the job a page has started, as the worker would; returns its row's outcome."""
    from minplan.core.access import Access
    from minplan.database.acting import act_as
    from minplan.database.models import Job
    from minplan.web.jobs.tasks import run_job

    number = location.rsplit("/", 1)[1]
    with act_as(Access.public()):
        run_job.func(number)
    row = Job.objects.get(pk=number)
    return {"state": row.state, "result": row.result, "error": row.error}


def register(client: Client, **given: object) -> Any:
    form = {
        "code": "GHWB",
        "version": "报批稿",
        "approval": "示例〔2023〕1号",
        "file": SimpleUploadedFile("规划文本.pdf", PDF),
        **given,
    }
    return client.post(f"/plans/{PLAN}/deliverables", form)


# -- reading --------------------------------------------------------------------------------------


def test_the_list_says_which_plan_is_in_effect(sign_in: SignIn) -> None:
    told = page(sign_in("licheng"), "/plans")
    assert "长政办发〔2023〕29号" in told
    assert "2021–2025" in told


def test_overview_shows_contradictions_with_both_readings(sign_in: SignIn) -> None:
    told = page(sign_in("guihua"), f"/plans/{PLAN}")
    assert 'id="D-01"' in told
    assert "50左右" in told
    assert "年开采总量：煤" in told


def test_reader_leads_from_a_clause_to_its_rules_and_figures(sign_in: SignIn) -> None:
    told = page(sign_in("guihua"), f"/plans/{PLAN}/text")
    assert "不是规划原文" in told
    clause = told.split('id="c4-2-1-5"')[1].split("</section>")[0]
    assert 'href="/rules/R-SP-14"' in clause
    scales = told.split('id="c4-5-2"')[1].split("</section>")[0]
    assert "最低开采规模 120 万吨/年" in scales


def test_rules_lead_back_to_the_clause(sign_in: SignIn) -> None:
    assert f"/plans/{PLAN}/text#c4-2-1-5" in page(sign_in("guihua"), "/rules/R-SP-14")


@pytest.mark.parametrize("query", ["可视范围 整山", "可視範圍", "可视范围内不整山"])
def test_words_inside_sentences_are_found_and_marked(sign_in: SignIn, query: str) -> None:
    told = page(sign_in("guihua"), f"/plans/{PLAN}/text?q={query}")
    assert '<a href="#c4-2-1-5">' in told
    assert "<mark>可视范围" in told


def test_nothing_found_says_what_to_do(sign_in: SignIn) -> None:
    told = page(sign_in("guihua"), f"/plans/{PLAN}/text?q=海洋牧场养殖")
    assert "没有找到" in told


def test_as_of_a_day_before_the_plan_is_an_error_that_says_so(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    assert client.get(f"/plans/{PLAN}?asof=2020-01-01").status_code in (400, 404)
    wrong = client.get(f"/plans/{PLAN}?asof=yesterday")
    assert wrong.status_code == 422
    assert "E885" in wrong.content.decode()
    assert "历史视图" in page(client, f"/plans/{PLAN}?asof=2024-01-01")


def test_versions_link_to_what_was_recorded_then(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    link = re.search(
        r'href="(/plans/[^"]*\?recorded=[^"]+)"', page(client, f"/plans/{PLAN}/versions")
    )
    assert link is not None
    assert "历史视图" in page(client, link[1].replace("&amp;", "&"))


def test_an_unknown_plan_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("guihua").get("/plans/no-such-plan").status_code == 404


# -- deliverables ---------------------------------------------------------------------------------


def test_a_deliverable_is_registered_verified_and_fetched_byte_for_byte(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    assert register(client).status_code == 302
    told = page(client, f"/plans/{PLAN}/deliverables")
    assert "示例〔2023〕1号" in told
    number = re.search(r'href="(/deliverables/\d+)"', told)[1]
    answer = sign_in("licheng").get(number)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert "与登记一致" in client.post(f"{number}/verify").content.decode()


def test_same_version_with_other_bytes_is_refused(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    given = {"version": "v9", "name": "说明.pdf", "code": "BZSM"}
    assert register(client, **given).status_code == 302
    again = register(client, **given, file=SimpleUploadedFile("x.pdf", PDF + b"!"))
    assert again.status_code == 400
    assert "E813" in again.content.decode()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"file": SimpleUploadedFile("文本.txt", b"text")}, "E881"),
        ({"file": SimpleUploadedFile("文本.pdf", b"PK\x03\x04 no pdf")}, "E882"),
        ({"version": ""}, "E884"),
        ({"code": "NONE"}, "E884"),
    ],
)
def test_wrong_uploads_say_what_is_wrong(
    sign_in: SignIn, given: dict[str, object], code: str
) -> None:
    answer = register(sign_in("guihua"), **given)
    assert answer.status_code == 422
    assert code in answer.content.decode()


def test_registering_needs_the_permission(sign_in: SignIn) -> None:
    assert register(sign_in("licheng")).status_code == 403
    assert "登记成果或新版本" not in page(sign_in("licheng"), f"/plans/{PLAN}/deliverables")


def test_restricted_kinds_are_not_there_for_counties(sign_in: SignIn) -> None:
    planner, county = sign_in("guihua"), sign_in("licheng")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("a.txt", "x")
    file = SimpleUploadedFile("规划数据库.zip", package.getvalue())
    assert register(planner, code="SJK", version="1", file=file).status_code == 302
    told = page(planner, f"/plans/{PLAN}/deliverables")
    row = told.split("<tbody>")[1].split("规划数据库.zip")[1].split("</tr>")[0]
    number = re.search(r"/deliverables/(\d+)", row)[1]
    assert "规划数据库.zip" not in page(county, f"/plans/{PLAN}/deliverables")
    assert county.get(f"/deliverables/{number}").status_code == 404
    assert county.post(f"/deliverables/{number}/verify").status_code == 404
    assert "规划数据库.zip" not in page(county, "/search?q=规划数据库")


def test_everything_is_packed_for_its_owner_only(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    register(client, version="zip", name="打包.pdf")
    started = client.post(f"/plans/{PLAN}/deliverables/all")
    outcome = done(started["Location"])
    assert outcome["state"] == "done", outcome
    address = outcome["result"]["file"]
    answer = client.get(address)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.read("GHWB/打包.pdf") == PDF
    assert sign_in("lingdao").get(address).status_code == 404


# -- hand-ins -------------------------------------------------------------------------------------


def test_a_hand_in_goes_out_and_comes_back(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    started = client.post(f"/plans/{PLAN}/export", {"format": "gpkg"})
    outcome = done(started["Location"])
    assert outcome["state"] == "done", outcome
    packed = b"".join(client.get(outcome["result"]["file"]).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert any(name.endswith(".gpkg") for name in archive.namelist())

    form = {"kind": "adjustment", "plan": PLAN, "file": SimpleUploadedFile("汇交.zip", packed)}
    preview = client.post("/plans/hand-in", form)
    assert preview.status_code == 302
    told = page(client, preview["Location"])
    assert "JZKCQ" in told
    checked = client.post(preview["Location"], {"step": "check"})
    assert done(checked["Location"])["state"] == "done"
    assert "检查通过" in page(client, preview["Location"])
    stored = client.post(preview["Location"], {"step": "store"})
    assert done(stored["Location"])["state"] == "done"
    assert "没有变更" in page(client, preview["Location"])
    assert sign_in("kuangquan").get(preview["Location"]).status_code == 403


def test_faults_of_a_hand_in_are_listed_and_nothing_is_stored(sign_in: SignIn) -> None:
    from minplan.database.models import Changeset

    client = sign_in("guihua")
    before = Changeset.objects.exclude(state="rejected").count()
    table = "GHBH,MC,SZXZQ\n,无编号的集中开采区,黎城县\n"
    file = SimpleUploadedFile("JZKCQ.csv", table.encode())
    form = {"kind": "adjustment", "plan": PLAN, "effective": "2025-01-01", "file": file}
    preview = client.post("/plans/hand-in", form)
    started = client.post(preview["Location"], {"step": "store"})
    assert done(started["Location"])["state"] == "done"
    told = page(client, preview["Location"])
    assert "没有写入任何内容" in told
    assert "JZKCQ" in told
    workbook = client.get(f"{preview['Location']}/faults.xlsx")
    assert b"".join(workbook.streaming_content).startswith(b"PK")
    assert Changeset.objects.exclude(state="rejected").count() == before


def test_what_the_form_left_out_is_asked_for_in_its_own_words(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    file = SimpleUploadedFile("JZKCQ.csv", "GHBH,MC\nX1,示意集中开采区\n".encode())
    preview = client.post("/plans/hand-in", {"kind": "adjustment", "plan": PLAN, "file": file})
    started = client.post(preview["Location"], {"step": "store"})
    outcome = done(started["Location"])
    assert outcome["state"] == "failed"
    assert outcome["error"]["code"] == "E913"
    assert "生效日期" in outcome["error"]["hint"]["zh"]


def test_importing_needs_the_permission(sign_in: SignIn) -> None:
    assert sign_in("licheng").get("/plans/hand-in").status_code == 403
    assert sign_in("licheng").post(f"/plans/{PLAN}/export", {"format": "gdb"}).status_code == 403
