"""Which proposals a rule is about, and which figures of the plan hold for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from minplan.core.plan.model import Quota, Status, Threshold
from minplan.core.review.missing import NotChecked, fact_word
from minplan.core.review.proposal import Action, RightKind
from minplan.core.standard.minerals import find_mineral, lineage
from minplan.core.standard.scales import MineScale, converted, scale_grade
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.review.context import Context

Figure = TypeVar("Figure", Threshold, Quota, Status)


def mining(ctx: Context) -> bool:
    """A mining right or mining block, other than its cancellation or change of name."""
    return ctx.proposal.right.is_mining and ctx.proposal.action not in (
        Action.CANCELLATION,
        Action.RENAME,
    )


def new_mining(ctx: Context) -> bool:
    """A mining right or block put on new ground or changed in extent, mineral or scale."""
    return ctx.proposal.right.is_mining and ctx.proposal.action.sets_new_ground


def existing_mine(ctx: Context) -> bool:
    """A mining right that exists already: renewed, changed or transferred."""
    return ctx.proposal.right is RightKind.MINING_RIGHT and ctx.proposal.action in (
        Action.RENEWAL,
        Action.CHANGE,
        Action.TRANSFER,
    )


def with_applicant(ctx: Context) -> bool:
    """A right asked for by somebody; a block to be granted has no applicant yet."""
    return not ctx.proposal.right.is_block and ctx.proposal.action in (
        Action.NEW,
        Action.CONVERSION,
        Action.CHANGE,
        Action.RENEWAL,
        Action.TRANSFER,
    )


def names(ctx: Context) -> tuple[str, ...]:
    """The main mineral and the wider ones it belongs to; empty when the name is unknown."""
    found = find_mineral(ctx.proposal.mineral)
    return lineage(found) if found else ()


def of_mineral(*wanted: str) -> Callable[[Context], bool]:
    """Whether the main mineral is one of these, or belongs to one of them."""
    return lambda ctx: bool(set(names(ctx)) & set(wanted))


def group(ctx: Context) -> str:
    """The family of the main mineral; empty when the name is unknown."""
    found = find_mineral(ctx.proposal.mineral)
    return found.group if found else ""


def for_mineral(ctx: Context, figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Figures of the plan for the proposal's mineral, or else for the nearest wider one.

    Figures for all minerals (None) are left out. NotChecked when the mineral is unknown.
    """
    rows = [(canonical(item.mineral), item) for item in figures if item.mineral]
    for name in lineage(ctx.mineral):
        found = tuple(item for mineral, item in rows if mineral == name)
        if found:
            return found
    return ()


def canonical(mineral: str | None) -> str | None:
    """The mineral's name in the code list; names the list does not know stay as they are."""
    found = find_mineral(mineral) if mineral else None
    return found.name if found else mineral


def in_unit(ctx: Context, value: float, unit: str, target: str) -> tuple[float, ...]:
    """``value`` in another unit: one figure, or the bounds of the usual densities of the rock.

    NotChecked when the units need a density that is neither declared nor usual for the mineral.
    """
    density = ctx.proposal.facts.get("density")
    found = converted(value, unit, target, ctx.mineral.name, density)
    if not found:
        raise NotChecked(fact_word("density"))
    return found


def designed_scale(ctx: Context, target: str) -> tuple[float, ...]:
    """The designed yearly output in ``target`` units, as :func:`in_unit`."""
    return in_unit(ctx, float(ctx.need("scale")), ctx.proposal.scale_unit, target)


def mine_scale(ctx: Context) -> MineScale:
    """The production scale of the proposal by the dated table.

    NotChecked when the table has no row for the mineral, or a density is needed.
    """
    proposal = ctx.proposal
    grade = scale_grade(
        ctx.mineral.name,
        proposal.method.value if proposal.method else "",
        float(ctx.need("scale")),
        proposal.scale_unit,
        ctx.date,
        density=proposal.facts.get("density"),
    )
    if grade is None:
        name = ctx.mineral.name
        raise NotChecked(
            Text(f"{name}的生产规模分级（或矿石体重）", f"scale classes of {name}, or ore density")
        )
    return grade


def deposit_size(ctx: Context) -> MineScale:
    """The declared size of the deposit (资源储量规模), or NotChecked."""
    size = MineScale.of_word(str(ctx.fact("deposit_size")))
    if size is None:
        raise NotChecked(fact_word("deposit_size"))
    return size
