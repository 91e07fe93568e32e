"""``minplan check``: the quality of a deliverable, a layer, a table or a plan document."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minplan.cli.output import Exit, Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.checking.run import Checked
    from minplan.core.quality.fault import Fault
    from minplan.core.quality.inspection import Inspection
    from minplan.workspace import Workspace

_FORMATS: Final = ("terminal", "json", "xlsx", "gpkg", "html", "docx", "pdf")
_LEVELS: Final = ("fatal", "error", "warning", "info", "never")
#: Faults of one check that the terminal shows.
_SHOWN: Final = 5
_SIGNS: Final = {"fatal": "✕", "error": "✕", "warning": "▲", "info": "·"}

_EPILOG: Final = """\b
示例
  minplan check 140400长治市2021-2025矿产资源总体规划/      检查汇交成果
  minplan check 成果.zip --format docx -o 质检报告.docx    输出报告
  minplan check 开采规划区块.shp --as KAIGHQK              检查一个图层
  minplan check 规划文本.docx                              读规划文本，找前后矛盾
  minplan check 成果/ --fail-on warning --save            有警告也算不通过；存入质检记录

\b
退出码
  0 没有达到 --fail-on 的问题 · 1 有 · 2 用法不对 · 3 输入读不了 · 4 有检查项未能进行
  5 工作区不可用
