"""The page of queries and what its script asks for."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web.conftest import SignIn

from minplan.formats.features import open_features

BLOCKS = {"source": "plan/KAIGHQK"}
LICHENG = {"layer": "XZQ", "key": "140426"}


def post(client: Client, address: str, **body: Any) -> Any:
    accept = {"Accept": "application/json"}
    return client.post(address, json.dumps(body), "application/json", headers=accept)


def exported(client: Client, folder: Path, **body: Any) -> Path:
    """The file of an export, fetched as a browser does."""
    told = post(client, "/query/export", **body)
    assert told.status_code == 200, told.content.decode()
    answer = client.get(told.json()["file"])
    file = folder / told.json()["name"]
    file.write_bytes(b"".join(answer.streaming_content))
    return file


def test_the_page_offers_layers_by_permission(sign_in: SignIn) -> None:
    page = sign_in("guihua").get("/query").content.decode()
    assert "plan/KAIGHQK" in page
    assert "layer/military-and-airport" in page
    county = sign_in("licheng").get("/query").content.decode()
    assert "layer/mining-right" in county
    assert "layer/military-and-airport" not in county


def test_restricted_layers_are_refused_by_every_door(sign_in: SignIn) -> None:
    client = sign_in("licheng")
    query = {"source": "layer/military-and-airport"}
    for address in ("/query/run", "/query/totals", "/query/pivot", "/query/export"):
        assert post(client, address, query=query).status_code == 403
    assert client.get("/query/source?source=layer/military-and-airport").status_code == 403


def test_words_become_a_query_with_rows_and_totals(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    words = client.get("/query/text", {"text": "黎城 开采规划区块 未投放"}).json()
    assert [chip["words"]["zh"] for chip in words["chips"]] == [
        "开采规划区块",
        "所在县区 包含 黎城县",
        "区块状态 为 拟设、已论证",
    ]
    page = post(client, "/query/run", query=words["query"]).json()
    assert len(page["rows"]) == 7
    assert page["rows"][0]["geometry"]["type"] == "Polygon"
    totals = post(client, "/query/totals", query=words["query"]).json()
    assert totals["count"] == 7
    area = next(item for item in totals["sums"] if item["field"] == "_area")
    assert (area["unit"], area["count"]) == ("km²", 7)


def test_a_county_as_ground_and_groups(sign_in: SignIn) -> None:
    query = {
        "source": "layer/mining-right",
        "ground": {**LICHENG, "share": 0.5},
        "pivot": {"rows": "mineral", "columns": "", "sum": "capacity"},
    }
    client = sign_in("guihua")
    found = post(client, "/query/pivot", query=query).json()
    totals = post(client, "/query/totals", query=query).json()
    assert "铁矿" in [row["value"] for row in found["rows"]]
    assert sum(cell[0] for cell in found["by_row"]) == totals["count"] > 0
    scale = next(item for item in totals["sums"] if item["field"] == "capacity")
    assert sum(cell[1] or 0 for cell in found["by_row"]) == pytest.approx(scale["sum"])


def test_nothing_found_says_which_condition_did_it(sign_in: SignIn) -> None:
    conditions = [
        {"field": "SZXZQ", "operator": "contains", "values": ["黎城县"]},
        {"field": "ZYKZ", "operator": "in", "values": ["煤炭"]},
    ]
    query = {**BLOCKS, "conditions": conditions}
    totals = post(sign_in("guihua"), "/query/totals", query=query).json()
    assert totals["count"] == 0
    assert [(item["alone"], item["without"]) for item in totals["reasons"]] == [(7, 0), (0, 7)]


def test_an_uploaded_file_is_the_area(sign_in: SignIn) -> None:
    corners = "113.30,36.50\n113.60,36.50\n113.60,36.80\n113.30,36.80\n"
    file = SimpleUploadedFile("范围.txt", corners.encode())
    found = sign_in("guihua").post("/query/area", {"file": file}).json()
    assert found["name"] == "范围.txt"
    query = {**BLOCKS, "ground": {"shape": found["shape"], "relation": "within"}}
    assert post(sign_in("guihua"), "/query/totals", query=query).json()["count"] > 0


def test_a_wrong_query_tells_what_is_wrong(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    cases = {
        "E870": {"source": "plan/NOTHING"},
        "E871": {**BLOCKS, "sort": [{"field": "NO"}]},
        "E874": {"source": "plan/GHTK", "ground": LICHENG},
        "E875": {"conditions": []},
    }
    for code, query in cases.items():
        answer = post(client, "/query/run", query=query)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert client.post("/query/run", "no json", content_type="application/json").status_code == 422
    page = client.get("/query", {"query": "{"})
    assert "E875" in page.content.decode()


@pytest.mark.parametrize(
    ("format", "more"),
    [
        ("gpkg", {}),
        ("gpkg", {"system": "zone"}),
        ("geojson", {}),
        ("kml", {}),
        ("shp", {"encoding": "GBK"}),
        ("shp", {"encoding": "UTF-8", "system": "38"}),
    ],
)
def test_what_is_exported_reads_back_equal(
    sign_in: SignIn, tmp_path: Path, format: str, more: dict[str, str]
) -> None:
    client = sign_in("guihua")
    rows = post(client, "/query/run", query=BLOCKS, size=1000).json()["rows"]
    file = exported(client, tmp_path, query=BLOCKS, format=format, **more)
    assert file.name.startswith("开采规划区块")
    with open_features(file) as source:
        (layer,) = source.layers
        told = source.describe(layer)
        found = [row for batch in source.batches(layer) for row in batch.rows()]
    assert {row["BSM"]: row["MC"] for row in found} == {
        row["key"]: row["values"]["MC"] for row in rows
    }
    assert told.system is not None
    assert told.system.is_projected is ("system" in more)
    if format == "shp":
        assert told.encoding == more["encoding"]
        with zipfile.ZipFile(file) as archive:
            assert any(name.endswith(".cpg") for name in archive.namelist())
        assert all(len(name.encode()) <= 10 for name in found[0])


def test_zones_are_split_into_layers(sign_in: SignIn, tmp_path: Path) -> None:
    file = exported(sign_in("guihua"), tmp_path, query=BLOCKS, format="gpkg", system="zones")
    with open_features(file) as source:
        zones = {source.describe(name).system.zone for name in source.layers}
        rows = sum(len(batch) for name in source.layers for batch in source.batches(name))
    assert (zones, rows) == ({37, 38}, 27)


def test_a_workbook_for_people(sign_in: SignIn, tmp_path: Path) -> None:
    file = exported(sign_in("guihua"), tmp_path, query=BLOCKS, format="xlsx")
    sheet = openpyxl.load_workbook(file).worksheets[0]
    heading = [cell.value for cell in sheet[1]]
    assert "椭球面积（km²）" in heading
    assert "WKT" not in heading
    assert sheet.cell(2, heading.index("规划级别") + 1).value == "市级"
    file = exported(sign_in("guihua"), tmp_path, query=BLOCKS, format="csv")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")


def test_cells_that_look_like_formulas_are_text(
    site: Path, sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in("licheng")
    content = {"attributes": {"name": "=HYPERLINK(1)"}}
    post(client, "/cases/draft", content=content)
    query = {"source": "cases"}
    file = exported(client, tmp_path, query=query, format="xlsx")
    sheet = openpyxl.load_workbook(file).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)
    text = exported(client, tmp_path, query=query, format="csv").read_text("utf-8-sig")
    assert "'=HYPERLINK(1)" in text


def test_exports_need_permission_and_belong_to_their_maker(sign_in: SignIn) -> None:
    assert post(sign_in("lingdao"), "/query/export", query=BLOCKS).status_code == 403
    address = post(sign_in("guihua"), "/query/export", query=BLOCKS).json()["file"]
    assert sign_in("kuangquan").get(address).status_code == 404
    assert sign_in("guihua").get(address[:-3] + "xxx").status_code == 404
    unfit = post(sign_in("guihua"), "/query/export", query={"source": "plan/GHTK"}, format="kml")
    assert unfit.json()["error"]["code"] == "E876"


def test_queries_are_saved_shared_and_removed(sign_in: SignIn) -> None:
    mine, other = sign_in("guihua"), sign_in("kuangquan")
    post(mine, "/query/saved", name="黎城区块", query=BLOCKS, shared=True)
    (kept,) = post(mine, "/query/saved", name="自用", query=BLOCKS).json()["saved"][:1]
    names = [item["name"] for item in other.get("/query/saved").json()["saved"]]
    assert names == ["黎城区块"]
    page = mine.get("/query", {"saved": kept["id"]}).content.decode()
    assert '"query": {"source": "plan/KAIGHQK"}' in page
    assert other.get("/query", {"saved": 10_000}).status_code == 200
    assert post(other, f"/query/saved/{kept['id']}/remove").status_code == 404
    left = post(mine, f"/query/saved/{kept['id']}/remove").json()["saved"]
    assert kept["id"] not in [item["id"] for item in left]
