"""The page of a case: what is asked, what the review says, what people decided."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.csrf import ensure_csrf_cookie

from minplan import casework
from minplan.core.access import Permission
from minplan.core.cases.deadline import after_working_days, deadline
from minplan.core.cases.workflow import WAY, State, Transition, leaving, transitions
from minplan.core.geometry.area import planar_system
from minplan.core.review.finding import Outcome, Verdict
from minplan.core.review.proposal import Action, RightKind
from minplan.core.text import Text
from minplan.database import cases
from minplan.database.models import Case, CaseStep
from minplan.formats.proposal_json import proposal_from_dict
from minplan.reports.corners import corners_of
from minplan.reports.wording import degrees_minutes_seconds
from minplan.web.access import requires
from minplan.web.cases import shown
from minplan.web.desk import workspace

#: Steps that are no transitions, as people say them.
STEP_WORDS = {
    "open": Text("建立案卷", "Opened"),
    "review": Text("核查并保存结果", "Reviewed, result stored"),
    "attach": Text("加入材料", "File added"),
    "opinion": Text("对核查项提出不同意见", "Opinion on a finding"),
}


@ensure_csrf_cookie
@requires(Permission.READ)
def show(request: HttpRequest, number: str) -> HttpResponse:
    """A case with its latest stored review."""
    case = cases.get(number)
    steps = cases.steps(case)
    context = {
        **summary(case, steps),
        **_handling(request, case, steps),
        "corners": _corners(case),
        "files": cases.files(case),
        **(_result(request, case, steps) if case.review else {}),
    }
    return render(request, "cases/page.html", context)


def summary(case: Case, steps: Sequence[CaseStep]) -> dict[str, Any]:
    """What the head of every page about a case says."""
    state = State(case.state)
    due = deadline(case.due, today(), running=state.is_open)
    return {
        "case": case,
        "state": state,
        "late": -due.days,
        "right": _term(RightKind, case.right),
        "action": _term(Action, case.action),
        "deadline": due,
        "verdict": shown.verdict(case.verdict),
        "decision": shown.verdict(case.decision),
        "author_name": next((s.actor_name for s in steps if s.action == "open"), case.author),
    }


def today() -> dt.date:
    """The bureau's day."""
    return dt.datetime.now(cases.BUREAU).date()


def step_word(step: CaseStep) -> Text:
    """What a step is called."""
    known = {item.key: item.word for item in transitions()}
    return STEP_WORDS.get(step.action) or known.get(step.action) or Text(step.action, step.action)


def _handling(request: HttpRequest, case: Case, steps: Sequence[CaseStep]) -> dict[str, Any]:
    """The steps taken, those that may be taken now, and who waits for whom."""
    offered = cases.next_steps(case)
    state = State(case.state)
    mine = request.access.actor in (case.author, case.holder)
    checks = any(
        request.access.may(item, case.county)
        for item in (Permission.FIRST_CHECK, Permission.SECOND_CHECK, Permission.SIGN)
    )
    return {
        "steps": [_told(item) for item in reversed(steps)],
        "way": _way(state, steps),
        "offered": offered,
        "forward": [item for item in offered if not item.needs_reason and item.key != "withdraw"],
        "back": [item for item in offered if item.needs_reason or item.key == "withdraw"],
        "deciding": any(item.decides for item in offered),
        "verdicts": [shown.verdict(item.value) for item in Verdict],
        "waiting_for": _waiting_for(state) if not offered and state.is_open else (),
        "step_due": _step_due(case),
        "editable": state.is_editable and mine,
        "reviewable": case.proposal is not None and state.is_open and (mine or checks),
        "opinionable": checks and state.is_open,
        "attachable": mine or checks,
        "outcomes": [item for item in Outcome if item is not Outcome.NOT_APPLICABLE],
    }


def _result(request: HttpRequest, case: Case, steps: Sequence[CaseStep]) -> dict[str, Any]:
    record = case.review.record
    return {
        **result(request, record, shown.opinions_of(steps, case.review.number)),
        "review": case.review,
        "stale": casework.stale(workspace(), case, today()) if State(case.state).is_open else (),
        "copies": _copies(request, case),
    }


