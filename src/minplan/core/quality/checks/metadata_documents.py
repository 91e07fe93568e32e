"""Documents of a hand-in: read, and of the plan that is handed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from minplan.core.document.model import Paragraph, PlanDocument, Spot
from minplan.core.plan.model import Plan
from minplan.core.quality.check import (
    Example,
    Family,
    Found,
    NotApplicable,
    NotChecked,
    Scope,
    check,
)
from minplan.core.quality.fault import Level
from minplan.core.quality.sources import quality
from minplan.core.quality.submission import Context
from minplan.core.text import Text

_BASIS: Final = quality("文档")
_SPAN: Final = re.compile(r"((?:19|20|21)\d{2})\s*年?\s*[-—–~～至到－]{1,2}\s*((?:19|20|21)\d{2})")
_SAID: Final = ("规划期", "本规划适用期限", "规划期限")


def _documents(ctx: Context) -> tuple[Plan, tuple[PlanDocument, ...]]:
    documents, plan = ctx.submission.documents, ctx.submission.identity
    if plan is None:
        raise NotChecked(Text("成果没有规划信息", "the identity of the plan is not known"))
    if not documents:
        raise NotApplicable
    return plan, documents


@check(
    "Q-MD-08",
    Text("规划文本能读出章节", "The text of the plan is read with its chapters"),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "提交的规划文本至少有一份能读出章节和文字；扫描件、空文件不行。",
        "At least one text of the plan is read with chapters and words; scans and empty files are "
        "not.",
    ),
    mend=Text("提交文字版文档", "hand in a document with text"),
    examples=(
        Example(Text("能读出", "it is read"), 0),
        Example(Text("没有可读的文本", "nothing is read"), 1, {"documents": []}),
    ),
)
def read(ctx: Context) -> Iterator[Found]:
    """Submissions without a text of the plan that can be read."""
    handed_in = any(item.document for item in ctx.submission.files)
    if any(document.sections for document in ctx.submission.documents):
        return
    if not handed_in and not ctx.submission.documents:
        raise NotApplicable
    yield ctx.fault(Text("没有读出规划文本的章节", "no chapters of the plan's text could be read"))


@check(
    "Q-MD-09",
    Text("文档标题的行政区与规划一致", "The title names the region of the plan"),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "规划文本标题应含规划的行政区名称（“市”“县”可省），避免交错文本。",
        "The title of the text names the region of the plan, so that no other text was handed in.",
    ),
    mend=Text("核对是否交错了文件", "see whether another file was handed in"),
    examples=(
        Example(Text("标题正确", "the right title"), 0),
        Example(
            Text("别市的规划", "the plan of another city"),
            1,
            {"documents": [{"title": "某某市矿产资源总体规划（2021—2025年）"}]},
        ),
    ),
)
def title(ctx: Context) -> Iterator[Found]:
    """Documents whose title does not name the region."""
    plan, documents = _documents(ctx)
    short = plan.region_name.rstrip("省市县区") or plan.region_name
    for document in documents:
        if document.title and short not in document.title:
            yield ctx.fault(
                Text(
                    f"标题“{document.title}”不含“{plan.region_name}”",
                    f"the title {document.title!r} does not name {plan.region_name}",
                ),
                file=document.name,
                value=document.title,
                limit=plan.region_name,
            )


@check(
    "Q-MD-10",
    Text("文档的规划期与规划信息一致", "The period in the text is that of the plan"),
    family=Family.METADATA,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "标题中和“规划期”后写的起止年，应等于规划信息的首末年。",
        "First and last year in the title and behind 规划期 are those of the plan.",
    ),
    mend=Text("更正文本或规划信息", "mend the text or the identity"),
    examples=(
        Example(Text("一致", "they agree"), 0),
        Example(
            Text("标题为上一轮", "the period of the last round"),
            1,
            {"documents": [{"title": "{city_name}矿产资源总体规划（2016—2020年）"}]},
        ),
        Example(
            Text("正文的规划期不同", "another period in the text"),
            1,
            {"documents": [{"lines": ["本规划的规划期为2021-2030年。"]}]},
        ),
    ),
)
def period(ctx: Context) -> Iterator[Found]:
    """Documents with another period than the plan."""
    plan, documents = _documents(ctx)
    right = (plan.first_year, plan.last_year)
    for document in documents:
        for words, spot in _places(document):
            found = _SPAN.search(words)
            if found is None or (int(found[1]), int(found[2])) == right:
                continue
            yield ctx.fault(
                Text(
                    f"规划期写作 {found[1]}—{found[2]}，规划信息为 {right[0]}—{right[1]}",
                    f"the period is {found[1]}–{found[2]}, the plan has {right[0]}–{right[1]}",
                ),
                file=document.name,
                value=f"{found[1]}—{found[2]}",
                limit=f"{right[0]}—{right[1]}",
                spots=spot,
            )


def _places(document: PlanDocument) -> Iterator[tuple[str, tuple[Spot, ...]]]:
    """Where a document states its period: the title, and what follows 规划期."""
    yield document.title, ()
    for _, block in document.blocks():
        if not isinstance(block, Paragraph):
            continue
        for word in _SAID:
            place = block.text.find(word)
            if place >= 0:
                yield block.text[place : place + 30], (block.spot,)
                break
