"""``minplan review``: judge proposals against the plan, print the verdict, write the reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from minplan.cli.output import Exit, Session, pass_session, print_json, report_failure
from minplan.core.errors import MinplanError
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.geometry.layer import ConstraintLayer
    from minplan.core.plan.model import PlanSnapshot
    from minplan.core.review.engine import Review
    from minplan.core.review.proposal import Proposal
    from minplan.formats.reading import InputBlock
    from minplan.workspace import Workspace

T = TypeVar("T")

_FORMATS: Final = ("docx", "pdf", "png", "geojson")
#: In one run the gravest code wins, in this order (ux §6.2).
_PRECEDENCE: Final = (Exit.STORE, Exit.INPUT, Exit.FINDINGS, Exit.INCOMPLETE, Exit.DONE)
_STATED: Final = (
    "name",
    "right",
    "action",
    "scale",
    "service_life",
    "term",
    "reserves",
    "exploration_degree",
    "elevation",
    "method",
    "applicant",
    "licence",
    "county",
    "block_code",
    "grant_method",
    "stated_area_km2",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What one run of the command works with."""

    session: Session
    workspace: Workspace
    plan: PlanSnapshot
    layers: dict[str, ConstraintLayer]
    date: dt.date
    formats: tuple[str, ...]
    out: Path | None
    save: bool
    office: str

    @classmethod
    def open(
        cls,
        session: Session,
        workspace: Workspace,
        date: dt.date,
        *,
        formats: tuple[str, ...] = _FORMATS,
        out: Path | None = None,
        save: bool = True,
        office: str = "",
    ) -> Desk:
        """Open the plan and the layers in force on ``date``."""
        plan, layers = workspace.plan(date), workspace.layers(date)
        return cls(session, workspace, plan, layers, date, formats, out, save, office)


@click.command(
    "review",
    epilog="""\b
示例
  minplan review 拐点.txt --mineral 建筑石料用灰岩 --scale 100 --degree 详查
  minplan review 申请.toml --out 输出/                      申请文件（拐点、附件、申报情况）
  minplan review *.zip --right 采矿权 --action 新立 --json   批量，供程序使用
退出码
  0 无冲突  1 有冲突  3 输入无法读取  4 有应核查而未核查的规则  5 规划或图层不可用
""",
)
@click.argument("inputs", nargs=-1, required=True)
@click.option("--name", help="项目名称。")
@click.option(
    "--right", help="矿业权类型：采矿权、探矿权、开采规划区块、勘查规划区块。默认采矿权。"
)
@click.option(
    "--action", help="业务类型：新立、出让、延续、变更、转让、探转采、区块调整……默认新立。"
)
@click.option("--mineral", "minerals", multiple=True, help="矿种，主矿种在前，可重复。")
@click.option("--scale", help="设计生产规模，如 100 或 3万立方米/年。")
@click.option("--life", "service_life", help="设计服务年限（年）。")
@click.option("--term", help="申请年限（年）。")
@click.option("--reserves", help="资源储量，如 1200万吨。")
@click.option("--degree", "exploration_degree", help="勘查程度：预查、普查、详查、勘探。")
@click.option("--elevation", help="开采标高，如 1215-1080。")
@click.option("--method", help="开采方式：露天、地下、露天/地下、钻井。")
@click.option("--applicant", help="申请人。")
@click.option("--licence", help="本人已有许可证号；其范围不计作重叠。")
@click.option("--county", help="所在县（区）。")
@click.option("--block", "block_code", help="规划区块编号。")
@click.option("--grant", "grant_method", help="出让方式：招标、拍卖、挂牌、协议。")
@click.option("--stated-area", "stated_area_km2", help="申报面积（平方千米），照原样填写。")
@click.option("--fact", "facts", multiple=True, metavar="键=值", help="申报情况，可重复。")
@click.option(
    "--attach", "attachments", multiple=True, metavar="类别[=文号]", help="附件，可重复。"
)
@click.option("--crs", help="声明坐标系，如 38、EPSG:4526。")
@click.option("--layer", help="文件中的图层、工作表。")
@click.option("--as-of", "as_of", metavar="日期", help="审查日期，默认今天。")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="报告输出文件夹。")
@click.option(
    "--report", "report", default=",".join(_FORMATS), show_default=True, help="报告格式。"
)
@click.option("--office", default="", help="审查机关名称，印在报告上。")
@click.option("--no-save", is_flag=True, help="不存入工作区。")
@click.option("--all", "everything", is_flag=True, help="列出全部规则，含符合与不适用。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写 JSON。")
@pass_session
def command(
    session: Session,
    /,
    *,
    inputs: tuple[str, ...],
    out: Path | None,
    report: str,
    office: str,
    no_save: bool,
    everything: bool,
    as_json: bool,
    as_of: str | None,
    crs: str | None,
    layer: str | None,
    **stated: Any,
) -> None:
    """按规划审查矿业权或规划区块，给出结论、依据和报告。

    INPUTS 为拐点文件、图形文件、申请文件（.toml）或直接写出的坐标，可一次多个。
    """
    from minplan.cli.verdict import print_review
    from minplan.core.review.record import review_to_dict

    desk = _open_desk(session, out, report, office, save=not no_save, as_of=as_of)
    codes: list[Exit] = []
    records: list[dict[str, Any]] = []
    for source in inputs:
        try:
            for proposal, block in _told(session, proposals(desk, source, crs, layer, stated)):
                result, number, files = judge(desk, proposal, block)
                codes.append(_code(result))
                if as_json:
                    paths = {kind: str(path) for kind, path in files.items()}
                    records.append({"number": number, **review_to_dict(result), "files": paths})
                else:
                    print_review(session, result, block, number, files, everything=everything)
        except MinplanError as error:
            codes.append(report_failure(error, session.language))
            records.append({"input": source, "error": error.to_dict()})
    if as_json:
        print_json(records if len(records) > 1 else records[0])
    raise SystemExit(min(codes, key=_PRECEDENCE.index))


