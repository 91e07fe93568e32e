"""What sentences reckon with their own figures: remainders, differences, shares, rates.

The words tell that figures belong together, not always which ones. All readings are tried; one
that fits settles it. Where none does, the reading that nearly fits is the one that was meant:
figures that have nothing to do with one another hardly ever nearly fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Final

from minplan.core.document.model import Bound, PlanDocument, Quantity
from minplan.core.document.quantities.period import YEARS
from minplan.core.quality.consistency.passages import (
    Passage,
    end_of,
    index,
    passages,
    start_of,
    tables_with_quantities,
)
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.values import COUNTED, HUNDRED, decimals, step, total_of

#: How near a reading must be to be the one that was meant (share of the figure).
_NEAR: Final = Decimal("0.2")
#: The same as a share of the largest figure it is reckoned from.
_NEAR_LARGE: Final = Decimal("0.12")
#: What of its last digit a percentage may be off by rounding.
_PART_OF_STEP: Final = Decimal("0.6")
#: Percentage points by which shares that make a whole may miss 100.
_ALMOST: Final = Decimal(3)
#: So many figures behind one are its parts where their sum is that near (share of the whole).
_SEVERAL: Final = 3
_NEARLY: Final = Decimal("0.1")
#: Figures before one that it may be reckoned from.
_BACK: Final = 7
_SHORT: Final = r"[^，,。；;：:\d]{0,4}$"
_REST: Final = re.compile(
    rf"(?:其余|余下|剩余|剩下|尚余|结余|尚保有|尚存|尚有|仍有|还有|已消耗|已动用|待|尚?未){_SHORT}"
)
_MAINLY: Final = re.compile(r"为主[^。；;]*(?:其次|另有|还有|其余)")
_FORMER, _LATTER = re.compile(r"前者[^。；;]{0,8}$"), re.compile(r"后者[^。；;]{0,8}$")
_DIFFERENCE: Final = re.compile(
    r"(?:净?减少?|净?增加?|下降|上升|压减|增产|减产|提高|降低)(?:了|共|约|近)*\s*$"
)
_BASE: Final = re.compile(
    r"[较比](?:基期|基准年|现状|(?:19|20)\d\d年)[^，,。；;]{0,4}(?:减少|增加|压减|下降|上升)"
)
_GROWTH: Final = re.compile(
    r"(?:增幅|降幅|增速|增长|下降|减少|增加|上升|提高|降低)(?:率|幅度)?(?:了|为|达到?|约)?\s*$"
)
_RATE: Final = re.compile(r"(?:率|占比)(?:仅|只)?(?:为|达到?|约)?\s*$")
_OF: Final = re.compile(r"^(?:[^，,。；;占]{0,8}的)?\s*(?:比例|比重)?(?:为|达到?|约)?\s*$")
_NEXT: Final = re.compile(r"\s*[、和与及,，]")
_EACH: Final = re.compile(
    r"(?:(?:占比|比例|比重|占[^，,。；;]{0,12})(?:分别|依次)(?:为|是|达)?|(?:分别|依次)约?占)\s*$"
)
_YEARS: Final = re.compile(rf"{YEARS}\s*年")
_TOGETHER: Final = re.compile(r"累计|合计|共计|共")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a figure should be, in its base unit, by some others."""

    should: Decimal
    others: tuple[Quantity, ...]


def _judged(
    said: Quantity, readings: Iterable[_Reading], sure: float, others: Iterable[_Reading] = ()
) -> Iterator[Relation]:
    """The nearest reading where none fits and it is near; ``others`` may fit and are never meant.

    A difference of large figures may be far off when one of these is a little off.
    """
    size, told = said.base_low, [item for item in readings if item.should > 0]
    if not size or not said.low or not told:
        return
    best = min(told, key=lambda item: abs(item.should - size))
    off, reach = abs(best.should - size), _NEAR * size
    rounding = step(said) * _PART_OF_STEP
    if said.base_unit in COUNTED:
        rounding = Decimal(0)
    if said.base_unit != "%":
        largest = max(best.others, key=lambda item: item.base_low or Decimal(0))
        reach = max(reach, _NEAR_LARGE * (largest.base_low or Decimal(0)))
        rounding = max([rounding, *(step(item) for item in best.others if rounding)])
    if any(abs(item.should - size) <= rounding for item in others):
        return
    if rounding < off <= reach:
        yield _relation(said, best.should, best.others, sure)


