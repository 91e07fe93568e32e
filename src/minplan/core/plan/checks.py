"""Totals a plan declares, held against the sums of its rows (``[[checks]]`` in plan.toml).

A check names a file, which rows of it count, and the declared number of rows or total of a column.
Where the plan itself does not add up, the check names the contradiction that records it; it
concerns the total where the check has both a total and a count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from minplan.core.errors import MinplanError
from minplan.core.plan import package
from minplan.core.plan.package import PlanFiles, as_text
from minplan.core.plan.rows import Row, Table, fault
from minplan.core.text import Text

_KEYS: Final = ("name", "file", "where", "except", "count", "column", "total", "contradiction")


@dataclass(frozen=True, slots=True)
class _Check:
    number: int
    keys: Mapping[str, Any]

    def text(self, key: str) -> str:
        return as_text(self.keys.get(key, "")).strip()

    def condition(self, key: str) -> Mapping[str, Any]:
        value = self.keys.get(key, {})
        return value if isinstance(value, Mapping) else {}

    def wrong(self, code: str, message: Text, field: str, hint: Text | None = None) -> MinplanError:
        return fault(
            code,
            message,
            file=package.PLAN,
            row=self.number,
            field=f"checks.{field}",
            hint=hint or Text("请核对 plan.toml 的这项检查", "mend this check in plan.toml"),
        )


def run_checks(
    checks: Any, files: PlanFiles, contradictions: set[str], faulty: set[str | None]
) -> list[MinplanError]:
    """Faults (E415) of the declared totals; E405, E408, E410 where a check is written wrongly.

    ``contradictions`` are the ids a check may name: such a check must *not* add up. Sums over
    ``faulty`` files wait until their own faults are mended.
    """
    faults: list[MinplanError] = []
    for number, keys in enumerate(checks if isinstance(checks, list) else [checks], start=1):
        check = _Check(number, keys if isinstance(keys, Mapping) else {})
        table = files.tables.get(check.text("file")) or files.further.get(check.text("file"))
        wrong = _miswritten(check, table, contradictions)
        faults.extend(wrong)
        if table is not None and not wrong and table.file not in faulty:
            faults.extend(_compare(check, table))
    return faults


def _miswritten(check: _Check, table: Table | None, contradictions: set[str]) -> list[MinplanError]:
    faults = [
        check.wrong("E405", Text(f"检查没有“{key}”这一项", f"a check has no key “{key}”"), key)
        for key in check.keys
        if key not in _KEYS
    ]
    if table is None:
        name = check.text("file")
        return [
            *faults,
            check.wrong("E410", Text(f"没有文件“{name}”", f"no file “{name}”"), "file"),
        ]
    column = [check.text("column")] if "column" in check.keys else []
    faults += [
        check.wrong(
            "E410", Text(f"{table.file} 没有“{name}”列", f"{table.file} has no “{name}”"), "column"
        )
        for name in (*check.condition("where"), *check.condition("except"), *column)
        if name not in table.columns
    ]
    named = check.text("contradiction")
    if named and named not in contradictions:
        text = Text(f"没有矛盾“{named}”", f"there is no contradiction “{named}”")
        faults.append(check.wrong("E410", text, "contradiction"))
    return faults


def _compare(check: _Check, table: Table) -> list[MinplanError]:
    rows = [row for row in table.rows if _is_counted(row, check)]
    faults: list[MinplanError] = []
    if "count" in check.keys:
        faults += _judge(check, "count", Decimal(len(rows)))
    if "column" in check.keys:
        total = Decimal(0)
        for row in rows:
            value = row.cells[check.text("column")].strip()
            try:
                total += Decimal(value or "0")
            except InvalidOperation:
                faults.append(_not_a_figure(row, check.text("column"), value))
        faults += _judge(check, "total", total)
    return faults


def _is_counted(row: Row, check: _Check) -> bool:
    return all(
        _holds(row, name, wanted) for name, wanted in check.condition("where").items()
    ) and not any(_holds(row, name, wanted) for name, wanted in check.condition("except").items())


def _holds(row: Row, name: str, wanted: Any) -> bool:
    values = wanted if isinstance(wanted, list) else [wanted]
    return row.cells[name].strip() in {as_text(item) for item in values}


def _judge(check: _Check, field: str, found: Decimal) -> list[MinplanError]:
    try:
        declared = Decimal(check.text(field))
    except InvalidOperation:
        stated = check.text(field)
        text = Text(f"“{stated}”不是数字", f"“{stated}” is not a number")
        return [check.wrong("E408", text, field)]
    concerned = "total" if "column" in check.keys else "count"
    contradicts = bool(check.text("contradiction")) and field == concerned
    if (found == declared) != contradicts:
        return []
    title = check.text("name") or check.text("file")
    if contradicts:
        text = Text(
            f"{title}：两者都是 {found}，并不矛盾",
            f"{title}: both are {found}, that is no contradiction",
        )
        hint = Text("删去此项的 contradiction", "drop the contradiction of this check")
    else:
        text = Text(
            f"{title}：写明 {declared}，逐行相加得 {found}",
            f"{title}: {declared} is declared, the rows add up to {found}",
        )
        hint = Text(
            "核对各行；若文本自身不符，记入 contradictions.toml 并在此写其编号",
            "check the rows; if the text itself differs, record the contradiction and name it here",
        )
    return [check.wrong("E415", text, field, hint)]


def _not_a_figure(row: Row, column: str, value: str) -> MinplanError:
    return fault(
        "E408",
        Text(f"“{value}”不是数字，不能合计", f"“{value}” cannot be added up"),
        file=row.file,
        row=row.number,
        field=column,
        hint=Text("改成数字，或在检查里用 except 排除此行", "mend it, or except the row"),
    )
