"""A page of the documentation for every rule, made from the rule itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from minplan.cli._markdown import UNVERIFIED, basis, both, cell, facts
from minplan.core.review.finding import Severity
from minplan.core.review.missing import fact_word, layer_names
from minplan.core.review.rule import Example, Family, Rule
from minplan.core.text import Language, Text

_NOTE: Final = Text(
    "本页由规则生成：`minplan rules docs`。",
    "This page is generated from the rule by `minplan rules docs`.",
)


def pages(rules: Sequence[Rule]) -> dict[str, str]:
    """File name → Markdown, for the index and one page per rule, in both languages."""
    files = {f"{rule.id}.md": both(partial(page, rule), _NOTE) for rule in rules}
    return {"index.md": index(rules), **files}


def index(rules: Sequence[Rule]) -> str:
    """The table of all rules, family by family."""
    lines = ["# 规则 · Rules", "", f"{_NOTE.zh} {_NOTE.en}", "", f"共 {len(rules)} 条。"]
    for family in Family:
        members = [rule for rule in rules if rule.family is family]
        if not members:
            continue
        lines += ["", f"## {family.word.zh} · {family.word.en}", ""]
        lines += ["| 编号 | 规则 | 程度 | 依据 |", "|---|---|---|---|"]
        lines += [
            f"| [{rule.id}]({rule.id}.md) | {cell(rule.title.zh)} | {rule.severity.word.zh} "
            f"| {cell(str(rule.basis[0]))}{'' if rule.certain else UNVERIFIED.zh} |"
            for rule in members
        ]
    return "\n".join(lines) + "\n"


def page(rule: Rule, language: Language) -> str:
    """One rule as Markdown in one language."""

    lines = [
        f"# {rule.id} {rule.title.get(language)}",
        "",
        *_facts_of(rule, language),
        "",
        rule.explanation.get(language),
        "",
        f"## {Text('依据', 'Basis').get(language)}",
        "",
        *(basis(item, language) for item in rule.basis),
        "",
        f"## {Text('示例', 'Examples').get(language)}",
        "",
        *(_example(item, language) for item in rule.examples),
    ]
    return "\n".join(lines) + "\n"


def _facts_of(rule: Rule, language: Language) -> list[str]:
    known = layer_names()
    near = Text("{} 米以内", "within {} m").get(language)
    layers = [
        f"{known[need.name].get(language) if need.name in known else need.name} (`{need.name}`)"
        + (f" {near.format(format(need.within_m, 'g'))}" if need.within_m else "")
        for need in rule.layers
    ]
    rows = [
        (Text("类别", "family"), rule.family.word.get(language)),
        (Text("程度", "severity"), rule.severity.word.get(language)),
        (Text("有效期", "in force"), _validity(rule)),
        (Text("所需图层", "layers"), ", ".join(layers)),
        (
            Text("所需申报事实", "declared facts"),
            ", ".join(f"{fact_word(key).get(language)} (`{key}`)" for key in rule.facts),
        ),
        (Text("优先于", "takes precedence over"), ", ".join(rule.overrides)),
        (Text("未核查时", "when not checked"), _open(rule).get(language)),
    ]
    return facts(rows, language)


def _open(rule: Rule) -> Text:
    if rule.required and rule.severity is not Severity.HINT:
        return Text("不出具结论", "no conclusion is given")
    return Text("不影响结论", "the conclusion does not depend on it")


def _validity(rule: Rule) -> str:
    if rule.effective_from is None and rule.effective_to is None:
        return ""
    return f"{rule.effective_from or ''} … {rule.effective_to or ''}".strip()


def _example(item: Example, language: Language) -> str:
    colon = Text("：", ": ").get(language)
    return f"- **{item.outcome.word.get(language)}**{colon}{item.note.get(language)}"
