"""Reading cases: always through the managers that show only what whoever acts may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, DateField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from minplan.core.cases.rules import Standing, offered
from minplan.core.cases.workflow import EDITABLE, State, Transition, transitions
from minplan.core.errors import Place, StoreError
from minplan.core.text import Text
from minplan.database.acting import acting
from minplan.database.models import Case, CaseFile, CaseStep

#: Orders of the list: (column, downwards).
SORTS: Final[Mapping[str, tuple[str, bool]]] = {
    "changed": ("changed", True),
    "due": ("due_or_never", False),
    "number": ("opened", True),
}
_NEVER: Final = dt.date(9999, 12, 31)
#: Columns too large for a list.
_LARGE: Final = ("content", "proposal")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of cases shows; everything empty means: all one may see.

    ``mine`` shows what whoever acts opened, ``todo`` what they may do next, ``overdue_on`` what
    was due before that day and is not closed.
    """

    states: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    text: str = ""
    mine: bool = False
    todo: bool = False
    overdue_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of a list: its cases, and the key the next page begins after ("" at the end)."""

    rows: tuple[Case, ...]
    following: str = ""


def get(number: str) -> Case:
    """The case with this number.

    Raises StoreError E811 when there is none, and equally when whoever acts may not see it.
    """
    found = Case.objects.select_related("review").filter(number=number).first()
    if found is None:
        raise StoreError(
            "E811",
            Text(f"没有案卷 {number}", f"no case {number}"),
            hint=Text("检查编号，或在案卷列表中查找", "check the number, or look into the list"),
        )
    return found


def listed(
    wanted: Filter | None = None, *, sort: str = "changed", after: str = "", limit: int = 50
) -> CasePage:
    """A page of cases, without what people typed and the geometry.

    ``sort`` is a key of :data:`SORTS`; ``after`` the ``following`` of the page before.
    """
    column, down = SORTS.get(sort, SORTS["changed"])
    found = _with_keys(_filtered(wanted or Filter()))
    if after:
        key, _, pk = after.rpartition("|")
        value = _parsed(column, key)
        beyond = "lt" if down else "gt"
        found = found.filter(
            Q(**{f"{column}__{beyond}": value}) | Q(**{column: value, f"pk__{beyond}": int(pk)})
        )
    sign = "-" if down else ""
    rows = tuple(
        found.order_by(f"{sign}{column}", f"{sign}pk")
        .select_related("review")
        .defer(*_LARGE, "review__record")[: limit + 1]
    )
    if len(rows) <= limit:
        return CasePage(rows)
    last = rows[limit - 1]
    value = getattr(last, column)
    shown = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return CasePage(rows[:limit], f"{shown}|{last.pk}")


def count(wanted: Filter | None = None) -> int:
    """How many cases a list would show."""
    return int(_filtered(wanted or Filter()).count())


def counts(column: str, wanted: Filter | None = None) -> dict[str, int]:
    """How many cases there are by the values of ``state``, ``county``, ``verdict`` or ``right``."""
    found = _filtered(wanted or Filter()).order_by().values(column).annotate(cases=Count("pk"))
    return {row[column]: row["cases"] for row in found if row[column]}


def tasks(limit: int = 20) -> tuple[Case, ...]:
    """What whoever acts may do next, the most urgent first."""
    return listed(Filter(todo=True), sort="due", limit=limit).rows


def steps(case: Case) -> tuple[CaseStep, ...]:
    """The steps of a case, in order."""
    return tuple(CaseStep.objects.filter(case=case).order_by("number"))


def files(case: Case) -> tuple[CaseFile, ...]:
    """The files of a case, the oldest first."""
    return tuple(CaseFile.objects.filter(case=case).select_related("original").order_by("pk"))


def get_file(case: Case, identifier: int) -> CaseFile:
    """A file of a case (StoreError E811 when it has no such file)."""
    found = CaseFile.objects.filter(case=case, pk=identifier).select_related("original").first()
    if found is None:
        raise StoreError("E811", Text("案卷中没有这个文件", "the case has no such file"))
    return found


def of_review(number: str) -> tuple[Case, ...]:
    """Cases, of those one may see, that have rested on a stored review at some time."""
    now = Case.objects.filter(review__number=number)
    told = CaseStep.objects.filter(action="review", reason=number).values("case")
    return tuple((now | Case.objects.filter(pk__in=told)).distinct().defer(*_LARGE))


def may_see_review(number: str) -> bool:
    """Whether whoever acts may see a stored review.

    Limited accounts (counties) see those of their cases; reviews without a case belong to the
    bureau. The public sees none.
    """
    access = acting()
    if access.is_public:
        return False
    return not access.is_limited or bool(of_review(number))


def standing(case: Case, stale: Sequence[Text] = ()) -> Standing:
    """What matters of a case for its next step; ``stale`` as the layers and the plan tell it."""
    round_ = _round(case)
    return Standing(
        state=State(case.state),
        author=case.author,
        holder=case.holder,
        county=case.county,
        verdict=case.verdict,
        decision=case.decision,
        has_proposal=case.proposal is not None,
        has_review=is_reviewed(case),
        stale=tuple(stale),
        done_by={step.action: step.actor for step in round_},
    )


def is_reviewed(case: Case) -> bool:
    """Whether the stored review is of what the case asks for now."""
    return case.review is not None and case.review.record.get("proposal") == case.proposal


def next_steps(case: Case) -> tuple[Transition, ...]:
    """The steps whoever acts may take with a case now."""
    return offered(acting(), standing(case))


def entered(case: Case) -> dt.datetime:
    """When the case came into the state it is in."""
    moves = [step for step in steps(case) if step.from_state != step.to_state]
    return moves[-1].recorded if moves else case.opened


def require_revision(case: Case, revision: int) -> None:
    """Refuse to write over what somebody else wrote meanwhile (StoreError E851)."""
    if case.revision == revision:
        return
    last = CaseStep.objects.filter(case=case).order_by("-number").first()
    who = last.actor_name if last else case.author
    raise StoreError(
        "E851",
        Text(
            f"案卷 {case.number} 在您打开后已被改动（最近办理：{who}）",
            f"the case {case.number} was changed after you opened it (last step: {who})",
        ),
        place=Place(field="revision"),
        hint=Text(
            "您填写的内容仍在本页；在新标签页打开案卷比较，再决定保留哪一份",
            "what you entered is still on this page; open the case in another tab, compare, and"
            " decide which to keep",
        ),
    )


def _round(case: Case) -> list[CaseStep]:
    """The steps since the last submission."""
    found: list[CaseStep] = []
    for step in CaseStep.objects.filter(case=case).order_by("number"):
        if step.action == "submit":
            found = []
        found.append(step)
    return found


def _with_keys(found: Any) -> Any:
    return found.annotate(
        due_or_never=Coalesce("due", Value(_NEVER), output_field=DateField()),
    )


def _parsed(column: str, key: str) -> Any:
    if column != "due_or_never":
        return dt.datetime.fromisoformat(key)
    return dt.date.fromisoformat(key)


def _filtered(wanted: Filter) -> Any:
    found = Case.objects.all()
    for column, values in (
        ("state", wanted.states),
        ("county", wanted.counties),
        ("verdict", wanted.verdicts),
        ("right", wanted.rights),
    ):
        if values:
            found = found.filter(**{f"{column}__in": values})
    if wanted.mine:
        found = found.filter(author=acting().actor)
    if wanted.todo:
        found = found.filter(_todo())
    if wanted.overdue_on:
        closed = [state.value for state in State if not state.is_open]
        found = found.filter(due__lt=wanted.overdue_on).exclude(state__in=closed)
    for part in wanted.text.split():
        columns = ("number", "title", "mineral", "county", "author", "review__number")
        any_of = Q()
        for column in columns:
            any_of |= Q(**{f"{column}__icontains": part})
        found = found.filter(any_of)
    return found


def _todo() -> Q:
    """Cases in which whoever acts may take the next step forward."""
    access = acting()
    own = Q(state__in=[state.value for state in EDITABLE]) & (
        Q(author=access.actor) | Q(holder=access.actor)
    )
    wanted = own
    for step in transitions():
        if step.own or step.needs_reason or not access.may(step.permission):
            continue
        here = Q(state__in=[state.value for state in step.sources])
        if step.not_same_as:
            here &= ~Q(Exists(_done_by(access.actor, step.not_same_as)))
        wanted |= here
    return wanted


def _done_by(actor: str, actions: tuple[str, ...]) -> Any:
    """Steps of this round that somebody took, for a subquery on cases."""
    later = CaseStep.objects.filter(
        case=OuterRef("case"), action="submit", number__gt=OuterRef("number")
    )
    return CaseStep.objects.filter(
        ~Exists(later), case=OuterRef("pk"), actor=actor, action__in=actions
    )
