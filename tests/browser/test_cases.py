"""The review desk in a browser: a case through all hands, keys, and what others do not see."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from tests.browser.conftest import PHONE, Served

#: Opens and submits a case of 黎城县 in a process of its own: the pages only see what is stored.
_OPEN = """
import datetime as dt, sys
from pathlib import Path
from minplan.core.access import Access
from minplan.database import use
from minplan.formats.proposal_file import read_proposal
from minplan.formats.proposal_json import proposal_to_dict
from minplan.workspace import Workspace

folder = Path(sys.argv[1])
workspace = Workspace(folder, actor="licheng")
proposal = read_proposal(folder / "proposals" / "3-conflict.toml").proposals[0]
now = dt.datetime.now(dt.UTC)
with use(workspace.database):
    from minplan import casework
    from minplan.database import cases
    from minplan.database.acting import act_as
    with act_as(Access.of("licheng", ["county"], ["黎城县"])):
        case = cases.open_case({}, title="压红线的石料场（示意）", recorded=now)
        case = cases.save_draft(case, revision=case.revision, recorded=now, content={},
                                proposal=proposal_to_dict(proposal))
        case = casework.review_case(workspace, case, recorded=now, today=dt.date.today())
        if sys.argv[2] == "submitted":
            case = cases.take(case, "submit", recorded=now)
        print(case.number)
"""


@pytest.fixture
def opened(served: Served) -> Any:
    """``opened("draft")`` or ``opened("submitted")``: the number of a new case of 黎城县."""

    def make(state: str = "submitted") -> str:
        made = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(_OPEN), str(served.workspace), state],
            env={**os.environ, "MINPLAN_WORKSPACE": str(served.workspace)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()

    return make


def step(page: Any, button: str, decision: str = "", reason: str = "") -> None:
    """Take a step on the page of a case."""
    page.get_by_role("tab", name="办理").click()
    if decision:
        page.get_by_label("审查结论（人工）").select_option(decision)
    if reason:
        page.get_by_label("意见、理由").fill(reason)
    page.get_by_role("button", name=button, exact=True).click()


def test_from_submission_to_archive(visit: Any, look: Any, opened: Any) -> None:
    number = opened("draft")
    address = f"/cases/{number}"
    page = visit("licheng", address)
    step(page, "提交")
    page.get_by_text(f"案卷 {number} 已提交").wait_for()
    officer = visit("kuangquan", "/cases?todo=1")
    officer.get_by_role("link", name=number).click()
    step(officer, "初审", "conditional")
    officer.get_by_text("审查结论与系统核查结果不同，须写明理由").wait_for()
    assert officer.get_by_label("审查结论（人工）").input_value() == "conditional"
    step(officer, "初审", "not-conforming")
    officer.get_by_text(f"案卷 {number} 已初审").wait_for()
    assert officer.get_by_role("button", name="复核", exact=True).count() == 0
    for account, button, word in (
        ("kuangquan2", "复核", "已复核"),
        ("lingdao", "签发", "已签发"),
        ("kuangquan", "归档", "已归档"),
    ):
        page = visit(account, address)
        step(page, button)
        page.get_by_text(f"案卷 {number} {word}").wait_for()
    page.get_by_role("tab", name="办理").click()
    assert page.locator(".case-steps li").count() == 7
    look(page, "case-archived")


def test_returned_with_a_reason(visit: Any, opened: Any) -> None:
    number = opened()
    officer = visit("kuangquan", f"/cases/{number}")
    step(officer, "退回申请人")
    officer.get_by_text("退回申请人须写明理由").wait_for()
    step(officer, "退回申请人", reason="请避开生态保护红线")
    officer.get_by_text(f"案卷 {number} 已退回").wait_for()
    county = visit("licheng", f"/cases/{number}#handling")
    assert county.get_by_text("请避开生态保护红线").is_visible()
    assert county.get_by_role("link", name="继续填写").is_visible()


def test_another_county_sees_nothing(visit: Any, opened: Any) -> None:
    number = opened()
    page = visit("qinyuan", f"/cases/{number}")
    assert page.get_by_text(f"没有案卷 {number}").first.is_visible()
    page.goto("/cases")
    assert page.get_by_text("还没有案卷").is_visible()
    exported = page.request.get("/cases/export?format=csv").text()
    assert number not in exported


def test_findings_by_keyboard(visit: Any, look: Any, faults_of: Any, opened: Any) -> None:
    page = visit("kuangquan", f"/cases/{opened()}")
    page.locator("#map[data-ready]").wait_for()
    look(page, "case")
    assert faults_of(page) == []
    page.keyboard.press("j")
    first = page.locator(".finding.here")
    assert first.get_attribute("aria-label").startswith("冲突")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator(".finding.here").get_attribute("id") == first.get_attribute("id")
    page.keyboard.press("3")
    assert page.locator(".finding.here").get_attribute("aria-label").startswith("未核查")
    page.keyboard.press("4")
    assert page.locator(".finding.here").get_attribute("aria-label").startswith("符合")
    page.keyboard.press("d")
    page.wait_for_url("**/jobs/*")


def test_locate_suggestion_and_replay(visit: Any, opened: Any) -> None:
    page = visit("kuangquan", f"/cases/{opened()}")
    page.locator("#map[data-ready]").wait_for()
    scale = page.locator(".map-readout").inner_text()
    page.get_by_role("button", name="定位").nth(1).click()
    page.wait_for_function("t => document.querySelector('.map-readout').innerText !== t", arg=scale)
    shown = page.get_by_role("button", name="在图上显示")
    shown.click()
    assert shown.get_attribute("aria-pressed") == "true"
    page.get_by_role("tab", name="依据与重放").click()
    page.get_by_role("button", name="重放", exact=True).click()
    page.get_by_text("逐字相同").last.wait_for()


def test_lists_and_cases_on_a_phone(visit: Any, look: Any, faults_of: Any, opened: Any) -> None:
    number = opened()
    page = visit("lingdao", "/cases", size=PHONE)
    look(page, "cases")
    assert faults_of(page) == []
    page.goto(f"/cases/{number}")
    page.locator("#map[data-ready]").wait_for()
    look(page, "case")
    assert faults_of(page) == []
    page.goto(f"/cases/{number}/brief")
    assert page.locator(".brief-finding").count() == 2
    page.wait_for_function("document.querySelector('.case-picture').naturalWidth > 0")
    look(page, "case-brief")
    assert faults_of(page) == []


def test_english(visit: Any, look: Any, opened: Any) -> None:
    page = visit("kuangquan", f"/cases/{opened()}?lang=en")
    assert page.get_by_role("heading", name="What would make it pass").is_visible()
    look(page, "case-english")


def test_batch(visit: Any, look: Any, faults_of: Any, served: Served) -> None:
    page = visit("kuangquan", "/cases/batch")
    assert faults_of(page) == []
    look(page, "batch")
    folder = served.workspace / "proposals"
    files = [str(folder / name) for name in ("1-clear.txt", "3-conflict.txt")]
    bad = served.workspace / "坏.txt"
    bad.write_text("1 4063911\n2 4063691\n", encoding="utf-8")
    page.get_by_label("一个含多个区块的 Excel").set_input_files([*files, str(bad)])
    page.get_by_role("button", name="核查", exact=True).click()
    page.get_by_role("link", name="查看结果").click(timeout=90_000)
    assert page.locator(".case-matrix tbody tr").count() == 2
    assert page.get_by_text("坏.txt").is_visible()
    look(page, "batch-result")
    assert faults_of(page) == []
