"""How many planted contradictions are found, and how few false alarms a sound plan gives."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.core.quality.plan_sites import SNIPPETS, TABLES
from tests.core.quality.plans.eighth import eighth_plan
from tests.core.quality.plans.fifth import fifth_plan
from tests.core.quality.plans.fourth import fourth_plan
from tests.core.quality.plans.ninth import ninth_plan
from tests.core.quality.plans.second import second_plan
from tests.core.quality.plans.seventh import seventh_plan
from tests.core.quality.plans.sixth import sixth_plan
from tests.core.quality.plans.third import third_plan
from tests.core.quality.planting import (
    CLASSES,
    Score,
    changed,
    faults,
    measure,
    sites_of_marked,
    table_sites,
)
from tests.core.quality.synthetic import plan

from minplan.core.document.model import PlanDocument, Quantity
from minplan.core.quality.consistency import echoes
from minplan.core.quality.consistency.repeats import Slack
from minplan.documents import read_document

ROOT = Path(__file__).resolve().parents[3]
#: The published text has about so many pages; one false alarm for five of them is too many.
PAGES = 50


@pytest.fixture(scope="module")
def published() -> PlanDocument:
    path = ROOT.parent / "shared" / "plan" / "changzhi-2021-2025.txt"
    if not path.is_file():
        pytest.skip("the published plan text (shared/plan beside the checkout) is absent")
    return read_document(path)


@pytest.mark.parametrize("seed", range(20))
def test_a_sound_plan_gives_no_alarm(seed: int) -> None:
    made, _ = plan(seed)
    assert [item.message.zh for item in faults(made)] == []


def test_planted_contradictions_of_made_plans_are_found() -> None:
    total = Score(dict.fromkeys(CLASSES, 0), dict.fromkeys(CLASSES, 0), [])
    for seed in (101, 102, 103):
        made, sites = plan(seed)
        score = measure(made, sites, random.Random(seed), most=8)
        for kind in CLASSES:
            total.planted[kind] += score.planted[kind]
            total.found[kind] += score.found[kind]
        total.missed.extend(score.missed)
    for kind in CLASSES:
        assert total.planted[kind] >= 20
        assert total.recall(kind) >= 0.9, total.missed


def test_a_plan_in_another_hand() -> None:
    """Other phrases, other tables, a column of units: no alarm, and what is planted is found."""
    made, sites = second_plan()
    assert [item.message.zh for item in faults(made)] == []
    score = measure(made, sites, random.Random(3), most=15)
    for kind in CLASSES:
        assert score.recall(kind) >= 0.9, score.missed


def test_a_plan_of_phrases_not_met_before() -> None:
    """Sums and counts as well as elsewhere; 开采规模 and 年开采总量 are not taken for one."""
    made, sites = third_plan()
    assert [item.message.zh for item in faults(made)] == []
    score = measure(made, sites, random.Random(1))
    assert score.recall("sum") >= 0.9, score.missed
    assert score.recall("count") >= 0.9, score.missed
    assert score.recall("repeat") >= 0.8, score.missed


@pytest.mark.parametrize(
    "written", [fourth_plan, fifth_plan, sixth_plan, seventh_plan, eighth_plan, ninth_plan]
)
def test_plans_written_without_sight_of_the_checks(written: Any) -> None:
    """Remainders, net changes, shares told one after the other, lists below their count."""
    made, sites = written()
    assert [item.message.zh for item in faults(made)] == []
    score = measure(made, sites, random.Random(1))
    for kind in CLASSES:
        assert score.recall(kind) >= 0.85, score.missed


def test_planted_contradictions_of_the_published_plan_are_found(published: PlanDocument) -> None:
    sites = sites_of_marked(published, [item for item in SNIPPETS if "«" in item])
    for label, kind, columns in TABLES:
        sites += table_sites(published, label, kind, columns)
    score = measure(published, sites, random.Random(7), most=10)
    for kind in CLASSES:
        assert score.planted[kind] == 10
        assert score.recall(kind) >= 0.9, score.missed


def test_what_the_published_plan_is_told(published: PlanDocument) -> None:
    """Every contradiction told was judged by reading; see docs/explanation/plan-contradictions."""
    told = [item.message.zh for item in faults(published)]
    assert len(told) <= len(JUDGED) + PAGES // 5
    unjudged = [message for message in told if not any(words in message for words in JUDGED)]
    assert unjudged == []


#: Words of the messages about the published plan that a reader judged to be right.
JUDGED = (
    "表3第 15 行第 2 列“总破坏面积”合计 222.0018",
    "表5第 12 行第 4 列“修复任务（公顷）”合计 447.81",
    "“2020 年生产总值”为 1711.6亿元",
    "5498.159 平方公里",
    "约 120 平方公里",
    "“2020 年煤炭开采总量”",
    "“2025 年石英岩开采总量”",
    "“2020 年历史遗留治理面积”",
    "“2020 年煤层气探矿权数”",
    "“2025 年陶瓷土开采总量”",
    "“2020 年煤层气抽采量”",
    "称“探明储量”",
    "第五章二（四） 矿山地质环境治理区",
    "缺 8",
    "专栏9的编号",
    "111°58'03'' — 112°44'04''",
    "称“各项指标全面落实”",
    "铝土矿回采率为 86.1%",
    "陶瓷土回采率为 85.4%",
    "石灰岩矿山数控制在 80 个左右",
    "石英岩矿山数控制在 1 个",
    "角闪岩矿山数控制在 1 个",
    "名称为壶关县、潞州区、平顺县",
    "专栏6中平顺县的集中开采区没有饰面用角闪岩",
    "“预防区数”为 6 处",
    "“预防区面积”为 3742.9 平方公里",
    "同为 8727 平方公里",
)

#: Our own list of the plan's contradictions: words of the message that tells each, None where no
#: check can (why is in docs/explanation/plan-contradictions.md).
OWN = {
    "D-01": "“2025 年陶瓷土开采总量”",
    "D-02": "“2025 年石英岩开采总量”",
    "D-03": "石英岩矿山数控制在 1 个",
    "D-04": "111°58'03'' — 112°44'04''",
    "D-05": "合计 447.81",
    "D-06": "合计 222.0018",
    "D-07": "陶瓷土回采率为 85.4%",
    "D-08": "“2020 年煤层气探矿权数”",
    "D-09": None,
    "D-10": "“2020 年煤炭开采总量”",
    "D-11": "“2020 年煤层气抽采量”",
    "D-12": "5498.159 平方公里",
    "D-13": "“2020 年生产总值”",
    "D-14": None,
    "D-15": "没有饰面用角闪岩",
    "D-16": "约 120 平方公里",
    "D-17": "角闪岩矿山数控制在 1 个",
    "D-18": "“预防区数”为 6 处",
    "D-19": "同为 8727 平方公里",
    "D-20": "名称为壶关县、潞州区、平顺县",
    "D-21": "专栏9的编号",
    "D-22": "第五章二（四） 矿山地质环境治理区",
    "D-23": "称“各项指标全面落实”",
    "D-24": None,
    "D-25": "“2020 年历史遗留治理面积”",
    "D-26": "铝土矿回采率为 86.1%",
    "D-27": "称“探明储量”",
    "D-28": "缺 8",
    "D-29": None,
    "D-30": None,
    "D-31": None,
    "D-32": None,
    "D-33": None,
}


def test_our_own_list_of_its_contradictions(published: PlanDocument) -> None:
    path = ROOT / "src" / "minplan" / "demo" / "changzhi" / "plan" / "contradictions.toml"
    listed = [item["id"] for item in tomllib.loads(path.read_text("utf-8"))["contradiction"]]
    assert listed == list(OWN)
    told = [item.message.zh for item in faults(published)]
    missed = [
        key for key, words in OWN.items() if words and not any(words in item for item in told)
    ]
    assert missed == []


def test_a_changed_plan_is_told_something_else(published: PlanDocument) -> None:
    """Nothing of the published plan is coded: mended figures are not told any more."""
    (site,) = sites_of_marked(published, ["陶瓷土年开采量控制在 «repeat:50» 万吨左右"])
    told = [item.message.zh for item in faults(changed(published, site, "20"))]
    assert not any("陶瓷土开采总量" in message for message in told)


def test_a_long_document_is_not_paired_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of hundreds of near figures each is compared with its neighbours, not with all."""
    calls = 0

    def counting(one: echoes.Told, other: echoes.Told) -> bool:
        nonlocal calls
        calls += 1
        return False

    made, _ = plan(1)
    first = echoes._told(made)[0]
    held = [
        replace(first, reading=replace(first.reading, quantity=_sized(first, 1000 + number)))
        for number in range(500)
    ]
    monkeypatch.setattr(echoes, "_same", counting)
    list(echoes._among(held, Slack(Decimal("0.05"), Decimal("0.2"), None)))
    assert 0 < calls <= 2 * echoes._NEAREST * len(held)


def _sized(told: echoes.Told, size: int) -> Quantity:
    value = Decimal(size)
    return replace(told.reading.quantity, base_low=value, base_high=value)
