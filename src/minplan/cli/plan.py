"""``minplan plan``: the plans of the database, and packages: contents, faults, adding."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.plan.model import PlanSnapshot


@click.group(
    "plan",
    help="规划：列表、概况；规划数据包：检查、加入。",
    epilog="""\b
示例
  minplan plan list
  minplan plan show changzhi-2021-2025 --as-of 2025-06-30
  minplan plan show 规划数据包/
  minplan plan check 规划数据包/
""",
)
def command() -> None:
    """Plan packages."""


@command.command("list")
@click.option("--as-of", "as_of", metavar="日期", help="法律日期，默认今天。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def list_(session: Session, as_of: str | None, as_json: bool) -> None:
    """数据库中某日有效的规划。"""
    held = session.open_workspace().plans(_date(as_of))
    if as_json:
        print_json([_summary(snapshot) for _, snapshot in held])
        return
    session.table(
        Text(f"规划 {len(held)} 个", f"{len(held)} plans"),
        (
            Text("编号", "code"),
            Text("名称", "name"),
            Text("规划期", "period"),
            Text("批准文件", "act"),
            Text("标准", "edition"),
            Text("最近变更", "last change"),
            Text("版本", "hash"),
        ),
        [
            (
                plan.code,
                session.get(snapshot.plan.name),
                f"{snapshot.plan.first_year}–{snapshot.plan.last_year}",
                snapshot.plan.act,
                plan.edition_id,
                f"{plan.last_recorded:%Y-%m-%d %H:%M}" if plan.last_recorded else "",
                snapshot.sha256[:12],
            )
            for plan, snapshot in held
        ],
    )


@command.command("show")
@click.argument("plan", metavar="编号或数据包")
@click.option("--as-of", "as_of", metavar="日期", help="法律日期，默认今天。")
@click.option("--recorded", metavar="时间", help="按当时的记录，如 2026-01-15T09:00+08:00。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def show(
    session: Session, plan: str, as_of: str | None, recorded: str | None, as_json: bool
) -> None:
    """规划的身份、各类内容的数目、前后不一致之处。"""
    if Path(plan).exists() or len(Path(plan).parts) > 1:
        snapshot = _load(Path(plan))
    else:
        snapshot = session.open_workspace().plan_by_code(plan, _date(as_of), _moment(recorded))
    if as_json:
        print_json(_summary(snapshot))
        return
    _print_identity(session, snapshot)
    _print_counts(session, snapshot)
    _print_contradictions(session, snapshot)


@command.command("check")
@click.argument("path", type=click.Path(path_type=Path))
@pass_session
def check(session: Session, path: Path) -> None:
    """检查数据包，一次列出全部错误；没有错误时退出码为 0。"""
    snapshot = _load(path)
    click.echo(
        session.get(
            Text(
                f"没有错误：{snapshot.plan.name.zh}（{snapshot.sha256[:12]}）",
                f"no faults: {snapshot.plan.name.en} ({snapshot.sha256[:12]})",
            )
        )
    )


@command.command("add")
@click.argument("path", type=click.Path(path_type=Path))
@pass_session
def add(session: Session, path: Path) -> None:
    """检查数据包并加入工作区。"""

    snapshot = session.open_workspace().add_plan(path)
    session.say(
        Text(
            f"已加入 {snapshot.plan.name.zh}（{snapshot.sha256[:12]}）",
            f"added {snapshot.plan.name.en} ({snapshot.sha256[:12]})",
        )
    )


def _date(word: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(word) if word else dt.date.today()
    except ValueError as error:
        raise click.BadParameter("日期应为 2026-01-15 的形式", param_hint="--as-of") from error


def _moment(word: str | None) -> dt.datetime | None:
    """A recorded time; without a zone it is local time."""
    try:
        return dt.datetime.fromisoformat(word).astimezone() if word else None
    except ValueError as error:
        text = "时间应为 2026-01-15T09:00 的形式"
        raise click.BadParameter(text, param_hint="--recorded") from error


def _load(path: Path) -> PlanSnapshot:
    from minplan.formats.plan_package import load_plan

    return load_plan(path)


def _counts(snapshot: PlanSnapshot) -> list[tuple[Text, int]]:
    return [
        (Text("条款", "clauses"), len(snapshot.clauses)),
        (Text("规划分区与区块", "zones and blocks"), len(snapshot.zones)),
        (Text("管理措施", "measures"), len(snapshot.measures)),
        (Text("区块数", "block counts"), len(snapshot.block_counts)),
        (Text("总量与矿山数", "quotas"), len(snapshot.quotas)),
        (Text("准入门槛", "thresholds"), len(snapshot.thresholds)),
        (Text("规划指标", "indicators"), len(snapshot.indicators)),
        (Text("现状", "status"), len(snapshot.status)),
        (Text("分县规划", "county sub-plans"), len(snapshot.sub_plans)),
        (Text("附表", "tables"), len(snapshot.tables)),
        (Text("前后不一致", "contradictions"), len(snapshot.contradictions)),
    ]


def _print_identity(session: Session, snapshot: PlanSnapshot) -> None:
    plan = snapshot.plan
    rows = [
        (Text("名称", "name"), session.get(plan.name)),
        (Text("地区", "region"), f"{plan.region_name} {plan.region_code}"),
        (Text("规划期", "period"), f"{plan.first_year}–{plan.last_year}"),
        (Text("基期", "base year"), str(plan.base_year)),
        (Text("批准文件", "act"), plan.act),
        (Text("生效", "in effect"), f"{plan.effective_from}…{plan.effective_to or ''}"),
        (Text("版本", "hash"), snapshot.sha256),
    ]
    session.table(
        Text("规划", "Plan"),
        (Text("项目", "item"), Text("内容", "value")),
        [(session.get(name), value) for name, value in rows],
    )


def _print_counts(session: Session, snapshot: PlanSnapshot) -> None:
    session.table(
        Text("内容", "Contents"),
        (Text("内容", "contents"), Text("数目", "number")),
        [(session.get(name), str(count)) for name, count in _counts(snapshot)],
    )
    kinds = Counter(zone.kind for zone in snapshot.zones)
    drawn = Counter(zone.kind for zone in snapshot.zones if zone.geometry is not None)
    rough = Counter(zone.kind for zone in snapshot.zones if zone.schematic)
    session.table(
        Text("分区与区块", "Zones and blocks"),
        (
            Text("类别", "kind"),
            Text("数目", "number"),
            Text("有图形", "with geometry"),
            Text("示意", "schematic"),
        ),
        [
            (session.get(kind.word), str(n), str(drawn[kind]), str(rough[kind]))
            for kind, n in kinds.items()
        ],
    )


def _print_contradictions(session: Session, snapshot: PlanSnapshot) -> None:
    if not snapshot.contradictions:
        return
    session.table(
        Text("规划前后不一致之处（并列保留，不作取舍）", "Contradictions (all readings kept)"),
        (Text("编号", "id"), Text("内容", "subject"), Text("各处读数", "readings")),
        [
            (
                item.id,
                item.subject,
                "；".join(f"{reading.place}：{reading.value}" for reading in item.readings),
            )
            for item in snapshot.contradictions
        ],
    )


def _summary(snapshot: PlanSnapshot) -> dict[str, Any]:
    plan = snapshot.plan
    return {
        "id": plan.id,
        "name": plan.name.to_dict(),
        "region_code": plan.region_code,
        "first_year": plan.first_year,
        "last_year": plan.last_year,
        "act": plan.act,
        "effective_from": plan.effective_from.isoformat(),
        "effective_to": plan.effective_to.isoformat() if plan.effective_to else None,
        "sha256": snapshot.sha256,
        "counts": {name.en: count for name, count in _counts(snapshot)},
        "contradictions": [
            {
                "id": item.id,
                "subject": item.subject,
                "readings": [{"place": r.place, "value": r.value} for r in item.readings],
            }
            for item in snapshot.contradictions
        ],
    }
