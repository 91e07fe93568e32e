"""The public view, and that nobody reaches anything else without logging in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, get_resolver
from tests.web.conftest import SignIn

PAGES = ("/public", "/public/text", "/public/zones", "/public/map", "/public/features/JZKCQ")
#: What anybody may ask for: they tell nothing of the bureau's data.
OPEN = {"login", "health", "ready", "language", "font", "openapi-json", "openapi-view"}
PUBLIC = {
    "public", "public-text", "public-zones", "public-map", "public-features", "public-document",
}  # fmt: skip
#: A value for every kind of part an address may have.
PARTS = {
    "int": "1",
    "str": "x",
    "slug": "x",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "path": "x",
    "case": "K2026-0001",
}


@pytest.fixture
def switched_on(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from minplan.web import configuration as settings

    on = replace(settings.configuration(), public_view=True)
    for module in ("configuration", "public.views", "context"):
        monkeypatch.setattr(f"minplan.web.{module}.configuration", lambda: on)


def patterns(nodes: list[Any] | None = None, before: str = "/") -> Iterator[tuple[str, str]]:
    """Every address of the application with an example, and its name."""
    for node in nodes if nodes is not None else get_resolver().url_patterns:
        address = before + example(str(node.pattern))
        if isinstance(node, URLPattern):
            yield address, node.name or ""
        else:
            yield from patterns(node.url_patterns, address)


def example(pattern: str) -> str:
    return re.sub(
        r"<(?:(\w+):)?\w+>", lambda found: PARTS.get(found[1] or "str", "x"), pattern
    ).removeprefix("^")


@pytest.mark.parametrize("address", PAGES)
def test_switched_off_it_is_not_there(anonymous: Client, address: str) -> None:
    assert anonymous.get(address).status_code == 404


@pytest.mark.usefixtures("switched_on")
@pytest.mark.parametrize("address", PAGES)
def test_switched_on_anybody_may_look(anonymous: Client, address: str) -> None:
    assert anonymous.get(address).status_code == 200


@pytest.mark.parametrize("public", [False, True])
def test_without_login_nothing_else_answers(
    anonymous: Client, public: bool, request: pytest.FixtureRequest
) -> None:
    if public:
        request.getfixturevalue("switched_on")
    allowed = OPEN | (PUBLIC if public else set())
    answered = []
    for address, name in patterns():
        for method in (anonymous.get, anonymous.post):
            answer = method(address)
            turned_away = answer.status_code in (401, 403, 404, 405)
            to_login = answer.status_code == 302 and answer["Location"].startswith("/login")
            if not (turned_away or to_login or name in allowed):
                answered.append((address, name, answer.status_code))
    assert answered == []


@pytest.mark.usefixtures("switched_on")
@pytest.mark.parametrize("code", ["CKQ", "TKQ", "mining-right", "ecological-red-line", "GHZB"])
def test_other_layers_are_not_there(anonymous: Client, code: str) -> None:
    assert anonymous.get(f"/public/features/{code}").status_code in (403, 404)


@pytest.mark.usefixtures("switched_on")
def test_the_map_knows_published_layers_only(anonymous: Client) -> None:
    from minplan.core.access import published_layers

    page = anonymous.get("/public/map").content.decode()
    setup = json.loads(page.split('type="application/json">')[1].split("</script>")[0])
    layers = [entry for group in setup["groups"] for entry in group["layers"]]
    assert {entry["kind"] for entry in layers} <= {"plan", "counties", "graticule"}
    assert {entry["code"] for entry in layers if entry["kind"] == "plan"} <= published_layers()


@pytest.mark.usefixtures("switched_on")
def test_no_rules_rights_or_people_in_the_text(anonymous: Client) -> None:
    told = anonymous.get("/public/text").content.decode()
    assert "可视范围内不整山开发" in told
    assert "/rules/" not in told
    assert "权利人" not in anonymous.get("/public/zones").content.decode()


@pytest.mark.usefixtures("switched_on")
def test_published_documents_only(anonymous: Client, sign_in: SignIn) -> None:
    planner = sign_in("guihua")
    content = b"%PDF-1.7 text"
    for code, name in (("GHWB", "公开文本.pdf"), ("BZSM", "内部说明.pdf")):
        file = SimpleUploadedFile(name, content)
        given = {"code": code, "version": "1", "file": file}
        planner.post("/plans/changzhi-2021-2025/deliverables", given)
    told = anonymous.get("/public").content.decode()
    assert "公开文本.pdf" in told
    assert "内部说明.pdf" not in told
    number = int(re.search(r"/public/documents/(\d+)", told)[1])
    answer = anonymous.get(f"/public/documents/{number}")
    assert b"".join(answer.streaming_content) == content
    assert anonymous.get(f"/public/documents/{number + 1}").status_code == 404


@pytest.mark.usefixtures("switched_on")
def test_whoever_is_logged_in_sees_the_same(sign_in: SignIn, anonymous: Client) -> None:
    assert sign_in("guihua").get("/public/features/CKQ").status_code in (403, 404)
