"""The administrator's pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.web.conftest import SignIn


def test_only_administrators_manage_accounts(sign_in: SignIn) -> None:
    for username in ("guihua", "kuangquan", "licheng", "lingdao"):
        answer = sign_in(username).get("/accounts")
        assert answer.status_code == 403
        assert "没有“管理账号”权限" in answer.content.decode()
    assert sign_in("admin").get("/accounts").status_code == 200


def test_a_new_account_logs_in_and_must_change_its_password(sign_in: SignIn) -> None:
    form = {"username": "wuxiang", "name": "武乡县局", "roles": ["county"], "areas": ["武乡县"]}
    made = sign_in("admin").post("/accounts/new", form)
    assert made.status_code == 200
    password = re.search(r'id="password">([^<]+)<', made.content.decode())
    assert password is not None
    client = Client()
    entered = client.post("/login", {"username": "wuxiang", "password": password[1]})
    assert entered.status_code == 302
    assert client.get("/jobs")["Location"] == "/account/password"


def test_a_county_account_without_county_is_refused(sign_in: SignIn) -> None:
    form = {"username": "nowhere", "name": "无", "roles": ["county"]}
    answer = sign_in("admin").post("/accounts/new", form)
    assert answer.status_code == 422
    assert "县区账号须选择所辖县（区）" in answer.content.decode()


def test_a_taken_name_is_told(sign_in: SignIn) -> None:
    form = {"username": "guihua", "name": "又一个", "roles": ["planning"]}
    answer = sign_in("admin").post("/accounts/new", form)
    assert answer.status_code == 409
    assert "E842" in answer.content.decode()


def test_a_closed_account_is_out_at_once(sign_in: SignIn) -> None:
    closed = sign_in("xiufu")
    assert closed.get("/jobs").status_code == 200
    sign_in("admin").post("/accounts/xiufu/close")
    assert closed.get("/jobs").status_code == 302
    sign_in("admin").post("/accounts/xiufu/close")


def test_the_last_administrator_stays(sign_in: SignIn) -> None:
    answer = sign_in("admin").post("/accounts/admin/close")
    assert answer.status_code == 409
    assert "最后一个管理员" in answer.content.decode()


@pytest.mark.usefixtures("system")
def test_every_change_is_in_the_audit_chain(sign_in: SignIn) -> None:
    client = sign_in("admin")
    form = {"name": "储量科", "roles": ["reserves", "restoration"]}
    assert client.post("/accounts/chuliang", form).status_code == 302
    page = client.get("/audit", {"subject": "account:chuliang"}).content.decode()
    assert "account.change" in page
    assert sign_in("guihua").get("/audit").status_code == 403
