"""States of a case and the steps between them, read from ``workflow.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from minplan.core.access import Permission
from minplan.core.errors import MinplanError, Place
from minplan.core.text import Term, Text


def _table() -> dict[str, Any]:
    text = (resources.files(__package__) / "workflow.toml").read_text("utf-8")
    return tomllib.loads(text)


class State(Term):
    """How far a case has come (案卷状态)."""

    DRAFT = "draft", "草稿", "draft"
    SUBMITTED = "submitted", "已提交", "submitted"
    FIRST_CHECKED = "first-checked", "已初审", "first check done"
    SECOND_CHECKED = "second-checked", "已复核", "second check done"
    SIGNED = "signed", "已签发", "signed"
    ARCHIVED = "archived", "已归档", "archived"
    RETURNED = "returned", "已退回", "returned"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self not in (State.ARCHIVED, State.WITHDRAWN)

    @property
    def is_editable(self) -> bool:
        """Whether the author may still change what is asked."""
        return self in EDITABLE


#: States in which the author works on a case.
EDITABLE: Final = (State.DRAFT, State.RETURNED)
#: The way of a case that nothing stops, in order.
WAY: Final = (
    State.DRAFT,
    State.SUBMITTED,
    State.FIRST_CHECKED,
    State.SECOND_CHECKED,
    State.SIGNED,
    State.ARCHIVED,
)


@dataclass(frozen=True, slots=True)
class Transition:
    """A step from one state to another (办理环节); the keys are explained in ``workflow.toml``."""

    key: str
    word: Text
    sources: frozenset[State]
    target: State
    permission: Permission
    own: bool = False
    not_same_as: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    needs_reason: bool = False
    fresh: bool = False
    days: int | None = None

    @property
    def decides(self) -> bool:
        """Whether whoever takes the step gives a conclusion (人工结论)."""
        return "decision" in self.needs and self.target is not State.ARCHIVED


@cache
def transitions() -> tuple[Transition, ...]:
    """All steps, in the order in which they are offered."""
    return tuple(
        Transition(
            key=item["key"],
            word=Text(item["zh"], item["en"]),
            sources=frozenset(map(State, item["from"])),
            target=State(item["to"]),
            permission=Permission(item["permission"]),
            own=item.get("own", False),
            not_same_as=tuple(item.get("not-same-as", ())),
            needs=frozenset(item.get("needs", ())),
            needs_reason=item.get("needs-reason", False),
            fresh=item.get("fresh", False),
            days=item.get("days"),
        )
        for item in _table()["transitions"]
    )


def leaving(state: State) -> tuple[Transition, ...]:
    """The steps that lead out of a state."""
    return tuple(item for item in transitions() if state in item.sources)


def find(key: str, state: State) -> Transition:
    """The step with this key out of a state (MinplanError E852 when there is none)."""
    for item in leaving(state):
        if item.key == key:
            return item
    named = next((item.word for item in transitions() if item.key == key), Text(key, key))
    possible = leaving(state)
    raise MinplanError(
        "E852",
        Text(
            f"案卷{state.word.zh}，不能{named.zh}",
            f"a case that is {state.word.en} cannot take the step “{named.en}”",
        ),
        place=Place(field="action"),
        hint=Text(
            f"现在可以：{'、'.join(dict.fromkeys(t.word.zh for t in possible))}。"
            "如果别人刚刚办过，请刷新页面"
            if possible
            else "案卷已办结",
            f"now possible: {', '.join(dict.fromkeys(t.word.en for t in possible))};"
            " reload the page if somebody else has just taken a step"
            if possible
            else "the case is closed",
        ),
    )
