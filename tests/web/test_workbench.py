"""The first page."""

from __future__ import annotations

import datetime as dt

from tests.web.conftest import SignIn

from minplan.core.access import Access

NOW = dt.datetime(2026, 11, 2, 3, tzinfo=dt.UTC)


def test_officers_begin_reviews_and_see_their_drafts(sign_in: SignIn) -> None:
    from minplan.database import cases
    from minplan.database.acting import act_as

    with act_as(Access.of("kuangquan", ["rights"])):
        case = cases.open_case({}, title="示意草稿", recorded=NOW)
    told = sign_in("kuangquan").get("/").content.decode()
    assert 'id="drop"' in told
    assert f"/cases/{case.number}/edit" in told
    assert "示意草稿" not in sign_in("qinyuan").get("/").content.decode()


def test_indicators_claim_only_what_is_known(sign_in: SignIn) -> None:
    told = sign_in("guihua").get("/").content.decode()
    assert 'class="mp-light over">超出' in told
    assert "2020 年基期值" in told


def test_leaders_see_what_waits_for_signature(sign_in: SignIn) -> None:
    told = sign_in("lingdao").get("/").content.decode()
    assert "待签发 0 件" in told
    assert 'id="drop"' not in told


def test_changes_in_words_for_those_who_may_read_the_chain(sign_in: SignIn) -> None:
    assert "登记账号" in sign_in("admin").get("/").content.decode()
    assert "登记账号" not in sign_in("guihua").get("/").content.decode()


def test_english(sign_in: SignIn) -> None:
    told = sign_in("guihua").get("/?lang=en").content.decode()
    assert "Waiting for me" in told
    assert "Freshness of data" in told