def _relation(said: Quantity, should: Decimal, others: Sequence[Quantity], sure: float) -> Relation:
    """A figure and what it should be (in its base unit), told in its own unit and digits."""
    printed, size = said.low or Decimal(1), said.base_low or Decimal(1)
    told = round(should * printed / size, decimals(printed))
    return Relation(said, told, said.unit, tuple(others), sure)


def _exact(quantity: Quantity) -> bool:
    return quantity.bound is Bound.EQUAL and quantity.base_low is not None and not quantity.about


def _before(passage: Passage, at: int) -> list[Quantity]:
    """The last figures before one that have its unit."""
    unit = passage.quantities[at].base_unit
    held = [q for q in passage.quantities[:at] if q.base_unit == unit and _exact(q)]
    return held[-_BACK:]


def differences(document: PlanDocument) -> Iterator[Relation]:
    """Remainders (其余 115 处), the former and the latter, and changes (净减 55 座)."""
    for passage in passages(document):
        for at, said in enumerate(passage.quantities):
            least = said.bound is Bound.AT_LEAST and _BASE.search(passage.lead(at))
            if not at or not (_exact(said) or least) or said.base_unit == "%":
                continue
            lead, held = passage.lead(at), _before(passage, at)
            if said.base_unit == "百分点":
                rates = [q for q in passage.quantities[:at] if q.base_unit == "%" and _exact(q)]
                if _DIFFERENCE.search(lead):
                    yield from _judged(said, _gaps(rates[-2:]), 0.75)
            elif _is_last_of_mainly(passage, at):
                yield from _judged(said, _remainders(held), 0.7)
            elif _REST.search(lead):
                yield from _judged(said, _remainders(held), 0.75)
            elif _LATTER.search(lead) and len(held) > 1 and _FORMER.search(_lead_of(passage, held)):
                yield from _judged(said, _latters(held), 0.75)
            elif _BASE.search(lead):
                yield from _judged(said, _since(document, passage, at), 0.7)
            elif _DIFFERENCE.search(lead):
                yield from _judged(said, _gaps(held[-3:]), 0.7)
        yield from _through(passage)
    yield from _over_years(document)


def _is_last_of_mainly(passage: Passage, at: int) -> bool:
    """The last figure of a sentence that goes through a whole: 41 个，以铅锌为主（11 个），另有…"""
    start, end = passage.sentence(start_of(passage.quantities[at]))
    if not _MAINLY.search(passage.text[start : start_of(passage.quantities[at])]):
        return False
    unit = passage.quantities[at].base_unit
    later = passage.quantities[at + 1 :]
    return not any(q.base_unit == unit and start_of(q) < end for q in later)


def _through(passage: Passage) -> Iterator[Relation]:
    """A whole and three parts or more up to the end of its sentence that nearly make it."""
    sentences: dict[tuple[int, str], list[Quantity]] = {}
    for item in passage.quantities:
        if _exact(item) and item.base_unit not in ("%", "百分点"):
            key = passage.sentence(start_of(item))[0], item.base_unit
            sentences.setdefault(key, []).append(item)
    for whole, *parts in sentences.values():
        size, total = whole.base_low or Decimal(0), total_of(parts)
        if len(parts) < _SEVERAL or not size or abs(size - total) > _NEARLY * size:
            continue
        rounding = Decimal(0) if whole.base_unit in COUNTED else step(whole) * len(parts)
        if abs(size - total) > rounding:
            yield _relation(whole, total, parts, 0.65)


def _lead_of(passage: Passage, held: Sequence[Quantity]) -> str:
    return passage.lead(passage.quantities.index(held[-1]))


def _remainders(held: Sequence[Quantity]) -> Iterator[_Reading]:
    """A whole less the parts that stand between it and the remainder."""
    for whole, first in combinations(range(len(held)), 2):
        parts = held[first:]
        yield _Reading(total_of([held[whole]]) - total_of(parts), (held[whole], *parts))


