"""Review cases (审查案卷): opened, worked on and taken from step to step, here only.

Whoever acts (:func:`~minplan.database.acting.acting`) is the author of what is written. Every
step is a row that is never changed, and an entry of the audit chain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.db.models import Max

from minplan.core.access import Access, Permission
from minplan.core.cases.deadline import after_working_days
from minplan.core.cases.rules import require
from minplan.core.cases.workflow import State, find
from minplan.core.errors import MinplanError, Place
from minplan.core.review.finding import Outcome
from minplan.core.text import Text
from minplan.database import chain, originals
from minplan.database.acting import act_as, acting
from minplan.database.cases_parts import (
    described,
    only_county,
    own_draft,
    require_county,
    require_verdict,
    short,
    usable,
)
from minplan.database.cases_read import (
    CasePage,
    Filter,
    count,
    counts,
    entered,
    files,
    get,
    get_file,
    is_reviewed,
    listed,
    may_see_review,
    next_steps,
    of_review,
    require_revision,
    standing,
    steps,
    tasks,
)
from minplan.database.cases_told import digest, subject, told
from minplan.database.guards import writing
from minplan.database.models import Account, Case, CaseFile, CaseStep, Review
from minplan.database.times import recorded_time

__all__ = [
    "BUREAU",
    "CasePage",
    "Filter",
    "attach",
    "count",
    "counts",
    "disagree",
    "entered",
    "files",
    "get",
    "get_file",
    "is_reviewed",
    "listed",
    "may_see_review",
    "next_steps",
    "note_review",
    "of_review",
    "open_case",
    "require_may_review",
    "save_draft",
    "standing",
    "steps",
    "take",
    "tasks",
]

#: The clock of the bureau: days begin at its midnight.
BUREAU: Final = dt.timezone(dt.timedelta(hours=8))
#: Working days a case may take unless the installation says otherwise.
DAYS: Final = 5


def open_case(
    content: Mapping[str, Any], *, title: str = "", recorded: dt.datetime, days: int = DAYS
) -> Case:
    """Open a case of whoever acts, under the next free number of its year (``K2026-0001``).

    ``content`` is what the person entered, as plain JSON; ``days`` the working days it may take.
    Raises Forbidden E951 for whoever may not open reviews.
    """
    access = acting()
    access.require(Permission.REVIEW)
    moment = recorded_time(recorded)
    today = moment.astimezone(BUREAU).date()
    with writing():
        serial = _next_serial(today.year)
        number = f"K{today.year}-{serial:04d}"
        case = Case.objects.create(
            number=number,
            year=today.year,
            serial=serial,
            title=short(title) or number,
            county=only_county(access),
            state=State.DRAFT.value,
            author=access.actor,
            content=dict(content),
            opened=moment,
            changed=moment,
            due=after_working_days(today, days),
        )
        _step(case, "open", moment, before="")
        _tell(case, moment)
    return case


def save_draft(
    case: Case,
    *,
    revision: int,
    recorded: dt.datetime,
    content: Mapping[str, Any],
    proposal: Mapping[str, Any] | None = None,
    title: str | None = None,
    date: dt.date | None = None,
) -> Case:
    """Save what the author is working on; what has not changed is not written again.

    ``proposal`` is what could be made of the content (None: not yet), ``title`` None keeps the
    title, ``date`` None means that the review is of the day on which it runs.

    Raises StoreError E811, E851 (somebody else saved in between), Forbidden E854 (not the author),
    E952 (another county's ground), MinplanError E852 (not a draft).
    """
    moment = recorded_time(recorded)
    with writing():
        fresh = own_draft(case)
        require_revision(fresh, revision)
        wanted: dict[str, Any] = {
            "content": dict(content),
            "proposal": dict(proposal) if proposal is not None else None,
            "date": date,
            **({"title": short(title) or fresh.number} if title is not None else {}),
            **(described(proposal) if proposal is not None else {}),
        }
        require_county(wanted.get("county", ""))
        if not wanted.get("county") and acting().is_limited:
            wanted["county"] = fresh.county or only_county(acting())
        changed = {k: v for k, v in wanted.items() if getattr(fresh, k) != v}
        if changed:
            _write(fresh, changed, moment)
            _tell(fresh, moment)
    return fresh


def attach(
    case: Case, kind: str, name: str, path: Path, *, recorded: dt.datetime, note: str = ""
) -> CaseFile:
    """Keep a file with a case: what was handed in, or what was written for it.

    Raises StoreError E811, E812 (unreadable), Forbidden E854 (neither the author nor a checker).
    """
    moment = recorded_time(recorded)
    with writing():
        fresh = usable(case)
        original = originals.keep(path, actor=acting().actor, recorded=moment, name=name)
        row = CaseFile.objects.create(
            case=fresh,
            kind=kind,
            name=name[-255:],
            original=original,
            actor=acting().actor,
            recorded=moment,
        )
        content = {"kind": kind, "name": row.name, "sha256": original.pk, "size": original.size}
        _step(fresh, "attach", moment, reason=note, content=content)
        _write(fresh, {}, moment)
        _tell(fresh, moment)
    return row


def note_review(case: Case, review: Review, *, recorded: dt.datetime | None = None) -> Case:
    """Note the latest stored run of a case: its verdict, and what the proposal says.

    Once a case is submitted the run must be of what was submitted (MinplanError E852).
    """
    moment = recorded_time(recorded or review.recorded)
    record = review.record
    with writing():
        fresh = usable(case)
        proposal = record["proposal"]
        if not State(fresh.state).is_editable and fresh.proposal not in (None, proposal):
            raise MinplanError(
                "E852",
                Text(
                    "案卷已提交，核查的范围或属性与提交的不同",
                    "the case is submitted; the review is of something else",
                ),
                hint=Text("先退回申请人修改", "return it to the author first"),
            )
        changed = {
            **described(proposal),
            "proposal": proposal,
            "review": review,
            "verdict": review.verdict,
            "plan_code": record["plan"].get("id", ""),
        }
        require_county(changed["county"])
        content = {"review": review.number, "verdict": review.verdict}
        _step(fresh, "review", moment, reason=review.number, content=content)
        _write(fresh, changed, moment)
        _tell(fresh, moment)
    return fresh


def take(
    case: Case,
    action: str,
    *,
    reason: str = "",
    decision: str = "",
    recorded: dt.datetime,
    stale: Sequence[Text] = (),
    days: int = DAYS,
    revision: int | None = None,
) -> Case:
    """Take a step: ``submit``, ``first-check``, ``second-check``, ``sign``, ``archive``, ...

    ``decision`` is the human conclusion (a verdict), ``stale`` why the stored review no longer
    rests on what is in force (see :mod:`minplan.casework`), ``days`` the working days counted from
    a submission, ``revision`` the one the person looked at.

    Raises StoreError E811, E851; MinplanError E852 (no such step now), E853 (a reason is missing),
    E855 (something is missing), E856 (the review is out of date); Forbidden E951, E952, E854.
    """
    moment = recorded_time(recorded)
    require_verdict(decision)
    with writing():
        fresh = get(case.number)
        if revision is not None:
            require_revision(fresh, revision)
        before = standing(fresh, stale)
        step = find(action, before.state)
        require(acting(), before, step, reason=reason, decision=decision)
        content = {
            "decision": decision or (fresh.decision if step.decides else ""),
            "verdict": fresh.verdict,
            "review": fresh.review.number if fresh.review else "",
            "stale": [item.to_dict() for item in stale] if step.fresh else [],
            "content_sha256": digest(fresh.content),
            "proposal_sha256": digest(fresh.proposal),
        }
        changed = _after(
            fresh, step.target, decision=decision, reason=reason, moment=moment, days=days
        )
        source = fresh.state
        fresh.state = step.target.value
        _step(fresh, action, moment, before=source, reason=reason.strip(), content=content)
        _write(fresh, changed, moment)
        _tell(fresh, moment)
    return fresh


def disagree(
    case: Case,
    *,
    finding: int,
    rule: str,
    outcome: str,
    reason: str,
    recorded: dt.datetime,
) -> Case:
    """Note that an officer sees a finding differently; the machine's answer stays.

    ``finding`` is its place in the record, ``outcome`` what the officer holds ("" takes an earlier
    opinion back). Raises MinplanError E853 without a reason, E855 when the record has no such
    finding, Forbidden E854 for whoever may not check.
    """
    moment = recorded_time(recorded)
    if not reason.strip():
        raise MinplanError(
            "E853",
            Text("写明不同意见的理由", "say why you see it differently"),
            place=Place(field="reason"),
            hint=Text("系统结果保留，理由随案卷保存", "the machine's answer stays beside it"),
        )
    with writing():
        fresh = usable(case, author=False)
        found = fresh.review.record["findings"] if fresh.review else []
        known = {"", *(item.value for item in Outcome)}
        if not 0 <= finding < len(found) or found[finding]["rule"] != rule or outcome not in known:
            raise MinplanError(
                "E855",
                Text("核查记录中没有这一项", "the review has no such finding"),
                place=Place(field="finding"),
                hint=Text("刷新页面再试", "reload the page and try again"),
            )
        content = {
            "review": fresh.review.number,
            "finding": finding,
            "rule": rule,
            "machine": found[finding]["outcome"],
            "outcome": outcome,
        }
        _step(fresh, "opinion", moment, reason=reason.strip(), content=content)
        _write(fresh, {}, moment)
        _tell(fresh, moment)
    return fresh


def require_may_review(case: Case) -> None:
    """Refuse (Forbidden E854) whoever is neither the author nor checks cases."""
    usable(case)


def _after(
    case: Case, target: State, *, decision: str, reason: str, moment: dt.datetime, days: int
) -> dict[str, Any]:
    """What a step changes of a case besides its state."""
    changed: dict[str, Any] = {"state": target.value}
    if target is State.SUBMITTED and case.state in (State.DRAFT.value, State.RETURNED.value):
        changed["due"] = after_working_days(moment.astimezone(BUREAU).date(), days)
    if target is State.RETURNED:
        changed |= {"decision": "", "decision_reason": ""}
    elif decision:
        changed |= {"decision": decision}
        if decision == case.verdict:
            changed["decision_reason"] = ""
        elif reason.strip():
            changed["decision_reason"] = reason.strip()
    changed["closed"] = None if target.is_open else moment
    return changed


def _next_serial(year: int) -> int:
    """The next number of a year, over all counties."""
    with act_as(Access.of_system()):
        last = Case.objects.filter(year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def _step(
    case: Case,
    action: str,
    moment: dt.datetime,
    *,
    before: str | None = None,
    reason: str = "",
    content: Mapping[str, Any] | None = None,
) -> None:
    """Write a step; without ``before`` it leaves the state as it is."""
    actor = acting().actor
    account = Account.objects.filter(username=actor).first()
    last = CaseStep.objects.filter(case=case).aggregate(last=Max("number"))["last"]
    CaseStep.objects.create(
        case=case,
        number=(last or 0) + 1,
        action=action,
        from_state=case.state if before is None else before,
        to_state=case.state,
        actor=actor,
        actor_name=account.name if account else actor,
        reason=reason,
        content=dict(content or {}),
        recorded=moment,
    )


def _write(case: Case, changed: Mapping[str, Any], moment: dt.datetime) -> None:
    for name, value in {**changed, "changed": moment, "revision": case.revision + 1}.items():
        setattr(case, name, value)
    case.save(update_fields=[*changed, "changed", "revision"])


def _tell(case: Case, moment: dt.datetime) -> None:
    chain.record("case.write", subject(case), told(case), actor=acting().actor, recorded=moment)
