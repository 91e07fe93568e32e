"""Whether somebody may take a step with a case now, and if not, why not and what helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from minplan.core.access import Access
from minplan.core.access.model import Forbidden
from minplan.core.cases.workflow import State, Transition, leaving, transitions
from minplan.core.errors import MinplanError, Place
from minplan.core.text import Text

_NEEDED = {
    "proposal": (
        Text("申请事项还不完整，不能核查", "the proposal is not complete yet"),
        Text("补全范围和属性后再提交", "complete the extent and the attributes first"),
    ),
    "review": (
        Text("还没有核查记录", "there is no stored review yet"),
        Text("先点“核查”，保存一次结果", "run the review and store its result first"),
    ),
    "decision": (
        Text("没有给出审查结论", "no conclusion was given"),
        Text(
            "在“审查结论”中选择一项；它与系统核查结果分开记录",
            "choose a conclusion; it is kept apart from the machine's verdict",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What matters of a case for the next step.

    ``done_by`` tells who took which step in this round (since the last submission), ``verdict`` is
    the machine's, ``decision`` the human conclusion so far, ``stale`` why the stored review no
    longer rests on what is in force.
    """

    state: State
    author: str
    county: str = ""
    holder: str = ""
    verdict: str = ""
    decision: str = ""
    has_proposal: bool = False
    has_review: bool = False
    stale: tuple[Text, ...] = ()
    done_by: Mapping[str, str] = field(default_factory=dict)

    def is_of(self, access: Access) -> bool:
        """Whether the case is in the hands of whoever acts."""
        return access.system or access.actor in (self.author, self.holder)


def refusal(access: Access, standing: Standing, transition: Transition) -> MinplanError | None:
    """Why whoever acts may not take this step at all, or None: permission, area, four eyes."""
    try:
        access.require(transition.permission, standing.county)
    except Forbidden as error:
        return error
    if transition.own and not standing.is_of(access):
        return Forbidden(
            "E854",
            Text(
                f"只有申请人能{transition.word.zh}",
                f"only the author may take the step “{transition.word.en}”",
            ),
            hint=Text(f"申请人：{standing.author}", f"author: {standing.author}"),
        )
    for earlier in transition.not_same_as:
        if not access.system and standing.done_by.get(earlier) == access.actor:
            return _same_person(transition, earlier)
    return None


def offered(access: Access, standing: Standing) -> tuple[Transition, ...]:
    """The steps whoever acts may take with a case now."""
    return tuple(
        item for item in leaving(standing.state) if refusal(access, standing, item) is None
    )


def require(
    access: Access,
    standing: Standing,
    transition: Transition,
    *,
    reason: str = "",
    decision: str = "",
) -> None:
    """Refuse a step that may not be taken so.

    Raises Forbidden E951, E952, E854 (not this person), MinplanError E855 (something is missing),
    E853 (a reason is missing), E856 (the review is out of date and no reason was given).
    """
    if error := refusal(access, standing, transition):
        raise error
    there = {
        "proposal": standing.has_proposal,
        "review": standing.has_review,
        "decision": bool(decision or standing.decision),
    }
    for need in sorted(transition.needs, key=list(_NEEDED).index):
        if not there[need]:
            message, hint = _NEEDED[need]
            raise MinplanError("E855", message, place=Place(field=need), hint=hint)
    _require_reason(standing, transition, reason.strip(), decision)


def _require_reason(standing: Standing, transition: Transition, reason: str, decision: str) -> None:
    if reason:
        return
    where = Place(field="reason")
    if transition.needs_reason:
        raise MinplanError(
            "E853",
            Text(f"{transition.word.zh}须写明理由", f"“{transition.word.en}” needs a reason"),
            place=where,
            hint=Text("写明要改什么、依据什么", "say what is to be changed, and on what basis"),
        )
    if transition.decides and decision and decision not in (standing.verdict, standing.decision):
        raise MinplanError(
            "E853",
            Text(
                "审查结论与系统核查结果不同，须写明理由",
                "the conclusion differs from the machine's verdict: a reason is needed",
            ),
            place=where,
            hint=Text(
                "系统结果保留不变；理由记入办理记录和审查意见",
                "the machine's verdict stays; the reason goes into the record and the opinion",
            ),
        )
    if transition.fresh and standing.stale:
        raise MinplanError(
            "E856",
            Text(
                f"核查记录已过期：{'；'.join(item.zh for item in standing.stale)}",
                f"the stored review is out of date: {'; '.join(x.en for x in standing.stale)}",
            ),
            place=where,
            hint=Text(
                "先重新核查；仍按原记录签发的，写明理由",
                "review again, or give a reason for signing on the stored one",
            ),
        )


def _same_person(transition: Transition, earlier: str) -> MinplanError:
    before = next(item.word for item in transitions() if item.key == earlier)
    return Forbidden(
        "E854",
        Text(
            f"本件的{before.zh}由您办理，不能再由您{transition.word.zh}",
            f"you took the step “{before.en}” of this case; somebody else must take"
            f" “{transition.word.en}”",
        ),
        hint=Text("请另一位具备权限的同事办理", "ask a colleague who may"),
    )
