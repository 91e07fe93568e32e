"""What a bureau sets for the checks: levels, weights, parameters, checks that are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from minplan.core.errors import Place, PlanDataError
from minplan.core.quality.check import Check
from minplan.core.quality.fault import Level
from minplan.core.text import Text


@dataclass(frozen=True, slots=True)
class Setting:
    """What is set for one check; None or empty leaves it as it is."""

    level: Level | None = None
    weight: float | None = None
    enabled: bool = True
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set, by id of the check."""

    checks: Mapping[str, Setting] = field(default_factory=dict)

    def applied(self, checks: Iterable[Check]) -> tuple[Check, ...]:
        """The checks as the bureau wants them, those it leaves out left out."""
        return tuple(self._one(item) for item in checks if self._of(item).enabled)

    def level_of(self, check: Check) -> Level | None:
        """The level of a check as the bureau wants it, None where it leaves the check out."""
        told = self._of(check)
        return (told.level or check.level) if told.enabled else None

    def _of(self, check: Check) -> Setting:
        return self.checks.get(check.id, Setting())

    def _one(self, check: Check) -> Check:
        told = self._of(check)
        return replace(
            check,
            level=told.level or check.level,
            weight=check.weight if told.weight is None else told.weight,
            parameters={**check.parameters, **told.parameters},
        )


def read_settings(
    told: Mapping[str, Any], checks: Iterable[Check], file: str = "quality.toml"
) -> Settings:
    """Settings from the content of a TOML file, for example::

        [Q-GE-05]
        level = "warning"
        weight = 2.0
        [Q-GE-05.parameters]
        degrees = 0.5
        [Q-PK-03]
        enabled = false

    Raises PlanDataError E942 for a check, a key or a parameter that does not exist, and for a
    value of the wrong kind.
    """
    known = {item.id: item for item in checks}
    return Settings({id: _setting(id, entry, known, file) for id, entry in told.items()})


def _setting(id: str, entry: Any, known: Mapping[str, Check], file: str) -> Setting:
    if id not in known:
        raise _wrong(file, id, "", (f"没有检查项“{id}”", f"there is no check {id!r}"), known)
    if not isinstance(entry, Mapping):
        raise _wrong(file, id, "", ("应为一节", "must be a section"), ())
    names = ("level", "weight", "enabled", "parameters")
    for name in entry:
        if name not in names:
            raise _wrong(file, id, name, (f"没有设置“{name}”", f"no setting {name!r}"), names)
    level, weight = entry.get("level"), entry.get("weight")
    if level is not None and level not in {item.value for item in Level}:
        raise _wrong(file, id, "level", (f"没有级别“{level}”", f"no level {level!r}"), [*Level])
    if weight is not None and (not _is_number(weight) or weight < 0):
        raise _wrong(file, id, "weight", ("权重应为非负数", "a weight is a figure ≥ 0"), ())
    if not isinstance(entry.get("enabled", True), bool):
        raise _wrong(file, id, "enabled", ("只能是 true 或 false", "must be true or false"), ())
    parameters = entry.get("parameters", {})
    for name, value in parameters.items():
        if name not in known[id].parameters:
            allowed = known[id].parameters
            raise _wrong(file, id, name, (f"没有参数“{name}”", f"no parameter {name!r}"), allowed)
        if not _is_number(value):
            raise _wrong(file, id, name, ("参数应为数字", "a parameter is a figure"), ())
    return Setting(
        None if level is None else Level(level),
        weight,
        entry.get("enabled", True),
        {name: float(value) for name, value in parameters.items()},
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _wrong(
    file: str, id: str, name: str, what: tuple[str, str], allowed: Iterable[str]
) -> PlanDataError:
    zh, en = what
    near = get_close_matches(name or id, [*allowed], n=3) or [*allowed][:8]
    listed = "、".join(near)
    return PlanDataError(
        "E942",
        Text(f"质检设置 [{id}]：{zh}", f"settings of {id}: {en}"),
        place=Place(file=file, field=name or None),
        hint=Text(f"可用：{listed}", f"use one of: {listed}") if listed else None,
    )
