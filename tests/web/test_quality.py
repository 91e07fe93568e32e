"""Quality checks in the browser's words: upload, job, result, waiver, comparison, reports."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.submissions import LAYER, ROOT, TEXT, WORDS, block, layer
from tests.web.conftest import SignIn
from tests.web.test_plans import done, page


def package(*blocks: dict[str, Any], text: str = "") -> bytes:
    """A hand-in with one layer and, where it is given, the text of the plan."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(LAYER, layer(*blocks))
        if text:
            archive.writestr(TEXT, text)
    return made.getvalue()


def checked(client: Client, content: bytes, name: str = f"{ROOT}.zip", **more: str) -> str:
    """Upload a submission, let it be checked, return the address of the result."""
    answer = client.post("/quality/new", {"file": SimpleUploadedFile(name, content), **more})
    assert answer.status_code == 302, answer.content.decode()[-400:]
    outcome = done(answer["Location"])
    assert outcome["state"] == "done", outcome
    return str(outcome["result"]["address"])


def test_a_submission_is_checked_and_its_faults_are_shown(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    address = checked(client, package(block("1", 113.0), block("1", 113.1)))
    told = page(client, address)
    assert "整改后通过" in told or "不通过" in told
    assert "缺少“规划文本”" in told
    assert "1404003KAIGHQK2025.geojson" in told
    assert address.rsplit("/", 1)[1] in page(client, "/quality")


def test_faults_are_filtered(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    address = checked(client, package(block("1", 113.0), block("2", 113.1)))
    told = page(client, f"{address}?check=Q-PK-06")
    shown = set(re.findall(r'>(Q-[A-Z]+-\d+)</a><div class="text-secondary">', told))
    assert shown == {"Q-PK-06"}
    assert "没有符合这些条件的缺陷" in page(client, f"{address}?text=绝无此词")


def test_a_waived_fault_stays_and_does_not_count(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    content = package(block("1", 113.0))
    address = checked(client, content)
    told = page(client, f"{address}?check=Q-PK-06")
    fingerprint = re.findall(r'name="fingerprint" value="([0-9a-f]+)"', told)[0]
    answer = client.post(
        f"{address}/waive", {"fingerprint": fingerprint, "reason": "单独报送", "until": ""}
    )
    assert answer.status_code == 302
    again = checked(client, content)
    told = page(client, again)
    assert "已豁免：单独报送（guihua）" in told
    before, after = (count_of(page(client, item), "Q-PK-06") for item in (address, again))
    assert after == before - 1
    number = re.findall(r'action="/quality/waivers/(\d+)/end"', told)[0]
    assert client.post(f"/quality/waivers/{number}/end", {"reason": "已补"}).status_code == 302
    assert count_of(page(client, checked(client, content)), "Q-PK-06") == before


def count_of(told: str, check: str) -> int:
    found = re.findall(rf'{check}</a>[^<]*</td><td>[^<]*</td><td class="number">\d+</td>'
                       r'<td class="number">(\d+)</td>', told)  # fmt: skip
    return int(found[0])


def test_the_next_submission_is_compared(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    first = checked(client, package(block("1", 113.0)), f"{ROOT}-第一稿.zip")
    second = checked(client, package(block("1", 113.0), text=WORDS), f"{ROOT}-第二稿.zip")
    told = page(client, second)
    assert first.rsplit("/", 1)[1] in told
    assert re.search(r"已改 [1-9]\d*，未改 [1-9]\d*", told)


@pytest.mark.parametrize("kind", ["docx", "pdf", "html", "xlsx", "gpkg"])
def test_reports_in_every_format(sign_in: SignIn, kind: str) -> None:
    client = sign_in("guihua")
    address = checked(client, package(block("1", 113.0), block("1", 113.0)))
    answer = client.post(f"{address}/report", {"format": kind})
    outcome = done(answer["Location"])
    assert outcome["state"] == "done", outcome
    content = b"".join(client.get(outcome["result"]["file"]).streaming_content)  # type: ignore[attr-defined]
    starts = {"docx": b"PK", "pdf": b"%PDF", "html": b"<!doc", "xlsx": b"PK", "gpkg": b"SQLite"}
    assert content.startswith(starts[kind])


def test_json_holds_everything(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    address = checked(client, package(block("1", 113.0)))
    told = json.loads(client.post(f"{address}/report", {"format": "json"}).content)
    assert told["number"] == address.rsplit("/", 1)[1]
    assert {"results", "score", "counts", "sha256"} <= told.keys()


def test_a_county_sees_its_own_checks_and_waives_nothing(sign_in: SignIn) -> None:
    city, county = sign_in("guihua"), sign_in("licheng")
    citys = checked(city, package(block("1", 113.0)))
    own = checked(county, package(block("2", 113.0)))
    assert county.get(citys).status_code == 404
    told = page(county, own)
    assert 'name="fingerprint"' not in told
    assert county.post(f"{own}/waive", {"fingerprint": "x", "reason": "y"}).status_code == 403
    assert own.rsplit("/", 1)[1] in page(city, "/quality")


def test_a_broken_file_is_told(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    file = SimpleUploadedFile("规划文本.docx", b"PK\x03\x04 broken")
    outcome = done(client.post("/quality/new", {"file": file})["Location"])
    assert outcome["state"] == "failed"
    assert outcome["error"]["code"].startswith("E")
    assert outcome["error"]["hint"]


def test_a_wrong_date_is_told(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    file = SimpleUploadedFile("a.zip", package(block("1", 113.0)))
    answer = client.post("/quality/new", {"file": file, "date": "上周"})
    assert answer.status_code == 422
    assert "E885" in answer.content.decode()


def test_every_check_has_a_page(sign_in: SignIn) -> None:
    client = sign_in("licheng")
    listing = page(client, "/quality/checks")
    found = set(re.findall(r'href="/quality/checks/(Q-[A-Z]+-\d+)"', listing))
    assert len(found) >= 20
    for check in found:
        assert "依据" in page(client, f"/quality/checks/{check}")
    assert client.get("/quality/checks/Q-XX-99").status_code == 404
