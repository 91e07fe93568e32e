"""``minplan import``: a hand-in folder, a file or a plan package into the planning database."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minplan.cli.output import Exit, Session, pass_session, print_json
from minplan.core.errors import Faults, InputError, MinplanError
from minplan.core.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from minplan.handin.intake import Intake, Taken
    from minplan.handin.matching import Match, Stated
    from minplan.handin.survey import Survey
    from minplan.workspace import Workspace

_DATE = click.DateTime(["%Y-%m-%d"])
_SHOWN = 50


@click.command(
    "import",
    help="导入成果：汇交文件夹或其 ZIP、GDB、GPKG、SHP、VCT、表格、数据包，一次写入规划数据库。",
    epilog="""\b
示例
  minplan import 140400长治市2021-2025矿产资源总体规划/ --dry-run
  minplan import 区块.gdb --plan changzhi-2021-2025 --kind adjustment --effective 2025-06-01
  minplan import 区块.zip --mapping 对应关系.toml --faults 错误清单.xlsx

\b
先列出图层、编码、坐标系和字段对应，再校验，最后写入；有一处错误就什么都不写。
""",
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--edition", help="数据标准版本，默认按汇交目录所写，否则 2021-2025。")
@click.option("--plan", help="规划编号，输入没有说明时用。")
@click.option("--identity", type=click.Path(path_type=Path), help="说明规划的 plan.toml。")
@click.option(
    "--kind",
    type=click.Choice(["initial", "adjustment", "correction"]),
    help="初始建库、年度集中调整、更正；新规划默认初始建库。",
)
@click.option("--effective", type=_DATE, help="生效日期，默认规划的生效日期。")
@click.option("--basis", default="", help="依据文件，默认规划的批准文号。")
@click.option("--author", help="经办人，默认登录名。")
@click.option("--approver", help="批准人，默认同经办人。")
@click.option("--crs", help="没有坐标系定义时声明，如 38、EPSG:4526、lonlat。")
@click.option("--encoding", help="属性的编码，如 GBK。")
@click.option("--layer", "target", help="全部图层都作为标准的这个图层或表导入。")
@click.option("--mapping", type=click.Path(path_type=Path), help="字段对应文件（TOML）。")
@click.option("--yes", is_flag=True, help="接受所提的字段对应，不再询问。")
@click.option("--dry-run", is_flag=True, help="只检查，不写入。")
@click.option("--faults", type=click.Path(path_type=Path), help="错误清单写到 .xlsx 或 .json。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, path: Path, **said: Any) -> None:
    """Look through, match, check, store."""
    from minplan.database import use
    from minplan.handin.archives import unpacked
    from minplan.handin.matching import Stated
    from minplan.handin.survey import survey

    workspace = session.open_workspace()
    stated = Stated(said["encoding"], _system(said["crs"]), said["target"])
    with unpacked(path) as found:
        look = survey(found, said["edition"], workspace.edition)
        matches = _matched(session, look, stated, said)
        with use(workspace.database):
            from minplan.handin.intake import Intake

            intake = Intake(look, matches, stated, _request(said))
            ctx.exit(_run(session, intake, workspace, said))


def _matched(
    session: Session, look: Survey, stated: Stated, said: dict[str, Any]
) -> tuple[Match, ...]:
    """The matches, agreed to: given, kept from the last time, or confirmed now."""
    from minplan.handin.matching import apply_mapping, fingerprint, match, write_mapping

    matches, remarks = match(look, stated)
    for text in (*look.remarks, *remarks):
        session.say(text)
    if not matches:
        return ()
    kept = session.workspace / "mappings" / f"{fingerprint(matches)}.toml"
    if said["mapping"]:
        matches = apply_mapping(matches, said["mapping"], look.edition)
    elif kept.is_file() and not stated.target:
        matches = apply_mapping(matches, kept, look.edition)
    if not said["as_json"]:
        _preview(session, look, matches)
    if not (said["yes"] or said["mapping"] or all(item.certain for item in matches)):
        _confirm(session, kept, matches)
    if not stated.target:
        write_mapping(kept, matches)
    return matches


def _confirm(session: Session, kept: Path, matches: Sequence[Match]) -> None:
    """Ask whether the mapping is right; without a terminal leave it to be edited."""
    from minplan.handin.matching import write_mapping

    question = Text("按以上对应导入", "import it like this")
    if sys.stdin.isatty() and click.confirm(session.get(question), err=True):
        return
    draft = kept.with_suffix(".draft.toml")
    write_mapping(draft, matches)
    raise InputError(
        "E915",
        Text("字段对应没有确认", "the mapping of the fields is not confirmed"),
        hint=Text(
            f"加 --yes 接受，或改好 {draft} 后加 --mapping",
            f"add --yes to accept it, or edit {draft} and give it as --mapping",
        ),
    )


def _run(session: Session, intake: Intake, workspace: Workspace, said: dict[str, Any]) -> Exit:
    from minplan.checking.gate import refuse_fatal

    try:
        with session.progress(Text("质检", "checking")) as advance:
            refuse_fatal(intake, workspace, dt.date.today(), advance)
        with session.progress(Text("读取", "reading")) as advance:
            if said["dry_run"]:
                checker = intake.check(advance)
                if checker.faults:
                    raise Faults(checker.faults)
                _say_sound(session, intake, checker.counts, said["as_json"])
                return Exit.DONE
            taken = intake.store(advance)
    except Faults as error:
        _tell_faults(session, error.faults, said)
        return Exit.INPUT
    _say_taken(session, taken, said["as_json"])
    return Exit.DONE


def _request(said: dict[str, Any]) -> Any:
    from minplan.handin.identity import identity_from_file
    from minplan.handin.intake import Request

    author = said["author"] or getpass.getuser()
    return Request(
        recorded=dt.datetime.now(dt.UTC),
        author=author,
        approver=said["approver"] or author,
        kind=said["kind"],
        basis=said["basis"],
        effective=said["effective"].date() if said["effective"] else None,
        plan=said["plan"],
        identity=identity_from_file(said["identity"]) if said["identity"] else None,
    )


def _system(told: str | None) -> Any:
    from minplan.formats.coordinate_system import parse_system

    return parse_system(told) if told else None


def _preview(session: Session, look: Survey, matches: Sequence[Match]) -> None:
    session.table(
        Text(f"图层与表 {len(matches)} 个", f"{len(matches)} layers and tables"),
        (
            Text("文件", "file"),
            Text("图层", "layer"),
            Text("作为", "taken as"),
            Text("行数", "rows"),
            Text("坐标系（依据）", "system (evidence)"),
            Text("编码", "encoding"),
        ),
        [
            (
                Path(item.file).name,
                item.layer,
                _target(session, look, item),
                "" if item.told.count is None else str(item.told.count),
                _system_told(session, item),
                item.told.encoding or "",
            )
            for item in matches
        ],
    )
    doubtful = [item for item in matches if item.target and not item.certain]
    for item in doubtful:
        _preview_fields(session, look, item)


def _target(session: Session, look: Survey, item: Match) -> str:
    if not item.target:
        return session.get(Text("（不导入）", "(left out)"))
    return f"{item.target} {session.get(look.edition.spec(item.target).name)}"


def _system_told(session: Session, item: Match) -> str:
    if item.told.geometry_type is None:
        return ""
    name = session.get(item.told.system.name) if item.told.system else "?"
    return f"{name}（{session.get(item.told.crs_evidence)}）"


def _preview_fields(session: Session, look: Survey, item: Match) -> None:
    spec = look.edition.spec(item.target)
    reasons = {proposal.column: proposal for proposal in item.proposals}
    rows = []
    for column in item.told.columns:
        field = spec.field(item.fields.get(column.name, ""))
        proposal = reasons.get(column.name)
        rows.append(
            (
                column.name,
                f"{field.code} {session.get(field.name)}" if field else "—",
                f"{proposal.score:.2f} {session.get(proposal.reason)}" if proposal else "",
            )
        )
    session.table(
        Text(f"字段对应：{item.layer}", f"fields of {item.layer}"),
        (Text("列", "column"), Text("字段", "field"), Text("把握与理由", "score and reason")),
        rows,
    )


def _tell_faults(session: Session, faults: Sequence[MinplanError], said: dict[str, Any]) -> None:
    from minplan.handin import faults as report

    if said["faults"]:
        report.write(said["faults"], faults, session.language)
    if said["as_json"]:
        print_json({"stored": False, "faults": [fault.to_dict() for fault in faults]})
        return
    session.table(
        Text(f"错误 {len(faults)} 处，没有写入", f"{len(faults)} faults, nothing stored"),
        report.COLUMNS,
        report.rows(faults[:_SHOWN], session.language),
    )
    if len(faults) > _SHOWN:
        hint = Text("其余见 --faults 文件", "use --faults FILE for the rest")
        session.say(hint)


def _say_sound(session: Session, intake: Intake, counts: Any, as_json: bool) -> None:
    if as_json:
        print_json({"stored": False, "faults": [], "counts": dict(counts), "sha256": intake.sha256})
        return
    total = sum(counts.values())
    session.say(
        Text(
            f"没有错误：{len(counts)} 个图层和表，{total} 条；没有写入。",
            f"no faults: {len(counts)} layers and tables, {total} rows; nothing stored.",
        )
    )


def _say_taken(session: Session, taken: Taken, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "stored": taken.changeset is not None,
                "already_present": taken.already,
                "plan": taken.plan,
                "changeset": taken.changeset,
                "counts": dict(taken.counts),
                "sha256": taken.sha256,
            }
        )
        return
    total = sum(taken.counts.values())
    if taken.already:
        text = Text("这份成果已经导入，没有重复写入。", "This input was taken in before.")
    elif taken.changeset is None:
        text = Text(f"{total} 条与库中相同，没有变更。", f"{total} rows, none differs.")
    else:
        text = Text(
            f"已导入规划 {taken.plan}：{total} 条，变更批次 {taken.changeset}。",
            f"plan {taken.plan}: {total} rows taken in, changeset {taken.changeset}.",
        )
    session.say(text)
