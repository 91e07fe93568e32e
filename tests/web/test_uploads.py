"""Uploads that mean harm: each is refused with a reason, and nothing of it stays."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web.conftest import SignIn

SECRET = "minplan-secret-that-must-not-leave"


def send(client: Client, name: str, content: bytes) -> tuple[int, str]:
    upload = SimpleUploadedFile(name, content)
    answer = client.post("/cases/read", {"file": upload}, headers={"Accept": "application/json"})
    return answer.status_code, answer.content.decode()


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.txt"
    file.write_text(SECRET)
    return file


def test_programs_are_refused_whatever_their_name(sign_in: SignIn) -> None:
    for content in (b"MZ\x90\x00rest", b"\x7fELF\x02", b"#!/bin/sh\nrm -rf /\n"):
        status, told = send(sign_in("kuangquan"), "拐点.txt", content)
        assert status == 422
        assert "E923" in told


def test_a_zip_bomb_is_stopped_by_its_ratio(sign_in: SignIn) -> None:
    status, told = send(sign_in("kuangquan"), "bomb.zip", archive({"big.shp": b"\0" * 300_000_000}))
    assert status == 422
    assert "E210" in told


def test_members_that_lead_elsewhere_are_refused(sign_in: SignIn) -> None:
    outside = Path(tempfile.gettempdir()) / "minplan-escaped.txt"
    status, told = send(sign_in("kuangquan"), "slip.zip", archive({f"../../../../{outside}": b"x"}))
    assert status == 422
    assert "E209" in told
    assert not outside.exists()


def test_entities_of_kml_read_no_files(sign_in: SignIn, secret: Path) -> None:
    kml = f"""<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file://{secret}">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&x;</name>
<Polygon><outerBoundaryIs><LinearRing><coordinates>113.3,36.5 113.31,36.5 113.31,36.51 113.3,36.5
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"""
    _, told = send(sign_in("kuangquan"), "x.kml", kml.encode())
    assert SECRET not in told


def test_growing_entities_end(sign_in: SignIn) -> None:
    levels = "".join(f'<!ENTITY l{n} "{"".join([f"&l{n - 1};"] * 10)}">' for n in range(1, 10))
    kml = (
        f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY l0 "haha">{levels}]>'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&l9;</name>'
        "</Placemark></Document></kml>"
    )
    status, _ = send(sign_in("kuangquan"), "x.kml", kml.encode())
    assert status == 422


def test_entities_of_a_workbook_read_no_files(sign_in: SignIn, secret: Path) -> None:
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["点号", "X", "Y"])
    book.save(buffer)
    with zipfile.ZipFile(buffer) as source:
        members = {name: source.read(name) for name in source.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    inside = sheet.replace("点号", "&x;").removeprefix("<?xml version='1.0' encoding='UTF-8'?>")
    members["xl/worksheets/sheet1.xml"] = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file://{secret}">]>{inside}'.encode()
    )
    members["xl/sharedStrings.xml"] = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file://{secret}">]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>&x;</t></si></sst>"
    ).encode()
    _, told = send(sign_in("kuangquan"), "x.xlsx", archive(members))
    assert SECRET not in told


def test_too_large_a_file_is_told_and_not_kept(
    sign_in: SignIn, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from minplan.web.configuration import configuration

    (site / "web.toml").write_text("[upload]\nmegabytes = 1\n", encoding="utf-8")
    configuration.cache_clear()
    try:
        status, told = send(sign_in("kuangquan"), "large.zip", b"PK\3\4" + b"x" * 3_000_000)
    finally:
        (site / "web.toml").unlink()
        configuration.cache_clear()
    assert status == 413
    assert "E921" in told
    assert "1 MB" in told


def test_names_of_uploads_lead_nowhere() -> None:
    from minplan.web.uploads import safe_name

    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name("..\\..\\windows\\x.dll") == "x.dll"
    assert safe_name("拐点:1?.txt") == "拐点_1_.txt"
    assert safe_name("...") == "upload"
