"""What a hand-in holds: required layers, tables and documents, files that can be read, counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from minplan.core.quality.check import Example, Family, NotApplicable, Scope, check
from minplan.core.quality.checks.package_tree import identity
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.sources import database, quality
from minplan.core.quality.submission import Context, FileEntry
from minplan.core.text import Text

#: Stands in the folder of a document that is not there, and says why.
MISSING_NOTE: Final = "缺少说明.txt"
_PROBLEM: Final = Text("压缩包损坏", "the archive is damaged")


@check(
    "Q-PK-05",
    Text("必交图层和属性表齐全", "All required layers and tables are there"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    weight=2.0,
    basis=(database("图层与属性表"), quality("成果完整性")),
    explanation=Text(
        "按规划级别（省、市、县）检查标准规定必须提交的图层和属性表是否都有。",
        "The layers and tables that the standard asks for at the plan's level must all be there.",
    ),
    mend=Text(
        "补交该图层或表；确无内容的也应提交空表",
        "hand it in; an empty one where there is no content",
    ),
    examples=(
        Example(Text("市级成果齐全", "complete at city level"), 0, {"complete": True}),
        Example(
            Text("缺规划指标表", "no table of indicators"),
            1,
            {"complete": True, "layers": {"GHZB": None}},
        ),
        Example(
            Text("县级不要求重点项目表", "a county need not hand in key projects"),
            0,
            {"complete": True, "level": "county", "layers": {"ZDXM": None}},
        ),
    ),
)
def required_layers(ctx: Context) -> Iterator[Fault | More]:
    """Layers and tables that the level must hand in."""
    level = identity(ctx).level.value
    held = {item.spec.code for item in ctx.submission.layers if item.spec is not None}
    for spec in ctx.edition.specs:
        if level in spec.levels and spec.code not in held:
            yield ctx.fault(
                Text(
                    f"缺少“{spec.name.zh}”（{spec.code}）", f"{spec.code} {spec.name.en} is missing"
                ),
                layer=spec.code,
                limit=spec.code,
            )


def _documents(ctx: Context) -> dict[str, list[FileEntry]]:
    if not ctx.edition.documents:
        raise NotApplicable
    held: dict[str, list[FileEntry]] = {}
    for item in ctx.submission.files:
        if item.document and not item.folder and PurePosixPath(item.path).name != MISSING_NOTE:
            held.setdefault(item.document, []).append(item)
    return held


@check(
    "Q-PK-06",
    Text("必交文档资料齐全", "All required documents are there"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    weight=2.0,
    basis=quality("成果完整性"),
    explanation=Text(
        "规划文本、编制说明、附表、附图、元数据等必交资料至少各有一个文件；缺少说明不算。",
        "Text, explanation, tables, maps, metadata: each has at least one file; a note that it is "
        "missing is none.",
    ),
    mend=Text("把文件放进对应文件夹", "put the file into its folder"),
    examples=(
        Example(Text("资料齐全", "all documents"), 0),
        Example(Text("没有编制说明", "no explanation"), 1, {"files": {"2 编制说明": None}}),
        Example(
            Text("只有缺少说明", "only a note that it is missing"),
            1,
            {
                "files": {
                    "2 编制说明": None,
                    f"2 编制说明/{MISSING_NOTE}": {"document": "BZSM"},
                }
            },
        ),
    ),
)
def required_documents(ctx: Context) -> Iterator[Fault | More]:
    """Documents that must be handed in."""
    held = _documents(ctx)
    for document in ctx.edition.documents:
        if document.required and document.code not in held:
            yield ctx.fault(
                Text(
                    f"缺少“{document.name.zh}”，应在“{document.folder}”",
                    f"{document.name.en} is missing in {document.folder!r}",
                ),
                file=document.folder,
                key=document.code,
                limit=document.name.zh,
            )


@check(
    "Q-PK-07",
    Text("文档格式符合要求", "Documents come in a format of the standard"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=quality("成果格式"),
    explanation=Text(
        "每种资料至少有一个文件是标准允许的格式，其余格式可以附带。",
        "At least one file of every document is of a format that the standard allows.",
    ),
    mend=Text("另存为允许的格式", "save it in one of the formats allowed"),
    examples=(
        Example(Text("文本为 docx", "the text is a DOCX"), 0),
        Example(
            Text("编制说明只有 wps", "the explanation is a WPS file only"),
            1,
            {"files": {"2 编制说明": None, "2 编制说明/说明.wps": {"document": "BZSM"}}},
        ),
    ),
)
def formats(ctx: Context) -> Iterator[Fault | More]:
    """Documents of which no file has a format of the standard."""
    held = _documents(ctx)
    for document in ctx.edition.documents:
        found = held.get(document.code, [])
        kinds = [PurePosixPath(item.path).suffix.lower().lstrip(".") for item in found]
        if found and document.formats and not set(kinds) & set(document.formats):
            allowed = "、".join(document.formats)
            yield ctx.fault(
                Text(
                    f"“{document.name.zh}”的格式为 {'、'.join(kinds)}，应为 {allowed}",
                    f"{document.name.en} comes as {', '.join(kinds)}, not as {allowed}",
                ),
                file=found[0].path,
                key=document.code,
                value="、".join(kinds),
                limit=allowed,
            )


@check(
    "Q-PK-08",
    Text("文件都能读出", "Every file can be read"),
    family=Family.PACKAGE,
    scope=Scope.LAYERS,
    level=Level.FATAL,
    weight=2.0,
    basis=quality("成果有效性"),
    explanation=Text(
        "图层、表、文档、元数据逐个打开；读不出的图层，其余检查项列为未检查。",
        "Layers, tables, documents and metadata are opened one by one; the other checks of a layer "
        "that cannot be read are not made.",
    ),
    mend=Text("重新导出或重新传输该文件", "export or send the file again"),
    examples=(
        Example(Text("全部可读", "all can be read"), 0),
        Example(
            Text("文档打不开", "a document that does not open"),
            1,
            {"files": {"1 规划文本/坏文件.docx": {"problem": _PROBLEM}}},
        ),
        Example(
            Text("图层读到一半出错", "a layer that breaks off"),
            1,
            {"layers": {"CKQ": {"rows": [{}], "broken": True}}},
        ),
    ),
)
def readable(ctx: Context) -> Iterator[Fault | More]:
    """Files and layers that cannot be read."""
    told: set[str] = set()
    for item in ctx.submission.files:
        if item.problem is not None:
            told.add(item.path)
            yield ctx.fault(
                Text(f"读不出来：{item.problem.zh}", f"cannot be read: {item.problem.en}"),
                file=item.path,
            )
    for source in ctx.submission.layers:
        problem = ctx.shelf.problem(source)
        if problem is not None and source.file not in told:
            yield ctx.fault(
                Text(f"图层读不出来：{problem.zh}", f"cannot be read: {problem.en}"), source=source
            )


@check(
    "Q-PK-09",
    Text("没有空文件", "No file is empty"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=quality("成果有效性"),
    explanation=Text("大小为 0 字节的文件没有内容。", "A file of 0 bytes has no content."),
    mend=Text("重新导出，或删去该文件", "export it again, or remove it"),
    examples=(
        Example(Text("文件都有内容", "every file has content"), 0),
        Example(
            Text("0 字节的图件", "a map of 0 bytes"), 1, {"files": {"4 附图/总图.pdf": {"size": 0}}}
        ),
    ),
)
def empty_files(ctx: Context) -> Iterator[Fault | More]:
    """Files of 0 bytes."""
    for item in ctx.submission.files:
        if not item.folder and item.size == 0:
            yield ctx.fault(Text("文件为 0 字节", "the file has 0 bytes"), file=item.path)


@check(
    "Q-PK-10",
    Text("没有重复的文件", "No file is there twice"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.WARNING,
    basis=quality("成果完整性"),
    explanation=Text(
        "内容相同（SHA-256 一致）的文件只应保留一份。",
        "Files of equal content (SHA-256) should be there once.",
    ),
    mend=Text("删去多余的副本", "remove the copies"),
    examples=(
        Example(Text("没有副本", "no copies"), 0),
        Example(
            Text("同一图件放了两份", "a map twice"),
            1,
            {"files": {f"4 附图/图{n}.pdf": {"sha256": "a" * 64} for n in (1, 2)}},
        ),
    ),
)
def copies(ctx: Context) -> Iterator[Fault | More]:
    """Files with the content of an earlier one."""
    first: dict[str, str] = {}
    for item in ctx.submission.files:
        if item.folder or not item.sha256 or item.size == 0:
            continue
        earlier = first.setdefault(item.sha256, item.path)
        if earlier != item.path and PurePosixPath(item.path).name != MISSING_NOTE:
            yield ctx.fault(
                Text(f"与“{earlier}”内容相同", f"has the content of {earlier!r}"),
                file=item.path,
                value=earlier,
            )


@check(
    "Q-PK-11",
    Text("文件与校验清单一致", "Files agree with the list of hashes"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=quality("汇交清单"),
    explanation=Text(
        "清单列出的文件都应存在且校验值相同；清单之外的文件说明清单没有更新。",
        "Files of the list must be there unchanged; files beyond it mean that the list is old.",
    ),
    mend=Text(
        "重新生成清单，或换回未改动的文件", "make the list again, or send the unchanged file"
    ),
    examples=(
        Example(Text("与清单一致", "as the list says"), 0),
        Example(
            Text("清单有而文件没有", "a file of the list is gone"),
            1,
            {"manifest": {"附件.pdf": "0"}},
        ),
        Example(
            Text("文件被改动", "a file was changed"),
            1,
            {"files": {"4 附图/图.pdf": {}}, "manifest": {"4 附图/图.pdf": "0" * 64}},
        ),
        Example(
            Text("清单没有这个文件", "a file that the list does not name"),
            1,
            {"files": {"4 附图/图.pdf": {}}, "manifest": {"4 附图/图.pdf": None}},
        ),
        Example(Text("没有清单", "no list"), 0, {"manifest": None}),
    ),
)
def manifest(ctx: Context) -> Iterator[Fault | More]:
    """Files against the list of hashes."""
    stated = ctx.submission.manifest
    if stated is None:
        raise NotApplicable
    held = {item.path: item for item in ctx.submission.files if not item.folder}
    for path, digest in stated.items():
        if path not in held:
            yield ctx.fault(Text("清单所列文件不存在", "a file of the list is missing"), file=path)
        elif held[path].sha256 != digest:
            yield ctx.fault(
                Text("文件内容与清单的校验值不同", "the file is not the one of the list"), file=path
            )
    for path in held:
        if path not in stated and not _is_list(path):
            yield ctx.fault(
                Text("清单未列此文件", "the list does not name this file"),
                file=path,
                level=Level.WARNING,
            )


def _is_list(path: str) -> bool:
    return PurePosixPath(path).name == "目录与校验.json"


@check(
    "Q-PK-12",
    Text("数量说明与实际一致", "Stated numbers of features are the real ones"),
    family=Family.PACKAGE,
    scope=Scope.PACKAGE,
    level=Level.ERROR,
    basis=quality("数量说明"),
    explanation=Text(
        "数量说明（清单）所写每个图层、表的要素数与实际读出的数量相同。",
        "The number of features that the readme states for a layer is the one that is read.",
    ),
    mend=Text("更正数量说明，或补齐要素", "mend the readme, or add what is missing"),
    examples=(
        Example(Text("数量一致", "the numbers agree"), 0),
        Example(
            Text("少了 4 个区块", "4 blocks are missing"), 1, {"stated_counts": {"KAIGHQK": 5}}
        ),
        Example(
            Text("说明的图层没有交", "a layer stated and not there"),
            1,
            {"stated_counts": {"CKQ": 3}},
        ),
        Example(Text("没有数量说明", "no readme"), 0, {"stated_counts": None}),
    ),
)
def stated_counts(ctx: Context) -> Iterator[Fault | More]:
    """Numbers of features as stated and as read."""
    stated = ctx.submission.stated_counts
    if stated is None:
        raise NotApplicable
    for code, number in stated.items():
        held = ctx.of(code)
        count = sum(item.count for item in held)
        if count != number:
            spec = ctx.edition.find(code)
            name = f"{spec.name.zh}（{code}）" if spec else code
            yield ctx.fault(
                Text(
                    f"{name}说明 {number} 个，实有 {count} 个",
                    f"{code}: {number} stated, {count} read",
                ),
                layer=code,
                file=held[0].file if held else "",
                value=str(count),
                limit=str(number),
            )


@check(
    "Q-PK-13",
    Text("图层和表都是标准中的", "Every layer and table is one of the standard"),
    family=Family.PACKAGE,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=database("图层与属性表"),
    explanation=Text(
        "按名称和字段认不出是标准哪个图层的，无法检查，也不会入库。",
        "A layer that is not recognised as one of the standard is neither checked nor imported.",
    ),
    mend=Text("按标准改图层名，或在导入时指定对应图层", "rename the layer, or say which one it is"),
    examples=(
        Example(Text("图层都认得", "all are known"), 0),
        Example(Text("“新建图层”", "a layer named anyhow"), 1, {"unknown": {"新建图层": [{}]}}),
    ),
)
def unknown_layers(ctx: Context) -> Iterator[Fault | More]:
    """Layers that were matched to none of the standard."""
    if ctx.source.spec is None:
        name = ctx.source.name
        yield ctx.fault(
            Text(f"图层“{name}”不是标准中的图层或表", f"{name!r} is no layer of the standard"),
            value=name,
        )
