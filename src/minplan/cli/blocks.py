"""``minplan blocks``: planning blocks, where they stand, and the steps of their life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(
    "blocks",
    help="规划区块：列表、查看、登记进展、指标使用。",
    epilog="""\b
示例
  minplan blocks list --county 黎城县
  minplan blocks show KQ009-1
  minplan blocks event KQ009-1 argued --date 2026-03-01 --document "核查意见〔2026〕3号"
  minplan blocks event KQ009-1 licensed --date 2026-06-01 --document 登记通知书 --right C1404…
  minplan blocks quotas
""",
)
def command() -> None:
    """Planning blocks."""


@command.command("list")
@click.option("--county", default="", help="只列一个县（区）。")
@click.option("--state", default="", help="只列一种状态，如 granted。")
@click.option("--as-of", "day", type=_DAY, help="某日的情况，默认今天。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写 JSON。")
@pass_session
def listing(
    session: Session, county: str, state: str, day: dt.datetime | None, as_json: bool
) -> None:
    """列出区块：编号、名称、县区、矿种、面积、状态。"""
    with _plan(session, day) as (plan, date):
        rows = [
            row
            for row in _rows(plan, date)
            if county in ("", *row["counties"]) and state in ("", row["state"])
        ]
    if as_json:
        print_json(rows)
        return
    words = _state_words()
    session.table(
        Text(f"规划区块（{date}）", f"Planning blocks on {date}"),
        [
            Text("编号", "code"),
            Text("名称", "name"),
            Text("县区", "county"),
            Text("矿种", "minerals"),
            Text("面积 km²", "area km²"),
            Text("状态", "state"),
            Text("自", "since"),
        ],
        [
            [
                row["key"],
                row["name"],
                "、".join(row["counties"]),
                "、".join(row["minerals"]),
                "" if row["area_km2"] is None else f"{row['area_km2']:.4f}",
                session.get(words[row["state"]]),
                row["since"] or "",
            ]
            for row in rows
        ],
    )


@command.command("show")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写 JSON。")
@pass_session
def show(session: Session, key: str, as_json: bool) -> None:
    """一个区块的内容、进展和沿革。"""
    with _plan(session, None) as (plan, date):
        from minplan.core.plan import lifecycle
        from minplan.database import blocks

        block = blocks.find(plan, key)
        taken = blocks.steps(plan, block.layer, key)
        tree = blocks.lineage(plan, block.layer, key)
        where = lifecycle.standing(taken, date)
    told = {
        "key": key,
        "layer": block.layer,
        "attributes": dict(block.attributes),
        "state": where.state,
        "steps": [
            {
                "state": step.state,
                "date": step.date.isoformat(),
                "document": step.document,
                "note": step.note,
                "actor": step.actor,
                "related": [item.to_dict() for item in step.related],
            }
            for step in taken
        ],
        "lineage": [
            {"from": line.start[1], "to": line.end[1], "relation": line.relation}
            for line in tree.lines
        ],
    }
    if as_json:
        print_json(told)
        return
    word = lifecycle.state(where.state).word
    session.say(
        Text(
            f"{key} {block.attributes.get('MC', '')}：{word.zh}",
            f"{key} {block.attributes.get('MC', '')}: {word.en}",
        )
    )
    if taken:
        session.table(
            Text("进展", "Steps"),
            [
                Text("日期", "date"),
                Text("状态", "state"),
                Text("依据", "document"),
                Text("登记", "by"),
            ],
            [
                [
                    step.date.isoformat(),
                    session.get(lifecycle.state(step.state).word),
                    step.document,
                    step.actor,
                ]
                for step in taken
            ],
        )
    for line in tree.lines:
        relation = lifecycle.relation_word(line.relation)
        ends = f"{line.start[1]} → {line.end[1]}"
        session.say(Text(f"{relation.zh}：{ends}", f"{relation.en}: {ends}"))


@command.command("event")
@click.argument("key")
@click.argument("state")
@click.option("--date", "day", type=_DAY, required=True, help="法定日期。")
@click.option("--document", required=True, help="依据文件。")
@click.option("--note", default="", help="说明；退回时写明原因。")
@click.option("--right", default="", help="许可证号，登记发证时须写。")
@pass_session
def event(session: Session, /, *, key: str, state: str, day: dt.datetime, **given: str) -> None:
    """登记一个区块的下一步（planned、argued、granted、licensed、struck）。"""
    with _plan(session, None) as (plan, _):
        from minplan.core.plan import lifecycle
        from minplan.core.plan.lifecycle import BECAME_RIGHT, Related
        from minplan.database import blocks

        block = blocks.find(plan, key)
        rights = "CKQ" if block.layer == "KAIGHQK" else "TKQ"
        number = given["right"].strip()
        blocks.register(
            plan,
            block.layer,
            key,
            state,
            day.date(),
            document=given["document"],
            note=given["note"],
            related=[Related(BECAME_RIGHT, rights, number)] if number else [],
            recorded=dt.datetime.now(dt.UTC),
        )
        word = lifecycle.state(state).word
    session.say(Text(f"已登记：{key} {word.zh}", f"registered: {key} is {word.en}"))


@command.command("quotas")
@click.option("--as-of", "day", type=_DAY, help="某日的情况，默认今天。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写 JSON。")
@pass_session
def quotas(session: Session, day: dt.datetime | None, as_json: bool) -> None:
    """集中开采区拟设采矿权指标：拟设、已出让、尚可出让。"""
    with _plan(session, day) as (plan, date):
        from minplan.core.plan.quota_use import quota_use
        from minplan.database import blocks, plans

        states = blocks.by_code(blocks.standings(plan, date))
        use = quota_use(plans.load(plan, date), states, blocks.gone(plan, date))
    rows: list[dict[str, Any]] = [
        {
            "zone": item.zone.code,
            "counties": list(item.zone.counties),
            "mineral": item.mineral,
            "existing": item.existing,
            "planned": item.planned,
            "argued": item.argued,
            "granted": item.granted,
            "left": item.left,
            "over": item.over,
            "blocks": list(item.blocks),
        }
        for item in use
    ]
    if as_json:
        print_json(rows)
        return
    session.table(
        Text("拟设采矿权指标使用", "Use of the planned numbers of rights"),
        [
            Text("分区", "zone"),
            Text("矿种", "mineral"),
            Text("拟设", "planned"),
            Text("已出让", "granted"),
            Text("尚可出让", "left"),
            Text("", ""),
        ],
        [
            [
                row["zone"],
                row["mineral"],
                _figure(row["planned"]),
                str(row["granted"]),
                _figure(row["left"]),
                session.get(Text("超出指标", "over the quota")) if row["over"] else "",
            ]
            for row in rows
        ],
    )


@contextmanager
def _plan(session: Session, day: dt.datetime | None) -> Iterator[tuple[Any, dt.date]]:
    """The plan in effect on a day, its database current for the block."""
    from minplan.database import use

    workspace, date = session.open_workspace(), day.date() if day else dt.date.today()
    with use(workspace.database):
        from minplan.core.access import Access
        from minplan.database import plans
        from minplan.database.acting import act_as

        with act_as(Access.of_system(workspace.actor)):
            yield plans.get(workspace.plan(date).plan.id), date


def _rows(plan: Any, date: dt.date) -> list[dict[str, Any]]:
    from minplan.core.plan.ground_checks import counties_of
    from minplan.core.plan.lifecycle import Standing
    from minplan.database import blocks
    from minplan.database.asof import as_of, values
    from minplan.database.editions import edition

    layers = blocks.block_layers(edition(plan.edition_id))
    where = blocks.standings(plan, date)
    rows = []
    for item in values(as_of(plan, date, layers=layers)):
        standing = where.get((item.layer, item.key), Standing())
        minerals = str(item.attributes.get("ZYKZ", ""))
        rows.append(
            {
                "key": item.key,
                "layer": item.layer,
                "name": item.attributes.get("MC", ""),
                "counties": list(counties_of(item)),
                "minerals": minerals.split("、") if minerals else [],
                "area_km2": item.attributes.get("JSMJ"),
                "state": standing.state,
                "since": standing.since.isoformat() if standing.since else None,
            }
        )
    return rows


def _state_words() -> dict[str, Text]:
    from minplan.core.plan.lifecycle import states

    return {item.key: item.word for item in states()}


def _figure(value: int | None) -> str:
    return "—" if value is None else str(value)
