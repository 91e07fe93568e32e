"""A check is one small unit: id, title, basis, level, weight, parameters, how it looks, examples.

A check is a function of a :class:`~minplan.core.quality.submission.Context` that yields faults. It
is registered by :func:`check`; the tests of its examples and a page of the documentation come from
the same unit. A check without a basis cannot be registered. A check that lacks what it needs
raises :class:`NotChecked`, or yields it and goes on; it then never counts as passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from minplan.core.basis import Basis
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.text import Term, Text

if TYPE_CHECKING:
    from minplan.core.quality.submission import Context


class Family(Term):
    """Families of checks; modules of :mod:`minplan.core.quality.checks` begin with their key."""

    PACKAGE = "package", "完整性与命名", "Completeness and naming"
    STRUCTURE = "structure", "结构", "Structure"
    VALUES = "values", "属性值", "Values"
    GEOMETRY = "geometry", "图形", "Geometry"
    TOPOLOGY = "topology", "拓扑", "Topology"
    AREA = "area", "面积", "Area"
    CONSISTENCY = "consistency", "图文表库一致", "Text, tables, maps and database agree"
    CONVEYANCE = "conveyance", "上下级衔接", "Conveyance of the upper plan"
    CONTROL_LINES = "control-lines", "管控边界", "Control lines"
    METADATA = "metadata", "元数据与文档", "Metadata and documents"


class Scope(Term):
    """What a check looks at; tells which checks run for a single layer or document."""

    PACKAGE = "package", "成果包", "package"
    LAYER = "layer", "单个图层或表", "one layer or table"
    LAYERS = "layers", "图层之间", "several layers"
    DOCUMENT = "document", "文档", "document"


class NotChecked(Exception):
    """A check cannot be made: what is missing is told, and shown as *not checked*."""

    def __init__(self, missing: Text) -> None:
        super().__init__(missing.zh)
        self.missing = missing


class NotApplicable(Exception):
    """A check has nothing to look at in this submission."""


#: What a check yields: faults, further ones by number, and what it could not look at.
Found = Fault | More | NotChecked
Evaluate = Callable[["Context"], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Example:
    """A small submission and the number of faults the check must find in it.

    ``given`` is built by :func:`minplan.core.quality.sandbox.submission`; ``faults`` 0 means it
    passes.
    """

    note: Text
    faults: int
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One registered check.

    ``weight`` is the share of its fault in the score; ``editions`` are the editions of the standard
    it applies to, empty for all; ``parameters`` are figures a bureau may set as data, with their
    defaults.
    """

    id: str
    title: Text
    family: Family
    scope: Scope
    level: Level
    weight: float
    basis: tuple[Basis, ...]
    explanation: Text
    evaluate: Evaluate
    mend: Text
    editions: tuple[str, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether all its bases were verified."""
        return all(item.certain for item in self.basis)

    def __reduce__(self) -> tuple[Callable[..., Check], tuple[Any, ...]]:
        """Another process has the same registry: what a bureau set is all that is handed on."""
        if self.id not in _REGISTRY:
            raise TypeError(f"check {self.id} is not registered")
        return _as_set, (self.id, self.level, self.weight, dict(self.parameters))


def _as_set(id: str, level: Level, weight: float, parameters: Mapping[str, float]) -> Check:
    return replace(_REGISTRY[id], level=level, weight=weight, parameters=parameters)


_REGISTRY: dict[str, Check] = {}


def check(
    id: str,
    title: Text,
    *,
    family: Family,
    scope: Scope,
    level: Level,
    basis: Basis | tuple[Basis, ...],
    explanation: Text,
    mend: Text,
    examples: tuple[Example, ...],
    weight: float = 1.0,
    editions: tuple[str, ...] = (),
    parameters: Mapping[str, float] | None = None,
) -> Callable[[Evaluate], Evaluate]:
    """Register the decorated function as a check.

    Raises ValueError when the id is taken, the basis is missing, or there is not one example that
    passes and one that fails.
    """
    bases = basis if isinstance(basis, tuple) else (basis,)
    if id in _REGISTRY:
        raise ValueError(f"check {id} is registered twice")
    if not bases:
        raise ValueError(f"check {id} cites no basis")
    if {item.faults > 0 for item in examples} != {True, False}:
        raise ValueError(f"check {id} needs a passing and a failing example")

    def register(evaluate: Evaluate) -> Evaluate:
        _REGISTRY[id] = Check(
            id=id,
            title=title,
            family=family,
            scope=scope,
            level=level,
            weight=weight,
            basis=bases,
            explanation=explanation,
            evaluate=evaluate,
            mend=mend,
            editions=editions,
            parameters=dict(parameters or {}),
            examples=examples,
        )
        return evaluate

    return register


def registered() -> tuple[Check, ...]:
    """All checks, by family and id; importing this module alone registers none."""
    order = list(Family)
    return tuple(sorted(_REGISTRY.values(), key=lambda item: (order.index(item.family), item.id)))
