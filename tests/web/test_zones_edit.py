"""Editing zones through forms and requests: drafts, checks, approval, and who may not."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from tests.web.conftest import SignIn
from tests.web.forms import fields_of

BLOCK = "/zones/KAIGHQK/KQ009-1"


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the form at an address would send unchanged."""
    held = fields_of(client.get(address).content.decode(), "zone-form")
    return {**held, "kind": "annual", "basis": "晋自然资函〔2026〕5号", "date": "2026-01-01"}


def number_of(answer: Any) -> int:
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return int(answer["Location"].rsplit("/", 1)[1])


def test_from_draft_to_effect(sign_in: SignIn) -> None:
    county, city = sign_in("licheng"), sign_in("guihua")
    sent = form_of(county, f"{BLOCK}/edit")
    number = number_of(county.post(f"{BLOCK}/edit", {**sent, "f-BZ": "县级调整建议"}))
    page = county.get(f"/changesets/{number}").content.decode()
    assert "县级调整建议" in page
    assert "检查并提交" in page
    assert county.post(f"/changesets/{number}/check").status_code == 302
    assert county.post(f"/changesets/{number}/approve").status_code == 403
    assert city.post(f"/changesets/{number}/approve").status_code == 302
    assert city.post(f"/changesets/{number}/effect").status_code == 302
    card = city.get(BLOCK).content.decode()
    assert "县级调整建议" in card
    assert "晋自然资函〔2026〕5号" in card
    assert "<dd>县级调整建议</dd>" in card
    before = city.get(f"{BLOCK}?asof=2025-12-31").content.decode()
    assert "<dd>县级调整建议</dd>" not in before


def test_a_county_cannot_edit_another_countys_block(sign_in: SignIn) -> None:
    from minplan.database.models import Changeset

    city, county = sign_in("guihua"), sign_in("qinyuan")
    sent = form_of(city, f"{BLOCK}/edit")
    drafts = Changeset.objects.count()
    answer = county.post(f"{BLOCK}/edit", {**sent, "f-BZ": "越界", "changeset": ""})
    assert answer.status_code == 403
    assert "当前账号不管理黎城县" in answer.content.decode()
    claimed = {**sent, "f-BZ": "越界", "f-SZXZQ": ["沁源县"], "changeset": ""}
    assert county.post(f"{BLOCK}/edit", claimed).status_code == 403
    assert county.get(f"{BLOCK}/edit").status_code == 403
    assert Changeset.objects.count() == drafts  # no empty draft is left behind
    assert "编辑" not in _actions(county.get(BLOCK).content.decode())


def _actions(page: str) -> str:
    return page.split('class="actions"', 1)[1].split("</div>", 1)[0]


def test_others_may_not_edit_at_all(sign_in: SignIn) -> None:
    for who in ("kuangquan", "lingdao", "admin"):
        assert sign_in(who).get(f"{BLOCK}/edit").status_code == 403
        assert sign_in(who).post(f"{BLOCK}/edit", {}).status_code == 403
        assert sign_in(who).post("/changesets/1/approve").status_code == 403


def test_a_refused_form_keeps_what_was_typed(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    sent = form_of(client, f"{BLOCK}/edit")
    wrong = {**sent, "f-NSGM": "很大", "f-BZ": "不要丢", "f-ZYL": "12", "basis": "文件"}
    answer = client.post(f"{BLOCK}/edit", wrong)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "“很大”不是数字" in page
    assert "ZYL＝12.0 时资源量单位（ZYLDW）必须填写" in page
    assert 'value="很大"' in page
    assert "不要丢" in page
    empty = client.post(f"{BLOCK}/edit", {**sent, "f-BZ": "新", "basis": ""})
    assert empty.status_code == 409
    assert "变更批次须写明依据文件和经办人" in empty.content.decode()


def test_checks_before_saving(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    sent = form_of(client, f"{BLOCK}/edit")
    sent["geometry"] = form_of(client, "/zones/KAIGHQK/KQ009-2/edit")["geometry"][0]
    sent["f-MJ"] = "5"
    found = client.post("/zones/check", sent, headers={"Accept": "application/json"}).json()
    codes = {item["code"] for item in found["issues"]}
    assert {"T-03", "G-03"} <= codes
    assert any(item["group"] == "review" for item in found["issues"])
    assert found["areas"][0] > 0


def test_split_and_merge(sign_in: SignIn) -> None:
    client, county = sign_in("guihua"), sign_in("licheng")
    sent = form_of(county, "/zones/KAIGHQK/KQ009-2/edit")
    ground = json.loads(sent["geometry"][0])
    east = [x for ring in ground["coordinates"] for x, _ in ring]
    middle = (min(east) + max(east)) / 2
    line = {"type": "LineString", "coordinates": [[middle, 36.0], [middle, 37.0]]}
    answer = county.post(
        "/zones/shapes/split",
        json.dumps({"geometry": ground, "with": line}),
        content_type="application/json",
    )
    pieces = answer.json()["pieces"]
    assert len(pieces) == 2
    sent["parts"] = json.dumps(
        [{**piece, "key": f"KQ009-2-{n}"} for n, piece in enumerate(pieces, start=1)]
    )
    number = number_of(county.post("/zones/KAIGHQK/KQ009-2/edit", sent))
    assert county.post(f"/changesets/{number}/check").status_code == 302
    assert client.post(f"/changesets/{number}/approve").status_code == 302
    assert client.post(f"/changesets/{number}/effect").status_code == 302
    gone = client.get("/blocks/KQ009-2", follow=True)
    assert gone.status_code == 200
    page = gone.content.decode()
    assert "已于 2026-01-01 终止" in page
    assert "KQ009-2-1" in page
    merged = county.get("/zones/KAIGHQK/merge?key=KQ009-2-1&key=KQ009-2-2")
    assert merged.status_code == 200
    whole = fields_of(merged.content.decode(), "zone-form")["geometry"][0]
    assert json.loads(whole)["type"] == "Polygon"
    back = form_of(county, "/zones/KAIGHQK/merge?key=KQ009-2-1&key=KQ009-2-2")
    back |= {"key": "KQ009-3", "date": "2026-02-01"}
    number = number_of(county.post("/zones/KAIGHQK/merge", back))
    page = county.get(f"/changesets/{number}").content.decode()
    assert "终止" in page
    assert "KQ009-3" in page


def test_bad_shapes_are_told(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    square = {
        "type": "Polygon",
        "coordinates": [[[113, 36], [113.1, 36], [113.1, 36.1], [113, 36]]],
    }
    far = {"type": "LineString", "coordinates": [[115, 36], [115, 37]]}
    for given in ({"geometry": square, "with": far}, {"geometry": {}, "with": {}}):
        answer = client.post(
            "/zones/shapes/split",
            json.dumps(given),
            content_type="application/json",
            headers={"Accept": "application/json"},
        )
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "E865"


def test_what_no_page_sends_is_no_defect(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    for body in ("[]", "{", "7"):
        answer = client.post("/zones/shapes/hole", body, content_type="application/json")
        assert answer.status_code == 422
    sent = form_of(client, f"{BLOCK}/edit")
    for parts in ("[1]", "{", '[{"key": "A"}]', '[{"key": "A", "geometry": {"type": "X"}}]'):
        assert client.post(f"{BLOCK}/edit", {**sent, "parts": parts}).status_code in (400, 422)
