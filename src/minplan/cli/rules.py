"""``minplan rules``: the rules of the review, their bases and examples, and their pages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.review.rule import Rule


@click.group(
    "rules",
    help="审查规则：列表、依据、示例。",
    epilog="""\b
示例
  minplan rules list --family control-lines
  minplan rules show R-SP-01
""",
)
def command() -> None:
    """Rules of the review."""


@command.command("list", help="列出规则；--date 只列该日有效的。")
@click.option("--family", help="只列一类，例如 control-lines 或 管控边界。")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="只列该日有效的规则。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def list_rules(
    session: Session, family: str | None, date: dt.datetime | None, as_json: bool
) -> None:
    """Print one row per rule."""
    rules = [item for item in _rules() if date is None or item.in_force(date.date())]
    if family is not None:
        key = _family(family)
        rules = [item for item in rules if item.family.value == key]
    if as_json:
        print_json([_summary(item) for item in rules])
        return
    session.table(
        Text(f"规则 {len(rules)} 条", f"{len(rules)} rules"),
        (
            Text("编号", "id"),
            Text("名称", "title"),
            Text("类别", "family"),
            Text("程度", "severity"),
            Text("依据", "basis"),
            Text("有效期", "valid"),
        ),
        [
            (
                item.id,
                session.get(item.title),
                session.get(item.family.word),
                session.get(item.severity.word),
                str(item.basis[0]) + ("" if item.certain else " *"),
                _validity(item),
            )
            for item in rules
        ],
    )
    if any(not item.certain for item in rules):
        session.say(Text("* 依据未核对原文", "* not verified against the original"))


@command.command("show", help="一条规则的全部内容：依据、所需图层与事实、示例。")
@click.argument("rule_id")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def show(session: Session, rule_id: str, as_json: bool) -> None:
    """Print a rule as its page in the documentation."""
    from minplan.cli._rule_pages import page

    found = {item.id.lower(): item for item in _rules()}.get(rule_id.lower())
    if found is None:
        raise _unknown_rule(rule_id)
    if as_json:
        print_json({**_summary(found), **_details(found)})
        return
    from rich.markdown import Markdown

    session.out.print(Markdown(page(found, session.language)))


@command.command("docs", help="把每条规则写成一页文档（docs/reference/rules）。")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@pass_session
def docs(session: Session, folder: Path) -> None:
    """Write the pages and the index; pages of rules that are gone are removed."""
    from minplan.cli._rule_pages import pages

    folder.mkdir(parents=True, exist_ok=True)
    written = pages(_rules())
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    for old in set(folder.glob("*.md")) - {folder / name for name in written}:
        old.unlink()
    session.say(Text(f"已写 {len(written)} 页：{folder}", f"wrote {len(written)} pages: {folder}"))


def _rules() -> tuple[Rule, ...]:
    import minplan.core.review.rules  # noqa: F401  (registers the rules)
    from minplan.core.review.rule import registered

    return tuple(registered())


def _family(word: str) -> str:
    from minplan.core.review.rule import Family

    for family in Family:
        if word.lower() in (family.value, family.word.zh, family.word.en.lower()):
            return family.value
    known = "、".join(f"{item.value}（{item.word.zh}）" for item in Family)
    raise click.BadParameter(f"没有类别“{word}”，可用：{known}")


def _unknown_rule(rule_id: str) -> Exception:
    from minplan.core.errors import InputError
    from minplan.formats.fields import near_matches

    return InputError(
        "E518",
        Text(f"没有规则“{rule_id}”", f"there is no rule {rule_id!r}"),
        hint=near_matches(rule_id.upper(), [item.id for item in _rules()])
        or Text("见 minplan rules list", "see minplan rules list"),
    )


def _validity(rule: Rule) -> str:
    if rule.effective_from is None and rule.effective_to is None:
        return ""
    return f"{rule.effective_from or ''}…{rule.effective_to or ''}"


def _summary(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title.to_dict(),
        "family": rule.family.value,
        "severity": rule.severity.value,
        "basis": [
            {
                "document": item.document,
                "clause": item.clause,
                "url": item.url,
                "clause_id": item.clause_id,
                "certain": item.certain,
            }
            for item in rule.basis
        ],
        "effective_from": rule.effective_from.isoformat() if rule.effective_from else None,
        "effective_to": rule.effective_to.isoformat() if rule.effective_to else None,
        "required": rule.required,
        "certain": rule.certain,
    }


def _details(rule: Rule) -> dict[str, Any]:
    return {
        "explanation": rule.explanation.to_dict(),
        "layers": [{"name": need.name, "within_m": need.within_m} for need in rule.layers],
        "facts": list(rule.facts),
        "overrides": list(rule.overrides),
        "examples": [
            {"outcome": item.outcome.value, "note": item.note.to_dict(), "date": item.date}
            for item in rule.examples
        ],
    }
