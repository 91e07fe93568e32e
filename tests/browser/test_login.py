"""The login page in a browser."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import PHONE


def test_log_in_and_see_the_frame(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit(None, "/login")
    look(page, "login")
    assert faults_of(page) == []
    page = visit("guihua", "/jobs")
    assert page.get_by_role("heading", name="后台任务").is_visible()
    assert faults_of(page) == []
    look(page, "jobs")


def test_on_a_phone(visit: Any, look: Any, faults_of: Any) -> None:
    page = visit("guihua", "/jobs", size=PHONE)
    look(page, "jobs")
    assert faults_of(page) == []