def result(
    request: HttpRequest, record: dict[str, Any], opinions: dict[int, Any] | None = None
) -> dict[str, Any]:
    """What a page shows of a stored review."""
    found = shown.groups(record, request.access, opinions)
    return {
        "record": record,
        "groups": found,
        "counts": shown.counts(record),
        "worst": shown.worst(record),
        "mends": shown.mends(found),
        "suggestion": shown.suggestion(record),
        "sources": shown.sources(record, request.access),
        "places": shown.places(record, request.access),
    }


def _told(step: CaseStep) -> dict[str, Any]:
    decision = step.content.get("decision", "")
    outcome = step.content.get("outcome", "")
    return {
        "step": step,
        "word": step_word(step),
        "decision": shown.verdict(decision),
        "differs": bool(decision) and decision != step.content.get("verdict", ""),
        "machine": shown.verdict(step.content.get("verdict", "")),
        "opinion": Outcome(outcome) if outcome else None,
        "withdrawn": step.action == "opinion" and not outcome,
        "moved": step.from_state != step.to_state and State(step.to_state),
        "stale": step.content.get("stale") or (),
    }


def _way(state: State, steps: Sequence[CaseStep]) -> list[dict[str, Any]]:
    """The straight way, how far it is done, and who did it."""
    here = WAY.index(state) if state in WAY else 0
    last = {step.to_state: step for step in steps if step.from_state != step.to_state}
    return [
        {
            "state": item,
            "done": place <= here,
            "now": item is state,
            "step": last.get(item.value) if place <= here else None,
        }
        for place, item in enumerate(WAY)
    ]


def _waiting_for(state: State) -> list[dict[str, Any]]:
    """Who may take the next step, where whoever looks may not."""
    from minplan.core.access.model import roles_with  # noqa: PLC0415

    return [
        {"word": item.word, "roles": roles_with(item.permission), "own": item.own}
        for item in leaving(state)
        if not item.needs_reason and item.key not in ("withdraw", "reopen")
    ]


def _step_due(case: Case) -> dict[str, Any] | None:
    """Until when the next step is due."""
    timed: list[Transition] = [item for item in leaving(State(case.state)) if item.days]
    if not timed:
        return None
    came = cases.entered(case).astimezone(cases.BUREAU).date()
    due = after_working_days(came, timed[0].days or 0)
    return {"word": timed[0].word, "deadline": deadline(due, today(), running=True)}


def _corners(case: Case) -> dict[str, Any] | None:
    """The corners of the block in its 3° zone and in degrees."""
    if not case.proposal:
        return None
    polygonal = proposal_from_dict(case.proposal).geometry
    return {
        "system": planar_system(polygonal).name,
        "rows": [
            {
                "corner": item,
                "north": f"{item.north:.2f}",
                "east": f"{item.east:.2f}",
                "lat": degrees_minutes_seconds(item.lat),
                "lon": degrees_minutes_seconds(item.lon),
            }
            for item in corners_of(polygonal)
        ],
    }


def _copies(request: HttpRequest, case: Case) -> list[dict[str, str]]:
    """The case and its review as a link, a command, Python."""
    number = case.review.number
    return [
        {"word": "link", "text": request.build_absolute_uri(reverse("case", args=[case.number]))},
        {"word": "command", "text": f"minplan replay {shlex.quote(number)}"},
        {
            "word": "python",
            "text": (
                "from minplan.workspace import Workspace\n"
                f'Workspace("workspace").replay("{number}").again.verdict'
            ),
        },
    ]


def _term(kind: Any, key: str) -> Any:
    try:
        return kind(key) if key else None
    except ValueError:
        return None


def address_of_edit(number: str) -> str:
    """Where a draft is worked on."""
    try:
        return reverse("case-edit", args=[number])
    except NoReverseMatch:
        return ""
