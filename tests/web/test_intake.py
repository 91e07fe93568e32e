"""Intake: anything pasted or uploaded is understood, judged while it is dragged, and submitted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

BLOCK = """坐标系：2000国家大地坐标系，3度带
点号\tX\tY
1\t4047627.19\t38452054.63
2\t4047627.19\t38450954.63
3\t4048727.19\t38450954.63
4\t4048727.19\t38452054.63
"""
SWAPPED = """1 38452054.63 4047627.19
2 38450954.63 4047627.19
3 38450954.63 4048727.19
4 38452054.63 4048727.19
"""
BOW_TIE = """1 4047627.19 38452054.63
2 4048727.19 38450954.63
3 4047627.19 38450954.63
4 4048727.19 38452054.63
"""
QUARRY = {
    "name": "黎城县石料矿（示意）",
    "right": "mining-right",
    "action": "new",
    "minerals": ["建筑石料用灰岩"],
    "county": "黎城县",
    "scale": "30",
    "method": "open-pit",
}


def ask(client: Client, address: str, body: Any, status: int = 200) -> Any:
    answer = client.post(
        address, json.dumps(body), content_type="application/json", HTTP_ACCEPT="application/json"
    )
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.json()


def read(client: Client, text: str, **options: Any) -> Any:
    return ask(client, "/cases/read", {"text": text, "options": options})


@pytest.fixture
def officer(sign_in: Any) -> Client:
    """A mining-rights officer."""
    return sign_in("kuangquan")


@pytest.fixture
def ground(officer: Client) -> dict[str, Any]:
    """The ground of a block, as the page holds it after reading."""
    block = read(officer, BLOCK)["blocks"][0]
    return {"geometry": block["geometry"], "system": block["system"]}


# -- reading --------------------------------------------------------------------------------------


def test_pasted_corners_are_understood(officer: Client) -> None:
    answer = read(officer, BLOCK)
    (block,) = answer["blocks"]
    assert block["geometry"]["type"] == "Polygon"
    assert block["system"] == "38"
    assert block["corners"][0][:5] == ["1", 1, 1, "4047627.19", "38452054.63"]
    assert "38带" in block["understanding"]
    assert block["county"] == "黎城县"
    assert block["areas"]["ellipsoid"] == pytest.approx(1_210_000, rel=0.001)


def test_swapped_axes_are_mended_and_said(officer: Client) -> None:
    (block,) = read(officer, SWAPPED)["blocks"]
    (swapped,) = [item for item in block["remarks"] if item["code"] == "E101"]
    assert swapped["level"] == "done"
    assert swapped["applied"]
    assert block["geometry"]["coordinates"][0][0][0] == pytest.approx(113.45, abs=0.1)


def test_a_wrong_zone_is_one_click_away_from_the_right_one(officer: Client) -> None:
    text = BLOCK.replace("\t384", "\t374")
    (block,) = read(officer, text)["blocks"]
    (wrong,) = [item for item in block["remarks"] if item["code"] == "E104"]
    assert not wrong["applied"]
    (choice,) = wrong["choices"]
    (again,) = read(officer, text, **choice["options"])["blocks"]
    assert again["county"] == "黎城县"
    (mended,) = [item for item in again["remarks"] if item["code"] == "E104"]
    assert mended["applied"]
    assert mended["choices"][0]["undoes"]


def test_a_bow_tie_offers_the_order_that_mends_it(officer: Client) -> None:
    refused = read(officer, BOW_TIE)["refused"]
    assert refused["code"] == "E124"
    assert "相交" in refused["message"]
    (alternative,) = refused["alternatives"]
    assert alternative["area_km2"] == pytest.approx(1.21, rel=0.001)
    (block,) = read(officer, BOW_TIE, **alternative["options"])["blocks"]
    assert block["areas"]["ellipsoid"] == pytest.approx(1_210_000, rel=0.001)


def test_two_plausible_readings_come_with_both_areas(officer: Client) -> None:
    text = "1 113.2000 36.3000\n2 113.2030 36.3000\n3 113.2030 36.3030\n4 113.2000 36.3030\n"
    refused = read(officer, text)["refused"]
    assert refused["code"] == "E111"
    assert len(refused["alternatives"]) == 2
    assert all(item["area_km2"] > 0 for item in refused["alternatives"])
    chosen = read(officer, text, **refused["alternatives"][1]["options"])
    assert chosen["blocks"][0]["areas"]["ellipsoid"] / 1e6 == pytest.approx(
        refused["alternatives"][1]["area_km2"]
    )


def test_a_pasted_path_is_text_and_opens_nothing(officer: Client) -> None:
    assert read(officer, "/etc/passwd")["refused"]["code"] == "E110"


def upload(client: Client, *files: SimpleUploadedFile, status: int = 200) -> Any:
    answer = client.post(
        "/cases/read", {"file": list(files), "options": "{}"}, HTTP_ACCEPT="application/json"
    )
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.json()


@pytest.fixture
def shapefile(tmp_path: Path) -> dict[str, SimpleUploadedFile]:
    import geopandas
    import shapely

    frame = geopandas.GeoDataFrame(
        {"名称": ["示意区块"]}, geometry=[shapely.box(113.3, 36.5, 113.31, 36.51)], crs=4490
    )
    frame.to_file(tmp_path / "block.shp", encoding="utf-8")
    return {
        item.suffix: SimpleUploadedFile(item.name, item.read_bytes()) for item in tmp_path.iterdir()
    }


def test_half_a_shapefile_says_what_is_missing(
    officer: Client, shapefile: dict[str, SimpleUploadedFile]
) -> None:
    (block,) = upload(officer, shapefile[".shp"])["blocks"]
    assert any(item["code"] == "E212" and ".dbf" in item["message"] for item in block["remarks"])
    answer = upload(officer, shapefile[".dbf"], status=422)
    assert "ZIP" in answer["error"]["hint"]["zh"]


def test_a_whole_shapefile_brings_its_attributes(
    officer: Client, shapefile: dict[str, SimpleUploadedFile]
) -> None:
    (block,) = upload(officer, *shapefile.values())["blocks"]
    assert block["attributes"]["name"] == "示意区块"
    assert not [item for item in block["remarks"] if item["code"] == "E212"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("plan.dwg", b"AC1032" + b"\0" * 200, "E161"),
        ("block.exe", b"MZ" + b"\0" * 200, "E923"),
    ],
)
def test_a_wrong_file_says_what_to_do(
    officer: Client, name: str, content: bytes, code: str
) -> None:
    answer = upload(officer, SimpleUploadedFile(name, content), status=422)
    assert answer["error"]["code"].startswith(code)
    assert answer["error"]["message"]["en"]


def test_several_files_are_not_one_case(officer: Client) -> None:
    files = [SimpleUploadedFile(f"{i}.txt", BLOCK.encode()) for i in range(2)]
    assert upload(officer, *files, status=422)["error"]["code"] == "E858"


# -- the live verdict -----------------------------------------------------------------------------


def test_the_verdict_follows_the_ground(officer: Client, ground: dict[str, Any]) -> None:
    answer = ask(officer, "/cases/live", {**ground, "attributes": QUARRY, "drag": True})
    assert answer["verdict"]["key"] == "not-conforming"
    assert answer["suggestion"] is None
    red = next(item for item in answer["findings"] if item["outcome"] == "conflict")
    assert {"rule", "title", "message", "basis"} <= red.keys()
    rested = ask(officer, "/cases/live", {**ground, "attributes": QUARRY, "suggest": True})
    assert rested["suggestion"]["area_m2"] > 0
    assert rested["suggestion"]["lost_share"] < 1


def test_findings_the_page_holds_are_not_sent_again(
    officer: Client, ground: dict[str, Any]
) -> None:
    body = {**ground, "attributes": QUARRY, "drag": True}
    first = ask(officer, "/cases/live", body)["findings"]
    again = ask(officer, "/cases/live", {**body, "known": [item["key"] for item in first]})
    assert [item.keys() for item in again["findings"]] == [{"key"}] * len(first)


def test_what_is_missing_says_where_to_fill_it_in(officer: Client, ground: dict[str, Any]) -> None:
    answer = ask(officer, "/cases/live", {**ground, "attributes": QUARRY, "drag": True})
    kinds = {item["kind"] for item in answer["missing"]}
    assert {"field", "fact"} <= kinds
    facts = {item["key"] for item in answer["missing"] if item["kind"] == "fact"}
    filled = {**QUARRY, "facts": {"whole_hill": "是"}}
    less = ask(officer, "/cases/live", {**ground, "attributes": filled, "drag": True})
    assert "whole_hill" in facts
    assert "whole_hill" not in {item["key"] for item in less["missing"]}


def test_a_dragged_bow_tie_names_the_edges(officer: Client, ground: dict[str, Any]) -> None:
    ring = ground["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    answer = ask(officer, "/cases/live", {**ground, "attributes": QUARRY}, 422)
    assert answer["error"]["code"] == "E124"
    assert "边 1–2" in answer["error"]["message"]["zh"] or "边" in answer["error"]["message"]["zh"]


def test_a_field_that_cannot_be_read_is_named(officer: Client, ground: dict[str, Any]) -> None:
    answer = ask(officer, "/cases/live", {**ground, "attributes": {**QUARRY, "scale": "很大"}})
    (fault,) = answer["faults"]
    assert fault["field"] == "scale"
    assert answer["verdict"]


def test_without_kind_and_action_only_the_areas_are_told(
    officer: Client, ground: dict[str, Any]
) -> None:
    answer = ask(officer, "/cases/live", {**ground, "attributes": {}})
    assert answer["needs"] == ["right", "action"]
    assert set(answer["areas"]) == {"planar", "sphere", "ellipsoid"}


def test_restricted_evidence_stays_hidden_from_a_county(sign_in: Any) -> None:
    county = sign_in("licheng")
    block = read(county, BLOCK)["blocks"][0]
    body = {"geometry": block["geometry"], "system": block["system"], "attributes": QUARRY}
    told = json.dumps(ask(county, "/cases/live", body), ensure_ascii=False)
    for finding in json.loads(told)["findings"]:
        for item in finding["evidence"]:
            assert not (item.get("restricted") and item.get("geometry"))


def test_whoever_may_not_review_is_refused(sign_in: Any) -> None:
    ask(sign_in("lingdao"), "/cases/live", {}, 403)


# -- drafts and submission ------------------------------------------------------------------------


def content(ground: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"source": {"kind": "text", "text": BLOCK}, **ground, "attributes": QUARRY, **more}


def test_a_draft_is_kept_as_typed_and_found_again(officer: Client) -> None:
    typed = {"source": {"kind": "text", "text": "还没写完 1 2"}, "attributes": {"scale": "三十"}}
    opened = ask(officer, "/cases/draft", {"content": typed})
    page = officer.get(opened["edit"])
    assert page.status_code == 200
    assert "还没写完 1 2" in page.content.decode("unicode_escape", "replace") or (
        b"\\u8fd8\\u6ca1" in page.content
    )
    kept = officer.get(f"/cases/{opened['number']}/draft").json()
    assert kept["content"] == typed


def test_a_second_page_does_not_overwrite_the_first(
    officer: Client, ground: dict[str, Any]
) -> None:
    opened = ask(officer, "/cases/draft", {"content": content(ground)})
    first = {"number": opened["number"], "revision": opened["revision"]}
    saved = ask(officer, "/cases/draft", {**first, "content": content(ground, edited=True)})
    assert saved["revision"] > opened["revision"]
    answer = ask(officer, "/cases/draft", {**first, "content": content(ground)}, 409)
    assert answer["error"]["code"] == "E851"


def test_another_county_does_not_see_the_draft(
    sign_in: Any, officer: Client, ground: dict[str, Any]
) -> None:
    opened = ask(officer, "/cases/draft", {"content": content(ground)})
    assert sign_in("qinyuan").get(f"/cases/{opened['number']}/draft").status_code == 404


def test_submitting_says_everything_that_is_missing(officer: Client) -> None:
    answer = ask(officer, "/cases/submit", {"content": {"attributes": {"scale": "很大"}}}, 422)
    faults = answer["error"]["faults"]
    fields = {fault["place"]["field"] for fault in faults}
    assert {"scale", "geometry", "name", "right", "action", "minerals"} <= fields


def test_what_is_to_be_confirmed_must_be_confirmed(officer: Client, ground: dict[str, Any]) -> None:
    reading = {"remarks": [{"key": "E102-1", "level": "confirm", "message": "第 2 行颠倒。"}]}
    body = {"content": content(ground, reading=reading)}
    answer = ask(officer, "/cases/submit", body, 422)
    assert answer["error"]["place"]["field"] == "remarks"


@pytest.mark.usefixtures("system")
def test_a_submitted_case_has_a_review_that_replays(
    officer: Client, ground: dict[str, Any], site: Path
) -> None:
    from minplan.database import cases
    from minplan.workspace import Workspace

    reading = {"understanding": "按表格读取", "remarks": []}
    done = ask(officer, "/cases/submit", {"content": content(ground, reading=reading)})
    case = cases.get(done["number"])
    assert case.state == "submitted"
    assert case.verdict == "not-conforming"
    assert case.author == "kuangquan"
    assert Workspace(site).replay(case.review.number).identical
    assert case.review.record["reading"]["sentence"]["zh"] == "按表格读取"


def test_a_county_account_cannot_ask_for_another_county(
    sign_in: Any, ground: dict[str, Any]
) -> None:
    answer = ask(sign_in("qinyuan"), "/cases/submit", {"content": content(ground)}, 403)
    assert answer["error"]["code"] == "E952"


def test_several_blocks_become_several_drafts(officer: Client, ground: dict[str, Any]) -> None:
    answer = ask(officer, "/cases/split", {"items": [{"content": content(ground)}] * 2})
    numbers = [item["number"] for item in answer["cases"]]
    assert len(set(numbers)) == 2


# -- grounds that are there already ---------------------------------------------------------------


def test_a_planning_block_is_taken_by_its_code(officer: Client) -> None:
    found = officer.get("/cases/sources?q=黎城").json()["items"]
    block = next(item for item in found if item["kind"] == "block")
    answer = officer.get(f"/cases/source?block={block['code']}").json()["blocks"][0]
    assert answer["attributes"]["block_code"] == block["code"]
    assert answer["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert officer.get("/cases/source?block=NICHTS").status_code == 404


def test_the_page_of_a_county_fixes_its_county(sign_in: Any) -> None:
    page = sign_in("licheng").get("/cases/new").content.decode()
    assert "黎城县" in page
    assert "沁源县" not in page
