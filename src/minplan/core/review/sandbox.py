"""The sandbox in which the examples of rules run: a square block, a small plan, layers in memory.

Metres of an example count east and north from the south-west corner of the block. They are laid on
the ground by a plain scaling at the middle latitude of the block, so that edges that coincide
in an example coincide in lon/lat too; areas are true to about 0.02 % over a few kilometres.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.layer import ConstraintLayer
from minplan.core.geometry.measure import metres_per_degree
from minplan.core.geometry.overlay import MemoryLayer
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.making import make, make_plan
from minplan.core.plan.model import PlanSnapshot, Zone
from minplan.core.review.context import Context, Measurements
from minplan.core.review.engine import evaluate
from minplan.core.review.finding import Finding, Outcome
from minplan.core.review.proposal import Attachment, Proposal
from minplan.core.review.rule import Example, Rule

#: South-west corner of the block (degrees).
ORIGIN: Final = (113.2, 36.5)
#: West, south, east, north of the block in metres.
BLOCK: Final = (0.0, 0.0, 1000.0, 1000.0)

_DEGREE_M: Final = metres_per_degree(ORIGIN[1] + 0.0045)

#: The sandbox's proposal; an example overrides what it is about.
PROPOSAL: Final[Mapping[str, Any]] = {
    "name": "示例采矿权",
    "right": "mining-right",
    "action": "new",
    "minerals": ("建筑石料用灰岩",),
    "applicant": "示例申请人",
    "county": "示例县",
    "scale": 100,
    "service_life": 10,
    "reserves": {"measured": 500, "indicated": 800},
    "exploration_degree": "detailed",
    "elevation": (1300, 1100),
    "method": "open-pit",
    "grant_method": "挂牌",
}

# What a short mapping in an example may leave out.
_DEFAULTS: Final[Mapping[type, Mapping[str, Any]]] = {
    Attachment: {"number": "示例〔2025〕1号", "issuer": "示例单位", "date": dt.date(2025, 6, 1)},
}


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Degrees of a place given in metres from the block's south-west corner."""
    return ORIGIN[0] + x / _DEGREE_M[0], ORIGIN[1] + y / _DEGREE_M[1]


def rectangle(west: float, south: float, east: float, north: float) -> Polygon:
    """A rectangle given in metres, in lon/lat."""
    return box(*lonlat(west, south), *lonlat(east, north))


def proposal_of(example: Example) -> Proposal:
    """The proposal of an example; ``box`` in ``given`` replaces the square of the block."""
    given = {**PROPOSAL, **example.given}
    ground = Polygonal(rectangle(*given.pop("box", BLOCK)), source="sandbox")
    given.setdefault("geometry", ground)
    given["facts"] = dict(example.facts)
    given["attachments"] = tuple(
        _attachment(item, given["geometry"]) for item in example.attachments
    )
    return _make(Proposal, given)  # type: ignore[no-any-return]


def plan_of(example: Example) -> PlanSnapshot:
    """The plan of an example: its zones, and the fields of the snapshot it replaces."""
    given: dict[str, Any] = {"zones": tuple(_zone(item) for item in example.zones), **example.plan}
    return make_plan(given)


def layers_of(example: Example) -> dict[str, ConstraintLayer]:
    """The layers an example names; a layer it does not name is absent."""
    return {
        name: MemoryLayer.of(
            name,
            [_shape(item) for item in features],
            [{k: v for k, v in item.items() if k not in _SHAPES} for item in features],
        )
        for name, features in example.layers.items()
    }


def context_of(rule: Rule, example: Example) -> Context:
    """A rule's view of an example."""
    proposal, plan = proposal_of(example), plan_of(example)
    measured = Measurements(proposal, plan, layers_of(example))
    return Context(rule, proposal, plan, dt.date.fromisoformat(example.date), measured)


def judge(rule: Rule, example: Example) -> tuple[Finding, ...]:
    """The findings of a rule for an example; empty when it is not in force."""
    context = context_of(rule, example)
    return evaluate(rule, context) if rule.in_force(context.date) else ()


def outcome(rule: Rule, example: Example) -> Outcome:
    """The gravest outcome of a rule for an example."""
    order = list(Outcome)
    found = {item.outcome for item in judge(rule, example)}
    return min(found, key=order.index, default=Outcome.NOT_APPLICABLE)


def _attachment(item: str | Mapping[str, Any], ground: Polygonal) -> Attachment:
    given = {"kind": item} if isinstance(item, str) else item
    return _make(  # type: ignore[no-any-return]
        Attachment, {"geometry_hash": ground.fingerprint, **given}
    )


def _zone(item: Mapping[str, Any]) -> Zone:
    given = {key: value for key, value in item.items() if key not in _SHAPES}
    if _SHAPES.keys() & item.keys():
        given["geometry"] = Polygonal(_shape(item), source="sandbox")
    return _make(Zone, given)  # type: ignore[no-any-return]


_SHAPES: Final[Mapping[str, Callable[[Any], BaseGeometry]]] = {
    "box": lambda item: rectangle(*item),
    "line": lambda item: LineString([lonlat(*point) for point in item]),
}


def _shape(item: Mapping[str, Any]) -> BaseGeometry:
    key = next(name for name in _SHAPES if name in item)
    return _SHAPES[key](item[key])


def _make(kind: type, given: Mapping[str, Any]) -> Any:
    return make(kind, given, _DEFAULTS)
