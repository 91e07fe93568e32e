"""Every error code with its message and how to mend it, read from where it is declared.

The program's own source is the only list there is: this module looks through it for calls that name
a code together with bilingual texts, and through the table of remarks on coordinates. Nothing is
written down twice, so nothing goes stale.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import minplan
from minplan.core.text import Text

_CODE: Final = re.compile(r"E\d{3}")
_QUOTED: Final = re.compile(r'"E\d{3}"')
_KEY: Final = re.compile(r"E\d{3}(?:-[a-z]+)*")
_NAMED: Final = re.compile(r"\{\w+\}")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
#: Said of codes whose message is put together from what was found.
IN_FULL: Final = Text(
    "提示中逐条写明的问题", "what the message itself tells, one thing after another"
)
_REMARKS: Final = "core/geometry/corners/messages.toml"
_HINTS: Final = ("hint", "fix")
#: Fields of knowledge, by the hundreds of a code.
FAMILIES: Final[Mapping[str, Text]] = {
    "0": Text("程序", "the program"),
    "1": Text("坐标", "coordinates"),
    "2": Text("文件与格式", "files and formats"),
    "3": Text("管控图层", "constraint layers"),
    "4": Text("规划数据包", "plan packages"),
    "5": Text("审查与申请", "reviews and proposals"),
    "6": Text("报告与图件", "reports and maps"),
    "7": Text("数据标准", "the data standard"),
    "8": Text("数据库与办理", "the database and cases"),
    "9": Text("汇交与网页", "hand-ins and pages"),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a code says: the message with ``{…}`` for what differs, how to mend it, where.

    ``part`` is the part of the program that says it, as its module path.
    """

    message: Text
    mend: Text | None
    part: str


@dataclass(frozen=True, slots=True)
class Code:
    """An error code and everything it may say."""

    code: str
    meanings: tuple[Meaning, ...]

    @property
    def family(self) -> Text:
        """What it is about."""
        return FAMILIES[self.code[1]]

    @property
    def more(self) -> int:
        """How many further wordings it has."""
        return len(self.meanings) - 1


@cache
def codes() -> Mapping[str, Code]:
    """All codes of the program in their order."""
    root = Path(minplan.__file__).parent
    found: dict[str, dict[tuple[str, str], Meaning]] = {}
    for code, meaning in (*_of_remarks(root), *_of_sources(root)):
        known = found.setdefault(code, {})
        known.setdefault((meaning.message.zh, meaning.mend.zh if meaning.mend else ""), meaning)
    return {code: Code(code, _telling(found[code].values())) for code in sorted(found)}


def _telling(meanings: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """The meanings that say something; the one that does not where there is no other."""
    everything = tuple(meanings)
    telling = (
        item
        for item in everything
        if item.message is not IN_FULL and _CHINESE.search(item.message.zh)
    )
    return tuple(telling) or everything[:1]


def _of_remarks(root: Path) -> Iterator[tuple[str, Meaning]]:
    """What is said of corner coordinates; variants like ``E103-unknown`` belong to their code."""
    data = tomllib.loads((root / _REMARKS).read_text("utf-8"))
    for key, item in data.items():
        if _KEY.fullmatch(key):
            fix = _plain(item["fix_zh"], item["fix_en"]) if item.get("fix_zh") else None
            yield key[:4], Meaning(_plain(item["zh"], item["en"]), fix, "core.geometry.corners")


def _plain(zh: str, en: str) -> Text:
    """A text of the table, its named placeholders as those of all others."""
    return Text(_NAMED.sub("{…}", zh), _NAMED.sub("{…}", en))


def _of_sources(root: Path) -> Iterator[tuple[str, Meaning]]:
    for file in sorted(root.rglob("*.py")):
        source = file.read_text("utf-8")
        lines = {source.count("\n", 0, hit.start()) + 1 for hit in _QUOTED.finditer(source)}
        if lines:
            part = ".".join(file.relative_to(root).with_suffix("").parts)
            yield from _of_scope(ast.parse(source), part, lines)


def _of_scope(tree: ast.Module, part: str, lines: set[int]) -> Iterator[tuple[str, Meaning]]:
    """Calls with a code in a module; only what reaches over a line with a code is looked at."""
    waiting: list[tuple[ast.AST, Mapping[str, Text]]] = [(tree, _named_texts(tree))]
    while waiting:
        node, texts = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            texts = {**texts, **_named_texts(node)}
        elif isinstance(node, ast.Call) and (told := _told(node, part, texts)):
            yield told
        for child in ast.iter_child_nodes(node):
            first = getattr(child, "lineno", None)
            last = getattr(child, "end_lineno", None)
            if first is None or last is None or any(first <= line <= last for line in lines):
                waiting.append((child, texts))


def _named_texts(scope: ast.AST) -> dict[str, Text]:
    """The texts that names of a module or function stand for."""
    inside = ast.iter_child_nodes(scope) if isinstance(scope, ast.Module) else ast.walk(scope)
    found: dict[str, Text] = {}
    for node in inside:
        if isinstance(node, ast.Assign) and (text := _text(node.value, {})):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, text)
    return found


def _told(call: ast.Call, part: str, texts: Mapping[str, Text]) -> tuple[str, Meaning] | None:
    """The code a call names and what it says, where it names one and says something."""
    values = [*call.args, *(item.value for item in call.keywords)]
    code = next(
        (
            str(item.value)
            for item in values
            if isinstance(item, ast.Constant) and _CODE.fullmatch(str(item.value))
        ),
        None,
    )
    if code is None:
        return None
    hints = {item.arg: _text(item.value, texts) for item in call.keywords if item.arg in _HINTS}
    said = [
        text
        for item in [*call.args, *(i.value for i in call.keywords if i.arg not in _HINTS)]
        if (text := _text(item, texts))
    ]
    said = said or _pair(call) or [IN_FULL]
    mend = next((hint for hint in hints.values() if hint), said[1] if len(said) > 1 else None)
    return code, Meaning(said[0], mend, part)


def _text(node: ast.AST, texts: Mapping[str, Text]) -> Text | None:
    """The bilingual text an expression stands for; None when it is none."""
    match node:
        case ast.Call(func=ast.Name(id="Text"), args=[zh, en, *_]):
            spoken = _words(zh), _words(en)
            return Text(*spoken) if all(spoken) else None
        case ast.Name(id=name):
            return texts.get(name)
        case ast.BoolOp(values=values):
            return next((text for value in values if (text := _text(value, texts))), None)
        case ast.IfExp(body=body, orelse=other):
            return _text(body, texts) or _text(other, texts)
    return None


def _pair(call: ast.Call) -> list[Text]:
    """A message given as two plain strings, Chinese then English, as some readers do."""
    plain = [said for item in call.args[1:] if (said := _words(item))]
    for zh, en in pairwise(plain):
        if _CHINESE.search(zh) and not _CHINESE.search(en):
            return [Text(zh, en)]
    return []


def _words(node: ast.AST) -> str:
    """A string with ``{…}`` for what is filled in; empty for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_words(item) or "{…}" for item in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _words(left) + _words(right)
    return ""