def _told(session: Session, items: Iterator[T]) -> Iterator[T]:
    """The items of a batch with progress on stderr; a single one needs none."""
    listed = list(items)
    if len(listed) == 1:
        yield listed[0]
        return
    with session.progress(Text("审查", "reviewing")) as advance:
        for number, item in enumerate(listed, start=1):
            yield item
            advance(number, len(listed))


def _open_desk(
    session: Session,
    out: Path | None,
    report: str,
    office: str,
    *,
    save: bool,
    as_of: str | None,
) -> Desk:

    formats = tuple(word.strip() for word in report.split(",") if word.strip() not in ("", "none"))
    if unknown := set(formats) - set(_FORMATS):
        raise click.BadParameter(
            f"没有报告格式 {'、'.join(sorted(unknown))}", param_hint="--report"
        )
    try:
        date = dt.date.fromisoformat(as_of) if as_of else dt.date.today()
    except ValueError as error:
        raise click.BadParameter("日期应为 2026-01-15 的形式", param_hint="--as-of") from error
    workspace = session.open_workspace()
    return Desk.open(session, workspace, date, formats=formats, out=out, save=save, office=office)


def proposals(
    desk: Desk,
    source: str,
    crs: str | None = None,
    layer: str | None = None,
    stated: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[tuple[Proposal, InputBlock]]:
    """The proposals of one input with how their ground was read."""
    from minplan.core.geometry.corners import ReadOptions
    from minplan.formats.coordinate_system import parse_system
    from minplan.formats.proposal_file import is_proposal_file, read_proposal
    from minplan.formats.reading import InputOptions

    given = _given(stated)
    path = Path(source)
    if not (path.suffix and path.is_file() and is_proposal_file(path)):
        given = {"right": "采矿权", "action": "新立", **given}
    corners = ReadOptions(
        system=parse_system(crs) if crs else None,
        region=desk.workspace.region(desk.plan),
        stated_area_km2=stated.get("stated_area_km2"),
    )
    read = read_proposal(source, InputOptions(corners=corners, layer=layer), given)
    yield from zip(read.proposals, read.reading.blocks, strict=True)


def _given(stated: Mapping[str, Any]) -> dict[str, Any]:
    """The options a person gave, as values of a proposal file."""
    given = {key: stated[key] for key in _STATED if stated.get(key) is not None}
    if minerals := stated.get("minerals"):
        given["minerals"] = list(minerals)
    if facts := stated.get("facts"):
        given["facts"] = dict(_pair(word) for word in facts)
    if attachments := stated.get("attachments"):
        pairs = (_pair(word) for word in attachments)
        given["attachments"] = [{"kind": kind, "number": number} for kind, number in pairs]
    return given


def _pair(word: str) -> tuple[str, str]:
    key, _, value = word.partition("=")
    return key.strip(), value.strip()


def judge(desk: Desk, proposal: Proposal, block: InputBlock) -> tuple[Review, str, dict[str, Path]]:
    """Review one proposal, store it, write its reports."""
    from minplan.core.review.engine import review
    from minplan.core.review.record import Reading

    result = review(proposal, desk.plan, desk.layers, desk.date)
    reading = Reading(
        sentence=block.understanding,
        source=block.polygonal.source,
        remarks=tuple(remark.message for remark in block.remarks),
    )
    number, folder = desk.workspace.save(result, reading) if desk.save else ("", None)
    target = desk.out / (number or proposal.name) if desk.out else folder
    if target is None or not desk.formats:
        return result, number, {}
    from minplan.reports import write_reports
    from minplan.reports.maps.surroundings import surroundings

    files = write_reports(
        result,
        target,
        formats=desk.formats,
        context=surroundings(result, desk.layers),
        office=desk.office,
        number=number,
        reading=reading,
        generated=dt.datetime.now().astimezone().replace(microsecond=0),
        language=desk.session.language,
    )
    return result, number, dict(files)


def _code(result: Review) -> Exit:
    """0 done, 1 a conflict, 4 a required rule not checked."""
    from minplan.core.review.finding import Verdict

    return {
        Verdict.NOT_CONFORMING: Exit.FINDINGS,
        Verdict.INSUFFICIENT: Exit.INCOMPLETE,
    }.get(result.verdict, Exit.DONE)
