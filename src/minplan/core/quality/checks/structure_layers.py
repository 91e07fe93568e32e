"""Layers and tables as wholes: kind of geometry, handed in once, with content."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from minplan.core.quality.check import Example, Family, NotApplicable, Scope, check
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.sources import database
from minplan.core.quality.submission import Context, LayerSource
from minplan.core.standard.model import LayerSpec
from minplan.core.text import Term, Text


class Shape(Term):
    """Kinds of geometry in the words of messages."""

    POINT = "point", "点", "points"
    LINE = "line", "线", "lines"
    POLYGON = "polygon", "面", "polygons"
    MIXED = "mixed", "混合", "mixed"
    NONE = "", "无图形", "none"


@check(
    "Q-ST-07",
    Text("图形类型符合标准", "The kind of geometry is that of the standard"),
    family=Family.STRUCTURE,
    scope=Scope.LAYER,
    level=Level.FATAL,
    basis=database("图层与属性表"),
    explanation=Text(
        "点、线、面与标准不同的图层不能入库；没有图形的图层只作警告（规划分区可以没有图形）。",
        "Points, lines or polygons other than in the standard cannot be imported; a layer without "
        "geometry is a warning, as planning zones may have none.",
    ),
    mend=Text("换成标准的图形类型，不同类型的图形分层存放", "give the layer the right geometry"),
    examples=(
        Example(Text("面图层", "polygons"), 0),
        Example(
            Text("采矿权是线", "mining rights as lines"),
            1,
            {"layers": {"CKQ": {"rows": [{}], "geometry_type": "line"}}},
        ),
    ),
)
def geometry_type(ctx: Context) -> Iterator[Fault | More]:
    """Layers with another kind of geometry than in the standard."""
    if not isinstance(ctx.spec, LayerSpec):
        raise NotApplicable
    given, right = Shape(ctx.source.geometry_type), Shape(ctx.spec.geometry.value)
    if given is not right:
        yield ctx.fault(
            Text(
                f"图形为{given.word.zh}，应为{right.word.zh}",
                f"{given.word.en}, not {right.word.en}",
            ),
            level=Level.WARNING if given is Shape.NONE else ctx.check.level,
            value=given.word.zh,
            limit=right.word.zh,
        )


@check(
    "Q-ST-08",
    Text("同一图层只交一份", "A layer is handed in once"),
    family=Family.STRUCTURE,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=database("图层与属性表"),
    explanation=Text(
        "同一图层或表分在几个文件且要素重复时，无法确定以哪个为准；要素不重复的只作提示。",
        "When two files hold features with the same keys, nobody knows which one counts; files "
        "that share no key are told as info only.",
    ),
    mend=Text("只保留一份，或合并成一个图层", "keep one of them, or merge them"),
    examples=(
        Example(Text("每个图层一份", "each layer once"), 0),
        Example(Text("开采规划区块交了两份", "mining blocks twice"), 1, {"twice": ["KAIGHQK"]}),
    ),
)
def twice(ctx: Context) -> Iterator[Fault | More]:
    """Layers that come in several files."""
    held: dict[str, list[LayerSource]] = {}
    for source in ctx.submission.layers:
        if source.spec is not None and source.problem is None:
            held.setdefault(source.spec.code, []).append(source)
    for code, sources in held.items():
        for earlier, source in pairwise(sources):
            shared = ctx.take(earlier).key_set() & ctx.take(source).key_set()
            yield ctx.fault(
                Text(
                    f"{code} 已见于“{earlier.file}”，重复的要素 {len(shared)} 个",
                    f"{code} is in {earlier.file!r} too; {len(shared)} features in both",
                ),
                source=source,
                level=ctx.check.level if shared else Level.INFO,
                value=earlier.file,
            )


@check(
    "Q-ST-09",
    Text("图层和表有内容", "Layers and tables have content"),
    family=Family.STRUCTURE,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=database("图层与属性表"),
    explanation=Text(
        "没有要素的图层可能漏交；确无内容的予以说明。",
        "A layer without features may have been forgotten; say so where there is no content.",
    ),
    mend=Text(
        "补交内容，或在编制说明中写明确无内容", "add the content, or state that there is none"
    ),
    examples=(
        Example(Text("有内容", "with content"), 0),
        Example(
            Text("采矿权是空图层", "no mining rights in the layer"), 1, {"layers": {"CKQ": []}}
        ),
    ),
)
def empty_layers(ctx: Context) -> Iterator[Fault | More]:
    """Layers and tables without features."""
    if ctx.source.count == 0 and ctx.source.problem is None:
        yield ctx.fault(Text("没有要素", "no features"))
