"""REST: batch review, hand-ins, quality checks, accounts — what the pages do, programs do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.submissions import ROOT, block
from tests.web.conftest import SignIn
from tests.web.test_api import V1, Program
from tests.web.test_plans import done
from tests.web.test_quality import package


@pytest.fixture(autouse=True)
def _fresh(site: Any) -> None:
    cache.clear()


def send(program: Program, path: str, name: str, content: bytes, **stated: str) -> Any:
    answer = program.client.post(
        f"{V1}{path}",
        {"file": SimpleUploadedFile(name, content), **stated},
        headers={"Authorization": f"Bearer {program.text}"},
    )
    assert answer.status_code in (201, 202), answer.content.decode()
    return answer.json()


def finished(job: dict[str, Any]) -> dict[str, Any]:
    outcome = done(f"/jobs/{job['id']}")
    assert outcome["state"] == "done", outcome
    return dict(outcome["result"])


def test_many_blocks_are_reviewed(site: Any) -> None:
    program = Program("kuangquan", "read", "review")
    rows = "编号,点号,东,北\nA,1,113.3,36.5\nA,2,113.31,36.5\nA,3,113.31,36.51\n"
    job = send(program, "/cases/batch", "范围.csv", rows.encode(), right="mining-right")
    assert len(finished(job)["rows"]) == 1
    reader = Program("kuangquan", "read")
    answer = reader.client.post(
        f"{V1}/cases/batch",
        {"file": SimpleUploadedFile("范围.csv", rows.encode())},
        headers={"Authorization": f"Bearer {reader.text}"},
    )
    assert answer.status_code == 403


def test_a_deliverable_is_checked_and_a_fault_waived(site: Any) -> None:
    program = Program("guihua", "read", "approve")
    checks = program.get("/quality/checks")["items"]
    assert {"id", "basis", "level", "mend"} <= checks[0].keys()
    job = send(program, "/quality", f"{ROOT}.zip", package(block("1", 113.0), block("1", 113.1)))
    number = finished(job)["number"]
    assert number in [item["number"] for item in program.get("/quality")["items"]]
    told = program.get(f"/quality/{number}")
    fault = next(item for result in told["results"] for item in result["faults"])
    body = {"fingerprint": fault["fingerprint"], "reason": "另报", "until": None}
    made = program("POST", f"/quality/{number}/waivers", body)
    assert made.status_code == 201, made.content.decode()
    assert [i["reason"] for i in program.get(f"/quality/{number}/waivers")["items"]] == ["另报"]
    ended = program("POST", f"/quality/waivers/{made.json()['number']}/end", {"reason": "已补"})
    assert ended.json() == {"done": True}
    assert program.get(f"/quality/{number}/waivers")["items"] == []
    report = program("POST", f"/quality/{number}/report/xlsx")
    assert finished(report.json())["name"].endswith(".xlsx")
    file = program("GET", f"/jobs/{report.json()['id']}/file")
    assert b"".join(file.streaming_content).startswith(b"PK")


def test_a_hand_in_is_understood_agreed_and_checked(site: Any) -> None:
    program = Program("guihua", "read", "approve")
    told = send(program, "/hand-ins", "成果.zip", package(block("1", 113.0)), kind="adjustment")
    assert [(item["target"], item["rows"]) for item in told["layers"]] == [("KAIGHQK", 1)]
    number = told["layers"][0]["number"]
    path = f"/hand-ins/{told['id']}"
    agreed = program("PUT", f"{path}/mapping", {"fields": {number: {"MC": ""}}})
    assert agreed.json() == {"done": True}
    assert program.get(path)["layers"][0]["fields"]["MC"] == ""
    finished(program("POST", f"{path}/check").json())
    assert program.get(path)["outcome"]["stored"] is False
    assert "ZJ-" in finished(program("POST", f"{path}/quality").json())["number"]
    assert program("POST", f"{path}/sell").status_code == 422
    assert Program("licheng", "read", "approve")("POST", f"{path}/check").status_code == 403


def test_the_hand_in_of_a_plan_is_exported(site: Any) -> None:
    program = Program("guihua")
    job = program("POST", "/plans/changzhi-2021-2025/export/gpkg?date=2025-06-01")
    assert finished(job.json())["name"].endswith(".zip")
    wrong = program("POST", "/plans/changzhi-2021-2025/export/dwg")
    assert wrong.json()["error"]["code"] == "E884"


def test_accounts_are_made_and_changed(site: Any, sign_in: SignIn) -> None:
    program = Program("admin", "read", "admin")
    body = {"username": "xinren", "roles": ["county"], "areas": ["黎城县"]}
    answer = program("POST", "/accounts", body)
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    assert len(answer.json()["password"]) >= 12
    changed = program("PATCH", "/accounts/xinren", {"active": False})
    assert (changed.json()["active"], changed.json()["areas"]) == (False, ["黎城县"])
    reset = program("POST", "/accounts/xinren/password")
    assert reset.json()["password"] != answer.json()["password"]
    assert program("POST", "/accounts", body).json()["error"]["code"] == "E842"
    assert Program("guihua", "read", "approve")("POST", "/accounts", body).status_code == 403
    assert "xinren" in json.dumps(program.get("/accounts"))
