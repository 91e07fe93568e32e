"""REST: description, identity, scopes, errors, paging, and the doors to everything."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web.conftest import SignIn

V1 = "/api/v1"
NOW = dt.datetime(2026, 1, 20, tzinfo=dt.UTC)


class Program:
    """A program with a token."""

    def __init__(self, username: str, *scopes: str, expires: dt.datetime | None = None) -> None:
        from minplan.core.access import Access
        from minplan.database import accounts
        from minplan.database.acting import act_as

        account = accounts.get(username)
        with act_as(Access.of_system("test")):
            self.text, self.token = accounts.make_token(
                account, "test", scopes or ["read"], recorded=NOW, expires=expires
            )
        self.client = Client(enforce_csrf_checks=True)

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        data = query if method == "GET" else json.dumps(body or {})
        more = {} if method == "GET" else {"content_type": "application/json"}
        call = getattr(self.client, method.lower())
        return call(f"{V1}{path}", data, headers={"Authorization": f"Bearer {self.text}"}, **more)

    def get(self, path: str, **query: Any) -> Any:
        answer = self("GET", path, **query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()


@pytest.fixture(autouse=True)
def _fresh(site: Path) -> None:
    cache.clear()


def test_the_description_is_whole_and_in_both_languages(anonymous: Client) -> None:
    schema = anonymous.get("/api/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    operations = [
        (path, method, told)
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
    ]
    assert len(operations) > 75
    names = [told["operationId"] for _, _, told in operations]
    assert len(names) == len(set(names))
    for path, method, told in operations:
        zh, _, en = told["summary"].partition(" · ")
        assert re.search(r"[\u4e00-\u9fff]", zh), (path, method)
        assert re.fullmatch(r"[A-Za-z' -]+", en), (path, method)
        assert told["security"], (path, method)
        assert told["description"], (path, method)
    wanted = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schema)))
    assert wanted <= schema["components"]["schemas"].keys()


def test_the_page_of_the_interface_comes_from_here(anonymous: Client) -> None:
    page = anonymous.get("/api/docs").content.decode()
    assert "https://" not in page
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        assert anonymous.get(address).status_code == 200


def test_nobody_gets_401_as_json(anonymous: Client) -> None:
    answer = anonymous.get(f"{V1}/me")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "E891"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["request"] == answer["X-Request-Id"]


def test_wrong_expired_revoked_tokens(anonymous: Client) -> None:
    from minplan.database import accounts

    program = Program("guihua")
    assert program.get("/me")["scopes"] == ["read"]
    accounts.revoke_token(program.token, actor="guihua", recorded=NOW)
    assert program("GET", "/me").status_code == 401
    assert Program("guihua", "read", expires=NOW)("GET", "/me").status_code == 401
    for text in ("mp_nonsense", "", "Bearer"):
        answer = anonymous.get(f"{V1}/me", headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code == 401


def test_too_many_wrong_tokens_have_to_wait(anonymous: Client) -> None:
    for _ in range(20):
        anonymous.get(f"{V1}/me", headers={"Authorization": "Bearer mp_wrong"})
    answer = Program("guihua")("GET", "/me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "E893")


def test_a_session_serves_and_writing_needs_the_csrf_token(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    assert client.get(f"{V1}/me").json()["username"] == "guihua"
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    body = json.dumps({"query": {"source": "plan/XZQ"}})
    answer = strict.post(f"{V1}/query", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "E954")


def test_scopes_limit_and_never_extend() -> None:
    reader, county = Program("guihua", "read"), Program("licheng", "read", "approve", "admin")
    answer = reader("POST", "/plans/current/changesets", {"kind": "annual", "basis": "文"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "E892")
    assert reader("POST", "/cases", {"content": {}}).status_code == 403
    # the account itself may neither approve nor read the audit
    assert county("POST", "/changesets/1/approve").json()["error"]["code"] == "E951"
    assert county("GET", "/audit").status_code == 403
    assert "sign" not in county.get("/me")["permissions"]


def test_the_same_errors_as_on_the_pages() -> None:
    program = Program("guihua", "read", "review")
    missing = program("GET", "/cases/K2026-9999")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "E811")
    unfit = program("POST", "/query", {"query": {"source": "plan/NO"}})
    assert (unfit.status_code, unfit.json()["error"]["code"]) == (422, "E870")
    fields = program("POST", "/query", {"query": {"source": "plan/XZQ"}, "size": 0})
    assert (fields.status_code, fields.json()["error"]["code"]) == (422, "E894")
    assert fields.json()["error"]["place"]["field"] == "size"
    limit = program("GET", "/layers", limit=5000)
    assert limit.json()["error"]["code"] == "E894"


def test_read_and_review_without_storing() -> None:
    program = Program("kuangquan", "read", "review")
    text = "113.30,36.50\n113.31,36.50\n113.31,36.51\n113.30,36.51\n"
    read = program("POST", "/read", {"text": text}).json()
    assert read["blocks"][0]["county"] is not None
    assert read["blocks"][0]["geometry"]["type"] == "Polygon"
    attributes = {"right": "mining-right", "action": "new", "minerals": ["煤炭"], "name": "试"}
    body = {"geometry": read["blocks"][0]["geometry"], "attributes": attributes}
    review = program("POST", "/review", body).json()
    assert review["verdict"]["key"]
    assert review["findings"]
    answer = program("POST", "/read", {"text": "没有坐标"})
    assert (answer.status_code, "error" in answer.json()) == (422, True)


def test_a_file_is_read_by_its_content() -> None:
    program = Program("kuangquan", "read")
    file = SimpleUploadedFile("范围.txt", b"113.3,36.5\n113.31,36.5\n113.31,36.51\n")
    answer = program.client.post(
        f"{V1}/read/file", {"file": file}, headers={"Authorization": f"Bearer {program.text}"}
    )
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["blocks"][0]["areas"]


def draft(program: Program, county: str, name: str) -> dict[str, Any]:
    attributes = {"name": name, "county": county, "minerals": ["建筑石料用灰岩"]}
    answer = program("POST", "/cases", {"content": {"attributes": attributes}})
    assert answer.status_code == 201, answer.content.decode()
    return dict(answer.json())


def test_a_county_token_sees_no_other_countys_case_by_any_route() -> None:
    licheng, qinyuan = Program("licheng", "read", "review"), Program("qinyuan", "read", "review")
    case = draft(licheng, "黎城县", "黎城独有的矿")
    number = case["number"]
    for method, path in (
        ("GET", f"/cases/{number}"),
        ("PUT", f"/cases/{number}"),
        ("POST", f"/cases/{number}/submit"),
        ("POST", f"/cases/{number}/review"),
        ("GET", f"/cases/{number}/review"),
        ("POST", f"/cases/{number}/steps"),
        ("GET", f"/cases/{number}/steps"),
        ("GET", f"/cases/{number}/files"),
        ("GET", f"/cases/{number}/files/1"),
        ("GET", f"/cases/{number}/report"),
    ):
        body = {"content": {"attributes": {"name": "x"}}, "action": "submit"}
        answer = qinyuan(method, path, body if method != "GET" else None)
        assert answer.status_code in (404, 422), (method, path)
        assert "黎城独有的矿" not in answer.content.decode()
    query = {"query": {"source": "cases"}}
    told = [
        json.dumps(qinyuan.get("/cases"), ensure_ascii=False),
        json.dumps(qinyuan.get("/search", q="黎城独有的矿"), ensure_ascii=False),
        qinyuan("POST", "/query", query).content.decode("unicode_escape", "ignore"),
        b"".join(
            qinyuan("POST", "/query/export", {**query, "format": "geojson"}).streaming_content
        ).decode(),
    ]
    assert not [text for text in told if "黎城独有的矿" in text]
    assert qinyuan("POST", "/query/totals", query).json()["count"] == 0
    assert number in [item["number"] for item in licheng.get("/cases")["items"]]


def test_a_case_is_saved_by_revision_and_its_way_told() -> None:
    program = Program("licheng", "read", "review")
    case = draft(program, "黎城县", "二号")
    content = {"attributes": {"name": "二号矿", "county": "黎城县"}}
    saved = program("PUT", f"/cases/{case['number']}", {"content": content, "revision": 99})
    assert (saved.status_code, saved.json()["error"]["code"]) == (409, "E851")
    body = {"content": content, "revision": case["revision"]}
    saved = program("PUT", f"/cases/{case['number']}", body)
    assert saved.json()["title"] == "二号矿"
    submit = program("POST", f"/cases/{case['number']}/submit", saved.json())
    faults = submit.json()["error"]["faults"]
    assert {"geometry", "right", "action"} <= {item["place"]["field"] for item in faults}


def test_the_plan_can_be_read() -> None:
    program = Program("chuliang", "read")
    plan = program.get("/plans")["items"][0]["code"]
    assert program.get("/plans/current")["id"] == plan
    clause = program.get(f"/plans/{plan}/clauses", limit=5)["items"][0]
    assert program.get(f"/plans/{plan}/clauses/{clause['id']}")["number"] == clause["number"]
    assert program.get(f"/plans/{plan}/search", q="集中开采区")["items"]
    assert program.get(f"/plans/{plan}/indicators")["items"]
    zones = program.get(f"/plans/{plan}/zones", kind="mining-block", state="planned")["items"]
    block = program.get(f"/plans/{plan}/zones/{zones[0]['code']}")
    assert block["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert (block["state"], block["layer"]) == ("planned", "KAIGHQK")
    assert program.get(f"/plans/{plan}/quotas")["items"][0]["planned"] is not None
    assert program.get(f"/plans/{plan}/changesets")["items"]
    assert program.get(f"/plans/{plan}/deliverables")["next"] == ""


def test_a_block_is_registered_and_a_changeset_drafted() -> None:
    program = Program("guihua", "read", "edit")
    code = program.get("/plans/current/zones", kind="mining-block")["items"][0]["code"]
    event = {"state": "argued", "date": "2026-06-01", "document": "论证意见〔2026〕1号"}
    done = program("POST", f"/plans/current/blocks/KAIGHQK/{code}/events", event)
    assert done.status_code == 201, done.content.decode()
    assert program.get(f"/plans/current/zones/{code}")["events"][-1]["state"] == "argued"
    draft = {"kind": "annual", "basis": "长自然资发〔2026〕9号"}
    opened = program("POST", "/plans/current/changesets", draft).json()
    assert opened["state"] == "draft"
    assert program("POST", f"/changesets/{opened['number']}/approve").status_code == 403
    same = program("POST", f"/changesets/{opened['number']}/edits", {"date": "2026-12-01"})
    assert same.json()["error"]["code"] == "E867"


def test_layers_by_permission_and_window() -> None:
    names = {item["name"] for item in Program("guihua").get("/layers")["items"]}
    assert "military-and-airport" in names
    county = Program("licheng")
    seen = {item["name"] for item in county.get("/layers")["items"]}
    assert "military-and-airport" not in seen
    assert county("GET", "/layers/military-and-airport/features").status_code == 403
    whole = county.get("/layers/mining-right/features", limit=1000)["rows"]
    window = county.get("/layers/mining-right/features", bbox="113.2,36.4,113.6,36.8")["rows"]
    assert 0 < len(window) < len(whole) == 291


def test_paging_by_key_is_stable_under_inserts() -> None:
    program = Program("guihua", "read", "review")
    for number in range(4):
        draft(program, "", f"批{number}")
    first = program.get("/cases", sort="number", limit=2)
    draft(program, "", "后来的")
    seen = [item["number"] for item in first["items"]]
    cursor = first["next"]
    while cursor:
        page = program.get("/cases", sort="number", limit=2, cursor=cursor)
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen))
    zones = program.get("/plans/current/zones", limit=40)
    rest = program.get("/plans/current/zones", limit=1000, cursor=zones["next"])
    codes = [item["code"] for item in (*zones["items"], *rest["items"])]
    assert codes == sorted(set(codes))
    assert program("GET", "/layers", cursor="nonsense").json()["error"]["code"] == "E878"


def test_saved_items_and_jobs_are_ones_own() -> None:
    mine, other = Program("guihua", "read"), Program("kuangquan", "read")
    body = {"name": "区块", "content": {"source": "plan/KAIGHQK"}}
    kept = mine("POST", "/saved/query", body)
    assert kept.status_code == 201
    assert other.get("/saved/query")["items"] == []
    assert other("DELETE", f"/saved/query/{kept.json()['id']}").status_code == 404
    assert mine("DELETE", f"/saved/query/{kept.json()['id']}").json() == {"done": True}
    assert mine("POST", "/saved/nothing", body).json()["error"]["code"] == "E894"
    job = Program("admin", "read", "admin")("POST", "/audit/verify")
    assert job.status_code == 202
    assert mine("GET", f"/jobs/{job.json()['id']}").status_code == 404


def test_audit_for_those_who_may() -> None:
    page = Program("admin", "read", "admin").get("/audit", limit=3)
    numbers = [item["number"] for item in page["items"]]
    assert numbers == sorted(numbers, reverse=True)
    following = Program("admin", "read", "admin").get("/audit", limit=3, cursor=page["next"])
    assert following["items"][0]["number"] == numbers[-1] - 1


def test_tokens_are_made_once_shown_and_revoked(sign_in: SignIn) -> None:
    client = sign_in("chuliang")
    page = client.post("/account/tokens", {"name": "报表", "scopes": ["read"], "days": "30"})
    (text,) = set(re.findall(r"mp_[\w-]{20,}", page.content.decode()))
    assert page["Cache-Control"] == "no-store"
    answer = Client().get(f"{V1}/me", headers={"Authorization": f"Bearer {text}"})
    assert answer.json()["username"] == "chuliang"
    again = client.get("/account/tokens").content.decode()
    assert text not in again
    assert "报表" in again
    wrong = client.post("/account/tokens", {"name": "", "days": "30"})
    assert (wrong.status_code, "E895" in wrong.content.decode()) == (422, True)
    number = client.get(f"{V1}/tokens").json()["items"][0]["id"]
    assert sign_in("guihua").post(f"/account/tokens/{number}/revoke").status_code == 404
    client.post(f"/account/tokens/{number}/revoke")
    answer = Client().get(f"{V1}/me", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 401


def test_a_token_makes_no_tokens() -> None:
    body = {"name": "更多", "scopes": ["approve"]}
    answer = Program("guihua", "read")("POST", "/tokens", body)
    assert answer.json()["error"]["code"] == "E895"
