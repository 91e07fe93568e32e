"""No proposal, however odd, makes a rule fail: it answers, or says what is missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minplan.core.review.engine import review
from minplan.core.review.finding import Outcome
from minplan.core.review.missing import dictionary, layer_names
from minplan.core.review.proposal import Action, MiningMethod, RightKind
from minplan.core.review.rule import Example
from minplan.core.review.sandbox import layers_of, plan_of, proposal_of
from minplan.core.text import Text

MINERALS = (
    "煤炭",
    "煤层气",
    "铁矿",
    "建筑石料用灰岩",
    "砖瓦用粘土",
    "矿泉水",
    "地热",
    "不明矿种",
    "",
)
WORDS = (
    "",
    "核心区",
    "一般控制区",
    "大坝",
    "二级",
    "高铁",
    "乡道",
    "隧道",
    "干流",
    "异常",
    "大型",
    None,
)
HERE = (
    {"box": (500, -200, 1500, 1200)},
    {"box": (-100, -100, 1, 1100)},
    {"line": ((-500, 500), (1500, 510))},
    {"line": ((1050, -500), (1050, 1500))},
)
ZONES = (
    "energy-base",
    "national-planned-mining-area",
    "strategic-reserve-area",
    "key-exploration-area",
    "key-mining-area",
    "concentrated-mining-area",
    "exploration-block",
    "mining-block",
    "environment-protection-area",
)


@st.composite
def features(draw: st.DrawFn) -> tuple[dict[str, Any], ...]:
    word = st.sampled_from(WORDS)
    one = st.fixed_dictionaries(
        {
            "shape": st.sampled_from(HERE),
            "kind": word,
            "level": word,
            "grade": word,
            "size": word,
            "mineral": st.sampled_from((*MINERALS, None)),
            "expiry": st.sampled_from(("2035-01-01", "2020-01-01", "长期", None)),
            "granted": st.sampled_from(("2022-01-01", "", None)),
            "holder": st.sampled_from(("示例申请人", "他人", None)),
            "method": st.sampled_from(("露天开采", "地下开采", None)),
            "upper": st.sampled_from((1300, 700, "900", None)),
            "lower": st.sampled_from((1100, 100, "x", None)),
            "half_width": st.sampled_from((None, 20, "宽")),
        }
    )
    found = draw(st.lists(one, max_size=2))
    return tuple({**item, **item.pop("shape")} for item in found)


def value_of(entry: dict[str, Any]) -> st.SearchStrategy[Any]:
    if entry["type"] == "bool":
        return st.booleans()
    if entry["type"] == "choice":
        return st.sampled_from(entry["choices"])
    if entry["type"] == "date":
        return st.just("2024-05-01")
    return st.sampled_from((0, 1, 2.5)) if entry["type"] == "number" else st.just("示例")


@st.composite
def cases(draw: st.DrawFn) -> Example:
    facts = dictionary("facts")
    chosen = draw(st.lists(st.sampled_from(sorted(facts)), unique=True))
    names = draw(st.lists(st.sampled_from(sorted(layer_names())), unique=True))
    kinds = draw(st.lists(st.sampled_from(ZONES), unique=True))
    boxes = st.sampled_from(({}, {"box": (-50, -50, 1100, 1100)}, {"box": (500, 0, 900, 900)}))
    papers = st.lists(st.sampled_from(sorted(dictionary("attachments"))), unique=True)
    return Example(
        Outcome.CLEAR,
        Text("任意", "any"),
        given={
            "right": draw(st.sampled_from(RightKind)),
            "action": draw(st.sampled_from(Action)),
            "minerals": (draw(st.sampled_from(MINERALS)),),
            "method": draw(st.sampled_from((*MiningMethod, None))),
            "scale": draw(st.sampled_from((None, 0, 5, 120))),
            "service_life": draw(st.sampled_from((None, 0, 2, 40))),
            "reserves": draw(
                st.sampled_from(({}, {"total": 0}, {"measured": 900, "inferred": 200}))
            ),
            "elevation": draw(st.sampled_from((None, (1300, 1100)))),
            "block_code": draw(st.sampled_from(("", "B"))),
        },
        facts={key: draw(value_of(facts[key])) for key in chosen},
        attachments=tuple(draw(papers)),
        layers={name: draw(features()) for name in names},
        zones=tuple(
            {"kind": kind, "code": "B", "minerals": ("建筑石料用灰岩",), **draw(boxes)}
            for kind in kinds
        ),
        date=draw(st.sampled_from(("2023-06-01", "2025-06-30", "2026-01-15"))),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_every_rule_answers(case: Example) -> None:
    day = dt.date.fromisoformat(case.date)
    result = review(proposal_of(case), plan_of(case), layers_of(case), day, suggestions=False)
    for item in result.findings:
        assert item.message.zh
        assert item.message.en
        assert item.missing or item.outcome is not Outcome.NOT_CHECKED