"""


@click.command("check", epilog=_EPILOG)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--standard", "edition", metavar="版本", help="数据标准版本，默认按成果说明。")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="代码、图层的有效日期，默认今天。")
@click.option("--as", "target", metavar="图层代码", help="单个文件是标准中的哪个图层或表。")
@click.option("--mapping", type=click.Path(path_type=Path, exists=True), help="字段对应关系文件。")
@click.option("--encoding", help="文字编码，默认判断。")
@click.option("--crs", help="坐标系，默认按文件。")
@click.option(
    "--format", "format_key", type=click.Choice(_FORMATS), help="输出格式，默认按 -o 的后缀。"
)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="报告文件。")
@click.option(
    "--fail-on", type=click.Choice(_LEVELS), default="error", show_default=True,
    help="有这一级及以上的问题时退出码为 1。",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1), help="每个检查项最多保留的问题数。")
@click.option(
    "--workers", type=click.IntRange(1), help="检查大成果的进程数，默认按处理器核数，最多 4 个。"
)
@click.option("--all", "everything", is_flag=True, help="终端上列出全部问题和每个检查项。")
@click.option("--save", is_flag=True, help="存入工作区的质检记录。")
@pass_session
def command(session: Session, /, path: Path, **said: Any) -> None:
    """检查规划成果质量：完整性、结构、属性、图形、拓扑、面积、一致性、衔接、元数据。"""
    chosen = _format(said["format_key"], said["out"])
    with session.workspace_for(storing=said["save"]) as workspace:
        checked, number, told = _check(session, workspace, path, said)
    if chosen == "json" and said["out"] is None:
        print_json({"number": number, **checked.to_dict()})
    elif chosen == "terminal":
        _show(session, checked, number, everything=said["everything"])
    else:
        _write(session, checked, told, chosen, said["out"] or Path(f"{checked.series}.{chosen}"))
    raise SystemExit(int(_exit(checked.inspection, said["fail_on"])))


def _format(stated: str | None, out: Path | None) -> str:
    if stated:
        return stated
    if out is None:
        return "terminal"
    suffix = out.suffix.lower().lstrip(".")
    if suffix not in _FORMATS:
        raise click.BadParameter(
            f"不能按后缀“{out.suffix}”判断格式，请用 --format", param_hint="-o"
        )
    return suffix


def _check(
    session: Session, workspace: Workspace, path: Path, said: dict[str, Any]
) -> tuple[Checked, str, Any]:
    workspace.database  # noqa: B018  (the tables are needed before what uses them is imported)
    from minplan.checking.asked import Asked
    from minplan.checking.run import check, keep, told_now
    from minplan.formats.coordinate_system import parse_system

    date = said["date"].date() if said["date"] else dt.date.today()
    asked = Asked(
        edition=said["edition"],
        encoding=said["encoding"],
        system=parse_system(said["crs"]) if said["crs"] else None,
        target=said["target"],
        mapping=said["mapping"],
    )
    now = dt.datetime.now(dt.UTC)
    with session.progress(Text("检查", "checking")) as advance:
        checked = check(
            path,
            workspace,
            date,
            asked,
            limit=said["limit"],
            workers=said["workers"],
            progress=lambda done, total, what: advance(done, total),
        )
    number = ""
    if said["save"]:
        number = keep(workspace, checked, now).number
        session.say(Text(f"已存为 {number}", f"stored as {number}"))
    return checked, number, told_now(workspace, checked, now, number, date)


def _write(session: Session, checked: Checked, told: Any, chosen: str, target: Path) -> None:
    if chosen == "json":
        import json

        text = json.dumps(checked.to_dict(), ensure_ascii=False, indent=1)
        target.write_text(text + "\n", encoding="utf-8")
    else:
        from minplan.reports.quality import write_quality

        write_quality(told, target, chosen, session.language)
    click.echo(str(target))
    verdict = checked.score.verdict.word
    session.say(Text(f"结论：{verdict.zh}", f"verdict: {verdict.en}"))


def _exit(made: Inspection, fail_on: str) -> Exit:
    from minplan.core.quality.fault import Level

    counts = made.counts
    for level in Level:
        if fail_on == "never":
            break
        if counts[level]:
            return Exit.FINDINGS
        if level.value == fail_on:
            break
    serious = (Level.FATAL, Level.ERROR)
    open_ones = [
        item for item in made.results if item.missing and made.checks[item.check].level in serious
    ]
    return Exit.INCOMPLETE if open_ones else Exit.DONE


# -- the terminal ---------------------------------------------------------------------------------


def _show(session: Session, checked: Checked, number: str, *, everything: bool) -> None:
    made = checked.inspection
    kind = made.kind.word
    _line(
        session,
        f"成果  {made.name}（{kind.zh}）：{made.layers} 个图层和表，{made.features:,} 条；"
        f"标准 {made.edition}",
        f"what  {made.name} ({kind.en}): {made.layers} layers and tables, {made.features:,} rows; "
        f"edition {made.edition}",
    )
    for result in sorted(made.results, key=lambda item: _worst(item.counts)):
        if result.total or result.missing or everything:
            _show_result(session, made, result, everything=everything)
    _show_end(session, checked, number)


def _worst(counts: Any) -> int:
    from minplan.core.quality.fault import Level

    return min((number for number, level in enumerate(Level) if level in counts), default=9)


def _show_result(session: Session, made: Inspection, result: Any, *, everything: bool) -> None:
    check = made.checks[result.check]
    level = next(iter(result.counts), None)
    sign = _SIGNS[level.value] if level else "?" if result.missing else "✓"
    word = session.get(level.word if level else result.state.word)
    count = f" ×{result.total}" if result.total else ""
    click.echo(f"  {sign} {word:<4} {result.check:<8} {session.get(check.title)}{count}")
    shown = result.faults if everything else result.faults[:_SHOWN]
    for fault in shown:
        click.echo(f"      {_where(session, fault)}{session.get(fault.message)}")
        for spot in fault.spots:
            quote = f" “{spot.quote}”" if spot.quote else ""
            click.echo(f"        · {session.get(spot.describe())}{quote}")
    if result.total > len(shown):
        rest = result.total - len(shown)
        _line(
            session, f"      … 还有 {rest} 处（--all 或输出报告）", f"      … {rest} more (--all)"
        )
    if result.faults:
        _line(session, f"      办法：{check.mend.zh}", f"      mend: {check.mend.en}")
    for reason in result.missing[: None if everything else _SHOWN]:
        _line(session, f"      未检查：{reason.zh}", f"      not checked: {reason.en}")


def _where(session: Session, fault: Fault) -> str:
    row = f"{session.get(Text('第', 'row'))} {fault.row} {session.get(Text('行', ''))}".strip()
    parts = [fault.layer, fault.key or (row if fault.row is not None else ""), fault.field]
    where = " · ".join(part for part in parts if part)
    return f"{where}：" if where else f"{fault.file}：" if fault.file and not fault.spots else ""


def _show_end(session: Session, checked: Checked, number: str) -> None:
    made, score = checked.inspection, checked.score
    told = [(level.word, count) for level, count in made.counts.items()]
    _line(
        session,
        "合计  " + "，".join(f"{word.zh} {count}" for word, count in told),
        "total " + ", ".join(f"{count} {word.en}" for word, count in told),
    )
    found = checked.comparison
    if found is not None:
        fixed, stays, new = len(found.fixed), len(found.remaining), len(found.new)
        _line(
            session,
            f"对比  {checked.before}：已改 {fixed}，未改 {stays}，新增 {new}",
            f"since {checked.before}: {fixed} fixed, {stays} remaining, {new} new",
        )
    verdict, grade = score.verdict.word, score.grade.name
    record = f"    记录 {number}" if number else ""
    _line(
        session,
        f"结论  {verdict.zh}    得分 {score.points:g}（{grade.zh}）{record}",
        f"verdict  {verdict.en}    score {score.points:g} ({grade.en}) {number}",
    )
    for reason in score.reasons:
        _line(session, f"      {reason.zh}", f"      {reason.en}")


def _line(session: Session, zh: str, en: str) -> None:
    click.echo(Text(zh, en).get(session.language))
