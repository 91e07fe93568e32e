"""``minplan database``: create the planning database, look at it, verify it, move it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minplan.cli.output import Exit, Session, pass_session, print_json
from minplan.core.errors import Place, StoreError
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.database import Database
    from minplan.database.audit import Report

_TARGET = click.argument("target", required=False)


@click.group(
    "database",
    help="规划数据库：建立、查看、核验、搬移。",
    epilog="""\b
数据库写成文件路径（SQLite）或地址（PostgreSQL）；不写时用工作区的数据库。
示例
  minplan database init
  minplan database init postgresql://用户@主机:5432/库名
  minplan database verify
  minplan database views
  minplan database move 工作区/minplan.sqlite postgresql://用户@主机:5432/库名
""",
)
def command() -> None:
    """The planning database."""


@command.command("init")
@_TARGET
@pass_session
def init(session: Session, target: str | None) -> None:
    """建立数据库的表，或把表升级到当前版本；可重复执行。"""
    database = _open(session, target, create=True)
    session.say(
        Text(
            f"数据库已就绪：{database.describe()}（{database.vendor}）",
            f"the database is ready: {database.describe()} ({database.vendor})",
        )
    )


@command.command("info")
@_TARGET
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def info(session: Session, target: str | None, as_json: bool) -> None:
    """数据库里有什么：规划、要素、变更批次、审查、原件。"""
    database = _open(session, target)
    from minplan.database import models, plans

    counts = {model.__name__: model.objects.count() for model in _told(models)}
    listed = plans.listed()
    if as_json:
        shown = {"database": database.describe(), "vendor": database.vendor, "rows": counts}
        print_json({**shown, "plans": [plan.code for plan in listed]})
        return
    session.table(
        Text(f"数据库 {database.describe()}", f"Database {database.describe()}"),
        (Text("内容", "contents"), Text("行数", "rows")),
        [(name, str(count)) for name, count in counts.items()],
    )
    session.table(
        Text("规划", "Plans"),
        (
            Text("编号", "code"),
            Text("名称", "name"),
            Text("标准", "edition"),
            Text("最近变更", "last change"),
        ),
        [
            (
                plan.code,
                session.get(Text(plan.name_zh, plan.name_en)),
                plan.edition_id,
                plan.last_recorded.isoformat(" ", "seconds") if plan.last_recorded else "",
            )
            for plan in listed
        ],
    )


@command.command("verify")
@_TARGET
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def verify(session: Session, target: str | None, as_json: bool) -> None:
    """核验审计链和全部内容：任何改动、缺失都会列出。"""
    database = _open(session, target)
    from minplan.database import audit

    report = audit.verify()
    if as_json:
        print_json(
            {
                "database": database.describe(),
                "entries": report.entries,
                "changesets": report.changesets,
                "rows": report.rows,
                "head": report.head,
                "faults": [fault.to_dict() for fault in report.faults],
            }
        )
    else:
        _print_report(session, report)
    raise SystemExit(Exit.STORE if report.faults else Exit.DONE)


@command.command("views")
@_TARGET
@click.option("--edition", "edition_id", help="数据标准版本，默认库中规划所用的全部版本。")
@pass_session
def views(session: Session, target: str | None, edition_id: str | None) -> None:
    """为每个图层和表建立（更新）一个有类型的视图，供 QGIS 和报表读取：今天有效的内容。"""
    _open(session, target)
    from minplan.database import plans
    from minplan.database.editions import edition
    from minplan.database.views import create

    used = sorted({plan.edition_id for plan in plans.listed()})
    for name in [edition_id] if edition_id else used:
        for view in create(edition(name)):
            click.echo(view)


@command.command("move")
@click.argument("source")
@click.argument("target")
@pass_session
def move(session: Session, source: str, target: str) -> None:
    """把数据库整个搬到另一个空数据库，并以哈希证明两边一致；原库不变。"""
    old = _open(session, source)
    from minplan.database import configure
    from minplan.database.move import move as move_all

    new = configure(target, old.standard)
    with session.progress(Text("搬移", "moving")) as advance:
        proof = move_all(old, new, advance)
    session.table(
        Text("两边一致", "Both hold the same"),
        (Text("表", "table"), Text("行数", "rows"), Text("哈希", "hash")),
        [(item.table, str(item.rows), item.sha256[:16]) for item in proof.tables],
    )
    session.say(
        Text(
            f"已搬到 {new.describe()}，现行要素哈希 {proof.features_sha256}",
            f"moved to {new.describe()}, hash of the features believed now {proof.features_sha256}",
        )
    )


def _open(session: Session, target: str | None, *, create: bool = False) -> Database:
    """The named database, or the workspace's; only ``create`` makes a file that is not there."""
    from minplan.database import configure, migrate

    if target is None:
        return session.open_workspace().database
    if not create and "://" not in target and not Path(target).is_file():
        raise StoreError(
            "E801",
            Text("没有这个数据库文件", "there is no such database file"),
            place=Place(file=target),
            hint=Text("用 minplan database init 建立", "create it with minplan database init"),
        )
    database = configure(target, session.open_workspace().standard_folder)
    migrate()
    return database


def _told(models: Any) -> list[Any]:
    names = ("Plan", "Feature", "Changeset", "Deliverable", "LayerVersion", "Original", "Review")
    return [getattr(models, name) for name in (*names, "AuditEntry")]


def _print_report(session: Session, report: Report) -> None:
    for fault in report.faults:
        click.echo(session.get(fault))
    wrong = len(report.faults)
    session.say(
        Text(
            f"审计记录 {report.entries} 条，变更批次 {report.changesets} 个，"
            f"要素 {report.rows} 行，问题 {wrong} 处；链尾 {report.head[:16]}",
            f"{report.entries} audit entries, {report.changesets} changesets, {report.rows} rows,"
            f" {wrong} faults; head {report.head[:16]}",
        )
    )