def _latters(held: Sequence[Quantity]) -> Iterator[_Reading]:
    """A whole less the former, which stands last."""
    for whole in held[:-1]:
        yield _Reading(total_of([whole]) - total_of(held[-1:]), (whole, held[-1]))


def _gaps(held: Sequence[Quantity]) -> Iterator[_Reading]:
    for one, other in combinations(held, 2):
        yield _Reading(abs(total_of([one]) - total_of([other])), (one, other))


def _since(document: PlanDocument, passage: Passage, at: int) -> Iterator[_Reading]:
    """180 个以内，较基期至少减少 27 个: what the same thing was before."""
    target = passage.quantities[at - 1]
    value = target.base_high if target.base_low is None else target.base_low
    if value is None or target.base_unit != passage.quantities[at].base_unit:
        return
    for item in index(document).get((target.attribute, target.subject, target.region), ()):
        earlier = item.year is not None and target.year is not None and item.year < target.year
        if earlier and _exact(item) and set(item.qualifiers) <= set(target.qualifiers):
            yield _Reading(abs((item.base_low or Decimal(0)) - value), (target, item))


def _over_years(document: PlanDocument) -> Iterator[Relation]:
    """2021—2023 年累计 1030 公顷 against the rows of these years in the tables."""
    columns = _year_columns(document)
    for passage in passages(document):
        for said in passage.quantities:
            lead = passage.text[max(0, start_of(said) - 24) : start_of(said)]
            span = _YEARS.search(lead)
            if passage.cell or span is None or not _exact(said) or not _TOGETHER.search(lead):
                continue
            years = range(int(span[1]), int(span[2]) + 1)
            rows = [
                [held[year] for year in years]
                for unit, held in columns
                if unit == said.base_unit and held.keys() >= {*years}
            ]
            yield from _judged(said, [_Reading(total_of(r), tuple(r)) for r in rows], 0.7)


def _year_columns(document: PlanDocument) -> list[tuple[str, dict[int, Quantity]]]:
    """Columns of tables whose rows are years: the unit, and the figure of every year."""
    found: list[tuple[str, dict[int, Quantity]]] = []
    for _, table, quantities in tables_with_quantities(document):
        columns: dict[tuple[int, str], dict[int, Quantity]] = {}
        for item in quantities:
            row, column = item.spot.row, item.spot.column
            if row is None or column is None or not _exact(item):
                continue
            match = re.fullmatch(r"\s*((?:19|20)\d\d)\s*年?\s*", table.cells[row - 1][0].text)
            if match:
                columns.setdefault((column, item.base_unit), {})[int(match[1])] = item
        found += [(unit, held) for (_, unit), held in columns.items()]
    return found


def proportions(document: PlanDocument) -> Iterator[Relation]:
    """Percentages of figures beside them: 占…125 种的 41.6%, 降幅 25.2%, 占比分别为…"""
    for passage in passages(document):
        taken: set[int] = set()
        for at, said in enumerate(passage.quantities):
            if not at or said.base_unit != "%" or not _exact(said) or at in taken:
                continue
            lead = passage.lead(at)
            if _EACH.search(lead):
                run = _run(passage, at)
                taken.update(run)
                yield from _aligned(passage, run)
                yield from _hundred(passage, run)
            elif at > 1 and _OF.match(lead) and (whole := _share_of(passage, at)) is not None:
                yield from whole
            elif _GROWTH.search(lead):
                yield from _judged(said, _growths(_last_alike(passage, at, 4)), 0.7)
            elif _RATE.search(lead):
                alike = _last_alike(passage, at, _BACK)
                yield from _judged(
                    said, _rates(_last_alike(passage, at, 4)), 0.65, _rates_of_sums(alike)
                )


def _run(passage: Passage, at: int) -> list[int]:
    """Percentages that follow one another: 80.4%、11.2%、8.4%."""
    run = [at]
    for number in range(at + 1, len(passage.quantities)):
        between = passage.text[end_of(passage.quantities[number - 1]) :][:3]
        if passage.quantities[number].base_unit != "%" or not re.match(
            r"\s*[、和与及,，]", between
        ):
            break
        run.append(number)
    return run


