"""The data of the one map: as of a date, in a window, and only what whoever asks may see."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.web.conftest import SignIn

from minplan.layers.file import LayerFile
from minplan.layers.tiles import make_tiles
from minplan.web.desk import workspace

JSON = {"HTTP_ACCEPT": "application/json"}
#: A square around the concentrated mining area CS001 (schematic ground of the demo).
AROUND = [[112.44, 36.52], [112.49, 36.52], [112.49, 36.57], [112.44, 36.57], [112.44, 36.52]]
INSIDE = {"lon": 112.468, "lat": 36.546, "reach": 20}


def entries(client: Client) -> dict[str, dict[str, Any]]:
    setup = client.get("/map/setup", **JSON).json()
    return {item["id"]: item for group in setup["groups"] for item in group["layers"]}


def test_the_setup_has_symbols_counties_and_layers_by_theme(sign_in: SignIn) -> None:
    setup = sign_in("guihua").get("/map/setup", **JSON).json()
    assert [group["id"] for group in setup["groups"]] == [
        "layout", "blocks", "control", "rights", "cases", "base",
    ]  # fmt: skip
    assert setup["symbols"]["ecological-red-line"]["line"] == "#D7191C"
    assert setup["outcomes"]["conflict"]["fill"] == "#C4320A"
    assert len(setup["counties"]["features"]) == 12
    west, south, east, north = setup["home"]
    assert west < 112.47 < east
    assert south < 36.54 < north


def test_features_come_as_of_a_date_and_in_a_window(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    found = client.get("/map/features/JZKCQ", **JSON).json()["features"]
    assert len(found) == 21
    assert {"label", "county", "area_km2"} <= found[0]["properties"].keys()
    window = client.get("/map/features/JZKCQ?bbox=112.44,36.52,112.49,36.57", **JSON).json()
    assert [item["id"] for item in window["features"]] == ["JZKCQ:CS001"]
    before = client.get("/map/features/JZKCQ?plan=changzhi-2021-2025&date=2019-01-01", **JSON)
    assert before.json()["features"] == []


def test_a_day_before_any_plan_is_an_empty_map(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    setup = client.get("/map/setup?date=1990-01-01", **JSON).json()
    assert "layout" not in {group["id"] for group in setup["groups"]}
    assert client.get("/map/features/JZKCQ?date=1990-01-01", **JSON).json()["features"] == []
    found = client.get("/map/identify", {**INSIDE, "date": "1990-01-01"}, **JSON)
    assert found.json()["hits"] == []


def test_what_has_not_changed_is_not_sent_again(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    first = client.get("/map/features/JZKCQ", **JSON)
    again = client.get("/map/features/JZKCQ", HTTP_IF_NONE_MATCH=first["ETag"], **JSON)
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("bbox=1,2,3", "E932"),
        ("bbox=5,5,1,1", "E932"),
        ("date=gestern", "E885"),
        ("recorded=2026-13-01", "E885"),
    ],
)
def test_wrong_parameters_are_told(sign_in: SignIn, query: str, code: str) -> None:
    answer = sign_in("guihua").get(f"/map/features/JZKCQ?{query}", **JSON)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == code


def test_identify_tells_clause_measures_and_source(sign_in: SignIn) -> None:
    hits = sign_in("guihua").get("/map/identify", INSIDE, **JSON).json()["hits"]
    zone = next(item for item in hits if item["id"] == "JZKCQ:CS001")
    assert {"name": {"zh": "名称", "en": "name"}, "code": "MC", "unit": ""}.items() <= next(
        item for item in zone["fields"] if item["code"] == "MC"
    ).items()
    assert zone["clause"]["href"] == "/plans/changzhi-2021-2025/text#box-6"
    assert len(zone["measures"]) == 5
    assert any(item["context"] and item["title"] == "沁源县" for item in hits if "context" in item)
    only = {**INSIDE, "layers": "KAIGHQK"}
    hits = sign_in("guihua").get("/map/identify", only, **JSON).json()["hits"]
    assert {item["layer"] for item in hits} <= {"KAIGHQK", "XZQ"}


def test_a_feature_is_found_by_its_id(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    found = client.get("/map/feature?id=JZKCQ:CS001", **JSON).json()
    assert found["geometry"]["type"] == "Polygon"
    right = client.get("/map/feature?id=mining-right:1", **JSON)
    assert right.json()["source"]["act"]
    for missing in ("JZKCQ:none", "mining-right:999999", "nothing:1", "cases:2020-0001", ""):
        answer = client.get(f"/map/feature?id={missing}", **JSON)
        assert answer.json()["error"]["code"] == "E934", missing


def post(client: Client, path: str, body: object) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", **JSON)


def test_what_applies_inside_a_polygon(sign_in: SignIn) -> None:
    polygon = {"type": "Polygon", "coordinates": [AROUND]}
    found = post(sign_in("guihua"), "/map/applies", {"geometry": polygon}).json()
    assert found["area"] == pytest.approx(24.85e6, rel=0.01)
    zone = next(item for item in found["plan"] if item["id"] == "JZKCQ:CS001")
    assert zone["area"] == pytest.approx(2.45e6, rel=0.001)
    assert zone["share"] == pytest.approx(zone["area"] / found["area"], rel=1e-4)
    assert zone["whole"] == pytest.approx(1, rel=1e-4)
    assert {"zh": "生态保护红线", "en": "ecological red line"} in found["clear"]


def test_rights_and_control_lines_inside_a_polygon(sign_in: SignIn) -> None:
    ring = [[112.3, 36.4], [112.8, 36.4], [112.8, 36.7], [112.3, 36.7], [112.3, 36.4]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    found = post(sign_in("guihua"), "/map/applies", {"geometry": polygon}).json()
    rights = {item["layer"]: item for item in found["rights"]}
    assert rights["mining-right"]["count"] >= len(rights["mining-right"]["features"]) > 0
    farmland = next(i for i in found["control"] if i["layer"] == "permanent-basic-farmland")
    assert 0 < farmland["share"] < 1
    assert farmland["source"]["act"]


def test_a_file_says_what_applies_too(sign_in: SignIn, tmp_path: Path) -> None:
    file = tmp_path / "block.geojson"
    file.write_text(json.dumps({"type": "Polygon", "coordinates": [AROUND]}))
    with file.open("rb") as stream:
        found = sign_in("guihua").post("/map/applies", {"file": stream}, **JSON).json()
    assert found["geometry"]["type"] == "Polygon"
    assert found["understood"][0]["zh"]
    assert [item["id"] for item in found["plan"] if item["layer"] == "JZKCQ"] == ["JZKCQ:CS001"]


def test_crossing_edges_are_told_where(sign_in: SignIn) -> None:
    bow = [[112.4, 36.5], [112.5, 36.6], [112.5, 36.5], [112.4, 36.6], [112.4, 36.5]]
    polygon = {"type": "Polygon", "coordinates": [bow]}
    answer = post(sign_in("guihua"), "/map/area", {"geometry": polygon})
    assert answer.json()["error"]["code"] == "E124"
    assert post(sign_in("guihua"), "/map/area", [1]).json()["error"]["code"] == "E932"


def test_search_finds_codes_names_counties_and_coordinates(sign_in: SignIn) -> None:
    client = sign_in("guihua")

    def first(words: str) -> Any:
        return client.get("/map/search", {"q": words}, **JSON).json()["hits"][0]

    assert first("CS001")["id"] == "JZKCQ:CS001"
    assert first("黎城县")["title"] == "黎城县"
    assert first("113.2, 36.3")["bounds"] == [113.2, 36.3, 113.2, 36.3]
    assert client.get("/map/search?q=没有这个", **JSON).json()["hits"] == []


# -- who sees what --------------------------------------------------------------------------------


def test_restricted_layers_are_hidden_by_every_route(sign_in: SignIn) -> None:
    """A county account lacks the permission to read restricted layers."""
    sha256 = entries(sign_in("guihua"))["heritage-protection-area"]["sha256"]
    county = sign_in("licheng")
    assert "heritage-protection-area" not in entries(county)
    base = f"/map/layers/heritage-protection-area/{sha256}"
    for path in ("features", "features?bbox=112,36,114,37", "tiles/c/12/3000/1600.pbf"):
        answer = county.get(f"{base}/{path}", **JSON)
        assert answer.json()["error"]["code"] == "E934", path
    layer = workspace().library.open("heritage-protection-area")
    west, south, east, north = layer.version.extent or (0, 0, 0, 0)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    names = {
        item["layer"]
        for item in post(county, "/map/applies", {"geometry": polygon}).json()["control"]
    }
    assert "heritage-protection-area" not in names
    assert "permanent-basic-farmland" in names
    answer = county.get("/map/feature?id=heritage-protection-area:1", **JSON)
    assert answer.json()["error"]["code"] == "E934"


def test_nobody_sees_nothing_before_logging_in(anonymous: Client) -> None:
    for path in ("/map", "/map/setup", "/map/cases", "/map/features/JZKCQ"):
        assert anonymous.get(path, **JSON).status_code in (302, 401, 403), path


def test_tiles_are_served_compressed_and_for_ever(sign_in: SignIn, site: Path) -> None:
    layer = workspace().library.open("permanent-basic-farmland")
    make_tiles(LayerFile(layer.path), "c")
    client = sign_in("licheng")
    assert entries(client)["permanent-basic-farmland"]["tiles"] == ["c"]
    base = f"/map/layers/permanent-basic-farmland/{layer.version.sha256}/tiles"
    column, row = int((112.9 + 180) / 360 * 2**7), int((180 - 36.4) / 360 * 2**7)
    answer = client.get(f"{base}/c/7/{column}/{row}.pbf")
    assert answer["Content-Encoding"] == "gzip"
    assert "immutable" in answer["Cache-Control"]
    assert b"overview" in gzip.decompress(answer.content)
    assert client.get(f"{base}/c/7/0/0.pbf").status_code == 204
    assert client.get(f"{base}/q/7/0/0.pbf", **JSON).json()["error"]["code"] == "E934"


def test_county_accounts_see_only_their_own_cases(sign_in: SignIn, site: Path) -> None:
    numbers = _two_cases()
    seen = {
        name: {
            item["id"].removeprefix("cases:")
            for item in sign_in(name).get("/map/cases", **JSON).json()["features"]
        }
        for name in ("guihua", "licheng", "qinyuan")
    }
    assert set(numbers.values()) <= seen["guihua"]
    assert numbers["黎城县"] in seen["licheng"]
    assert numbers["沁源县"] not in seen["licheng"]
    assert numbers["沁源县"] in seen["qinyuan"]
    hidden = sign_in("licheng").get(f"/map/feature?id=cases:{numbers['沁源县']}", **JSON)
    assert hidden.json()["error"]["code"] == "E934"


def _two_cases() -> dict[str, str]:
    """A case with ground in each of two counties, as stored rows."""
    from minplan.core.access import Access
    from minplan.database import guards
    from minplan.database.acting import act_as
    from minplan.database.models import Case
    from minplan.formats.proposal_file import read_proposal
    from minplan.formats.proposal_json import proposal_to_dict

    file = next(workspace().folder.glob("proposals/*.toml"))
    proposal = read_proposal(file).proposals[0]
    west, south, east, north = proposal.geometry.bounds
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    numbers = {}
    with act_as(Access.of_system("test")), guards.writing():
        for serial, county in enumerate(("黎城县", "沁源县"), start=901):
            row = Case.objects.create(
                number=f"2026-{serial}", year=2026, serial=serial, title=f"{county}案卷",
                county=county, state="draft", author="test", content={},
                proposal=proposal_to_dict(proposal), opened=now, changed=now,
                west=west, south=south, east=east, north=north,
            )  # fmt: skip
            numbers[county] = row.number
    return numbers


# -- kept views, printing -------------------------------------------------------------------------


def test_views_are_kept_shared_and_taken_away(sign_in: SignIn) -> None:
    mine, other = sign_in("guihua"), sign_in("kuangquan")
    post(mine, "/map/views", {"name": "集中开采区", "fragment": "#l=JZKCQ"})
    found = post(mine, "/map/views", {"name": "共用", "fragment": "#l=ZDKAIQ", "shared": True})
    assert [item["name"] for item in found.json()["views"]] == ["共用", "集中开采区"]
    (seen,) = other.get("/map/views", **JSON).json()["views"]
    assert (seen["name"], seen["own"], seen["fragment"]) == ("共用", False, "#l=ZDKAIQ")
    assert post(other, "/map/views", {"remove": seen["id"]}).json()["error"]["code"] == "E811"
    post(mine, "/map/views", {"remove": seen["id"]})
    assert other.get("/map/views", **JSON).json()["views"] == []
    assert post(mine, "/map/views", {"name": " "}).json()["error"]["code"] == "E935"


def test_a_view_is_printed_as_a_sheet(sign_in: SignIn) -> None:
    from minplan.database.acting import act_as
    from minplan.database.models import Job
    from minplan.web.jobs.registry import Run, access_of, kinds

    client = sign_in("licheng")
    wanted = {
        "title": "一张图", "scale": 100_000, "size": "A4", "office": "某局",
        "bounds": [112.4, 36.5, 112.5, 36.6],
        "layers": ["JZKCQ", "ecological-red-line", "heritage-protection-area", "cases"],
    }  # fmt: skip
    started = post(client, "/map/print", wanted)
    assert started.status_code == 202
    row = Job.objects.get(pk=started.json()["id"])
    with act_as(access_of(row)):
        result = kinds()[row.kind](Run(row), **row.arguments)
    Job.objects.filter(pk=row.pk).update(state="done", result=dict(result))
    fetched = client.get(result["file"])
    assert b"".join(fetched.streaming_content if fetched.streaming else [fetched.content])[:5] == (
        b"%PDF-"
    )
    assert post(client, "/map/print", {"title": "x"}).json()["error"]["code"] == "E932"
