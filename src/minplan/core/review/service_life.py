"""The service life that reserves and scale give (服务年限): N = Q·η / (A·K) and its kin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from minplan.core.review.missing import NotChecked, fact_word, field_word
from minplan.core.review.scope import in_unit
from minplan.core.standard.tables import rows_at
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.review.context import Context

#: Column of the parameter table and the fact that replaces it.
_FACTS: Final = {
    "recovery": "mining_recovery",
    "dilution": "dilution",
    "reserve_coefficient": "reserve_coefficient",
    "inferred_factor": "inferred_factor",
}
_SOLID: Final = ("coal", "metal", "non-metal", "sand-stone")


@dataclass(frozen=True, slots=True)
class ServiceLife:
    """Computed service life in years, as bounds; equal where all inputs are known.

    ``parameters`` are the values used (per cent, factors), ``assumed`` the names of those taken
    from the table of defaults because the proposal declares none.
    """

    low: float
    high: float
    parameters: dict[str, float]
    assumed: tuple[Text, ...]

    def deviation(self, declared: float) -> float:
        """Share by which a declared life leaves the bounds; 0 inside them."""
        if declared < self.low:
            return (self.low - declared) / self.low
        if declared > self.high:
            return (declared - self.high) / self.high
        return 0.0

    @property
    def figure(self) -> str:
        """One figure, or the bounds, for messages."""
        if self.high - self.low < 0.05:
            return f"{self.low:.1f}"
        return f"{self.low:.1f}—{self.high:.1f}"


def is_solid(group: str) -> bool:
    """Whether the formula holds for a family of minerals; it does not for gas, water and heat."""
    return group in _SOLID


def declared_life(ctx: Context) -> float:
    """The declared life in years; NotChecked when it is missing or not above zero."""
    years = float(ctx.need("service_life"))
    if years <= 0:
        raise NotChecked(field_word("service_life"))
    return years


def computed_life(ctx: Context) -> ServiceLife:
    """The life by the formula (coal N = Q·η/(A·K), others N = Q·α/(A·(1−ρ))).

    Q counts measured and indicated resources in full and inferred ones with their confidence
    factor; of a bare total the inferred share is unknown, which gives two bounds. NotChecked when
    reserves or scale are missing or their units cannot be compared.
    """
    values, assumed = _parameters(ctx)
    low_q, high_q = _effective_reserves(ctx, values["inferred_factor"])
    scale = float(ctx.need("scale"))
    if scale <= 0:
        raise NotChecked(field_word("scale"))
    if high_q <= 0:
        raise NotChecked(field_word("reserves"))
    if values["reserve_coefficient"] <= 0 or values["recovery"] <= 0:
        raise NotChecked(fact_word("reserve_coefficient"), fact_word("mining_recovery"))
    if values["dilution"] >= 100:
        raise NotChecked(fact_word("dilution"))
    unit, target = ctx.proposal.reserves_unit, ctx.proposal.scale_unit
    share = values["recovery"] / 100 / values["reserve_coefficient"]
    share /= 1 - values["dilution"] / 100
    return ServiceLife(
        low=min(in_unit(ctx, low_q, unit, target)) * share / scale,
        high=max(in_unit(ctx, high_q, unit, target)) * share / scale,
        parameters=values,
        assumed=assumed,
    )


def _parameters(ctx: Context) -> tuple[dict[str, float], tuple[Text, ...]]:
    rows = rows_at("service_life", ctx.date, group=ctx.mineral.group)
    if not rows:
        name = ctx.mineral.name
        raise NotChecked(Text(f"{name}的服务年限参数", f"parameters of the life of {name}"))
    facts = ctx.proposal.facts
    values: dict[str, float] = {}
    assumed = []
    for column, fact in _FACTS.items():
        values[column] = float(facts.get(fact, rows[0][column]))
        if fact not in facts and _matters(ctx, column):
            assumed.append(fact_word(fact))
    return values, tuple(assumed)


def _matters(ctx: Context, column: str) -> bool:
    """Whether a parameter enters the formula of this proposal."""
    if column == "inferred_factor":
        return bool({"inferred", "total"} & ctx.proposal.reserves.keys())
    coal = ctx.mineral.group == "coal"
    return column == "recovery" or (column == "reserve_coefficient") is coal


def _effective_reserves(ctx: Context, inferred_factor: float) -> tuple[float, float]:
    reserves = ctx.need("reserves")
    known = float(reserves.get("measured", 0)) + float(reserves.get("indicated", 0))
    inferred = float(reserves.get("inferred", 0))
    if {"measured", "indicated", "inferred"} & reserves.keys():
        effective = known + inferred * inferred_factor
        return effective, effective
    total = float(reserves["total"])
    return total * inferred_factor, total