def _aligned(passage: Passage, run: Sequence[int]) -> Iterator[Relation]:
    """Shares told one after the other for as many figures before them."""
    held = [q for q in passage.quantities[: run[0]] if _exact(q)]
    parts = held[-len(run) :]
    if len(run) < 2 or len(parts) < len(run) or len({q.base_unit for q in parts}) != 1:
        return
    total = total_of(parts)
    wholes = [q for q in held[: -len(run)] if q.base_unit == parts[0].base_unit]
    whole = next((q for q in reversed(wholes) if (q.base_low or 0) >= total), None)
    size = whole.base_low if whole is not None else total
    for place, part in zip(run, parts, strict=True):
        others = (part, whole) if whole is not None else tuple(parts)
        share = (part.base_low or Decimal(0)) * HUNDRED / (size or Decimal(1))
        yield from _judged(passage.quantities[place], [_Reading(share, others)], 0.8)


def _hundred(passage: Passage, run: Sequence[int]) -> Iterator[Relation]:
    """Shares told one after the other, with others of their sentence or alone, make 100 %."""
    shares = [passage.quantities[at] for at in run]
    start = passage.sentence(start_of(shares[0]))[0]
    earlier = [
        q
        for at, q in enumerate(passage.quantities[: run[0]])
        if q.base_unit == "%" and start_of(q) >= start and "占" in passage.lead(at)
    ]
    sums = [total_of(shares), total_of([*earlier, *shares])]
    best = min(sums, key=lambda total: abs(total - HUNDRED))
    slack = max(map(step, shares)) * (len(shares) + len(earlier)) / 2
    if slack < abs(best - HUNDRED) <= _ALMOST:
        last, others = shares[-1], shares[:-1] if best == sums[0] else [*earlier, *shares[:-1]]
        yield Relation(last, HUNDRED - total_of(others), "%", tuple(others), 0.7)


def _share_of(passage: Passage, at: int) -> Iterator[Relation] | None:
    """52 种，占全省 125 种的 41.6%: the whole stands between the part and the share."""
    part, whole, said = passage.quantities[at - 2 : at + 1]
    between = passage.text[end_of(part) : start_of(whole)]
    if "占" not in between or part.base_unit != whole.base_unit or re.search(r"[。；;]", between):
        return None
    if not (_exact(part) and _exact(whole) and whole.base_low):
        return None
    share = (part.base_low or Decimal(0)) * HUNDRED / whole.base_low
    return _judged(said, [_Reading(share, (part, whole))], 0.85)


def _last_alike(passage: Passage, at: int, back: int) -> list[Quantity]:
    """Those of the last figures before a percentage that have the unit of the last of them."""
    held = [q for q in passage.quantities[:at] if q.base_unit != "%" and _exact(q)]
    if not held:
        return []
    return [q for q in held[-back:] if q.base_unit == held[-1].base_unit]


def _growths(held: Sequence[Quantity]) -> Iterator[_Reading]:
    """The change between two figures, or a change told itself, as a share of either."""
    for one, other in combinations(held, 2):
        first, second = total_of([one]), total_of([other])
        for base in (first, second):
            if base:
                yield _Reading(abs(first - second) * HUNDRED / base, (one, other))
        for base in (first, first - second):
            if base:
                yield _Reading(abs(second * HUNDRED / base), (one, other))


def _rates(held: Sequence[Quantity]) -> Iterator[_Reading]:
    """What one figure, or the rest, is of another."""
    for one, other in combinations(held, 2):
        first, second = total_of([one]), total_of([other])
        if first > second > 0:
            yield _Reading(second * HUNDRED / first, (one, other))
            yield _Reading((first - second) * HUNDRED / first, (one, other))


def _rates_of_sums(held: Sequence[Quantity]) -> Iterator[_Reading]:
    """The same of two figures together: 大型 19 个、中型 41 个 of 212 are 28.3 %."""
    for whole in held:
        for pair in combinations(held, 2):
            if whole not in pair and (size := total_of([whole])) and total_of(pair) < size:
                yield _Reading(total_of(pair) * HUNDRED / size, (whole, *pair))
