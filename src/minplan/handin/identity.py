"""Which plan a hand-in is of: its own words, its manifest, a file, or the database."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from minplan.core.errors import Faults, InputError, MinplanError, Place, StoreError
from minplan.core.plan.entries import read_plan
from minplan.core.plan.features import IDENTITY, features_to_snapshot
from minplan.core.plan.model import Plan
from minplan.core.plan.package import PLAN, as_text
from minplan.core.plan.references import References
from minplan.core.plan.rows import Cells, Row
from minplan.core.standard.model import Edition
from minplan.core.text import Text
from minplan.database import plans
from minplan.handin import manifest
from minplan.handin.checked import Checker, read_features
from minplan.handin.matching import Match, Stated
from minplan.handin.survey import Survey


def identity_of(
    look: Survey, matches: Iterable[Match], edition: Edition, stated: Stated
) -> Plan | None:
    """What the input says of itself: its table of identity, else its manifest, else nothing."""
    return stated_identity(look.manifest, matches, edition, stated)


def stated_identity(
    told: Mapping[str, Any] | None, matches: Iterable[Match], edition: Edition, stated: Stated
) -> Plan | None:
    """The identity by the table of it among the layers, else by the manifest, else None.

    Raises InputError E902 for a manifest whose plan is incomplete, and as reading a layer does.
    """
    held = [item for item in matches if item.target == IDENTITY]
    rows = [item.feature for item in read_features(held, Checker(edition), stated)]
    if rows:
        return features_to_snapshot(rows, edition).plan
    if told is None:
        return None
    try:
        return manifest.plan_from_dict(told["plan"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "E902",
            Text(f"{manifest.NAME} 中的规划信息不完整", "the manifest's plan is incomplete"),
            place=Place(file=manifest.NAME, field="plan"),
            hint=Text("用 --identity plan.toml 说明规划", "state the plan by --identity plan.toml"),
        ) from error


def identity_from_file(path: Path) -> Plan:
    """The identity in a file like the ``plan.toml`` of a plan package.

    Raises InputError E912 when it cannot be read, Faults as the plan package does.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(
            "E912",
            Text(f"{path.name} 读不了：{error}", f"{path.name} cannot be read: {error}"),
            place=Place(file=str(path)),
            hint=Text("格式同规划数据包的 plan.toml", "write it like plan.toml of a plan package"),
        ) from error
    cells = {key: as_text(value) for key, value in told.items() if key != "checks"}
    faults: list[MinplanError] = []
    plan = read_plan(Cells(Row(PLAN, None, cells), faults), References())
    if faults:
        raise Faults(faults)
    return plan


def known_plan(code: str | None) -> str:
    """The plan of the database with this code, or the only one there is.

    Raises StoreError E811 for an unknown code, E908 when none or several could be meant.
    """
    if code is not None:
        return str(plans.get(code).code)
    listed = plans.listed()
    if len(listed) == 1:
        return str(listed[0].code)
    names = "、".join(item.code for item in listed) or "无"
    raise StoreError(
        "E908",
        Text("输入没有说明是哪个规划", "the input does not say which plan it is of"),
        hint=Text(
            f"用 --plan 指定（库中：{names}），或用 --identity plan.toml 说明",
            f"name it by --plan (the database has: {names}), or by --identity plan.toml",
        ),
    )
