"""The tree of a hand-in: folders, the name of its root, names of files."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import PurePosixPath

from minplan.core.plan.model import Plan
from minplan.core.quality.check import Example, Family, NotApplicable, NotChecked, Scope, check
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.naming import name_of, parsed, values_of
from minplan.core.quality.sources import database, quality
from minplan.core.quality.submission import Context, LayerSource
from minplan.core.standard.model import LayerSpec
from minplan.core.text import Text


def identity(ctx: Context) -> Plan:
    """The plan the hand-in says it is; NotChecked when it does not say."""
    if ctx.submission.identity is None:
        raise NotChecked(
            Text(
                "成果没有说明是哪个规划（规划信息表）", "the hand-in does not say which plan it is"
            )
        )
    return ctx.submission.identity


def _folders(ctx: Context) -> list[str]:
    if not ctx.edition.folders:
        raise NotApplicable
    return [item.path for item in ctx.submission.files if item.folder]


@check(
    "Q-PK-01",
    Text("成果目录齐全", "All folders are there"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=quality("成果目录"),
    explanation=Text(
        "标准规定的每个文件夹都应存在，没有内容的也保留并附缺少说明。",
        "Every folder of the standard must be there, even where it has no content.",
    ),
    mend=Text("按标准目录补建文件夹", "add the folder where the standard has it"),
    examples=(
        Example(Text("目录齐全", "all folders"), 0),
        Example(Text("缺附图文件夹", "no folder of maps"), 1, {"files": {"4 附图": None}}),
    ),
)
def missing_folders(ctx: Context) -> Iterator[Fault | More]:
    """Folders of the standard that are not there."""
    held = set(_folders(ctx))
    for node in ctx.edition.folders:
        if node.path not in held and not _any_below(ctx, node.path):
            yield ctx.fault(
                Text(
                    f"缺少文件夹“{node.path}”（{node.name.zh}）", f"folder {node.path!r} is missing"
                ),
                file=node.path,
                limit=node.path,
            )


def _any_below(ctx: Context, path: str) -> bool:
    return any(item.path.startswith(f"{path}/") for item in ctx.submission.files)


@check(
    "Q-PK-02",
    Text("没有多余的文件夹", "No folder that the standard does not know"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.WARNING,
    basis=quality("成果目录"),
    explanation=Text(
        "标准之外的文件夹容易漏检、漏收；空间数据、表格下按数据集分的子文件夹不算。",
        "Folders beyond the standard are easily overlooked; folders below spatial data and tables "
        "are not counted.",
    ),
    mend=Text("改名或并入标准文件夹", "rename it or move its files to a folder of the standard"),
    examples=(
        Example(Text("只有标准目录", "folders of the standard only"), 0),
        Example(
            Text("多了“临时”文件夹", "a folder that is none"),
            1,
            {"files": {"临时": {"folder": True}}},
        ),
    ),
)
def unknown_folders(ctx: Context) -> Iterator[Fault | More]:
    """Folders that the standard does not have."""
    known = [item.path for item in ctx.edition.folders]
    leaves = [path for path in known if not any(other.startswith(f"{path}/") for other in known)]
    for path in _folders(ctx):
        if path in known or any(path.startswith(f"{leaf}/") for leaf in leaves):
            continue
        near = difflib.get_close_matches(path, known, n=1)
        asked = Text(f"，是否为“{near[0]}”", f"; is it {near[0]!r}?") if near else Text("", "")
        yield ctx.fault(
            Text(f"标准没有文件夹“{path}”{asked.zh}", f"unknown folder {path!r}{asked.en}"),
            file=path,
            value=path,
            limit=near[0] if near else "",
        )


@check(
    "Q-PK-03",
    Text("成果根目录按规则命名", "The root folder follows the grammar of names"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.WARNING,
    basis=database("数据文件命名"),
    explanation=Text(
        "根目录名由行政区代码、名称、规划期组成，与规划信息一致；压缩包的后缀不计。",
        "The name is made of division code, name and period, as the plan's identity says.",
    ),
    mend=Text("按命名规则改根目录名", "rename the root folder"),
    examples=(
        Example(Text("名称符合规则", "named by the grammar"), 0),
        Example(Text("随意命名", "any name"), 1, {"name": "最终版3"}),
        Example(
            Text("代码是别的行政区", "another division"),
            1,
            {"name": "990000某市2021-2025矿产资源总体规划"},
        ),
    ),
)
def root_name(ctx: Context) -> Iterator[Fault | More]:
    """The name of the root folder."""
    expected = name_of(ctx.edition, identity(ctx), "root")
    if not expected:
        raise NotApplicable
    given = ctx.submission.name
    for suffix in (".zip", ".rar", ".7z"):
        given = given.removesuffix(suffix)
    if given != expected:
        yield ctx.fault(
            Text(f"根目录名“{given}”应为“{expected}”", f"the root is {given!r}, not {expected!r}"),
            file=ctx.submission.name,
            value=given,
            limit=expected,
        )


@check(
    "Q-PK-04",
    Text("图层和表的文件名符合命名规则", "Files of layers and tables follow the grammar of names"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.WARNING,
    basis=database("数据文件命名"),
    explanation=Text(
        "文件名（或库中图层名）含行政区代码、级别、图层代码、年份，与规划信息一致；"
        "整库文件按数据库命名，库内图层用代码。",
        "The name holds division code, level, code of the layer and year as the plan's identity "
        "says; a file with the whole database is named as such and its layers by their codes.",
    ),
    mend=Text("按命名规则改文件名或图层名", "rename the file or the layer"),
    examples=(
        Example(Text("整库命名正确", "a database with the right name"), 0),
        Example(
            Text("单图层文件命名正确", "a file of one layer with the right name"),
            0,
            {"layers": {"CKQ": {"rows": [{}], "grammar": {}}}},
        ),
        Example(
            Text("文件名没有意义", "a name that says nothing"),
            1,
            {"layers": {"CKQ": {"rows": [{}], "file": "采矿权最终.shp", "name": "采矿权最终"}}},
        ),
        Example(
            Text("年份不是规划末年", "not the last year of the plan"),
            1,
            {"layers": {"CKQ": {"rows": [{}], "grammar": {"year": "2030"}}}},
        ),
    ),
)
def layer_names(ctx: Context) -> Iterator[Fault | More]:
    """Names of the files and layers of the database."""
    plan = identity(ctx)
    expected_file = name_of(ctx.edition, plan, "database")
    for source in ctx.submission.layers:
        if source.spec is None:
            continue
        what = "layer" if isinstance(source.spec, LayerSpec) else "table"
        grammar = ctx.edition.name_pattern(what)
        if grammar is None:
            raise NotApplicable
        stem = PurePosixPath(source.file).stem
        expected = name_of(ctx.edition, plan, what, layer=source.spec.code)
        whole = stem == expected_file and source.name.upper() == source.spec.code
        if whole or expected in (stem, source.name):
            continue
        yield _misnamed(ctx, source, stem, expected)


def _misnamed(ctx: Context, source: LayerSource, stem: str, expected: str) -> Fault:
    what = "layer" if isinstance(source.spec, LayerSpec) else "table"
    grammar = ctx.edition.name_pattern(what)
    assert grammar is not None
    told = parsed(grammar.pattern, stem) or parsed(grammar.pattern, source.name) or {}
    right = values_of(identity(ctx), ctx.edition)
    wrong = [f"{key}={told[key]}" for key in told if key in right and told[key] != right[key]]
    why = f"（{'、'.join(wrong)}）" if wrong else ""
    return ctx.fault(
        Text(f"“{stem}”应命名为“{expected}”{why}", f"{stem!r} should be named {expected!r}"),
        source=source,
        value=stem,
        limit=expected,
    )
