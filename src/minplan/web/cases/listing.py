"""The list of cases: filters, deadlines, pages, export, reports of a selection."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from minplan.core.access import Permission
from minplan.core.cases.deadline import deadline, working_days_between
from minplan.core.cases.workflow import State
from minplan.core.errors import InputError
from minplan.core.review.finding import Verdict
from minplan.core.review.proposal import Action, RightKind
from minplan.core.text import Text
from minplan.database import cases
from minplan.database.cases import Filter
from minplan.database.models import Case
from minplan.web.access import requires
from minplan.web.cases import shown
from minplan.web.cases.page import today
from minplan.web.intake.sources import samples
from minplan.web.jobs import registry as jobs
from minplan.web.words import said, t

_PAGE: Final = 50
#: Cases whose reports are written in one go.
_MOST_REPORTS: Final = 200
_SORTS: Final = {
    "changed": Text("最近办理", "last change"),
    "due": Text("时限", "deadline"),
    "number": Text("编号", "number"),
}
_SWITCHES: Final = {
    "todo": Text("待我办理", "waiting for me"),
    "mine": Text("我提交的", "mine"),
    "overdue": Text("逾期", "overdue"),
}
_FIELDS: Final[dict[str, tuple[str, Any]]] = {
    "state": ("states", State),
    "verdict": ("verdicts", Verdict),
    "right": ("rights", RightKind),
    "county": ("counties", None),
}
_COLUMNS: Final = (
    Text("编号", "number"),
    Text("名称", "title"),
    Text("矿业权类型", "right"),
    Text("业务类型", "action"),
    Text("县（区）", "county"),
    Text("矿种", "mineral"),
    Text("状态", "state"),
    Text("系统核查结果", "machine's verdict"),
    Text("审查结论", "conclusion"),
    Text("申请人账号", "author"),
    Text("审查记录", "review"),
    Text("建立时间", "opened"),
    Text("最近办理", "changed"),
    Text("时限", "due"),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A value of a filter: how many cases it would show, and whether it is chosen."""

    value: str
    word: str
    count: int
    chosen: bool


@requires(Permission.READ)
def listing(request: HttpRequest) -> HttpResponse:
    """The cases one may see, filtered, a page at a time."""
    wanted = _wanted(request)
    sort = request.GET.get("sort", "changed")
    sort = sort if sort in _SORTS else "changed"
    page = cases.listed(wanted, sort=sort, after=_after(request), limit=_PAGE)
    context = {
        "rows": [_row(case) for case in page.rows],
        "following": page.following,
        "count": cases.count(wanted),
        "total": cases.count(),
        "chips": _chips(wanted),
        "switches": _switches(wanted),
        "text": wanted.text,
        "sort": sort,
        "sorts": _SORTS,
        "filtered": wanted != Filter(),
        "after": request.GET.get("after", ""),
        "samples": samples(),
    }
    return render(request, "cases/list.html", context)


