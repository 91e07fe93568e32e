"""Constraint layers, rules and help as pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.conftest import SignIn

from minplan.core.access import Access
from minplan.web.help.codes import codes

RED_LINE = "/data/sources/ecological-red-line"


def do(location: str) -> object:
    from minplan.database.acting import act_as
    from minplan.database.models import Job
    from minplan.web.jobs.tasks import run_job

    number = location.rsplit("/", 1)[1]
    with act_as(Access.public()):
        run_job.func(number)
    return Job.objects.get(pk=number)


def delivery() -> SimpleUploadedFile:
    square = shapely.to_geojson(shapely.box(113.0, 36.2, 113.1, 36.3))
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature",'
        f'"properties":{{"name":"示意红线","kind":"其他"}},"geometry":{square}}}]}}'
    )
    return SimpleUploadedFile("红线.geojson", text.encode())


def test_layers_say_their_age_in_a_word_and_who_uses_them(sign_in: SignIn) -> None:
    told = sign_in("licheng").get("/data/sources").content.decode()
    assert "生态保护红线" in told
    assert 'class="mp-light old">超过三年' in told
    page = sign_in("licheng").get(RED_LINE).content.decode()
    assert 'href="/rules/R-SP-01"' in page
    assert "入库新版本" not in page


def test_counties_do_not_see_where_restricted_layers_lie(sign_in: SignIn) -> None:
    address = "/data/sources/heritage-protection-area"
    assert "35." in sign_in("guihua").get(address).content.decode().split("<tbody>")[1]
    hidden = sign_in("licheng").get(address).content.decode().split("<tbody>")[1]
    assert "35." not in hidden.split("</table>")[0]


def test_a_new_version_is_built_and_listed(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    form = {"act": "示意文号", "effective_from": "2026-01-01", "file": delivery()}
    job = do(client.post(f"{RED_LINE}/add", form)["Location"])
    assert job.state == "done", job.error
    told = client.get(RED_LINE).content.decode()
    assert "示意文号" in told
    assert 'class="mp-light fresh"' in told
    verified = do(client.post(f"{RED_LINE}/verify")["Location"])
    assert verified.state == "done"


def test_a_wrong_delivery_is_told_and_leaves_the_library_as_it_was(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    before = client.get(RED_LINE).content.decode().count("<code>")
    file = SimpleUploadedFile("红线.txt", b"nothing")
    form = {"act": "示意文号", "effective_from": "2026-01-01", "file": file}
    job = do(client.post(f"{RED_LINE}/add", form)["Location"])
    assert job.state == "failed"
    assert job.error["code"] == "E302"
    assert client.get(RED_LINE).content.decode().count("<code>") == before


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"act": ""}, "E884"),
        ({"effective_from": "soon"}, "E885"),
        ({"file": SimpleUploadedFile("红线.zip", b"MZ program")}, "E923"),
    ],
)
def test_what_the_form_lacks_is_told(sign_in: SignIn, given: dict[str, object], code: str) -> None:
    form = {"act": "示意", "effective_from": "2026-01-01", "file": delivery(), **given}
    answer = sign_in("guihua").post(f"{RED_LINE}/add", form)
    assert answer.status_code == 422
    assert code in answer.content.decode()


def test_adding_needs_the_permission(sign_in: SignIn) -> None:
    assert sign_in("kuangquan").post(f"{RED_LINE}/add", {}).status_code == 403


def test_missing_layers_are_announced(sign_in: SignIn, site: Path) -> None:
    shutil.move(site / "layers" / "ridge-line", site / "ridge-line")
    try:
        told = sign_in("guihua").get("/data/sources").content.decode()
        desk = sign_in("guihua").get("/").content.decode()
    finally:
        shutil.move(site / "ridge-line", site / "layers" / "ridge-line")
    assert "未核查项将出现：1 个图层" in told
    assert "未核查项将出现：1 个图层" in desk


# -- rules ----------------------------------------------------------------------------------------


def test_rules_are_listed_narrowed_and_shown(sign_in: SignIn) -> None:
    client = sign_in("lingdao")
    assert "R-AT-01" in client.get("/rules").content.decode()
    narrowed = client.get("/rules?q=红线").content.decode()
    assert "R-SP-01" in narrowed
    assert "R-AT-01" not in narrowed
    shown = client.get("/rules/r-at-01").content.decode()
    assert "120" in shown
    assert "result-conflict" in shown
    assert client.get("/rules/R-XX-99").status_code == 404


# -- help -----------------------------------------------------------------------------------------


def test_every_code_of_the_program_has_a_page_in_both_languages(sign_in: SignIn) -> None:
    import re

    import minplan

    root = Path(minplan.__file__).parent
    written = {
        code
        for file in root.rglob("*.py")
        for code in re.findall(r'(?:Error|Forbidden|Remark)\(\s*"(E\d{3})"', file.read_text())
    }
    assert written - codes().keys() == set()
    for code, item in codes().items():
        assert all(m.message.zh and m.message.en for m in item.meanings), code
    assert "换一个版本号" in sign_in("guihua").get("/help/errors/e813").content.decode()
    assert sign_in("guihua").get("/help/errors/E999").status_code == 404


def test_codes_are_found_by_the_words_of_their_message(sign_in: SignIn) -> None:
    told = sign_in("guihua").get("/help/errors?q=批准文号 不同").content.decode()
    assert "没有符合的编号" in told
    told = sign_in("guihua").get("/help/errors?q=已登记，内容不同").content.decode()
    assert "E813" in told


def test_help_pages_are_the_documentation_and_link_to_each_other(sign_in: SignIn) -> None:
    from minplan.web.help.pages import pages

    client = sign_in("licheng")
    index = client.get("/help").content.decode()
    assert "快捷键" in index
    for item in pages():
        address = f"/help/{item.section}/{item.name}"
        assert address in index
        told = client.get(address).content.decode()
        assert "<h1>" in told
        assert '.md"' not in told.split("<article")[1].split("</article>")[0]
