"""Pages of zones and blocks, as Django answers them."""

from __future__ import annotations

from tests.web.conftest import SignIn


def test_the_kinds_are_counted(sign_in: SignIn) -> None:
    page = sign_in("chuliang").get("/zones").content.decode()
    assert "集中开采区" in page
    assert "164.9600" in page


def test_a_table_is_filtered_sorted_and_summed(sign_in: SignIn) -> None:
    client = sign_in("licheng")
    page = client.get("/zones/JZKCQ").content.decode()
    assert "共 21 行" in page
    page = client.get("/zones/JZKCQ?county=黎城县&sort=-MJ").content.decode()
    assert "筛选出 5 行（共 21 行）" in page
    assert page.index("CS009") < page.index("CS007") < page.index("CS010")
    assert "47.8400 km²" in page
    assert "没有符合条件的行" in client.get("/zones/JZKCQ?q=没有这个").content.decode()


def test_the_card_tells_what_is_known(sign_in: SignIn) -> None:
    page = sign_in("kuangquan").get("/zones/JZKCQ/CS009").content.decode()
    assert "29.65" in page
    assert "/plans/changzhi-2021-2025/text#box-6" in page
    assert "KQ009-1" in page  # a block inside
    assert "38443" in page  # a corner in metres
    assert "长政办发〔2023〕29号" in page  # the basis of its history
    block = sign_in("kuangquan").get("/blocks/KQ009-1")
    assert block["Location"] == "/zones/KAIGHQK/KQ009-1"
    assert sign_in("kuangquan").get("/zones/by-code/CS009")["Location"] == "/zones/JZKCQ/CS009"


def test_what_is_not_there_is_not_found(sign_in: SignIn) -> None:
    client = sign_in("guihua")
    for address in ("/zones/JZKCQ/CS999", "/zones/XXX", "/blocks/K0", "/changesets/999"):
        assert client.get(address).status_code == 404


def test_before_the_plan_there_is_none(sign_in: SignIn) -> None:
    answer = sign_in("guihua").get("/zones/JZKCQ?asof=2020-01-01")
    assert answer.status_code == 404
    assert sign_in("guihua").get("/zones/JZKCQ?asof=gestern").status_code == 422
    page = sign_in("guihua").get("/zones/JZKCQ/CS009?asof=2024-01-01").content.decode()
    assert "历史视图" in page


def test_the_public_sees_no_working_pages(sign_in: SignIn) -> None:
    from django.test import Client

    assert Client().get("/zones").status_code == 302


def test_steps_of_a_block(sign_in: SignIn) -> None:
    client = sign_in("kuangquan")
    address = "/zones/KAIGHQK/KQ001-1/state"
    given = {"state": "argued", "date": "2025-03-01", "document": "六部门核查意见〔2025〕3号"}
    refused = client.post(address, {**given, "document": ""})
    assert refused.status_code == 400
    assert "须写明依据" in refused.content.decode()
    assert client.post(address, given).status_code == 302
    grant = {"state": "granted", "date": "2025-04-01", "document": "成交确认书 12 号"}
    assert client.post(address, grant).status_code == 302
    page = client.get("/zones/KAIGHQK/KQ001-1").content.decode()
    assert "已出让" in page
    assert "成交确认书 12 号" in page
    quotas = client.get("/zones/quotas?county=沁源县").content.decode()
    assert "拟设 2 个，已出让 1 个，尚可出让 1 个" in quotas
    jump = client.post(address, {"state": "struck", "date": "2025-05-01", "document": "文件"})
    assert jump.status_code == 400
    assert "可以：登记发证、撤回出让" in jump.content.decode()


def test_counties_and_statisticians_register_no_steps(sign_in: SignIn) -> None:
    given = {"state": "argued", "date": "2025-03-01", "document": "意见"}
    for who in ("licheng", "chuliang"):
        answer = sign_in(who).post("/zones/KAIGHQK/KQ009-1/state", given)
        assert answer.status_code == 403


def test_english_is_complete(sign_in: SignIn) -> None:
    page = sign_in("guihua").get("/zones/quotas?lang=en").content.decode()
    assert "Use of the numbers of rights" in page
    assert "27 planned" in page
