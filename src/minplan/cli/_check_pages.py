"""A page of the documentation for every quality check, made from the check itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from minplan.cli._markdown import UNVERIFIED, basis, both, cell, facts
from minplan.core.quality.check import Check, Example, Family
from minplan.core.text import Language, Text

_NOTE: Final = Text(
    "本页由检查项生成：`minplan checks docs`。",
    "This page is generated from the check by `minplan checks docs`.",
)


def pages(checks: Sequence[Check]) -> dict[str, str]:
    """File name → Markdown, for the index and one page per check, in both languages."""
    return {
        "index.md": index(checks),
        **{f"{item.id}.md": both(partial(page, item), _NOTE) for item in checks},
    }


def index(checks: Sequence[Check]) -> str:
    """The table of all checks, family by family."""
    lines = ["# 质量检查项 · Quality checks", "", f"{_NOTE.zh} {_NOTE.en}", ""]
    lines.append(f"共 {len(checks)} 项。")
    for family in Family:
        members = [item for item in checks if item.family is family]
        if not members:
            continue
        lines += ["", f"## {family.word.zh} · {family.word.en}", ""]
        lines += ["| 编号 | 检查项 | 级别 | 权重 | 依据 |", "|---|---|---|---|---|"]
        lines += [
            f"| [{item.id}]({item.id}.md) | {cell(item.title.zh)} | {item.level.word.zh} "
            f"| {item.weight:g} "
            f"| {cell(str(item.basis[0]))}{'' if item.certain else UNVERIFIED.zh} |"
            for item in members
        ]
    return "\n".join(lines) + "\n"


def page(check: Check, language: Language) -> str:
    """One check as Markdown in one language."""
    lines = [
        f"# {check.id} {check.title.get(language)}",
        "",
        *_facts(check, language),
        "",
        check.explanation.get(language),
        "",
        f"**{Text('办法', 'How to mend it').get(language)}**"
        f"{Text('：', ': ').get(language)}{check.mend.get(language)}",
        "",
        f"## {Text('依据', 'Basis').get(language)}",
        "",
        *(basis(item, language) for item in check.basis),
        "",
        f"## {Text('示例', 'Examples').get(language)}",
        "",
        *(_example(item, language) for item in check.examples),
    ]
    return "\n".join(lines) + "\n"


def _facts(check: Check, language: Language) -> list[str]:
    parameters = ", ".join(f"`{name} = {value:g}`" for name, value in check.parameters.items())
    rows = [
        (Text("类别", "family"), check.family.word.get(language)),
        (Text("范围", "looks at"), check.scope.word.get(language)),
        (Text("级别", "level"), check.level.word.get(language)),
        (Text("权重", "weight"), f"{check.weight:g}"),
        (Text("适用标准", "editions"), ", ".join(check.editions)),
        (Text("可设参数", "parameters"), parameters),
    ]
    return facts(rows, language)


def _example(item: Example, language: Language) -> str:
    found = Text(f"应发现 {item.faults} 处", f"{item.faults} found")
    outcome = found if item.faults else Text("应通过", "passes")
    return f"- **{outcome.get(language)}**{Text('：', ': ').get(language)}{item.note.get(language)}"
