"""A query as a sentence people can read and check, in both languages."""

from __future__ import annotations

from typing import Any, Final

from minplan.core.query.model import (
    Condition,
    Ground,
    Kind,
    Match,
    Operator,
    Query,
    QueryField,
    Relation,
    Source,
)
from minplan.core.text import Text

_SIGNS: Final = {
    Operator.EQUAL: Text("为", "is"),
    Operator.NOT_EQUAL: Text("不为", "is not"),
    Operator.ONE_OF: Text("为", "is"),
    Operator.NONE_OF: Text("不为", "is not"),
    Operator.LESS: Text("＜", "<"),
    Operator.AT_MOST: Text("≤", "≤"),
    Operator.GREATER: Text("＞", ">"),
    Operator.AT_LEAST: Text("≥", "≥"),
}


def condition_words(condition: Condition, source: Source) -> Text:
    """``面积 ≥ 0.5 km²`` · ``area ≥ 0.5 km²``."""
    item = source.field(condition.field)
    operator = condition.operator
    if operator in (Operator.EMPTY, Operator.FILLED):
        return Text(f"{item.name.zh}{operator.word.zh}", f"{item.name.en} {operator.word.en}")
    words = [_value(item, value) for value in condition.values]
    zh, en = "、".join(w.zh for w in words), " or ".join(w.en for w in words)
    unit = f" {item.unit}" if item.unit else ""
    if operator is Operator.BETWEEN:
        zh, en = f"{words[0].zh} 至 {words[1].zh}", f"{words[0].en} and {words[1].en}"
        return Text(f"{item.name.zh}在 {zh}{unit} 之间", f"{item.name.en} between {en}{unit}")
    sign = _SIGNS.get(operator, operator.word)
    return Text(f"{item.name.zh} {sign.zh} {zh}{unit}", f"{item.name.en} {sign.en} {en}{unit}")


def ground_words(ground: Ground) -> Text:
    """``与黎城县相交（至少 50 %）``."""
    name = ground.name or ground.key
    zh = name or "所画范围"
    en = name or "the drawn area"
    words = {
        Relation.INTERSECTS: Text(f"与{zh}相交", f"overlapping {en}"),
        Relation.WITHIN: Text(f"全部在{zh}内", f"wholly within {en}"),
        Relation.TOUCHES: Text(f"与{zh}相接", f"touching {en}"),
    }[ground.relation]
    if not ground.share:
        return words
    share = f"{ground.share * 100:g} %"
    return Text(f"{words.zh}（至少 {share}）", f"{words.en} (at least {share})")


def query_words(query: Query, source: Source) -> Text:
    """The whole query as one sentence."""
    conditions = [condition_words(item, source) for item in query.conditions]
    joined = Text(
        ("；" if query.match is Match.ALL else "，或 ").join(w.zh for w in conditions),
        (" and " if query.match is Match.ALL else " or ").join(w.en for w in conditions),
    )
    parts_zh, parts_en = [source.name.zh], [source.name.en]
    if conditions:
        parts_zh.append(joined.zh)
        parts_en.append(f"where {joined.en}")
    if query.ground is not None:
        ground = ground_words(query.ground)
        parts_zh.append(ground.zh)
        parts_en.append(ground.en)
    if query.date is not None:
        parts_zh.append(f"{query.date} 有效")
        parts_en.append(f"as of {query.date}")
    if query.sort:
        ordered = [(source.field(item.field).name, item.descending) for item in query.sort]
        parts_zh.append(
            "按" + "、".join(f"{n.zh}{'从大到小' if d else '从小到大'}" for n, d in ordered)
        )
        parts_en.append(
            "by " + ", ".join(f"{n.en} {'descending' if d else 'ascending'}" for n, d in ordered)
        )
    return Text("，".join(parts_zh), ", ".join(parts_en))


def _value(item: QueryField, value: Any) -> Text:
    if item.kind is Kind.NUMBER:
        text = f"{float(value):g}"
        return Text(text, text)
    return item.word(value)
