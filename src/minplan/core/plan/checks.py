"""Totals a plan declares, held against the sums of its rows (``[[checks]]`` in plan.toml).

A check names a file, which rows of it count, and the declared number of rows or total of a column.
Where the plan itself does not add up, the check names the contradiction that records it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from minplan.core.errors import MinplanError
from minplan.core.plan import package
from minplan.core.plan.package import PlanFiles, as_text
from minplan.core.plan.rows import Row, Table, fault
from minplan.core.text import Text

_KEYS: Final = ("name", "file", "where", "except", "count", "column", "total", "contradiction")


def run_checks(
    checks: Iterable[Any], files: PlanFiles, contradictions: set[str]
) -> list[MinplanError]:
    """Faults (E415) of the declared totals; E405, E406, E410 where a check is written wrongly."""
    faults: list[MinplanError] = []
    for number, check in enumerate(checks, start=1):
        faults.extend(_run(number, check, files, contradictions))
    return faults


def _run(number: int, check: Any, files: PlanFiles, contradictions: set[str]) -> list[MinplanError]:
    if not isinstance(check, Mapping):
        return [_wrong(number, "E406", Text("检查不是表", "the check is not a table"), "checks")]
    unknown = [key for key in check if key not in _KEYS]
    if unknown:
        text = Text(f"检查没有“{unknown[0]}”这一项", f"a check has no key “{unknown[0]}”")
        return [_wrong(number, "E405", text, unknown[0])]
    file = as_text(check.get("file", ""))
    table = files.tables.get(file) or files.further.get(file)
    if table is None:
        return [_wrong(number, "E410", Text(f"没有文件“{file}”", f"no file “{file}”"), "file")]
    named = as_text(check.get("contradiction", ""))
    if named and named not in contradictions:
        text = Text(f"没有矛盾“{named}”", f"there is no contradiction “{named}”")
        return [_wrong(number, "E410", text, "contradiction")]
    columns = [*check.get("where", {}), *check.get("except", {})]
    columns += [as_text(check["column"])] if "column" in check else []
    for column in columns:
        if column not in table.columns:
            text = Text(f"{file} 没有“{column}”列", f"{file} has no column “{column}”")
            return [_wrong(number, "E410", text, "column")]
    return _compare(number, check, table, bool(named))


def _compare(
    number: int, check: Mapping[str, Any], table: Table, contradicts: bool
) -> list[MinplanError]:
    rows = [row for row in table.rows if _counts(row, check)]
    faults: list[MinplanError] = []
    title = as_text(check.get("name", table.file))
    if "count" in check:
        faults += _judge(number, title, Decimal(len(rows)), check["count"], contradicts, "count")
    if "column" in check:
        column = as_text(check["column"])
        total = Decimal(0)
        for row in rows:
            try:
                total += Decimal(row.cells.get(column, "").strip() or "0")
            except InvalidOperation:
                value = row.cells[column]
                faults.append(
                    fault(
                        "E408",
                        Text(f"“{value}”不是数字，不能合计", f"“{value}” cannot be added up"),
                        file=row.file,
                        row=row.number,
                        field=column,
                        hint=Text("改成数字，或在检查里排除此行", "mend it, or except the row"),
                    )
                )
        faults += _judge(number, title, total, check.get("total", ""), contradicts, "total")
    return faults


def _counts(row: Row, check: Mapping[str, Any]) -> bool:
    return all(_is(row, key, wanted) for key, wanted in check.get("where", {}).items()) and not any(
        _is(row, key, wanted) for key, wanted in check.get("except", {}).items()
    )


def _is(row: Row, key: str, wanted: Any) -> bool:
    values = wanted if isinstance(wanted, list) else [wanted]
    return row.cells.get(key, "").strip() in {as_text(item) for item in values}


def _judge(
    number: int, title: str, found: Decimal, stated: Any, contradicts: bool, field: str
) -> list[MinplanError]:
    try:
        declared = Decimal(as_text(stated))
    except InvalidOperation:
        text = Text(f"“{stated}”不是数字", f"“{stated}” is not a number")
        return [_wrong(number, "E408", text, field)]
    if (found == declared) != contradicts:
        return []
    if contradicts:
        text = Text(
            f"{title}：两者都是 {found}，已不矛盾",
            f"{title}: both are {found}, there is no contradiction",
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
    return [_wrong(number, "E415", text, field, hint)]


def _wrong(
    number: int, code: str, message: Text, field: str, hint: Text | None = None
) -> MinplanError:
    return fault(
        code,
        message,
        file=package.PLAN,
        row=number,
        field=f"checks.{field}",
        hint=hint or Text("请核对 plan.toml 的 checks", "check the checks of plan.toml"),
    )
