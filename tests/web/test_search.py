"""The box on every page."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.web.conftest import SignIn

from minplan.web.search.coordinates import looks_like_corners


def found(client: Client, query: str) -> str:
    answer = client.get("/search", {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("CS009", "CS009</mark> 集中开采区 009"),
        ("示意-采矿权-煤炭-001", "/map#sel=mining-right:1"),
        ("第四章二（一）5", "/plans/changzhi-2021-2025/text#c4-2-1-5"),
        ("可視範圍", "/plans/changzhi-2021-2025/text#c4-2-1-5"),
        ("r-at-01", "/rules/R-AT-01"),
        ("生态保护红线", "/data/sources/ecological-red-line"),
        ("E813", "/help/errors/E813"),
        ("黎城县", "XZQ:140426"),
    ],
)
def test_everything_is_found_by_what_people_call_it(
    sign_in: SignIn, query: str, expected: str
) -> None:
    assert expected in found(sign_in("guihua"), query)


def test_pasted_corners_lead_to_a_new_review(sign_in: SignIn) -> None:
    told = found(sign_in("kuangquan"), "1,4045123.12,38412345.67\n2,4045100.00,38412500.00")
    assert "/cases/new?q=1%2C4045123.12" in told


@pytest.mark.parametrize(
    ("text", "corners"),
    [
        ("4045123.12 38412345.67", True),
        ("112°54′05.76″ 36°24′10.2″", True),
        ("112.9016, 36.4028", True),
        ("C1404002011012120104567", False),
        ("2026-0042", False),
        ("集中开采区 009", False),
        ("2610 万吨", False),
    ],
)
def test_what_looks_like_corners(text: str, corners: bool) -> None:
    assert looks_like_corners(text) is corners


def test_nothing_found_and_nothing_asked_say_what_can_be_typed(sign_in: SignIn) -> None:
    assert "没有找到" in found(sign_in("guihua"), "海洋牧场养殖")
    assert "案卷号" in found(sign_in("guihua"), "  ")


def test_counties_find_their_own_cases_only(sign_in: SignIn) -> None:
    import datetime as dt

    from minplan.core.access import Access
    from minplan.database import cases
    from minplan.database.acting import act_as

    with act_as(Access.of("licheng", ["county"], ["黎城县"])):
        now = dt.datetime.now(dt.UTC)
        case = cases.open_case({}, title="桥沟示意案卷", recorded=now)
    assert case.number in found(sign_in("licheng"), "桥沟示意")
    assert case.number not in found(sign_in("qinyuan"), "桥沟示意")
    assert (
        case.number
        not in found(sign_in("qinyuan"), case.number).split("<main")[1].split("条结果")[1]
    )


def test_what_is_typed_never_becomes_markup(sign_in: SignIn) -> None:
    told = found(sign_in("guihua"), "<script>alert(1)</script>")
    assert "<script>alert" not in told
