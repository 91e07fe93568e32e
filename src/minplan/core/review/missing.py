"""What can be missing from a proposal, and the words for it.

The dictionaries of declared facts and of attachments are data: ``facts.toml`` and
``attachments.toml`` beside this module; forms and the docs are made from them.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

from minplan.core.text import Text


class NotChecked(Exception):
    """Raised by a rule (through its context) when something it needs is not there."""

    def __init__(self, *missing: Text) -> None:
        super().__init__("、".join(item.zh for item in missing))
        self.missing = missing


_FIELD_WORDS = {
    "name": Text("项目名称", "name"),
    "applicant": Text("申请人", "applicant"),
    "licence": Text("许可证号", "licence number"),
    "county": Text("所在县（区）", "county"),
    "block_code": Text("规划区块编号", "planning block code"),
    "minerals": Text("矿种", "mineral"),
    "scale": Text("设计生产规模", "designed scale"),
    "service_life": Text("设计服务年限", "service life"),
    "term": Text("申请年限", "term applied for"),
    "reserves": Text("资源储量", "reserves"),
    "exploration_degree": Text("勘查程度", "exploration degree"),
    "elevation": Text("开采标高", "mining elevation range"),
    "method": Text("开采方式", "mining method"),
    "grant_method": Text("出让方式", "way of granting"),
}


def field_word(name: str) -> Text:
    """The name of a proposal attribute for messages."""
    return _FIELD_WORDS.get(name, Text(name, name))


@lru_cache(maxsize=4)
def dictionary(name: str) -> dict[str, dict[str, Any]]:
    """Read ``facts`` or ``attachments``: key → {zh, en, type, …}."""
    data = (resources.files(__package__) / f"{name}.toml").read_text("utf-8")
    return tomllib.loads(data)


def _word(table: str, key: str) -> Text:
    entry = dictionary(table)[key]
    return Text(entry["zh"], entry["en"])


def fact_word(key: str) -> Text:
    """The name of a declared fact; KeyError when facts.toml does not know it."""
    return _word("facts", key)


def attachment_word(kind: str) -> Text:
    """The name of a kind of attachment; KeyError when attachments.toml does not know it."""
    return _word("attachments", kind)


@lru_cache(maxsize=1)
def layer_names() -> dict[str, Text]:
    """Constraint layers the rules know, by name."""
    package = "minplan.core.standard"
    data = (resources.files(package) / "codes" / "constraint_layers.toml").read_text("utf-8")
    return {key: Text(item["zh"], item["en"]) for key, item in tomllib.loads(data).items()}


def layer_word(name: str) -> Text:
    """The name of a constraint layer, with the word 图层."""
    known = layer_names().get(name, Text(name, name))
    return Text(f"{known.zh}图层（{name}）", f"layer {known.en} ({name})")


@lru_cache(maxsize=1)
def _sources() -> dict[str, tuple[str, str]]:
    """What can be missing, by its Chinese words: which dictionary it is of, and its key."""
    fields = {word.zh: ("field", name) for name, word in _FIELD_WORDS.items()}
    facts = {fact_word(key).zh: ("fact", key) for key in dictionary("facts")}
    papers = {attachment_word(key).zh: ("attachment", key) for key in dictionary("attachments")}
    layers = {layer_word(name).zh: ("layer", name) for name in layer_names()}
    return {**papers, **layers, **facts, **fields}


def missing_key(item: Text) -> tuple[str, str] | None:
    """Where something missing is to be filled in: its kind and key.

    The kind is ``field`` (an attribute of the proposal), ``fact``, ``attachment`` or ``layer``;
    None for what no form can give, such as the geometry of a zone.
    """
    if "可识别的主矿种" in item.zh:
        return "field", "minerals"
    return _sources().get(item.zh)