@requires(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as CSV (with the mark Excel needs) or XLSX."""
    wanted, kind = _wanted(request), request.GET.get("format", "xlsx")
    if kind not in ("csv", "xlsx"):
        raise InputError(
            "E604",
            Text(f"不能输出“{kind}”格式", f"cannot write {kind}"),
            hint=Text("可选：csv、xlsx", "choose csv or xlsx"),
        )
    content = (_csv if kind == "csv" else _xlsx)(list(_lines(wanted)))
    answer = HttpResponse(
        content,
        content_type="text/csv; charset=utf-8"
        if kind == "csv"
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    name = f"{t('审查案卷', 'cases')}-{today().isoformat()}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@require_POST
@requires(Permission.READ)
def reports(request: HttpRequest) -> HttpResponse:
    """Write the reports of chosen cases into one archive, in the background."""
    numbers = list(dict.fromkeys(request.POST.getlist("case")))
    if not 0 < len(numbers) <= _MOST_REPORTS:
        raise InputError(
            "E859",
            Text(
                f"请选择 1 至 {_MOST_REPORTS} 件案卷", f"choose between 1 and {_MOST_REPORTS} cases"
            ),
            hint=Text("在列表左侧勾选", "tick them at the left of the list"),
        )
    for number in numbers:
        cases.get(number)
    title = Text(f"打包 {len(numbers)} 件案卷的报告", f"Reports of {len(numbers)} cases")
    job = jobs.start("case-reports", title, numbers=numbers, language=said(Text("zh", "en")))
    return redirect("job", job.pk)


def _wanted(request: HttpRequest) -> Filter:
    given = request.GET
    values = {name: tuple(filter(None, given.getlist(key))) for key, (name, _) in _FIELDS.items()}
    return Filter(
        **values,
        text=given.get("text", "").strip()[:200],
        mine="mine" in given,
        todo="todo" in given,
        overdue_on=today() if "overdue" in given else None,
    )


def _after(request: HttpRequest) -> str:
    """Where the page begins; a key that is none begins at the start."""
    after = request.GET.get("after", "")
    value, _, pk = after.rpartition("|")
    try:
        dt.datetime.fromisoformat(value)
        int(pk)
    except ValueError:
        return ""
    return after


def _row(case: Case) -> dict[str, Any]:
    state = State(case.state)
    due = deadline(case.due, today(), running=state.is_open)
    return {
        "case": case,
        "state": state,
        "late": -due.days,
        "right": _word(RightKind, case.right),
        "action": _word(Action, case.action),
        "verdict": shown.verdict(case.verdict),
        "decision": shown.verdict(case.decision),
        "deadline": due,
        "age": working_days_between(case.opened.astimezone(cases.BUREAU).date(), today()),
    }


def _chips(wanted: Filter) -> list[tuple[str, Text, list[Chip]]]:
    """The values of each filter; a filter's own choice does not narrow its counts."""
    words = {
        "state": Text("状态", "State"),
        "county": Text("县（区）", "County"),
        "verdict": Text("核查结果", "Verdict"),
        "right": Text("类型", "Right"),
    }
    found = []
    for key, title in words.items():
        name, kind = _FIELDS[key]
        chosen = getattr(wanted, name)
        freed: dict[str, Any] = {name: ()}
        counted = cases.counts(key, replace(wanted, **freed))
        order = [item.value for item in kind] if kind else sorted({*counted, *chosen})
        chips = [
            Chip(value, said(kind(value).word) if kind else value, counted.get(value, 0),
                 value in chosen)
            for value in order
            if value in counted or value in chosen
        ]  # fmt: skip
        if chips:
            found.append((key, title, chips))
    return found


def _switches(wanted: Filter) -> list[Chip]:
    on = {"todo": wanted.todo, "mine": wanted.mine, "overdue": wanted.overdue_on is not None}
    alone = {
        "todo": replace(wanted, todo=True),
        "mine": replace(wanted, mine=True),
        "overdue": replace(wanted, overdue_on=today()),
    }
    return [
        Chip(key, said(word), cases.count(alone[key]), on[key]) for key, word in _SWITCHES.items()
    ]


def _lines(wanted: Filter) -> Iterator[list[str]]:
    yield [said(column) for column in _COLUMNS]
    after = ""
    while True:
        page = cases.listed(wanted, sort="number", after=after, limit=500)
        for case in page.rows:
            yield _line(case)
        after = page.following
        if not after:
            return


def _line(case: Case) -> list[str]:
    return [
        case.number,
        case.title,
        _word(RightKind, case.right),
        _word(Action, case.action),
        case.county,
        case.mineral,
        said(State(case.state).word),
        shown.verdict(case.verdict)["word"],
        shown.verdict(case.decision)["word"],
        case.author,
        case.review.number if case.review else "",
        _moment(case.opened),
        _moment(case.changed),
        case.due.isoformat() if case.due else "",
    ]


def _moment(value: dt.datetime) -> str:
    return value.astimezone(cases.BUREAU).strftime("%Y-%m-%d %H:%M")


def _word(kind: Any, key: str) -> str:
    return said(kind(key).word) if key in {item.value for item in kind} else key


def _csv(lines: list[list[str]]) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows([[_harmless(cell) for cell in line] for line in lines])
    return target.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _xlsx(lines: list[list[str]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(t("审查案卷", "cases"))
        bold = book.add_format({"bold": True, "bg_color": "#e3eaf1"})
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line, bold if number == 0 else None)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(lines) - 1, 1), len(_COLUMNS) - 1)
        sheet.autofit()
    return target.getvalue()
