"""Faults as a workbook (缺陷清单): summary, faults, what was not checked, waivers, comparison."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from minplan.core.quality.fault import Level
from minplan.core.quality.inspection import State
from minplan.core.text import Language, Text
from minplan.reports.palette import outcome_styles
from minplan.reports.quality.told import COLUMNS, MARKS, Told, cells

_EPOCH: Final = dt.datetime(2000, 1, 1)
_WIDTHS: Final = (8, 10, 26, 30, 14, 8, 16, 12, 60, 16, 16, 40, 13, 13, 30, 8, 8)
#: Rows a sheet of a workbook can hold, its head included.
_MOST_ROWS: Final = 1_048_576

Value = Text | str | float | int


def write_workbook(told: Told, target: Path, language: Language) -> None:
    """Write every fault that was kept, with what else the report tells, as ``target``."""
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as b:
        b.set_properties({"created": _EPOCH, "title": told.inspection.name})
        book = _Book(b, language)
        book.sheet(
            Text("总表", "summary"),
            [Text("类别", "family"), *(level.word for level in Level), Text("得分", "points")],
            _summary(told),
            (30, 10, 10, 10, 10, 10),
        )
        faults = [cells(told, fault) for result, _ in told.found() for fault in result.faults]
        book.sheet(
            Text("缺陷清单", "faults"), COLUMNS, faults[: _MOST_ROWS - 1], _WIDTHS, marks=True
        )
        book.sheet(
            Text("检查项", "checks"),
            (
                Text("检查项", "check"),
                Text("名称", "title"),
                Text("结果", "result"),
                Text("检查数", "examined"),
                Text("缺陷数", "faults"),
                Text("未检查的原因", "why it was not checked"),
            ),
            _checks(told),
            (10, 36, 12, 10, 10, 80),
        )
        book.sheet(
            Text("豁免", "waivers"),
            (*COLUMNS[1:9], Text("理由", "why"), Text("豁免人", "who"), Text("截止", "until")),
            _waivers(told),
            (*_WIDTHS[1:9], 40, 12, 12),
        )
        if told.comparison is not None:
            book.sheet(
                Text("已改", "fixed"),
                COLUMNS[:12],
                [cells(told, fault)[:12] for fault in told.comparison.fixed],
                _WIDTHS[:12],
            )


class _Book:
    """Sheets of one look in one language."""

    def __init__(self, book: Any, language: Language) -> None:
        self._book = book
        self._language = language
        self._head = book.add_format({"bold": True, "bg_color": "#F5F7FA", "border": 1})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._marks = {
            level.word.get(language): book.add_format(
                {"bg_color": style.fill, "font_color": style.text, "valign": "top"}
            )
            for level in Level
            if (style := outcome_styles()[MARKS[level]])
        }

    def sheet(
        self,
        title: Text,
        heads: Sequence[Text],
        rows: Iterable[Sequence[Value]],
        widths: Sequence[int],
        *,
        marks: bool = False,
    ) -> None:
        """Add a sheet; ``marks`` colours the first column by level."""
        page = self._book.add_worksheet(title.get(self._language))
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            page.set_column(column, column, width, self._wrap)
            page.write_string(0, column, head.get(self._language), self._head)
        number = 0
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._write(page, (number, column), value, marks=marks and column == 0)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(number, 1), len(heads) - 1)

    def _write(self, page: Any, place: tuple[int, int], value: Value, *, marks: bool) -> None:
        if isinstance(value, int | float):
            page.write_number(*place, value)
            return
        plain = value.get(self._language) if isinstance(value, Text) else value
        page.write_string(*place, plain, self._marks.get(plain) if marks else None)


def _summary(told: Told) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = []
    for family, counts in told.summary().items():
        points = told.score.families.get(family)
        rows.append(
            (family.word, *(counts[level] for level in Level), "" if points is None else points)
        )
    total = told.inspection.counts
    rows.append((Text("合计", "total"), *(total[level] for level in Level), told.score.points))
    rows.append((Text("结论", "verdict"), told.score.verdict.word, "", "", "", ""))
    return rows


def _checks(told: Told) -> list[tuple[Value, ...]]:
    return [
        (
            item.check,
            told.title_of(item.check),
            item.state.word,
            item.examined,
            "" if item.state is State.NOT_APPLICABLE else item.total,
            Text(
                "；".join(reason.zh for reason in item.missing),
                "; ".join(reason.en for reason in item.missing),
            ),
        )
        for item in told.inspection.results
    ]


def _waivers(told: Told) -> list[tuple[Value, ...]]:
    return [
        (
            *cells(told, item.fault)[1:9],
            item.waiver.why,
            item.waiver.who,
            item.waiver.until.isoformat() if item.waiver.until else "",
        )
        for result in told.inspection.results
        for item in result.waived
    ]
