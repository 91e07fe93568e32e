"""Logging in and out, lock-out, passwords, language."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.sites import PASSWORD
from tests.web.conftest import SignIn


def test_pages_want_a_login(anonymous: Client) -> None:
    answer = anonymous.get("/jobs")
    assert answer.status_code == 302
    assert answer["Location"] == "/login?next=/jobs"


def test_right_password_opens_wrong_one_does_not(anonymous: Client) -> None:
    wrong = anonymous.post("/login", {"username": "guihua", "password": "nonsense"})
    assert wrong.status_code == 401
    assert "账号或密码不对" in wrong.content.decode()
    right = anonymous.post("/login?next=/jobs", {"username": "guihua", "password": PASSWORD})
    assert right.status_code == 302
    assert right["Location"] == "/jobs"
    assert anonymous.get("/jobs").status_code == 200


def test_login_leads_nowhere_else(anonymous: Client) -> None:
    given = {"username": "guihua", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert anonymous.post("/login", given)["Location"].startswith("/")


def test_repeated_failures_lock_the_name_even_for_the_right_password(anonymous: Client) -> None:
    for _ in range(5):
        answer = anonymous.post("/login", {"username": "xiufu", "password": "nonsense"})
    assert answer.status_code == 429
    answer = anonymous.post("/login", {"username": "xiufu", "password": PASSWORD})
    assert answer.status_code == 429
    assert "账号已暂时锁定" in answer.content.decode()


def test_a_new_password_obeys_the_policy(sign_in: SignIn) -> None:
    client = sign_in("chuliang")
    form = {"old": PASSWORD, "new": "short", "again": "short"}
    refused = client.post("/account/password", form)
    assert refused.status_code == 422
    assert "密码至少 10 位" in refused.content.decode()
    new = "Another-2027-word"
    changed = client.post("/account/password", {"old": PASSWORD, "new": new, "again": new})
    assert changed.status_code == 302
    assert Client().post("/login", {"username": "chuliang", "password": new}).status_code == 302


@pytest.mark.usefixtures("system")
def test_logins_are_told_to_the_audit_chain(anonymous: Client) -> None:
    from minplan.database.models import AuditEntry

    anonymous.post("/login", {"username": "lingdao", "password": PASSWORD})
    last = AuditEntry.objects.order_by("-number").first()
    assert (last.action, last.actor) == ("account.login", "lingdao")


def test_english(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    client.post("/account/language", {"language": "en", "next": "/jobs"})
    page = client.get("/jobs").content.decode()
    assert 'lang="en"' in page
    assert "No jobs yet" in page
