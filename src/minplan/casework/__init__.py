"""What is done with a review case beyond its rows: run the review, write its reports, many at once.

The pages, the REST interface and the command line call these functions.
"""

# ruff: noqa: PLC0415  (modules with tables can be imported once a database is configured)
from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from minplan.core.cases.workflow import find
from minplan.core.errors import MinplanError, Place
from minplan.core.review.edition import rule_edition
from minplan.core.review.record import Reading
from minplan.core.text import Text
from minplan.formats.proposal_json import proposal_from_dict
from minplan.workspace import Workspace

if TYPE_CHECKING:
    from minplan.database.models import Case

__all__ = ["outdated", "review_case", "stale", "take"]


def stale(workspace: Workspace, case: Case, today: dt.date) -> tuple[Text, ...]:
    """Why the stored review of a case no longer rests on what is in force; empty when it does.

    A case with a review date of its own is compared with what is believed of that date now.
    """
    if case.review is None:
        return ()
    found = list(outdated(workspace, case.review.record, case.date or today))
    if case.review.record.get("proposal") != case.proposal:
        found.insert(
            0,
            Text("核查后改动过范围或属性", "the extent or the attributes were changed afterwards"),
        )
    return tuple(found)


def outdated(workspace: Workspace, record: dict[str, Any], date: dt.date) -> tuple[Text, ...]:
    """What the references of a record differ in from the plan, layers and rules of ``date``."""
    from minplan.core.review.missing import layer_names

    desk = workspace.desk(date)
    found: list[Text] = []
    if record["plan"]["sha256"] != desk.plan.sha256:
        found.append(Text("规划数据已更新", "the plan's data is newer"))
    if record["rule_edition"] != rule_edition():
        found.append(Text("规则集已更新", "the rules are newer"))
    then = {item["name"]: item["sha256"] for item in record["layers"]}
    now = {name: layer.version for name, layer in desk.layers.items()}
    for name in sorted(then.keys() | now.keys()):
        word = layer_names().get(name, Text(name, name))
        if name not in now:
            found.append(Text(f"{word.zh}图层已停用", f"{word.en} is no longer in force"))
        elif name not in then:
            found.append(Text(f"新增了{word.zh}图层", f"{word.en} was added"))
        elif then[name] != now[name].sha256:
            since = now[name].effective_from
            zh = f"{word.zh}图层已更新" + (f"（{since} 起）" if since else "")
            found.append(Text(zh, f"{word.en} is newer" + (f" ({since})" if since else "")))
    return tuple(found)


def review_case(workspace: Workspace, case: Case, *, recorded: dt.datetime, today: dt.date) -> Case:
    """Run the review of a case, store it, and note it with the case.

    Raises MinplanError E855 when the proposal is not complete yet.
    """
    from minplan.database import cases, reviews

    fresh = cases.get(case.number)
    if fresh.proposal is None:
        raise MinplanError(
            "E855",
            Text("申请事项还不完整，不能核查", "the proposal is not complete yet"),
            place=Place(field="proposal"),
            hint=Text("补全范围和属性后再核查", "complete the extent and the attributes first"),
        )
    cases.require_may_review(fresh)
    result = workspace.desk(fresh.date or today).review(proposal_from_dict(fresh.proposal))
    number, _ = workspace.save(result, _reading(fresh), recorded=recorded)
    return cases.note_review(fresh, reviews.get(number), recorded=recorded)


def take(
    workspace: Workspace,
    case: Case,
    action: str,
    *,
    recorded: dt.datetime,
    today: dt.date,
    reason: str = "",
    decision: str = "",
    days: int = 5,
    revision: int | None = None,
) -> Case:
    """Take a step with a case, telling whether its review still rests on what is in force.

    Raises what :func:`minplan.database.cases.take` raises.
    """
    from minplan.database import cases

    fresh = cases.get(case.number)
    step = find(action, cases.standing(fresh).state)
    return cases.take(
        fresh,
        action,
        reason=reason,
        decision=decision,
        recorded=recorded,
        stale=stale(workspace, fresh, today) if step.fresh else (),
        days=days,
        revision=revision,
    )


def _reading(case: Case) -> Reading | None:
    """How the input was understood: as the last stored run says, or as it was read."""
    told = (case.review.record.get("reading") if case.review else None) or None
    if told is not None:
        return Reading(
            sentence=Text(**told["sentence"]),
            source=told["source"],
            remarks=tuple(Text(**item) for item in told["remarks"]),
        )
    read = case.content.get("reading") or {}
    if not read.get("understanding"):
        return None
    said = [str(item.get("message")) for item in read.get("remarks") or ()]
    return Reading(
        Text(read["understanding"], read["understanding"]),
        str((case.content.get("source") or {}).get("name") or ""),
        tuple(Text(item, item) for item in said),
    )
